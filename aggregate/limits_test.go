package aggregate

import (
	"fmt"
	"testing"

	"foule.eu/foule"
)

// TestVisitorLimit: visitors beyond the limit are left out and counted as such.
func TestVisitorLimit(t *testing.T) {
	settings := DefaultSettings
	settings.MaxVisitors = 2
	var events []foule.Event
	for i := range 10 {
		events = append(events, foule.Event{Site: 1, Day: 100, Time: noon, Visitor: uint32(i%5 + 1), Kind: foule.KindPageView, Page: "/", Channel: foule.ChannelDirect})
	}
	tb := newTables()
	tb.apply(play(New(), settings, 0, events))
	if total, out := tb.day(foule.DimTotal, ""), tb.day(foule.DimExcluded, ReasonVisitorLimit); total[foule.Hits] != 4 || total[foule.Visitors] != 2 || out[foule.Hits] != 6 {
		t.Errorf("counted %v, left out %v", total, out)
	}
}

// TestManyLabels: labels beyond the limit of a dimension or a visit are (other);
// nothing is lost.
func TestManyLabels(t *testing.T) {
	settings := DefaultSettings
	settings.MaxLabels = 700
	var events []foule.Event
	for i := range 2000 {
		events = append(events, foule.Event{Site: 1, Day: 100, Time: noon + int64(i), Visitor: uint32(i%2 + 1), Kind: foule.KindPageView, Page: fmt.Sprint("/", i), Channel: foule.ChannelDirect})
	}
	tb := newTables()
	tb.apply(play(New(), settings, 0, events))
	pages, hits := 0, int64(0)
	for r, m := range tb.days {
		if r.Dim == foule.DimPage && r.By == foule.DimTotal {
			pages++
			hits += m[foule.Hits]
		}
	}
	if hits != 2000 || pages > 701 {
		t.Errorf("%d page views under %d labels, want 2000 under at most 701", hits, pages)
	}
	if other := tb.day(foule.DimPage, foule.Other); other[foule.Hits] < 1000 {
		t.Errorf("(other) has %v", other)
	}
}

// TestVisitLimit: a program that asks for a new visit with every hit cannot
// make as many as it likes; what is beyond is left out and counted as such.
func TestVisitLimit(t *testing.T) {
	var events []foule.Event
	for i := range 5000 {
		events = append(events, foule.Event{
			Site: 1, Day: 100, Time: noon + int64(i), Visitor: 1, Kind: foule.KindPageView, NewVisit: true,
			Page: fmt.Sprint("/", i), Channel: foule.ChannelDirect,
		})
	}
	tb := newTables()
	tb.apply(play(New(), DefaultSettings, 0, events))
	total, out := tb.day(foule.DimTotal, ""), tb.day(foule.DimExcluded, ReasonVisitLimit)
	if total[foule.Visits] != maxVisits || total[foule.Visitors] != 1 || out[foule.Hits] != 5000-maxVisits {
		t.Errorf("counted %v, left out %v", total, out)
	}
}

// TestGoalsAreNeverOther: goals are the operator's; neither a busy visit nor a
// full dimension mixes them up.
func TestGoalsAreNeverOther(t *testing.T) {
	settings := DefaultSettings
	settings.MaxLabels = 1
	var hits []foule.Event
	for i := range 600 {
		hits = append(hits, foule.Event{Site: 1, Day: 100, Time: noon + int64(i), Visitor: 1, Kind: foule.KindPageView, Page: fmt.Sprint("/", i), Channel: foule.ChannelDirect})
	}
	for i := range 5 {
		hits[590+i].Conversions = []foule.Conversion{{Goal: 1, RevenueMinor: 100}, {Goal: 2, Multiple: true}}
	}
	tb := newTables()
	tb.apply(play(New(), settings, 0, hits))
	if one, two := tb.day(foule.DimGoal, "1"), tb.day(foule.DimGoal, "2"); one[foule.Conversions] != 1 || two[foule.Conversions] != 5 {
		t.Errorf("goal 1: %v, goal 2: %v", one, two)
	}
}
