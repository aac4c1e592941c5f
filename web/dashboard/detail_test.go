package dashboard

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"foule.eu/foule"
	"foule.eu/foule/storage"
)

// detail is a row of a day that tests of single pages count by hand.
type detail struct {
	dim     foule.Dimension
	label   string
	by      foule.Dimension
	byLabel string
	metrics foule.Metrics
}

func (h *house) count(t *testing.T, rows ...detail) {
	t.Helper()
	b := &storage.Batch{Token: "test/0/1"}
	for _, r := range rows {
		b.Days = append(b.Days, storage.DayRow{Site: 1, Day: foule.DayOf(fixedNow, paris), Dim: r.dim, Label: r.label, By: r.by, ByLabel: r.byLabel, Metrics: r.metrics})
	}
	if err := h.store.Apply(t.Context(), b); err != nil {
		t.Fatal(err)
	}
}

func happened(n int64) foule.Metrics { return foule.Metrics{foule.Hits: n, foule.Visits: n} }

// cells gives a table's rows as texts.
func (p page) rows(selector string) (out []string) {
	for _, tr := range p.all(selector) {
		var texts []string
		for n := range tr.ChildNodes() {
			if n.Data == "th" || n.Data == "td" {
				texts = append(texts, strings.TrimSpace(strings.Split(text(n), " ?")[0]))
			}
		}
		out = append(out, strings.Join(texts, " | "))
	}
	return out
}

func TestFlowPage(t *testing.T) {
	h := openHouse(t)
	h.count(t,
		detail{foule.DimPage, "/a", foule.DimTotal, "", foule.Metrics{foule.Hits: 40, foule.Visits: 30, foule.Entries: 12, foule.Exits: 9}},
		detail{foule.DimNextPage, "/b", foule.DimPage, "/a", happened(20)},
		detail{foule.DimNextPage, "/a", foule.DimPage, "/a", happened(4)},
		detail{foule.DimNextPage, foule.Other, foule.DimPage, "/a", happened(3)},
		detail{foule.DimDownload, "museum.example/plan.pdf", foule.DimPage, "/a", happened(5)},
		detail{foule.DimPreviousPage, hostile, foule.DimPage, "/a", happened(7)},
		detail{foule.DimPreviousSearch, "momies", foule.DimPage, "/a", happened(6)},
		detail{foule.DimChannel, "search", foule.DimEntryPage, "/a", happened(8)},
	)
	p := parse(t, h.get(t, "/sites/1/flow?of=/a", "en"))
	equal(t, p.texts(".flow-facts dd"), []string{"40", "12", "9", "4"})
	equal(t, p.rows(".flow tbody tr"), []string{
		"Search engines | 8", hostile + " | 7", "momies | 6", "/b | 20", "Other | 3", "museum.example/plan.pdf | 5",
	})
	href, _ := attr(p.all(".flow a.name")[1], "href")
	if href != "/sites/1/flow?of=%2Fb" {
		t.Errorf("the next page leads to %q", href)
	}
	if visit, _ := attr(p.one(".flow-visit"), "href"); visit != "https://museum.example/a" {
		t.Errorf("the page is opened at %q", visit)
	}
	p = parse(t, h.get(t, "/sites/1/flow?of=/a&filter=country:FR", "en"))
	equal(t, p.texts("main .notice"), []string{"Not affected by the filter."})
	// The way there is on the pages themselves.
	p = parse(t, h.get(t, "/sites/1/reports/pages?period=7d", "en"))
	if href, _ := attr(p.one("tbody a.name"), "href"); href != "/sites/1/flow?of=%2Fa&period=7d" {
		t.Errorf("the page's row leads to %q", href)
	}
}

func TestFunnelPage(t *testing.T) {
	h := openHouse(t)
	reached := func(n int64) foule.Metrics { return foule.Metrics{foule.Visits: n, foule.Visitors: n} }
	h.count(t,
		detail{foule.DimTotal, "", foule.DimTotal, "", reached(500)},
		detail{foule.DimFunnelStep, "1/1", foule.DimTotal, "", reached(200)},
		detail{foule.DimFunnelStep, "1/2", foule.DimTotal, "", reached(80)},
		detail{foule.DimFunnelStep, "1/3", foule.DimTotal, "", reached(50)},
	)
	p := parse(t, h.get(t, "/sites/1/funnels/1", "en"))
	equal(t, p.texts(".funnel-name .strong"), []string{"Choice " + hostile, "Step 2", "Bought"})
	equal(t, p.texts(".funnel-visits"), []string{"200 100% of the beginning", "80 40% of the beginning", "50 25% of the beginning"})
	equal(t, p.texts(".funnel-drop"), []string{"↓ 120 visits went no further (60%)", "↓ 30 visits went no further (38%)"})
	equal(t, p.texts(".funnel-name .muted")[2:], []string{"Goal: Ticket bought"})

	p = parse(t, h.get(t, "/sites/1", "en"))
	equal(t, p.rows("#funnels tbody tr"), []string{"Tickets of 200 begun | 50 | 25%"})
	p = parse(t, h.get(t, "/sites/1/funnels/1?filter=country:FR", "en"))
	notes := p.texts("main p.muted")
	if got := notes[len(notes)-1]; !strings.HasSuffix(got, "too few visitors made it.") {
		t.Errorf("of a filter it says %q", got)
	}
	// Of nothing there is no share.
	p = parse(t, h.get(t, "/sites/1/funnels/1?period=yesterday", "en"))
	equal(t, p.texts(".funnel-visits")[:1], []string{"0 – of the beginning"})
	p = parse(t, h.get(t, "/sites/1?period=yesterday", "en"))
	equal(t, p.rows("#funnels tbody tr"), []string{"Tickets of 0 begun | 0 | –"})
	equal(t, p.texts(".card .card-value"), []string{"0", "0", "0", "–", "–", "–", "0"})
}

func TestSpeedPage(t *testing.T) {
	h := openHouse(t)
	timed := func(n, millis int64) foule.Metrics {
		return foule.Metrics{foule.ValueCount: n, foule.Value: n * millis, foule.Visits: n}
	}
	h.count(t,
		detail{foule.DimTiming, "server", foule.DimTotal, "", timed(100, 120)},
		detail{foule.DimTiming, foule.TimingLoad, foule.DimTotal, "", timed(100, 1500)},
		detail{foule.DimTimingBucket, "server:200ms", foule.DimTotal, "", happened(100)},
		detail{foule.DimTimingBucket, "load:1s", foule.DimTotal, "", happened(50)},
		detail{foule.DimTimingBucket, "load:2s", foule.DimTotal, "", happened(50)},
		detail{foule.DimPage, "/slow", foule.DimTiming, foule.TimingLoad, timed(10, 3200)},
		detail{foule.DimPage, hostile, foule.DimTiming, foule.TimingLoad, timed(90, 800)},
	)
	thin := func(s []string) []string {
		for i := range s {
			s[i] = strings.ReplaceAll(s[i], "\u202f", " ")
		}
		return s
	}
	p := parse(t, h.get(t, "/sites/1/speed", "en"))
	equal(t, thin(p.rows(".speed tbody tr")), []string{
		"Server | 120 ms | 150 ms | 175 ms | 195 ms | 100", "Whole load | 1.50 s | 1.00 s | 1.75 s | 1.95 s | 100",
	})
	equal(t, thin(p.rows(".slow tbody tr")), []string{"/slow | 3.20 s | 10", hostile + " | 800 ms | 90"})
	var bars []string
	for _, title := range p.texts(".hours rect title") {
		if !strings.HasSuffix(title, ": 0") {
			bars = append(bars, title)
		}
	}
	equal(t, thin(bars), []string{"up to 1 s: 50", "up to 2 s: 50"})
	// On the overview the timings are figures, without shares.
	p = parse(t, h.get(t, "/sites/1", "en"))
	equal(t, thin(p.rows("#speed tbody tr")), []string{"Server | 120 ms", "Whole load | 1.50 s"})
	if href, _ := attr(p.one("#speed .panel-foot a"), "href"); href != "/sites/1/speed" {
		t.Errorf("details at %q", href)
	}
}

func TestGoalReport(t *testing.T) {
	h := openHouse(t)
	visits := func(n int64) foule.Metrics { return foule.Metrics{foule.Visits: n, foule.Visitors: n} }
	reached := func(visits, conversions int64) foule.Metrics {
		return foule.Metrics{foule.Visits: visits, foule.Visitors: visits, foule.Conversions: conversions, foule.Revenue: conversions * 1200}
	}
	h.count(t,
		detail{foule.DimTotal, "", foule.DimTotal, "", visits(400)},
		detail{foule.DimGoal, "1", foule.DimTotal, "", reached(40, 44)},
		detail{foule.DimCampaign, "nuit", foule.DimTotal, "", visits(60)},
		detail{foule.DimCampaign, "nuit", foule.DimGoal, "1", reached(30, 33)},
		detail{foule.DimCampaign, hostile, foule.DimTotal, "", visits(100)},
		detail{foule.DimCampaign, hostile, foule.DimGoal, "1", reached(5, 5)},
		detail{foule.DimCampaign, foule.Other, foule.DimGoal, "1", reached(5, 6)},
		detail{foule.DimChannel, "campaign", foule.DimTotal, "", visits(160)},
		detail{foule.DimChannel, "campaign", foule.DimGoal, "1", reached(40, 44)},
	)
	p := parse(t, h.get(t, "/sites/1/goals/1/report", "en"))
	equal(t, p.texts(".flow-facts dd"), []string{"44", "40", "10%", "€528.00"})
	equal(t, p.rows("#channels tbody tr"), []string{"Campaigns | 44 | €528.00 | 25%"})
	equal(t, p.rows("#campaigns tbody tr"), []string{"nuit | 33 | €396.00 | ≥ 50%", hostile + " | 5 | €60.00 | ≥ 5.0%", "Other | 6 | €72.00 | –"})
	if got := len(p.all(".goal-part")); got != len(goalReports) {
		t.Errorf("%d tables, want %d", got, len(goalReports))
	}
	// The goal's row leads there, and a goal that nobody reached says so.
	p = parse(t, h.get(t, "/sites/1?period=7d", "en"))
	if href, _ := attr(p.one("#goals tbody a.name"), "href"); href != "/sites/1/goals/1/report?period=7d" {
		t.Errorf("the goal's row leads to %q", href)
	}
	p = parse(t, h.get(t, "/sites/1/goals/2/report", "fr"))
	equal(t, p.texts("main .nothing"), []string{"Rien sur cette période."})
	for path, want := range map[string]int{"/sites/1/goals/9/report": 404, "/sites/1/goals/new/report": 404, "/sites/1/goals/order/report": 200} {
		if w := h.get(t, path, "en"); w.Code != want {
			t.Errorf("%s: status %d, want %d", path, w.Code, want)
		}
	}
}

// TestGoalOfFew: of a goal that too few reached, no table claims that nobody did.
func TestGoalOfFew(t *testing.T) {
	h := openHouse(t)
	h.count(t, detail{foule.DimGoal, "1", foule.DimTotal, "", foule.Metrics{foule.Visits: 1, foule.Visitors: 1, foule.Conversions: 1}})
	p := parse(t, h.get(t, "/sites/1/goals/1/report", "en"))
	equal(t, p.texts("#channels .nothing"), []string{"Too few visitors."})
}

// TestOptionalPanels: what a site does not have takes no room on its overview,
// and what it no longer counts neither.
func TestOptionalPanels(t *testing.T) {
	optional := []string{"search", "funnels", "shop", "carts", "contents", "speed", "dimensions"}
	panels := func(h *house, path string) (shown []string) {
		for _, n := range parse(t, h.get(t, path, "en")).all(".panel[id]") {
			if id, _ := attr(n, "id"); slices.Contains(optional, id) {
				shown = append(shown, id)
			}
		}
		return shown
	}
	h := openHouse(t)
	h.fill(t, 2, 2000)
	equal(t, panels(h, "/sites/1"), []string{"search", "funnels", "shop", "carts", "contents", "speed", "dimensions"})
	p := parse(t, h.get(t, "/sites/1", "en"))
	equal(t, p.texts("#dimensions .tabs a"), []string{"Member", "Room " + hostile})

	h = openHouse(t)
	h.count(t, detail{foule.DimTotal, "", foule.DimTotal, "", happened(5)})
	equal(t, panels(h, "/sites/1"), []string{"funnels", "dimensions"})
}

// TestBaskets: the parts of orders are no parts of a whole.
func TestBaskets(t *testing.T) {
	h := openHouse(t)
	h.count(t,
		detail{foule.DimTotal, "", foule.DimTotal, "", happened(50)},
		detail{foule.DimBasket, foule.LabelOrder, foule.DimTotal, "", foule.Metrics{foule.Conversions: 4, foule.Revenue: 40000, foule.Quantity: 6, foule.Visits: 4, foule.Visitors: 4}},
		detail{foule.DimBasket, foule.LabelTax, foule.DimTotal, "", foule.Metrics{foule.Revenue: 6000, foule.Visits: 4, foule.Visitors: 4}},
	)
	p := parse(t, h.get(t, "/sites/1/reports/baskets", "en"))
	equal(t, p.rows("tbody tr"), []string{"Orders | 4 | €400.00 | 6 | €100.00 | 4 | 4", "Taxes | 0 | €60.00 | 0 | – | 4 | 4"})
	if len(p.all("tfoot")) != 0 {
		t.Error("orders and their taxes are added up")
	}
}

func TestFunnelForms(t *testing.T) {
	h := openHouse(t)
	site := func() foule.Site {
		site, err := h.store.Site(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		return site
	}
	const path = "/sites/1/settings/funnels/"
	form := url.Values{
		"name": {"Visit"}, "kind_1": {"url"}, "pattern_type_1": {"regex"}, "pattern_1": {"("}, "name_1": {hostile},
		"kind_2": {"url"}, "kind_3": {"goal:9"},
	}
	p := parse(t, h.submit(t, path+"new", form, http.StatusUnprocessableEntity))
	if got := len(p.all("[role=alert] p")); got != 2 { // the expression, the goal that is not there
		t.Errorf("faults %q", p.texts("[role=alert] p"))
	}
	if typed, _ := attr(p.one("input[name=name_1]"), "value"); typed != hostile {
		t.Errorf("what was typed became %q", typed)
	}
	h.submit(t, path+"new", url.Values{"name": {"One"}, "kind_1": {"url"}, "pattern_1": {"/a"}}, http.StatusUnprocessableEntity)

	form.Set("pattern_1", "^/expositions")
	form.Set("kind_3", "goal:1")
	form.Set("kind_7", "event_action") // behind "more steps"
	form.Set("pattern_7", "play")
	h.submit(t, path+"new", form, http.StatusSeeOther)
	want := []foule.FunnelStep{
		{Name: hostile, Match: foule.MatchURL, Pattern: "^/expositions", PatternType: foule.PatternRegex},
		{Goal: 1},
		{Match: foule.MatchEventAction, Pattern: "play", PatternType: foule.PatternContains},
	}
	got := site().Funnels[2]
	if got.ID != 3 || got.Name != "Visit" || !slices.Equal(got.Steps, want) {
		t.Fatalf("stored %+v, want %+v", got, want)
	}
	// A step is taken out, the funnel switched off: then it stands on the overview no more.
	p = parse(t, h.get(t, path+"3", "en"))
	if got := len(p.all(".step-form")); got != len(want)+spareSteps {
		t.Errorf("%d steps in the form", got)
	}
	form.Set("kind_1", "")
	form.Set("off", "1")
	h.submit(t, path+"3", form, http.StatusSeeOther)
	if got := site().Funnels[2]; len(got.Steps) != 2 || !got.Off || len(site().Funnels) != 3 {
		t.Errorf("stored %+v", got)
	}
	h.submit(t, path+"9", form, http.StatusNotFound)
}

func TestDimensionForms(t *testing.T) {
	h := openHouse(t)
	const path = "/sites/1/settings/dimensions/"
	for _, row := range []struct {
		why  string
		form url.Values
	}{
		{"no name", url.Values{"name": {" "}, "scope": {"visit"}}},
		{"no number", url.Values{"name": {"Plan"}, "scope": {"visit"}, "number": {"zero"}}},
		{"number 0", url.Values{"name": {"Plan"}, "scope": {"visit"}, "number": {"0"}}},
		{"taken", url.Values{"name": {"Plan"}, "scope": {"visit"}, "number": {"3"}}},
	} {
		p := parse(t, h.submit(t, path+"new", row.form, http.StatusUnprocessableEntity))
		if got := len(p.all("[role=alert] p")); got != 1 {
			t.Errorf("%s: faults %q", row.why, p.texts("[role=alert] p"))
		}
	}
	h.submit(t, path+"new", url.Values{"name": {"Plan"}, "scope": {"visit"}, "number": {"12"}}, http.StatusSeeOther)
	h.submit(t, path+"3", url.Values{"name": {"Member"}, "scope": {"action"}, "number": {"77"}, "off": {"1"}}, http.StatusSeeOther)
	site, err := h.store.Site(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	want := slices.Clone(testSites[0].Dimensions)
	want[0].Off = true // number and scope stay
	want = append(want, foule.CustomDimension{ID: 12, Name: "Plan", Scope: foule.ScopeVisit, Slot: 2})
	if !slices.Equal(site.Dimensions, want) {
		t.Errorf("stored %+v, want %+v", site.Dimensions, want)
	}
	h.submit(t, path+"99", url.Values{"name": {"x"}}, http.StatusNotFound)
}

// TestReaderSeesFigures: who may read sees the reports, and no way to the settings.
func TestReaderSeesFigures(t *testing.T) {
	h := openHouse(t)
	h.fill(t, 2, 2000)
	_, err := h.store.AddUser(t.Context(), storage.User{Email: "reader@example.org", PasswordHash: testHash(), Role: storage.RoleRead})
	if err != nil {
		t.Fatal(err)
	}
	h.cookie = h.logIn(t, "reader@example.org")
	for path, want := range map[string]int{
		"/sites/1/flow?of=/tickets": 200, "/sites/1/speed": 200, "/sites/1/funnels/1": 200, "/sites/1/goals/1/report": 200,
		"/sites/1/settings/funnels/1": 403, "/sites/1/settings/dimensions/3": 403,
	} {
		w := h.get(t, path, "en")
		if w.Code != want || want == 200 && (strings.Contains(w.Body.String(), "/settings") || strings.Contains(w.Body.String(), `href="/sites/1/goals/1"`)) {
			t.Errorf("%s: status %d, want %d, or it offers settings", path, w.Code, want)
		}
	}
}
