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
	ids, learned, err := s.internLabels(ctx, tx, labelsOf(b))
	if err != nil {
		return err
	}
	days := dayKeys(b.Days, ids)
	for _, t := range []struct {
		grain string
		args  []any
	}{
		{"minute", minuteArgs(b.Minutes)},
		{"hour", hourArgs(b.Hours, ids)},
		{"day", filteredArgs(days)},
		{"month", filteredArgs(monthKeys(days))},
	} {
		if len(t.args) == 0 {
			continue
		}
		if err := s.upserts["upsert_"+t.grain].run(ctx, tx, t.args, nil); err != nil {
			return fmt.Errorf("rows by %s: %w", t.grain, err)
		}
		if _, err := tx.StmtContext(ctx, s.queries["vanish_"+t.grain]).ExecContext(ctx); err != nil {
			return fmt.Errorf("zero rows by %s: %w", t.grain, err)
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	s.labels.keep(learned)
	return nil
}

// labelsOf lists the labels of a batch with the latest month that uses each.
func labelsOf(b *storage.Batch) labelUse {
	use := labelUse{}
	var day foule.Day
	month := day.Month()
	for i := range b.Days {
		r := &b.Days[i]
		if r.Day != day {
			day, month = r.Day, r.Day.Month()
		}
		use.add(r.Label, month)
		use.add(r.ByLabel, month)
	}
	for i := range b.Hours {
		use.add(b.Hours[i].Label, hourMonth(b.Hours[i].Hour))
	}
	return use
}

// hourMonth gives the month of an hour in UTC.
func hourMonth(hour int64) foule.Month {
	return foule.DayOf(time.Unix(hour*3600, 0), time.UTC).Month()
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

// countsText is appendCounts as the string that a statement takes.
func countsText(m *foule.Metrics) string {
	var buf [64]byte
	return string(appendCounts(buf[:0], m))
}

// key is the primary key of the tables by hour, day and month; the former has
// no filter. Sorted rows go in side by side, which is much of an insert's speed.
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

func sortKeyed(rows []keyed) {
	slices.SortFunc(rows, func(a, b keyed) int { return a.key.compare(b.key) })
}

func hourArgs(rows []storage.HourRow, ids map[string]int64) []any {
	keys := make([]keyed, 0, len(rows))
	for i := range rows {
		r := &rows[i]
		if !r.Metrics.IsZero() {
			keys = append(keys, keyed{key{bucket: r.Hour, site: int64(r.Site), dim: int64(r.Dim), label: ids[r.Label]}, &r.Metrics})
		}
	}
	sortKeyed(keys)
	args := make([]any, 0, len(keys)*5)
	for _, k := range keys {
		args = append(args, k.bucket, k.site, k.dim, k.label, countsText(k.counts))
	}
	return args
}

// dayKeys gives the rows by day, sorted.
func dayKeys(rows []storage.DayRow, ids map[string]int64) []keyed {
	keys := make([]keyed, 0, len(rows))
	for i := range rows {
		r := &rows[i]
		k := key{int64(r.Day), int64(r.Site), int64(r.Dim), int64(r.By), ids[r.ByLabel], ids[r.Label]}
		keys = append(keys, keyed{k, &r.Metrics})
	}
	sortKeyed(keys)
	return keys
}

// monthKeys sums sorted rows by month. A batch seldom spans many days, so most
// sums have one term and share the row's own counters.
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
	out := keys[:0]
	var own *foule.Metrics // the counters of the last of out, once they are a sum
	for _, k := range keys {
		n := len(out)
		if n == 0 || out[n-1].key != k.key {
			out, own = append(out, k), nil
			continue
		}
		if own == nil {
			own = new(foule.Metrics)
			*own = *out[n-1].counts
			out[n-1].counts = own
		}
		own.Add(k.counts)
	}
	return out
}

func filteredArgs(keys []keyed) []any {
	args := make([]any, 0, len(keys)*7)
	for _, k := range keys {
		if !k.counts.IsZero() {
			args = append(args, k.bucket, k.site, k.dim, k.byDim, k.byLabel, k.label, countsText(k.counts))
		}
	}
	return args
}
