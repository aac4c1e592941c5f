package clickhouse

import (
	"context"
	"fmt"

	"foule.eu/foule/storage"
	lib "github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

var sessionTable = settingsTable{"session", columnList(
	"hash", "FixedString(32)", "user_id", "Int64", "purpose", "String", "created", "Int64", "expires", "Int64",
	"version", "UInt64", "deleted", "UInt8",
)}

type sessionRow struct {
	storage.Session
	version uint64
	deleted bool
	valid   bool // has not expired by the server's clock; only when read
}

// AddSession stores a session under the hash of its secret.
func (s *Store) AddSession(ctx context.Context, v storage.Session) error {
	return about("add session", s.putSessions(ctx, sessionRow{Session: v, version: after(0)}))
}

func (s *Store) putSessions(ctx context.Context, sessions ...sessionRow) error {
	rows := make([][]any, len(sessions))
	for i, v := range sessions {
		rows[i] = []any{string(v.Hash[:]), v.UserID, v.Purpose, v.Created, v.Expires, v.version, v.deleted}
	}
	return s.put(ctx, sessionTable, rows...)
}

// Session finds a session that has not expired; storage.ErrNotFound if there is none.
func (s *Store) Session(ctx context.Context, hash [32]byte) (storage.Session, error) {
	v, err := s.session(ctx, hash)
	if err == nil && !v.valid {
		err = storage.ErrNotFound
	}
	if err != nil {
		return storage.Session{}, about("session", err)
	}
	return v.Session, nil
}

// session reads a session, expired or not; storage.ErrNotFound if there is none.
func (s *Store) session(ctx context.Context, hash [32]byte) (v sessionRow, err error) {
	err = s.rows(ctx, "session", nil, values{"hash": fmt.Sprintf("%X", hash)}, func(rows lib.Rows) error {
		var text string
		err := rows.Scan(&text, &v.UserID, &v.Purpose, &v.Created, &v.Expires, &v.version, &v.valid)
		copy(v.Hash[:], text)
		return err
	})
	if err == nil && v.version == 0 {
		err = storage.ErrNotFound
	}
	return v, err
}

// gone is the row that says that there is no such session any more.
func (v sessionRow) gone() sessionRow {
	return sessionRow{Session: storage.Session{Hash: v.Hash, Expires: v.Expires}, version: after(v.version), deleted: true}
}

// DeleteSession ends a session; it is no error if there is none. Its hash
// leaves the disk when the session would have expired, on servers with TTL.
func (s *Store) DeleteSession(ctx context.Context, hash [32]byte) error {
	return s.change("delete session", func() error {
		v, err := s.session(ctx, hash)
		if err == storage.ErrNotFound {
			return nil
		}
		if err != nil {
			return err
		}
		return s.putSessions(ctx, v.gone())
	})
}

// DeleteExpiredSessions deletes the sessions that have expired at now, in Unix
// seconds. Servers with TTL do so by themselves, by their own clock.
func (s *Store) DeleteExpiredSessions(ctx context.Context, now int64) error {
	return s.change("delete expired sessions", func() error {
		var gone []sessionRow
		err := s.rows(ctx, "sessions_expired", nil, values{"now": now}, func(rows lib.Rows) error {
			var v sessionRow
			var text string
			err := rows.Scan(&text, &v.Expires, &v.version)
			copy(v.Hash[:], text)
			gone = append(gone, v.gone())
			return err
		})
		if err != nil {
			return err
		}
		return s.putSessions(ctx, gone...)
	})
}
