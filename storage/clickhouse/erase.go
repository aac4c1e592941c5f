package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/storage"
	lib "github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

var _ storage.Eraser = (*Store)(nil)

var erasureTable = settingsTable{"erasure", columnList(
	"id", "Int64", "site", "UInt32", "kind", "String", "dim", "UInt8", "contained", "UInt8", "from_day", "Int32", "to_day", "Int32",
	"labels", "Int64", "rows", "Int64", "user_id", "Int64", "begun", "Int64", "done", "Int64", "until", "Int64",
	"salt", "String", "hashes", "String", "version", "UInt64",
)}

type erasureRow struct {
	storage.Erasure
	version uint64
}

// erasures reads the audit trail, the latest first.
func (s *Store) erasures(ctx context.Context) (list []erasureRow, err error) {
	err = s.rows(ctx, "erasures", nil, nil, func(rows lib.Rows) error {
		var e erasureRow
		var site uint32
		var dim, contained uint8
		var from, to int32
		var hashes string
		err := rows.Scan(&e.ID, &site, (*string)(&e.Kind), &dim, &contained, &from, &to, &e.Labels, &e.Rows,
			&e.User, &e.Begun, &e.Done, &e.Until, &e.Salt, &hashes, &e.version)
		e.Site, e.Dim, e.Contains = foule.SiteID(site), foule.Dimension(dim), contained != 0
		e.From, e.To = foule.Day(from), foule.Day(to)
		e.SetHashBytes([]byte(hashes))
		list = append(list, e)
		return err
	})
	return list, err
}

// putErasure stores a new version of an entry.
func (s *Store) putErasure(ctx context.Context, e *erasureRow) error {
	contained := uint8(0)
	if e.Contains {
		contained = 1
	}
	e.version = after(e.version)
	return s.put(ctx, erasureTable, []any{
		e.ID, uint32(e.Site), string(e.Kind), uint8(e.Dim), contained, int32(e.From), int32(e.To), e.Labels, e.Rows,
		e.User, e.Begun, e.Done, e.Until, e.Salt, string(e.HashBytes()), e.version,
	})
}

// Erase notes the erasure, then does it: see erasing.go.
func (s *Store) Erase(ctx context.Context, o storage.EraseOrder) (storage.Erasure, error) {
	s.erasing.Lock()
	defer s.erasing.Unlock()
	what := fmt.Sprintf("erase %s of site %d", o.Kind, o.Site)
	site, err := s.Site(ctx, o.Site)
	if err != nil {
		return storage.Erasure{}, about(what, err)
	}
	var found []storage.FoundLabel
	if o.Kind == storage.ErasedLabel {
		if found, err = s.FindLabels(ctx, o.Site, o.Match); err != nil {
			return storage.Erasure{}, err
		}
	}
	made, err := storage.NewErasure(&site, o, found)
	if err != nil {
		return made, about(what, err)
	}
	e := erasureRow{Erasure: made}
	err = s.change(what, func() (err error) {
		if e.ID, err = s.claim(ctx, erasureNumber, 0); err != nil {
			return err
		}
		return s.putErasure(ctx, &e)
	})
	if err != nil {
		return e.Erasure, err
	}
	var texts []string
	if o.Kind == storage.ErasedLabel {
		texts = storage.ErasedTexts(o.Match, found)
	}
	err = s.erase(ctx, &e, texts, o.At)
	return e.Erasure, err
}

// RepeatErasures does again what stands, and forgets the hashes of what does not.
func (s *Store) RepeatErasures(ctx context.Context, now time.Time) error {
	s.erasing.Lock()
	defer s.erasing.Unlock()
	all, err := s.erasures(ctx)
	if err != nil {
		return about("repeat erasures", err)
	}
	var errs []error
	for _, e := range all {
		switch {
		case e.Due(now):
			errs = append(errs, s.repeat(ctx, &e, now))
		case e.Settled(now):
			e.Salt, e.Hashes = "", nil
			err := s.putErasure(ctx, &e)
			if err == nil {
				err = s.optimize(ctx, "erasure", "tuple()") // the row with the hashes goes with it
			}
			errs = append(errs, about("settle an erasure", err))
		}
	}
	return errors.Join(errs...)
}

func (s *Store) repeat(ctx context.Context, e *erasureRow, now time.Time) error {
	var texts []string
	if e.Kind == storage.ErasedLabel {
		var err error
		if texts, err = s.hashedLabels(ctx, &e.Erasure); err != nil {
			return about(fmt.Sprintf("repeat erasure %d", e.ID), err)
		}
	}
	return s.erase(ctx, e, texts, now)
}

// erase does what is noted and notes that it is done, unless some of it is left.
func (s *Store) erase(ctx context.Context, e *erasureRow, texts []string, now time.Time) (err error) {
	x := &erasing{s: s, e: &e.Erasure}
	if err := x.run(ctx, texts); err != nil {
		return about(fmt.Sprintf("erase %s of site %d", e.Kind, e.Site), err)
	}
	if x.rows == 0 && (e.Done != 0 || x.left) {
		return nil
	}
	e.Rows += x.rows
	if e.Done == 0 && !x.left {
		e.Done = now.Unix()
	}
	return about("note an erasure", s.putErasure(ctx, e))
}

// Erasures lists the audit trail, the latest first.
func (s *Store) Erasures(ctx context.Context) ([]storage.Erasure, error) {
	rows, err := s.erasures(ctx)
	list := make([]storage.Erasure, len(rows))
	for i, r := range rows {
		list[i] = r.Erasure
	}
	return list, about("erasures", err)
}

// PutErasure stores an entry of another store's audit trail: under its own
// number, or the next if that is 0. No site is given an erased one's number.
func (s *Store) PutErasure(ctx context.Context, e storage.Erasure) error {
	return s.change(fmt.Sprintf("put erasure %d", e.ID), func() error {
		if e.Kind == storage.ErasedSite {
			if err := s.claimed(ctx, siteNumber, 0, int64(e.Site)); err != nil {
				return err
			}
			if err := s.eraseSettings(ctx, e.Site); err != nil {
				return err
			}
		}
		row := erasureRow{Erasure: e}
		if e.ID == 0 {
			var err error
			if row.ID, err = s.claim(ctx, erasureNumber, 0); err != nil {
				return err
			}
			return s.putErasure(ctx, &row)
		}
		if err := s.claimed(ctx, erasureNumber, 0, e.ID); err != nil {
			return err
		}
		return s.putErasure(ctx, &row)
	})
}

// since gives the first day and hour in which a repetition looks for labels that
// came back: what is older is in nobody's memory.
func since(e *storage.Erasure) (day foule.Day, hour int64) {
	if e.Done == 0 {
		return 0, 0
	}
	const margin = 5 // days open, and the zones
	day = max(dayOf(e.Begun)-margin, 0)
	return day, int64(day) * 86400
}

// maxHashes is how many hashes are sent at a time: a statement is at most 256 KiB.
const maxHashes = 1000

// hashedLabels finds the labels that an erasure holds hashes of.
func (s *Store) hashedLabels(ctx context.Context, e *storage.Erasure) (texts []string, err error) {
	day, hour := since(e)
	v := values{"site": uint32(e.Site), "dim": uint8(e.Dim), "salt": e.Salt, "other": foule.Other, "since": uint16(clamp(day, maxDate)), "since_hour": uint32(hour)}
	for hashes := e.Hashes; len(hashes) > 0; {
		n := min(len(hashes), maxHashes)
		hexes := make([]string, n)
		for i, h := range hashes[:n] {
			hexes[i] = fmt.Sprintf("%X", h)
		}
		hashes = hashes[n:]
		err := s.rows(ctx, "hashed_labels", hexes, v, func(rows lib.Rows) error {
			var text string
			err := rows.Scan(&text)
			texts = append(texts, text)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return texts, nil
}

// FindLabels lists the labels that a match finds, with how much there is of each.
func (s *Store) FindLabels(ctx context.Context, site foule.SiteID, m storage.LabelMatch) (found []storage.FoundLabel, err error) {
	const what = "find labels"
	if err := m.Check(); err != nil {
		return nil, about(what, err)
	}
	fill := struct{ Label, ByLabel string }{"label = {text:String}", "by_label = {text:String}"}
	if m.Contains {
		fill.Label, fill.ByLabel = "positionCaseInsensitive(label, {text:String}) > 0", "positionCaseInsensitive(by_label, {text:String}) > 0"
	}
	v := values{"site": uint32(site), "dim": uint8(m.Dim), "text": m.Text, "other": foule.Other, "limit": uint64(storage.MaxErasedLabels) + 1}
	err = s.rows(ctx, "find_labels", fill, v, func(rows lib.Rows) error {
		var f storage.FoundLabel
		var dim uint8
		var n, days uint64
		err := rows.Scan(&dim, &f.Label, &n, &days)
		f.Dim, f.Rows, f.Days = foule.Dimension(dim), int64(n), int64(days)
		found = append(found, f)
		return err
	})
	if err == nil && len(found) > storage.MaxErasedLabels {
		found, err = nil, fmt.Errorf("%w: more than %d labels contain the text; take a longer one", storage.ErrEraseOrder, storage.MaxErasedLabels)
	}
	return found, about(what, err)
}
