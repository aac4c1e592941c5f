package sqlite

import (
	"context"
	"database/sql"
	"errors"
)

// Meta gives a small fact of the installation.
func (s *Store) Meta(ctx context.Context, key string) (value string, err error) {
	err = s.view(ctx, "meta "+key, func(r reading) (err error) {
		value, err = metaValue(r.row("meta", sql.Named("key", key)))
		return err
	})
	return value, err
}

// metaValue reads a value, "" if there is none.
func metaValue(row *sql.Row) (value string, err error) {
	if err = row.Scan(&value); errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return value, err
}

// SetMeta keeps a small fact of the installation.
func (s *Store) SetMeta(ctx context.Context, key, value string) error {
	return s.change(ctx, "set meta "+key, func(w writing) error {
		_, err := w.exec("set_meta", sql.Named("key", key), sql.Named("value", value))
		return err
	})
}
