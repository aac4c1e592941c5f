package dashboard

import (
	"fmt"
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/report"
)

// TestUpTo: visitors who were there in several hours are not counted in each.
func TestUpTo(t *testing.T) {
	var hours []report.Row
	for h := range 24 {
		hours = append(hours, report.Row{Bucket: fmt.Sprintf("2026-03-23T%02d", h), Metrics: foule.Metrics{foule.Visitors: 20, foule.Visits: 12}})
	}
	day := foule.Metrics{foule.Visitors: 240, foule.Visits: 288}
	for _, row := range []struct {
		now              time.Time
		visitors, visits int64
	}{
		{time.Date(2026, 3, 24, 0, 0, 0, 0, time.UTC), 0, 0},
		{time.Date(2026, 3, 24, 12, 30, 0, 0, time.UTC), 125, 150},
		{time.Date(2026, 3, 24, 23, 59, 0, 0, time.UTC), 239, 287},
	} {
		got := upTo(day, hours, row.now)
		if got[foule.Visitors] != row.visitors || got[foule.Visits] != row.visits {
			t.Errorf("%s: %d visitors, %d visits; want %d, %d", row.now.Format("15:04"), got[foule.Visitors], got[foule.Visits], row.visitors, row.visits)
		}
	}
}
