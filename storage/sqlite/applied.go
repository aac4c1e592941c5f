package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// markApplied notes a token; done says that it had been noted before.
//
// A token is collector/shard/segment, and the segments of a shard have rising
// numbers. So the table keeps runs of numbers, not tokens: a shard's whole past
// is one row, none of it is ever pruned, and no batch is too old to be known.
func (s *Store) markApplied(ctx context.Context, tx *sql.Tx, token string) (done bool, err error) {
	source, segment := splitToken(token)
	first, last := segment, segment
	var f, l int64
	err = tx.StmtContext(ctx, s.queries["applied_run"]).
		QueryRowContext(ctx, sql.Named("source", source), sql.Named("segment", segment)).Scan(&f, &l)
	switch {
	case errors.Is(err, sql.ErrNoRows):
	case err != nil:
		return false, fmt.Errorf("look up token: %w", err)
	case l >= segment:
		return true, nil
	case l == segment-1:
		first = f
	}
	err = tx.StmtContext(ctx, s.queries["applied_next"]).
		QueryRowContext(ctx, sql.Named("source", source), sql.Named("segment", segment)).Scan(&last)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return false, fmt.Errorf("join token: %w", err)
	}
	_, err = tx.StmtContext(ctx, s.queries["applied_add"]).
		ExecContext(ctx, sql.Named("source", source), sql.Named("first", first), sql.Named("last", last))
	if err != nil {
		return false, fmt.Errorf("note token: %w", err)
	}
	return false, nil
}

// splitToken cuts off the segment number. A token that does not end in a plain
// number stands for itself, as segment -1 of its own source.
func splitToken(token string) (source string, segment int64) {
	i := strings.LastIndexByte(token, '/')
	n, err := strconv.ParseInt(token[i+1:], 10, 62)
	if i < 0 || err != nil || n < 0 || strconv.FormatInt(n, 10) != token[i+1:] {
		return token, -1
	}
	return token[:i], n
}
