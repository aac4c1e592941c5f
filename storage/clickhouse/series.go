package clickhouse

import (
	"context"
	"fmt"

	"foule.eu/foule"
	"foule.eu/foule/storage"
	lib "github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// SeriesOf gives labels by hour, day or month, by one question. A month is the sum
// of its days that the range covers.
func (s *Store) SeriesOf(ctx context.Context, q storage.SeriesQuery, labels []string) ([][]storage.Point, error) {
	series, err := s.series(ctx, q, labels)
	if err != nil {
		return nil, fmt.Errorf("clickhouse: series of %v: %w", q.Dim, err)
	}
	return series, nil
}

func (s *Store) series(ctx context.Context, q storage.SeriesQuery, labels []string) ([][]storage.Point, error) {
	series := make([][]storage.Point, len(labels))
	if len(labels) == 0 {
		return nil, ctx.Err()
	}
	var fill countersFill
	var v values
	switch q.Grain {
	case storage.GrainHour:
		if q.Filter != nil {
			return nil, fmt.Errorf("grain hour has no filter")
		}
		if q.ToHour < 0 {
			return series, ctx.Err()
		}
		fill.Metrics = metricsUnder(q.Dim, nil)
		v = values{
			"site": uint32(q.Site), "dim": uint8(q.Dim),
			"from": uint32(clamp(q.FromHour*3600, maxDateTime)), "to": uint32(clamp(q.ToHour*3600, maxDateTime)),
		}
	case storage.GrainDay, storage.GrainMonth:
		if q.To < q.From || q.To < 0 {
			return series, ctx.Err()
		}
		fill, v = counters(q.Site, q.Dim, q.From, q.To, q.Filter)
	default:
		return nil, fmt.Errorf("unknown grain %q", q.Grain)
	}
	fill.By = "label, bucket"
	places := fill.among(labels, v)
	err := s.rows(ctx, "series_"+string(q.Grain), fill, v, func(rows lib.Rows) error {
		var label string
		var p storage.Point
		err := rows.Scan(append([]any{&label, &p.Bucket}, into(&p.Metrics, fill.Metrics)...)...)
		series[places[label]] = append(series[places[label]], p)
		return err
	})
	return series, err
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
	var minutes []storage.MinuteRow
	err := s.rows(ctx, "minutes", nil, values{
		"site": uint32(site),
		"from": uint32(clamp(from*60, maxDateTime)), "to": uint32(clamp((to-1)*60, maxDateTime)),
	}, func(rows lib.Rows) error {
		row := storage.MinuteRow{Site: site}
		err := rows.Scan(append([]any{&row.Minute}, into(&row.Metrics, allMetrics)...)...)
		minutes = append(minutes, row)
		return err
	})
	return minutes, err
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
