package report

import (
	"strings"
	"time"

	"foule.eu/foule"
)

// presets name the ranges that people ask for most; all end today or before.
var presets = []struct {
	name string
	days func(today foule.Day) (from, to foule.Day)
}{
	{"today", func(t foule.Day) (foule.Day, foule.Day) { return t, t }},
	{"yesterday", func(t foule.Day) (foule.Day, foule.Day) { return t - 1, t - 1 }},
	{"7d", func(t foule.Day) (foule.Day, foule.Day) { return t - 6, t }},
	{"30d", func(t foule.Day) (foule.Day, foule.Day) { return t - 29, t }},
	{"month", func(t foule.Day) (foule.Day, foule.Day) { return t.Month().First(), t }},
	{"last-month", func(t foule.Day) (foule.Day, foule.Day) { m := t.Month() - 1; return m.First(), m.Last() }},
	{"year", func(t foule.Day) (foule.Day, foule.Day) { return firstOfYear(t), t }},
}

// Presets lists the names that ParseRange knows, in order of display.
func Presets() []string {
	names := make([]string, len(presets))
	for i, p := range presets {
		names[i] = p.name
	}
	return names
}

// ParseRange reads a range of days, both ends included: a preset ("7d" and
// "30d" include today; "month" and "year" run from their first day to today),
// a day ("2026-03-12") or two ("2026-03-01,2026-03-31"). A fault is a
// [*BadQuestion] on the field from or to.
func ParseRange(text string, today foule.Day) (from, to foule.Day, err error) {
	for _, p := range presets {
		if p.name == text {
			from, to = p.days(today)
			return from, to, nil
		}
	}
	first, last, two := strings.Cut(text, ",")
	if from, err = foule.ParseDay(first); err != nil {
		return 0, 0, bad("from", "want YYYY-MM-DD or one of %s", strings.Join(Presets(), ", "))
	}
	if !two {
		return from, from, nil
	}
	if to, err = foule.ParseDay(last); err != nil {
		return 0, 0, bad("to", "want YYYY-MM-DD")
	}
	return from, to, checkRange(from, to)
}

// Previous gives the range to compare with. Whole months (so also quarters and
// years) are compared with as many months before; a month or year up to some
// day with the same part of the one before; anything else, and always a single
// day or a week of days, with the range of the same length just before.
func Previous(from, to foule.Day) (foule.Day, foule.Day) {
	days := to - from + 1
	switch {
	case days == 1 || days == 7 || from != from.Month().First():
		return from - days, from - 1
	case to == to.Month().Last():
		months := to.Month() - from.Month() + 1
		return (from.Month() - months).First(), from - 1
	case from.Month() == to.Month():
		return (from.Month() - 1).First(), monthsBefore(to, 1)
	case from == firstOfYear(to):
		return firstOfYear(from - 1), monthsBefore(to, 12)
	}
	return from - days, from - 1
}

// monthsBefore gives the same day of an earlier month, or that month's last
// day when it is too short.
func monthsBefore(d foule.Day, months foule.Month) foule.Day {
	m := d.Month() - months
	_, _, day := d.Date()
	return min(m.First()+foule.Day(day-1), m.Last())
}

func firstOfYear(d foule.Day) foule.Day {
	year, _, _ := d.Date()
	return foule.DayFromDate(year, time.January, 1)
}

func checkRange(from, to foule.Day) error {
	switch {
	case to < from:
		return bad("to", "the range ends before it begins")
	case to-from >= MaxDays:
		return bad("from", "the range is longer than %d days", MaxDays)
	}
	return nil
}
