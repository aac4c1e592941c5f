package aggregate

import (
	"testing"

	"foule.eu/foule"
)

// nobodys makes hits those of a site that tells nobody apart.
func nobodys(hits ...hit) (of []hit) {
	for _, h := range hits {
		of = append(of, h.and(func(e *foule.Event) { e.Visitor = 0 }))
	}
	return of
}

func entry(h hit) hit { return h.and(func(e *foule.Event) { e.Entry = true }) }

func inCountry(h hit, code string) hit { return h.and(func(e *foule.Event) { e.Place.Country = code }) }

// TestHitsOfNobody: without visitors, visits begin where a hit comes from
// elsewhere, everything else is counted hit by hit, and what only a visit could
// tell stays 0 or "".
func TestHitsOfNobody(t *testing.T) {
	order := foule.Basket{Kind: foule.BasketOrder, Revenue: 5000, Products: []foule.Product{shoe(1)}}
	cart := foule.Basket{Kind: foule.BasketCart, Revenue: 500, Products: []foule.Product{sock(1)}}
	tb := openly(nobodys(
		inCountry(entry(view(0, "/a")).and(from(foule.ChannelSearch, "Bing")), "FR"),
		inCountry(view(10, "/b").and(goal(1, false, 100)), "FR"),
		inCountry(view(20, "/b").and(goal(1, false, 100)), "FR"),
		kind(25, foule.KindPing),
		kind(30, foule.KindDownload).and(func(e *foule.Event) { e.Target = "h/f" }).and(from(foule.ChannelSearch, "Bing")),
		search(40, "shoes"),
		kind(50, foule.KindCustom),
		basket(60, order), basket(70, cart),
		step(view(80, "/c"), foule.Step{Funnel: 7, Number: 1}),
		inCountry(entry(view(90, "/a")), "DE"),
	)...)
	all := counts{foule.Visitors: 0, foule.Visits: 2, foule.Hits: 5, foule.Actions: 8, foule.Bounces: 0, foule.Seconds: 0,
		foule.ConvertedVisits: 0, foule.Conversions: 3, foule.Revenue: 5200}
	tb.check(t, []expect{
		{foule.DimTotal, "", foule.DimTotal, "", all},
		{foule.DimExitPage, "", foule.DimTotal, "", all},
		{foule.DimDuration, "", foule.DimTotal, "", all},
		{foule.DimDepth, "", foule.DimTotal, "", all},
		{foule.DimCountry, "FR", foule.DimTotal, "", counts{foule.Visits: 1, foule.Hits: 3, foule.Conversions: 2, foule.Visitors: 0}},
		{foule.DimCountry, "DE", foule.DimTotal, "", counts{foule.Visits: 1, foule.Hits: 1}},
		{foule.DimChannel, "search", foule.DimTotal, "", counts{foule.Visits: 1, foule.Hits: 1, foule.Actions: 1}},
		{foule.DimChannel, "direct", foule.DimTotal, "", counts{foule.Visits: 1, foule.Hits: 1}},
		{foule.DimChannel, "", foule.DimTotal, "", counts{foule.Visits: 0, foule.Hits: 3, foule.Actions: 6}},
		{foule.DimEntryPage, "/a", foule.DimTotal, "", counts{foule.Visits: 2, foule.Hits: 2}},
		{foule.DimEntryPage, "", foule.DimTotal, "", counts{foule.Visits: 0, foule.Hits: 3}},
		{foule.DimPage, "/a", foule.DimTotal, "", counts{foule.Visits: 2, foule.Hits: 2, foule.Entries: 2, foule.EntryBounces: 0, foule.Exits: 0}},
		{foule.DimPage, "/b", foule.DimTotal, "", counts{foule.Visits: 0, foule.Hits: 2, foule.Entries: 0, foule.Exits: 0}},
		{foule.DimPage, "/b", foule.DimCountry, "FR", counts{foule.Hits: 2}},
		{foule.DimGoal, "1", foule.DimTotal, "", counts{foule.Conversions: 2, foule.Revenue: 200}},
		{foule.DimGoal, OrderGoal, foule.DimTotal, "", counts{foule.Conversions: 1}},
		{foule.DimDownload, "h/f", foule.DimTotal, "", counts{foule.Hits: 1}},
		{foule.DimSearch, "shoes", foule.DimTotal, "", counts{foule.Hits: 1, foule.Actions: 0}},
		{foule.DimBasket, foule.LabelOrder, foule.DimTotal, "", counts{foule.Conversions: 1, foule.Revenue: 5000}},
		{foule.DimBasket, foule.LabelCart, foule.DimTotal, "", counts{foule.Conversions: 0}},
		{foule.DimFunnelStep, "7/1", foule.DimTotal, "", counts{foule.Hits: 0}},
	})
	for r := range tb.days {
		if r.Dim == foule.DimNextPage || r.Dim == foule.DimPreviousPage || r.By == foule.DimPage {
			t.Errorf("it is known what followed what: %+v", r)
		}
	}
}

// TestNobodyTakesNoMemory: a million hits of nobody are as large as one of each sort.
func TestNobodyTakesNoMemory(t *testing.T) {
	s := New()
	settings := DefaultSettings
	var sizes []int
	for seg := range 3 {
		var events []foule.Event
		for i := range 1000 {
			events = append(events, foule.Event{Site: 1, Day: 100, Time: noon + int64(i%60), Kind: foule.KindPageView, Page: "/", Entry: i%3 == 0})
		}
		play(s, settings, seg, events)
		sizes = append(sizes, len(s.days[dayKey{1, 100}].visitors), len(s.days[dayKey{1, 100}].cells.all))
	}
	if sizes[0] != 0 || sizes[4] != 0 || sizes[1] != sizes[5] {
		t.Errorf("visitors and cells after each thousand hits: %v", sizes)
	}
	if s.MaxVisitor(1, 100) != 0 {
		t.Error("nobody has a number")
	}
}

// TestNobodysMinutes: a visit stands in the minute in which it began.
func TestNobodysMinutes(t *testing.T) {
	live := func(h hit) hit {
		return h.and(func(e *foule.Event) { e.Time += 4 * 3600 })
	}
	tb := journey(nobodys(live(entry(view(0, "/a"))), live(view(30, "/b")), live(view(90, "/c")), live(entry(view(100, "/a"))))...)
	if len(tb.minutes) != 2 {
		t.Fatalf("minute rows: %v", tb.minutes)
	}
	for r, m := range tb.minutes {
		if m[foule.Visits] != 1 || m[foule.Visitors] != 0 {
			t.Errorf("minute row %+v: %v", r, m)
		}
	}
}

// TestSmallNumbersOfNobody: where nobody is known, k hits name a label, and hits
// and visitors are not added up.
func TestSmallNumbersOfNobody(t *testing.T) {
	settings := Settings{K: 3, KFiltered: 3, MaxLabels: 100, MaxPairs: 1000, MaxVisitors: 100, VisitLength: 1800}
	s, tb := New(), newTables()
	at := func(seg int, visitors ...uint32) {
		var events []foule.Event
		for _, v := range visitors {
			events = append(events, foule.Event{Site: 1, Day: 100, Time: noon, Visitor: v, Kind: foule.KindPageView, Page: "/rare", Channel: foule.ChannelDirect})
		}
		tb.apply(play(s, settings, seg, events))
	}
	named := func() bool { return !isZero(tb.day(foule.DimPage, "/rare")) }
	at(0, 0, 0, 7, 8)
	if named() {
		t.Error("two hits of nobody and two visitors name a page")
	}
	at(1, 0)
	if got := tb.day(foule.DimPage, "/rare"); !named() || got[foule.Hits] != 5 || got[foule.Visitors] != 2 {
		t.Errorf("three hits of nobody name no page: %v", got)
	}
	if got := tb.day(foule.DimPage, foule.Other); !isZero(got) {
		t.Errorf("(other) is left with %v", got)
	}
}

func isZero(m foule.Metrics) bool { return m.IsZero() }

// TestDropped: what was dropped is counted by name, of hits that are left out too.
func TestDropped(t *testing.T) {
	var two, one foule.Dropped
	two.Add("uid")
	two.Add("gclid")
	one.Add("uid")
	s, tb := New(), newTables()
	for seg := range 2 {
		tb.apply(play(s, Settings{K: 5, KFiltered: 5, MaxLabels: 1, MaxPairs: 10, MaxVisitors: 10, VisitLength: 1800}, seg, []foule.Event{
			{Site: 1, Day: 100, Time: noon, Visitor: 1, Kind: foule.KindPageView, Dropped: two},
			{Site: 1, Day: 100, Time: noon, Kind: foule.KindPageView, Dropped: one},
			{Site: 1, Day: 100, Time: noon, Kind: foule.KindExcluded, Reason: "not_collected", Dropped: two},
		}))
		if loaded, err := Load(s.Append(nil)); err != nil {
			t.Fatal(err)
		} else {
			s = loaded
		}
	}
	tb.check(t, []expect{
		{foule.DimDropped, "uid", foule.DimTotal, "", counts{foule.Hits: 6, foule.Visitors: 0}},
		{foule.DimDropped, "gclid", foule.DimTotal, "", counts{foule.Hits: 4}},
		{foule.DimExcluded, "not_collected", foule.DimTotal, "", counts{foule.Hits: 2}},
	})
}

// TestWithoutChannels: a direct visit is upgraded by a source or a campaign also
// where nobody asks for channels, and another campaign begins another visit.
func TestWithoutChannels(t *testing.T) {
	quiet := func(h hit, source, campaign string) hit {
		return h.and(func(e *foule.Event) { e.Channel, e.Source, e.Campaign.Name = "", source, campaign })
	}
	openly(quiet(view(0, "/a"), "", ""), quiet(view(10, "/b"), "google.com", ""), quiet(view(20, "/c"), "bing.com", "")).check(t, []expect{
		{foule.DimSource, "google.com", foule.DimTotal, "", counts{foule.Visits: 1, foule.Hits: 3}},
		{foule.DimSource, "", foule.DimTotal, "", counts{foule.Visits: 0}},
		{foule.DimChannel, "", foule.DimTotal, "", counts{foule.Visits: 1, foule.Hits: 3}},
	})
	openly(quiet(view(0, "/a"), "", "x"), quiet(view(10, "/a"), "", "x"), quiet(view(20, "/a"), "", "y")).check(t, []expect{
		{foule.DimCampaign, "x", foule.DimTotal, "", counts{foule.Visits: 1, foule.Hits: 2}},
		{foule.DimCampaign, "y", foule.DimTotal, "", counts{foule.Visits: 1}},
	})
}

// TestWithoutFlows: nothing is said of what was seen or done before and after a page.
func TestWithoutFlows(t *testing.T) {
	quiet := func(hits ...hit) (of []hit) {
		for _, h := range hits {
			of = append(of, h.and(func(e *foule.Event) { e.NoFlows = true }))
		}
		return of
	}
	tb := openly(quiet(view(0, "/a"), view(10, "/b"), search(20, "shoes"), view(30, "/c"),
		kind(40, foule.KindDownload).and(func(e *foule.Event) { e.Target = "h/f" }))...)
	for r := range tb.days {
		switch {
		case r.By == foule.DimPage, r.Dim == foule.DimPageAfterSearch, r.Dim == foule.DimTitleAfterSearch:
			t.Errorf("%+v", r)
		}
	}
	tb.check(t, []expect{
		{foule.DimSearch, "shoes", foule.DimTotal, "", counts{foule.Hits: 1, foule.Actions: 0}},
		{foule.DimDownload, "h/f", foule.DimTotal, "", counts{foule.Hits: 1}},
		{foule.DimPage, "/a", foule.DimTotal, "", counts{foule.Seconds: 10}},
	})
}

// TestConsent: visits with and without consent are told apart where the site asks,
// and only there; an hour that is not collected is none.
func TestConsent(t *testing.T) {
	asked := func(h hit, visitor uint32, c foule.Consent) hit {
		return h.and(func(e *foule.Event) { e.Visitor, e.Consent, e.LocalHour = visitor, c, foule.NoHour })
	}
	tb := openly(asked(view(0, "/a"), 1, foule.ConsentNo), asked(view(0, "/a"), 2, foule.ConsentYes), asked(view(9, "/b"), 2, foule.ConsentYes),
		asked(view(0, "/a"), 0, foule.ConsentNo), asked(view(0, "/a"), 3, foule.ConsentUnasked))
	tb.check(t, []expect{
		{foule.DimConsent, "no", foule.DimTotal, "", counts{foule.Visits: 1, foule.Visitors: 1, foule.Hits: 2}},
		{foule.DimConsent, "yes", foule.DimTotal, "", counts{foule.Visits: 1, foule.Visitors: 1, foule.Hits: 2}},
		{foule.DimConsent, "", foule.DimTotal, "", counts{foule.Visits: 0, foule.Hits: 0}},
		{foule.DimPage, "/a", foule.DimConsent, "yes", counts{foule.Hits: 1}},
		{foule.DimLocalHour, "", foule.DimTotal, "", counts{foule.Visits: 3, foule.Hits: 5}},
	})
}
