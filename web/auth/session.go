package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"foule.eu/foule/storage"
)

// CookieName is the name of the log-in session's cookie. It is set for people
// who log in to the dashboard, never for visitors of a measured site.
const CookieName = "foule_session"

// SessionLife is how long a log-in lasts.
const SessionLife = 14 * 24 * time.Hour

const (
	purposeLogin = "login"
	purposeSetup = "setup"
)

// newSecret makes a random secret of 256 bits in 43 characters.
func newSecret() string {
	var b [32]byte
	rand.Read(b[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// sessionHash gives the hash under which a session is stored. The user's
// password hash goes into it, so that a new password ends all older sessions.
func sessionHash(secret string, user *storage.User) [32]byte {
	return sha256.Sum256([]byte(secret + "\x00" + user.PasswordHash))
}

// openSession starts a session with a fresh secret and hands it to the browser.
func (a *Auth) openSession(w http.ResponseWriter, r *http.Request, user storage.User) error {
	now := a.Now()
	if err := a.Settings.DeleteExpiredSessions(r.Context(), now.Unix()); err != nil {
		return fmt.Errorf("auth: forget old sessions: %w", err)
	}
	secret := newSecret()
	err := a.Settings.AddSession(r.Context(), storage.Session{
		Hash: sessionHash(secret, &user), UserID: user.ID, Purpose: purposeLogin,
		Created: now.Unix(), Expires: now.Add(SessionLife).Unix(),
	})
	if err != nil {
		return fmt.Errorf("auth: open session: %w", err)
	}
	a.setCookie(w, r, strconv.FormatInt(user.ID, 10)+"."+secret, int(SessionLife/time.Second))
	return nil
}

// LogOut ends the request's session, if it has one, and takes back its cookie.
func (a *Auth) LogOut(w http.ResponseWriter, r *http.Request) error {
	a.setCookie(w, r, "", -1)
	_, session, err := a.session(r)
	if errors.Is(err, ErrNoCredentials) {
		return nil
	}
	if err == nil {
		err = a.Settings.DeleteSession(r.Context(), session.Hash)
	}
	if err != nil {
		return fmt.Errorf("auth: log out: %w", err)
	}
	return nil
}

func (a *Auth) setCookie(w http.ResponseWriter, r *http.Request, value string, maxAge int) {
	http.SetCookie(w, &http.Cookie{
		Name: CookieName, Value: value, Path: "/", MaxAge: maxAge,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: a.isHTTPS(r),
	})
}

// session finds the user and session of a request's cookie; ErrNoCredentials
// without a cookie or when its session is over.
func (a *Auth) session(r *http.Request) (storage.User, storage.Session, error) {
	none := func(err error) (storage.User, storage.Session, error) {
		return storage.User{}, storage.Session{}, err
	}
	cookie, err := r.Cookie(CookieName)
	if err != nil {
		return none(ErrNoCredentials)
	}
	number, secret, _ := strings.Cut(cookie.Value, ".")
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return none(ErrNoCredentials)
	}
	user, err := a.Settings.UserByID(r.Context(), id)
	if err != nil {
		return none(orNoCredentials(err))
	}
	session, err := a.validSession(r.Context(), sessionHash(secret, &user), purposeLogin)
	if err != nil {
		return none(orNoCredentials(err))
	}
	if session.UserID != user.ID {
		return none(ErrNoCredentials)
	}
	return user, session, nil
}

// validSession gives a stored session that serves the purpose and has not
// expired by our clock; storage.ErrNotFound otherwise.
func (a *Auth) validSession(ctx context.Context, hash [32]byte, purpose string) (storage.Session, error) {
	session, err := a.Settings.Session(ctx, hash)
	if err == nil && (session.Purpose != purpose || session.Expires <= a.Now().Unix()) {
		err = storage.ErrNotFound
	}
	return session, err
}

// orNoCredentials turns "not found" into a refusal and wraps anything else.
func orNoCredentials(err error) error {
	if errors.Is(err, storage.ErrNotFound) {
		return ErrNoCredentials
	}
	return fmt.Errorf("auth: find session: %w", err)
}
