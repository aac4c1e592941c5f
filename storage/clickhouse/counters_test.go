package clickhouse

import (
	"strings"
	"testing"

	"foule.eu/foule"
)

// Whole months alone are read by month, also one; with days beside them they have
// to be several.
func TestTablesOfRange(t *testing.T) {
	day := func(text string) foule.Day {
		d, err := foule.ParseDay(text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, c := range []struct{ from, to, want string }{
		{"2026-03-12", "2026-03-12", "stats_day"},
		{"2026-03-01", "2026-03-30", "stats_day"},
		{"2026-03-01", "2026-03-31", "stats_month"},
		{"2026-01-01", "2026-12-31", "stats_month"},
		{"2026-01-15", "2026-04-30", "stats_day"},             // three months, and days before them
		{"2026-01-15", "2026-05-31", "stats_month stats_day"}, // four
		{"2026-02-01", "2026-05-30", "stats_day"},             // three, and days after them
		{"2026-02-01", "2026-06-01", "stats_month stats_day"}, // four
		{"2025-11-29", "2026-11-28", "stats_month stats_day"},
	} {
		fill, v := counters(7, foule.DimPage, day(c.from), day(c.to), nil)
		var tables []string
		for _, table := range fill.Tables {
			tables = append(tables, table.Name)
		}
		if got := strings.Join(tables, " "); got != c.want {
			t.Errorf("%s to %s: from %s, want %s", c.from, c.to, got, c.want)
		}
		if _, bound := v["first"]; bound != fill.Months || bound != strings.Contains(c.want, "month") {
			t.Errorf("%s to %s: months %v, bound %v", c.from, c.to, fill.Months, bound)
		}
	}
}
