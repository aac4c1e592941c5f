package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"foule.eu/foule/aggregate"
	"foule.eu/foule/anonymize"
	"foule.eu/foule/ingest"
	"foule.eu/foule/ingest/journal"
	"foule.eu/foule/internal/app"
	"foule.eu/foule/internal/config"
	"foule.eu/foule/storage"
	"foule.eu/foule/storage/clickhouse"
	"foule.eu/foule/web/dashboard"
	"foule.eu/foule/web/notice"
	"foule.eu/foule/web/optout"
	"foule.eu/foule/web/tracker"
)

// grace is how long requests under way, and then the store, get when the
// process is asked to end.
const grace = 15 * time.Second

func load(name string, args []string, own *flag.FlagSet) (config.Config, error) {
	c, err := config.Load(name, args, os.LookupEnv, own)
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		err = fmt.Errorf("%w: %w", errUsage, err)
	}
	return c, err
}

func runCollector(ctx context.Context, e env, args []string) error {
	c, err := load("run", args, nil)
	if err != nil {
		return err
	}
	return serve(ctx, e, c, nil)
}

// service is a collector with everything around it, up and serving.
type service struct {
	config    config.Config
	store     app.Store
	tracking  string // base URL from this machine
	log       *slog.Logger
	collector *ingest.Collector
}

// serve runs until the context ends. started, if not nil, is called once all is
// up, beside the serving.
func serve(ctx context.Context, e env, c config.Config, started func(context.Context, *service) error) (err error) {
	log := app.Log(e.err, c.LogLevel)
	place := app.PlaceOf(c)
	store, err := place.Open(useOf(c))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	login := app.NewAuth(c, store, log)
	secret := ""
	if _, embedded := place.Path(); embedded { // a server's tables and first site are made by 'migrate'
		if secret, err = app.FirstStart(ctx, store, login); err != nil {
			return err
		}
	}
	metrics := ingest.NewMetrics()
	var unfit error
	book := &siteBook{Writer: store, install: facts(c, ""), log: log}
	o := options(c, book, metrics, log)
	o.Check = func(ctx context.Context) error { unfit = app.Check(ctx, store); return unfit }
	collector, err := ingest.Open(ctx, o)
	if err != nil {
		return err
	}
	defer func() {
		end, cancel := context.WithTimeout(context.Background(), grace)
		defer cancel()
		err = errors.Join(err, collector.Close(end))
	}()
	if err := agrees(c, book); err != nil {
		return err
	}
	access, closeAccess, err := openAccessLog(c, e, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeAccess()) }()
	choice := optout.New(optout.Options{IgnoresDNT: collector.Endpoint.Sites.IgnoresDNT})
	promise := notice.New(notice.Options{Install: facts(c, c.PublicURL), Site: book.find, Now: time.Now})
	tracking, err := app.Listen(c.Listen, trackingSide(c, collector.Endpoint, choice, promise, access), log)
	if err != nil {
		return err
	}
	base := cmp.Or(c.PublicURL, tracking.URL())
	near := app.Near{Lag: lagOf(collector), Try: tryScrubbing(collector.Endpoint.Pipeline)}
	private, err := app.Listen(c.DashboardListen, app.Dashboard(store, login, facts(c, base), near, log), log)
	if err != nil {
		return err
	}
	counters, err := app.Listen(c.MetricsListen, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { metrics.Write(w) }), log)
	if err != nil {
		return err
	}
	if _, embedded := place.Path(); !embedded && private != nil && unfit == nil {
		if secret, err = app.FirstStart(ctx, store, login); err != nil {
			log.Error("it could not be found out whether somebody may log in to the dashboard", "error", err)
		}
	}
	announce(e, c, addresses{tracking.URL(), private.URL(), counters.URL(), base}, secret)
	tasks, cancel := context.WithCancel(ctx)
	defer cancel()
	go app.KeepPruned(tasks, store, log)
	if _, embedded := place.Path(); embedded || useOf(c) != clickhouse.UseCollector { // a collector's account may not erase
		go app.KeepErased(tasks, store, log)
	}
	if started != nil {
		s := &service{c, store, tracking.URL(), log, collector}
		go func() {
			if err := started(tasks, s); err != nil && tasks.Err() == nil {
				log.Error("start", "error", err)
			}
		}()
	}
	return app.Serve(ctx, grace, tracking, private, counters)
}

// agrees refuses a start whose settings contradict what a site has promised. A
// store that is away has told no sites; then the copy's count.
func agrees(c config.Config, book *siteBook) error {
	if !book.told() {
		list, err := ingest.CopiedSites(collectorFolder(c))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		book.take(list)
	}
	return contradictions(&book.install, book.known())
}

// collectorFolder is where the tracking side keeps its journal and snapshot.
func collectorFolder(c config.Config) string { return filepath.Join(c.Data, "collector") }

// useOf says what a collector does with its store: without a dashboard it only
// adds counters and reads settings, and its account may not do more.
func useOf(c config.Config) clickhouse.Use {
	if c.DashboardListen == "off" || c.DashboardListen == "" {
		return clickhouse.UseCollector
	}
	return clickhouse.UseAll
}

func lagOf(c *ingest.Collector) func() dashboard.Lag {
	return func() dashboard.Lag { return dashboard.Lag(c.StoreLag()) }
}

func options(c config.Config, store storage.Writer, m *ingest.Metrics, log *slog.Logger) ingest.Options {
	thresholds := aggregate.DefaultSettings
	thresholds.K, thresholds.KFiltered = c.KPlain, c.KFiltered
	ack := journal.Durable
	if c.Ack == "written" {
		ack = journal.Written
	}
	return ingest.Options{
		Dir: collectorFolder(c), Store: store, Ack: ack, MaxJournalBytes: int64(c.JournalMaxMB) << 20,
		Interval: c.FlushInterval, Thresholds: thresholds, Truncation: anonymize.Truncation{IPv4: c.IPv4Bits, IPv6: c.IPv6Bits},
		GeoPath: geoFile(c), CountryFromLanguage: c.CountryFromLanguage, RuntimeDir: c.RuntimeDir,
		Everywhere: everywhere(c), SpamPath: spamFile(c),
		Address: clientAddress(c), Now: time.Now, Log: log, Metrics: m,
	}
}

// everywhere is what no site counts.
func everywhere(c config.Config) anonymize.Exclusions {
	return anonymize.Exclusions{IPs: c.ExcludedIPs, Agents: c.ExcludedAgents, Paths: c.ExcludedPaths, Query: c.ExcludedQuery}
}

// spamFile gives the path of the operator's own list of hosts that make up
// referrers, "" for none.
func spamFile(c config.Config) string {
	path := filepath.Join(c.Data, spamListName)
	if _, err := os.Stat(path); err != nil {
		return ""
	}
	return path
}

// geoFile gives the path of the place database, "" for none.
func geoFile(c config.Config) string {
	switch c.GeoFile {
	case "off", "":
		return ""
	case "auto":
		found, err := filepath.Glob(filepath.Join(c.Data, "geo", "*.mmdb"))
		if err != nil || len(found) == 0 {
			return ""
		}
		return found[0]
	}
	return c.GeoFile
}

// trackingSide routes the public listener: hits, the choice not to send any, and
// what is promised to those who are counted. access notes requests, nil for none.
func trackingSide(c config.Config, endpoint, choice, promise http.Handler, access *accessLog) http.Handler {
	r := chi.NewRouter()
	if len(c.TrustedProxies) > 0 {
		r.Use(believeProxies(c))
	}
	if access != nil {
		r.Use(access.note)
	}
	script := tracker.Handler()
	for _, path := range []string{"/matomo.php", "/piwik.php"} {
		r.Handle(path, endpoint)
	}
	for _, path := range tracker.Paths {
		if strings.HasPrefix(path, "/js/") {
			r.Handle(path, tracker.OrTrack(script, endpoint))
		} else {
			r.Handle(path, script)
		}
	}
	for _, path := range optout.Paths {
		r.Handle(path, choice)
	}
	for _, path := range notice.Paths {
		r.Handle(path, promise)
	}
	r.Get("/healthz", app.Health)
	r.Get("/robots.txt", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "User-agent: *\nDisallow: /\n") })
	return r
}

func believeProxies(c config.Config) func(http.Handler) http.Handler {
	ranges := make([]string, len(c.TrustedProxies))
	for i, p := range c.TrustedProxies {
		ranges[i] = p.String()
	}
	if http.CanonicalHeaderKey(c.ClientIPHeader) == "X-Forwarded-For" {
		return middleware.ClientIPFromXFF(ranges...)
	}
	return middleware.ClientIPFromHeader(c.ClientIPHeader, ranges...)
}

// clientAddress tells the address of a request's client: what trusted proxies
// said, if there are any, else the connection's.
func clientAddress(c config.Config) func(*http.Request) netip.Addr {
	proxied := len(c.TrustedProxies) > 0
	return func(r *http.Request) netip.Addr {
		if proxied {
			return middleware.GetClientIPAddr(r.Context())
		}
		peer, err := netip.ParseAddrPort(r.RemoteAddr)
		if err != nil {
			return netip.Addr{}
		}
		return peer.Addr()
	}
}

// addresses are the base URLs in use, "" for what is off.
type addresses struct {
	tracking, dashboard, metrics string // from this machine
	base                         string // of the tracking side as browsers see it
}

// announce prints the ready line for scripts on standard output, and what a
// person needs on standard error.
func announce(e env, c config.Config, a addresses, secret string) {
	private, base := a.dashboard, a.base
	ready := map[string]string{"event": "ready", "tracking": a.tracking}
	if private != "" {
		ready["dashboard"] = private
	}
	if a.metrics != "" {
		ready["metrics"] = a.metrics + "/metrics"
	}
	setup := ""
	if secret != "" && private != "" {
		setup = app.SetupLink(cmp.Or(c.DashboardURL, private), secret)
		ready["setup"] = setup
	}
	line, _ := json.Marshal(ready) // strings only: cannot fail
	fmt.Fprintf(e.out, "%s\n", line)
	fmt.Fprintf(e.err, "\nFoule is running.\n\n  Tracking   %s/matomo.php\n", base)
	if private != "" {
		fmt.Fprintf(e.err, "  Dashboard  %s\n", cmp.Or(c.DashboardURL, private))
	}
	if setup != "" {
		fmt.Fprintf(e.err, "  First log-in (once, within 24 hours):\n             %s\n", setup)
	}
	fmt.Fprintf(e.err, "\nPut this into every page of the site, before </head>:\n\n%s\n\nor, to keep what is written for Matomo:\n\n%s\n\n", tracker.OneLine(base, 1), tracker.Snippet(base, 1))
}
