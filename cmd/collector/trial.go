package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/anonymize"
	"foule.eu/foule/internal/app"
	"foule.eu/foule/internal/canary"
	"foule.eu/foule/internal/config"
	"foule.eu/foule/internal/proof"
	"foule.eu/foule/report"
)

// trial is a proof under way.
type trial struct {
	env        env
	dir, data  string // temporary; the second is the instance's data folder
	runtimeDir string // on a tmpfs; "" if there is none
	config     config.Config
	store      *throwaway
	sites      []foule.Site
	plan       *canary.Plan
	out        *output
	instance   *instance
	browser    *browser
	unread     int // pages of the dashboard that were not read for want of time

	mu     sync.Mutex // guards what follows
	report *proof.Report
	stored map[string]bool // texts that are in the store
	seen   []content       // what is to be searched for keys, once they can be had
}

// content is something that was written or answered.
type content struct {
	place, where string
	bytes        []byte
}

// prove runs a proof with the operator's configuration and gives its report,
// whatever that says. It leaves nothing behind.
func prove(ctx context.Context, e env, c config.Config) (r *proof.Report, err error) {
	began := time.Now()
	all, err := operatorSites(ctx, c)
	if err != nil {
		return nil, err
	}
	sites, left := tried(all)
	t := &trial{env: e, sites: sites, out: newOutput(), stored: map[string]bool{}, report: &proof.Report{
		Format: proof.Format, Version: app.Version(), Time: began.UTC().Truncate(time.Second),
		Configuration: proof.Configuration{SHA256: settingsHash(c)}, Sites: proof.Sites{SHA256: sitesHash(all), All: len(all)},
	}}
	for _, s := range sites {
		t.report.Sites.Tried = append(t.report.Sites.Tried, int(s.ID))
	}
	defer func() { err = errors.Join(err, t.clean()) }()
	if err := t.prepare(ctx, c); err != nil {
		return nil, err
	}
	if err := t.lives(ctx); err != nil {
		return nil, err
	}
	t.evaluate()
	t.blind(left)
	t.report.Judge()
	t.report.Seconds = time.Since(began).Round(10 * time.Millisecond).Seconds()
	return t.report, nil
}

func (t *trial) say(text string, args ...any) { fmt.Fprintf(t.env.err, text+"\n", args...) }

// prepare makes everything that an instance needs.
func (t *trial) prepare(ctx context.Context, c config.Config) (err error) {
	if t.dir, err = os.MkdirTemp("", "foule-prove-"); err != nil {
		return err
	}
	t.data = filepath.Join(t.dir, "data")
	if err := os.Mkdir(t.data, 0o700); err != nil {
		return err
	}
	t.runtimeDir = memoryFolder(c.RuntimeDir)
	if list := spamFile(c); list != "" {
		if err := copyFile(filepath.Join(t.data, spamListName), list); err != nil {
			return err
		}
	}
	if t.store, err = newThrowaway(ctx, c, t.data); err != nil {
		return err
	}
	t.report.Store = t.store.engine
	token, err := t.store.fill(ctx, t.sites)
	if err != nil {
		return err
	}
	t.config = instanceConfig(c, t.dir, t.data, t.runtimeDir)
	t.config.Store = t.store.place.Address
	t.report.Configuration.Privacy, t.report.Configuration.Changed = described(c, t.config)
	t.plan = canary.NewPlan(canary.Options{Token: token, Sharers: c.KPlain, Header: c.ClientIPHeader})
	for _, s := range t.sites {
		t.plan.Add(s)
	}
	if runtime.GOOS == "linux" {
		t.plan.Peers()
	}
	for _, m := range t.plan.List() {
		t.report.Planted(string(m.Kind))
	}
	return writeConfig(t.configFile(), t.config)
}

func (t *trial) configFile() string { return filepath.Join(t.dir, "instance.toml") }

// lives runs the instance twice over the same folder: the first time it is
// killed in the middle, the second time it ends in order.
func (t *trial) lives(ctx context.Context) (err error) {
	for _, killed := range []bool{true, false} {
		if t.instance, err = startInstance(ctx, t.configFile(), t.out); err != nil {
			return err
		}
		t.seen = nil // the keys that can be had are those of the last life
		if t.browser == nil {
			if t.browser, err = logIn(ctx, t.instance.at.Dashboard, t.instance.at.Setup); err != nil {
				return err
			}
		}
		if err := t.round(ctx); err != nil {
			return err
		}
		if err := t.look(ctx); err != nil {
			return err
		}
		if killed {
			t.say("killing it, and looking at what is left")
			t.instance.kill()
		} else {
			if err := t.browse(ctx); err != nil {
				return err
			}
			if err := t.instance.stop(); err != nil {
				return err
			}
		}
		if err := t.look(ctx); err != nil {
			return err
		}
	}
	return t.lookForKeys()
}

// round sends everything once, and waits until the store has some of it.
func (t *trial) round(ctx context.Context) error {
	probes := append(append([]canary.Probe{}, t.plan.Counting...), t.plan.Probes...)
	t.say("sending %d requests to a throw-away collector", len(probes)+len(t.plan.Garbage))
	work := make(chan *canary.Probe)
	var senders sync.WaitGroup
	var failed error
	for range 8 {
		senders.Go(func() {
			for one := range work {
				if err := t.send(ctx, one); err != nil {
					t.mu.Lock()
					failed = err
					t.mu.Unlock()
				}
			}
		})
	}
	for i := range probes {
		work <- &probes[i]
	}
	close(work)
	senders.Wait()
	for _, garbage := range t.plan.Garbage {
		answer, err := canary.SendRaw(ctx, t.instance.at.Tracking, garbage)
		if err != nil {
			return err
		}
		t.report.Requests.Sent++
		t.search(content{"answer", "garbage", answer})
	}
	if failed != nil {
		return failed
	}
	return t.settle(ctx)
}

// sendTries is how often a request is sent that is answered 503: the store may
// take its time to say what a token may do.
const sendTries = 5

func (t *trial) send(ctx context.Context, one *canary.Probe) error {
	var status int
	var answer []byte
	for try := range sendTries {
		if try > 0 {
			time.Sleep(time.Second)
		}
		var err error
		if status, answer, err = one.Send(ctx, t.instance.at.Tracking); err != nil {
			return err
		}
		if status != http.StatusServiceUnavailable {
			break
		}
	}
	t.mu.Lock()
	t.report.Requests.Sent++
	if status != one.Status && status != one.Again {
		t.report.Requests.Unexpected++
		t.say("a request that a plain installation answers %d is answered %d", one.Status, status)
	}
	t.mu.Unlock()
	t.search(content{"answer", "tracking", answer})
	return nil
}

// settlePatience is how long the store may take for a first batch.
const settlePatience = 30 * time.Second

func (t *trial) settle(ctx context.Context) error {
	end := time.After(settlePatience)
	for {
		metrics, err := fetch(ctx, http.DefaultClient, t.instance.at.Metrics)
		if err != nil {
			return err
		}
		if !strings.Contains(string(metrics), "foule_batches_applied_total 0\n") {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-end:
			return errors.New("no batch reaches the throw-away store")
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// browse reads the dashboard and the API as somebody who is logged in. The plain
// site comes first: where a store takes its time, not all can be read.
func (t *trial) browse(ctx context.Context) (err error) {
	t.say("reading the dashboard and the API")
	today := time.Now().UTC().Format(time.DateOnly)
	var paths []string
	for _, s := range slices.Backward(t.sites) {
		paths = append(paths, fmt.Sprintf("/sites/%d", s.ID), fmt.Sprintf("/api/v1/sites/%d", s.ID), fmt.Sprintf("/api/v1/sites/%d/live", s.ID))
		for _, r := range report.All() {
			paths = append(paths, fmt.Sprintf("/api/v1/sites/%d/reports/%s?from=%s&to=%[3]s", s.ID, r.Name, today))
		}
	}
	t.unread, err = t.browser.crawl(ctx, t.instance.at.Dashboard, paths, func(path string, answer []byte) {
		t.search(content{"dashboard", path, answer})
	})
	return err
}

// look searches all that the instance has written so far.
func (t *trial) look(ctx context.Context) error {
	files, err := canary.Files(t.data)
	if err != nil {
		return err
	}
	for path, b := range files {
		name := strings.TrimPrefix(path, t.data+string(filepath.Separator))
		t.search(content{placeOf(name), name, b})
		t.search(content{"name", name, []byte(name)})
	}
	access, err := os.ReadFile(t.config.AccessLog)
	if err != nil {
		return err
	}
	t.search(content{"access-log", accessLogName, access})
	t.search(content{"log", "", t.out.Bytes()})
	if t.store.dump != nil {
		err := t.store.dump(ctx, func(table string, rows []byte) error {
			t.search(content{"tables", table, rows})
			return nil
		})
		if err != nil {
			return err
		}
	}
	select {
	case <-t.instance.exited:
		return nil
	default:
	}
	metrics, err := fetch(ctx, http.DefaultClient, t.instance.at.Metrics)
	if err != nil {
		return err
	}
	t.search(content{"metrics", "", metrics})
	return nil
}

// placeOf says what a file of the data folder is.
func placeOf(name string) string {
	switch {
	case strings.HasPrefix(name, "foule.db"):
		return "store"
	case strings.HasPrefix(name, filepath.Join("collector", "journal")):
		return "journal"
	case strings.HasPrefix(name, filepath.Join("collector", "state.snapshot")):
		return "snapshot"
	case name == filepath.Join("collector", "sites.json"):
		return "sites"
	}
	return "file"
}

// search looks for markers, and keeps the content to be searched for keys.
func (t *trial) search(c content) {
	finds := t.plan.In(c.bytes)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.report.Looked(c.place, len(c.bytes))
	t.seen = append(t.seen, c)
	for _, f := range finds {
		if c.place == "store" || c.place == "tables" {
			t.stored[f.Text] = true
		}
	}
	for _, f := range canary.Wrong(finds, c.place == "access-log") {
		t.report.Found(finding(f, c))
	}
}

func finding(f canary.Find, c content) proof.Finding {
	return proof.Finding{Kind: string(f.Kind), Name: f.Name, Site: f.Site, Form: f.Form, Place: c.place, Where: c.where, Offset: f.Offset}
}

// lookForKeys searches everything of the last life for the day's secret and the
// visitors' keys, which the instance left in memory for a next start (I8).
func (t *trial) lookForKeys() error {
	if t.runtimeDir == "" {
		return nil
	}
	parked, err := os.ReadFile(filepath.Join(t.runtimeDir, anonymize.ParkName))
	if err != nil {
		return fmt.Errorf("the throw-away collector left no keys to be looked for: %w", err)
	}
	defer clear(parked)
	keys := canary.NewKeys(parked)
	for range len(parked) / canary.KeyLength {
		t.report.Planted(string(canary.Key))
	}
	for _, c := range t.seen {
		if f, found := keys.In(c.bytes); found {
			t.report.Found(finding(f, c))
		}
	}
	return nil
}

// clean leaves nothing behind, whatever happened and although the context may be over.
func (t *trial) clean() error {
	var faults []error
	if t.instance != nil {
		t.instance.kill()
	}
	if t.runtimeDir != "" {
		faults = append(faults, anonymize.Forget(t.runtimeDir), os.RemoveAll(t.runtimeDir))
	}
	if t.store != nil {
		ctx, cancel := context.WithTimeout(context.Background(), grace)
		defer cancel()
		faults = append(faults, t.store.drop(ctx))
	}
	if t.dir != "" {
		faults = append(faults, os.RemoveAll(t.dir))
	}
	return errors.Join(faults...)
}
