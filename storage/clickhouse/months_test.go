package clickhouse

import (
	"context"
	"slices"
	"testing"

	"foule.eu/foule"
	"foule.eu/foule/internal/clickhousetest"
	"foule.eu/foule/storage"
	"github.com/google/go-cmp/cmp"
)

// Days before the migration that sums them by month are in the months after it,
// also when the step was broken off and is taken again.
func TestMonthsAreFilled(t *testing.T) {
	engines(t, func(t *testing.T, e *clickhousetest.Engine) { monthsAreFilled(t, openOn(t, e, Options{})) })
	t.Run("cluster", func(t *testing.T) { monthsAreFilled(t, openOnCluster(t, clickhousetest.Cluster(t))) })
}

func monthsAreFilled(t *testing.T, s *Store) {
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
	srv, err := s.known(ctx)
	if err != nil {
		t.Fatal(err)
	}
	d := s.dialect(srv)
	for _, table := range slices.Compact([]string{"stats_month", d.Local("stats_month"), "schema_migration"}) { // as it was before
		mustExec(t, s, "drop table "+table+d.OnCluster())
	}
	steps, err := readSteps(d)
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
	begun := p.Steps[0]
	begun.version = 0
	begun.SQL = begun.SQL[:len(begun.SQL)-4] // all but the last two of three months
	if err := s.take(ctx, srv, begun); err != nil {
		t.Fatal(err)
	}
	begun.SQL = []string{"insert into stats_month (site, dim, month, label, visits) select 7, 1, toDate('2026-03-01'), '/a', 2"} // a part of the next
	if err := s.take(ctx, srv, begun); err != nil {
		t.Fatal(err)
	}
	migrate(t, s)
	if srv.modern {
		keepAll(t, s, "stats_month")
	}
	if d := cmp.Diff(all, pages(nil)); d != "" {
		t.Errorf("after (-want +got):\n%s", d)
	}
	if d := cmp.Diff(filtered, pages(fr)); d != "" {
		t.Errorf("after, filtered (-want +got):\n%s", d)
	}
}
