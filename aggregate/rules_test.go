package aggregate

import (
	"slices"
	"testing"

	"foule.eu/foule"
)

// hit is one step of a journey: seconds after noon, then what it does.
type hit struct {
	at   int64
	with func(*foule.Event)
}

func view(at int64, page string) hit {
	return hit{at, func(e *foule.Event) { e.Page, e.Title = page, "title of "+page }}
}

func kind(at int64, k foule.Kind) hit { return hit{at, func(e *foule.Event) { e.Kind = k }} }

func (h hit) and(change func(*foule.Event)) hit {
	return hit{h.at, func(e *foule.Event) { h.with(e); change(e) }}
}

func campaign(name, term string) func(*foule.Event) {
	return func(e *foule.Event) {
		e.Channel, e.Campaign.Name, e.Campaign.Term = foule.ChannelCampaign, name, term
	}
}

func from(c foule.Channel, source string) func(*foule.Event) {
	return func(e *foule.Event) { e.Channel, e.Source = c, source }
}

func goal(id uint32, multiple bool, revenue int64) func(*foule.Event) {
	return func(e *foule.Event) {
		e.Conversions = append(e.Conversions, foule.Conversion{Goal: id, Multiple: multiple, RevenueMinor: revenue})
	}
}

// journey plays the hits of one visitor, in the order given and each in a
// segment of its own, and gives the tables.
func journey(hits ...hit) *tables {
	s, tb := New(), newTables()
	for i, h := range hits {
		e := foule.Event{Site: 1, Day: 100, Time: noon + h.at, Visitor: 1, Kind: foule.KindPageView, Channel: foule.ChannelDirect}
		h.with(&e)
		tb.apply(play(s, DefaultSettings, i, []foule.Event{e}))
	}
	return tb
}

// TestVisitRules: Matomo's rules of visits (tracking.md §6 and §7).
func TestVisitRules(t *testing.T) {
	type row struct {
		dim   foule.Dimension
		label string
		want  foule.Metrics
	}
	for _, test := range []struct {
		name string
		hits []hit
		want []row
	}{
		{"one page view is a bounce without length",
			[]hit{view(0, "/a")},
			[]row{
				{foule.DimTotal, "", foule.Metrics{foule.Visitors: 1, foule.Visits: 1, foule.Hits: 1, foule.Actions: 1, foule.Bounces: 1}},
				{foule.DimPage, "/a", foule.Metrics{foule.Visitors: 1, foule.Visits: 1, foule.Hits: 1, foule.Entries: 1, foule.EntryBounces: 1, foule.Exits: 1}},
				{foule.DimDepth, "1", foule.Metrics{foule.Visitors: 1, foule.Visits: 1, foule.Hits: 1, foule.Actions: 1, foule.Bounces: 1}},
			}},
		{"29:59 later is the same visit; time goes to the page before",
			[]hit{view(0, "/a"), view(1799, "/b")},
			[]row{
				{foule.DimTotal, "", foule.Metrics{foule.Visitors: 1, foule.Visits: 1, foule.Hits: 2, foule.Actions: 2, foule.Seconds: 1800}},
				{foule.DimPage, "/a", foule.Metrics{foule.Visitors: 1, foule.Visits: 1, foule.Hits: 1, foule.Seconds: 1799, foule.Entries: 1}},
				{foule.DimPage, "/b", foule.Metrics{foule.Visitors: 1, foule.Visits: 1, foule.Hits: 1, foule.Exits: 1}},
				{foule.DimExitPage, "/a", foule.Metrics{}},
				{foule.DimDuration, "15-30min", foule.Metrics{foule.Visitors: 1, foule.Visits: 1, foule.Hits: 2, foule.Actions: 2, foule.Seconds: 1800}},
				{foule.DimDuration, "0-10s", foule.Metrics{}},
			}},
		{"30:00 later is another visit of the same visitor",
			[]hit{view(0, "/a"), view(1800, "/a")},
			[]row{
				{foule.DimTotal, "", foule.Metrics{foule.Visitors: 1, foule.Visits: 2, foule.Hits: 2, foule.Actions: 2, foule.Bounces: 2}},
				{foule.DimPage, "/a", foule.Metrics{foule.Visitors: 1, foule.Visits: 2, foule.Hits: 2, foule.Entries: 2, foule.EntryBounces: 2, foule.Exits: 2}},
			}},
		{"a ping lengthens the visit but not its window",
			[]hit{view(0, "/a"), kind(1200, foule.KindPing), view(1900, "/b")},
			[]row{{foule.DimTotal, "", foule.Metrics{foule.Visitors: 1, foule.Visits: 2, foule.Hits: 2, foule.Actions: 2, foule.Bounces: 2, foule.Seconds: 1201}}}},
		{"a late ping does not move a visit's start",
			[]hit{view(300, "/a"), kind(0, foule.KindPing)},
			[]row{{foule.DimTotal, "", foule.Metrics{foule.Visitors: 1, foule.Visits: 1, foule.Hits: 1, foule.Actions: 1, foule.Bounces: 1}}}},
		{"a ping alone starts nothing",
			[]hit{kind(0, foule.KindPing)},
			[]row{{foule.DimTotal, "", foule.Metrics{}}}},
		{"new_visit=1 starts a visit",
			[]hit{view(0, "/a"), view(60, "/b").and(func(e *foule.Event) { e.NewVisit = true })},
			[]row{{foule.DimTotal, "", foule.Metrics{foule.Visitors: 1, foule.Visits: 2, foule.Hits: 2, foule.Actions: 2, foule.Bounces: 2}}}},
		{"another campaign starts a visit, the same does not",
			[]hit{view(0, "/a").and(campaign("x", "")), view(10, "/a").and(campaign("x", "")), view(20, "/a").and(campaign("y", "")), view(30, "/a").and(campaign("y", "term"))},
			[]row{
				{foule.DimTotal, "", foule.Metrics{foule.Visitors: 1, foule.Visits: 3, foule.Hits: 4, foule.Actions: 4, foule.Bounces: 2, foule.Seconds: 11}},
				{foule.DimCampaign, "y", foule.Metrics{foule.Visitors: 1, foule.Visits: 2, foule.Hits: 2, foule.Actions: 2, foule.Bounces: 2}},
			}},
		{"a direct visit is upgraded by a later referrer, not split, and only once",
			[]hit{view(0, "/a"), view(10, "/b").and(from(foule.ChannelSearch, "Bing")), view(20, "/c").and(from(foule.ChannelSocial, "X"))},
			[]row{
				{foule.DimChannel, "direct", foule.Metrics{}},
				{foule.DimChannel, "social", foule.Metrics{}},
				{foule.DimSource, "Bing", foule.Metrics{foule.Visitors: 1, foule.Visits: 1, foule.Hits: 3, foule.Actions: 3, foule.Seconds: 21}},
			}},
		{"events, downloads and outlinks are actions; content and conversions are not",
			[]hit{view(0, "/a"), kind(5, foule.KindCustom), kind(10, foule.KindDownload).and(func(e *foule.Event) { e.Target = "h/f" }), kind(20, foule.KindOutlink), kind(30, foule.KindContent), kind(40, foule.KindConversion).and(goal(1, false, 500))},
			[]row{
				{foule.DimTotal, "", foule.Metrics{foule.Visitors: 1, foule.Visits: 1, foule.Hits: 1, foule.Actions: 4, foule.Seconds: 41, foule.ConvertedVisits: 1, foule.Conversions: 1, foule.Revenue: 500}},
				{foule.DimPage, "/a", foule.Metrics{foule.Visitors: 1, foule.Visits: 1, foule.Hits: 1, foule.Seconds: 25, foule.Entries: 1, foule.Exits: 1}},
				{foule.DimDownload, "h/f", foule.Metrics{foule.Visitors: 1, foule.Visits: 1, foule.Hits: 1}},
			}},
		{"an event can start a visit; the entry is the first page view",
			[]hit{kind(0, foule.KindCustom), view(10, "/a"), view(20, "/b")},
			[]row{
				{foule.DimTotal, "", foule.Metrics{foule.Visitors: 1, foule.Visits: 1, foule.Hits: 2, foule.Actions: 3, foule.Seconds: 21}},
				{foule.DimEntryPage, "/a", foule.Metrics{foule.Visitors: 1, foule.Visits: 1, foule.Hits: 2, foule.Actions: 3, foule.Seconds: 21}},
				{foule.DimEntryPage, "", foule.Metrics{}},
			}},
		{"a goal counts once a visit unless it may repeat",
			[]hit{view(0, "/a").and(goal(1, false, 100)), view(10, "/b").and(goal(1, false, 100)), view(20, "/c").and(goal(2, true, 7)), view(30, "/c").and(goal(2, true, 7))},
			[]row{
				{foule.DimGoal, "1", foule.Metrics{foule.Visitors: 1, foule.Visits: 1, foule.ConvertedVisits: 1, foule.Conversions: 1, foule.Revenue: 100}},
				{foule.DimGoal, "2", foule.Metrics{foule.Visitors: 1, foule.Visits: 1, foule.ConvertedVisits: 1, foule.Conversions: 2, foule.Revenue: 14}},
			}},
		{"late hits find their visit and move its entry",
			[]hit{view(600, "/b"), view(0, "/a"), view(300, "/m")},
			[]row{
				{foule.DimTotal, "", foule.Metrics{foule.Visitors: 1, foule.Visits: 1, foule.Hits: 3, foule.Actions: 3, foule.Seconds: 601}},
				{foule.DimEntryPage, "/a", foule.Metrics{foule.Visitors: 1, foule.Visits: 1, foule.Hits: 3, foule.Actions: 3, foule.Seconds: 601}},
				{foule.DimExitPage, "/b", foule.Metrics{foule.Visitors: 1, foule.Visits: 1, foule.Hits: 3, foule.Actions: 3, foule.Seconds: 601}},
			}},
	} {
		t.Run(test.name, func(t *testing.T) {
			tb := journey(test.hits...)
			for _, r := range test.want {
				if got := tb.day(r.dim, r.label); got != r.want {
					t.Errorf("%s %q:\n got %v\nwant %v", r.dim, r.label, got, r.want)
				}
			}
		})
	}
}

// TestNowIsTheLastActiveMinute: a visit stands in one minute row, the last.
func TestNowIsTheLastActiveMinute(t *testing.T) {
	live := func(h hit) hit {
		return h.and(func(e *foule.Event) { e.Time += 4 * 3600 }) // play's segments begin four hours after noon
	}
	tb := journey(live(view(0, "/a")), live(view(90, "/b")))
	if len(tb.minutes) != 1 {
		t.Fatalf("minute rows: %v", tb.minutes)
	}
	for r, m := range tb.minutes {
		if r.Minute != (noon+4*3600+90)/60 || m[foule.Visits] != 1 || m[foule.Visitors] != 1 {
			t.Errorf("minute row %+v: %v", r, m)
		}
	}
}

// TestForgettingKeepsBusyDays: a day that is still being hit stays, a day that
// is over goes.
func TestForgettingKeepsBusyDays(t *testing.T) {
	s := New()
	at := func(now int64, days ...foule.Day) {
		s.Begin(DefaultSettings, now)
		for _, d := range days {
			s.Add(&foule.Event{Site: 1, Day: d, Time: int64(d) * 86400, Visitor: 1, Kind: foule.KindPageView, Channel: foule.ChannelDirect})
		}
		s.Close("t")
	}
	inMemory := func() (days []foule.Day) {
		for _, d := range s.sorted() {
			days = append(days, d.day)
		}
		return
	}
	at(noon, 100, 50)
	at(noon+1801, 100)
	if got := inMemory(); !slices.Equal(got, []foule.Day{100}) {
		t.Errorf("after an idle half hour: %v", got)
	}
	at(noon+86400, 101)
	if got := inMemory(); !slices.Equal(got, []foule.Day{100, 101}) {
		t.Errorf("next noon: %v", got)
	}
	at(noon+86400+10*3600, 101)
	if got := inMemory(); !slices.Equal(got, []foule.Day{101}) {
		t.Errorf("next night: %v", got)
	}
	var many []foule.Day
	for d := foule.Day(0); d < 2*maxOldDays; d++ {
		many = append(many, d)
	}
	at(noon+86400+10*3600+1, many...)
	if got := len(inMemory()); got != maxOldDays+1 {
		t.Errorf("an import of %d days keeps %d", len(many), got)
	}
}
