package clickhouse

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	lib "github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// WithDatabase gives a store setting with another database in it.
func WithDatabase(dsn, name string) string {
	kind, rest, _ := strings.Cut(dsn, "://")
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	authority, path := rest[:end], rest[end:]
	parameters := ""
	if i := strings.IndexByte(path, '?'); i >= 0 {
		parameters = path[i:]
	}
	return kind + "://" + authority + "/" + name + parameters
}

// CreateDatabase makes another database on the server, or on every server of
// the cluster, for a store that is to be thrown away. The user needs the right
// to create one.
func (s *Store) CreateDatabase(ctx context.Context, name string) error {
	return s.aside(ctx, "create_database", name)
}

// DropDatabase drops a database that CreateDatabase made; no error if there is
// none. The server removes the files a few minutes later
// (database_atomic_delay_before_drop_table_sec).
func (s *Store) DropDatabase(ctx context.Context, name string) error {
	return s.aside(ctx, "drop_database", name)
}

func (s *Store) aside(ctx context.Context, statement, name string) error {
	if !identifier.MatchString(name) || name == s.database {
		return fmt.Errorf("clickhouse: %q is no name for another database", name)
	}
	srv, err := s.known(ctx)
	if err == nil {
		err = s.exec(ctx, statement, struct{ Name, OnCluster string }{name, s.dialect(srv).OnCluster()}, nil)
	}
	return about("database "+name, err)
}

// Dump reads every column of every row of every table of the database, as text,
// a table at a time.
func (s *Store) Dump(ctx context.Context, each func(table string, content []byte) error) error {
	columns := map[string][]string{}
	err := s.rows(ctx, "columns", nil, values{"database": s.database}, func(rows lib.Rows) error {
		var table, name, kind string
		err := rows.Scan(&table, &name, &kind)
		columns[table] = append(columns[table], name)
		return err
	})
	if err != nil {
		return about("tables", err)
	}
	for _, table := range slices.Sorted(maps.Keys(columns)) {
		content, err := s.dump(ctx, table, columns[table])
		if err != nil {
			return about("table "+table, err)
		}
		if err := each(table, content); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) dump(ctx context.Context, table string, columns []string) (content []byte, err error) {
	texts, into := make([]string, len(columns)), make([]any, len(columns))
	for i := range texts {
		into[i] = &texts[i]
	}
	fill := struct {
		Table   string
		Columns []string
	}{table, columns}
	err = s.rows(ctx, "dump", fill, nil, func(rows lib.Rows) error {
		err := rows.Scan(into...)
		for _, text := range texts {
			content = append(append(content, text...), '\t')
		}
		content = append(content, '\n')
		return err
	})
	return content, err
}
