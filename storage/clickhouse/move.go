package clickhouse

import (
	"context"
	"fmt"

	"foule.eu/foule"
	"foule.eu/foule/storage"
	lib "github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

var _ storage.Mover = (*Store)(nil)

// Parts lists every site and day that has rows. It reads all keys, and two
// counters to tell a day on which something is counted from one that may have
// come to nothing: only the latter are looked into.
func (s *Store) Parts(ctx context.Context) ([]storage.Part, error) {
	parts, err := s.parts(ctx)
	if err != nil {
		return nil, fmt.Errorf("clickhouse: parts: %w", err)
	}
	return parts, nil
}

func (s *Store) parts(ctx context.Context) (parts []storage.Part, err error) {
	doubtful := map[storage.Part]bool{}
	err = s.rows(ctx, "parts", nil, nil, func(rows lib.Rows) error {
		var site uint32
		var day uint16
		var counted uint8
		err := rows.Scan(&site, &day, &counted)
		p := storage.Part{Site: foule.SiteID(site), Day: foule.Day(day)}
		parts = append(parts, p)
		if counted == 0 {
			doubtful[p] = true
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	some := parts[:0]
	for _, p := range parts {
		if doubtful[p] {
			b, err := s.part(ctx, p)
			if err != nil {
				return nil, err
			}
			if len(b.Days)+len(b.Hours)+len(b.Minutes) == 0 {
				continue
			}
		}
		some = append(some, p)
	}
	return some, nil
}

// Part gives a part's rows: days by dimension, filter and label, hours by
// dimension, hour and label, minutes by minute.
func (s *Store) Part(ctx context.Context, p storage.Part) (*storage.Batch, error) {
	b, err := s.part(ctx, p)
	if err != nil {
		return nil, fmt.Errorf("clickhouse: part %v of site %d: %w", p.Day, p.Site, err)
	}
	return b, nil
}

func (s *Store) part(ctx context.Context, p storage.Part) (b *storage.Batch, err error) {
	b = &storage.Batch{}
	if p.Day < 0 || p.Day > maxDate {
		return b, ctx.Err()
	}
	const minutesOfDay = 24 * 60
	if b.Minutes, err = s.minutes(ctx, p.Site, int64(p.Day)*minutesOfDay, (int64(p.Day)+1)*minutesOfDay); err != nil {
		return nil, err
	}
	first, last := int64(p.Day)*86400, int64(p.Day)*86400+86399
	err = s.rows(ctx, "part_hours", nil, values{
		"site": uint32(p.Site), "from": uint32(first), "to": uint32(min(last, maxDateTime)),
	}, func(rows lib.Rows) error {
		r := storage.HourRow{Site: p.Site}
		var dim uint8
		err := rows.Scan(append([]any{&dim, &r.Hour, &r.Label}, into(&r.Metrics, allMetrics)...)...)
		r.Dim = foule.Dimension(dim)
		b.Hours = append(b.Hours, r)
		return err
	})
	if err != nil {
		return nil, err
	}
	err = s.rows(ctx, "part_days", nil, values{"site": uint32(p.Site), "day": uint16(p.Day)}, func(rows lib.Rows) error {
		r := storage.DayRow{Site: p.Site, Day: p.Day}
		var dim, by uint8
		err := rows.Scan(append([]any{&dim, &by, &r.ByLabel, &r.Label}, into(&r.Metrics, allMetrics)...)...)
		r.Dim, r.By = foule.Dimension(dim), foule.Dimension(by)
		b.Days = append(b.Days, r)
		return err
	})
	return b, err
}
