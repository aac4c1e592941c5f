package report_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"foule.eu/foule"
	"foule.eu/foule/report"
	"foule.eu/foule/storage"
)

// asked notes up to which day a store is asked.
type asked struct {
	storage.Reader
	tables, series map[string]bool
}

func (a *asked) Table(ctx context.Context, q storage.TableQuery) (storage.TableResult, error) {
	a.tables[q.To.String()] = true
	return a.Reader.Table(ctx, q)
}

func (a *asked) SeriesOf(ctx context.Context, q storage.SeriesQuery, labels []string) ([][]storage.Point, error) {
	a.series[q.To.String()] = true
	return a.Reader.SeriesOf(ctx, q, labels)
}

// A range that ends today is asked for up to the end of its month, and the answer
// is that of its days.
func TestUpToToday(t *testing.T) {
	d := day(t, "2026-03-09")
	for _, c := range []struct {
		name          string
		now           time.Time
		grain         report.Grain
		table, series string
	}{
		{"by month", time.Date(2026, 3, 12, 9, 0, 0, 0, time.UTC), report.GrainMonth, "2026-03-31", "2026-03-31"},
		{"by day", time.Date(2026, 3, 12, 9, 0, 0, 0, time.UTC), report.GrainDay, "2026-03-31", "2026-03-12"},
		{"by week", time.Date(2026, 3, 12, 9, 0, 0, 0, time.UTC), report.GrainWeek, "2026-03-31", "2026-03-12"},
		{"on the day after", time.Date(2026, 3, 13, 9, 0, 0, 0, time.UTC), report.GrainMonth, "2026-03-12", "2026-03-12"},
		{"before midnight", time.Date(2026, 3, 12, 22, 59, 0, 0, time.UTC), report.GrainMonth, "2026-03-31", "2026-03-31"}, // 23:59 in Paris
		{"after midnight", time.Date(2026, 3, 12, 23, 1, 0, 0, time.UTC), report.GrainMonth, "2026-03-12", "2026-03-12"},
		{"before the end", time.Date(2026, 3, 11, 9, 0, 0, 0, time.UTC), report.GrainMonth, "2026-03-31", "2026-03-31"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := open(t, audience(t))
			store := &asked{s.Store, map[string]bool{}, map[string]bool{}}
			s.Store, s.Now = store, func() time.Time { return c.now }
			a, err := s.Ask(context.Background(), report.Question{Site: paris, From: d, To: d + 3, Report: "totals", Grain: c.grain})
			if err != nil {
				t.Fatal(err)
			}
			if a.Totals[foule.Visits] != 10 {
				t.Errorf("%d visits, want 10", a.Totals[foule.Visits])
			}
			if diff := cmp.Diff([]map[string]bool{{c.table: true}, {c.series: true}}, []map[string]bool{store.tables, store.series}); diff != "" {
				t.Errorf("asked up to (-want +got):\n%s", diff)
			}
		})
	}
}
