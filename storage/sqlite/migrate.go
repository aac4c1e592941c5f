package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

//go:embed sql/migrate/*.sql
var migrations embed.FS

// applicationID stands in the header of our files: "Foul" in ASCII.
const applicationID = 0x466f756c

// step is one migration: the SQL that brings a file from version-1 to version.
type step struct {
	version int
	name    string
	sql     string
}

// migrate brings the file up to the newest of the steps in fsys. Each step and
// its version number go in together, under the write lock, so that two
// processes that start at once do not both run it.
func migrate(ctx context.Context, db *sql.DB, fsys fs.FS) error {
	steps, err := readSteps(fsys)
	if err != nil {
		return err
	}
	for {
		more, err := migrateOne(ctx, db, steps)
		if err != nil || !more {
			return err
		}
	}
}

func readSteps(fsys fs.FS) ([]step, error) {
	files, err := fs.Glob(fsys, "sql/migrate/*.sql") // sorted
	if err != nil {
		return nil, err
	}
	var steps []step
	for i, file := range files {
		text, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, err
		}
		name := path.Base(file)
		number, _, _ := strings.Cut(name, "_")
		if v, err := strconv.Atoi(number); err != nil || v != i+1 {
			return nil, fmt.Errorf("migration %s: want number %04d", name, i+1)
		}
		steps = append(steps, step{i + 1, name, string(text)})
	}
	return steps, nil
}

// migrateOne takes the next step, if there is one.
func migrateOne(ctx context.Context, db *sql.DB, steps []step) (more bool, err error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return false, err
	}
	defer tx.Rollback()
	version, err := schemaVersion(ctx, tx)
	switch {
	case err != nil:
		return false, err
	case version > len(steps):
		return false, fmt.Errorf("schema version %d, this program knows %d: %w", version, len(steps), ErrNewer)
	case version == len(steps):
		return false, nil
	}
	next := steps[version]
	if _, err := tx.ExecContext(ctx, next.sql); err != nil {
		return false, fmt.Errorf("migration %s: %w", next.name, err)
	}
	// Pragmas take no bound values; both are our own numbers.
	stamp := fmt.Sprintf("pragma user_version = %d; pragma application_id = %d", next.version, applicationID)
	if _, err := tx.ExecContext(ctx, stamp); err != nil {
		return false, fmt.Errorf("migration %s: %w", next.name, err)
	}
	return true, tx.Commit()
}

// schemaVersion reads the file's version, 0 for an empty file, and refuses a
// database that belongs to another program.
func schemaVersion(ctx context.Context, tx *sql.Tx) (int, error) {
	var id, version, objects int
	err := errors.Join(
		tx.QueryRowContext(ctx, "pragma application_id").Scan(&id),
		tx.QueryRowContext(ctx, "pragma user_version").Scan(&version),
		tx.QueryRowContext(ctx, "select count(*) from sqlite_schema").Scan(&objects),
	)
	if err != nil {
		return 0, err
	}
	if id != applicationID && (id != 0 || version != 0 || objects != 0) {
		return 0, fmt.Errorf("a database of another program (application id %#x): %w", id, ErrCorrupt)
	}
	return version, nil
}
