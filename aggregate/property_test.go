package aggregate

import (
	"fmt"
	"reflect"
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

func TestInvariantsOnRandomStreams(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		settings := rapid.SampledFrom(smallSettings).Draw(t, "settings")
		state, twin, store := New(), New(), newTables()
		for seg := range rapid.IntRange(1, 6).Draw(t, "segments") {
			events := rapid.SliceOfN(rapid.Custom(someEvent), 0, 25).Draw(t, "events")
			batch := play(state, settings, seg, events)
			store.apply(batch)
			if again := play(twin, settings, seg, events); !reflect.DeepEqual(batch, again) {
				t.Fatalf("segment %d replayed gives another batch:\n%+v\n%+v", seg, batch, again)
			}
			twin = reload(t, twin)
			store.checkSums(t)
			store.checkUse(t)
			store.checkSmallNumbers(t, settings)
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

// checkSums holds invariant I3.
func (tb *tables) checkSums(t *rapid.T) {
	total := tb.day(foule.DimTotal, "")
	plain := map[foule.Dimension]*foule.Metrics{}
	type under struct {
		dim, by foule.Dimension
		label   string
	}
	filtered := map[under]*foule.Metrics{}
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
		sumInto(filtered, under{r.Dim, r.By, r.ByLabel}, m)
	}
	var hours foule.Metrics
	for r, m := range tb.hours {
		if r.Dim == foule.DimTotal {
			hours.Add(&m)
		}
	}
	compare(t, "hours", &hours, total)
	if total[foule.Visits] == 0 {
		return
	}
	for _, dim := range visitDims {
		if dim.IsVisitValue() && dim != foule.DimVisitValue && dim != foule.DimVisitValue+2 {
			continue // the site has the first and the third
		}
		if dim == foule.DimConsent {
			continue // the site does not ask for it
		}
		compare(t, fmt.Sprintf("labels of %s", dim), plain[dim], total)
		for _, by := range filterDims {
			if by != dim && by != foule.DimConsent {
				compare(t, fmt.Sprintf("labels of %s by %s", dim, by), pairs[under{dim, by, ""}], total)
			}
		}
	}
	for u, m := range filtered {
		if u.label != foule.Other && u.by.Info().Filter {
			compare(t, fmt.Sprintf("labels of %s under %s:%s", u.dim, u.by, u.label), m, tb.day(u.by, u.label))
		}
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

// checkSmallNumbers holds that no named row is about fewer than k visitors.
func (tb *tables) checkSmallNumbers(t *rapid.T, s Settings) {
	for r, m := range tb.days {
		k := s.K
		if r.By != foule.DimTotal {
			k = s.KFiltered
			if by := tb.day(r.By, r.ByLabel); r.ByLabel != foule.Other && by[foule.Visitors] < int64(k) {
				t.Fatalf("%+v stands under a label of %d visitors", r, by[foule.Visitors])
			}
		}
		if r.Dim.Info().Scope != foule.ScopeNone && r.Label != foule.Other && m[foule.Visitors] < int64(k) {
			t.Fatalf("%+v is about %d visitors", r, m[foule.Visitors])
		}
	}
	for r, m := range tb.hours {
		if r.Dim != foule.DimTotal && r.Label != foule.Other && m[foule.Visitors] < int64(s.KFiltered) {
			t.Fatalf("%+v is about %d visitors", r, m[foule.Visitors])
		}
	}
}

// TestCuttingDoesNotMatter: the same events come to the same tables, however
// they are cut into segments.
func TestCuttingDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := rapid.SliceOfN(rapid.Custom(someEvent), 1, 60).Draw(t, "events")
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
	f.Fuzz(func(t *testing.T, b []byte) {
		loaded, err := Load(b)
		if err == nil {
			play(loaded, smallSettings[0], 1, nil)
		}
	})
}
