package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"foule.eu/foule"
)

// reading is one consistent view of the file, for the statements of one answer.
type reading struct {
	s   *Store
	tx  *sql.Tx
	ctx context.Context // lives as long as the call it was given to
}

// view runs f on a consistent view of the file. A batch that is applied
// meanwhile is in all that f sees, or in none of it.
func (s *Store) view(ctx context.Context, what string, f func(reading) error) error {
	tx, err := s.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err == nil {
		defer tx.Rollback()
		err = f(reading{s, tx, ctx})
	}
	if err != nil {
		return fmt.Errorf("sqlite: %s: %w", what, kind(err))
	}
	return nil
}

func (r reading) row(query string, args ...any) *sql.Row {
	return r.tx.StmtContext(r.ctx, r.s.queries[query]).QueryRowContext(r.ctx, args...)
}

// rows runs a query, giving each row to each.
func (r reading) rows(query string, args []any, each func(*sql.Rows) error) error {
	rows, err := r.tx.StmtContext(r.ctx, r.s.queries[query]).QueryContext(r.ctx, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// lastDay gives the last day that has a row, of any site.
func (r reading) lastDay() (day foule.Day, err error) {
	err = r.row("last_day").Scan(&day)
	return day, err
}

// labelID finds a label; ok is false if no row can have it.
func (r reading) labelID(k labelKey) (id int64, ok bool, err error) {
	if id, ok := fixedLabel(k.text); ok {
		return id, true, nil
	}
	err = r.row("label_id", sql.Named("site", int64(k.site)), sql.Named("dim", int64(k.dim)), sql.Named("text", k.text)).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	return id, err == nil, err
}

// labelTexts gives the texts of labels of a site and dimension.
func (r reading) labelTexts(site foule.SiteID, dim foule.Dimension, ids []int64) (map[int64]string, error) {
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	texts := make(map[int64]string, len(ids)+2)
	texts[labelEmpty], texts[labelOther] = "", foule.Other
	err = r.rows("label_texts", []any{
		sql.Named("site", int64(site)), sql.Named("dim", int64(dim)), sql.Named("ids", string(list)),
	}, func(rows *sql.Rows) error {
		var id int64
		var text string
		if err := rows.Scan(&id, &text); err != nil {
			return err
		}
		texts[id] = text
		return nil
	})
	return texts, err
}
