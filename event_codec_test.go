package foule

import (
	"reflect"
	"testing"
)

// fullEvent has every field set, so that a field the codec forgets shows up.
func fullEvent() Event {
	var dropped Dropped
	for _, name := range []string{DroppedQuery, "uid", "token"} {
		dropped.Add(name)
	}
	return Event{
		Site: 7, Day: 20159, Time: 1741766400, Visitor: 42, Kind: KindCustom, NewVisit: true, Entry: true, NoFlows: true, Consent: ConsentYes,
		ServerHour: 8, LocalHour: 9, Page: "/p", Title: "T",
		Channel: ChannelCampaign, Source: "s", ReferrerPage: "h/p",
		Campaign: Campaign{"n", "s", "m", "t", "c"},
		Place:    Place{"EU", "FR", "FR-IDF", "FR/Paris"}, Language: "fr",
		Device:     Device{"desktop", "Apple", "Safari", "17", "Mac", "10.15"},
		Resolution: "1x1", Target: "h/f.pdf",
		Search:      Search{"k", "c", true},
		Custom:      CustomEvent{"c", "a", "n", -1500, true},
		Conversions: []Conversion{{1, false, 1000, 0}, {2, true, -5, 600}},
		Steps:       []Step{{1, 2}, {300, 1}},
		Content:     Content{"n", "p", "t", true},
		Basket: Basket{BasketOrder, 1, 2, 3, 4, 5, []Product{
			{"sku", "name", []string{"a", "b"}, 1999, 2}, {"sku2", "", nil, -1, 1},
		}},
		PageView: 65535, Timings: Timings{0b101, [NumTimings]uint32{1, 0, 16_777_215}},
		Values: []CustomValue{{DimVisitValue, "v"}, {DimActionValue + NumValues - 1, ""}}, VisitValues: 0b11,
		Dropped: dropped,
	}
}

func TestEventRoundTrip(t *testing.T) {
	full := fullEvent()
	v := reflect.ValueOf(full)
	for i := range v.NumField() {
		if v.Field(i).IsZero() && v.Type().Field(i).Name != "Reason" && v.Type().Field(i).Name != "Crawler" {
			t.Errorf("fullEvent leaves %s unset", v.Type().Field(i).Name)
		}
	}
	for _, e := range []Event{full, {Kind: KindPageView}, {Kind: KindExcluded, Site: 1, Day: -3, Time: -5, Reason: "bot", Crawler: "GPTBot", Dropped: full.Dropped}} {
		var got Event
		if err := DecodeEvent(AppendEvent(nil, &e), &got); err != nil {
			t.Fatalf("%+v: %v", e, err)
		}
		if !reflect.DeepEqual(got, e) {
			t.Errorf("got  %+v\nwant %+v", got, e)
		}
	}
}

func TestDecodeEventRefusesDamage(t *testing.T) {
	e := fullEvent()
	whole := AppendEvent(nil, &e)
	for n := range whole {
		if err := DecodeEvent(whole[:n], new(Event)); err == nil {
			t.Errorf("the first %d of %d bytes decode without error", n, len(whole))
		}
	}
	if err := DecodeEvent(append(whole, 0), new(Event)); err == nil {
		t.Error("a trailing byte decodes without error")
	}
	// What AppendEvent would not write: a part about timings that knows of none.
	timed := AppendEvent(nil, &Event{Kind: KindPing, PageView: 1, Timings: Timings{Millis: [NumTimings]uint32{9}}})
	timed[len(timed)-NumTimings-2] = 0
	if err := DecodeEvent(timed, new(Event)); err == nil {
		t.Error("timings of nothing decode without error")
	}
}

// TestDroppedIsNames: a set holds names of the table, once and in order, and a
// record that says otherwise is refused.
func TestDroppedIsNames(t *testing.T) {
	seen := map[string]bool{}
	var all Dropped
	for n := range NumDropped {
		name := DroppedName(n)
		if seen[name] || !all.Add(name) || !all.Has(name) {
			t.Errorf("%q: twice in the table, or not to be added", name)
		}
		seen[name] = true
	}
	if NumDropped > 64*droppedWords {
		t.Fatalf("%d names do not fit %d bits", NumDropped, 64*droppedWords)
	}
	if all.Add("jane.doe@example.org") {
		t.Error("a made-up name is taken")
	}
	var some Dropped
	some.Add("uid")
	if rest := all.Without(&some); rest.Has("uid") || !rest.Has("cid") || some.String() != "[uid]" {
		t.Errorf("without uid: %s", rest)
	}
	e := Event{Kind: KindPageView, Dropped: all}
	var got Event
	if err := DecodeEvent(AppendEvent(nil, &e), &got); err != nil || got.Dropped != all {
		t.Errorf("all names: %s, %v", got.Dropped, err)
	}
	for name, list := range map[string][]byte{"twice": {2, 4, 4}, "falling": {2, 4, 3}, "unknown": {1, byte(NumDropped)}} {
		b := append(AppendEvent(nil, &Event{Kind: KindExcluded}), list...)
		b = append(b[:len(b)-len(list)-1], list...)
		if err := DecodeEvent(b, &got); err == nil {
			t.Errorf("%s: %v is taken", name, list)
		}
	}
}

func FuzzDecodeEvent(f *testing.F) {
	e := fullEvent()
	f.Add(AppendEvent(nil, &e))
	f.Add([]byte{eventVersion, 9, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0})
	f.Add(AppendEvent(nil, &Event{Kind: KindExcluded, Reason: "not_collected", Dropped: e.Dropped}))
	f.Fuzz(func(t *testing.T, b []byte) {
		var e, again Event
		if DecodeEvent(b, &e) != nil {
			return
		}
		if err := DecodeEvent(AppendEvent(nil, &e), &again); err != nil || !reflect.DeepEqual(e, again) {
			t.Fatalf("decoded %+v, again %+v, %v", e, again, err)
		}
	})
}

func BenchmarkEventCodec(b *testing.B) {
	e := fullEvent()
	b.Run("encode", func(b *testing.B) {
		b.ReportAllocs()
		var buf []byte
		for b.Loop() {
			buf = AppendEvent(buf[:0], &e)
		}
	})
	b.Run("decode", func(b *testing.B) {
		b.ReportAllocs()
		buf := AppendEvent(nil, &e)
		var got Event
		for b.Loop() {
			if err := DecodeEvent(buf, &got); err != nil {
				b.Fatal(err)
			}
		}
	})
}
