package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"

	"foule.eu/foule"
	"foule.eu/foule/storage"
)

// SeriesOf gives labels by hour, day or month, all of the same moment. A month that
// the range covers only in part counts the days inside.
func (s *Store) SeriesOf(ctx context.Context, q storage.SeriesQuery, labels []string) ([][]storage.Point, error) {
	series := make([][]storage.Point, len(labels))
	err := s.view(ctx, "series of "+q.Dim.String(), func(r reading) (err error) {
		for i, label := range labels {
			q.Label = label
			if series[i], err = r.series(q); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return series, nil
}

func (r reading) series(q storage.SeriesQuery) ([]storage.Point, error) {
	buckets := map[int64]*foule.Metrics{}
	add := func(bucket int64, m *foule.Metrics) {
		sum := buckets[bucket]
		if sum == nil {
			sum = new(foule.Metrics)
			buckets[bucket] = sum
		}
		sum.Add(m)
	}
	var err error
	switch q.Grain {
	case storage.GrainHour:
		err = r.hours(q, add)
	case storage.GrainDay:
		err = r.days(q, add)
	case storage.GrainMonth:
		err = r.months(q, add)
	default:
		err = fmt.Errorf("unknown grain %q", q.Grain)
	}
	if err != nil {
		return nil, err
	}
	points := make([]storage.Point, 0, len(buckets))
	for _, b := range slices.Sorted(maps.Keys(buckets)) {
		if m := buckets[b]; !m.IsZero() {
			points = append(points, storage.Point{Bucket: b, Metrics: *m})
		}
	}
	return points, nil
}

func (r reading) hours(q storage.SeriesQuery, add func(int64, *foule.Metrics)) error {
	if q.Filter != nil {
		return fmt.Errorf("grain hour has no filter")
	}
	label, ok, err := r.labelID(labelKey{q.Site, q.Dim, q.Label})
	if err != nil || !ok {
		return err
	}
	return r.counts("series_hour", label%packSize, []any{
		sql.Named("from", q.FromHour), sql.Named("to", q.ToHour),
		sql.Named("site", int64(q.Site)), sql.Named("dim", int64(q.Dim)), sql.Named("pack", label/packSize),
	}, add)
}

func (r reading) days(q storage.SeriesQuery, add func(int64, *foule.Metrics)) error {
	whole := []part{{months: false, from: int64(q.From), to: int64(q.To), sign: 1}}
	return r.labelRows(whole, q, func(_ part, day int64, m *foule.Metrics) { add(day, m) })
}

func (r reading) months(q storage.SeriesQuery, add func(int64, *foule.Metrics)) error {
	lastDay, err := r.lastDay()
	if err != nil {
		return err
	}
	return r.labelRows(plan(q.From, q.To, lastDay), q, func(p part, bucket int64, m *foule.Metrics) {
		if !p.months {
			bucket = int64(foule.Day(bucket).Month())
		}
		add(bucket, m)
	})
}

// labelRows gives the rows of one label in the parts of a range, those to be
// taken away with their signs turned.
func (r reading) labelRows(parts []part, q storage.SeriesQuery, add func(part, int64, *foule.Metrics)) error {
	byDim, byLabel, ok, err := r.filter(q.Site, q.Filter)
	if err != nil || !ok {
		return err
	}
	label, ok, err := r.labelID(labelKey{q.Site, q.Dim, q.Label})
	if err != nil || !ok {
		return err
	}
	for _, p := range parts {
		err := r.counts(p.query("series"), label%packSize, []any{
			sql.Named("from", p.from), sql.Named("to", p.to),
			sql.Named("site", int64(q.Site)), sql.Named("dim", int64(q.Dim)),
			sql.Named("by_dim", byDim), sql.Named("by_label", byLabel), sql.Named("pack", label/packSize),
		}, func(bucket int64, m *foule.Metrics) {
			if p.sign < 0 {
				taken := foule.Metrics{}
				taken.Sub(m)
				m = &taken
			}
			add(p, bucket, m)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// counts runs a query whose rows are a bucket and a pack, for one label of the pack.
func (r reading) counts(query string, label int64, args []any, add func(bucket int64, m *foule.Metrics)) error {
	return r.rows(query, args, func(rows *sql.Rows) error {
		var bucket int64
		var text string
		if err := rows.Scan(&bucket, &text); err != nil {
			return err
		}
		text, err := pick(text, label)
		if err != nil || text == "" {
			return err
		}
		var m foule.Metrics
		if err := addCounts(&m, text); err != nil {
			return err
		}
		add(bucket, &m)
		return nil
	})
}

// Minutes gives the minute rows of a site.
func (s *Store) Minutes(ctx context.Context, site foule.SiteID, from, to int64) ([]storage.MinuteRow, error) {
	var out []storage.MinuteRow
	err := s.view(ctx, "minutes", func(r reading) (err error) {
		out, err = r.minutes(site, from, to)
		return err
	})
	return out, err
}

func (r reading) minutes(site foule.SiteID, from, to int64) (out []storage.MinuteRow, err error) {
	err = r.rows("minutes", []any{
		sql.Named("from", from), sql.Named("to", to), sql.Named("site", int64(site)),
	}, func(rows *sql.Rows) error {
		row := storage.MinuteRow{Site: site}
		var text string
		if err := rows.Scan(&row.Minute, &text); err != nil {
			return err
		}
		err := addCounts(&row.Metrics, text)
		out = append(out, row)
		return err
	})
	return out, err
}

// DataRange gives a site's first and last day with a row.
func (s *Store) DataRange(ctx context.Context, site foule.SiteID) (first, last foule.Day, ok bool, err error) {
	var a, b sql.NullInt32
	err = s.view(ctx, "data range", func(r reading) error {
		return r.row("data_range", sql.Named("site", int64(site))).Scan(&a, &b)
	})
	return foule.Day(a.Int32), foule.Day(b.Int32), a.Valid && b.Valid, err
}
