package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
)

// Version gives the version of a file's tables, 0 if there is no file, and the
// version that Open would bring it to with the names of the steps in between.
// It changes nothing. Its errors are those of Open.
func Version(ctx context.Context, path string) (from, to int, steps []string, err error) {
	all, err := readSteps(migrations)
	if err != nil {
		return 0, 0, nil, err
	}
	if from, err = fileVersion(ctx, path); err != nil {
		return from, len(all), nil, fmt.Errorf("sqlite: version of %s: %w", path, kind(err))
	}
	if from > len(all) {
		return from, len(all), nil, fmt.Errorf("sqlite: %s: schema version %d, this program knows %d: %w", path, from, len(all), ErrNewer)
	}
	for _, s := range all[from:] {
		steps = append(steps, s.name)
	}
	return from, len(all), steps, nil
}

func fileVersion(ctx context.Context, path string) (int, error) {
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return 0, err
	}
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(abs), RawQuery: url.Values{"mode": {"ro"}, "_pragma": {"busy_timeout(10000)"}}.Encode()}
	db, err := sql.Open("sqlite", u.String())
	if err != nil {
		return 0, err
	}
	defer db.Close()
	tx, err := db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return 0, err
	}
	defer tx.Rollback()
	return schemaVersion(ctx, tx)
}
