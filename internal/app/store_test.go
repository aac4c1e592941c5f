package app

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"foule.eu/foule/internal/config"
	"foule.eu/foule/storage"
	"foule.eu/foule/storage/clickhouse"
)

func TestPlace(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	secret := file("secret", "p@ss/w:rd?#%\r\n")
	for _, row := range []struct {
		name     string
		place    Place
		origin   string
		refusals string // part of Open's error; "" if it opens
	}{
		{"sqlite", Place{Address: "sqlite", Data: dir}, "sqlite:" + dir + "/foule.db", ""},
		{"a file", Place{Address: "sqlite:" + dir + "/./other.db"}, "sqlite:" + dir + "/other.db", ""},
		{"a server", Place{Address: "clickhouse://me:s3cret@host:9000/foule?dial_timeout=1s"}, "clickhouse://host:9000/foule", ""},
		{"a server with a password file", Place{Address: "clickhouse://me@host:9000/foule", PasswordFile: secret}, "clickhouse://host:9000/foule", ""},
		{"servers", Place{Address: "clickhouse+https://me:old@a:8443,b:8443/foule", PasswordFile: secret}, "clickhouse+https://a:8443,b:8443/foule", ""},
		{"no engine", Place{Address: "abacus:x"}, "", `"abacus"`},
		{"no scheme", Place{Address: "clickhouse:x"}, "", "clickhouse://"},
		{"no database", Place{Address: "clickhouse://me:s3cret@host:9000"}, "", "no database"},
		{"a password without a user", Place{Address: "clickhouse://host:9000/foule", PasswordFile: secret}, "", "names no user"},
		{"a password file that is not there", Place{Address: "clickhouse://me@host:9000/foule", PasswordFile: dir + "/none"}, "", dir + "/none"},
		{"an empty password file", Place{Address: "clickhouse://me@host:9000/foule", PasswordFile: file("empty", "\n")}, "", "is empty"},
		{"another file", Place{Address: "clickhouse://me@host:9000/foule", PasswordFile: file("key", "-----BEGIN s3cret\nx")}, "", "more than one line"},
	} {
		s, err := row.place.Open(clickhouse.UseAll)
		switch {
		case row.refusals != "":
			if err == nil || !strings.Contains(err.Error(), row.refusals) || strings.Contains(err.Error(), "s3cret") {
				t.Errorf("%s: %v, want an error with %q", row.name, err, row.refusals)
			}
			continue
		case err != nil:
			t.Errorf("%s: %v", row.name, err)
			continue
		}
		s.Close()
		if origin, err := row.place.Origin(); err != nil || origin != row.origin {
			t.Errorf("%s: origin %s, %v; want %s", row.name, origin, err, row.origin)
		}
	}
}

// TestPasswordFile: what the server is sent is the file's password, whatever
// characters it has.
func TestPasswordFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret")
	for _, row := range []struct{ text, address, want string }{
		{"plain\n", "clickhouse://me@host/foule", "clickhouse://me:plain@host/foule"},
		{"p@s:s /?#%é,", "clickhouse://me:old@host:9000,two/foule?secure=true", "clickhouse://me:p@s:s%20%2F%3F%23%25%C3%A9%2C@host:9000,two/foule?secure=true"},
	} {
		if err := os.WriteFile(path, []byte(row.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := (Place{Address: row.address, PasswordFile: path}).withPassword(); err != nil || got != row.want {
			t.Errorf("%q: %s, %v; want %s", row.text, got, err, row.want)
		}
	}
}

// TestServerAway: a server that is away keeps nobody from opening; asking says
// what is wrong, and not the password.
func TestServerAway(t *testing.T) {
	c, err := config.Load("run", []string{"--store", "clickhouse://me:s3cret@127.0.0.1:1/foule"}, func(string) (string, bool) { return "", false }, nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := PlaceOf(c).Open(clickhouse.UseCollector)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := Check(t.Context(), s); !errors.Is(err, storage.ErrUnavailable) || strings.Contains(err.Error(), "s3cret") || !strings.Contains(err.Error(), "127.0.0.1:1") {
		t.Errorf("check: %v", err)
	}
}
