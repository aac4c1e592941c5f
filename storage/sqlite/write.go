package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"foule.eu/foule/storage"
)

// writing is one transaction that changes settings.
type writing struct {
	s   *Store
	tx  *sql.Tx
	ctx context.Context // lives as long as the call it was given to
}

// change runs f in a transaction that holds the write lock from its start.
func (s *Store) change(ctx context.Context, what string, f func(writing) error) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err == nil {
		defer tx.Rollback()
		if err = f(writing{s, tx, ctx}); err == nil {
			err = tx.Commit()
		}
	}
	if err != nil {
		return fmt.Errorf("sqlite: %s: %w", what, kind(err))
	}
	return nil
}

func (w writing) exec(query string, args ...any) (sql.Result, error) {
	return w.tx.StmtContext(w.ctx, w.s.queries[query]).ExecContext(w.ctx, args...)
}

// add runs an insert and gives the new row's number.
func (w writing) add(query string, args ...any) (int64, error) {
	res, err := w.exec(query, args...)
	if err != nil {
		return 0, err
	}
	return res.LastInsertId()
}

// alter runs a statement that has to change a row; ErrNotFound if it changed none.
func (w writing) alter(query string, args ...any) error {
	res, err := w.exec(query, args...)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n > 0 {
		return err
	}
	return storage.ErrNotFound
}
