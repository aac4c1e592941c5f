package sqlite

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/storage"
)

// Apply adds the batch in one transaction that also notes its token, so that a
// batch whose answer was lost may be sent again. The rows by month come from
// the same deltas; rows that have become zero are removed.
//
// When it returns without error the batch is on the disk. It returns
// [ErrFull] and [ErrBusy] (try again), or the context's error; nothing of the
// batch has been added then.
func (s *Store) Apply(ctx context.Context, b *storage.Batch) error {
	s.applying.Lock()
	defer s.applying.Unlock()
	if err := s.apply(ctx, b); err != nil {
		return fmt.Errorf("sqlite: apply batch %s: %w", b.Token, kind(err))
	}
	return nil
}

func (s *Store) apply(ctx context.Context, b *storage.Batch) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if done, err := s.markApplied(ctx, tx, b.Token); err != nil || done {
		return err
	}
	if err := s.heedPrune(ctx, tx); err != nil {
		return err
	}
	in := interning{s, tx, labelCache{}}
	hours, err := in.hourKeys(ctx, b.Hours)
	if err != nil {
		return err
	}
	days, err := in.dayKeys(ctx, b.Days)
	if err != nil {
		return err
	}
	for _, t := range []struct {
		grain string
		args  []any
	}{
		{"minute", minuteArgs(b.Minutes)},
		{"hour", packArgs(hours, false)},
		{"day", packArgs(days, true)},
		{"month", packArgs(monthKeys(days), true)},
	} {
		if len(t.args) == 0 {
			continue
		}
		if err := s.upserts["upsert_"+t.grain].run(ctx, tx, t.args); err != nil {
			return fmt.Errorf("rows by %s: %w", t.grain, err)
		}
		if _, err := tx.StmtContext(ctx, s.queries["vanish_"+t.grain]).ExecContext(ctx); err != nil {
			return fmt.Errorf("zero rows by %s: %w", t.grain, err)
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	s.labels.keep(in.learned)
	return nil
}

func minuteArgs(rows []storage.MinuteRow) []any {
	sorted := slices.Clone(rows)
	slices.SortFunc(sorted, func(a, b storage.MinuteRow) int {
		return cmp.Or(cmp.Compare(a.Minute, b.Minute), cmp.Compare(a.Site, b.Site))
	})
	var args []any
	for i := range sorted {
		r := &sorted[i]
		if !r.Metrics.IsZero() {
			args = append(args, r.Minute, int64(r.Site), countsText(&r.Metrics))
		}
	}
	return args
}

// key names a row of the tables by hour, day and month; the former has no
// filter. Sorted rows go in side by side, which is much of an insert's speed.
type key struct {
	bucket, site, dim, byDim, byLabel, label int64
}

func (a key) compare(b key) int {
	return cmp.Or(
		cmp.Compare(a.bucket, b.bucket), cmp.Compare(a.site, b.site), cmp.Compare(a.dim, b.dim),
		cmp.Compare(a.byDim, b.byDim), cmp.Compare(a.byLabel, b.byLabel), cmp.Compare(a.label, b.label),
	)
}

// keyed is a row on its way in; its counters stay where they are.
type keyed struct {
	key
	counts *foule.Metrics
}

// pack is the key of the pack that a row goes into; label is the pack's number.
func (a key) pack() key {
	a.label /= packSize
	return a
}

func sortKeyed(rows []keyed) {
	slices.SortFunc(rows, func(a, b keyed) int { return a.key.compare(b.key) })
}

// hourKeys gives the rows by hour, sorted. They keep their labels' months up to
// date as well, by UTC.
func (in *interning) hourKeys(ctx context.Context, rows []storage.HourRow) ([]keyed, error) {
	keys := make([]keyed, 0, len(rows))
	for i := range rows {
		r := &rows[i]
		month := foule.DayOf(time.Unix(r.Hour*3600, 0), time.UTC).Month()
		label, err := in.id(ctx, labelKey{r.Site, r.Dim, r.Label}, month)
		if err != nil {
			return nil, err
		}
		keys = append(keys, keyed{key{bucket: r.Hour, site: int64(r.Site), dim: int64(r.Dim), label: label}, &r.Metrics})
	}
	sortKeyed(keys)
	return keys, nil
}

// dayKeys gives the rows by day, sorted.
func (in *interning) dayKeys(ctx context.Context, rows []storage.DayRow) ([]keyed, error) {
	keys := make([]keyed, 0, len(rows))
	day, month := foule.Day(0), foule.Day(0).Month()
	for i := range rows {
		r := &rows[i]
		if r.Day != day {
			day, month = r.Day, r.Day.Month()
		}
		label, err := in.id(ctx, labelKey{r.Site, r.Dim, r.Label}, month)
		if err != nil {
			return nil, err
		}
		byLabel, err := in.id(ctx, labelKey{r.Site, r.By, r.ByLabel}, month)
		if err != nil {
			return nil, err
		}
		keys = append(keys, keyed{key{int64(r.Day), int64(r.Site), int64(r.Dim), int64(r.By), byLabel, label}, &r.Metrics})
	}
	sortKeyed(keys)
	return keys, nil
}

// monthKeys gives sorted rows by day as rows by month, sorted.
func monthKeys(days []keyed) []keyed {
	keys := slices.Clone(days)
	day, month := foule.Day(0), foule.Day(0).Month()
	for i := range keys {
		if d := foule.Day(keys[i].bucket); d != day {
			day, month = d, d.Month()
		}
		keys[i].bucket = int64(month)
	}
	sortKeyed(keys)
	return keys
}

// packArgs puts sorted rows into packs and flattens those into values: the key,
// with the filter if there can be one, the number of the pack and its rows.
func packArgs(keys []keyed, filter bool) []any {
	args := make([]any, 0, len(keys)*7)
	var text []byte
	for len(keys) > 0 {
		k := keys[0].pack()
		text = text[:0]
		for len(keys) > 0 && keys[0].pack() == k {
			sum := *keys[0].counts
			n := 1
			for ; n < len(keys) && keys[n].key == keys[0].key; n++ {
				sum.Add(keys[n].counts)
			}
			text = appendRow(text, keys[0].label%packSize, &sum)
			keys = keys[n:]
		}
		if len(text) == 0 {
			continue
		}
		args = append(args, k.bucket, k.site, k.dim)
		if filter {
			args = append(args, k.byDim, k.byLabel)
		}
		args = append(args, k.label, string(text))
	}
	return args
}
