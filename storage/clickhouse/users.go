package clickhouse

import (
	"context"
	"fmt"

	"foule.eu/foule/storage"
	lib "github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

var userTable = settingsTable{"user", columnList(
	"id", "Int64", "email", "String", "password_hash", "String", "role", "String", "language", "String", "created", "Int64",
	"version", "UInt64", "deleted", "UInt8",
)}

type userRow struct {
	storage.User
	version uint64
	deleted bool
}

// users reads all users; only those with the id or the e-mail where such is given.
func (s *Store) users(ctx context.Context, id int64, email string) (users []userRow, err error) {
	err = s.rows(ctx, "users", nil, values{"id": id, "email": email}, func(rows lib.Rows) error {
		var u userRow
		err := rows.Scan(&u.ID, &u.Email, &u.PasswordHash, (*string)(&u.Role), &u.Language, &u.Created, &u.version)
		users = append(users, u)
		return err
	})
	return users, err
}

// userByID reads a user; storage.ErrNotFound if there is none.
func (s *Store) userByID(ctx context.Context, id int64) (userRow, error) {
	if id == 0 {
		return userRow{}, storage.ErrNotFound
	}
	return firstUser(s.users(ctx, id, ""))
}

func firstUser(users []userRow, err error) (userRow, error) {
	if err == nil && len(users) == 0 {
		err = storage.ErrNotFound
	}
	if err != nil {
		return userRow{}, err
	}
	return users[0], nil
}

func (s *Store) putUser(ctx context.Context, u userRow) error {
	return s.put(ctx, userTable, []any{
		u.ID, u.Email, u.PasswordHash, string(u.Role), u.Language, u.Created, u.version, u.deleted,
	})
}

// Users lists all users, by id.
func (s *Store) Users(ctx context.Context) ([]storage.User, error) {
	rows, err := s.users(ctx, 0, "")
	if err != nil {
		return nil, about("users", err)
	}
	users := make([]storage.User, len(rows))
	for i, u := range rows {
		users[i] = u.User
	}
	return users, nil
}

// UserByEmail finds a user; storage.ErrNotFound if there is none.
func (s *Store) UserByEmail(ctx context.Context, email string) (storage.User, error) {
	if email == "" {
		return storage.User{}, about("user by e-mail", storage.ErrNotFound)
	}
	u, err := firstUser(s.users(ctx, 0, email))
	return u.User, about("user by e-mail", err)
}

// UserByID finds a user; storage.ErrNotFound if there is none.
func (s *Store) UserByID(ctx context.Context, id int64) (storage.User, error) {
	u, err := s.userByID(ctx, id)
	return u.User, about(fmt.Sprintf("user %d", id), err)
}

// AddUser stores a new user; storage.ErrConflict if the e-mail is taken.
func (s *Store) AddUser(ctx context.Context, u storage.User) (id int64, err error) {
	err = s.change("add user", func() error {
		if err := s.emailFree(ctx, u); err != nil {
			return err
		}
		if u.ID, err = s.claim(ctx, userNumber, 0); err != nil {
			return err
		}
		if err := s.storeUser(ctx, u, userRow{User: storage.User{ID: u.ID}, deleted: true}); err != nil {
			return err
		}
		id = u.ID
		return nil
	})
	return id, err
}

// UpdateUser changes a user; storage.ErrNotFound if there is none, storage.ErrConflict if the e-mail is taken.
func (s *Store) UpdateUser(ctx context.Context, u storage.User) error {
	return s.change(fmt.Sprintf("update user %d", u.ID), func() error {
		old, err := s.userByID(ctx, u.ID)
		if err != nil {
			return err
		}
		if err := s.emailFree(ctx, u); err != nil {
			return err
		}
		return s.storeUser(ctx, u, old)
	})
}

// emailFree fails with storage.ErrConflict if another user has the e-mail.
func (s *Store) emailFree(ctx context.Context, u storage.User) error {
	if err := s.caughtUp(ctx, userTable); err != nil {
		return err
	}
	users, err := s.users(ctx, 0, u.Email)
	if err != nil {
		return err
	}
	for _, other := range users {
		if other.ID != u.ID && u.Email != "" {
			return storage.ErrConflict
		}
	}
	return nil
}

// storeUser puts a user in the place of old, and takes it back if meanwhile
// somebody else stored another one with the same e-mail.
func (s *Store) storeUser(ctx context.Context, u storage.User, old userRow) error {
	version := after(old.version)
	if err := s.putUser(ctx, userRow{User: u, version: version}); err != nil {
		return err
	}
	err := s.emailFree(ctx, u)
	if err == nil {
		return nil
	}
	old.version = after(version)
	if undone := s.putUser(ctx, old); undone != nil {
		return undone
	}
	return err
}
