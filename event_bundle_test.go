package foule

import (
	"reflect"
	"testing"
)

func TestBundle(t *testing.T) {
	one, two := fullEvent(), Event{Kind: KindExcluded, Site: 2, Reason: "bot"}
	want := Part{Import: 7, Request: 1 << 63}
	b := AppendBundled(AppendBundled(AppendBundle(nil, want), &one), &two)
	var events []Event
	p, err := EachEvent(b, func(e *Event) { events = append(events, *e) })
	if err != nil || p != want || !reflect.DeepEqual(events, []Event{one, two}) {
		t.Errorf("%+v, %v, %+v", p, err, events)
	}
	events = nil
	if p, err = EachEvent(AppendEvent(nil, &one), func(e *Event) { events = append(events, *e) }); err != nil || p != (Part{}) || len(events) != 1 {
		t.Errorf("a single event: %+v, %v, %d events", p, err, len(events))
	}
	for n := range b {
		if _, err := EachEvent(b[:n], func(*Event) {}); err == nil && n != 17 && n != 17+4+len(AppendEvent(nil, &one)) {
			t.Errorf("the first %d of %d bytes decode without error", n, len(b))
		}
	}
}

func FuzzEachEvent(f *testing.F) {
	e := fullEvent()
	f.Add(AppendBundled(AppendBundle(nil, Part{1, 2}), &e))
	f.Add(AppendEvent(nil, &e))
	f.Fuzz(func(t *testing.T, b []byte) { _, _ = EachEvent(b, func(*Event) {}) })
}
