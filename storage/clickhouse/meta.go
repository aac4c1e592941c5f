package clickhouse

import (
	"context"

	lib "github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

var metaTable = settingsTable{"meta", columnList("key", "String", "value", "String", "version", "UInt64")}

// Meta gives a small fact of the installation.
func (s *Store) Meta(ctx context.Context, key string) (string, error) {
	value, _, err := s.fact(ctx, key)
	return value, about("meta "+key, err)
}

func (s *Store) fact(ctx context.Context, key string) (value string, version uint64, err error) {
	err = s.rows(ctx, "meta", nil, values{"key": key}, func(rows lib.Rows) error {
		return rows.Scan(&value, &version)
	})
	return value, version, err
}

// SetMeta keeps a small fact of the installation.
func (s *Store) SetMeta(ctx context.Context, key, value string) error {
	return s.change("set meta "+key, func() error {
		_, version, err := s.fact(ctx, key)
		if err != nil {
			return err
		}
		return s.put(ctx, metaTable, []any{key, value, after(version)})
	})
}
