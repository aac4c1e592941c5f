package report_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/report"
	"foule.eu/foule/storage"
)

// TestHours counts one visit in every hour of UTC around three days and looks
// at the site's clock.
func TestHours(t *testing.T) {
	for _, row := range []struct {
		zone, day     string
		hours         int    // buckets of the day
		twice, absent string // hours of the clock, if any
	}{
		{"UTC", "2026-03-12", 24, "", ""},
		{"Europe/Paris", "2026-03-12", 24, "", ""},
		{"Europe/Paris", "2026-03-29", 23, "", "02"},
		{"Europe/Paris", "2026-10-25", 24, "02", ""},
		{"America/Sao_Paulo", "2018-11-04", 23, "", "00"},
		{"Asia/Kolkata", "2026-03-12", 24, "", ""},
		{"Asia/Kathmandu", "2026-03-12", 24, "", ""},
	} {
		d := day(t, row.day)
		first := int64(d-1) * 24
		var b storage.Batch
		for h := range int64(72) {
			b.Hours = append(b.Hours, storage.HourRow{Site: 1, Hour: first + h, Metrics: foule.Metrics{foule.Visits: 1}})
		}
		a, err := open(t, b).Ask(context.Background(), report.Question{
			Site: foule.Site{ID: 1, Timezone: row.zone}, From: d, To: d, Report: "totals", Grain: report.GrainHour,
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(a.Rows) != row.hours {
			t.Errorf("%s in %s has %d hours, want %d", row.day, row.zone, len(a.Rows), row.hours)
		}
		last := ""
		for _, r := range a.Rows {
			date, hour, _ := strings.Cut(r.Bucket, "T")
			want := int64(1)
			if hour == row.twice {
				want = 2
			}
			if date != row.day || r.Bucket <= last || hour == row.absent || r.Metrics[foule.Visits] != want {
				t.Errorf("%s in %s: %d visits in %s after %s", row.day, row.zone, r.Metrics[foule.Visits], r.Bucket, last)
			}
			last = r.Bucket
		}
	}
}

func TestHoursOfAFilter(t *testing.T) {
	d := day(t, "2026-03-12")
	noon := int64(d)*24 + 11 // UTC
	service := open(t, storage.Batch{Hours: []storage.HourRow{
		{Site: 1, Hour: noon, Metrics: visits(5, 0)},
		{Site: 1, Hour: noon, Dim: foule.DimCountry, Label: "FR", Metrics: visits(3, 0)},
	}})
	a, err := service.Ask(context.Background(), report.Question{
		Site: paris, From: d, To: d, Report: "totals", Grain: report.GrainHour,
		Filter: &storage.Filter{Dim: foule.DimCountry, Label: "FR"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range a.Rows {
		want := map[string]int64{"2026-03-12T12": 3}[r.Bucket]
		if r.Metrics[foule.Visits] != want || r.Label != "" {
			t.Errorf("%s %q: %d visits, want %d", r.Bucket, r.Label, r.Metrics[foule.Visits], want)
		}
	}
}

func TestLive(t *testing.T) {
	now := time.Date(2026, 3, 12, 14, 30, 59, 0, time.UTC)
	minute := now.Unix() / 60
	rows := map[int64]int64{0: 1, 4: 2, 5: 4, 29: 8, 30: 16, -1: 32} // visits by minutes ago
	var b storage.Batch
	for ago, n := range rows {
		b.Minutes = append(b.Minutes, storage.MinuteRow{Site: 1, Minute: minute - ago, Metrics: foule.Metrics{foule.Visits: n}})
	}
	live, err := open(t, b).Live(context.Background(), paris, now)
	if err != nil {
		t.Fatal(err)
	}
	if live.Visitors5 != 3 || live.Visitors30 != 15 || len(live.Minutes) != report.LiveMinutes {
		t.Errorf("%d in 5, %d in 30, %d minutes", live.Visitors5, live.Visitors30, len(live.Minutes))
	}
	for i, m := range live.Minutes {
		ago := int64(report.LiveMinutes - 1 - i)
		if m.Start.Unix()/60 != minute-ago || m.Visitors != rows[ago] {
			t.Errorf("%d minutes ago: %d visitors at %s, want %d", ago, m.Visitors, m.Start, rows[ago])
		}
	}
}
