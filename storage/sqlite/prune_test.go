package sqlite

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/storage"
	"foule.eu/foule/storage/storagetest"
)

// monthOf is a batch with rows of each grain about a month, under a label of that month.
func monthOf(m foule.Month) *storage.Batch {
	label := "/label-of-" + m.String()
	day := m.First() + 14
	return &storage.Batch{
		Token:   "months/0/" + fmt.Sprint(int(m)),
		Minutes: []storage.MinuteRow{{Site: 1, Minute: int64(day) * 1440, Metrics: visits(1)}},
		Hours:   []storage.HourRow{{Site: 1, Hour: int64(day) * 24, Dim: foule.DimCountry, Label: label, Metrics: visits(1)}},
		Days: []storage.DayRow{
			{Site: 1, Day: day, Dim: foule.DimPage, Label: label, Metrics: visits(1)},
			{Site: 1, Day: day, Dim: foule.DimPage, Label: "/always", Metrics: visits(1)},
			{Site: 1, Day: day, Dim: foule.DimPage, Label: "/always", By: foule.DimSource, ByLabel: label + "-by", Metrics: visits(1)},
		},
	}
}

// After 25 months nothing of a month is left, down to the bytes of its labels.
func TestPrune(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "old.db")
	s := openAt(t, path)
	last := march12.Month()
	for m := last - 40; m <= last; m++ {
		if err := s.Apply(ctx, monthOf(m)); err != nil {
			t.Fatal(err)
		}
	}
	now := march12.Start(time.UTC)
	for range 2 { // the second time there is nothing to do
		if err := s.Prune(ctx, now); err != nil {
			t.Fatal(err)
		}
	}
	kept := last - 24
	first, _, _, err := s.DataRange(ctx, 1)
	if err != nil || first.Month() != kept {
		t.Errorf("first day %v, %v, want one of %v", first, err, kept)
	}
	all := storage.TableQuery{Site: 1, From: (last - 50).First(), To: last.Last(), Dim: foule.DimPage}
	res, err := s.Table(ctx, all)
	if err != nil || res.RowCount != 26 || res.Sum[foule.Visits] != 50 {
		t.Errorf("%d labels, %d visits, %v; want 26, 50", res.RowCount, res.Sum[foule.Visits], err)
	}
	hours, err := storage.Series(ctx, s, storage.SeriesQuery{
		Site: 1, Grain: storage.GrainHour, FromHour: 0, ToHour: int64(march12) * 24, Dim: foule.DimCountry, Label: "/label-of-" + (kept - 1).String(),
	})
	if err != nil || len(hours) != 0 {
		t.Errorf("hours of a pruned month: %v, %v", hours, err)
	}
	minutes, err := s.Minutes(ctx, 1, 0, 1<<40)
	if err != nil || len(minutes) != 1 { // the 15th is still to come on the 12th
		t.Errorf("minutes: %v, %v; want those of the last two days", minutes, err)
	}
	checkBytes(t, path, kept, last)
}

// As every engine does.
func TestRetention(t *testing.T) {
	s := openAt(t, filepath.Join(t.TempDir(), "retention.db"))
	storagetest.Retention(t, s, storagetest.Forgetting{Forget: func(now time.Time) {
		if err := s.Prune(context.Background(), now); err != nil {
			t.Fatal(err)
		}
	}})
}

// checkBytes looks for the labels of months in the file and its log.
func checkBytes(t *testing.T, path string, kept, last foule.Month) {
	t.Helper()
	var data []byte
	for _, name := range []string{path, path + "-wal"} {
		part, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		data = append(data, part...)
	}
	for m := last - 40; m <= last; m++ {
		if got, want := bytes.Contains(data, []byte("/label-of-"+m.String())), m >= kept; got != want {
			t.Errorf("label of %v in the file: %v, want %v", m, got, want)
		}
	}
}

// A label that was pruned and comes back gets rows that can be read, also in a
// process that remembers its former id.
func TestLabelComesBack(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "two.db")
	writer, pruner := openAt(t, path), openAt(t, path)
	old := march12.Month() - 30
	b := monthOf(old)
	if err := writer.Apply(ctx, b); err != nil {
		t.Fatal(err)
	}
	if err := pruner.Prune(ctx, march12.Start(time.UTC)); err != nil {
		t.Fatal(err)
	}
	b.Token = "again/0/1" // an import of old hits, say
	if err := writer.Apply(ctx, b); err != nil {
		t.Fatal(err)
	}
	res, err := writer.Table(ctx, storage.TableQuery{Site: 1, From: old.First(), To: old.Last(), Dim: foule.DimPage, SortLabel: true, Ascending: true})
	if err != nil || len(res.Rows) != 2 || res.Rows[1].Label != "/label-of-"+old.String() {
		t.Errorf("rows %v, %v", res.Rows, err)
	}
}

// A shard's past is one row, however long.
func TestAppliedRuns(t *testing.T) {
	ctx := context.Background()
	s := openAt(t, filepath.Join(t.TempDir(), "runs.db"))
	for _, n := range []int{0, 1, 2, 7, 5, 4, 3, 6, 9} {
		if err := s.Apply(ctx, &storage.Batch{Token: fmt.Sprintf("c/0/%d", n)}); err != nil {
			t.Fatal(err)
		}
	}
	var runs string
	err := s.read.QueryRow("select group_concat(source || ' ' || first || '-' || last, ', ') from applied").Scan(&runs)
	if want := "c/0 0-7, c/0 9-9"; err != nil || runs != want {
		t.Errorf("runs %q, %v, want %q", runs, err, want)
	}
}

func TestSplitToken(t *testing.T) {
	for _, c := range []struct {
		token, source string
		segment       int64
	}{
		{"c/0/12", "c/0", 12},
		{"c/0/0", "c/0", 0},
		{"c/0/007", "c/0/007", -1},
		{"c/0/-1", "c/0/-1", -1},
		{"c/0/+1", "c/0/+1", -1},
		{"c/0/", "c/0/", -1},
		{"c/0/x", "c/0/x", -1},
		{"12", "12", -1},
		{"", "", -1},
		{"c/0/9223372036854775807", "c/0/9223372036854775807", -1},
	} {
		if source, segment := splitToken(c.token); source != c.source || segment != c.segment {
			t.Errorf("splitToken(%q) = %q, %d, want %q, %d", c.token, source, segment, c.source, c.segment)
		}
	}
}
