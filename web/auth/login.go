package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"foule.eu/foule/storage"
)

// LogIn checks an e-mail address and a password and, if they fit, opens a
// session and sets its cookie. Otherwise it gives ErrBadCredentials, or
// ErrTooMany with a Retry-After header set; any other error is the store's.
func (a *Auth) LogIn(w http.ResponseWriter, r *http.Request, email, password string) (storage.User, error) {
	email = strings.ToLower(strings.TrimSpace(email))
	if a.perAddress.OnLimit(w, r, a.slot(a.network(r))) || a.perAccount.OnLimit(w, r, a.slot(a.network(r), email)) {
		return storage.User{}, ErrTooMany
	}
	user, err := a.byPassword(r.Context(), email, password)
	if err != nil {
		return storage.User{}, err
	}
	return user, a.openSession(w, r, user)
}

func (a *Auth) byPassword(ctx context.Context, email, password string) (storage.User, error) {
	user, err := a.Settings.UserByEmail(ctx, email)
	if err != nil && !errors.Is(err, storage.ErrNotFound) {
		return storage.User{}, fmt.Errorf("auth: find user: %w", err)
	}
	if len(password) > maxPasswordBytes {
		return storage.User{}, ErrBadCredentials
	}
	ok, err := a.verifyPassword(ctx, user.PasswordHash, password) // "" of an unknown user
	if err != nil {
		return storage.User{}, err
	}
	if !ok {
		return storage.User{}, ErrBadCredentials
	}
	return user, nil
}

// ChangePassword gives a user another password, if the current one is right,
// which ends all sessions but a new one for the request. Refusals are
// ErrBadCredentials, ErrTooMany and ErrWeakPassword.
func (a *Auth) ChangePassword(w http.ResponseWriter, r *http.Request, user storage.User, current, next string) error {
	if err := checkPassword(next); err != nil {
		return err
	}
	if a.perAccount.OnLimit(w, r, a.slot(a.network(r), strings.ToLower(user.Email))) {
		return ErrTooMany
	}
	user, err := a.byPassword(r.Context(), user.Email, current)
	if err != nil {
		return err
	}
	if user.PasswordHash, err = a.hashPassword(r.Context(), next); err != nil {
		return err
	}
	if err := a.Settings.UpdateUser(r.Context(), user); err != nil {
		return fmt.Errorf("auth: change password: %w", err)
	}
	return a.openSession(w, r, user)
}
