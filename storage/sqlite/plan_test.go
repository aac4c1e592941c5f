package sqlite

import (
	"testing"

	"foule.eu/foule"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestPlan(t *testing.T) {
	d := func(s string) foule.Day {
		day, err := foule.ParseDay(s)
		if err != nil {
			t.Fatal(err)
		}
		return day
	}
	days := func(from, to string, sign int64) part { return part{false, int64(d(from)), int64(d(to)), sign} }
	months := func(from, to string) part {
		return part{true, int64(d(from + "-01").Month()), int64(d(to + "-01").Month()), 1}
	}
	const today = "2026-04-20"
	for _, c := range []struct {
		name, from, to string
		want           []part
	}{
		{"a day", "2026-03-12", "2026-03-12", []part{days("2026-03-12", "2026-03-12", 1)}},
		{"a month", "2026-03-01", "2026-03-31", []part{months("2026-03", "2026-03")}},
		{"less than half a month", "2026-03-18", "2026-03-31", []part{days("2026-03-18", "2026-03-31", 1)}},
		{"most of a month", "2026-03-05", "2026-03-31", []part{days("2026-03-01", "2026-03-04", -1), months("2026-03", "2026-03")}},
		{"the middle of a month", "2026-03-03", "2026-03-29",
			[]part{days("2026-03-01", "2026-03-02", -1), days("2026-03-30", "2026-03-31", -1), months("2026-03", "2026-03")}},
		{"this month up to today", "2026-04-01", today, []part{months("2026-04", "2026-04")}},
		{"a year up to today", "2025-04-21", today, []part{days("2025-04-21", "2025-04-30", 1), months("2025-05", "2026-04")}},
		{"calendar year", "2025-01-01", "2025-12-31", []part{months("2025-01", "2025-12")}},
		{"the future", "2026-04-21", "2026-04-28", nil},
		{"backwards", "2026-04-21", "2026-04-20", nil},
	} {
		got := plan(d(c.from), d(c.to), d(today))
		if diff := cmp.Diff(c.want, got, cmp.AllowUnexported(part{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// The parts of a plan come to each day of the range once, and to no other day
// that can have rows.
func TestPlanCoversEachDayOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := foule.Day(rapid.Int32Range(20000, 20200).Draw(t, "from"))
		to := from + foule.Day(rapid.Int32Range(-2, 150).Draw(t, "length"))
		last := foule.Day(rapid.Int32Range(20000, 20400).Draw(t, "last"))
		times := map[foule.Day]int64{}
		for _, p := range plan(from, to, last) {
			a, b := foule.Day(p.from), foule.Day(p.to)
			if p.months {
				a, b = foule.Month(p.from).First(), foule.Month(p.to).Last()
			}
			for d := a; d <= b; d++ {
				times[d] += p.sign
			}
		}
		for d := foule.Day(19900); d <= last; d++ {
			want := int64(0)
			if from <= d && d <= to {
				want = 1
			}
			if times[d] != want {
				t.Errorf("%v counts %d times in %v to %v with rows up to %v", d, times[d], from, to, last)
			}
		}
	})
}
