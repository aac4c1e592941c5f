package clickhouse

import (
	"context"
	"testing"

	"foule.eu/foule/internal/clickhousetest"
	"foule.eu/foule/storage"
	"foule.eu/foule/storage/storagetest"
)

// engines runs a test on both engines, each started once.
func engines(t *testing.T, test func(t *testing.T, e *clickhousetest.Engine)) {
	for _, kind := range clickhousetest.Kinds {
		t.Run(kind, func(t *testing.T) { test(t, clickhousetest.Start(t, kind)) })
	}
}

// counterTables hold what is counted.
var counterTables = []string{"stats_minute", "stats_hour", "stats_day", "stats_month"}

// openOn opens a migrated store in a database of its own.
func openOn(t testing.TB, e *clickhousetest.Engine, o Options) *Store {
	t.Helper()
	o.DSN = e.Database(t)
	if e.Kind == clickhousetest.Debian {
		o.DSN += "?old_server=accept"
	}
	s := openWith(t, o)
	if err := s.Migrate(context.Background(), func(Step) {}); err != nil {
		t.Fatal(err)
	}
	if e.Kind == clickhousetest.ChDB {
		for _, table := range counterTables {
			keepAll(t, s, table)
		}
	}
	return s
}

// keepAll keeps rows that are past their time: tests count in the past.
func keepAll(t testing.TB, s *Store, table string) {
	t.Helper()
	if err := s.conn.Exec(context.Background(), "alter table "+table+" remove ttl"); err != nil {
		t.Fatal(err)
	}
}

func openWith(t testing.TB, o Options) *Store {
	t.Helper()
	s, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestConformance(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, e *clickhousetest.Engine) {
		t.Parallel()
		var with []storagetest.Option
		if e.Kind == clickhousetest.Debian {
			with = append(with, storagetest.WithoutTokens("ClickHouse "+e.Version+" knows no insert_deduplication_token"))
		}
		storagetest.Run(t, func(t *testing.T) (storage.Store, func() storage.Store) {
			s := openOn(t, e, Options{})
			return s, func() storage.Store {
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
				return openWith(t, s.Options)
			}
		}, with...)
	})
}
