package sqlite

import (
	"context"
	"path/filepath"
	"testing"

	"foule.eu/foule"
	"foule.eu/foule/storage"
	"github.com/google/go-cmp/cmp"
)

// TestPartsOfAnyTime: hours and minutes belong to the day they lie in by UTC,
// on either side of 1970, and every row is in one part.
func TestPartsOfAnyTime(t *testing.T) {
	s := openAt(t, filepath.Join(t.TempDir(), "foule.db"))
	one := foule.Metrics{}
	one[foule.Visits] = 1
	b := &storage.Batch{Token: "t/0/1"}
	for _, hour := range []int64{-25, -24, -1, 0, 23, 24} {
		b.Hours = append(b.Hours, storage.HourRow{Site: 2, Hour: hour, Metrics: one})
	}
	for _, minute := range []int64{-1, 0, 1439, 1440} {
		b.Minutes = append(b.Minutes, storage.MinuteRow{Site: 1, Minute: minute, Metrics: one})
	}
	for _, day := range []foule.Day{-1, 0, 20000} {
		b.Days = append(b.Days, storage.DayRow{Site: 4294967295, Day: day, Metrics: one})
	}
	if err := s.Apply(context.Background(), b); err != nil {
		t.Fatal(err)
	}
	parts, err := s.Parts(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	want := []storage.Part{{Site: 1, Day: -1}, {Site: 1, Day: 0}, {Site: 1, Day: 1}, {Site: 2, Day: -2}, {Site: 2, Day: -1}, {Site: 2, Day: 0}, {Site: 2, Day: 1},
		{Site: 4294967295, Day: -1}, {Site: 4294967295, Day: 0}, {Site: 4294967295, Day: 20000}}
	if d := cmp.Diff(want, parts); d != "" {
		t.Errorf("parts (-want +got):\n%s", d)
	}
	rows := 0
	for _, p := range parts {
		part, err := s.Part(context.Background(), p)
		if err != nil {
			t.Fatal(err)
		}
		rows += len(part.Minutes) + len(part.Hours) + len(part.Days)
	}
	if want := len(b.Minutes) + len(b.Hours) + len(b.Days); rows != want {
		t.Errorf("%d rows in the parts, %d were applied", rows, want)
	}
}
