package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"strings"

	"foule.eu/foule"
)

// The ids of two labels in every dimension; all others are rows of the table label.
const (
	labelEmpty = 0 // ""
	labelOther = 1 // foule.Other
)

// fixedLabel gives the id of a label that has the same one everywhere.
func fixedLabel(text string) (id int64, ok bool) {
	switch text {
	case "":
		return labelEmpty, true
	case foule.Other:
		return labelOther, true
	}
	return 0, false
}

// maxCachedLabels bounds the labels that the writer remembers (about 150 bytes each).
const maxCachedLabels = 200_000

// labelKey names a label: ids are given within a site and dimension.
type labelKey struct {
	site foule.SiteID
	dim  foule.Dimension
	text string
}

// labelCache remembers labels that were written.
type labelCache map[labelKey]cachedLabel

// cachedLabel is a label's id with the latest month for which the file knows it to be in use.
type cachedLabel struct {
	id        int64
	lastMonth foule.Month
}

// interning gives ids for the labels of one batch.
type interning struct {
	s       *Store
	tx      *sql.Tx
	learned labelCache // for the store's cache once tx is committed: the ids do not exist otherwise
}

// id gives a label's id, making it new or moving last_month on where needed.
func (in *interning) id(ctx context.Context, k labelKey, month foule.Month) (int64, error) {
	if id, ok := fixedLabel(k.text); ok {
		return id, nil
	}
	for _, cache := range []labelCache{in.learned, in.s.labels} {
		if c, ok := cache[k]; ok && month <= c.lastMonth {
			return c.id, nil
		}
	}
	var c cachedLabel
	err := in.tx.StmtContext(ctx, in.s.queries["intern_label"]).QueryRowContext(ctx,
		sql.Named("site", int64(k.site)), sql.Named("dim", int64(k.dim)), sql.Named("text", k.text), sql.Named("month", int64(month)),
	).Scan(&c.id, &c.lastMonth)
	if err != nil {
		return 0, fmt.Errorf("label of %v: %w", k.dim, err)
	}
	k.text = strings.Clone(k.text) // it may be part of something large
	in.learned[k] = c
	return c.id, nil
}

// keep takes over what a committed batch learned, starting afresh when full.
func (c *labelCache) keep(learned labelCache) {
	if len(*c)+len(learned) > maxCachedLabels {
		*c = labelCache{}
	}
	maps.Copy(*c, learned)
}
