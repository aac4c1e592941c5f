package auth

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"foule.eu/foule/storage"
	"foule.eu/foule/storage/sqlite"
)

const (
	email    = "ada@example.org"
	password = "a long enough password"
)

var passwordHash = sync.OnceValue(func() string { return HashPassword(password) })

// house is an Auth over a store with one user.
type house struct {
	*Auth
	store *sqlite.Store
	path  string
	user  storage.User
}

func open(t *testing.T) *house {
	t.Helper()
	h := &house{path: filepath.Join(t.TempDir(), "foule.db")}
	store, err := sqlite.Open(h.path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	h.store, h.Auth = store, New(store, loopback)
	h.user = h.addUser(t, email)
	return h
}

func (h *house) addUser(t *testing.T, email string) storage.User {
	t.Helper()
	u := storage.User{Email: email, PasswordHash: passwordHash(), Role: storage.RoleAdmin}
	id, err := h.store.AddUser(t.Context(), u)
	if err != nil {
		t.Fatal(err)
	}
	u.ID = id
	return u
}

func request(method, target string, cookie *http.Cookie) *http.Request {
	r := httptest.NewRequest(method, target, nil)
	if cookie != nil {
		r.AddCookie(cookie)
	}
	return r
}

func cookieOf(t *testing.T, w *httptest.ResponseRecorder) *http.Cookie {
	t.Helper()
	cookies := w.Result().Cookies()
	if len(cookies) != 1 || cookies[0].Name != CookieName {
		t.Fatalf("cookies: %v", cookies)
	}
	return cookies[0]
}

func (h *house) logIn(t *testing.T) *http.Cookie {
	t.Helper()
	w := httptest.NewRecorder()
	if _, err := h.LogIn(w, request("POST", "/login", nil), email, password); err != nil {
		t.Fatal(err)
	}
	return cookieOf(t, w)
}

// lets says whether RequireUser lets a request with the cookie pass.
func (h *house) lets(cookie *http.Cookie) bool {
	passed := false
	w := httptest.NewRecorder()
	h.RequireUser(nil)(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		u, ok := h.User(r.Context())
		passed = ok && u.ID == h.user.ID
	})).ServeHTTP(w, request("GET", "/", cookie))
	return passed
}

func TestLogIn(t *testing.T) {
	h := open(t)
	r := request("POST", "/login", nil)
	r.RemoteAddr = "127.0.0.1:4711"
	r.Header.Set("X-Forwarded-Proto", "https")
	w := httptest.NewRecorder()
	user, err := h.LogIn(w, r, " Ada@Example.org", password)
	if err != nil || user.ID != h.user.ID {
		t.Fatalf("log-in: %+v, %v", user, err)
	}
	c := cookieOf(t, w)
	if !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.MaxAge != 14*24*3600 {
		t.Errorf("cookie: %+v", c)
	}
	if !h.lets(c) {
		t.Error("the cookie opens nothing")
	}
	if plain := h.logIn(t); plain.Secure {
		t.Error("without TLS the cookie would be lost")
	}
}

func TestLogInRefused(t *testing.T) {
	h := open(t)
	link := storage.User{Email: "new@example.org", Role: storage.RoleRead} // has no password yet
	if _, err := h.store.AddUser(t.Context(), link); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct{ name, email, password string }{
		{"a wrong password", email, "a wrong password"},
		{"an unknown user", "eve@example.org", password},
		{"no password set", link.Email, ""},
		{"the decoy's password", link.Email, "nobody has this password"},
		{"a huge password", email, strings.Repeat("a", 1<<20)},
	} {
		w := httptest.NewRecorder()
		_, err := h.LogIn(w, request("POST", "/login", nil), row.email, row.password)
		if err != ErrBadCredentials || len(w.Result().Cookies()) != 0 {
			t.Errorf("%s: %v, %v", row.name, err, w.Result().Cookies())
		}
	}
}

func TestLogInLimits(t *testing.T) {
	h := open(t)
	try := func(email, peer string) (*httptest.ResponseRecorder, error) {
		r := request("POST", "/login", nil)
		r.RemoteAddr = peer
		w := httptest.NewRecorder()
		_, err := h.LogIn(w, r, email, strings.Repeat("a", maxPasswordBytes+1))
		return w, err
	}
	for i := range attemptsPerAccount {
		if _, err := try(email, "192.0.2.1:1"); err != ErrBadCredentials {
			t.Fatalf("attempt %d: %v", i+1, err)
		}
	}
	w, err := try(strings.ToUpper(email), "192.0.2.200:1")
	if err != ErrTooMany || w.Header().Get("Retry-After") == "" {
		t.Errorf("one attempt too many: %v, headers %v", err, w.Header())
	}
	if _, err := try("bob@example.org", "192.0.2.1:1"); err != ErrBadCredentials {
		t.Errorf("another account from there: %v", err)
	}
	if _, err := try(email, "198.51.100.1:1"); err != ErrBadCredentials {
		t.Errorf("the account from elsewhere: %v", err)
	}
	for i := 0; err != nil && i < attemptsPerAddress; i++ {
		_, err = try(string(rune('a'+i))+"@example.org", "192.0.2.1:1")
	}
	if err != ErrTooMany {
		t.Errorf("%d accounts from one network: %v", attemptsPerAddress, err)
	}
}

func TestSessionEnds(t *testing.T) {
	t.Run("by log-out", func(t *testing.T) {
		h := open(t)
		c := h.logIn(t)
		w := httptest.NewRecorder()
		if err := h.LogOut(w, request("POST", "/logout", c)); err != nil {
			t.Fatal(err)
		}
		if gone := cookieOf(t, w); gone.MaxAge >= 0 || h.lets(c) {
			t.Error("the session goes on")
		}
		if err := h.LogOut(httptest.NewRecorder(), request("POST", "/logout", c)); err != nil {
			t.Errorf("twice: %v", err)
		}
	})
	t.Run("by time", func(t *testing.T) {
		h := open(t)
		c := h.logIn(t)
		start := h.Now()
		h.Now = func() time.Time { return start.Add(SessionLife - time.Minute) }
		if !h.lets(c) {
			t.Error("too early")
		}
		h.Now = func() time.Time { return start.Add(SessionLife + time.Second) }
		if h.lets(c) {
			t.Error("never")
		}
	})
	t.Run("by another password", func(t *testing.T) {
		h := open(t)
		here, elsewhere := h.logIn(t), h.logIn(t)
		w := httptest.NewRecorder()
		err := h.ChangePassword(w, request("POST", "/account", here), h.user, password, "quite another password")
		if err != nil {
			t.Fatal(err)
		}
		if h.lets(here) || h.lets(elsewhere) || !h.lets(cookieOf(t, w)) {
			t.Error("a session from before goes on, or the new one does not")
		}
	})
}

func TestChangePasswordRefused(t *testing.T) {
	h := open(t)
	c := h.logIn(t)
	for _, row := range []struct {
		current, next string
		want          error
	}{
		{password, "short", ErrWeakPassword},
		{password, strings.Repeat("a", 1001), ErrWeakPassword},
		{"a wrong password", "quite another password", ErrBadCredentials},
	} {
		err := h.ChangePassword(httptest.NewRecorder(), request("POST", "/account", c), h.user, row.current, row.next)
		if !errors.Is(err, row.want) || !h.lets(c) {
			t.Errorf("%q to %q: %v, want %v", row.current, row.next, err, row.want)
		}
	}
}

func TestForgedCookies(t *testing.T) {
	h := open(t)
	other := h.addUser(t, "bob@example.org")
	good := h.logIn(t)
	_, secret, _ := strings.Cut(good.Value, ".")
	link, err := h.NewSetupLink(t.Context(), h.user.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, value := range []string{
		"", ".", secret, "1." + secret[:42], "1." + link, "99." + secret, "x." + secret,
		string(rune('0'+other.ID)) + "." + secret, // Bob has the same password hash here, so only the user's number differs
	} {
		if h.lets(&http.Cookie{Name: CookieName, Value: value}) {
			t.Errorf("%q opens the door", value)
		}
	}
}

// TestSecretsStayOut looks for what only the browser may know in every byte
// that the store wrote.
func TestSecretsStayOut(t *testing.T) {
	h := open(t)
	_, session, _ := strings.Cut(h.logIn(t).Value, ".")
	link, err := h.NewSetupLink(t.Context(), h.user.ID)
	if err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(h.path + "*")
	var all []byte
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b...)
	}
	if !bytes.Contains(all, []byte(email)) {
		t.Fatal("looked in the wrong place")
	}
	for _, secret := range []string{session, link, password} {
		if bytes.Contains(all, []byte(secret)) {
			t.Error("a secret is in the store")
		}
	}
}

func TestRequireUserRefuses(t *testing.T) {
	h := open(t)
	next := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("let in") })
	for _, row := range []struct {
		method   string
		status   int
		location string
	}{
		{"GET", http.StatusSeeOther, "/login?next=%2Fsites%2F1%3Fperiod%3D7d%26a%3Db"},
		{"POST", http.StatusUnauthorized, ""},
	} {
		w := httptest.NewRecorder()
		h.RequireUser(nil)(next).ServeHTTP(w, request(row.method, "/sites/1?period=7d&a=b", nil))
		if w.Code != row.status || w.Header().Get("Location") != row.location {
			t.Errorf("%s: %d to %q", row.method, w.Code, w.Header().Get("Location"))
		}
	}
}
