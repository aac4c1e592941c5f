package anonymize

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"foule.eu/foule"
)

// TestBasket: orders, carts and products seen, scrubbed and bounded.
func TestBasket(t *testing.T) {
	items := []Item{{SKU: "S1", Name: "Boots of bob@example.org", Categories: []string{"Boots", "4111 1111 1111 1111"}, Price: 49.9, Quantity: 2}}
	want := []foule.Product{{SKU: "S1", Name: "Boots of [email]", Categories: []string{"Boots", "[number]"}, Price: 4990, Quantity: 2}}
	want[0].Categories[1] = compile(t, foule.Site{}).text("4111 1111 1111 1111")
	if want[0].Categories[1] == "4111 1111 1111 1111" {
		t.Error("a card number is not scrubbed")
	}
	for _, row := range []struct {
		name string
		hit  Hit
		want foule.Basket
	}{
		{"order", Hit{OrderID: "A", Revenue: 112.8, HasRevenue: true, Subtotal: 99.8, Tax: 8, Shipping: 5, Discount: 1, Items: items},
			foule.Basket{Kind: foule.BasketOrder, Revenue: 11280, Subtotal: 9980, Tax: 800, Shipping: 500, Discount: 100, Products: want}},
		{"cart", Hit{Revenue: 99.8, Tax: 8, Items: items}, foule.Basket{Kind: foule.BasketCart, Revenue: 9980, Products: want}},
		{"beyond all measure", Hit{Items: []Item{{SKU: "S", Price: 1e12, Quantity: 1000}}},
			foule.Basket{Kind: foule.BasketCart, Products: []foule.Product{{SKU: "S", Price: 1e9, Quantity: 1000}}}},
	} {
		h := newHit(row.hit)
		h.Goal = 0
		if e, _ := pipeline(t).Event(&h, compile(t, foule.Site{})); !reflect.DeepEqual(e.Basket, row.want) {
			t.Errorf("%s: %+v, want %+v", row.name, e.Basket, row.want)
		}
	}
	seen := eventOf(t, foule.Site{}, Hit{URL: "https://example.org/boots", Viewed: &items[0]}).Basket
	if !reflect.DeepEqual(seen, foule.Basket{Kind: foule.BasketView, Products: want}) {
		t.Errorf("seen: %+v", seen)
	}
	if e := eventOf(t, foule.Site{}, Hit{EventCategory: "c", EventAction: "a", Viewed: &items[0]}); e.Basket.Kind != foule.BasketNone {
		t.Errorf("an event shows products: %+v", e.Basket)
	}
}

// TestCustomDimensions: a site has those that it declares, under their slots.
func TestCustomDimensions(t *testing.T) {
	site := foule.Site{Dimensions: []foule.CustomDimension{
		{ID: 1, Name: "plan", Scope: foule.ScopeVisit, Slot: 3}, {ID: 2, Name: "section", Scope: foule.ScopeAction},
		{ID: 7, Name: "former", Scope: foule.ScopeVisit, Slot: 4, Off: true},
	}}
	e := eventOf(t, site, Hit{Dimensions: []Dimension{{1, "gold of bob@example.org"}, {2, ""}, {3, "x"}, {7, "x"}}})
	want := []foule.CustomValue{{Dim: foule.DimVisitValue + 3, Text: "gold of [email]"}, {Dim: foule.DimActionValue}}
	if !reflect.DeepEqual(e.Values, want) || e.VisitValues != 0b1000 {
		t.Errorf("%+v, mask %b; want %+v", e.Values, e.VisitValues, want)
	}
	for name, list := range map[string][]foule.CustomDimension{
		"without number":  {{Scope: foule.ScopeVisit}},
		"without scope":   {{ID: 1}},
		"one slot of two": {{ID: 1, Scope: foule.ScopeVisit}, {ID: 2, Scope: foule.ScopeVisit}},
		"one of two":      {{ID: 1, Scope: foule.ScopeVisit}, {ID: 1, Scope: foule.ScopeAction}},
		"too many":        {{ID: 1, Scope: foule.ScopeAction, Slot: foule.NumValues}},
	} {
		if _, err := CompileSite(foule.Site{Dimensions: list}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestFunnelSteps: a step is a goal, or a pattern as of a goal.
func TestFunnelSteps(t *testing.T) {
	page := func(p string) foule.FunnelStep {
		return foule.FunnelStep{Match: foule.MatchURL, Pattern: p, PatternType: foule.PatternContains}
	}
	site := foule.Site{
		Goals: []foule.Goal{{ID: 4, Match: foule.MatchManual}},
		Funnels: []foule.Funnel{
			{ID: 1, Steps: []foule.FunnelStep{page("/cart"), page("/pay"), {Goal: 4}}},
			{ID: 9, Steps: []foule.FunnelStep{page("/cart"), {Match: foule.MatchEventAction, Pattern: "Play", PatternType: foule.PatternExact}}},
		},
	}
	for _, row := range []struct {
		hit  Hit
		want []foule.Step
	}{
		{Hit{URL: "https://example.org/cart?step=1"}, []foule.Step{{Funnel: 1, Number: 1}, {Funnel: 9, Number: 1}}},
		{Hit{URL: "https://example.org/other"}, nil},
		{Hit{Goal: 4}, []foule.Step{{Funnel: 1, Number: 3}}},
		{Hit{EventCategory: "v", EventAction: "play"}, []foule.Step{{Funnel: 9, Number: 2}}},
		{Hit{URL: "https://example.org/cart", Ping: true}, nil},
	} {
		if e := eventOf(t, site, row.hit); !reflect.DeepEqual(e.Steps, row.want) {
			t.Errorf("%+v: %+v, want %+v", row.hit, e.Steps, row.want)
		}
	}
	for name, f := range map[string]foule.Funnel{
		"one step":        {ID: 1, Steps: []foule.FunnelStep{page("/a")}},
		"no number":       {Steps: []foule.FunnelStep{page("/a"), page("/b")}},
		"no such goal":    {ID: 1, Steps: []foule.FunnelStep{page("/a"), {Goal: 5}}},
		"an empty step":   {ID: 1, Steps: []foule.FunnelStep{page("/a"), page("")}},
		"no such pattern": {ID: 1, Steps: []foule.FunnelStep{page("/a"), {Match: foule.MatchURL, Pattern: "(", PatternType: foule.PatternRegex}}},
		"too many steps":  {ID: 1, Steps: make([]foule.FunnelStep, foule.MaxSteps+1)},
	} {
		if _, err := CompileSite(foule.Site{Funnels: []foule.Funnel{f}}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestContent: labels are scrubbed, and of a URL host and path stay.
func TestContent(t *testing.T) {
	e := eventOf(t, foule.Site{}, Hit{ContentName: "Banner", ContentPiece: "https://cdn.example.org/a.png?token=secret", ContentTarget: "/call?tel=1#now", ContentInteraction: "click"})
	want := foule.Content{Name: "Banner", Piece: "cdn.example.org/a.png", Target: "/call", Interaction: true}
	if e.Kind != foule.KindContent || e.Content != want {
		t.Errorf("%+v, want %+v", e.Content, want)
	}
}

// TestURLInText: of a text that is a URL no user, query or fragment stays,
// whatever the text is of; other texts stay as they are.
func TestURLInText(t *testing.T) {
	const in = "https://bob:pw@Example.org/a?token=secret#part"
	for want, h := range map[string]Hit{
		"example.org/a":          {ContentName: in},
		"/banner.png":            {ContentName: "/banner.png?token=secret"},
		"https://example.org/a":  {EventCategory: in, EventAction: "x"},
		"https://example.org/b?": {EventCategory: "why https://example.org/b?", EventAction: "x"},
		"https://example.org":    {EventCategory: "https://example.org", EventAction: "x"},
		"12:30 // a/b?":          {EventCategory: "12:30 // a/b?", EventAction: "x"},
	} {
		e := eventOf(t, foule.Site{}, h)
		if got := e.Content.Name + strings.TrimPrefix(e.Custom.Category, "why "); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestPageView: a page view has the same number each time, and another one in
// another process: it is no hash that anybody can make.
func TestPageView(t *testing.T) {
	one, two := NewSecrets(time.Hour, time.Now), NewSecrets(time.Hour, time.Now)
	if one.PageView("") != 0 {
		t.Error("what is no page view has a number")
	}
	seen, same := map[uint16]bool{}, 0
	for i := range 100 {
		id := fmt.Sprintf("page%02d", i)
		n := one.PageView(id)
		if n == 0 || n != one.PageView(id) {
			t.Errorf("%s has the numbers %d and %d", id, n, one.PageView(id))
		}
		if seen[n] = true; n == two.PageView(id) {
			same++
		}
	}
	if len(seen) < 90 || same > 10 {
		t.Errorf("100 page views have %d numbers, %d of them in two processes", len(seen), same)
	}
}

// TestMoreExclusions: patterns of agents, query parameters, referrers that send nobody.
func TestMoreExclusions(t *testing.T) {
	site := foule.Site{
		ExcludedAgents: []string{"/kiosk[0-9]+/", "Intranet"}, ExcludedQuery: []string{"preview", "mode=test"},
		ExcludedReferrers: []string{".paypal.com", "Pay.example"},
	}
	for _, row := range []struct {
		hit    Hit
		reason string
	}{
		{Hit{UserAgent: someAgent + " Kiosk12"}, ReasonAgent},
		{Hit{UserAgent: someAgent + " INTRANET"}, ReasonAgent},
		{Hit{UserAgent: someAgent + " Kiosk"}, ""},
		{Hit{URL: "https://example.org/?a=1&preview=0"}, ReasonQuery},
		{Hit{URL: "https://example.org/?mode=te%73t"}, ReasonQuery},
		{Hit{URL: "https://example.org/?mode=live&previews=1"}, ""},
		{Hit{UserAgent: "Mozilla/5.0 (compatible; GPTBot/1.2; +https://openai.com/gptbot)"}, ReasonAIBot},
		{Hit{UserAgent: "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"}, ReasonBot},
	} {
		e := eventOf(t, site, row.hit)
		if e.Reason != row.reason {
			t.Errorf("%+v: reason %q, want %q", row.hit, e.Reason, row.reason)
		}
		if bot := row.reason == ReasonBot || row.reason == ReasonAIBot; (e.Crawler != "") != bot {
			t.Errorf("%+v: crawler %q", row.hit, e.Crawler)
		}
	}
	for ref, want := range map[string]foule.Channel{
		"https://www.paypal.com/checkout": foule.ChannelDirect, "https://eu.paypal.com/": foule.ChannelDirect,
		"https://pay.example/x": foule.ChannelDirect, "https://notpay.example/x": foule.ChannelWebsite,
	} {
		if e := eventOf(t, site, Hit{Referrer: ref, URL: "https://example.org/"}); e.Channel != want || want == foule.ChannelDirect && e.Source != "" {
			t.Errorf("%s: %s %q, want %s", ref, e.Channel, e.Source, want)
		}
	}
	if _, err := CompileSite(foule.Site{ExcludedAgents: []string{"/(/"}}); err == nil {
		t.Error("a pattern that is none is taken")
	}
}

// TestOrderKeys: an order is known again by its day's key alone.
func TestOrderKeys(t *testing.T) {
	h := newHit(Hit{OrderID: "A-1"})
	h.Goal = 0
	p, site := pipeline(t), compile(t, foule.Site{})
	_, one := p.Event(&h, site)
	_, again := p.Event(&h, site)
	h.Time = h.Time.Add(24 * time.Hour)
	_, tomorrow := p.Event(&h, site)
	if one.Order == (Key{}) || one.Order != again.Order || one.Order == tomorrow.Order {
		t.Errorf("order keys: %x, %x, next day %x", one.Order, again.Order, tomorrow.Order)
	}
	h.Goal = 3
	if _, keys := p.Event(&h, site); keys.Order != (Key{}) {
		t.Error("what is no order has an order's key")
	}
}
