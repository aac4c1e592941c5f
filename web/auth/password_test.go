package auth

import (
	"errors"
	"strings"
	"testing"
)

func TestPassword(t *testing.T) {
	const password = "correct horse battery staple"
	first, second := HashPassword(password), HashPassword(password)
	if first == second {
		t.Error("two hashes share their salt")
	}
	if !strings.HasPrefix(first, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hash is %s", first)
	}
	for _, row := range []struct {
		phc, password string
		want          bool
	}{
		{first, password, true},
		{second, password, true},
		{first, password + " ", false},
		{first, "", false},
	} {
		if ok, err := VerifyPassword(row.phc, row.password); ok != row.want || err != nil {
			t.Errorf("%q fits %s: %v, %v", row.password, row.phc, ok, err)
		}
	}
}

// phcs are strings and whether they are whole. The first is the test vector of
// the reference implementation's command line for "password", "somesalt".
var phcs = []struct {
	phc string
	ok  bool
}{
	{"$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", true},
	{"", false},
	{"password", false},
	{"$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", false},
	{"$argon2id$v=16$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", false},
	{"$argon2id$v=19$m=256,t=0,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", false},
	{"$argon2id$v=19$m=256,t=2,p=0$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", false},
	{"$argon2id$v=19$m=4000000000,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", false},
	{"$argon2id$v=19$m=256,t=2,p=1,x=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", false},
	{"$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$", false},
	{"$argon2id$v=19$m=256,t=2,p=1$$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", false},
	{"$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4$", false},
}

func TestParsePHC(t *testing.T) {
	for _, row := range phcs {
		if _, err := parsePHC(row.phc); (err == nil) != row.ok || (err != nil && !errors.Is(err, errHash)) {
			t.Errorf("%q: %v, want ok %v", row.phc, err, row.ok)
		}
	}
	if ok, err := VerifyPassword(phcs[0].phc, "password"); !ok || err != nil {
		t.Errorf("the reference vector does not verify: %v, %v", ok, err)
	}
}

func FuzzParsePHC(f *testing.F) {
	for _, row := range phcs {
		f.Add(row.phc)
	}
	f.Fuzz(func(t *testing.T, phc string) {
		h, err := parsePHC(phc)
		if err == nil && (h.time == 0 || h.threads == 0 || h.memory > maxArgonMemory || len(h.key) == 0) {
			t.Errorf("%q gives %+v", phc, h)
		}
	})
}
