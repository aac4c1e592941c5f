package aggregate

import (
	"testing"

	"foule.eu/foule"
	"foule.eu/foule/storage"
)

// under gives a row of a two-way table.
func (t *tables) under(dim foule.Dimension, label string, by foule.Dimension, byLabel string) foule.Metrics {
	return t.days[storage.DayRow{Site: 1, Day: 100, Dim: dim, Label: label, By: by, ByLabel: byLabel}]
}

// openly plays a journey with every row written under its name.
func openly(hits ...hit) *tables {
	s, tb := New(), newTables()
	settings := DefaultSettings
	settings.KFiltered = 1
	for i, h := range hits {
		e := foule.Event{Site: 1, Day: 100, Time: noon + h.at, Visitor: 1, Kind: foule.KindPageView, Channel: foule.ChannelDirect}
		h.with(&e)
		tb.apply(play(s, settings, i, []foule.Event{e}))
	}
	return tb
}

func search(at int64, keyword string) hit {
	return kind(at, foule.KindSearch).and(func(e *foule.Event) { e.Search.Keyword = keyword })
}

// expect is a row that a journey has to come to; metrics left out are not looked at.
type expect struct {
	dim     foule.Dimension
	label   string
	by      foule.Dimension
	byLabel string
	want    map[foule.Metric]int64
}

func (tb *tables) check(t *testing.T, rows []expect) {
	t.Helper()
	for _, r := range rows {
		got := tb.under(r.dim, r.label, r.by, r.byLabel)
		for m, want := range r.want {
			if got[m] != want {
				t.Errorf("%s %q under %s %q: %s is %d, want %d", r.dim, r.label, r.by, r.byLabel, m, got[m], want)
			}
		}
	}
}

type counts = map[foule.Metric]int64

// TestFlow: what follows what (Matomo's Transitions). Events do not part pages,
// searches do, and a late hit follows nothing.
func TestFlow(t *testing.T) {
	tb := openly(
		view(0, "/a"), view(10, "/b"), view(20, "/b"), kind(25, foule.KindCustom), view(30, "/c"),
		search(40, "shoes"), view(50, "/d"), kind(60, foule.KindDownload).and(func(e *foule.Event) { e.Target = "h/f" }), view(70, "/e"),
		view(5, "/late"),
	)
	tb.check(t, []expect{
		{foule.DimNextPage, "/b", foule.DimPage, "/a", counts{foule.Hits: 1}},
		{foule.DimNextPage, "/b", foule.DimPage, "/b", counts{foule.Hits: 1}},
		{foule.DimNextPage, "/c", foule.DimPage, "/b", counts{foule.Hits: 1}},
		{foule.DimPreviousPage, "/b", foule.DimPage, "/c", counts{foule.Hits: 1, foule.Visitors: 1}},
		{foule.DimSearch, "shoes", foule.DimPage, "/c", counts{foule.Hits: 1}},
		{foule.DimSearch, "shoes", foule.DimTotal, "", counts{foule.Hits: 1, foule.Actions: 2}},
		{foule.DimPreviousSearch, "shoes", foule.DimPage, "/d", counts{foule.Hits: 1}},
		{foule.DimPageAfterSearch, "/d", foule.DimTotal, "", counts{foule.Hits: 1}},
		{foule.DimTitleAfterSearch, "title of /d", foule.DimTotal, "", counts{foule.Hits: 1}},
		{foule.DimNextPage, "/d", foule.DimPage, "/c", counts{foule.Hits: 0}},
		{foule.DimDownload, "h/f", foule.DimPage, "/d", counts{foule.Hits: 1}},
		{foule.DimNextPage, "/e", foule.DimPage, "/d", counts{foule.Hits: 1}},
		{foule.DimPreviousPage, "/e", foule.DimPage, "/late", counts{foule.Hits: 0}},
	})
}

// TestFlowOfFew: which page followed which stays unsaid of fewer than three visitors.
func TestFlowOfFew(t *testing.T) {
	tb := journey(view(0, "/a"), view(10, "/b"))
	if named := tb.under(foule.DimNextPage, "/b", foule.DimPage, "/a"); !named.IsZero() {
		t.Errorf("one visitor's way is written: %v", named)
	}
	if other := tb.under(foule.DimNextPage, foule.Other, foule.DimPage, foule.Other); other[foule.Hits] != 1 {
		t.Errorf("(other) has %v", other)
	}
}

func basket(at int64, b foule.Basket) hit {
	return kind(at, foule.KindConversion).and(func(e *foule.Event) {
		e.Basket = b
		if b.Kind == foule.BasketOrder {
			e.Conversions = []foule.Conversion{{Multiple: true, RevenueMinor: b.Revenue}}
		}
	})
}

func shoe(quantity int64) foule.Product {
	return foule.Product{SKU: "S1", Name: "Shoe", Categories: []string{"Shoes", "Sale"}, Price: 5000, Quantity: quantity}
}

func sock(quantity int64) foule.Product {
	return foule.Product{SKU: "S2", Name: "Sock", Price: 500, Quantity: quantity}
}

// TestBaskets: a cart takes the place of the one before; an order takes the
// cart; what is left is an abandoned cart (tracking.md §11).
func TestBaskets(t *testing.T) {
	seen := func(h hit) hit {
		return h.and(func(e *foule.Event) {
			e.Basket = foule.Basket{Kind: foule.BasketView, Products: []foule.Product{shoe(0)}}
		})
	}
	cart := func(revenue int64, p ...foule.Product) foule.Basket {
		return foule.Basket{Kind: foule.BasketCart, Revenue: revenue, Products: p}
	}
	order := foule.Basket{Kind: foule.BasketOrder, Revenue: 11500, Subtotal: 10000, Tax: 1000, Shipping: 500, Products: []foule.Product{shoe(1), shoe(1)}}
	left := []expect{
		{foule.DimCartProduct, "Sock", foule.DimTotal, "", counts{foule.Conversions: 1, foule.Quantity: 3, foule.Revenue: 1500, foule.Visitors: 1}},
		{foule.DimCartProduct, "Shoe", foule.DimTotal, "", counts{foule.Conversions: 0, foule.Visitors: 0, foule.Visits: 0}},
		{foule.DimBasket, foule.LabelCart, foule.DimTotal, "", counts{foule.Conversions: 1, foule.Quantity: 3, foule.Revenue: 1500}},
		{foule.DimTotal, "", foule.DimTotal, "", counts{foule.Conversions: 0, foule.Actions: 1}},
	}
	for _, test := range []struct {
		name string
		hits []hit
		want []expect
	}{
		{"the last cart counts", []hit{seen(view(0, "/shoe")), basket(10, cart(5000, shoe(1))), basket(20, cart(1500, sock(3)))}, left},
		{"an emptied cart is none", []hit{basket(0, cart(1500, sock(3))), basket(20, cart(0))}, []expect{
			{foule.DimBasket, foule.LabelCart, foule.DimTotal, "", counts{foule.Conversions: 0, foule.Visitors: 0}},
			{foule.DimCartSKU, "S2", foule.DimTotal, "", counts{foule.Conversions: 0, foule.Quantity: 0}},
		}},
		{"an order takes the cart", []hit{seen(view(0, "/shoe")), basket(10, cart(5000, shoe(1))), basket(20, order)}, []expect{
			{foule.DimBasket, foule.LabelCart, foule.DimTotal, "", counts{foule.Conversions: 0, foule.Revenue: 0}},
			{foule.DimBasket, foule.LabelOrder, foule.DimTotal, "", counts{foule.Conversions: 1, foule.Revenue: 11500, foule.Quantity: 2}},
			{foule.DimBasket, foule.LabelTax, foule.DimTotal, "", counts{foule.Revenue: 1000, foule.Conversions: 0}},
			{foule.DimProductSKU, "S1", foule.DimTotal, "", counts{foule.Conversions: 1, foule.Quantity: 2, foule.Revenue: 10000, foule.Hits: 1, foule.Visits: 1}},
			{foule.DimProductCategory, "Sale", foule.DimTotal, "", counts{foule.Conversions: 1, foule.Quantity: 2, foule.Hits: 1}},
			{foule.DimProduct, "Shoe", foule.DimChannel, "direct", counts{foule.Revenue: 10000}},
			{foule.DimTotal, "", foule.DimTotal, "", counts{foule.Conversions: 1, foule.Revenue: 11500}},
		}},
		{"what was ordered unseen has no visits", []hit{basket(0, order)}, []expect{
			{foule.DimProductSKU, "S1", foule.DimTotal, "", counts{foule.Conversions: 1, foule.Visits: 0, foule.Visitors: 1}},
		}},
	} {
		t.Run(test.name, func(t *testing.T) { openly(test.hits...).check(t, test.want) })
	}
}

func tookTime(h hit, id uint16, server, onload uint32) hit {
	return h.and(func(e *foule.Event) {
		e.PageView = id
		e.Timings.Set(foule.TimingServer, server)
		if onload > 0 {
			e.Timings.Set(foule.TimingOnLoad, onload)
		}
	})
}

// TestTimings: a later hit of the page view replaces what it brings and never
// adds (tracking.md §4.6).
func TestTimings(t *testing.T) {
	tb := openly(
		tookTime(view(0, "/a"), 1, 120, 0),
		tookTime(kind(1, foule.KindPing), 1, 180, 40), // corrects
		tookTime(view(10, "/b"), 2, 300, 0),
		tookTime(kind(20, foule.KindCustom), 9, 5000, 0), // of no page view known
		tookTime(kind(30, foule.KindPing), 0, 5000, 0),
		tookTime(view(40, "/a"), 0, 220, 0),
	)
	tb.check(t, []expect{
		{foule.DimTiming, "server", foule.DimTotal, "", counts{foule.Value: 180 + 300 + 220, foule.ValueCount: 3}},
		{foule.DimTiming, "on_load", foule.DimTotal, "", counts{foule.Value: 40, foule.ValueCount: 1}},
		{foule.DimTiming, foule.TimingLoad, foule.DimTotal, "", counts{foule.Value: 220 + 300 + 220, foule.ValueCount: 3}},
		{foule.DimPage, "/a", foule.DimTiming, "server", counts{foule.Value: 400, foule.ValueCount: 2}},
		{foule.DimTimingBucket, "server:200ms", foule.DimTotal, "", counts{foule.Hits: 1}},
		{foule.DimTimingBucket, "server:300ms", foule.DimTotal, "", counts{foule.Hits: 2}},
		{foule.DimTimingBucket, "server:5s", foule.DimTotal, "", counts{foule.Hits: 0}},
		{foule.DimLoadTime, "300ms", foule.DimTotal, "", counts{foule.Hits: 3}},
		{foule.DimLoadTime, "300ms", foule.DimChannel, "direct", counts{foule.Hits: 3}},
	})
}

// TestTimingsMove: timings stand under the visit's source also when that becomes known later.
func TestTimingsMove(t *testing.T) {
	tb := openly(tookTime(view(0, "/a"), 1, 120, 0), view(10, "/b").and(from(foule.ChannelSearch, "Bing")))
	tb.check(t, []expect{
		{foule.DimLoadTime, "200ms", foule.DimChannel, "search", counts{foule.Hits: 1, foule.Visitors: 1}},
		{foule.DimLoadTime, "200ms", foule.DimChannel, "direct", counts{foule.Hits: 0, foule.Visitors: 0}},
	})
}

func step(h hit, steps ...foule.Step) hit {
	return h.and(func(e *foule.Event) { e.Steps = steps })
}

// TestFunnel: steps count in order, each once in a visit.
func TestFunnel(t *testing.T) {
	one, two, three := foule.Step{Funnel: 7, Number: 1}, foule.Step{Funnel: 7, Number: 2}, foule.Step{Funnel: 7, Number: 3}
	tb := openly(
		step(view(0, "/pay"), two), // not begun
		step(view(10, "/cart"), one), step(view(20, "/cart"), one),
		step(view(30, "/done"), three), // one left out
		step(view(40, "/pay"), two), step(view(50, "/done"), three), step(view(60, "/done"), three),
		step(view(4000, "/cart"), one), // the next visit
	)
	tb.check(t, []expect{
		{foule.DimFunnelStep, "7/1", foule.DimTotal, "", counts{foule.Visits: 2, foule.Visitors: 1}},
		{foule.DimFunnelStep, "7/2", foule.DimTotal, "", counts{foule.Visits: 1}},
		{foule.DimFunnelStep, "7/3", foule.DimTotal, "", counts{foule.Visits: 1, foule.Hits: 1}},
		{foule.DimFunnelStep, "7/3", foule.DimChannel, "direct", counts{foule.Visits: 1}},
	})
}

func valued(h hit, values ...foule.CustomValue) hit {
	return h.and(func(e *foule.Event) { e.VisitValues, e.Values = 0b10, values })
}

// TestCustomDimensions: the last value is the visit's, an empty one takes it
// back; an action's is counted each time and gets its page's time.
func TestCustomDimensions(t *testing.T) {
	plan := func(s string) foule.CustomValue { return foule.CustomValue{Dim: foule.DimVisitValue + 1, Text: s} }
	section := func(s string) foule.CustomValue { return foule.CustomValue{Dim: foule.DimActionValue, Text: s} }
	tb := openly(
		valued(view(0, "/a"), plan("gold"), section("catalog")),
		valued(view(60, "/b"), plan("silver"), section("catalog")),
		valued(view(100, "/c"), section("")),
		valued(view(4000, "/d"), plan("gold")), valued(view(4010, "/d"), plan("")),
	)
	tb.check(t, []expect{
		{foule.DimVisitValue + 1, "silver", foule.DimTotal, "", counts{foule.Visits: 1, foule.Actions: 3}},
		{foule.DimVisitValue + 1, "gold", foule.DimTotal, "", counts{foule.Visits: 0, foule.Visitors: 0}},
		{foule.DimVisitValue + 1, "", foule.DimTotal, "", counts{foule.Visits: 1}},
		{foule.DimVisitValue, "", foule.DimTotal, "", counts{foule.Visits: 0}}, // not of this site
		{foule.DimActionValue, "catalog", foule.DimTotal, "", counts{foule.Hits: 2, foule.Visits: 1, foule.Seconds: 100}},
		{foule.DimActionValue, "", foule.DimTotal, "", counts{foule.Hits: 0}},
	})
}

// TestContent: impressions and interactions, of a name and of a piece under it.
func TestContent(t *testing.T) {
	of := func(at int64, piece string, interaction bool) hit {
		return kind(at, foule.KindContent).and(func(e *foule.Event) {
			e.Content = foule.Content{Name: "Banner", Piece: piece, Target: "h/t", Interaction: interaction}
		})
	}
	openly(of(0, "a", false), of(1, "a", false), of(2, "a", true), of(3, "b", false)).check(t, []expect{
		{foule.DimContentName, "Banner", foule.DimTotal, "", counts{foule.Hits: 3, foule.Interactions: 1, foule.Visits: 1}},
		{foule.DimContentPiece, "a", foule.DimContentName, "Banner", counts{foule.Hits: 2, foule.Interactions: 1}},
		{foule.DimContentPiece, "b", foule.DimTotal, "", counts{foule.Hits: 1, foule.Interactions: 0}},
		{foule.DimContentTarget, "h/t", foule.DimTotal, "", counts{foule.Hits: 3, foule.Interactions: 1}},
	})
}

// TestGoalsByCampaign: a goal's conversions stand under what brought the visit,
// and what brought it stands under the goal.
func TestGoalsByCampaign(t *testing.T) {
	openly(view(0, "/a").and(campaign("spring", "")), view(10, "/b").and(goal(3, true, 500)), view(20, "/b").and(goal(3, true, 500))).check(t, []expect{
		{foule.DimGoal, "3", foule.DimCampaign, "spring", counts{foule.Conversions: 2, foule.Revenue: 1000}},
		{foule.DimCampaign, "spring", foule.DimGoal, "3", counts{foule.Conversions: 2, foule.Revenue: 1000, foule.Visits: 1, foule.Visitors: 1}},
		{foule.DimEntryPage, "/a", foule.DimGoal, "3", counts{foule.Conversions: 2}},
	})
}

// TestCrawlers: a program that was left out is counted by its name as well.
func TestCrawlers(t *testing.T) {
	tb := newTables()
	tb.apply(play(New(), DefaultSettings, 0, []foule.Event{
		{Site: 1, Day: 100, Kind: foule.KindExcluded, Reason: "bot", Crawler: "GPTBot"}, {Site: 1, Day: 100, Kind: foule.KindExcluded, Reason: "bot"},
	}))
	tb.check(t, []expect{
		{foule.DimExcluded, "bot", foule.DimTotal, "", counts{foule.Hits: 2, foule.Visitors: 0}},
		{foule.DimCrawler, "GPTBot", foule.DimTotal, "", counts{foule.Hits: 1}},
	})
}
