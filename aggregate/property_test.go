package aggregate

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"foule.eu/foule"
	"foule.eu/foule/storage"
	"pgregory.net/rapid"
)

// tables is what a store would hold after some batches.
type tables struct {
	days    map[storage.DayRow]foule.Metrics
	hours   map[storage.HourRow]foule.Metrics
	minutes map[storage.MinuteRow]foule.Metrics
}

func newTables() *tables {
	return &tables{map[storage.DayRow]foule.Metrics{}, map[storage.HourRow]foule.Metrics{}, map[storage.MinuteRow]foule.Metrics{}}
}

func addTo[K comparable](m map[K]foule.Metrics, k K, d foule.Metrics) {
	sum := m[k]
	sum.Add(&d)
	if sum.IsZero() {
		delete(m, k)
		return
	}
	m[k] = sum
}

func (t *tables) apply(b *storage.Batch) {
	for _, r := range b.Days {
		d := r.Metrics
		r.Metrics = foule.Metrics{}
		addTo(t.days, r, d)
	}
	for _, r := range b.Hours {
		d := r.Metrics
		r.Metrics = foule.Metrics{}
		addTo(t.hours, r, d)
	}
	for _, r := range b.Minutes {
		d := r.Metrics
		r.Metrics = foule.Metrics{}
		addTo(t.minutes, r, d)
	}
}

func (t *tables) day(dim foule.Dimension, label string) foule.Metrics {
	return t.days[storage.DayRow{Site: 1, Day: 100, Dim: dim, Label: label}]
}

const noon = int64(100*86400 + 12*3600)

// world is what the sites of a stream promise. Visitors are told apart or not, or
// now and then, as on a site that changes its mind during the day or where only
// some give consent.
type world struct {
	nobodys int  // of ten hits, how many have no visitor
	consent bool // asked for: of visitors, the even ones give it
	quiet   bool // neither channels nor flows are collected
}

func someWorld(t *rapid.T) world {
	return world{
		nobodys: rapid.SampledFrom([]int{0, 5, 10}).Draw(t, "nobodys"),
		consent: rapid.Bool().Draw(t, "consent"), quiet: rapid.IntRange(0, 3).Draw(t, "quiet") == 0,
	}
}

func (w world) events(t *rapid.T, min, max int) []foule.Event {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) foule.Event {
		e := someEvent(t)
		if rapid.IntRange(1, 10).Draw(t, "nobody") <= w.nobodys {
			e.Visitor, e.Entry = 0, rapid.Bool().Draw(t, "entry")
		}
		if w.consent {
			e.Consent = foule.ConsentNo
			if e.Visitor != 0 && e.Visitor%2 == 0 {
				e.Consent = foule.ConsentYes
			}
		}
		if w.quiet {
			e.Channel, e.NoFlows, e.LocalHour = "", true, foule.NoHour
		}
		return e
	}), min, max).Draw(t, "events")
}

// someEvent draws an event of a small world, so that labels and visitors meet often.
func someEvent(t *rapid.T) foule.Event {
	pick := func(name string, of ...string) string { return rapid.SampledFrom(of).Draw(t, name) }
	e := foule.Event{
		Site: 1, Day: 100,
		Time:    noon + int64(rapid.IntRange(0, 3*3600).Draw(t, "time")),
		Visitor: uint32(rapid.IntRange(1, 12).Draw(t, "visitor")),
		Kind:    foule.Kind(rapid.IntRange(1, 8).Draw(t, "kind")),
		Page:    pick("page", "/", "/a", "/b", "/c", "/d"), Title: pick("title", "", "A", "B"),
		Channel: foule.ChannelDirect, Language: pick("language", "fr", "en"),
		NewVisit: rapid.IntRange(0, 9).Draw(t, "new") == 0,
	}
	e.ServerHour = uint8(e.Time / 3600 % 24)
	e.Place.Country = pick("country", "FR", "DE", "LI")
	e.Device = foule.Device{Type: pick("device", "desktop", "smartphone"), Browser: pick("browser", "Firefox", "Chrome"), BrowserVersion: pick("version", "1", "2")}
	switch rapid.IntRange(0, 4).Draw(t, "referrer") {
	case 0:
		e.Channel, e.Source = foule.ChannelSearch, pick("engine", "Google", "Bing")
	case 1:
		e.Channel, e.Campaign.Name = foule.ChannelCampaign, pick("campaign", "x", "y")
	}
	switch e.Kind {
	case foule.KindDownload, foule.KindOutlink:
		e.Target = pick("target", "h/1", "h/2")
	case foule.KindSearch:
		e.Search = foule.Search{Keyword: pick("keyword", "k", "l"), NoResult: true}
	case foule.KindCustom:
		e.Custom = foule.CustomEvent{Category: "c", Action: pick("action", "a", "b"), ValueMilli: 1500, HasValue: true}
	case foule.KindContent:
		e.Content = foule.Content{Name: pick("content", "c", "d"), Piece: pick("piece", "", "p"), Target: pick("aim", "", "t"), Interaction: rapid.Bool().Draw(t, "interaction")}
	case foule.KindConversion:
		e.Conversions = []foule.Conversion{{Goal: uint32(rapid.IntRange(0, 2).Draw(t, "goal")), Multiple: true, RevenueMinor: 250}}
		e.Basket = someBasket(t)
	}
	e.VisitValues = 0b101
	if rapid.Bool().Draw(t, "custom") {
		e.Values = []foule.CustomValue{
			{Dim: foule.DimVisitValue + foule.Dimension(2*rapid.IntRange(0, 1).Draw(t, "slot")), Text: pick("value", "", "gold", "silver")},
			{Dim: foule.DimActionValue, Text: pick("section", "", "s", "t")},
		}
	}
	if e.PageView = uint16(rapid.IntRange(0, 3).Draw(t, "page view")); rapid.Bool().Draw(t, "timed") {
		e.Timings.Set(foule.Timing(rapid.IntRange(0, foule.NumTimings-1).Draw(t, "timing")), uint32(rapid.IntRange(0, 3000).Draw(t, "millis")))
	}
	if rapid.Bool().Draw(t, "funnel") {
		e.Steps = []foule.Step{{Funnel: 1, Number: uint8(rapid.IntRange(1, 3).Draw(t, "step"))}}
	}
	return e
}

func someBasket(t *rapid.T) (b foule.Basket) {
	b.Kind = foule.BasketKind(rapid.IntRange(0, 3).Draw(t, "basket"))
	if b.Kind == foule.BasketNone {
		return b
	}
	b.Revenue, b.Tax = 1000, 190
	for range rapid.IntRange(0, 2).Draw(t, "products") {
		b.Products = append(b.Products, foule.Product{
			SKU: rapid.SampledFrom([]string{"", "1", "2"}).Draw(t, "sku"), Name: "shoe", Categories: []string{"a", "b", "a"}, Price: 500, Quantity: 2,
		})
	}
	return b
}

var smallSettings = []Settings{
	{K: 1, KFiltered: 3, MaxLabels: 100, MaxPairs: 100000, MaxVisitors: 100, VisitLength: 1800},
	{K: 5, KFiltered: 5, MaxLabels: 100, MaxPairs: 100000, MaxVisitors: 7, VisitLength: 1800},
	{K: 1, KFiltered: 1, MaxLabels: 2, MaxPairs: 40, MaxVisitors: 100, VisitLength: 1800},
	{K: 2, KFiltered: 3, MaxLabels: 3, MaxPairs: 100, MaxVisitors: 100, VisitLength: 600},
}

// TestInvariantsOnRandomStreams: whatever comes, at every flush the sums agree and
// no named row is about few; a twin that is restarted now and then gives the same
// batches.
func TestInvariantsOnRandomStreams(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		settings := rapid.SampledFrom(smallSettings).Draw(t, "settings")
		w := someWorld(t)
		state, twin, store := New(), New(), newTables()
		var all []foule.Event
		for seg := range rapid.IntRange(1, 6).Draw(t, "segments") {
			events := w.events(t, 0, 25)
			all = append(all, events...)
			batch := play(state, settings, seg, events)
			store.apply(batch)
			if again := play(twin, settings, seg, events); !reflect.DeepEqual(batch, again) {
				t.Fatalf("segment %d replayed gives another batch:\n%+v\n%+v", seg, batch, again)
			}
			if rapid.Bool().Draw(t, "restart") {
				twin = reload(t, twin)
			}
			store.checkSums(t, w)
			store.checkFilteredSums(t)
			store.checkUse(t)
			store.checkSmallNumbers(t, settings, all)
		}
	})
}

// TestShards: several states, each with visitors of its own, write to one store.
// Its sums agree, and a named row is named by a shard that has enough for it. Under
// one filter rows can be fewer than they would be with one state, since each of
// them names only what it has enough of; what is not named is under (other).
func TestShards(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		settings := rapid.SampledFrom(smallSettings).Draw(t, "settings")
		w := someWorld(t)
		n := rapid.IntRange(2, 4).Draw(t, "shards")
		store, states, own, all := newTables(), make([]*State, n), make([]*tables, n), make([][]foule.Event, n)
		for i := range n {
			states[i], own[i] = New(), newTables()
		}
		for seg := range rapid.IntRange(1, 4).Draw(t, "segments") {
			shares := make([][]foule.Event, n)
			for i, e := range w.events(t, 0, 60) {
				at := int(e.Visitor) % n
				if e.Visitor == 0 {
					at = i % n // there is no key by which to choose
				}
				shares[at] = append(shares[at], e)
			}
			for i := range n {
				batch := play(states[i], settings, seg, shares[i])
				store.apply(batch)
				own[i].apply(batch)
				all[i] = append(all[i], shares[i]...)
				own[i].checkSmallNumbers(t, settings, all[i])
				if rapid.Bool().Draw(t, "restart") {
					states[i] = reload(t, states[i])
				}
			}
			store.checkSums(t, w)
			for r := range store.days {
				if r.Label != foule.Other && !slices.ContainsFunc(own, func(tb *tables) bool { return tb.days[r] != (foule.Metrics{}) }) {
					t.Fatalf("%+v is named by no shard", r)
				}
			}
		}
	})
}

func play(s *State, settings Settings, seg int, events []foule.Event) *storage.Batch {
	s.Begin(settings, noon+4*3600+int64(seg))
	for i := range events {
		s.Add(&events[i])
	}
	return s.Close(fmt.Sprint("test/0/", seg))
}

// reload sends a state through its snapshot.
func reload(t *rapid.T, s *State) *State {
	bytes := s.Append(nil)
	loaded, err := Load(bytes)
	if err != nil {
		t.Fatalf("load: %v", err)
	}
	if again := loaded.Append(nil); !reflect.DeepEqual(bytes, again) {
		t.Fatal("a loaded snapshot writes other bytes")
	}
	return loaded
}

// summed are the metrics that add up over the labels of a visit dimension.
var summed = []foule.Metric{foule.Visits, foule.Hits, foule.Actions, foule.Bounces, foule.Seconds, foule.ConvertedVisits, foule.Conversions, foule.Revenue}

// under names the rows of a dimension under one label, or under all.
type under struct {
	dim, by foule.Dimension
	label   string
}

// checkSums holds invariant I3.
func (tb *tables) checkSums(t *rapid.T, w world) {
	total := tb.day(foule.DimTotal, "")
	plain := map[foule.Dimension]*foule.Metrics{}
	pairs := map[under]*foule.Metrics{}
	for r, m := range tb.days {
		if r.Dim.Info().Scope != foule.ScopeVisit {
			continue
		}
		if r.By == foule.DimTotal {
			sumInto(plain, r.Dim, m)
			continue
		}
		sumInto(pairs, under{r.Dim, r.By, ""}, m)
	}
	var hours foule.Metrics
	for r, m := range tb.hours {
		if r.Dim == foule.DimTotal {
			hours.Add(&m)
		}
	}
	compare(t, "hours", &hours, total)
	if total == (foule.Metrics{}) {
		return
	}
	for _, dim := range visitDims {
		if dim.IsVisitValue() && dim != foule.DimVisitValue && dim != foule.DimVisitValue+2 {
			continue // the site has the first and the third
		}
		if dim == foule.DimConsent && !w.consent {
			continue // the site does not ask for it
		}
		compare(t, fmt.Sprintf("labels of %s", dim), plain[dim], total)
		for _, by := range filterDims {
			if by != dim && twoWay[dim] && (by != foule.DimConsent || w.consent) {
				compare(t, fmt.Sprintf("labels of %s by %s", dim, by), pairs[under{dim, by, ""}], total)
			}
		}
	}
}

// checkFilteredSums holds it under each filter.
func (tb *tables) checkFilteredSums(t *rapid.T) {
	filtered := map[under]*foule.Metrics{}
	for r, m := range tb.days {
		if r.Dim.Info().Scope == foule.ScopeVisit && r.By.Info().Filter && r.ByLabel != foule.Other {
			sumInto(filtered, under{r.Dim, r.By, r.ByLabel}, m)
		}
	}
	for u, m := range filtered {
		compare(t, fmt.Sprintf("labels of %s under %s:%s", u.dim, u.by, u.label), m, tb.day(u.by, u.label))
	}
}

func sumInto[K comparable](sums map[K]*foule.Metrics, k K, m foule.Metrics) {
	if sums[k] == nil {
		sums[k] = &foule.Metrics{}
	}
	sums[k].Add(&m)
}

func compare(t *rapid.T, what string, got *foule.Metrics, want foule.Metrics) {
	if got == nil {
		t.Fatalf("%s: no rows", what)
	}
	for _, m := range summed {
		if got[m] != want[m] {
			t.Fatalf("%s: %s sums to %d, total is %d", what, m, got[m], want[m])
		}
	}
}

// checkUse holds that a row counts nothing but what its dimension uses: stores
// read nothing else.
func (tb *tables) checkUse(t *rapid.T) {
	hold := func(row any, m foule.Metrics, used []foule.Metric) {
		for _, u := range used {
			m[u] = 0
		}
		if !m.IsZero() {
			t.Fatalf("%+v counts %v beside %v", row, m, used)
		}
	}
	for r, m := range tb.days {
		hold(r, m, r.Dim.Metrics(r.By))
	}
	for r, m := range tb.hours {
		hold(r, m, r.Dim.Metrics(foule.DimTotal))
	}
}

// TestCuttingDoesNotMatter: the same events come to the same tables, however
// they are cut into segments.
func TestCuttingDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := someWorld(t).events(t, 1, 60)
		cut := rapid.IntRange(0, len(events)).Draw(t, "cut")
		settings := smallSettings[0]
		whole, parts := newTables(), newTables()
		whole.apply(play(New(), settings, 0, events))
		s := New()
		parts.apply(play(s, settings, 0, events[:cut]))
		parts.apply(play(s, settings, 0, events[cut:]))
		if !reflect.DeepEqual(whole, parts) {
			t.Fatalf("cut at %d:\n%v\nwhole:\n%v", cut, parts, whole)
		}
	})
}

func FuzzLoad(f *testing.F) {
	s := New()
	play(s, smallSettings[0], 0, []foule.Event{{Site: 1, Day: 100, Time: noon, Visitor: 1, Kind: foule.KindPageView, Page: "/", Channel: foule.ChannelDirect}})
	f.Add(s.Append(nil))
	play(s, smallSettings[0], 1, []foule.Event{{Site: 1, Day: 100, Time: noon, Entry: true, Kind: foule.KindPageView, Page: "/"}})
	f.Add(s.Append(nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		loaded, err := Load(b)
		if err == nil {
			play(loaded, smallSettings[0], 1, nil)
		}
	})
}
