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

// tableFill says which clauses the query table has.
type tableFill struct {
	countersFill
	SortLabel, Limit bool
	Sort, Direction  string // by label alone if Sort is ""
}

// Table sums a dimension's labels over days. One query answers it all, so that
// rows and sums are of the same moment.
func (s *Store) Table(ctx context.Context, q storage.TableQuery) (res storage.TableResult, err error) {
	if q.To < q.From || q.To < 0 {
		return res, ctx.Err()
	}
	fill, v := tableQuery(q)
	if q.Label != nil || q.Dim == foule.DimTotal {
		res, err = s.single(ctx, q, fill, v)
	} else {
		res, err = s.table(ctx, q, fill, v)
	}
	if err != nil {
		return storage.TableResult{}, fmt.Errorf("clickhouse: table of %v: %w", q.Dim, err)
	}
	return res, nil
}

// table gives a page of labels. The first row of its query is the sum over all
// labels with their number, the second what stands under foule.Other, then come
// the labels. Rows before the offset are skipped here, as the sum comes first.
func (s *Store) table(ctx context.Context, q storage.TableQuery, fill tableFill, v values) (res storage.TableResult, err error) {
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
		case q.Limit == 0 || len(res.Rows) < q.Limit:
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
	fill := tableFill{SortLabel: q.SortLabel, Limit: q.Limit > 0, Direction: "desc"}
	var v values
	fill.countersFill, v = counters(q.Site, q.Dim, q.From, q.To, q.Filter)
	fill.By = "label"
	fill.Label, fill.Search, fill.HideEmpty = q.Label != nil, q.Search != "", q.HideEmpty
	fill.HideOther = fill.Label || fill.Search
	if q.Ascending {
		fill.Direction = "asc"
	}
	if slices.Contains(fill.Metrics, q.Sort) {
		fill.Sort = q.Sort.String()
	}
	v["other"] = foule.Other
	if q.Label != nil {
		v["label"] = *q.Label
	}
	if q.Search != "" {
		v["search"] = q.Search
	}
	if q.Limit > 0 {
		v["limit"] = uint64(q.Offset) + uint64(q.Limit) + kindLabel
	}
	return fill, v
}
