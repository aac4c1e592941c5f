package auth

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"foule.eu/foule"
	"foule.eu/foule/storage"
)

type contextKey int

const (
	userKey contextKey = iota
	callerKey
)

// User gives the user whom RequireUser let in; ok is false elsewhere.
func (a *Auth) User(ctx context.Context) (user storage.User, ok bool) {
	user, ok = ctx.Value(userKey).(storage.User)
	return user, ok
}

// RequireUser lets only logged-in people pass. Others are sent to
// /login?next=PATH, or get a 401 when they were about to change something. If
// the store does not say who it is, fail answers with the store's error.
func (a *Auth) RequireUser(fail func(http.ResponseWriter, *http.Request, error)) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Add("Vary", "Cookie")
			user, _, err := a.session(r)
			switch {
			case err == nil:
				next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), userKey, user)))
			case !errors.Is(err, ErrNoCredentials):
				fail(w, r, err)
			case r.Method == http.MethodGet || r.Method == http.MethodHead:
				http.Redirect(w, r, "/login?next="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
			default:
				http.Error(w, "Log in first.", http.StatusUnauthorized)
			}
		})
	}
}

// Caller is who uses an API: the holder of a token, or somebody with the
// dashboard open.
type Caller struct {
	Name string // "token 3", "user 1": for logs and limits; no secret
	Role storage.Role
	Site foule.SiteID // the only site that may be seen; 0: all
}

// MaySee says whether the caller may see a site.
func (c Caller) MaySee(site foule.SiteID) bool { return c.Site == 0 || c.Site == site }

// CallerOf gives the caller whom RequireToken let in; the zero Caller elsewhere.
func CallerOf(ctx context.Context) Caller {
	c, _ := ctx.Value(callerKey).(Caller)
	return c
}

// RequireToken lets only callers pass whose role includes scope, by bearer
// token (RFC 6750) or by the cookie of a dashboard session. Others are answered
// by refuse, whose error is ErrNoCredentials, ErrBadCredentials, ErrForbidden or
// the store's. Since a cookie comes along by itself, it opens reading methods only.
func (a *Auth) RequireToken(scope storage.Role, refuse func(http.ResponseWriter, *http.Request, error)) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Add("Vary", "Authorization, Cookie")
			caller, err := a.caller(r)
			if err == nil && !caller.Role.Allows(scope) {
				err = ErrForbidden
			}
			if err != nil {
				refuse(w, r, err)
				return
			}
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), callerKey, caller)))
		})
	}
}

func (a *Auth) caller(r *http.Request) (Caller, error) {
	if header := r.Header.Get("Authorization"); header != "" {
		return a.tokenCaller(r.Context(), header)
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return Caller{}, ErrNoCredentials
	}
	user, _, err := a.session(r)
	if err != nil {
		return Caller{}, err
	}
	return Caller{Name: "user " + strconv.FormatInt(user.ID, 10), Role: user.Role}, nil
}

func (a *Auth) tokenCaller(ctx context.Context, header string) (Caller, error) {
	scheme, secret, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return Caller{}, ErrBadCredentials
	}
	// The store compares hashes, so its timing tells nothing of the secret.
	token, err := a.Settings.TokenByHash(ctx, storage.HashToken(strings.TrimSpace(secret)))
	switch {
	case errors.Is(err, storage.ErrNotFound):
		return Caller{}, ErrBadCredentials
	case err != nil:
		return Caller{}, err
	}
	return Caller{Name: "token " + strconv.FormatInt(token.ID, 10), Role: token.Scope, Site: token.Site}, nil
}
