package sqlite

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"
	"time"

	"foule.eu/foule"
)

// minutesKept is how long minute rows live: they say who is here now.
const minutesKept = 2 * 24 * time.Hour

// metaPrunes is the key of meta under which Prune counts its transactions. A
// process that finds another number than it knew forgets the ids of labels, as
// some may be gone.
const metaPrunes = "prunes"

// Prune deletes what is older than the retention: minute rows after two days,
// all others by whole calendar months, Options.KeepMonths with that of now.
// The texts of labels that no later row uses go with them, deleted pages are
// overwritten, and the write-ahead log is cut, so that nothing of it stays in
// the file. It goes month by month, so that batches can come in between.
func (s *Store) Prune(ctx context.Context, now time.Time) error {
	month := foule.DayOf(now, time.UTC).Month() - foule.Month(s.keepMonths) + 1
	for more := true; more; {
		var err error
		if more, err = s.pruneOnce(ctx, now, month); err != nil {
			return fmt.Errorf("sqlite: prune before %s: %w", month, kind(err))
		}
	}
	return s.cutLog(ctx)
}

//go:embed sql/rewrite_labels.sql
var rewriteLabelsText string

// rewriteLabels leaves no trace of the texts of labels that were deleted.
func rewriteLabels(ctx context.Context, tx *sql.Tx) error {
	if _, err := tx.ExecContext(ctx, rewriteLabelsText); err != nil {
		return fmt.Errorf("write labels anew: %w", err)
	}
	return nil
}

// cutLog empties the write-ahead log, which holds pages as they were before they
// were overwritten. A reader in another process may keep it from that; the next
// call tries again.
func (s *Store) cutLog(ctx context.Context) error {
	if _, err := s.write.ExecContext(ctx, "pragma wal_checkpoint(truncate)"); err != nil {
		return fmt.Errorf("sqlite: cut the log: %w", kind(err))
	}
	return nil
}

// pruneOnce deletes old minutes and the oldest of the months before keep, and
// writes the labels anew if some are gone.
func (s *Store) pruneOnce(ctx context.Context, now time.Time, keep foule.Month) (more bool, err error) {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return false, err
	}
	defer tx.Rollback()
	var oldest sql.NullInt64
	if err := tx.StmtContext(ctx, s.queries["oldest_month"]).QueryRowContext(ctx).Scan(&oldest); err != nil {
		return false, err
	}
	before := keep
	if oldest.Valid && oldest.Int64 < int64(keep)-1 {
		before, more = foule.Month(oldest.Int64)+1, true
	}
	for _, t := range []struct {
		query  string
		before int64
	}{
		{"prune_minute", now.Add(-minutesKept).Unix() / 60},
		{"prune_hour", int64(before.First()) * 24},
		{"prune_day", int64(before.First())},
		{"prune_month", int64(before)},
		{"prune_label", int64(before)},
	} {
		res, err := tx.StmtContext(ctx, s.queries[t.query]).ExecContext(ctx, sql.Named("before", t.before))
		if err != nil {
			return false, fmt.Errorf("%s: %w", t.query, err)
		}
		if n, err := res.RowsAffected(); t.query == "prune_label" && err == nil && n > 0 {
			if err := rewriteLabels(ctx, tx); err != nil {
				return false, err
			}
		}
	}
	if _, err := tx.StmtContext(ctx, s.queries["prune_mark"]).ExecContext(ctx, sql.Named("key", metaPrunes)); err != nil {
		return false, err
	}
	return more, tx.Commit()
}

// heedPrune empties the label cache if labels have been pruned since the last batch.
func (s *Store) heedPrune(ctx context.Context, tx *sql.Tx) error {
	prunes, err := metaValue(tx.StmtContext(ctx, s.queries["prune_count"]).QueryRowContext(ctx, sql.Named("key", metaPrunes)))
	if err != nil {
		return err
	}
	if prunes != s.prunes {
		s.labels, s.prunes = labelCache{}, prunes
	}
	return nil
}
