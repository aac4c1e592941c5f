package dashboard

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"foule.eu/foule"
	"foule.eu/foule/report"
	"foule.eu/foule/storage"
	"foule.eu/foule/web/api"
	"foule.eu/foule/web/auth"
)

// The ways out of the house: pages, JSON and CSV. Under each policy they have to
// give the same figures (invariant I9).

// withAPI puts the JSON API beside the dashboard, over the same reports.
func (h *house) withAPI(t testing.TB) (get func(path string) string) {
	t.Helper()
	secret, hash := storage.NewSecret()
	if _, err := h.store.AddToken(t.Context(), storage.Token{Hash: hash, Name: "test", Scope: storage.RoleRead}); err != nil {
		t.Fatal(err)
	}
	reports := report.New(h.store)
	reports.Now = func() time.Time { return fixedNow }
	handler := http.StripPrefix("/api/v1", api.New(api.Deps{
		Reports: reports, Sites: h.store, Auth: auth.New(h.store, nil), Now: func() time.Time { return fixedNow }, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}))
	return func(path string) string {
		t.Helper()
		r := httptest.NewRequest("GET", path, nil)
		r.Header.Set("Authorization", "Bearer "+secret)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			t.Fatalf("%s: status %d: %s", path, w.Code, w.Body)
		}
		return w.Body.String()
	}
}

// policies are what a site can promise of its figures.
var policies = map[string]foule.Privacy{
	"none":           {},
	"cnil":           {Preset: foule.PresetCNIL},
	"cnil, consent":  {Preset: foule.PresetCNIL, Consent: true},
	"no visitor key": {Preset: foule.PresetNoVisitorKey},
	"key by consent": {Preset: foule.PresetNoVisitorKey, Consent: true, Rounded: true},
}

// table is a report's answer as JSON has it.
type jsonTable struct {
	Columns []struct{ Name, Unit string }
	Rows    []map[string]any
	Totals  map[string]float64
	Other   map[string]float64
}

const wayRange = "from=2026-02-20&to=2026-03-24"

func TestWaysOut(t *testing.T) {
	h := openHouse(t)
	h.fill(t, 40, 2000)
	get := h.withAPI(t)
	exact := exactFigures(t, h)
	for name, privacy := range policies {
		site := h.under(t, privacy)
		d := report.DisclosureOf(site)
		var seen []string // all that left
		for _, rep := range report.All() {
			if rep.Dim == foule.DimTotal || rep.Under != foule.DimTotal || rep.Dim.IsVisitValue() || rep.Dim.IsActionValue() || report.CollectionOf(site, rep.Dim) == report.Dropped {
				continue
			}
			path := "/sites/1/reports/" + rep.Name + "?" + wayRange
			text := get("/api/v1" + path + "&limit=50")
			var a jsonTable
			if err := json.Unmarshal([]byte(text), &a); err != nil {
				t.Fatal(err)
			}
			csvText := get("/api/v1" + path + "&limit=50&format=csv")
			pageText := h.get(t, path, "en").Body.String()
			seen = append(seen, text, csvText, pageText)
			sameInCSV(t, name+" "+rep.Name, &a, csvText)
			sameOnPage(t, name+" "+rep.Name, d, &a, pageText)
		}
		for _, path := range everyPage() {
			if !privacy.Consent { // the same pages but for fewer notes
				break
			}
			seen = append(seen, h.get(t, path, "en").Body.String())
		}
		for _, path := range []string{"/live", "/speed?" + wayRange, "/funnels/1?" + wayRange, "/flow?page=/tickets&" + wayRange, "/reports/totals?grain=day&" + wayRange} {
			if refused := d != nil && privacy.Consent && privacy.Preset == foule.PresetNoVisitorKey && strings.HasPrefix(path, "/flow") || privacy.Preset == foule.PresetNoVisitorKey && path != "/live" && !strings.HasPrefix(path, "/reports"); !refused {
				seen = append(seen, get("/api/v1/sites/1"+path))
			}
		}
		if leaked := figuresIn(seen, exact); (len(leaked) > 0) == (d != nil) {
			t.Errorf("%s: %d exact figures left: %v", name, len(leaked), leaked[:min(len(leaked), 20)])
		}
	}
}

// sameInCSV compares every cell of a CSV with the JSON table.
func sameInCSV(t *testing.T, what string, a *jsonTable, body string) {
	t.Helper()
	lines, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range lines[1:] {
		for j, head := range lines[0][1:] {
			want, ok := a.Other[head], true
			if i < len(a.Rows) {
				want, ok = a.Rows[i][head].(float64)
			}
			if got, err := strconv.ParseFloat(line[j+1], 64); err != nil || !ok || got != want {
				t.Errorf("%s, line %d: %s is %s in CSV, %v in JSON", what, i, head, line[j+1], want)
			}
		}
	}
	if len(lines[0])-1 != len(a.Columns) {
		t.Errorf("%s: %d columns in CSV, %d in JSON", what, len(lines[0])-1, len(a.Columns))
	}
}

// sameOnPage compares the counts of a page's table with the JSON table.
func sameOnPage(t *testing.T, what string, d *report.Disclosure, a *jsonTable, body string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	p := page{t, root}
	var columns []string
	for _, c := range a.Columns {
		if !rawColumns[c.Name] && (c.Unit != "money" || a.Totals["revenue"] != 0) {
			columns = append(columns, c.Name+"|"+c.Unit)
		}
	}
	rows := p.all("tr[data-label]")
	if len(rows) == 0 && len(a.Rows) > 0 || len(rows) > len(a.Rows) {
		t.Errorf("%s: %d rows on the page, %d in JSON", what, len(rows), len(a.Rows))
		return
	}
	for i, tr := range rows {
		cells := page{t, tr}.all("td")
		for j, column := range columns {
			name, unit, _ := strings.Cut(column, "|")
			if unit != "count" {
				continue
			}
			n := a.Rows[i][name].(float64)
			want := (&locale{Lang: "en"}).Int(int64(n))
			if d != nil && n == 0 {
				want = noFigure
			}
			if got := strings.TrimSpace(text(cells[j])); got != want {
				t.Errorf("%s, row %d: %s is %q on the page, %q by JSON", what, i, name, got, want)
			}
		}
	}
}

// exactFigures are those that rounding has to keep inside: of four digits or
// more, since smaller ones are found by chance.
func exactFigures(t *testing.T, h *house) map[int64]bool {
	t.Helper()
	exact := map[int64]bool{}
	s := report.New(h.store)
	site := *h.under(t, foule.Privacy{})
	today := foule.DayOf(fixedNow, paris)
	note := func(m *foule.Metrics) {
		for _, n := range m {
			if n >= 1000 && n%10 != 0 && (n < 1990 || n > 2030) {
				exact[n] = true
			}
		}
	}
	for _, rep := range report.All() {
		if rep.Under != foule.DimTotal {
			continue
		}
		for _, days := range []foule.Day{0, 6, 29, 32} {
			a, err := s.Ask(t.Context(), report.Question{Site: site, From: today - days, To: today, Report: rep.Name})
			if err != nil {
				t.Fatal(err)
			}
			note(&a.Totals)
			for i := range a.Rows {
				note(&a.Rows[i].Metrics)
			}
		}
	}
	if len(exact) < 500 {
		t.Fatalf("only %d figures to look for", len(exact))
	}
	return exact
}

var number = regexp.MustCompile(`[\w.]+`)

// figuresIn finds the figures in texts, however they are written.
func figuresIn(texts []string, exact map[int64]bool) (found []string) {
	groups := regexp.MustCompile(`(\d)[,\x{202f}\x{a0}](\d{3})\b`)
	for _, text := range texts {
		for range 3 {
			text = groups.ReplaceAllString(text, "$1$2")
		}
		for _, word := range number.FindAllString(text, -1) {
			if n, err := strconv.ParseInt(word, 10, 64); err == nil && exact[n] && !slices.Contains(found, word) {
				found = append(found, word)
			}
		}
	}
	return found
}

// TestTwinPages: two houses that differ in one hidden cell, and in the largest
// beside it, show and send the same bytes.
func TestTwinPages(t *testing.T) {
	open := func(hidden int64) (*house, func(string) string) {
		h := openHouse(t)
		today := foule.DayOf(fixedNow, paris)
		b := &storage.Batch{Token: "test/0/0"}
		for day := today - 40; day <= today; day++ {
			few := int64(0)
			if day == today-20 {
				few = hidden
			}
			row := func(dim foule.Dimension, label string, n int64) {
				if n > 0 {
					b.Days = append(b.Days, storage.DayRow{Site: 1, Day: day, Dim: dim, Label: label, Metrics: foule.Metrics{foule.Visitors: n, foule.Visits: n, foule.Hits: n, foule.Actions: n, foule.Seconds: 60 * n}})
				}
			}
			row(foule.DimTotal, "", 200)
			for dim, labels := range map[foule.Dimension][2]string{foule.DimCountry: {"FR", "JP"}, foule.DimPage: {"/", "/secret"}, foule.DimDeviceType: {"desktop", "tv"}} {
				row(dim, labels[0], 200-few)
				row(dim, labels[1], few)
			}
		}
		if err := h.store.Apply(t.Context(), b); err != nil {
			t.Fatal(err)
		}
		h.under(t, foule.Privacy{Rounded: true})
		return h, h.withAPI(t)
	}
	one, askOne := open(2)
	other, askOther := open(4)
	var paths []string
	for _, q := range []string{"", "?period=today", "?" + wayRange, "?from=2026-03-04&to=2026-03-04", "?filter=country:JP", "?filter=country:FR", "?period=7d&metric=hits&grain=week", "?search=JP", "?sort=label"} {
		paths = append(paths, "/sites/1"+q)
		for _, name := range []string{"countries", "pages", "devices"} {
			paths = append(paths, "/sites/1/reports/"+name+q)
		}
	}
	paths = append(paths, "/sites/1/flow?of=/secret", "/sites/1/goals/1/report", "/sites/1/speed", "/sites/1/funnels/1")
	for _, path := range paths {
		if a, b := one.get(t, path, "en").Body.String(), other.get(t, path, "en").Body.String(); a != b {
			t.Errorf("%s: two and four visits make different pages", path)
		}
	}
	for _, name := range []string{"totals", "countries", "pages", "devices"} {
		for _, q := range []string{"", "&grain=day", "&grain=week", "&format=csv", "&sort=-hits&limit=1&offset=1", "&search=P", "&label=JP", "&filter=country:JP", "&filter=device:tv"} {
			if name == "totals" && regexp.MustCompile("search|label|sort").MatchString(q) {
				continue
			}
			path := fmt.Sprintf("/api/v1/sites/1/reports/%s?%s%s", name, wayRange, q)
			if askOne(path) != askOther(path) {
				t.Errorf("%s: two and four visits make different answers", path)
			}
		}
	}
}
