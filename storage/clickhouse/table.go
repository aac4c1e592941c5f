package clickhouse

import (
	"context"
	"fmt"
	"slices"

	"foule.eu/foule"
	"foule.eu/foule/storage"
	lib "github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// tableFill says which clauses the queries table and labels have.
type tableFill struct {
	countersFill
	SortLabel       bool
	Sort, Direction string // metric; by the label alone if Sort is ""
}

// ordered fills in the order.
func (f *tableFill) ordered(q storage.TableQuery) {
	f.SortLabel, f.Direction = q.SortLabel, "desc"
	if q.Ascending {
		f.Direction = "asc"
	}
	if slices.Contains(f.Metrics, q.Sort) {
		f.Sort = q.Sort.String()
	}
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
		res, err = s.labels(ctx, q, fill, v)
	}
	if err != nil {
		return storage.TableResult{}, fmt.Errorf("clickhouse: table of %v: %w", q.Dim, err)
	}
	return res, nil
}

// labels gives all labels or a page of them, which the server cuts out if it
// knows window functions.
func (s *Store) labels(ctx context.Context, q storage.TableQuery, fill tableFill, v values) (storage.TableResult, error) {
	srv, err := s.known(ctx)
	if err != nil {
		return storage.TableResult{}, kind(err)
	}
	fill.ordered(q)
	if q.Limit == 0 || !srv.modern {
		return s.whole(ctx, q, fill, v)
	}
	return s.page(ctx, q, fill, v)
}

// whole reads all labels and adds them up here.
func (s *Store) whole(ctx context.Context, q storage.TableQuery, fill tableFill, v values) (res storage.TableResult, err error) {
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

// page reads the labels up to the end of the page, each with the number of all and
// the sum over them. What stands under foule.Other comes first. Labels before the
// page are skipped here, as some row has to say the sum even if the page is empty.
func (s *Store) page(ctx context.Context, q storage.TableQuery, fill tableFill, v values) (res storage.TableResult, err error) {
	v["limit"] = uint64(q.Offset) + uint64(q.Limit) + 1 // the one of foule.Other
	skip := q.Offset
	err = s.rows(ctx, "table", fill, v, func(rows lib.Rows) error {
		var row storage.Row
		var isOther uint8
		var labels uint64
		to := append([]any{&row.Label, &isOther}, into(&row.Metrics, fill.Metrics)...)
		to = append(append(to, &labels), into(&res.Sum, fill.Metrics)...)
		if err := rows.Scan(to...); err != nil {
			return err
		}
		switch {
		case isOther == 1:
			res.Other = row.Metrics
		case skip > 0:
			skip--
		case len(res.Rows) < q.Limit:
			res.Rows = append(res.Rows, row)
		}
		if res.RowCount = int(labels); !res.Other.IsZero() {
			res.RowCount--
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
	fill.Search, fill.HideEmpty = q.Search != "", q.HideEmpty
	fill.HideOther = q.Label != nil || fill.Search
	v["other"] = foule.Other
	if q.Label != nil {
		fill.among([]string{*q.Label}, v)
	}
	if q.Search != "" {
		v["search"] = q.Search
	}
	return fill, v
}
