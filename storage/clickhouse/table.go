package clickhouse

import (
	"context"
	"fmt"
	"slices"

	"foule.eu/foule"
	"foule.eu/foule/storage"
	lib "github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// Kinds of rows that the query table answers, in their order.
const (
	kindSum   = 0 // over all labels
	kindOther = 1 // foule.Other
	kindLabel = 2
)

// tableFill says which clauses the queries table and labels have.
type tableFill struct {
	countersFill
	SortLabel             bool
	Name, Sort, Direction string // columns; by the name alone if Sort is ""
}

// ordered fills in the order: what the label's column is called, and how the
// counters' begin.
func (f *tableFill) ordered(q storage.TableQuery, name, counters string) {
	f.SortLabel, f.Name, f.Direction = q.SortLabel, name, "desc"
	if q.Ascending {
		f.Direction = "asc"
	}
	if slices.Contains(f.Metrics, q.Sort) {
		f.Sort = counters + q.Sort.String()
	}
}

// Table sums a dimension's labels over days. One query answers it all, so that
// rows and sums are of the same moment.
func (s *Store) Table(ctx context.Context, q storage.TableQuery) (res storage.TableResult, err error) {
	if q.To < q.From || q.To < 0 {
		return res, ctx.Err()
	}
	fill, v := tableQuery(q)
	switch {
	case q.Label != nil || q.Dim == foule.DimTotal:
		res, err = s.single(ctx, q, fill, v)
	case q.Limit == 0 || fewLabels(q.Dim):
		res, err = s.whole(ctx, q, fill, v)
	default:
		res, err = s.table(ctx, q, fill, v)
	}
	if err != nil {
		return storage.TableResult{}, fmt.Errorf("clickhouse: table of %v: %w", q.Dim, err)
	}
	return res, nil
}

// fewLabels says whether a dimension has so few labels by what they are that it
// takes less to read them all and add them up here than to have the server make
// the sum beside them: on a small table that is a third of its work.
func fewLabels(d foule.Dimension) bool {
	switch d {
	case foule.DimChannel, foule.DimContinent, foule.DimCountry, foule.DimRegion, foule.DimLanguage,
		foule.DimDeviceType, foule.DimBrand, foule.DimBrowser, foule.DimBrowserVersion, foule.DimOS, foule.DimOSVersion,
		foule.DimServerHour, foule.DimLocalHour, foule.DimDuration, foule.DimDepth,
		foule.DimGoal, foule.DimFunnelStep, foule.DimBasket, foule.DimTiming, foule.DimTimingBucket, foule.DimLoadTime,
		foule.DimExcluded, foule.DimCrawler, foule.DimDropped, foule.DimConsent:
		return true
	}
	return false
}

// whole reads all labels, adds them up, and gives a page of them.
func (s *Store) whole(ctx context.Context, q storage.TableQuery, fill tableFill, v values) (res storage.TableResult, err error) {
	fill.ordered(q, "label", "sum_")
	err = s.rows(ctx, "labels", fill, v, func(rows lib.Rows) error {
		var row storage.Row
		if err := rows.Scan(append([]any{&row.Label}, into(&row.Metrics, fill.Metrics)...)...); err != nil {
			return err
		}
		res.Sum.Add(&row.Metrics)
		if row.Label == foule.Other {
			res.Other = row.Metrics
			return nil
		}
		if res.RowCount++; res.RowCount > q.Offset && (q.Limit == 0 || len(res.Rows) < q.Limit) {
			res.Rows = append(res.Rows, row)
		}
		return nil
	})
	return res, err
}

// table gives a page of labels. The first row of its query is the sum over all
// labels with their number, the second what stands under foule.Other, then come
// the labels. Rows before the offset are skipped here, as the sum comes first.
func (s *Store) table(ctx context.Context, q storage.TableQuery, fill tableFill, v values) (res storage.TableResult, err error) {
	fill.ordered(q, "name", "all_")
	v["limit"] = uint64(q.Offset) + uint64(q.Limit) + kindLabel
	skip := q.Offset
	err = s.rows(ctx, "table", fill, v, func(rows lib.Rows) error {
		var kind uint8
		var labels uint64
		var row storage.Row
		if err := rows.Scan(append([]any{&kind, &row.Label, &labels}, into(&row.Metrics, fill.Metrics)...)...); err != nil {
			return err
		}
		switch {
		case kind == kindSum:
			res.RowCount, res.Sum = int(labels), row.Metrics
		case kind == kindOther:
			res.RowCount, res.Other = res.RowCount-1, row.Metrics
		case skip > 0:
			skip--
		case len(res.Rows) < q.Limit:
			res.Rows = append(res.Rows, row)
		}
		return nil
	})
	return res, err
}

// single answers about one label, or the total, which has but one: what the
// labels are need not be read.
func (s *Store) single(ctx context.Context, q storage.TableQuery, fill tableFill, v values) (res storage.TableResult, err error) {
	fill.By = ""
	err = s.rows(ctx, "sum", fill, v, func(rows lib.Rows) error {
		return rows.Scan(into(&res.Sum, fill.Metrics)...)
	})
	if err != nil || res.Sum.IsZero() {
		return res, err
	}
	res.RowCount = 1
	if q.Offset == 0 {
		row := storage.Row{Metrics: res.Sum}
		if q.Label != nil {
			row.Label = *q.Label
		}
		res.Rows = []storage.Row{row}
	}
	return res, nil
}

func tableQuery(q storage.TableQuery) (tableFill, values) {
	var fill tableFill
	var v values
	fill.countersFill, v = counters(q.Site, q.Dim, q.From, q.To, q.Filter)
	fill.By = "label"
	fill.Label, fill.Search, fill.HideEmpty = q.Label != nil, q.Search != "", q.HideEmpty
	fill.HideOther = fill.Label || fill.Search
	v["other"] = foule.Other
	if q.Label != nil {
		v["label"] = *q.Label
	}
	if q.Search != "" {
		v["search"] = q.Search
	}
	return fill, v
}
