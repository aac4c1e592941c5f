package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"maps"

	"foule.eu/foule"
)

// Ids that 0001_aggregates.sql gives to the two labels that queries treat apart.
const (
	labelEmpty = 1 // ""
	labelOther = 2 // foule.Other
)

// maxCachedLabels bounds the texts that the writer remembers (about 100 bytes each).
const maxCachedLabels = 200_000

// labelCache remembers ids of labels that were written, and the latest month
// for which the table knows them to be in use.
type labelCache map[string]cachedLabel

type cachedLabel struct {
	id        int64
	lastMonth foule.Month
}

// labelUse collects the labels of one batch with the latest month that uses each.
type labelUse map[string]foule.Month

func (u labelUse) add(text string, month foule.Month) {
	if have, ok := u[text]; !ok || month > have {
		u[text] = month
	}
}

// internLabels gives ids for the labels in use, making new ones and moving
// last_month on where needed. What it learned is for the cache only once tx
// is committed: those ids do not exist otherwise.
func (s *Store) internLabels(ctx context.Context, tx *sql.Tx, use labelUse) (ids map[string]int64, learned labelCache, err error) {
	ids, learned = make(map[string]int64, len(use)), labelCache{}
	var args []any
	for text, month := range use {
		if c, ok := s.labels[text]; ok && month <= c.lastMonth {
			ids[text] = c.id
		} else {
			args = append(args, text, int64(month))
		}
	}
	err = s.upserts["intern_labels"].run(ctx, tx, args, func(rows *sql.Rows) error {
		var text string
		var id, last int64
		if err := rows.Scan(&id, &text, &last); err != nil {
			return err
		}
		ids[text] = id
		learned[text] = cachedLabel{id, foule.Month(min(last, 1<<31-1))}
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("labels: %w", err)
	}
	return ids, learned, nil
}

// keep takes over what a committed batch learned, starting afresh when full.
func (c *labelCache) keep(learned labelCache) {
	if len(*c)+len(learned) > maxCachedLabels {
		*c = labelCache{}
	}
	maps.Copy(*c, learned)
}
