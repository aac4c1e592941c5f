package ingest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"sync"
	"time"

	"foule.eu/foule/aggregate"
	"foule.eu/foule/anonymize"
	"foule.eu/foule/anonymize/device"
	"foule.eu/foule/anonymize/geo"
	"foule.eu/foule/anonymize/referrer"
	"foule.eu/foule/ingest/journal"
	"foule.eu/foule/ingest/matomo"
	"foule.eu/foule/storage"
)

// Options say how the tracking side works. Zero values are not defaults: see
// internal/config, which fills them in.
type Options struct {
	Dir   string // journal, snapshot, copy of the sites' settings, and id of the installation
	Store storage.Writer
	// Check says at the start whether the store is fit for use; nil for a store that
	// needs no asking. If it is not, the collector starts with its copy of the sites.
	Check               func(context.Context) error
	Ack                 journal.Ack
	MaxJournalBytes     int64
	Interval            time.Duration // between batches
	Thresholds          aggregate.Settings
	Truncation          anonymize.Truncation
	GeoPath             string // MaxMind-format file; "" for none
	CountryFromLanguage bool
	Everywhere          anonymize.Exclusions // left out on every site
	SpamPath            string               // list of hosts that make up referrers, beside the built-in one; "" for none
	RuntimeDir          string               // tmpfs for the day's keys between two runs; "" for none
	Address             func(*http.Request) netip.Addr
	Now                 func() time.Time
	Log                 *slog.Logger
	Metrics             *Metrics
}

const (
	maxSegmentEvents = 250_000
	snapshotEvery    = 5 * time.Minute
	sitesEvery       = 2 * time.Second
	secretsEvery     = 30 * time.Second
	deviceCache      = 1 << 14
)

// Collector is the tracking side, running.
type Collector struct {
	Endpoint *Endpoint

	options   Options
	secrets   *anonymize.Secrets
	places    *geo.DB
	sequencer *Sequencer
	drain     *Drain
	cancel    context.CancelFunc
	tasks     sync.WaitGroup
	drainStop context.CancelFunc
}

// Open recovers what an earlier run left in o.Dir and starts the tracking
// side. Close it to lose nothing that a later start would have to redo.
func Open(ctx context.Context, o Options) (*Collector, error) {
	c := &Collector{options: o}
	if err := c.open(ctx); err != nil {
		c.closePlaces()
		return nil, fmt.Errorf("collector: %w", err)
	}
	return c, nil
}

func (c *Collector) open(ctx context.Context) error {
	o := &c.options
	if err := o.Thresholds.Validate(); err != nil {
		return err
	}
	c.secrets = anonymize.NewSecrets(time.Duration(o.Thresholds.VisitLength)*time.Second, o.Now)
	if o.RuntimeDir != "" { // first: keys whose time is over go, whether or not the start comes to its end
		if _, err := c.secrets.ForgetStale(o.RuntimeDir); err != nil {
			return err
		}
	}
	if o.GeoPath != "" {
		places, err := geo.Open(o.GeoPath)
		if err != nil {
			return err
		}
		c.places = places
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return err
	}
	spam, err := referrer.OpenSpamList(o.SpamPath)
	if err != nil {
		return err
	}
	if err := o.Everywhere.Validate(); err != nil {
		return fmt.Errorf("what is left out everywhere: %w", err)
	}
	sites, err := NewSites(ctx, SitesOptions{
		Settings: o.Store, Check: o.Check, Copy: filepath.Join(o.Dir, sitesCopyName), Everywhere: o.Everywhere, Log: o.Log,
	})
	if err != nil {
		return err
	}
	c.sequencer, c.drain, err = NewSequencer(SequencerOptions{
		Dir: o.Dir, Thresholds: o.Thresholds, Ack: o.Ack, MaxBytes: o.MaxJournalBytes,
		Interval: o.Interval, MaxEvents: maxSegmentEvents, Snapshot: snapshotEvery,
		Secrets: c.secrets, Store: o.Store, Metrics: o.Metrics, Log: o.Log, Now: o.Now,
	})
	if err != nil {
		return err
	}
	if o.RuntimeDir != "" { // last: a start that fails leaves the keys to the next
		if err := c.secrets.Unpark(o.RuntimeDir); err != nil {
			return errors.Join(err, c.sequencer.Close())
		}
	}
	c.Endpoint = NewEndpoint(Endpoint{
		Sites: sites, Sequence: c.sequencer, Limits: matomo.DefaultLimits, Address: o.Address, Now: o.Now, Metrics: o.Metrics,
		Pipeline: &anonymize.Pipeline{
			Truncation: o.Truncation, Devices: device.New(deviceCache), Places: c.places,
			CountryFromLanguage: o.CountryFromLanguage, Spam: spam, Secrets: c.secrets,
		},
	})
	c.start(sites)
	return nil
}

func (c *Collector) start(sites *Sites) {
	ctx, cancel := context.WithCancel(context.Background())
	c.cancel = cancel
	drainCtx, drainStop := context.WithCancel(context.Background())
	c.drainStop = drainStop
	go c.sequencer.Run()
	go c.drain.Run(drainCtx)
	c.tasks.Go(func() { sites.Keep(ctx, sitesEvery) })
	c.tasks.Go(func() { c.expireSecrets(ctx) })
}

func (c *Collector) expireSecrets(ctx context.Context) {
	tick := time.NewTicker(secretsEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			c.secrets.Expire()
			c.forgetStale()
		}
	}
}

// forgetStale removes keys that another process parked in the runtime folder and
// never came back for.
func (c *Collector) forgetStale() {
	if c.options.RuntimeDir == "" {
		return
	}
	if _, err := c.secrets.ForgetStale(c.options.RuntimeDir); err != nil {
		c.options.Log.Error("parked visitor keys whose time is over could not be removed", "error", err)
	}
}

// StoreFailing says whether the store refuses batches at present.
func (c *Collector) StoreFailing() bool { return c.drain.Failing() }

// StoreLag says how far the store is behind the hits that were acknowledged.
func (c *Collector) StoreLag() Lag { return c.drain.Lag() }

// Close makes everything durable, gives the store until ctx ends to take it,
// and parks the day's keys if there is a place for them. What the store did not
// take stays in the journal for the next start. The HTTP server has to be shut
// down before.
func (c *Collector) Close(ctx context.Context) error {
	c.cancel()
	c.tasks.Wait()
	stop := context.AfterFunc(ctx, c.drainStop)
	c.sequencer.Stop()
	c.drain.Finish()
	stop()
	c.drainStop()
	err := c.sequencer.Close()
	if c.options.RuntimeDir != "" {
		err = errors.Join(err, c.secrets.Park(c.options.RuntimeDir))
	}
	c.secrets.Destroy()
	return errors.Join(err, c.closePlaces())
}

func (c *Collector) closePlaces() error {
	if c.places == nil {
		return nil
	}
	return c.places.Close()
}
