package clickhouse

import (
	"context"
	"fmt"

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
	Label, Search, HideEmpty, HideOther bool
	SortLabel, Limit                    bool
	Sort, Direction                     string
}

// Table sums a dimension's labels over days. One query answers it all, so that
// rows and sums are of the same moment: its first row is the sum over all
// labels with their number, the second what stands under foule.Other, then come
// the labels. Rows before the offset are skipped here, as the sum comes first.
func (s *Store) Table(ctx context.Context, q storage.TableQuery) (res storage.TableResult, err error) {
	if q.To < q.From || q.To < 0 {
		return res, ctx.Err()
	}
	skip := q.Offset
	fill, v := tableQuery(q)
	err = s.rows(ctx, "table", fill, v, func(rows lib.Rows) error {
		var kind uint8
		var labels uint64
		var row storage.Row
		if err := rows.Scan(append([]any{&kind, &row.Label, &labels}, counters(&row.Metrics)...)...); err != nil {
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
	if err != nil {
		return storage.TableResult{}, fmt.Errorf("clickhouse: table of %v: %w", q.Dim, err)
	}
	return res, nil
}

func tableQuery(q storage.TableQuery) (tableFill, values) {
	fill := tableFill{
		Label: q.Label != nil, Search: q.Search != "", HideEmpty: q.HideEmpty,
		HideOther: q.Label != nil || q.Search != "",
		SortLabel: q.SortLabel, Limit: q.Limit > 0,
		Sort: q.Sort.String(), Direction: "desc",
	}
	if q.Ascending {
		fill.Direction = "asc"
	}
	v := dayValues(q.Site, q.Dim, q.From, q.To, q.Filter)
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

// dayValues bind what every question by day has.
func dayValues(site foule.SiteID, dim foule.Dimension, from, to foule.Day, f *storage.Filter) values {
	v := values{
		"site": uint32(site), "dim": uint8(dim), "by_dim": uint8(foule.DimTotal), "by_label": "",
		"from": uint16(clamp(from, maxDate)), "to": uint16(clamp(to, maxDate)),
	}
	if f != nil {
		v["by_dim"], v["by_label"] = uint8(f.Dim), f.Label
	}
	return v
}

// counters are where a row's metrics are scanned to.
func counters(m *foule.Metrics) []any {
	to := make([]any, len(m))
	for i := range m {
		to[i] = &m[i]
	}
	return to
}
