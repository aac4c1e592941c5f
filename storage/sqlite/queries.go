package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"path"
	"regexp"
	"strconv"
	"strings"
)

//go:embed sql/query/*.sql sql/write/*.sql sql/scan/*.sql
var queryFiles embed.FS

// rowCounts are the sizes in which rows are sent to a statement with
// {{rows N}}: as many of the largest as fit, and so on.
var rowCounts = [...]int{64, 8, 1}

// upsert is a statement with {{rows N}}, prepared once per size.
type upsert struct {
	width int // values per row
	stmts [len(rowCounts)]*sql.Stmt
}

// scanning is put before the names of the queries of sql/scan where they are
// those of the writing connection.
const scanning = "scan/"

// prepare compiles every query file: those of sql/query for the reading
// connections, those of sql/write for the writing one, those of sql/scan for both.
func (s *Store) prepare() error {
	s.queries, s.upserts = map[string]*sql.Stmt{}, map[string]upsert{}
	for _, of := range []struct {
		dir, prefix string
		db          *sql.DB
	}{
		{"sql/query", "", s.read}, {"sql/write", "", s.write}, {"sql/scan", "", s.read}, {"sql/scan", scanning, s.write},
	} {
		files, err := queryFiles.ReadDir(of.dir)
		if err != nil {
			return err
		}
		for _, f := range files {
			text, err := queryFiles.ReadFile(path.Join(of.dir, f.Name()))
			if err != nil {
				return err
			}
			if err := s.prepareOne(of.db, of.prefix+strings.TrimSuffix(f.Name(), ".sql"), string(text)); err != nil {
				return fmt.Errorf("query %s: %w", f.Name(), err)
			}
		}
	}
	return nil
}

func (s *Store) prepareOne(db *sql.DB, name, text string) (err error) {
	width, ok := rowWidth(text)
	if !ok {
		s.queries[name], err = db.Prepare(text)
		return err
	}
	u := upsert{width: width}
	for i, n := range rowCounts {
		if u.stmts[i], err = db.Prepare(compose(text, n)); err != nil {
			return err
		}
	}
	s.upserts[name] = u
	return nil
}

var rowsMark = regexp.MustCompile(`\{\{rows (\d+)\}\}`)

// rowWidth gives N of the {{rows N}} in a query, if it has one.
func rowWidth(text string) (int, bool) {
	m := rowsMark.FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	n, err := strconv.Atoi(m[1])
	return n, err == nil
}

// compose puts n tuples of placeholders in the place of {{rows N}}, if a query has it.
func compose(text string, n int) string {
	width, ok := rowWidth(text)
	if !ok {
		return text
	}
	tuple := "(?" + strings.Repeat(", ?", width-1) + ")"
	rows := tuple + strings.Repeat(",\n    "+tuple, n-1)
	return rowsMark.ReplaceAllLiteralString(text, rows)
}

// run sends rows, flattened into args, through the statement.
func (u upsert) run(ctx context.Context, tx *sql.Tx, args []any) error {
	for i, n := range rowCounts {
		if len(args) < n*u.width {
			continue
		}
		stmt := tx.StmtContext(ctx, u.stmts[i])
		for ; len(args) >= n*u.width; args = args[n*u.width:] {
			if _, err := stmt.ExecContext(ctx, args[:n*u.width]...); err != nil {
				return err
			}
		}
	}
	return nil
}
