package clickhouse

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"foule.eu/foule"
	lib "github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// Prune deletes what is older than the retention. Where the server does that by
// itself, by the TTL of the tables, there is nothing to do, and no right to do
// it is needed; but a TTL that is not that of Options.KeepMonths is an error, since
// somebody was told otherwise. Older ones lose whole months: of rows by minute those before
// the current and the previous one, of the others all but Options.KeepMonths.
func (s *Store) Prune(ctx context.Context, now time.Time) error {
	if err := s.prune(ctx, now); err != nil {
		return fmt.Errorf("clickhouse: prune: %w", kind(err))
	}
	return nil
}

func (s *Store) prune(ctx context.Context, now time.Time) error {
	srv, err := s.known(ctx)
	if err != nil {
		return err
	}
	if srv.modern {
		step, err := s.retention(ctx, srv)
		if err == nil && len(step.SQL) > 0 {
			err = fmt.Errorf("the tables keep another time than the %d months of retention-months: run collector migrate with that setting", s.KeepMonths)
		}
		return err
	}
	d := s.dialect(srv)
	month := foule.DayOf(now, time.UTC).Month()
	for table, keep := range map[string]foule.Month{
		"stats_minute": 2, "stats_hour": foule.Month(s.KeepMonths),
		"stats_day": foule.Month(s.KeepMonths), "stats_month": foule.Month(s.KeepMonths),
	} {
		table = d.Local(table)
		old, err := s.partitionsBefore(ctx, table, month-keep+1)
		if err != nil {
			return err
		}
		for _, partition := range old {
			err := s.exec(ctx, "drop_partition", struct {
				Table, OnCluster string
				Partition        uint64
			}{table, d.OnCluster(), partition}, nil)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// partitionsBefore gives a table's partitions before a month, on this server.
// They are called by year and month: 202603.
func (s *Store) partitionsBefore(ctx context.Context, table string, month foule.Month) (old []uint64, err error) {
	year, m, _ := month.First().Date()
	before := uint64(year)*100 + uint64(m)
	err = s.rows(ctx, "partitions", nil, values{"database": s.database, "table": table}, func(rows lib.Rows) error {
		var name string
		if err := rows.Scan(&name); err != nil {
			return err
		}
		partition, err := strconv.ParseUint(name, 10, 64)
		if err == nil && partition < before {
			old = append(old, partition)
		}
		return err
	})
	return old, err
}
