package clickhouse

import (
	"context"
	"fmt"

	"foule.eu/foule"
	"foule.eu/foule/storage"
	lib "github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// Series gives one label by hour, day or month. A month is the sum of its days
// that the range covers.
func (s *Store) Series(ctx context.Context, q storage.SeriesQuery) ([]storage.Point, error) {
	points, err := s.series(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("clickhouse: series of %v: %w", q.Dim, err)
	}
	return points, nil
}

func (s *Store) series(ctx context.Context, q storage.SeriesQuery) ([]storage.Point, error) {
	switch q.Grain {
	case storage.GrainHour:
		if q.Filter != nil {
			return nil, fmt.Errorf("grain hour has no filter")
		}
		if q.ToHour < 0 {
			return nil, ctx.Err()
		}
		return s.points(ctx, "series_hour", countersFill{Metrics: metricsUnder(q.Dim, nil)}, values{
			"site": uint32(q.Site), "dim": uint8(q.Dim), "label": q.Label,
			"from": uint32(clamp(q.FromHour*3600, maxDateTime)), "to": uint32(clamp(q.ToHour*3600, maxDateTime)),
		})
	case storage.GrainDay, storage.GrainMonth:
		if q.To < q.From || q.To < 0 {
			return nil, ctx.Err()
		}
		fill, v := counters(q.Site, q.Dim, q.From, q.To, q.Filter)
		fill.By, fill.Label = "bucket", true
		v["label"] = q.Label
		return s.points(ctx, "series_"+string(q.Grain), fill, v)
	}
	return nil, fmt.Errorf("unknown grain %q", q.Grain)
}

func (s *Store) points(ctx context.Context, query string, fill countersFill, v values) (points []storage.Point, err error) {
	err = s.rows(ctx, query, fill, v, func(rows lib.Rows) error {
		var p storage.Point
		err := rows.Scan(append([]any{&p.Bucket}, into(&p.Metrics, fill.Metrics)...)...)
		points = append(points, p)
		return err
	})
	return points, err
}

// Minutes gives the minute rows of a site.
func (s *Store) Minutes(ctx context.Context, site foule.SiteID, from, to int64) ([]storage.MinuteRow, error) {
	rows, err := s.minutes(ctx, site, from, to)
	if err != nil {
		return nil, fmt.Errorf("clickhouse: minutes: %w", err)
	}
	return rows, nil
}

func (s *Store) minutes(ctx context.Context, site foule.SiteID, from, to int64) ([]storage.MinuteRow, error) {
	if to <= 0 {
		return nil, ctx.Err()
	}
	points, err := s.points(ctx, "minutes", countersFill{Metrics: allMetrics}, values{
		"site": uint32(site),
		"from": uint32(clamp(from*60, maxDateTime)), "to": uint32(clamp((to-1)*60, maxDateTime)),
	})
	if err != nil {
		return nil, err
	}
	rows := make([]storage.MinuteRow, len(points))
	for i, p := range points {
		rows[i] = storage.MinuteRow{Site: site, Minute: p.Bucket, Metrics: p.Metrics}
	}
	return rows, nil
}

// DataRange gives a site's first and last day with a row, from the plain rows:
// there is none under a filter without one. Only if all that was counted on one
// of these days has been taken back, and the engine has not removed it yet, is
// every day looked at.
func (s *Store) DataRange(ctx context.Context, site foule.SiteID) (first, last foule.Day, ok bool, err error) {
	first, last, ok, err = s.dataRange(ctx, site)
	if err != nil {
		err = fmt.Errorf("clickhouse: data range: %w", err)
	}
	return first, last, ok, err
}

func (s *Store) dataRange(ctx context.Context, site foule.SiteID) (first, last foule.Day, ok bool, err error) {
	var rowCount uint64
	var from, to uint16
	err = s.rows(ctx, "data_range", nil, values{"site": uint32(site)}, func(rows lib.Rows) error {
		return rows.Scan(&rowCount, &from, &to)
	})
	if err != nil || rowCount == 0 {
		return 0, 0, false, err
	}
	for _, edges := range []bool{true, false} {
		v := values{"site": uint32(site)}
		if edges {
			v["first"], v["last"] = from, to
		}
		var days []uint16
		err := s.rows(ctx, "data_range_days", struct{ Edges bool }{edges}, v, func(rows lib.Rows) error {
			var day uint16
			err := rows.Scan(&day)
			days = append(days, day)
			return err
		})
		if err != nil {
			return 0, 0, false, err
		}
		if n := len(days); n > 0 && (!edges || days[0] == from && days[n-1] == to) {
			return foule.Day(days[0]), foule.Day(days[n-1]), true, nil
		}
	}
	return 0, 0, false, nil
}
