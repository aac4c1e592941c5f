package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"foule.eu/foule"
	"foule.eu/foule/storage"
)

// scan goes through the rows of a site, on a reading connection or within a
// transaction that writes. The keys begin with the time, so it goes from one
// bucket to the next.
type scan struct {
	ctx    context.Context // lives as long as the call it was given to
	s      *Store
	tx     *sql.Tx
	prefix string // of the queries on this connection
}

// rows runs a query of sql/scan.
func (c scan) rows(query string, args []any, each func(*sql.Rows) error) error {
	return reading{c.s, c.tx, c.ctx}.rows(c.prefix+query, args, each)
}

// buckets gives the buckets of a table that have rows, of any site, to each in
// their order.
func (c scan) buckets(grain string, each func(bucket int64) error) error {
	stmt := c.tx.StmtContext(c.ctx, c.s.queries[c.prefix+"next_"+grain])
	for after := int64(math.MinInt64); ; {
		var next sql.NullInt64
		if err := stmt.QueryRowContext(c.ctx, sql.Named("after", after)).Scan(&next); err != nil || !next.Valid {
			return err
		}
		if err := each(next.Int64); err != nil {
			return err
		}
		after = next.Int64
	}
}

// labelSet is labels of a site, by dimension.
type labelSet map[foule.Dimension]map[int64]string

// labels finds the labels of a site, of one dimension or of all with DimTotal.
func (c scan) labels(site foule.SiteID, dim foule.Dimension, take func(foule.Dimension, string) bool) (labelSet, int, error) {
	set, n := labelSet{}, 0
	err := c.rows("labels", []any{sql.Named("site", int64(site)), sql.Named("dim", int64(dim))}, func(rows *sql.Rows) error {
		var d foule.Dimension
		var id int64
		var text string
		if err := rows.Scan(&d, &id, &text); err != nil || !take(d, text) {
			return err
		}
		if set[d] == nil {
			set[d] = map[int64]string{}
		}
		set[d][id] = text
		n++
		return nil
	})
	return set, n, err
}

func (l labelSet) has(dim foule.Dimension, id int64) bool {
	_, ok := l[dim][id]
	return ok
}

// args name the packs that the labels lie in, and the labels themselves.
func (l labelSet) args() ([]any, error) {
	var packs, bys []int64
	for dim, ids := range l {
		for id := range ids {
			packs = append(packs, int64(dim)<<48|id/packSize)
			bys = append(bys, int64(dim)<<48|id)
		}
	}
	slices.Sort(packs)
	p, err1 := json.Marshal(slices.Compact(packs))
	b, err2 := json.Marshal(bys)
	return []any{sql.Named("packs", string(p)), sql.Named("bys", string(b))}, cmp.Or(err1, err2)
}

// packed is a row of the file.
type packed struct {
	dim, by       foule.Dimension
	byLabel, pack int64
	rows          string
}

// packs gives the rows of a bucket: all of a site, or some, by the arguments.
func (c scan) packs(query string, site foule.SiteID, bucket int64, args ...any) (found []packed, err error) {
	args = append([]any{sql.Named("site", int64(site)), sql.Named("bucket", bucket)}, args...)
	err = c.rows(query, args, func(rows *sql.Rows) error {
		var p packed
		err := rows.Scan(&p.dim, &p.by, &p.byLabel, &p.pack, &p.rows)
		found = append(found, p)
		return err
	})
	return found, err
}

// each cuts a row of the file into those of its labels.
func (p packed) each(f func(label int64, counts string) error) error {
	for rows := p.rows; rows != ""; {
		n, counts, rest, err := cutRow(rows)
		if err != nil {
			return err
		}
		if err := f(p.pack*packSize+n, counts); err != nil {
			return err
		}
		rows = rest
	}
	return nil
}

// FindLabels lists the labels that a match finds, with how much there is of each.
func (s *Store) FindLabels(ctx context.Context, site foule.SiteID, m storage.LabelMatch) ([]storage.FoundLabel, error) {
	if err := m.Check(); err != nil {
		return nil, fmt.Errorf("sqlite: find labels: %w", err)
	}
	var found []storage.FoundLabel
	err := s.view(ctx, "find labels", func(r reading) (err error) {
		found, err = scan{r.ctx, r.s, r.tx, ""}.find(site, m)
		return err
	})
	return found, err
}

func (c scan) find(site foule.SiteID, m storage.LabelMatch) ([]storage.FoundLabel, error) {
	set, n, err := c.labels(site, m.Dim, m.Matches)
	if err != nil || n == 0 {
		return nil, err
	}
	if n > storage.MaxErasedLabels {
		return nil, fmt.Errorf("%w: %d labels contain the text, more than %d; take a longer one", storage.ErrEraseOrder, n, storage.MaxErasedLabels)
	}
	args, err := set.args()
	if err != nil {
		return nil, err
	}
	type key struct {
		dim foule.Dimension
		id  int64
	}
	sums := map[key]*storage.FoundLabel{}
	lastDay := map[key]int64{}
	for _, grain := range []string{"day", "hour"} {
		err := c.buckets(grain, func(bucket int64) error {
			packs, err := c.packs("some_"+grain, site, bucket, args...)
			if err != nil {
				return err
			}
			note := func(dim foule.Dimension, id int64) {
				k := key{dim, id}
				f := sums[k]
				if f == nil {
					f = &storage.FoundLabel{Dim: dim, Label: set[dim][id]}
					sums[k] = f
				}
				f.Rows++
				if last, seen := lastDay[k]; grain == "day" && (!seen || last != bucket) {
					lastDay[k] = bucket
					f.Days++
				}
			}
			for _, p := range packs {
				under := p.by != foule.DimTotal && set.has(p.by, p.byLabel)
				err := p.each(func(label int64, _ string) error {
					if under {
						note(p.by, p.byLabel)
					}
					if set.has(p.dim, label) {
						note(p.dim, label)
					}
					return nil
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return sortFound(sums), nil
}

func sortFound[K comparable](sums map[K]*storage.FoundLabel) []storage.FoundLabel {
	found := make([]storage.FoundLabel, 0, len(sums))
	for _, f := range sums {
		found = append(found, *f)
	}
	slices.SortFunc(found, func(a, b storage.FoundLabel) int {
		return cmp.Or(cmp.Compare(a.Dim, b.Dim), cmp.Compare(a.Label, b.Label))
	})
	return found
}
