package api_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/go-chi/chi/v5"

	"foule.eu/foule"
	"foule.eu/foule/report"
	"foule.eu/foule/storage"
	"foule.eu/foule/storage/sqlite"
	"foule.eu/foule/web/api"
	"foule.eu/foule/web/auth"
)

var now = time.Date(2026, 3, 12, 23, 30, 0, 0, time.UTC) // the 13th in Paris

// house is the API over a store with two sites; the tokens see both, or the
// first alone.
type house struct {
	http.Handler
	store    *sqlite.Store
	all, one string
}

func open(t testing.TB) *house {
	t.Helper()
	store, err := sqlite.Open(filepath.Join(t.TempDir(), "foule.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	h := &house{store: store}
	for _, site := range []foule.Site{
		{
			Name: "Museum", Hosts: []string{"museum.example"}, Timezone: "Europe/Paris", Currency: "EUR", Created: now.Unix(), Goals: []foule.Goal{{Name: "Ticket"}},
			Dimensions: []foule.CustomDimension{{ID: 3, Name: "Plan", Scope: foule.ScopeVisit}},
			Funnels:    []foule.Funnel{{ID: 1, Name: "Buy", Steps: []foule.FunnelStep{{Name: "Cart"}, {Name: "Paid"}}}},
		},
		{Name: "Shop", Created: now.Unix()},
	} {
		if _, err := store.AddSite(t.Context(), site); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.Apply(t.Context(), audience()); err != nil {
		t.Fatal(err)
	}
	h.all, h.one = h.token(t, 0), h.token(t, 1)
	h.serve(0)
	return h
}

func (h *house) serve(perMinute int) {
	router := chi.NewRouter()
	router.Mount("/api/v1", api.New(api.Deps{
		Reports: report.New(h.store), Sites: h.store, Auth: auth.New(h.store, nil),
		Now: func() time.Time { return now }, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		RequestsPerMinute: perMinute,
	}))
	h.Handler = router
}

func (h *house) token(t testing.TB, site foule.SiteID) string {
	t.Helper()
	secret, hash := storage.NewSecret()
	if _, err := h.store.AddToken(t.Context(), storage.Token{Hash: hash, Name: "test", Scope: storage.RoleRead, Site: site}); err != nil {
		t.Fatal(err)
	}
	return secret
}

// audience is two days of the first site. Every report has a row, and every
// two-way table that can have one has a row under France.
func audience() *storage.Batch {
	d := foule.DayFromDate(2026, time.March, 9)
	full := foule.Metrics{
		foule.Visitors: 3, foule.Visits: 3, foule.Hits: 7, foule.Actions: 8, foule.Bounces: 1, foule.Seconds: 100,
		foule.ConvertedVisits: 1, foule.Conversions: 2, foule.Revenue: 12345,
		foule.Entries: 2, foule.EntryBounces: 1, foule.Exits: 2, foule.Value: 1500, foule.ValueCount: 2,
		foule.Interactions: 3, foule.Quantity: 4,
	}
	b := &storage.Batch{
		Token:   "test/0/1",
		Minutes: []storage.MinuteRow{{Site: 1, Minute: now.Unix() / 60, Metrics: foule.Metrics{foule.Visits: 3}}},
	}
	for day := d; day <= d+1; day++ {
		for _, r := range report.All() {
			label := map[foule.Dimension]string{
				foule.DimTotal: "", foule.DimCountry: "FR", foule.DimPage: "=cmd()",
			}[r.Dim]
			if label == "" && r.Dim != foule.DimTotal {
				label = "a:b, \"c\" <é>"
			}
			row := storage.DayRow{Site: 1, Day: day, Dim: r.Dim, Label: label, Metrics: full}
			if r.Under != foule.DimTotal {
				row.By, row.ByLabel = r.Under, "x"
				b.Days = append(b.Days, row)
				continue
			}
			b.Days = append(b.Days, row)
			if r.Dim.Info().TwoWay && r.Dim != foule.DimCountry {
				row.By, row.ByLabel = foule.DimCountry, "FR"
				b.Days = append(b.Days, row)
			}
		}
		for _, label := range []string{"1/1", "1/2"} {
			b.Days = append(b.Days, storage.DayRow{Site: 1, Day: day, Dim: foule.DimFunnelStep, Label: label, Metrics: full})
		}
		b.Days = append(b.Days,
			storage.DayRow{Site: 1, Day: day, Dim: foule.DimTiming, Label: "server", Metrics: full},
			storage.DayRow{Site: 1, Day: day, Dim: foule.DimTimingBucket, Label: "server:1s", Metrics: full},
			storage.DayRow{Site: 1, Day: day, Dim: foule.DimNextPage, Label: "/next", By: foule.DimPage, ByLabel: "=cmd()", Metrics: full})
		b.Days = append(b.Days, storage.DayRow{Site: 1, Day: day, Dim: foule.DimCity, Label: foule.Other, Metrics: full})
		b.Hours = append(b.Hours,
			storage.HourRow{Site: 1, Hour: int64(day)*24 + 9, Metrics: full},
			storage.HourRow{Site: 1, Hour: int64(day)*24 + 9, Dim: foule.DimCountry, Label: "FR", Metrics: full})
	}
	return b
}

// get asks with the token that sees all sites; header is pairs of name and value.
func (h *house) get(t testing.TB, path string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	return h.send(t, "GET", path, append([]string{"Authorization", "Bearer " + h.all}, header...)...)
}

func (h *house) send(t testing.TB, method, path string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, "/api/v1"+path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}
