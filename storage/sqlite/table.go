package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"

	"foule.eu/foule"
	"foule.eu/foule/storage"
)

// Table sums a dimension's labels over days: whole months come from the
// roll-up (see plan). All labels are summed, since the number of rows and the
// sums around the page need them; texts are looked up for the page alone,
// unless a search or a sort by label asks for all.
func (s *Store) Table(ctx context.Context, q storage.TableQuery) (storage.TableResult, error) {
	var res storage.TableResult
	err := s.view(ctx, "table of "+q.Dim.String(), func(r reading) (err error) {
		if q.Label != nil {
			res, err = r.tableOfLabel(q)
		} else {
			res, err = r.table(q)
		}
		return err
	})
	return res, err
}

func (r reading) table(q storage.TableQuery) (res storage.TableResult, err error) {
	sums, err := r.totals(q)
	defer sums.done()
	if err != nil {
		return res, err
	}
	rows := make([]*labelled, 0, len(sums.rows))
	for i := range sums.rows {
		row := &sums.rows[i]
		switch {
		case row.Metrics.IsZero(), row.id == labelEmpty && q.HideEmpty:
		case row.id == labelOther:
			if q.Search == "" {
				res.Other = row.Metrics
			}
		default:
			rows = append(rows, row)
		}
	}
	var texts map[int64]string
	if q.Search != "" || q.SortLabel {
		if texts, err = r.labelTexts(q.Site, q.Dim, idsOf(rows)); err != nil {
			return res, err
		}
	}
	if q.Search != "" {
		want := storage.LowerASCII(q.Search)
		rows = slices.DeleteFunc(rows, func(row *labelled) bool {
			return !strings.Contains(storage.LowerASCII(texts[row.id]), want)
		})
	}
	res.RowCount, res.Sum = len(rows), res.Other
	for _, row := range rows {
		res.Sum.Add(&row.Metrics)
	}
	res.Rows, err = r.page(q, rows, texts)
	return res, err
}

// totals sums the counters of each label; the caller gives them back, error or not.
func (r reading) totals(q storage.TableQuery) (*totals, error) {
	sums := newTotals()
	byDim, byLabel, ok, err := r.filter(q.Site, q.Filter)
	if err != nil || !ok {
		return sums, err
	}
	lastDay, err := r.lastDay()
	if err != nil {
		return sums, err
	}
	for _, p := range plan(q.From, q.To, lastDay) {
		err := r.rows(p.query("table"), []any{
			sql.Named("from", p.from), sql.Named("to", p.to),
			sql.Named("site", int64(q.Site)), sql.Named("dim", int64(q.Dim)),
			sql.Named("by_dim", byDim), sql.Named("by_label", byLabel),
		}, func(rows *sql.Rows) error {
			var pack int64
			var text string
			if err := rows.Scan(&pack, &text); err != nil {
				return err
			}
			return sums.add(pack, text, p.sign)
		})
		if err != nil {
			return sums, err
		}
	}
	return sums, nil
}

// query names the query for a part.
func (p part) query(what string) string {
	if p.months {
		return what + "_month"
	}
	return what + "_day"
}

// filter gives the ids of a filter; ok is false if nothing can match it.
func (r reading) filter(site foule.SiteID, f *storage.Filter) (dim, label int64, ok bool, err error) {
	if f == nil {
		return int64(foule.DimTotal), labelEmpty, true, nil
	}
	label, ok, err = r.labelID(labelKey{site, f.Dim, f.Label})
	return int64(f.Dim), label, ok, err
}

// tableOfLabel answers for a single label, by looking up its rows alone.
func (r reading) tableOfLabel(q storage.TableQuery) (res storage.TableResult, err error) {
	if q.HideEmpty && *q.Label == "" || !strings.Contains(storage.LowerASCII(*q.Label), storage.LowerASCII(q.Search)) {
		return res, nil
	}
	lastDay, err := r.lastDay()
	if err != nil {
		return res, err
	}
	var sum foule.Metrics
	one := storage.SeriesQuery{Site: q.Site, Dim: q.Dim, Label: *q.Label, Filter: q.Filter}
	err = r.labelRows(plan(q.From, q.To, lastDay), one, func(_ part, _ int64, m *foule.Metrics) { sum.Add(m) })
	if err != nil || sum.IsZero() || *q.Label == foule.Other {
		return res, err
	}
	res.RowCount, res.Sum = 1, sum
	if q.Offset == 0 {
		res.Rows = []storage.Row{{Label: *q.Label, Metrics: sum}}
	}
	return res, nil
}

// page sorts rows and cuts out the page that is asked for. Sorting by a metric
// needs the texts of the page and of the rows tied with it, not of all: so the
// rows that cannot be on the page go first.
func (r reading) page(q storage.TableQuery, rows []*labelled, texts map[int64]string) ([]storage.Row, error) {
	if q.Offset >= len(rows) {
		return nil, nil
	}
	end := len(rows)
	if q.Limit > 0 {
		end = min(end, q.Offset+q.Limit)
	}
	if !q.SortLabel {
		rows = upTo(rows, end, byMetric(&q))
	}
	if texts == nil {
		var err error
		if texts, err = r.labelTexts(q.Site, q.Dim, idsOf(rows)); err != nil {
			return nil, err
		}
	}
	first, second := byMetric(&q), byText(&q, texts)
	if q.SortLabel {
		first = second
	}
	slices.SortFunc(rows, func(a, b *labelled) int { return cmp.Or(first(a, b), second(a, b)) })
	page := make([]storage.Row, 0, end-q.Offset)
	for _, row := range rows[q.Offset:end] {
		page = append(page, storage.Row{Label: texts[row.id], Metrics: row.Metrics})
	}
	return page, nil
}
