package report_test

import (
	"errors"
	"testing"

	"foule.eu/foule"
	"foule.eu/foule/report"
)

func day(t *testing.T, s string) foule.Day {
	t.Helper()
	d, err := foule.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestParseRange(t *testing.T) {
	today := day(t, "2026-03-12")
	for _, row := range []struct{ text, from, to string }{
		{"today", "2026-03-12", "2026-03-12"},
		{"yesterday", "2026-03-11", "2026-03-11"},
		{"7d", "2026-03-06", "2026-03-12"},
		{"30d", "2026-02-11", "2026-03-12"},
		{"month", "2026-03-01", "2026-03-12"},
		{"last-month", "2026-02-01", "2026-02-28"},
		{"year", "2026-01-01", "2026-03-12"},
		{"2025-12-24", "2025-12-24", "2025-12-24"},
		{"2025-12-24,2026-01-06", "2025-12-24", "2026-01-06"},
	} {
		from, to, err := report.ParseRange(row.text, today)
		if err != nil || from.String() != row.from || to.String() != row.to {
			t.Errorf("%s is %s to %s, %v; want %s to %s", row.text, from, to, err, row.from, row.to)
		}
	}
	for _, row := range []struct{ text, field string }{
		{"", "from"},
		{"tomorrow", "from"},
		{"2026-02-30", "from"},
		{"2026-03-01,", "to"},
		{"2026-03-02,2026-03-01", "to"},
		{"2000-01-01,2026-03-01", "from"},
	} {
		_, _, err := report.ParseRange(row.text, today)
		var bad *report.BadQuestion
		if !errors.As(err, &bad) || bad.Field != row.field {
			t.Errorf("%q gives %v; want a fault of %s", row.text, err, row.field)
		}
	}
}

func TestPrevious(t *testing.T) {
	for _, row := range []struct{ name, from, to, wantFrom, wantTo string }{
		{"a day", "2026-03-12", "2026-03-12", "2026-03-11", "2026-03-11"},
		{"the first of a month", "2026-03-01", "2026-03-01", "2026-02-28", "2026-02-28"},
		{"a week", "2026-03-06", "2026-03-12", "2026-02-27", "2026-03-05"},
		{"a week from the first", "2026-03-01", "2026-03-07", "2026-02-22", "2026-02-28"},
		{"thirty days", "2026-02-11", "2026-03-12", "2026-01-12", "2026-02-10"},
		{"a month", "2026-03-01", "2026-03-31", "2026-02-01", "2026-02-28"},
		{"february", "2026-02-01", "2026-02-28", "2026-01-01", "2026-01-31"},
		{"a quarter", "2026-01-01", "2026-03-31", "2025-10-01", "2025-12-31"},
		{"a year", "2025-01-01", "2025-12-31", "2024-01-01", "2024-12-31"},
		{"a month so far", "2026-03-01", "2026-03-12", "2026-02-01", "2026-02-12"},
		{"a long month so far", "2026-03-01", "2026-03-30", "2026-02-01", "2026-02-28"},
		{"a year so far", "2026-01-01", "2026-03-12", "2025-01-01", "2025-03-12"},
		{"a leap year so far", "2024-01-01", "2024-02-28", "2023-01-01", "2023-02-28"},
		{"from a first to anywhere", "2026-02-01", "2026-03-12", "2025-12-23", "2026-01-31"},
	} {
		from, to := report.Previous(day(t, row.from), day(t, row.to))
		if from.String() != row.wantFrom || to.String() != row.wantTo {
			t.Errorf("before %s is %s to %s; want %s to %s", row.name, from, to, row.wantFrom, row.wantTo)
		}
	}
}
