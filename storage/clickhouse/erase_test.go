package clickhouse

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/internal/clickhousetest"
	"foule.eu/foule/storage"
)

// physical gives how many rows of a table there are under a label, be they of
// nothing but zeros.
func physical(t *testing.T, s *Store, label string) (n uint64) {
	t.Helper()
	for _, q := range []string{"stats_day where label = ? or by_label = ?", "stats_month where label = ? or by_label = ?", "stats_hour where label = ? or label = ?"} {
		var some uint64
		if err := s.conn.QueryRow(context.Background(), "select count() from "+q, label, label).Scan(&some); err != nil {
			t.Fatal(err)
		}
		n += some
	}
	return n
}

// named is a batch with a label in every table that has labels, over two months.
func named(site foule.SiteID, token, label string) *storage.Batch {
	one := foule.Metrics{1, 1, 1}
	b := &storage.Batch{Token: token}
	for _, day := range []foule.Day{20_490, 20_524} {
		b.Hours = append(b.Hours, storage.HourRow{Site: site, Hour: int64(day) * 24, Dim: foule.DimEntryPage, Label: label, Metrics: one})
		b.Days = append(b.Days,
			storage.DayRow{Site: site, Day: day, Dim: foule.DimPage, Label: label, Metrics: one},
			storage.DayRow{Site: site, Day: day, Dim: foule.DimPage, Label: "/", By: foule.DimEntryPage, ByLabel: label, Metrics: one})
	}
	return b
}

// A label that was erased stands in no row any more, not even in one of zeros;
// and once the server has removed the old parts, in no byte of its folder.
func TestErasedBytes(t *testing.T) {
	ctx := context.Background()
	const gone, kept = "/canary-that-was-erased", "/canary-that-stays"
	e := clickhousetest.Start(t, clickhousetest.ChDB)
	s := openOn(t, e, Options{})
	for _, table := range []string{"stats_day", "stats_month"} {
		mustExec(t, s, "alter table "+table+" modify column label LowCardinality(String) codec(NONE), modify column by_label LowCardinality(String) codec(NONE)")
	}
	mustExec(t, s, "alter table stats_hour modify column label LowCardinality(String) codec(NONE)")
	for _, table := range []string{"stats_day", "stats_month", "stats_hour"} {
		mustExec(t, s, "alter table "+table+" modify setting old_parts_lifetime = 1") // eight minutes by itself
	}
	site, err := s.AddSite(ctx, foule.Site{Name: "one"})
	if err != nil {
		t.Fatal(err)
	}
	for n := range 3 {
		for _, label := range []string{gone, kept} {
			if err := s.Apply(ctx, named(site, fmt.Sprintf("c%s/0/%d", label, n), label)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if inFolder(t, e.Dir(), gone) == "" {
		t.Fatal("the label is in no file before: the test looks at the wrong place")
	}
	if _, err := s.Erase(ctx, storage.EraseOrder{Kind: storage.ErasedLabel, Site: site, Match: storage.LabelMatch{Text: gone}, At: time.Now()}); err != nil {
		t.Fatal(err)
	}
	if n := physical(t, s, gone); n != 0 {
		t.Errorf("%d rows have the label", n)
	}
	if n := physical(t, s, kept); n == 0 {
		t.Error("the other label is gone")
	}
	until(t, func() error {
		if file := inFolder(t, e.Dir(), gone); file != "" {
			return fmt.Errorf("the label is in %s", file)
		}
		return nil
	}, func(err error) bool { return err == nil })
	if inFolder(t, e.Dir(), kept) == "" {
		t.Error("the other label is in no file")
	}
}

// inFolder names a file that holds a text; "" if none does.
func inFolder(t *testing.T, dir, text string) (found string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return nil // files come and go
		}
		if data, err := os.ReadFile(path); err == nil && bytes.Contains(data, []byte(text)) {
			found = path
			return fs.SkipAll
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// While a label is erased batches go on counting under it: none is lost, none
// counts twice, and at last nothing stands under it.
func TestEraseWhileCounting(t *testing.T) {
	engines(t, func(t *testing.T, e *clickhousetest.Engine) {
		ctx := context.Background()
		s := openOn(t, e, Options{})
		site, err := s.AddSite(ctx, foule.Site{Name: "one"})
		if err != nil {
			t.Fatal(err)
		}
		const label = "/u/jane"
		var batches int64
		var counting sync.WaitGroup
		erased := make(chan struct{})
		counting.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-erased:
					return
				default:
					batches++
				}
				if err := s.Apply(ctx, named(site, fmt.Sprint("c/0/", n), label)); err != nil {
					t.Error(err)
				}
			}
		})
		order := storage.EraseOrder{Kind: storage.ErasedLabel, Site: site, Match: storage.LabelMatch{Text: label}, At: time.Unix(20_524*86400, 0)}
		for range 2 {
			if _, err := s.Erase(ctx, order); err != nil {
				t.Error(err)
			}
		}
		close(erased)
		counting.Wait()
		if err := s.RepeatErasures(ctx, order.At.Add(time.Hour)); err != nil {
			t.Error(err)
		}
		if list, err := s.Erasures(ctx); err != nil || list[0].Done == 0 || list[1].Done == 0 {
			t.Errorf("erasures %+v, %v; want them done", list, err)
		}
		for _, q := range []storage.TableQuery{
			{Dim: foule.DimPage},
			{Dim: foule.DimPage, Filter: &storage.Filter{Dim: foule.DimEntryPage, Label: foule.Other}},
		} {
			q.Site, q.To = site, 20_600
			res, err := s.Table(ctx, q)
			if want := 2 * batches; err != nil || res.Other[foule.Visits] != want || len(res.Rows) != 0 {
				t.Errorf("%d visits under (other), %d rows, %v; want %d, none", res.Other[foule.Visits], len(res.Rows), err, want)
			}
		}
		hours, err := storage.Series(ctx, s, storage.SeriesQuery{Site: site, Grain: storage.GrainHour, ToHour: 1 << 20, Dim: foule.DimEntryPage, Label: foule.Other})
		if err != nil || len(hours) != 2 || hours[0].Metrics[foule.Visits] != batches {
			t.Errorf("hours %+v, %v", hours, err)
		}
		if n := physical(t, s, label); n != 0 {
			t.Errorf("%d rows have the label", n)
		}
	})
}

// An erasure that did not come to an end, as batches kept coming, is not done: the
// repetition then finds what is left in days that it would not look at again.
func TestEraseLeft(t *testing.T) {
	ctx := context.Background()
	s := openOn(t, clickhousetest.Start(t, clickhousetest.ChDB), Options{})
	site, err := s.AddSite(ctx, foule.Site{Name: "one"})
	if err != nil {
		t.Fatal(err)
	}
	const tries = 30
	for try := range tries {
		label := fmt.Sprint("/u/jane", try)
		erased := make(chan struct{})
		var counting sync.WaitGroup
		counting.Go(func() {
			for n := 0; ; n++ {
				b := named(site, fmt.Sprint("c/", try, "/", n), label)
				b.Hours, b.Days = b.Hours[:1], b.Days[:1] // long before the erasure
				if err := s.Apply(ctx, b); err != nil {
					t.Error(err)
				}
				select {
				case <-erased:
					return
				default:
				}
			}
		})
		order := storage.EraseOrder{Kind: storage.ErasedLabel, Site: site, Match: storage.LabelMatch{Text: label}, At: time.Unix(20_524*86400, 0)}
		e, err := s.Erase(ctx, order)
		close(erased)
		counting.Wait()
		if err != nil {
			t.Fatal(err)
		}
		if e.Done != 0 {
			continue // it found a moment in which there was nothing left
		}
		if err := s.RepeatErasures(ctx, order.At.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		list, err := s.Erasures(ctx)
		if err != nil || list[0].ID != e.ID || list[0].Done == 0 {
			t.Errorf("the erasure is now %+v, %v", list[0], err)
		}
		if n := physical(t, s, label); n != 0 {
			t.Errorf("%d rows have the label", n)
		}
		return
	}
	t.Errorf("each of %d erasures found a moment without rows", tries)
}

// What an erasure of a label left in the months alone, as it was cut off between
// two tables, is taken by the repetition, and stands under foule.Other.
func TestEraseMonthLeft(t *testing.T) {
	engines(t, func(t *testing.T, e *clickhousetest.Engine) {
		ctx := context.Background()
		s := openOn(t, e, Options{})
		site, err := s.AddSite(ctx, foule.Site{Name: "one"})
		if err != nil {
			t.Fatal(err)
		}
		const label = "/u/jane"
		if err := s.Apply(ctx, named(site, "c/0/1", label)); err != nil {
			t.Fatal(err)
		}
		at := time.Unix(20_524*86400, 0)
		one, err := s.Site(ctx, site)
		if err != nil {
			t.Fatal(err)
		}
		noted, err := storage.NewErasure(&one, storage.EraseOrder{Kind: storage.ErasedLabel, Site: site, Match: storage.LabelMatch{Text: label}, At: at}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.PutErasure(ctx, noted); err != nil {
			t.Fatal(err)
		}
		x := &erasing{s: s, e: &noted, texts: map[string]bool{label: true}}
		srv, err := s.known(ctx)
		if err != nil {
			t.Fatal(err)
		}
		w := which{"(label in ({text0:String}) or by_label in ({text0:String}))", values{"site": uint32(site), "text0": label}}
		days := takenTables(s.dialect(srv))[2] // this table alone
		if err := x.takeBack(ctx, days, w); err != nil {
			t.Fatal(err)
		}
		if _, err := x.dropZeros(ctx, days, w); err != nil {
			t.Fatal(err)
		}
		if physical(t, s, label) == 0 {
			t.Fatal("nothing is left to take")
		}
		if err := s.RepeatErasures(ctx, at.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if n := physical(t, s, label); n != 0 {
			t.Errorf("%d rows have the label", n)
		}
		for _, days := range []struct{ from, to foule.Day }{{20_490, 20_490}, {foule.Day(20_490).Month().First(), foule.Day(20_490).Month().Last()}} {
			res, err := s.Table(ctx, storage.TableQuery{Site: site, Dim: foule.DimPage, From: days.from, To: days.to})
			if err != nil || res.Other[foule.Visits] != 1 || len(res.Rows) != 0 {
				t.Errorf("%v to %v: %+v, %v", days.from, days.to, res, err)
			}
		}
	})
}

// A site's rows are deleted also while the server works on something else of the table.
func TestEraseSiteWhileBusy(t *testing.T) {
	ctx := context.Background()
	s := openOn(t, clickhousetest.Start(t, clickhousetest.ChDB), Options{})
	var sites [2]foule.SiteID
	for i := range sites {
		var err error
		if sites[i], err = s.AddSite(ctx, foule.Site{Name: "one"}); err != nil {
			t.Fatal(err)
		}
		for n := range 10 {
			if err := s.Apply(ctx, named(sites[i], fmt.Sprint(i, "/0/", n), fmt.Sprint("/a", n))); err != nil {
				t.Fatal(err)
			}
		}
	}
	mustExec(t, s, "alter table stats_day delete where sleepEachRow(0.07) = 1 settings mutations_sync = 0, allow_nondeterministic_mutations = 1") // none of 80 rows, 40 to a part at most
	if busy, err := s.mutating(ctx, "stats_day"); err != nil || !busy {
		t.Fatalf("the server does nothing: %t, %v", busy, err)
	}
	if n, err := s.deleteOf(ctx, "stats_day", "site", sites[0]); err != nil || n != 40 {
		t.Fatalf("%d rows, %v; want 40", n, err)
	}
	for i, want := range []bool{false, true} {
		if n, err := s.countOf(ctx, "stats_day", "site", sites[i]); err != nil || n > 0 != want {
			t.Errorf("site %d has %d rows, %v", sites[i], n, err)
		}
	}
}
