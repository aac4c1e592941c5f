package sqlite

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/storage"
)

// benchYear opens a store with a year, and the days of March on both sides, of
// the audience; rows under filters are there for every FOULE_BENCH_FILTERED-th
// day (10). With FOULE_BENCH_DB the file is kept there and used again.
func benchYear(b *testing.B) *Store {
	b.Helper()
	path := os.Getenv("FOULE_BENCH_DB")
	if path == "" {
		path = filepath.Join(b.TempDir(), "year.db")
	}
	every := 10
	if n, err := strconv.Atoi(os.Getenv("FOULE_BENCH_FILTERED")); err == nil {
		every = n
	}
	s := openAt(b, path)
	if _, last, ok, err := s.DataRange(context.Background(), 1); err != nil {
		b.Fatal(err)
	} else if ok && last == march12 {
		return s
	}
	a := audience{rand.New(rand.NewPCG(1, 1))}
	rows, start := 0, time.Now()
	for d := march12 - 400; d <= march12; d++ {
		batch := a.day(d, int(d)%every == 0)
		rows += len(batch.Days)
		if err := s.Apply(context.Background(), batch); err != nil {
			b.Fatal(err)
		}
	}
	b.Logf("a year in %v: %d rows by day", time.Since(start).Round(time.Second), rows)
	return s
}

// BenchmarkOverview asks what the overview of a dashboard asks about the last
// 365 days, all at once as a dashboard does, and reports the time until the
// last answer.
func BenchmarkOverview(b *testing.B) {
	s := benchYear(b)
	for _, r := range []struct {
		name     string
		from, to foule.Day
	}{
		{"365 days up to today", march12 - 364, march12},
		{"calendar year", foule.DayFromDate(2025, time.April, 1), foule.DayFromDate(2026, time.February, 28)},
		{"365 days from mid-month to mid-month", march12 - 364 - 10, march12 - 10},
		{"30 days", march12 - 29, march12},
	} {
		b.Run(r.name, func(b *testing.B) {
			b.ReportAllocs()
			var times []time.Duration
			cpu := cpuTime()
			for b.Loop() {
				start := time.Now()
				overview(b, s, r.from, r.to)
				times = append(times, time.Since(start))
			}
			slices.Sort(times)
			b.ReportMetric(float64((cpuTime()-cpu).Microseconds())/1000/float64(len(times)), "cpu-ms")
			b.ReportMetric(float64(times[0].Microseconds())/1000, "min-ms")
			b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(times[len(times)*95/100].Microseconds())/1000, "p95-ms")
		})
	}
}

// cpuTime is what the process has used of both cores: unlike the clock, it does
// not depend on what else the machine is doing.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// overviewTables are the reports of the overview, ten rows of each.
var overviewTables = []foule.Dimension{
	foule.DimPage, foule.DimEntryPage, foule.DimSource, foule.DimChannel, foule.DimCountry,
	foule.DimDeviceType, foule.DimBrowser, foule.DimOS, foule.DimGoal, foule.DimCampaign,
}

func overview(b *testing.B, s *Store, from, to foule.Day) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var wg sync.WaitGroup
	ask := func(f func() error) {
		wg.Go(func() {
			if err := f(); err != nil {
				b.Error(err)
			}
		})
	}
	for _, dim := range overviewTables {
		ask(func() error {
			_, err := s.Table(ctx, storage.TableQuery{Site: 1, From: from, To: to, Dim: dim, Sort: foule.Visits, Limit: 10, HideEmpty: true})
			return err
		})
	}
	length := to - from + 1
	for _, start := range []foule.Day{from, from - length} {
		ask(func() error {
			_, err := s.Table(ctx, storage.TableQuery{Site: 1, From: start, To: start + length - 1})
			return err
		})
	}
	ask(func() error {
		_, err := storage.Series(ctx, s, storage.SeriesQuery{Site: 1, Grain: storage.GrainDay, From: from, To: to})
		return err
	})
	wg.Wait()
}

// BenchmarkTable asks for one report over 365 days at a time.
func BenchmarkTable(b *testing.B) {
	s := benchYear(b)
	for _, dim := range overviewTables {
		for _, f := range []*storage.Filter{nil, {Dim: foule.DimChannel, Label: "channel 1"}} {
			b.Run(fmt.Sprintf("%v filtered=%v", dim, f != nil), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					_, err := s.Table(context.Background(), storage.TableQuery{
						Site: 1, From: march12 - 364, To: march12, Dim: dim, Filter: f, Sort: foule.Visits, Limit: 10,
					})
					if err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// BenchmarkApply adds batches as a busy collector does: the day's rows are there
// already and some of them grow. They are scattered over the day's packs, as by
// visits to everything, or dense, as in an import. A row is one of a table: each
// of a batch's rows by day is one by month too.
func BenchmarkApply(b *testing.B) {
	for _, size := range []int{200, 5_000, 50_000} {
		for _, scattered := range []bool{true, false} {
			b.Run(fmt.Sprintf("%d scattered=%v", size, scattered), func(b *testing.B) { applyRows(b, size, scattered) })
		}
	}
}

func applyRows(b *testing.B, size int, scattered bool) {
	s := openAt(b, filepath.Join(b.TempDir(), "apply.db"))
	a := audience{rand.New(rand.NewPCG(1, 1))}
	day := a.day(march12, true)
	if err := s.Apply(context.Background(), day); err != nil {
		b.Fatal(err)
	}
	batches := make([]*storage.Batch, len(day.Days)/size)
	for i := range batches {
		batches[i] = &storage.Batch{Days: day.Days[i*size : (i+1)*size]}
		if scattered {
			batches[i].Days = nil
			for j := i; j < size*len(batches); j += len(batches) {
				batches[i].Days = append(batches[i].Days, day.Days[j])
			}
		}
	}
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		batch := *batches[n%len(batches)]
		n++
		batch.Token = fmt.Sprintf("bench/1/%d", n)
		if err := s.Apply(context.Background(), &batch); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(2*size*n)/b.Elapsed().Seconds(), "rows/s")
}
