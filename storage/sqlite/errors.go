package sqlite

import (
	"context"
	"errors"
	"fmt"

	"foule.eu/foule/storage"
	driver "modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"
)

// The kinds of failure of the file itself; each is wrapped with what was being done.
var (
	// ErrNewer: a later version of the program has changed the schema.
	ErrNewer = errors.New("the file was written by a newer version; update this program or restore a backup made before the update")
	// ErrCorrupt: the file is damaged, or not one of ours.
	ErrCorrupt = errors.New("the file is damaged or is not a database; restore it from a backup")
	// ErrFull: the disk is full. Nothing was changed.
	ErrFull = errors.New("no space left for the database; free some and try again")
	// ErrBusy: another process held the write lock for longer than Options.BusyTimeout. Nothing was changed.
	ErrBusy = errors.New("the database is locked by another process")
)

// kind adds to an error of the engine the sentinel that callers test for.
func kind(err error) error {
	var e *driver.Error
	if !errors.As(err, &e) {
		return err
	}
	switch code := e.Code(); code & 0xff {
	case codes.SQLITE_CORRUPT, codes.SQLITE_NOTADB:
		return fmt.Errorf("%w: %w", ErrCorrupt, err)
	case codes.SQLITE_FULL:
		return fmt.Errorf("%w: %w", ErrFull, err)
	case codes.SQLITE_BUSY, codes.SQLITE_LOCKED:
		return fmt.Errorf("%w: %w", ErrBusy, err)
	case codes.SQLITE_INTERRUPT:
		return fmt.Errorf("%w: %w", context.Canceled, err)
	case codes.SQLITE_CONSTRAINT:
		if code == codes.SQLITE_CONSTRAINT_UNIQUE || code == codes.SQLITE_CONSTRAINT_PRIMARYKEY {
			return fmt.Errorf("%w: %w", storage.ErrConflict, err)
		}
	}
	return err
}
