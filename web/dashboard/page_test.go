package dashboard

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"foule.eu/foule"
	"foule.eu/foule/report"
	"foule.eu/foule/storage"
)

// everyPage lists an address of every page and of its states.
func everyPage() []string {
	paths := []string{
		"/login", "/setup?t=nothing", "/account", "/settings/tokens", "/sites/new", "/nowhere",
		"/sites/1", "/sites/1?period=today", "/sites/1?period=yesterday&grain=hour", "/sites/1?period=7d&metric=bounce_rate",
		"/sites/1?period=year&grain=month", "/sites/1?from=2026-03-02&to=2026-03-09&compare=0", "/sites/1?filter=country:FR",
		"/sites/1?filter=country:JP", "/sites/1?filter=browser:Firefox&period=today", "/sites/1?period=month&times=durations",
		"/sites/1?done=saved", "/sites/2", "/sites/1/settings", "/sites/1/scrubbing", "/sites/1/goals/new", "/sites/1/goals/1", "/sites/1/install", "/sites/2/install", "/sites/2/install?for=next&pin=1",
		"/sites/1/flow?of=/tickets", "/sites/1/flow?of=/nobody-was-here", "/sites/1/flow?period=7d&filter=country:FR&of=" + url.QueryEscape(hostile), "/sites/2/flow",
		"/sites/1/speed", "/sites/1/speed?filter=country:FR", "/sites/2/speed", "/sites/1?speed=load-times&shop=baskets&dimensions=dimension-4",
		"/sites/1/funnels/1", "/sites/1/funnels/1?filter=country:FR", "/sites/1/funnels/1?filter=country:JP", "/sites/1/funnels/1?from=2020-01-01&to=2020-01-02", "/sites/1/funnels/7",
		"/sites/1/settings/funnels/new", "/sites/1/settings/funnels/1", "/sites/1/settings/funnels/7", "/sites/1/settings/dimensions/new", "/sites/1/settings/dimensions/3",
		"/sites/1/goals/1/report", "/sites/1/goals/1/report?filter=country:FR", "/sites/1/goals/order/report", "/sites/2/goals/order/report", "/sites/1/goals/7/report", "/sites/1/goals/new/report",
		"/sites/1/reports/dimension-3", "/sites/1/reports/dimension-4?filter=country:FR", "/sites/1/reports/dimension-9",
		"/sites/1/privacy", "/sites/2/privacy", "/sites/1/compliance", "/sites/2/compliance", "/sites/1/documents/notice", "/sites/1/documents/record", "/sites/2/documents/assessment", "/sites/1/documents/data", "/sites/1/documents/novel",
		"/sites/1/reports/pages?search=nothing-has-this", "/sites/1/reports/countries?sort=-bounce_rate&filter=device:desktop", "/sites/99",
	}
	for _, rep := range report.All() {
		if rep.Dim != foule.DimTotal {
			paths = append(paths, "/sites/1/reports/"+rep.Name)
		}
	}
	return paths
}

// TestEveryPage holds all pages against what is promised of each.
func TestEveryPage(t *testing.T) {
	h := openHouse(t)
	h.fill(t, 40, 2000)
	links := map[string]bool{}
	for _, lang := range languages {
		for _, path := range everyPage() {
			t.Run(lang+path, func(t *testing.T) {
				w := h.get(t, path, lang)
				if w.Code >= 500 {
					t.Fatalf("status %d", w.Code)
				}
				p := parse(t, w)
				if got, _ := attr(p.one("html"), "lang"); got != lang {
					t.Errorf("language %q, want %q", got, lang)
				}
				if got := w.Header().Get("Content-Security-Policy"); got != policy {
					t.Errorf("policy %q", got)
				}
				if len(p.all("h1")) != 1 || text(p.one("head title")) == "" {
					t.Error("want one h1 and a title")
				}
				checkInline(t, p)
				checkNames(t, p)
				for _, a := range p.all("a[href]") {
					href, _ := attr(a, "href")
					if strings.HasPrefix(href, "?") {
						u, _ := url.Parse(path)
						href = u.Path + href
					}
					if strings.HasPrefix(href, "/api/v1/sites/") {
						continue // web/api answers beside the dashboard
					}
					if strings.HasPrefix(href, "https://stats.example/") || href == "https://www.cnil.fr/fr/plaintes" {
						continue // the tracking side, and where a notice sends its readers
					}
					if strings.HasPrefix(href, "/") && w.Code == http.StatusOK {
						links[href] = true
					} else if !strings.HasPrefix(href, "#") && !strings.HasPrefix(href, "https://museum.example/") && !strings.HasPrefix(href, "https://shop.museum.example/") && w.Code == http.StatusOK {
						t.Errorf("link %q leads away", href)
					}
				}
			})
		}
	}
	checkLinks(t, h, links)
}

// checkLinks follows the links, two of each kind: those that differ in the
// values of their parameters only were made by the same line.
func checkLinks(t *testing.T, h *house, links map[string]bool) {
	t.Helper()
	followed := map[string]int{}
	for _, link := range slices.Sorted(maps.Keys(links)) {
		u, err := url.Parse(link)
		if err != nil {
			t.Fatalf("link %q: %v", link, err)
		}
		kind := u.Path + "?" + strings.Join(slices.Sorted(maps.Keys(u.Query())), "&")
		if followed[kind]++; followed[kind] > 2 {
			continue
		}
		u.Fragment = ""
		if w := h.get(t, u.String(), "en"); w.Code != http.StatusOK && w.Code != http.StatusSeeOther {
			t.Errorf("link %s: status %d", link, w.Code)
		}
	}
}

// checkInline looks for what the policy forbids, and for what a hostile label would leave.
func checkInline(t *testing.T, p page) {
	t.Helper()
	for n := range p.root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		for _, a := range n.Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
				t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
			}
			if (a.Key == "src" || a.Key == "href" && n.Data == "link") && !strings.HasPrefix(a.Val, "/assets/") {
				t.Errorf("<%s %s=%q>: not an asset of ours", n.Data, a.Key, a.Val)
			}
			if strings.HasPrefix(strings.TrimSpace(strings.ToLower(a.Val)), "javascript:") {
				t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
			}
		}
		if n.Data == "style" || n.Data == "script" && n.FirstChild != nil || n.Data == "img" {
			t.Errorf("<%s>: forbidden here", n.Data)
		}
	}
}

// checkNames wants ids to be unique and every control to have a name.
func checkNames(t *testing.T, p page) {
	t.Helper()
	ids := map[string]bool{}
	for _, n := range p.all("[id]") {
		id, _ := attr(n, "id")
		if ids[id] {
			t.Errorf("id %q twice", id)
		}
		ids[id] = true
	}
	for _, tag := range []string{"a", "button", "summary"} {
		for _, n := range p.all(tag) {
			if label, _ := attr(n, "aria-label"); label == "" && text(n) == "" {
				t.Errorf("<%s> without a name", tag)
			}
		}
	}
	for _, n := range append(append(p.all("input"), p.all("select")...), p.all("textarea")...) {
		typ, _ := attr(n, "type")
		_, labelled := attr(n, "aria-label")
		if typ != "hidden" && !labelled && !within(n, "label") {
			t.Errorf("<%s> without a label", n.Data)
		}
	}
}

func within(n *html.Node, tag string) bool {
	for ; n != nil; n = n.Parent {
		if n.Data == tag {
			return true
		}
	}
	return false
}

func TestOverview(t *testing.T) {
	h := openHouse(t)
	h.fill(t, 62, 2000)
	p := parse(t, h.get(t, "/sites/1", "en"))
	want := []string{"Visitors", "Visits", "Page views", "Bounce rate", "Visit duration", "Actions per visit", "Conversions"}
	equal(t, p.texts(".card .card-name"), want)
	if len(p.all(".card .change")) != len(want) || len(p.all("path.before")) != 2 { // the chart's and its legend
		t.Error("want a comparison on every card and in the chart")
	}
	if got := len(p.all(".points .pt")); got != 30 {
		t.Errorf("%d points, want 30 days", got)
	}
	if got := len(p.all(".data tbody tr")); got != 30 {
		t.Errorf("%d rows in the chart's table, want 30", got)
	}
	if got := len(p.all("path.line")); got != 2 {
		t.Errorf("%d lines, want the days and today apart", got)
	}
	equal(t, p.texts("#acquisition tbody .name")[:3], []string{"Search engines", "Direct", "Websites"})
	equal(t, p.texts("#goals tbody .name"), []string{"Newsletter", "Ticket bought"})
	rows := p.texts("#content tbody tr")
	if last := rows[len(rows)-1]; !strings.HasPrefix(last, "Other ? Labels that too few visitors share") {
		t.Errorf("last row %q, want the other labels with an explanation", last)
	}
	if got := text(p.one("[data-live]")); got != "25 visitors now" {
		t.Errorf("live %q", got)
	}

	p = parse(t, h.get(t, "/sites/1?compare=0", "en"))
	if len(p.all(".card .change")) != 0 || len(p.all("path.before")) != 0 {
		t.Error("compared although switched off")
	}
}

func TestOverviewFiltered(t *testing.T) {
	h := openHouse(t)
	h.fill(t, 30, 2000)
	p := parse(t, h.get(t, "/sites/1", "fr"))
	href, _ := attr(p.all("#places tbody a.name")[0], "href")
	if href != "/sites/1?filter=country%3AFR" {
		t.Fatalf("filter link %q", href)
	}
	p = parse(t, h.get(t, href+"&period=7d", "fr"))
	if got := text(p.one(".chip")); got != "Pays France" {
		t.Errorf("chip %q", got)
	}
	if got, _ := attr(p.one(".chip a"), "href"); got != "/sites/1?period=7d" {
		t.Errorf("the chip is removed by %q", got)
	}
	if got := text(p.one("#excluded .panel-foot .muted")); got != "Le filtre ne s’applique pas ici." {
		t.Errorf("excluded hits: %q", got)
	}
	// Nobody crossed Japan: its label is counted, its details are not.
	p = parse(t, h.get(t, "/sites/1?filter=country:JP", "en"))
	if got := text(p.one("#content .nothing")); got != "Too few visitors." {
		t.Errorf("too few: %q", got)
	}
	if got := text(p.one("main .notice")); !strings.HasPrefix(got, "Too few visitors to show this filter") {
		t.Errorf("explained by %q", got)
	}
}

// TestTodayIsComparedFairly: an unfinished day is held against yesterday up to
// the same time of day; of the running hour, 20 minutes have passed.
func TestTodayIsComparedFairly(t *testing.T) {
	h := openHouse(t)
	day := foule.DayOf(fixedNow, paris)
	b := &storage.Batch{Token: "t/0/1"}
	for i := range foule.Day(2) {
		start := (day - i).Start(paris).Unix() / 3600
		for hour := range int64(24) {
			if i == 0 && hour > 15 {
				break
			}
			visits := int64(9)
			if i == 0 && hour == 15 {
				visits = 3
			}
			b.Hours = append(b.Hours, storage.HourRow{Site: 1, Hour: start + hour, Metrics: audience(visits)})
		}
	}
	b.Days = []storage.DayRow{{Site: 1, Day: day, Metrics: audience(138)}, {Site: 1, Day: day - 1, Metrics: audience(216)}}
	if err := h.store.Apply(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	p := parse(t, h.get(t, "/sites/1?period=today", "en"))
	equal(t, p.texts(".card .change")[1:2], []string{"0%"})
	if got := text(p.one(".partial")); got != "Yesterday counted until 15:20" {
		t.Errorf("note %q", got)
	}
	if got := len(p.all(".points .pt")); got != 24 {
		t.Errorf("%d hours, want 24", got)
	}
}

func TestNoData(t *testing.T) {
	h := openHouse(t)
	p := parse(t, h.get(t, "/sites/1", "en"))
	if href, _ := attr(p.one(".empty-site a"), "href"); href != "/sites/1/install" {
		t.Errorf("leads to %q", href)
	}
	if len(p.all(".panel")) != 0 {
		t.Error("empty panels are shown")
	}
	h.fill(t, 1, 10)
	w := h.get(t, "/sites/1/live", "fr")
	want := `{"visitors":25,"text":"25 visiteurs en ce moment"}`
	if got := strings.TrimSpace(w.Body.String()); got != want {
		t.Errorf("live\n got %s\nwant %s", got, want)
	}
}

// TestFirstDay: with nothing before, a count is new and an average has nothing to be compared with.
func TestFirstDay(t *testing.T) {
	h := openHouse(t)
	h.fill(t, 1, 1000)
	p := parse(t, h.get(t, "/sites/1?period=today", "en"))
	equal(t, p.texts(".card .change"), []string{"new", "new", "new", noFigure, noFigure, noFigure, "new"})
}

func TestTable(t *testing.T) {
	h := openHouse(t)
	b := &storage.Batch{Token: "t/0/1"}
	day := foule.DayOf(fixedNow, paris)
	for i := range 120 {
		b.Days = append(b.Days, storage.DayRow{Site: 1, Day: day, Dim: foule.DimPage, Label: "/p" + string(rune('a'+i/26)) + string(rune('a'+i%26)), Metrics: audience(int64(i + 1))})
	}
	if err := h.store.Apply(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	rows := func(query string) ([]string, page) {
		p := parse(t, h.get(t, "/sites/1/reports/pages?"+query, "en"))
		return p.texts("tbody .name"), p
	}
	got, p := rows("")
	if len(got) != tableRows || got[0] != "/pep" {
		t.Errorf("first page: %d rows from %q", len(got), got[0])
	}
	if shown := text(p.one(".pager .muted")); shown != "1–50 of 120" {
		t.Errorf("shown %q", shown)
	}
	next, _ := attr(p.one(".pager a[rel=next]"), "href")
	if next != "/sites/1/reports/pages?page=2" {
		t.Errorf("next %q", next)
	}
	if got, _ = rows("page=3"); len(got) != 20 {
		t.Errorf("last page has %d rows, want 20", len(got))
	}
	if got, p = rows("sort=label"); got[0] != "/paa" {
		t.Errorf("by label: first %q", got[0])
	}
	if href, _ := attr(p.one("th[aria-sort=ascending] a"), "href"); href != "/sites/1/reports/pages?sort=-label" {
		t.Errorf("the sorted column's link is %q", href)
	}
	if got, _ = rows("search=/pb&sort=visits"); len(got) != 26 || got[0] != "/pba" {
		t.Errorf("search: %d rows from %q", len(got), got[0])
	}
	_, p = rows("search=/pb&sort=-visits&period=yesterday&filter=device:desktop")
	csv, _ := attr(p.one("a[download]"), "href")
	if csv != "/api/v1/sites/1/reports/pages?filter=device%3Adesktop&format=csv&from=2026-03-23&limit=10000&search=%2Fpb&sort=-visits&to=2026-03-23" {
		t.Errorf("CSV from %q", csv)
	}
	if got, _ = rows("sort=nonsense&page=x&filter=page:/a"); len(got) != tableRows {
		t.Errorf("a mistyped address shows %d rows, want a page of them", len(got))
	}
}

func TestHostileLabel(t *testing.T) {
	h := openHouse(t)
	h.fill(t, 2, 100000)
	p := parse(t, h.get(t, "/sites/1/reports/pages", "en"))
	found := false
	for _, name := range p.texts("tbody .name") {
		found = found || name == hostile
	}
	if !found {
		t.Error("the hostile label is not shown as it is")
	}
	checkInline(t, p)
	p = parse(t, h.get(t, "/sites/1?filter="+url.QueryEscape("entry_page:"+hostile), "en"))
	if got := text(p.one(".chip")); got != "Entry page "+hostile {
		t.Errorf("chip %q", got)
	}
	checkInline(t, p)
}

func equal(t *testing.T, got, want []string) {
	t.Helper()
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("got %q, want %q", got, want)
	}
}

func BenchmarkOverview(b *testing.B) {
	h := openHouse(b)
	h.fill(b, 400, 10000)
	for name, path := range map[string]string{
		"30d": "/sites/1", "year": "/sites/1?from=2025-03-25&to=2026-03-24", "filtered": "/sites/1?filter=country:FR",
		"rounded/30d": "/sites/1", "rounded/year": "/sites/1?from=2025-03-25&to=2026-03-24", "rounded/filtered": "/sites/1?filter=country:FR",
	} {
		b.Run(name, func(b *testing.B) {
			h.under(b, foule.Privacy{Rounded: strings.HasPrefix(name, "rounded")})
			b.ReportAllocs()
			var times []time.Duration
			for b.Loop() {
				r := httptest.NewRequest("GET", path, nil)
				r.AddCookie(h.cookie)
				w := httptest.NewRecorder()
				began := time.Now()
				h.handler.ServeHTTP(w, r)
				times = append(times, time.Since(began))
				if w.Code != http.StatusOK {
					b.Fatal(w.Code)
				}
			}
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)*95/100].Microseconds())/1000, "p95-ms")
		})
	}
}
