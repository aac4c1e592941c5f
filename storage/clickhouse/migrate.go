package clickhouse

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"text/template"
	"time"

	driver "github.com/ClickHouse/clickhouse-go/v2"
	lib "github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

//go:embed sql/migrate/*.sql sql/retention.sql
var migrations embed.FS

// ErrNewer is wrapped by errors about a database whose tables a later version
// of the program has made or changed. Nothing runs backwards.
var ErrNewer = errors.New("the tables were made by a newer version; update this program, or restore a backup made before the update")

// Plan is what Migrate would do.
type Plan struct {
	Server  string // the server and database, without the password
	Version string // of the server
	From    int    // version of the tables; 0 without any
	To      int    // version that this program knows
	Steps   []Step // none if there is nothing to do
}

// Step is one migration, or a change of the retention.
type Step struct {
	Name string
	SQL  []string // statements in order, as they are sent

	version int // that the tables have afterwards; 0 if it stays
}

// Plan asks the server and says what Migrate would do. It changes nothing.
func (s *Store) Plan(ctx context.Context) (Plan, error) {
	p, err := s.plan(ctx)
	if err != nil {
		return p, fmt.Errorf("clickhouse: plan for %s: %w", s.where, kind(err))
	}
	return p, nil
}

func (s *Store) plan(ctx context.Context) (Plan, error) {
	p := Plan{Server: s.where}
	s.forget()
	srv, err := s.admitted(ctx)
	if err != nil {
		return p, err
	}
	p.Version = srv.version
	if p.From, err = s.schemaVersion(ctx); err != nil {
		return p, err
	}
	d := s.dialect(srv)
	if d.Filled, err = s.monthsToFill(ctx, p.From); err != nil {
		return p, err
	}
	steps, err := readSteps(d)
	if err != nil {
		return p, err
	}
	p.To = len(steps)
	if p.From > p.To {
		return p, fmt.Errorf("its tables are of version %d, this program knows %d: %w", p.From, p.To, ErrNewer)
	}
	p.Steps = steps[p.From:]
	if p.From == 0 {
		return p, nil
	}
	retention, err := s.retention(ctx, srv)
	if len(retention.SQL) > 0 {
		p.Steps = append(p.Steps, retention)
	}
	return p, err
}

// Migrate does what Plan says, step by step, and tells done of each. A step
// that failed half-way is taken again from its start by the next call: every
// statement can be repeated. There must be one migrator at a time.
func (s *Store) Migrate(ctx context.Context, done func(Step)) error {
	p, err := s.Plan(ctx)
	if err != nil {
		return err
	}
	srv, err := s.known(ctx)
	if err != nil {
		return fmt.Errorf("clickhouse: migrate %s: %w", s.where, kind(err))
	}
	for _, step := range p.Steps {
		if err := s.take(ctx, srv, step); err != nil {
			return fmt.Errorf("clickhouse: migrate %s: %s: %w", s.where, step.Name, kind(err))
		}
		done(step)
	}
	return nil
}

func (s *Store) take(ctx context.Context, srv *server, step Step) error {
	ctx, cancel := patient(ctx)
	defer cancel()
	set := execSettings(srv)
	set["insert_distributed_sync"] = 1 // what was filled is there when the step is done
	for _, statement := range step.SQL {
		if err := s.conn.Exec(driver.Context(ctx, driver.WithSettings(set)), statement); err != nil {
			return err
		}
	}
	if step.version == 0 {
		return nil
	}
	return s.exec(ctx, "migrated", nil, values{
		"version": uint32(step.version), "name": step.Name, "applied": uint32(time.Now().Unix()),
	})
}

func (s *Store) dialect(srv *server) dialect {
	return dialect{Cluster: s.Cluster, Database: s.database, keepMonths: s.KeepMonths, modern: srv.modern}
}

// readSteps gives the migrations in the server's dialect. The first one begins
// with the table that says which have been taken.
func readSteps(d dialect) ([]Step, error) {
	files, err := fs.Glob(migrations, "sql/migrate/*.sql") // sorted
	if err != nil {
		return nil, err
	}
	var steps []Step
	for i, file := range files {
		name := path.Base(file)
		number, _, _ := strings.Cut(name, "_")
		if v, err := strconv.Atoi(number); err != nil || v != i+1 {
			return nil, fmt.Errorf("migration %s: want number %04d", name, i+1)
		}
		sql, err := render(file, d)
		if err != nil {
			return nil, err
		}
		steps = append(steps, Step{strings.TrimSuffix(name, ".sql"), sql, i + 1})
	}
	return steps, nil
}

// render gives a file's statements in the server's dialect.
func render(file string, d dialect) ([]string, error) {
	text, err := template.ParseFS(migrations, file)
	if err != nil {
		return nil, err
	}
	var sql strings.Builder
	if err := text.Execute(&sql, d); err != nil {
		return nil, err
	}
	return statements(sql.String()), nil
}

// statements cuts a file after each ; at the end of a line, and takes comments
// and empty lines out.
func statements(text string) (cut []string) {
	var one []string
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, " \n")
		if line == "" || strings.HasPrefix(line, "--") {
			continue
		}
		statement, end := strings.CutSuffix(line, ";")
		one = append(one, statement)
		if end {
			cut = append(cut, strings.Join(one, "\n"))
			one = nil
		}
	}
	return cut
}

// schemaVersion gives the version of the tables, 0 if there are none.
func (s *Store) schemaVersion(ctx context.Context) (version int, err error) {
	there := false
	err = s.rows(ctx, "has_schema", nil, values{"database": s.database}, func(rows lib.Rows) error {
		there = true
		return nil
	})
	if err != nil || !there {
		return 0, err
	}
	var v uint32
	err = s.rows(ctx, "schema_version", nil, nil, func(rows lib.Rows) error { return rows.Scan(&v) })
	return int(v), err
}

// monthsToFill lists the months of which tables of that version have days and no
// sums.
func (s *Store) monthsToFill(ctx context.Context, version int) (months []uint32, err error) {
	const summed = 3 // 0003_months
	if version == 0 || version >= summed {
		return nil, nil
	}
	err = s.rows(ctx, "months", nil, nil, func(rows lib.Rows) error {
		var month uint32
		err := rows.Scan(&month)
		months = append(months, month)
		return err
	})
	return months, err
}

// retention gives the step that brings the lifetimes of rows up to the
// options; without statements if there is nothing to do.
func (s *Store) retention(ctx context.Context, srv *server) (step Step, err error) {
	if !srv.modern {
		return step, nil
	}
	d := s.dialect(srv)
	lifetimes := map[string]string{"stats_hour": d.Months("hour"), "stats_day": d.Months("day"), "stats_month": d.Months("month")}
	changed := false
	err = s.rows(ctx, "engines", nil, values{"database": s.database}, func(rows lib.Rows) error {
		var name, engine, full string
		err := rows.Scan(&name, &engine, &full)
		for table, lifetime := range lifetimes {
			if name == d.Local(table) && !strings.Contains(full, "TTL "+lifetime) {
				changed = true
			}
		}
		return err
	})
	if err != nil || !changed {
		return step, err
	}
	step.Name = fmt.Sprintf("keep %d months", s.KeepMonths)
	step.SQL, err = render("sql/retention.sql", d)
	return step, err
}
