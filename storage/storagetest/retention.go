package storagetest

import (
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/storage"
)

// Forgetting is how an engine forgets what is older than the retention, which is
// 25 months.
type Forgetting struct {
	// Forget makes it forget, now.
	Forget func(now time.Time)
	// Months says that minutes go by whole months, like the rest; they go after two
	// days otherwise.
	Months bool
	// OwnClock says that it goes by its own clock, which tests cannot move.
	OwnClock bool
}

// Retention tests that nothing is kept for longer than the retention, and nothing
// that is younger is lost: rows by hour and day go by whole months. Then it moves
// the clock, and all is gone.
func Retention(t *testing.T, s storage.Store, f Forgetting) {
	now := time.Now().UTC()
	today := foule.DayOf(now, time.UTC)
	kept := (today.Month() - 24).First() // the month 24 months ago is the oldest of 25
	b := storage.Batch{Token: "c/0/1"}
	for _, day := range []foule.Day{kept - 400, kept - 1, kept, today - 70, today} {
		of := everywhere(site, "", day, "/of-"+day.String())
		b.Minutes = append(b.Minutes, of.Minutes...)
		b.Hours = append(b.Hours, of.Hours...)
		b.Days = append(b.Days, of.Days...)
	}
	minute := now.Unix() / 60
	b.Minutes = []storage.MinuteRow{{Minute: minute - 100*1440}, {Minute: minute - 2*1440 - 60}, {Minute: minute - 2*1440 + 60}, {Minute: minute}}
	for i := range b.Minutes {
		b.Minutes[i].Site, b.Minutes[i].Metrics = site, crowd(1)
	}
	applyBatch(t, s, &b)
	f.Forget(now)
	left := rowsOf(t, s, site)
	var days, hours []foule.Day
	for _, r := range left.Days {
		days = append(days, r.Day)
	}
	for _, r := range left.Hours {
		hours = append(hours, foule.Day(r.Hour/24))
	}
	same(t, "days", days, []foule.Day{kept, kept, kept, today - 70, today - 70, today - 70, today, today, today})
	same(t, "hours", hours, []foule.Day{kept, kept, today - 70, today - 70, today, today})
	want := b.Minutes[2:]
	if f.Months {
		want = b.Minutes[1:]
	}
	same(t, "minutes", left.Minutes, want)
	if f.OwnClock {
		return
	}
	f.Forget(now.AddDate(0, 26, 0))
	same(t, "rows 26 months later", rowsOf(t, s, site), storage.Batch{})
	same(t, "months", months(t, s, site, foule.DimTotal, ""), map[foule.Month]int64{})
}
