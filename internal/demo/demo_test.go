package demo

import (
	"net/url"
	"slices"
	"testing"
	"time"
)

var now = time.Date(2026, 11, 24, 15, 0, 0, 0, time.UTC)

// TestDay: the same seed gives the same hits, in order, none after the end, and
// every one with what a tracking request needs.
func TestDay(t *testing.T) {
	day := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	for i, s := range Sites(now) {
		until := day.Add(18 * time.Hour)
		hits := s.Day(i+1, day, until, 7)
		if again := s.Day(i+1, day, until, 7); !slices.Equal(hits, again) {
			t.Errorf("%s: the same seed gives other hits", s.Name)
		}
		if len(hits) < s.Daily {
			t.Errorf("%s: %d hits for about %d visits", s.Name, len(hits), s.Daily)
		}
		if !slices.IsSortedFunc(hits, func(a, b Hit) int { return a.Time.Compare(b.Time) }) || !hits[len(hits)-1].Time.Before(until) {
			t.Errorf("%s: hits are out of order or late", s.Name)
		}
		for _, h := range hits {
			q, err := url.ParseQuery(h.Query[1:])
			if err != nil || q.Get("idsite") == "" || q.Get("rec") != "1" || q.Get("cdt") == "" || q.Get("url") == "" {
				t.Fatalf("%s: %s (%v)", s.Name, h.Query, err)
			}
		}
	}
}

// TestSpike: on one day everybody comes.
func TestSpike(t *testing.T) {
	s := Sites(now)[0]
	midnight := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	on := func(age int) int {
		day := midnight.AddDate(0, 0, -age)
		return len(s.Day(1, day, day.AddDate(0, 0, 1), 7))
	}
	if spike, before := on(s.SpikeAge), on(s.SpikeAge+1); spike < 2*before {
		t.Errorf("%d hits on the day of the spike, %d the day before", spike, before)
	}
}
