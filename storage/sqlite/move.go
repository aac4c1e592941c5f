package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"foule.eu/foule"
	"foule.eu/foule/storage"
)

var _ storage.Mover = (*Store)(nil)

// Parts lists every site and day that has rows. It reads all keys of the file.
func (s *Store) Parts(ctx context.Context) ([]storage.Part, error) {
	var parts []storage.Part
	err := s.view(ctx, "parts", func(r reading) error {
		return r.rows("parts", nil, func(rows *sql.Rows) error {
			var p storage.Part
			err := rows.Scan(&p.Site, &p.Day)
			parts = append(parts, p)
			return err
		})
	})
	return parts, err
}

// Part gives a part's rows: days by dimension, label and filter, hours by hour,
// dimension and label, minutes by minute.
func (s *Store) Part(ctx context.Context, p storage.Part) (*storage.Batch, error) {
	b := &storage.Batch{}
	const minutesOfDay = 24 * 60
	err := s.view(ctx, fmt.Sprintf("part %d of site %d", p.Day, p.Site), func(r reading) (err error) {
		if b.Minutes, err = r.minutes(p.Site, int64(p.Day)*minutesOfDay, (int64(p.Day)+1)*minutesOfDay); err != nil {
			return err
		}
		packs := unpacking{site: p.Site, ids: map[foule.Dimension]map[int64]string{}}
		if err := r.partPacks(p, &packs); err != nil {
			return err
		}
		if err := r.spell(&packs); err != nil {
			return err
		}
		b.Days, b.Hours = packs.batch(p)
		return nil
	})
	return b, err
}

// unpacking is a part's rows, read but not yet spelt out: labels are numbers.
type unpacking struct {
	site foule.SiteID
	days []unpackedRow
	// hours have the hour in bucket, and no filter.
	hours []unpackedRow
	ids   map[foule.Dimension]map[int64]string // the labels that occur, with their texts once spell has run
}

type unpackedRow struct {
	bucket         int64
	dim, by        foule.Dimension
	label, byLabel int64
	foule.Metrics
}

func (r reading) partPacks(p storage.Part, u *unpacking) error {
	at := []any{sql.Named("day", int64(p.Day)), sql.Named("site", int64(p.Site))}
	err := r.rows("part_days", at, func(rows *sql.Rows) error {
		var row unpackedRow
		var pack int64
		var text string
		if err := rows.Scan(&row.dim, &row.by, &row.byLabel, &pack, &text); err != nil {
			return err
		}
		var err error
		u.days, err = u.unpack(u.days, row, pack, text)
		return err
	})
	if err != nil {
		return err
	}
	return r.rows("part_hours", at, func(rows *sql.Rows) error {
		var row unpackedRow
		var pack int64
		var text string
		if err := rows.Scan(&row.bucket, &row.dim, &pack, &text); err != nil {
			return err
		}
		var err error
		u.hours, err = u.unpack(u.hours, row, pack, text)
		return err
	})
}

// unpack adds a row for each label of a pack.
func (u *unpacking) unpack(to []unpackedRow, row unpackedRow, pack int64, text string) ([]unpackedRow, error) {
	u.need(row.by, row.byLabel)
	for text != "" {
		n, counts, rest, err := cutRow(text)
		if err != nil {
			return to, err
		}
		row.label, row.Metrics = pack*packSize+n, foule.Metrics{}
		if err := addCounts(&row.Metrics, counts); err != nil {
			return to, err
		}
		u.need(row.dim, row.label)
		to, text = append(to, row), rest
	}
	return to, nil
}

func (u *unpacking) need(dim foule.Dimension, label int64) {
	if u.ids[dim] == nil {
		u.ids[dim] = map[int64]string{}
	}
	u.ids[dim][label] = ""
}

// maxTexts is how many labels' texts are asked for at a time.
const maxTexts = 10_000

// spell fills in the texts of the labels that occur.
func (r reading) spell(u *unpacking) error {
	for dim, texts := range u.ids {
		ids := make([]int64, 0, len(texts))
		for id := range texts {
			ids = append(ids, id)
		}
		slices.Sort(ids)
		for some := range slices.Chunk(ids, maxTexts) {
			found, err := r.labelTexts(u.site, dim, some)
			if err != nil {
				return err
			}
			for _, id := range some {
				text, ok := found[id]
				if !ok {
					return fmt.Errorf("label %d of %v has no text: %w", id, dim, ErrCorrupt)
				}
				texts[id] = text
			}
		}
	}
	return nil
}

func (u *unpacking) batch(p storage.Part) (days []storage.DayRow, hours []storage.HourRow) {
	for i := range u.days {
		r := &u.days[i]
		days = append(days, storage.DayRow{
			Site: p.Site, Day: p.Day, Dim: r.dim, Label: u.ids[r.dim][r.label], By: r.by, ByLabel: u.ids[r.by][r.byLabel], Metrics: r.Metrics,
		})
	}
	for i := range u.hours {
		r := &u.hours[i]
		hours = append(hours, storage.HourRow{Site: p.Site, Hour: r.bucket, Dim: r.dim, Label: u.ids[r.dim][r.label], Metrics: r.Metrics})
	}
	slices.SortFunc(days, func(a, b storage.DayRow) int {
		return cmp.Or(cmp.Compare(a.Dim, b.Dim), cmp.Compare(a.Label, b.Label), cmp.Compare(a.By, b.By), cmp.Compare(a.ByLabel, b.ByLabel))
	})
	slices.SortFunc(hours, func(a, b storage.HourRow) int {
		return cmp.Or(cmp.Compare(a.Hour, b.Hour), cmp.Compare(a.Dim, b.Dim), cmp.Compare(a.Label, b.Label))
	})
	return days, hours
}

// PutSite stores a site under its own id with its goals under theirs.
func (s *Store) PutSite(ctx context.Context, site foule.Site, lastGoal uint32) error {
	return s.change(ctx, fmt.Sprintf("put site %d", site.ID), func(w writing) error {
		args, err := siteArgs(&site)
		if err != nil {
			return err
		}
		for _, g := range site.Goals {
			lastGoal = max(lastGoal, g.ID)
		}
		args = append(args, sql.Named("id", int64(site.ID)), sql.Named("last_goal", int64(lastGoal)))
		if _, err := w.exec("put_site", args...); err != nil {
			return err
		}
		if _, err := w.exec("delete_goals", sql.Named("site", int64(site.ID))); err != nil {
			return err
		}
		for _, g := range site.Goals {
			if _, err := w.exec("put_goal", append(goalArgs(site.ID, &g), sql.Named("id", int64(g.ID)))...); err != nil {
				return err
			}
		}
		return nil
	})
}

// LastGoal gives the highest goal number that a site ever gave; storage.ErrNotFound if there is no such site.
func (s *Store) LastGoal(ctx context.Context, site foule.SiteID) (last uint32, err error) {
	err = s.view(ctx, fmt.Sprintf("last goal of site %d", site), func(r reading) error {
		err := r.row("site_last_goal", sql.Named("id", int64(site))).Scan(&last)
		if errors.Is(err, sql.ErrNoRows) {
			err = storage.ErrNotFound
		}
		return err
	})
	return last, err
}

// PutUser stores a user under its own id; storage.ErrConflict if another has the e-mail.
func (s *Store) PutUser(ctx context.Context, u storage.User) error {
	return s.change(ctx, fmt.Sprintf("put user %d", u.ID), func(w writing) error {
		_, err := w.exec("put_user", append(userArgs(&u), sql.Named("id", u.ID))...)
		return err
	})
}

// PutToken stores a token under its own id; storage.ErrConflict if another has the secret.
func (s *Store) PutToken(ctx context.Context, t storage.Token) error {
	return s.change(ctx, fmt.Sprintf("put token %d", t.ID), func(w writing) error {
		_, err := w.exec("put_token", sql.Named("id", t.ID), sql.Named("hash", t.Hash[:]), sql.Named("name", t.Name),
			sql.Named("scope", string(t.Scope)), sql.Named("site", int64(t.Site)), sql.Named("created", t.Created))
		return err
	})
}
