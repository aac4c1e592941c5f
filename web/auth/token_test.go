package auth

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"foule.eu/foule"
	"foule.eu/foule/storage"
)

func (h *house) token(t *testing.T, scope storage.Role, site foule.SiteID) string {
	t.Helper()
	secret, hash := storage.NewSecret()
	if _, err := h.store.AddToken(t.Context(), storage.Token{Hash: hash, Name: "test", Scope: scope, Site: site}); err != nil {
		t.Fatal(err)
	}
	return secret
}

func TestRequireToken(t *testing.T) {
	h := open(t)
	reader, admin := h.token(t, storage.RoleRead, 7), h.token(t, storage.RoleAdmin, 0)
	cookie := h.logIn(t)
	for _, row := range []struct {
		name, method  string
		authorization string
		cookie        *http.Cookie
		scope         storage.Role
		refused       error
		caller        Caller
	}{
		{"nothing", "GET", "", nil, storage.RoleRead, ErrNoCredentials, Caller{}},
		{"a token", "GET", "Bearer " + reader, nil, storage.RoleRead, nil, Caller{"token 1", storage.RoleRead, 7}},
		{"lower case", "GET", "bearer " + reader, nil, storage.RoleRead, nil, Caller{"token 1", storage.RoleRead, 7}},
		{"too little scope", "GET", "Bearer " + reader, nil, storage.RoleAdmin, ErrForbidden, Caller{}},
		{"more scope than needed", "POST", "Bearer " + admin, nil, storage.RoleRead, nil, Caller{"token 2", storage.RoleAdmin, 0}},
		{"an unknown token", "GET", "Bearer " + reader[1:] + "0", nil, storage.RoleRead, ErrBadCredentials, Caller{}},
		{"an empty token", "GET", "Bearer", nil, storage.RoleRead, ErrBadCredentials, Caller{}},
		{"another scheme", "GET", "Basic " + reader, nil, storage.RoleRead, ErrBadCredentials, Caller{}},
		{"a dashboard", "GET", "", cookie, storage.RoleRead, nil, Caller{"user 1", storage.RoleAdmin, 0}},
		{"a dashboard's cookie that came along", "POST", "", cookie, storage.RoleRead, ErrNoCredentials, Caller{}},
		{"a bad token beside a good cookie", "GET", "Bearer x", cookie, storage.RoleRead, ErrBadCredentials, Caller{}},
	} {
		r := request(row.method, "/", row.cookie)
		r.Header.Set("Authorization", row.authorization)
		var refused error
		var caller Caller
		refuse := func(_ http.ResponseWriter, _ *http.Request, err error) { refused = err }
		h.RequireToken(row.scope, refuse)(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			caller = CallerOf(r.Context())
		})).ServeHTTP(httptest.NewRecorder(), r)
		if !errors.Is(refused, row.refused) || caller != row.caller {
			t.Errorf("%s: %+v, %v; want %+v, %v", row.name, caller, refused, row.caller, row.refused)
		}
	}
}

func TestMaySee(t *testing.T) {
	if all := (Caller{}); !all.MaySee(1) {
		t.Error("no restriction restricts")
	}
	if one := (Caller{Site: 7}); !one.MaySee(7) || one.MaySee(1) {
		t.Error("the restriction does not hold")
	}
}
