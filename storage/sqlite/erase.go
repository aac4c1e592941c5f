package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/storage"
)

var _ storage.Eraser = (*Store)(nil)

// Erase notes the erasure, then does it in one transaction and cuts the log.
// Whoever else writes waits meanwhile; a large file takes some seconds.
func (s *Store) Erase(ctx context.Context, o storage.EraseOrder) (e storage.Erasure, err error) {
	site, err := s.Site(ctx, o.Site)
	if err != nil {
		return e, err
	}
	var found []storage.FoundLabel
	if o.Kind == storage.ErasedLabel {
		if found, err = s.FindLabels(ctx, o.Site, o.Match); err != nil {
			return e, err
		}
	}
	if e, err = storage.NewErasure(&site, o, found); err != nil {
		return e, fmt.Errorf("sqlite: %w", err)
	}
	err = s.change(ctx, "note an erasure", func(w writing) (err error) {
		e.ID, err = w.putErasure(&e)
		return err
	})
	if err != nil {
		return e, err
	}
	return e, s.erase(ctx, &e, o.At)
}

// RepeatErasures does again what stands, and forgets the hashes of what does not.
func (s *Store) RepeatErasures(ctx context.Context, now time.Time) error {
	all, err := s.Erasures(ctx)
	if err != nil {
		return err
	}
	var errs []error
	for _, e := range all {
		switch {
		case e.Due(now):
			errs = append(errs, s.erase(ctx, &e, now))
		case e.Settled(now):
			e.Salt, e.Hashes = "", nil
			errs = append(errs, s.change(ctx, "settle an erasure", func(w writing) error {
				_, err := w.putErasure(&e)
				return err
			}))
		}
	}
	return errors.Join(errs...)
}

// erase does what is noted and notes that it is done.
func (s *Store) erase(ctx context.Context, e *storage.Erasure, now time.Time) error {
	changed := false
	err := s.change(ctx, fmt.Sprintf("erase %s of site %d", e.Kind, e.Site), func(w writing) error {
		x := erasing{writing: w, scan: scan{w.ctx, w.s, w.tx, scanning}, site: e.Site}
		if err := x.run(e); err != nil {
			return err
		}
		changed = x.rows > 0 || x.texts > 0 || e.Done == 0
		if !changed {
			return nil
		}
		e.Rows += x.rows
		if e.Done == 0 {
			e.Done = now.Unix()
		}
		if x.texts > 0 {
			if err := rewriteLabels(w.ctx, w.tx); err != nil {
				return err
			}
		}
		if _, err := w.exec("prune_mark", sql.Named("key", metaPrunes)); err != nil {
			return err
		}
		_, err := w.putErasure(e)
		return err
	})
	if err != nil || !changed {
		return err
	}
	return s.cutLog(ctx)
}

// Erasures lists the audit trail, the latest first.
func (s *Store) Erasures(ctx context.Context) ([]storage.Erasure, error) {
	var list []storage.Erasure
	err := s.view(ctx, "erasures", func(r reading) error {
		return r.rows("erasures", nil, func(rows *sql.Rows) error {
			var e storage.Erasure
			var hashes []byte
			err := rows.Scan(&e.ID, &e.Site, &e.Kind, &e.Dim, &e.Contains, &e.From, &e.To, &e.Labels, &e.Rows,
				&e.User, &e.Begun, &e.Done, &e.Until, &e.Salt, &hashes)
			e.SetHashBytes(hashes)
			list = append(list, e)
			return err
		})
	})
	return list, err
}

// PutErasure stores an entry of another store's audit trail: under its own
// number, or the next if that is 0. No site is given an erased one's number.
func (s *Store) PutErasure(ctx context.Context, e storage.Erasure) error {
	return s.change(ctx, fmt.Sprintf("put erasure %d", e.ID), func(w writing) error {
		if e.Kind == storage.ErasedSite {
			if err := w.keepNumber(e.Site); err != nil {
				return err
			}
		}
		_, err := w.putErasure(&e)
		return err
	})
}

// keepNumber sees to it that no site has a number, and none is given it: the
// engine remembers the highest that there was.
func (w writing) keepNumber(site foule.SiteID) error {
	args, err := siteArgs(&foule.Site{})
	if err != nil {
		return err
	}
	if _, err := w.exec("put_site", append(args, sql.Named("id", int64(site)), sql.Named("last_goal", 0))...); err != nil {
		return err
	}
	return w.eraseSettings(site)
}

// putErasure stores an entry, under the next number if it has none.
func (w writing) putErasure(e *storage.Erasure) (int64, error) {
	id, err := w.add("put_erasure",
		sql.Named("id", sql.NullInt64{Int64: e.ID, Valid: e.ID != 0}), sql.Named("site", int64(e.Site)), sql.Named("kind", string(e.Kind)),
		sql.Named("dim", int64(e.Dim)), sql.Named("contained", e.Contains), sql.Named("from_day", int64(e.From)), sql.Named("to_day", int64(e.To)),
		sql.Named("labels", e.Labels), sql.Named("rows", e.Rows), sql.Named("user_id", e.User),
		sql.Named("begun", e.Begun), sql.Named("done", e.Done), sql.Named("until", e.Until), sql.Named("salt", e.Salt), sql.Named("hashes", e.HashBytes()))
	if e.ID != 0 {
		id = e.ID
	}
	return id, err
}
