package clickhouse

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"foule.eu/foule/storage"
	lib "github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// Use says what a store is opened for, which is what Check looks at.
type Use string

// The uses; each has a role in deploy/clickhouse/grants.sql.
const (
	UseAll       Use = ""          // everything, as move and migrate do
	UseCollector Use = "collector" // add counters, read the settings of sites and tokens
	UseDashboard Use = "dashboard" // read everything, change settings
)

// Check reaches for the server and looks at everything that could keep the
// store from working: the server's version, the cluster, the version of the
// tables, their columns and engines, and what the user may do. Its error wraps
// storage.ErrUnavailable and names the fault and its mend.
func (s *Store) Check(ctx context.Context) error {
	if err := s.check(ctx); err != nil {
		return fmt.Errorf("clickhouse: check %s: %w", s.where, kind(err))
	}
	return nil
}

func (s *Store) check(ctx context.Context) error {
	s.forget()
	srv, err := s.admitted(ctx)
	if err != nil {
		return err
	}
	if err := s.checkCluster(ctx); err != nil {
		return err
	}
	steps, err := readSteps(s.dialect(srv))
	if err != nil {
		return err
	}
	version, err := s.schemaVersion(ctx)
	switch {
	case err != nil:
		return err
	case version > len(steps):
		return unavailable(fmt.Sprintf("its tables are of version %d, this program knows %d", version, len(steps)), "update this program")
	case version < len(steps):
		return unavailable(fmt.Sprintf("its tables are of version %d, this program needs %d", version, len(steps)), mendMigrate)
	}
	made, err := madeBy(steps)
	if err != nil {
		return err
	}
	if err := s.checkTables(ctx, srv, made); err != nil {
		return err
	}
	return s.checkRights(ctx, made)
}

func unavailable(what, mend string) error {
	return &fault{kind: storage.ErrUnavailable, what: what, mend: mend}
}

// admitted is known for a server that is not too old.
func (s *Store) admitted(ctx context.Context) (*server, error) {
	srv, err := s.known(ctx)
	if err != nil {
		return nil, err
	}
	if !srv.modern && !s.acceptOld {
		return nil, unavailable(
			fmt.Sprintf("the server's version is %s, and before %d.%d it may count a batch twice whose answer was lost", srv.version, firstMajor, firstMinor),
			"update the server, or put up with that by old_server=accept in the store setting")
	}
	return srv, nil
}

func (s *Store) checkCluster(ctx context.Context) error {
	if s.Cluster == "" {
		return nil
	}
	var servers uint64
	err := s.rows(ctx, "has_cluster", nil, values{"cluster": s.Cluster}, func(rows lib.Rows) error { return rows.Scan(&servers) })
	if err == nil && servers == 0 {
		err = unavailable("the server knows no cluster "+s.Cluster, "correct the cluster setting, or remote_servers in the server's configuration")
	}
	return err
}

// needs gives what a table is used for.
func (u Use) needs(table string) (read, write bool) {
	stats := strings.HasPrefix(table, "stats_")
	switch {
	case strings.HasSuffix(table, "_local"): // reached by way of the table over all shards
		return false, false
	case table == "erasure": // what erasing takes is a role of its own, which not everybody has
		return u != UseCollector, false
	case u == UseCollector:
		return table == "schema_migration" || table == "site" || table == "goal" || table == "token", stats
	case u == UseDashboard:
		return true, !stats && table != "schema_migration"
	}
	return true, true
}

// checkTables compares the tables that are used with what the migrations made.
func (s *Store) checkTables(ctx context.Context, srv *server, made map[string]made) error {
	engines, found, err := s.tables(ctx)
	if err != nil {
		return err
	}
	for _, table := range slices.Sorted(maps.Keys(made)) {
		if read, write := s.Use.needs(table); !read && !write {
			continue
		}
		full, ok := engines[table]
		if !ok {
			return unavailable(fmt.Sprintf("the table %s is missing, or the user may not see it", table),
				"grant what deploy/clickhouse/grants.sql lists, or restore the table from a backup")
		}
		if d := made[table].difference(full, found[table]); d != "" {
			return unavailable(fmt.Sprintf("the table %s is not as the migrations made it, someone altered it by hand: %s", table, d),
				"undo that, or restore the table from a backup")
		}
	}
	return nil
}

// tables gives the engine of each table, with its settings, and the types of its columns.
func (s *Store) tables(ctx context.Context) (engines map[string]string, columns map[string]map[string]string, err error) {
	engines, columns = map[string]string{}, map[string]map[string]string{}
	database := values{"database": s.database}
	err = s.rows(ctx, "engines", nil, database, func(rows lib.Rows) error {
		var name, engine, full string
		err := rows.Scan(&name, &engine, &full)
		engines[name], columns[name] = full, map[string]string{}
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	err = s.rows(ctx, "columns", nil, database, func(rows lib.Rows) error {
		var table, name, typ string
		err := rows.Scan(&table, &name, &typ)
		if columns[table] == nil {
			columns[table] = map[string]string{}
		}
		columns[table][name] = typ
		return err
	})
	return engines, columns, err
}

// checkRights tries what the user needs: reads of no row, inserts of none.
func (s *Store) checkRights(ctx context.Context, made map[string]made) error {
	for _, table := range slices.Sorted(maps.Keys(made)) {
		fill := struct{ Table, Column string }{table, made[table].number()}
		read, write := s.Use.needs(table)
		if read {
			if err := s.rows(ctx, "may_select", fill, nil, func(lib.Rows) error { return nil }); err != nil {
				return err
			}
		}
		if write {
			if err := s.exec(ctx, "may_insert", fill, nil); err != nil {
				return err
			}
		}
	}
	return nil
}
