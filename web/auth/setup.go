package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/mail"
	"strings"
	"time"

	"foule.eu/foule/storage"
)

// SetupLife is how long a set-up link works.
const SetupLife = 24 * time.Hour

// SetupPath gives the path and query of a set-up link on the dashboard.
func SetupPath(secret string) string { return "/setup?t=" + secret }

// NewSetupLink makes the secret of a link with which a user can choose a
// password, once, within SetupLife. It is shown to nobody again.
func (a *Auth) NewSetupLink(ctx context.Context, userID int64) (secret string, err error) {
	now := a.Now()
	secret = newSecret()
	err = a.Settings.AddSession(ctx, storage.Session{
		Hash: storage.HashToken(secret), UserID: userID, Purpose: purposeSetup,
		Created: now.Unix(), Expires: now.Add(SetupLife).Unix(),
	})
	if err != nil {
		return "", fmt.Errorf("auth: make set-up link: %w", err)
	}
	return secret, nil
}

// SetupUser gives the user whom a set-up link is for, without using it up;
// ErrLink if it does not work.
func (a *Auth) SetupUser(ctx context.Context, secret string) (storage.User, error) {
	session, err := a.validSession(ctx, storage.HashToken(secret), purposeSetup)
	if err == nil {
		var user storage.User
		if user, err = a.Settings.UserByID(ctx, session.UserID); err == nil {
			return user, nil
		}
	}
	if errors.Is(err, storage.ErrNotFound) {
		return storage.User{}, ErrLink
	}
	return storage.User{}, fmt.Errorf("auth: open set-up link: %w", err)
}

// SetUp uses a set-up link: it gives the user a password and, unless email is
// empty, another e-mail address, ends the link and logs the user in. Refusals
// are ErrLink, ErrWeakPassword, ErrEmail and, for an address that somebody else
// has, storage.ErrConflict; after them the link still works.
func (a *Auth) SetUp(w http.ResponseWriter, r *http.Request, secret, email, password string) (storage.User, error) {
	ctx := r.Context()
	user, err := a.SetupUser(ctx, secret)
	if err != nil {
		return storage.User{}, err
	}
	if err := checkPassword(password); err != nil {
		return storage.User{}, err
	}
	if email = strings.TrimSpace(email); email != "" {
		if !validEmail(email) {
			return storage.User{}, ErrEmail
		}
		user.Email = email
	}
	if user.PasswordHash, err = a.hashPassword(ctx, password); err != nil {
		return storage.User{}, err
	}
	if err := a.Settings.UpdateUser(ctx, user); err != nil {
		return storage.User{}, fmt.Errorf("auth: set up user: %w", err)
	}
	if err := a.Settings.DeleteSession(ctx, storage.HashToken(secret)); err != nil {
		return storage.User{}, fmt.Errorf("auth: end set-up link: %w", err)
	}
	return user, a.openSession(w, r, user)
}

func validEmail(s string) bool {
	addr, err := mail.ParseAddress(s)
	return err == nil && addr.Address == s && len(s) <= 254
}
