package auth

import (
	"errors"
	"net/http/httptest"
	"testing"
	"time"

	"foule.eu/foule/storage"
)

func TestSetUp(t *testing.T) {
	h := open(t)
	h.addUser(t, "taken@example.org")
	secret, err := h.NewSetupLink(t.Context(), h.user.ID)
	if err != nil {
		t.Fatal(err)
	}
	if u, err := h.SetupUser(t.Context(), secret); err != nil || u.ID != h.user.ID {
		t.Fatalf("the link is for %+v, %v", u, err)
	}
	for _, row := range []struct {
		name, secret, email, password string
		want                          error
	}{
		{"another link", "nonsense", "", "my very own password", ErrLink},
		{"a short password", secret, "", "short", ErrWeakPassword},
		{"no e-mail address", secret, "ada", "my very own password", ErrEmail},
		{"a name with the address", secret, "Ada <ada@example.org>", "my very own password", ErrEmail},
		{"somebody's address", secret, "taken@example.org", "my very own password", storage.ErrConflict},
	} {
		if _, err := h.SetUp(httptest.NewRecorder(), request("POST", "/setup", nil), row.secret, row.email, row.password); !errors.Is(err, row.want) {
			t.Errorf("%s: %v, want %v", row.name, err, row.want)
		}
	}
	w := httptest.NewRecorder()
	user, err := h.SetUp(w, request("POST", "/setup", nil), secret, "countess@example.org", "my very own password")
	if err != nil || user.Email != "countess@example.org" || !h.lets(cookieOf(t, w)) {
		t.Fatalf("set-up: %+v, %v", user, err)
	}
	if _, err := h.SetUp(httptest.NewRecorder(), request("POST", "/setup", nil), secret, "", "somebody else's password"); err != ErrLink {
		t.Errorf("twice: %v", err)
	}
	if _, err := h.LogIn(httptest.NewRecorder(), request("POST", "/login", nil), "countess@example.org", "my very own password"); err != nil {
		t.Errorf("the chosen password: %v", err)
	}
}

func TestSetUpLinkExpires(t *testing.T) {
	h := open(t)
	secret, err := h.NewSetupLink(t.Context(), h.user.ID)
	if err != nil {
		t.Fatal(err)
	}
	later := h.Now().Add(SetupLife + time.Second)
	h.Now = func() time.Time { return later }
	if _, err := h.SetupUser(t.Context(), secret); err != ErrLink {
		t.Errorf("after a day: %v", err)
	}
}
