package clickhouse

import (
	"context"
	"testing"

	"foule.eu/foule"
	"foule.eu/foule/internal/clickhousetest"
	"foule.eu/foule/storage"
	lib "github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/go-cmp/cmp"
)

// told sends every question with a setting.
type told struct{ lib.Conn }

func (c told) Query(ctx context.Context, text string, args ...any) (lib.Rows, error) {
	return c.Conn.Query(ctx, text+"\nsettings enable_analyzer = 0", args...)
}

// Servers before 24.3, and those told so, analyse questions in another way, which
// knows fewer names: they say the same.
func TestOldAnalyzer(t *testing.T) {
	ctx := context.Background()
	s := openOn(t, clickhousetest.Start(t, clickhousetest.ChDB), Options{})
	b := storage.Batch{Token: "c/0/1"}
	for i, label := range []string{"/a", "/b", "/c", "", foule.Other} {
		for d := april1 - 5; d < april1+40; d += 7 {
			n := int64(i + 1)
			row := storage.DayRow{Site: 7, Day: d, Dim: foule.DimPage, Label: label, Metrics: foule.Metrics{n, n, 2 * n}}
			total := storage.DayRow{Site: 7, Day: d, Metrics: row.Metrics}
			b.Days = append(b.Days, row, total)
			row.By, row.ByLabel = foule.DimCountry, "FR"
			b.Days = append(b.Days, row)
			b.Hours = append(b.Hours, storage.HourRow{Site: 7, Hour: int64(d) * 24, Metrics: row.Metrics})
			b.Minutes = append(b.Minutes, storage.MinuteRow{Site: 7, Minute: int64(d) * 1440, Metrics: row.Metrics})
		}
	}
	if err := s.Apply(ctx, &b); err != nil {
		t.Fatal(err)
	}
	old := openWith(t, s.Options)
	old.conn = told{old.conn}

	label, fr := "/b", &storage.Filter{Dim: foule.DimCountry, Label: "FR"}
	for name, q := range map[string]storage.TableQuery{
		"all": {}, "page": {Limit: 2, Offset: 1, Sort: foule.Visits}, "ascending": {Limit: 2, Sort: foule.Hits, Ascending: true},
		"by label": {Limit: 3, SortLabel: true}, "search": {Limit: 2, Search: "/", Sort: foule.Visits}, "label": {Label: &label},
		"filtered": {Limit: 2, Sort: foule.Visits, Filter: fr}, "hide": {Limit: 9, HideEmpty: true}, "after the end": {Limit: 2, Offset: 20},
	} {
		q.Site, q.Dim = 7, foule.DimPage
		for days, to := range map[string]foule.Day{"days": april1 + 20, "months": april1 + 150} {
			q.From, q.To = april1-5, to
			same(t, name+" over "+days, func(s *Store) (any, error) { return s.Table(ctx, q) }, s, old)
		}
	}
	for _, grain := range []storage.Grain{storage.GrainHour, storage.GrainDay, storage.GrainMonth} {
		same(t, "series by "+string(grain), func(s *Store) (any, error) {
			return storage.Series(ctx, s, storage.SeriesQuery{Site: 7, Grain: grain, From: april1 - 5, To: april1 + 150, FromHour: int64(april1) * 24, ToHour: int64(april1+20) * 24})
		}, s, old)
	}
	same(t, "minutes", func(s *Store) (any, error) { return s.Minutes(ctx, 7, int64(april1-5)*1440, int64(april1)*1440) }, s, old)
	same(t, "range", func(s *Store) (any, error) {
		first, last, ok, err := s.DataRange(ctx, 7)
		return []any{first, last, ok}, err
	}, s, old)
}

// same asks two stores.
func same(t *testing.T, what string, ask func(*Store) (any, error), one, other *Store) {
	t.Helper()
	want, err := ask(one)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	got, err := ask(other)
	if err != nil {
		t.Errorf("%s, asked otherwise: %v", what, err)
	} else if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
