package sqlite

import (
	"math"
	"testing"

	"foule.eu/foule"
)

// Files are written in this order: it may only grow at its end.
func TestPlaces(t *testing.T) {
	want := []string{
		"visits", "visitors", "hits", "actions", "bounces", "seconds", "entries", "entry_bounces", "exits",
		"converted_visits", "conversions", "revenue", "value", "value_count",
		"interactions", "quantity",
	}
	for i, m := range places {
		if i >= len(want) || m.String() != want[i] {
			t.Errorf("place %d holds %v", i, m)
		}
	}
	seen := map[foule.Metric]bool{}
	for _, m := range places {
		if seen[m] {
			t.Errorf("%v has two places", m)
		}
		seen[m] = true
	}
}

func TestCountsText(t *testing.T) {
	for _, c := range []struct {
		m    foule.Metrics
		want string
	}{
		{foule.Metrics{}, ""},
		{foule.Metrics{foule.Visits: 1}, "1"},
		{foule.Metrics{foule.Visitors: 12}, "0,12"},
		{foule.Metrics{foule.Visits: 3, foule.Visitors: 2, foule.Seconds: 90}, "3,2,0,0,0,90"},
		{foule.Metrics{foule.ValueCount: 1, foule.Value: -1500}, "0,0,0,0,0,0,0,0,0,0,0,0,-1500,1"},
		{foule.Metrics{foule.Visits: math.MinInt64, foule.Visitors: math.MaxInt64}, "-9223372036854775808,9223372036854775807"},
	} {
		if got := countsText(&c.m); got != c.want {
			t.Errorf("countsText(%v) = %q, want %q", c.m, got, c.want)
		}
		var back foule.Metrics
		if err := addCounts(&back, c.want); err != nil || back != c.m {
			t.Errorf("addCounts(%q) = %v, %v, want %v", c.want, back, err, c.m)
		}
	}
}

var malformedCounts = []string{
	",", "1,", ",1", "1,,2", "-", "1-", "--1", "x", "1 ", " 1", "+1", "1.5", "1,2,x", "12345678901234567890",
	"1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1", // more places than there are metrics
}

func TestMalformedCounts(t *testing.T) {
	for _, text := range malformedCounts {
		if err := addCounts(new(foule.Metrics), text); err == nil {
			t.Errorf("addCounts(%q): no error", text)
		}
	}
}

// Whatever is read without an error reads the same after being written again.
func FuzzCounts(f *testing.F) {
	for _, text := range append(malformedCounts, "", "1", "0,-12", "1,2,3,4,5,6,7,8,9,10,11,12,13,14") {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var m, back foule.Metrics
		if addCounts(&m, text) != nil {
			return
		}
		if err := addCounts(&back, countsText(&m)); err != nil || back != m {
			t.Errorf("%q reads %v, then %v, %v", text, m, back, err)
		}
	})
}
