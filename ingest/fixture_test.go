package ingest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/aggregate"
	"foule.eu/foule/anonymize"
	"foule.eu/foule/storage"
)

const someAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

// patiently bounds what is waited for.
const patiently = 30 * time.Second

// clock goes on from noon of a certain day and can be moved on by hand.
type clock struct {
	began time.Time
	moved atomic.Int64
}

var noon = time.Date(2025, 6, 10, 12, 0, 0, 0, time.UTC)

func newClock() *clock { return &clock{began: time.Now()} }

func (c *clock) Now() time.Time {
	return noon.Add(time.Since(c.began) + time.Duration(c.moved.Load()))
}

func (c *clock) move(d time.Duration) { c.moved.Add(int64(d)) }

// store is a small honest store in memory that can be told to fail or to hold.
type store struct {
	mu      sync.Mutex
	sites   []foule.Site
	tokens  map[[32]byte]storage.Token
	batches []*storage.Batch // in the order in which they were applied first
	tried   int
	failing error
	hold    chan struct{} // if not nil, Apply waits until it is closed
}

func newStore() *store {
	return &store{
		sites:  []foule.Site{{ID: 1, Name: "One", Timezone: "UTC", Goals: []foule.Goal{{ID: 1, Match: foule.MatchManual}}}},
		tokens: map[[32]byte]storage.Token{},
	}
}

func (s *store) Apply(ctx context.Context, b *storage.Batch) error {
	s.mu.Lock()
	hold := s.hold
	s.tried++
	s.mu.Unlock()
	if hold != nil {
		select {
		case <-hold:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failing != nil {
		return s.failing
	}
	if !slices.ContainsFunc(s.batches, func(old *storage.Batch) bool { return old.Token == b.Token }) {
		s.batches = append(s.batches, b)
	}
	return nil
}

func (s *store) Sites(context.Context) ([]foule.Site, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.sites), s.failing
}

func (s *store) TokenByHash(_ context.Context, hash [32]byte) (storage.Token, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failing != nil {
		return storage.Token{}, s.failing
	}
	t, ok := s.tokens[hash]
	if !ok {
		return storage.Token{}, storage.ErrNotFound
	}
	return t, nil
}

var errDown = errors.New("the store is down")

func (s *store) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failing = err
}

func (s *store) addSite(site foule.Site) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sites = append(s.sites, site)
}

func (s *store) attempts() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tried
}

// token gives the secret of a new token.
func (s *store) token(scope storage.Role, site foule.SiteID) string {
	secret, hash := storage.NewSecret()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens[hash] = storage.Token{Hash: hash, Scope: scope, Site: site}
	return secret
}

func (s *store) applied() []*storage.Batch {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.batches)
}

// rows sums the batches: what the tables would show.
func rows(batches []*storage.Batch) map[any]foule.Metrics {
	sums := map[any]foule.Metrics{}
	add := func(key any, m *foule.Metrics) {
		sum := sums[key]
		sum.Add(m)
		if sums[key] = sum; sum.IsZero() {
			delete(sums, key)
		}
	}
	for _, b := range batches {
		for _, r := range b.Minutes {
			m := r.Metrics
			r.Metrics = foule.Metrics{}
			add(r, &m)
		}
		for _, r := range b.Hours {
			m := r.Metrics
			r.Metrics = foule.Metrics{}
			add(r, &m)
		}
		for _, r := range b.Days {
			m := r.Metrics
			r.Metrics = foule.Metrics{}
			add(r, &m)
		}
	}
	return sums
}

// hits gives a label's page views or occurrences over all days.
func (s *store) hits(site foule.SiteID, dim foule.Dimension, label string) (n int64) {
	return s.counted(site, dim, label, foule.Hits)
}

// counted gives a label's counter over all days.
func (s *store) counted(site foule.SiteID, dim foule.Dimension, label string, metric foule.Metric) (n int64) {
	for key, m := range rows(s.applied()) {
		if r, ok := key.(storage.DayRow); ok && r.Site == site && r.Dim == dim && r.Label == label && r.By == foule.DimTotal {
			n += m[metric]
		}
	}
	return n
}

// collected is a collector under test.
type collected struct {
	*Collector
	t   *testing.T
	log *logged
}

// open starts a collector over a folder; change may alter its options.
func open(t *testing.T, dir string, s storage.Writer, now *clock, change ...func(*Options)) *collected {
	t.Helper()
	c, log, err := tryOpen(dir, s, now, change...)
	if err != nil {
		t.Fatal(err)
	}
	in := &collected{c, t, log}
	t.Cleanup(in.abandon)
	return in
}

func tryOpen(dir string, s storage.Writer, now *clock, change ...func(*Options)) (*Collector, *logged, error) {
	log := &logged{}
	o := Options{
		Dir: dir, Store: s, Interval: time.Millisecond, Thresholds: aggregate.DefaultSettings, Truncation: anonymize.DefaultTruncation,
		Now: now.Now, Log: slog.New(slog.NewTextHandler(log, nil)), Metrics: NewMetrics(),
		Address: func(*http.Request) netip.Addr { return netip.MustParseAddr("192.0.2.7") },
	}
	for _, f := range change {
		f(&o)
	}
	c, err := Open(context.Background(), o)
	return c, log, err
}

// logged keeps log lines.
type logged struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// close ends the collector in peace.
func (c *collected) close() {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patiently)
	defer cancel()
	if err := c.stop(ctx); err != nil {
		c.t.Fatal(err)
	}
}

// abandon ends the collector without giving the store any time.
func (c *collected) abandon() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_ = c.stop(ctx) // what is left in the journal is the test's affair
}

func (c *collected) stop(ctx context.Context) error {
	if c.Collector == nil {
		return nil
	}
	running := c.Collector
	c.Collector = nil
	return running.Close(ctx)
}

// get sends a hit and gives the answer.
func (c *collected) get(more ...string) *httptest.ResponseRecorder {
	return c.do(http.MethodGet, query(more...), "")
}

func (c *collected) do(method, query, body string) *httptest.ResponseRecorder {
	req := httptest.NewRequest(method, "/matomo.php?"+query, strings.NewReader(body))
	req.Header.Set("User-Agent", someAgent)
	w := httptest.NewRecorder()
	c.Endpoint.ServeHTTP(w, req)
	return w
}

// count sends a hit that has to be acknowledged.
func (c *collected) count(more ...string) {
	c.t.Helper()
	if w := c.get(more...); w.Code != http.StatusNoContent {
		c.t.Fatalf("%v is answered %d %s", more, w.Code, w.Body)
	}
}

// query is a page view with more parameters.
func query(more ...string) string {
	q := url.Values{"idsite": {"1"}, "rec": {"1"}, "send_image": {"0"}, "url": {"https://example.org/"}}
	for i := 0; i < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return q.Encode()
}

// page is a page's URL; its label is the path.
func page(path string) []string { return []string{"url", "https://example.org" + path} }

// audience sends a fixed set of different hits of several visitors over some
// hours before noon.
func (c *collected) audience() {
	c.t.Helper()
	at := noon.Add(-6 * time.Hour)
	for i := range 60 {
		at = at.Add(time.Duration(i) * 10 * time.Second)
		visitor := []string{"lang", fmt.Sprintf("fr-F%c", 'A'+i%7), "ua", someAgent}
		var what []string
		switch i % 6 {
		case 0:
			what = []string{"urlref", "https://www.google.com/"}
		case 1:
			what = []string{"e_c", "video", "e_a", "play", "e_v", "1.5"}
		case 2:
			what = []string{"idgoal", "1", "revenue", "12.5"}
		case 3:
			what = []string{"download", "https://example.org/a.zip"}
		case 4:
			what = []string{"search", "shoes", "search_count", "0"}
		}
		when := []string{"cdt", strconv.FormatInt(at.Unix(), 10)}
		c.count(slices.Concat(page(fmt.Sprintf("/page/%c", 'a'+i%5)), visitor, what, when)...)
	}
}

// eventually waits until something holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	end := time.After(patiently)
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-end:
			t.Fatalf("it never came that %s", what)
		case <-tick.C:
		}
	}
}

// segments lists the journal's segments that hold something.
func segments(t *testing.T, dir string) (paths []string) {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(dir, "journal", "*.journal"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range all {
		if info, err := os.Stat(path); err == nil && info.Size() > 0 {
			paths = append(paths, path)
		}
	}
	return paths
}

// image copies a folder as a crash of the process would leave it.
func image(t *testing.T, dir string) string {
	t.Helper()
	to := t.TempDir()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, os.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		if d.IsDir() {
			return os.MkdirAll(filepath.Join(to, rel), 0o700)
		}
		b, err := os.ReadFile(path)
		if errors.Is(err, os.ErrNotExist) { // removed or renamed meanwhile
			return nil
		}
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), b, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
	return to
}
