// Package conformance sends the hits that a real Matomo was sent and compares
// what Foule's JSON API says with what Matomo answered. Every figure that differs
// is listed in differences.go with its reason, and in docs/matomo-differences.md.
package conformance

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/aggregate"
	"foule.eu/foule/anonymize"
	"foule.eu/foule/ingest"
	"foule.eu/foule/report"
	"foule.eu/foule/storage"
	"foule.eu/foule/storage/sqlite"
	"foule.eu/foule/web/api"
	"foule.eu/foule/web/auth"
)

// recorded gives the folder of recorded hits and answers.
func recorded(t *testing.T) string {
	t.Helper()
	shared := os.Getenv("FOULE_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "shared")
	}
	dir := filepath.Join(shared, "conformance")
	if _, err := os.Stat(filepath.Join(dir, "hits.jsonl")); err != nil {
		t.Skipf("no recorded hits at %s (set FOULE_SHARED)", dir)
	}
	return dir
}

// anchor is the site as it was set up in the recorded Matomo.
var anchor = foule.Site{
	Name: "Anchor", Hosts: []string{"example.org"}, Timezone: "UTC", Currency: "EUR",
	SearchParams: []string{"q", "query", "s", "search"}, SearchCategoryParams: []string{"cat"},
	KeepQuery: []string{"a", "b", "A", "B", "order"},
	Goals: []foule.Goal{
		{Name: "thankyou", Match: foule.MatchURL, Pattern: "/thank-you", PatternType: foule.PatternContains, RevenueMinor: 1000},
		{Name: "manual", Match: foule.MatchManual, Multiple: true, RevenueMinor: 500},
		{Name: "play", Match: foule.MatchEventAction, Pattern: "play", PatternType: foule.PatternExact, EventValue: true},
		{Name: "file", Match: foule.MatchFile, Pattern: "pdf", PatternType: foule.PatternContains},
	},
	Dimensions: []foule.CustomDimension{
		{ID: 1, Name: "plan", Scope: foule.ScopeVisit}, {ID: 2, Name: "section", Scope: foule.ScopeAction},
	},
}

// installation is a whole Foule in this process.
type installation struct {
	token    string
	tracking *httptest.Server
	api      http.Handler
	flush    func()
}

func install(t *testing.T, site foule.Site) *installation {
	t.Helper()
	ctx := context.Background()
	store, err := sqlite.Open(filepath.Join(t.TempDir(), "foule.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	if _, err := store.AddSite(ctx, site); err != nil {
		t.Fatal(err)
	}
	secret, hash := storage.NewSecret()
	if _, err := store.AddToken(ctx, storage.Token{Hash: hash, Name: "test", Scope: storage.RoleAdmin}); err != nil {
		t.Fatal(err)
	}
	thresholds := aggregate.DefaultSettings
	thresholds.KFiltered = 1 // the recorded site is too small for the default
	c, err := ingest.Open(ctx, ingest.Options{
		Dir: t.TempDir(), Store: store, Interval: time.Hour, Thresholds: thresholds, Truncation: anonymize.Truncation{IPv4: 16, IPv6: 48},
		CountryFromLanguage: true, Now: time.Now, Log: slog.New(slog.DiscardHandler), Metrics: ingest.NewMetrics(),
		Address: func(*http.Request) netip.Addr { return netip.MustParseAddr("127.0.0.1") },
	})
	if err != nil {
		t.Fatal(err)
	}
	in := &installation{token: secret, tracking: httptest.NewServer(c.Endpoint)}
	t.Cleanup(in.tracking.Close)
	in.flush = func() {
		if err := c.Close(ctx); err != nil {
			t.Fatal(err)
		}
	}
	login := auth.New(store, nil)
	in.api = http.StripPrefix("/api/v1", api.New(api.Deps{Reports: report.New(store), Sites: store, Auth: login, Now: time.Now}))
	return in
}

// lines reads a file of JSON objects.
func lines[T any](t *testing.T, path string) []T {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []T
	scan := bufio.NewScanner(f)
	scan.Buffer(nil, 1<<20)
	for scan.Scan() {
		var v T
		if err := json.Unmarshal(scan.Bytes(), &v); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		all = append(all, v)
	}
	if err := scan.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

type sent struct {
	N                       int
	Note, Method, URL, Body string
	Headers                 map[string]string
}

type answered struct {
	N, Status  int
	Type, Body string
}

// replay sends the hits and compares the answers one by one.
func (in *installation) replay(t *testing.T, dir string) {
	t.Helper()
	replies := lines[answered](t, filepath.Join(dir, "replies.jsonl"))
	for i, h := range lines[sent](t, filepath.Join(dir, "hits.jsonl")) {
		url := in.tracking.URL + strings.ReplaceAll(h.URL, "{{token}}", in.token)
		req, err := http.NewRequest(h.Method, url, strings.NewReader(strings.ReplaceAll(h.Body, "{{token}}", in.token)))
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range h.Headers {
			req.Header.Set(name, value)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		got := reply(t, h.N, res)
		if got != replies[i] {
			t.Errorf("hit %d (%s):\n got %+v\nwant %+v", h.N, h.Note, got, replies[i])
		}
	}
	in.flush()
}

func reply(t *testing.T, n int, res *http.Response) answered {
	t.Helper()
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	a := answered{N: n, Status: res.StatusCode, Type: res.Header.Get("Content-Type"), Body: string(body)}
	if strings.HasPrefix(a.Body, "GIF89a") && len(a.Body) == 43 {
		a.Body = "GIF"
	}
	return a
}

// rows asks the API for a report of 12 March 2025, as label → metric → figure.
func (in *installation) rows(t *testing.T, query string) map[string]map[string]float64 {
	t.Helper()
	name, params, _ := strings.Cut(query, "?")
	url := "/api/v1/sites/1/reports/" + name + "?limit=1000&" + params
	if !strings.Contains(params, "from=") {
		url += "&from=2025-03-12&to=2025-03-12"
	}
	req := httptest.NewRequest(http.MethodGet, url, nil)
	req.Header.Set("Authorization", "Bearer "+in.token)
	w := httptest.NewRecorder()
	in.api.ServeHTTP(w, req)
	if w.Code != http.StatusOK {
		t.Fatalf("%s: %d %s", url, w.Code, w.Body)
	}
	var answer struct{ Rows []map[string]any }
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		t.Fatal(err)
	}
	rows := map[string]map[string]float64{}
	for _, r := range answer.Rows {
		figures := map[string]float64{}
		for k, v := range r {
			if f, ok := v.(float64); ok {
				figures[k] = f
			}
		}
		rows[r["label"].(string)] = figures
	}
	return rows
}
