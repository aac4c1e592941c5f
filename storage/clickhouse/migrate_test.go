package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/internal/clickhousetest"
	"foule.eu/foule/storage"
	"github.com/google/go-cmp/cmp"
)

// unmigrated opens a store in an empty database.
func unmigrated(t *testing.T, e *clickhousetest.Engine) *Store {
	t.Helper()
	o := Options{DSN: e.Database(t)}
	if e.Kind == clickhousetest.Debian {
		o.DSN += "?old_server=accept"
	}
	return openWith(t, o)
}

// planned gives the plan's steps in words.
func planned(t *testing.T, s *Store) string {
	t.Helper()
	p, err := s.Plan(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf("%d to %d", p.From, p.To)
	for _, step := range p.Steps {
		text += ", " + step.Name
	}
	return text
}

func migrate(t *testing.T, s *Store) {
	t.Helper()
	if err := s.Migrate(context.Background(), func(Step) {}); err != nil {
		t.Fatal(err)
	}
}

// Tables are made once, and a step that was broken off is taken again.
func TestMigrate(t *testing.T) {
	engines(t, func(t *testing.T, e *clickhousetest.Engine) {
		s := unmigrated(t, e)
		fresh := "0 to 4, 0001_aggregates, 0002_settings, 0003_months, 0004_erasures"
		if got := planned(t, s); got != fresh {
			t.Fatalf("plan %s, want %s", got, fresh)
		}
		if err := s.Check(context.Background()); !errors.Is(err, storage.ErrUnavailable) || !strings.Contains(err.Error(), "run: collector migrate") {
			t.Errorf("Check before: %v, want to be told to migrate", err)
		}
		p, err := s.Plan(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		mustExec(t, s, p.Steps[0].SQL[0]) // and there it was broken off
		mustExec(t, s, p.Steps[0].SQL[1])
		var done []string
		err = s.Migrate(context.Background(), func(step Step) { done = append(done, step.Name) })
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff([]string{"0001_aggregates", "0002_settings", "0003_months", "0004_erasures"}, done); d != "" {
			t.Errorf("steps (-want +got):\n%s", d)
		}
		if got := planned(t, s); got != "4 to 4" {
			t.Errorf("plan after: %s, want nothing to do", got)
		}
		migrate(t, s)
		if err := s.Check(context.Background()); err != nil {
			t.Errorf("Check after: %v", err)
		}
	})
}

// Tables of a later version are left alone.
func TestNoWayBack(t *testing.T) {
	engines(t, func(t *testing.T, e *clickhousetest.Engine) {
		s := unmigrated(t, e)
		migrate(t, s)
		mustExec(t, s, "insert into schema_migration (version, name, applied) select 99, '0099_later', toDateTime(0)")
		err := s.Migrate(context.Background(), func(Step) { t.Error("a step was taken") })
		if !errors.Is(err, ErrNewer) {
			t.Errorf("Migrate: %v, want ErrNewer", err)
		}
		if err := s.Check(context.Background()); !errors.Is(err, storage.ErrUnavailable) || !strings.Contains(err.Error(), "version 99") {
			t.Errorf("Check: %v, want the version named", err)
		}
	})
}

// A changed number of months is a step of its own.
func TestRetentionChanges(t *testing.T) {
	e := clickhousetest.Start(t, clickhousetest.ChDB)
	s := unmigrated(t, e)
	migrate(t, s)
	s = openWith(t, Options{DSN: s.DSN, KeepMonths: 13})
	if err := s.Check(context.Background()); err != nil {
		t.Errorf("Check before: %v", err)
	}
	p, err := s.Plan(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	want := []Step{{Name: "keep 13 months", SQL: []string{
		"alter table stats_hour modify ttl toStartOfMonth(hour) + toIntervalMonth(13)",
		"alter table stats_day modify ttl toStartOfMonth(day) + toIntervalMonth(13)",
		"alter table stats_month modify ttl toStartOfMonth(month) + toIntervalMonth(13)",
	}}}
	if d := cmp.Diff(want, p.Steps, cmp.AllowUnexported(Step{})); d != "" {
		t.Errorf("steps (-want +got):\n%s", d)
	}
	migrate(t, s)
	if got := planned(t, s); got != "4 to 4" {
		t.Errorf("plan after: %s, want nothing to do", got)
	}
}

// counted are the days, hours and minutes with a total, and the months of the table by month.
func counted(t *testing.T, s *Store) (days, hours, minutes, months []int64) {
	t.Helper()
	ctx := context.Background()
	points, err := s.Series(ctx, storage.SeriesQuery{Site: 7, Grain: storage.GrainDay, To: maxDate})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range points {
		days = append(days, p.Bucket)
	}
	if points, err = s.Series(ctx, storage.SeriesQuery{Site: 7, Grain: storage.GrainHour, ToHour: 1 << 20}); err != nil {
		t.Fatal(err)
	}
	for _, p := range points {
		hours = append(hours, p.Bucket)
	}
	rows, err := s.Minutes(ctx, 7, 0, 1<<26)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		minutes = append(minutes, r.Minute)
	}
	if points, err = s.Series(ctx, storage.SeriesQuery{Site: 7, Grain: storage.GrainMonth, To: foule.Day(maxDate).Month().First() - 1}); err != nil {
		t.Fatal(err)
	}
	for _, p := range points {
		months = append(months, p.Bucket)
	}
	return days, hours, minutes, months
}

// What is older than the retention goes, by whole months but for minutes; the
// month 24 months ago is the oldest of 25.
func TestRetention(t *testing.T) {
	engines(t, func(t *testing.T, e *clickhousetest.Engine) {
		ctx, now := context.Background(), time.Now()
		s := unmigrated(t, e)
		migrate(t, s)
		this := foule.DayOf(now, time.UTC)
		kept, old := (this.Month() - 24).First(), (this.Month()-24).First()-1
		one := foule.Metrics{1, 1, 1}
		b := &storage.Batch{Token: "c/0/1"}
		for _, day := range []foule.Day{old, kept, this} {
			b.Days = append(b.Days, storage.DayRow{Site: 7, Day: day, Metrics: one})
			b.Hours = append(b.Hours, storage.HourRow{Site: 7, Hour: int64(day) * 24, Metrics: one})
			b.Minutes = append(b.Minutes, storage.MinuteRow{Site: 7, Minute: int64(day) * 1440, Metrics: one})
		}
		if err := s.Apply(ctx, b); err != nil {
			t.Fatal(err)
		}
		if err := s.Prune(ctx, now); err != nil {
			t.Fatal(err)
		}
		if e.Kind == clickhousetest.ChDB {
			for _, table := range counterTables {
				mustExec(t, s, "optimize table "+table+" final") // not to wait for the server to get at it
			}
		}
		days, hours, minutes, months := counted(t, s)
		if d := cmp.Diff([][]int64{
			{int64(kept), int64(this)}, {int64(kept) * 24, int64(this) * 24}, {int64(this) * 1440}, {int64(kept.Month()), int64(this.Month())},
		}, [][]int64{days, hours, minutes, months}); d != "" {
			t.Errorf("days, hours, minutes, months (-want +got):\n%s", d)
		}
	})
}

// Days before the migration that sums them by month are in the months after it,
// also when the step was broken off and is taken again.
func TestMonthsAreFilled(t *testing.T) {
	engines(t, func(t *testing.T, e *clickhousetest.Engine) {
		s := openOn(t, e, Options{})
		ctx := context.Background()
		day := func(d foule.Day, label string, n int64) storage.DayRow {
			return storage.DayRow{Site: 7, Day: d, Dim: foule.DimPage, Label: label, Metrics: foule.Metrics{n, n, 2 * n}}
		}
		under := day(april1-40, "/a", 1)
		under.By, under.ByLabel = foule.DimCountry, "FR"
		if err := s.Apply(ctx, &storage.Batch{Token: "c/0/1", Days: []storage.DayRow{
			day(april1-1, "/a", 3), day(april1-2, "/a", 2), day(april1-2, "/b", 1), day(april1-40, "/a", 4), under,
			day(april1-3, "/gone", 5), day(april1-3, "/gone", -5), day(april1+29, "/a", 6),
		}}); err != nil {
			t.Fatal(err)
		}
		pages := func(f *storage.Filter) storage.TableResult {
			res, err := s.Table(ctx, storage.TableQuery{Site: 7, Dim: foule.DimPage, Filter: f, From: (april1 - 40).Month().First(), To: april1.Month().Last()})
			if err != nil {
				t.Fatal(err)
			}
			return res
		}
		fr := &storage.Filter{Dim: foule.DimCountry, Label: "FR"}
		all, filtered := pages(nil), pages(fr)
		if all.Sum[foule.Visits] != 16 || filtered.Sum[foule.Visits] != 1 {
			t.Fatalf("before: %+v, filtered %+v", all, filtered)
		}
		mustExec(t, s, "drop table stats_month") // as it was before
		mustExec(t, s, "drop table schema_migration")
		srv, err := s.known(ctx)
		if err != nil {
			t.Fatal(err)
		}
		steps, err := readSteps(s.dialect(srv))
		if err != nil {
			t.Fatal(err)
		}
		for _, step := range steps[:2] {
			if err := s.take(ctx, srv, step); err != nil {
				t.Fatal(err)
			}
		}
		p, err := s.Plan(ctx)
		if err != nil || p.From != 2 || len(p.Steps) == 0 {
			t.Fatalf("plan %+v, %v", p, err)
		}
		for i, statement := range p.Steps[0].SQL {
			if i < 3 { // the table, and the first of three months
				mustExec(t, s, statement)
			}
		}
		mustExec(t, s, "insert into stats_month (site, dim, month, label, visits) select 7, 1, toDate('2026-03-01'), '/a', 2") // a part of the next
		migrate(t, s)
		if e.Kind == clickhousetest.ChDB {
			keepAll(t, s, "stats_month")
		}
		if d := cmp.Diff(all, pages(nil)); d != "" {
			t.Errorf("after (-want +got):\n%s", d)
		}
		if d := cmp.Diff(filtered, pages(fr)); d != "" {
			t.Errorf("after, filtered (-want +got):\n%s", d)
		}
	})
}
