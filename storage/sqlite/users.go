package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"foule.eu/foule/storage"
)

// Users lists all users, by id.
func (s *Store) Users(ctx context.Context) ([]storage.User, error) {
	var users []storage.User
	err := s.view(ctx, "users", func(r reading) error {
		return r.rows("users", nil, func(rows *sql.Rows) error {
			u, err := scanUser(rows)
			users = append(users, u)
			return err
		})
	})
	return users, err
}

// scanner is a row or rows.
type scanner interface{ Scan(dest ...any) error }

func scanUser(row scanner) (u storage.User, err error) {
	err = row.Scan(&u.ID, &u.Email, &u.PasswordHash, &u.Role, &u.Language, &u.Created)
	return u, err
}

// UserByEmail finds a user; storage.ErrNotFound if there is none.
func (s *Store) UserByEmail(ctx context.Context, email string) (storage.User, error) {
	return viewOne(ctx, s, "user by e-mail", scanUser, "user_by_email", sql.Named("email", email))
}

// UserByID finds a user; storage.ErrNotFound if there is none.
func (s *Store) UserByID(ctx context.Context, id int64) (storage.User, error) {
	return viewOne(ctx, s, fmt.Sprintf("user %d", id), scanUser, "user_by_id", sql.Named("id", id))
}

// viewOne reads the one row that a query gives; storage.ErrNotFound if it gives none.
func viewOne[T any](ctx context.Context, s *Store, what string, scan func(scanner) (T, error), query string, args ...any) (v T, err error) {
	err = s.view(ctx, what, func(r reading) (err error) {
		v, err = scan(r.row(query, args...))
		if errors.Is(err, sql.ErrNoRows) {
			err = storage.ErrNotFound
		}
		return err
	})
	return v, err
}

// AddUser stores a new user; storage.ErrConflict if the e-mail is taken.
func (s *Store) AddUser(ctx context.Context, u storage.User) (id int64, err error) {
	err = s.change(ctx, "add user", func(w writing) (err error) {
		id, err = w.add("add_user", userArgs(&u)...)
		return err
	})
	return id, err
}

// UpdateUser changes a user; storage.ErrNotFound if there is none, storage.ErrConflict if the e-mail is taken.
func (s *Store) UpdateUser(ctx context.Context, u storage.User) error {
	return s.change(ctx, fmt.Sprintf("update user %d", u.ID), func(w writing) error {
		return w.alter("update_user", append(userArgs(&u), sql.Named("id", u.ID))...)
	})
}

func userArgs(u *storage.User) []any {
	return []any{
		sql.Named("email", u.Email), sql.Named("password_hash", u.PasswordHash), sql.Named("role", string(u.Role)),
		sql.Named("language", u.Language), sql.Named("created", u.Created),
	}
}

// AddSession stores a session under the hash of its secret.
func (s *Store) AddSession(ctx context.Context, v storage.Session) error {
	return s.change(ctx, "add session", func(w writing) error {
		_, err := w.exec("add_session", sql.Named("hash", v.Hash[:]), sql.Named("user_id", v.UserID),
			sql.Named("purpose", v.Purpose), sql.Named("created", v.Created), sql.Named("expires", v.Expires))
		return err
	})
}

// Session finds a session that has not expired; storage.ErrNotFound if there is none.
func (s *Store) Session(ctx context.Context, hash [32]byte) (storage.Session, error) {
	return viewOne(ctx, s, "session", scanSession, "session", sql.Named("hash", hash[:]), sql.Named("now", time.Now().Unix()))
}

func scanSession(row scanner) (v storage.Session, err error) {
	var hash []byte
	err = row.Scan(&hash, &v.UserID, &v.Purpose, &v.Created, &v.Expires)
	copy(v.Hash[:], hash)
	return v, err
}

// DeleteSession ends a session; it is no error if there is none.
func (s *Store) DeleteSession(ctx context.Context, hash [32]byte) error {
	return s.change(ctx, "delete session", func(w writing) error {
		_, err := w.exec("delete_session", sql.Named("hash", hash[:]))
		return err
	})
}

// DeleteExpiredSessions deletes the sessions that have expired at now, in Unix seconds.
func (s *Store) DeleteExpiredSessions(ctx context.Context, now int64) error {
	return s.change(ctx, "delete expired sessions", func(w writing) error {
		_, err := w.exec("delete_expired_sessions", sql.Named("now", now))
		return err
	})
}

// AddToken stores a token; storage.ErrConflict if its secret is known.
func (s *Store) AddToken(ctx context.Context, t storage.Token) (id int64, err error) {
	err = s.change(ctx, "add token", func(w writing) (err error) {
		id, err = w.add("add_token", sql.Named("hash", t.Hash[:]), sql.Named("name", t.Name),
			sql.Named("scope", string(t.Scope)), sql.Named("site", int64(t.Site)), sql.Named("created", t.Created))
		return err
	})
	return id, err
}

// Tokens lists all tokens, by id.
func (s *Store) Tokens(ctx context.Context) ([]storage.Token, error) {
	var tokens []storage.Token
	err := s.view(ctx, "tokens", func(r reading) error {
		return r.rows("tokens", nil, func(rows *sql.Rows) error {
			t, err := scanToken(rows)
			tokens = append(tokens, t)
			return err
		})
	})
	return tokens, err
}

func scanToken(row scanner) (t storage.Token, err error) {
	var hash []byte
	err = row.Scan(&t.ID, &hash, &t.Name, &t.Scope, &t.Site, &t.Created)
	copy(t.Hash[:], hash)
	return t, err
}

// TokenByHash finds a token; storage.ErrNotFound if there is none.
func (s *Store) TokenByHash(ctx context.Context, hash [32]byte) (storage.Token, error) {
	return viewOne(ctx, s, "token", scanToken, "token_by_hash", sql.Named("hash", hash[:]))
}

// DeleteToken deletes a token; storage.ErrNotFound if there is none.
func (s *Store) DeleteToken(ctx context.Context, id int64) error {
	return s.change(ctx, fmt.Sprintf("delete token %d", id), func(w writing) error {
		return w.alter("delete_token", sql.Named("id", id))
	})
}
