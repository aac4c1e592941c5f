package anonymize

import (
	"math"
	"reflect"
	"testing"

	"foule.eu/foule"
)

// TestKind: download before outlink before custom event before content before
// search before page view; a ping or a manual conversion is nothing besides.
func TestKind(t *testing.T) {
	h := Hit{
		URL: "https://example.org/p?q=shoes", Ping: true, Goal: 1, Download: "https://example.org/f.pdf", Link: "https://out.example/",
		EventCategory: "c", EventAction: "a", ContentName: "n", HasSearch: true, Search: "boots",
	}
	for _, step := range []struct {
		kind    foule.Kind
		without func(*Hit)
	}{
		{foule.KindPing, func(h *Hit) { h.Ping = false }},
		{foule.KindConversion, func(h *Hit) { h.Goal = -1 }},
		{foule.KindDownload, func(h *Hit) { h.Download = "" }},
		{foule.KindOutlink, func(h *Hit) { h.Link = "" }},
		{foule.KindCustom, func(h *Hit) { h.EventAction = "" }},
		{foule.KindContent, func(h *Hit) { h.ContentName = "" }},
		{foule.KindSearch, func(h *Hit) { h.HasSearch = false }},
		{foule.KindSearch, func(h *Hit) { h.URL = "https://example.org/p" }},
		{foule.KindPageView, func(*Hit) {}},
	} {
		if e := eventOf(t, foule.Site{Goals: []foule.Goal{{ID: 1, Match: foule.MatchManual}}}, h); e.Kind != step.kind {
			t.Errorf("kind %d, want %d", e.Kind, step.kind)
		}
		step.without(&h)
	}
}

func TestLabels(t *testing.T) {
	const page = "https://example.org/p"
	for _, row := range []struct {
		name string
		hit  Hit
		want foule.Event
	}{
		{"a page view", Hit{URL: page, Title: " Jane.Doe@example.net\u202e "}, foule.Event{Kind: foule.KindPageView, Page: "/p", Title: "[email]"}},
		{"a page view without URL", Hit{Title: "T"}, foule.Event{Kind: foule.KindPageView, Title: "T"}},
		{"a download", Hit{URL: page, Title: "T", Download: "https://example.org/a.pdf?sid=1"}, foule.Event{Kind: foule.KindDownload, Target: "example.org/a.pdf"}},
		{"an outlink", Hit{URL: page, Link: "https://out.example/to?sid=1#x"}, foule.Event{Kind: foule.KindOutlink, Target: "out.example/to"}},
		{"a custom event", Hit{URL: page, EventCategory: "Video", EventAction: "play +33698765401", EventName: "Intro", EventValue: 1.2345, HasEventValue: true},
			foule.Event{Kind: foule.KindCustom, Custom: foule.CustomEvent{Category: "Video", Action: "play [phone]", Name: "Intro", ValueMilli: 1235, HasValue: true}}},
		{"a custom event without value", Hit{EventCategory: "c", EventAction: "a", EventValue: 9}, foule.Event{Kind: foule.KindCustom, Custom: foule.CustomEvent{Category: "c", Action: "a"}}},
		{"content", Hit{URL: page, ContentName: "n", ContentPiece: "p"}, foule.Event{Kind: foule.KindContent}},
		{"a search", Hit{URL: page, HasSearch: true, Search: "Red Shoes", SearchCategory: "shoes", SearchCount: 3}, foule.Event{Kind: foule.KindSearch, Search: foule.Search{Keyword: "Red Shoes", Category: "shoes"}}},
		{"a search in the URL", Hit{URL: page + "?x=1&Q=red+shoes", SearchCategory: "c"}, foule.Event{Kind: foule.KindSearch, Search: foule.Search{Keyword: "red shoes", Category: "c"}}},
		{"a search in the fragment", Hit{URL: page + "#/find?search=boots"}, foule.Event{Kind: foule.KindSearch, Search: foule.Search{Keyword: "boots"}}},
		{"an empty search is a page", Hit{URL: page + "?q=+&search="}, foule.Event{Kind: foule.KindPageView, Page: "/p"}},
		{"a search for somebody", Hit{URL: page + "?q=jane.doe%40example.net"}, foule.Event{Kind: foule.KindSearch, Search: foule.Search{Keyword: "[email]"}}},
	} {
		got := eventOf(t, foule.Site{}, row.hit)
		if got = (foule.Event{Kind: got.Kind, Page: got.Page, Title: got.Title, Target: got.Target, Search: got.Search, Custom: got.Custom}); !reflect.DeepEqual(got, row.want) {
			t.Errorf("%s:\n got %+v\nwant %+v", row.name, got, row.want)
		}
	}
	h := newHit(Hit{HasSearch: true, Search: "x"})
	h.SearchCount = 0
	if e, _ := pipeline(t).Event(&h, compile(t, foule.Site{})); !e.Search.NoResult {
		t.Error("a search that found nothing does not say so")
	}
}

func TestSearchSettings(t *testing.T) {
	for _, row := range []struct {
		name string
		site foule.Site
		want foule.Search
	}{
		{"default", foule.Site{}, foule.Search{Keyword: "second"}},
		{"own parameters, in their order", foule.Site{SearchParams: []string{"find", "q"}, SearchCategoryParams: []string{"in"}}, foule.Search{Keyword: "first", Category: "shop"}},
		{"off", foule.Site{NoSiteSearch: true, SearchParams: []string{"find"}}, foule.Search{}},
	} {
		if got := eventOf(t, row.site, Hit{URL: "https://example.org/?q=second&find=first&in=shop"}).Search; got != row.want {
			t.Errorf("%s: %+v, want %+v", row.name, got, row.want)
		}
	}
}

func TestGoals(t *testing.T) {
	const page = "https://example.org/Thank-You?order=77#done"
	view := Hit{URL: page, Title: "Thank you"}
	for _, row := range []struct {
		name string
		goal foule.Goal
		hit  Hit
		want bool
	}{
		{"url", foule.Goal{Match: foule.MatchURL, Pattern: "thank-you", PatternType: foule.PatternContains}, view, true},
		{"url, with case", foule.Goal{Match: foule.MatchURL, Pattern: "thank-you", PatternType: foule.PatternContains, CaseSensitive: true}, view, false},
		{"url, exact", foule.Goal{Match: foule.MatchURL, Pattern: page, PatternType: foule.PatternExact, CaseSensitive: true}, view, true},
		{"url, not exact", foule.Goal{Match: foule.MatchURL, Pattern: "/thank-you", PatternType: foule.PatternExact}, view, false},
		{"url, query and fragment before they are dropped", foule.Goal{Match: foule.MatchURL, Pattern: `order=\d+#DONE$`, PatternType: foule.PatternRegex}, view, true},
		{"url, regex with case", foule.Goal{Match: foule.MatchURL, Pattern: `#DONE$`, PatternType: foule.PatternRegex, CaseSensitive: true}, view, false},
		{"url, decoded", foule.Goal{Match: foule.MatchURL, Pattern: "/merci à vous", PatternType: foule.PatternContains}, Hit{URL: "https://example.org/merci%20%C3%A0%20vous"}, true},
		{"url of a search", foule.Goal{Match: foule.MatchURL, Pattern: "q=", PatternType: foule.PatternContains}, Hit{URL: "https://example.org/?q=x"}, true},
		{"url of an event", foule.Goal{Match: foule.MatchURL, Pattern: "thank", PatternType: foule.PatternContains}, Hit{URL: page, EventCategory: "c", EventAction: "a"}, false},
		{"url of a download", foule.Goal{Match: foule.MatchURL, Pattern: "thank", PatternType: foule.PatternContains}, Hit{URL: page, Download: "https://example.org/a"}, false},
		{"url of a ping", foule.Goal{Match: foule.MatchURL, Pattern: "thank", PatternType: foule.PatternContains}, Hit{URL: page, Ping: true}, false},
		{"title", foule.Goal{Match: foule.MatchTitle, Pattern: "THANK YOU", PatternType: foule.PatternExact}, view, true},
		{"title that is empty", foule.Goal{Match: foule.MatchTitle, Pattern: "", PatternType: foule.PatternContains}, Hit{URL: page}, false},
		{"file", foule.Goal{Match: foule.MatchFile, Pattern: ".pdf?v=", PatternType: foule.PatternContains}, Hit{Download: "https://example.org/a.pdf?v=1"}, true},
		{"outlink", foule.Goal{Match: foule.MatchOutlink, Pattern: "out.example", PatternType: foule.PatternContains}, Hit{Link: "https://out.example/"}, true},
		{"outlink of a download", foule.Goal{Match: foule.MatchOutlink, Pattern: "example", PatternType: foule.PatternContains}, Hit{Download: "https://example.org/a.pdf"}, false},
		{"event category", foule.Goal{Match: foule.MatchEventCategory, Pattern: "video", PatternType: foule.PatternExact}, Hit{EventCategory: "Video", EventAction: "play", EventName: "n"}, true},
		{"event action", foule.Goal{Match: foule.MatchEventAction, Pattern: "pl", PatternType: foule.PatternContains}, Hit{EventCategory: "Video", EventAction: "play"}, true},
		{"event name", foule.Goal{Match: foule.MatchEventName, Pattern: "^n$", PatternType: foule.PatternRegex}, Hit{EventCategory: "Video", EventAction: "play", EventName: "n"}, true},
		{"event name that is not there", foule.Goal{Match: foule.MatchEventName, Pattern: ".*", PatternType: foule.PatternRegex}, Hit{EventCategory: "Video", EventAction: "play"}, false},
		{"event name of a page view", foule.Goal{Match: foule.MatchEventName, Pattern: "n", PatternType: foule.PatternContains}, Hit{URL: page, EventName: "n"}, false},
		{"by hand only", foule.Goal{Match: foule.MatchManual, Pattern: "thank", PatternType: foule.PatternContains}, view, false},
		{"by hand", foule.Goal{Match: foule.MatchManual}, Hit{URL: page, Goal: 5}, true},
		{"by hand, of a pattern's goal", foule.Goal{Match: foule.MatchURL, Pattern: "nowhere", PatternType: foule.PatternContains}, Hit{URL: page, Goal: 5}, true},
		{"by hand, another goal", foule.Goal{Match: foule.MatchURL, Pattern: "thank", PatternType: foule.PatternContains}, Hit{URL: page, Goal: 6}, false},
	} {
		row.goal.ID = 5
		e := eventOf(t, foule.Site{Goals: []foule.Goal{row.goal}}, row.hit)
		if got := len(e.Conversions) == 1 && e.Conversions[0].Goal == 5; got != row.want || len(e.Conversions) > 1 {
			t.Errorf("%s: conversions %+v, want one: %t", row.name, e.Conversions, row.want)
		}
	}
}

func TestRevenue(t *testing.T) {
	url := foule.Goal{ID: 1, Match: foule.MatchURL, Pattern: "p", PatternType: foule.PatternContains, RevenueMinor: 500}
	event := foule.Goal{ID: 2, Match: foule.MatchEventAction, Pattern: "a", PatternType: foule.PatternExact, RevenueMinor: 700, EventValue: true}
	many := foule.Goal{ID: 3, Match: foule.MatchManual, Multiple: true, RevenueMinor: 900}
	site := foule.Site{Goals: []foule.Goal{url, event, many}}
	const page = "https://example.org/p"
	for _, row := range []struct {
		name string
		hit  Hit
		want []foule.Conversion
	}{
		{"the goal's", Hit{URL: page}, []foule.Conversion{{Goal: 1, RevenueMinor: 500}}},
		{"the request's", Hit{URL: page, Revenue: 12.345, HasRevenue: true}, []foule.Conversion{{Goal: 1, RevenueMinor: 1235}}},
		{"none, said so", Hit{URL: page, HasRevenue: true}, []foule.Conversion{{Goal: 1}}},
		{"the event's value", Hit{EventCategory: "c", EventAction: "a", EventValue: 3.5, HasEventValue: true, Revenue: 8, HasRevenue: true}, []foule.Conversion{{Goal: 2, RevenueMinor: 350}}},
		{"an event without value", Hit{EventCategory: "c", EventAction: "a"}, []foule.Conversion{{Goal: 2, RevenueMinor: 700}}},
		{"by hand, the goal's", Hit{Goal: 3}, []foule.Conversion{{Goal: 3, Multiple: true, RevenueMinor: 900}}},
		{"by hand, the request's", Hit{Goal: 3, Revenue: 1, HasRevenue: true}, []foule.Conversion{{Goal: 3, Multiple: true, RevenueMinor: 100}}},
		{"beyond all measure", Hit{Goal: 3, Revenue: math.Inf(1), HasRevenue: true}, []foule.Conversion{{Goal: 3, Multiple: true, RevenueMinor: 1e12}}},
		{"no goal of the site", Hit{Goal: 4}, nil},
	} {
		if got := eventOf(t, site, row.hit).Conversions; !reflect.DeepEqual(got, row.want) {
			t.Errorf("%s: %+v, want %+v", row.name, got, row.want)
		}
	}
	order := newHit(Hit{OrderID: "secret", Revenue: 99.99, HasRevenue: true})
	order.Goal = 0
	e, _ := pipeline(t).Event(&order, compile(t, site))
	if want := []foule.Conversion{{Multiple: true, RevenueMinor: 9999}}; e.Kind != foule.KindConversion || !reflect.DeepEqual(e.Conversions, want) {
		t.Errorf("an order: kind %d, %+v", e.Kind, e.Conversions)
	}
	order.OrderID = ""
	if e, _ = pipeline(t).Event(&order, compile(t, site)); len(e.Conversions) != 0 {
		t.Errorf("a cart converts: %+v", e.Conversions)
	}
}
