package foule

import (
	"testing"
	"time"
	_ "time/tzdata"
)

func TestDay(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		instant, zoned, monday, month string
	}{
		{"2025-03-12T23:30:00Z", "2025-03-13", "2025-03-10", "2025-03"},
		{"2025-03-12T22:30:00Z", "2025-03-12", "2025-03-10", "2025-03"},
		{"2024-12-31T23:30:00Z", "2025-01-01", "2024-12-30", "2025-01"},
		{"1969-12-31T12:00:00Z", "1969-12-31", "1969-12-29", "1969-12"},
	} {
		at, _ := time.Parse(time.RFC3339, row.instant)
		d := DayOf(at, paris)
		if d.String() != row.zoned || d.Monday().String() != row.monday || d.Month().String() != row.month {
			t.Errorf("%s: day %s, monday %s, month %s; want %s, %s, %s", row.instant, d, d.Monday(), d.Month(), row.zoned, row.monday, row.month)
		}
		if back, err := ParseDay(d.String()); err != nil || back != d {
			t.Errorf("ParseDay(%s) = %v, %v", d, back, err)
		}
		if !d.Start(paris).Before(at.Add(24*time.Hour)) || DayOf(d.Start(paris), paris) != d {
			t.Errorf("%s starts at %v", d, d.Start(paris))
		}
	}
	saoPaulo, err := time.LoadLocation("America/Sao_Paulo")
	if err != nil {
		t.Fatal(err)
	}
	gap := DayFromDate(2018, time.November, 4) // the clock went from 23:59:59 to 01:00:00
	if start := gap.Start(saoPaulo); DayOf(start, saoPaulo) != gap || DayOf(start.Add(-time.Second), saoPaulo) != gap-1 {
		t.Errorf("a day without midnight starts at %v", start)
	}
	if m := DayFromDate(2024, time.February, 3).Month(); m.First().String() != "2024-02-01" || m.Last().String() != "2024-02-29" {
		t.Errorf("february 2024 is %s to %s", m.First(), m.Last())
	}
}
