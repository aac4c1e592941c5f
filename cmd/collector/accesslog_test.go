package main

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"foule.eu/foule/internal/config"
	"foule.eu/foule/web/optout"
)

// TestAccessLog: a request is noted with the address as the pipeline cuts it,
// and with nothing that a client can fill with what it likes.
func TestAccessLog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "access.log")
	for _, row := range []struct {
		name, peer, forwarded string
		method, target        string
		flags                 []string
		want                  string // the line, but for time and duration
	}{
		{"a hit", "198.51.100.77:4242", "", "GET", "/matomo.php?uid=canary", nil, `198.51.100.0 - - [] "GET /matomo.php" 204 0 `},
		{"cut further", "198.51.100.77:4242", "", "POST", "/piwik.php", []string{"--ipv4-bits", "16"}, `198.51.0.0 - - [] "POST /piwik.php" 204 0 `},
		{"IPv6", "[2001:db8:1:2:3:4:5:6]:4242", "", "GET", "/matomo.php", nil, `2001:db8:1:: - - [] "GET /matomo.php" 204 0 `},
		{"IPv6, cut further", "[2001:db8:1:2:3:4:5:6]:4242", "", "GET", "/matomo.php", []string{"--ipv6-bits", "32"}, `2001:db8:: - - [] "GET /matomo.php" 204 0 `},
		{"IPv4 in IPv6", "[::ffff:198.51.100.77]:4242", "", "GET", "/matomo.php", nil, `198.51.100.0 - - [] "GET /matomo.php" 204 0 `},
		{"behind a proxy", "10.0.0.1:4242", "203.0.113.9", "GET", "/matomo.php", []string{"--trusted-proxies", "10.0.0.1"}, `203.0.113.0 - - [] "GET /matomo.php" 204 0 `},
		{"a proxy that talks nonsense", "10.0.0.1:4242", "canary", "GET", "/matomo.php", []string{"--trusted-proxies", "10.0.0.1"}, `- - - [] "GET /matomo.php" 204 0 `},
		{"no such path", "198.51.100.77:4242", "", "GET", "/canary/canary?canary", nil, `198.51.100.0 - - [] "GET -" 404 19 `},
		{"a made-up method", "198.51.100.77:4242", "", "CANARY", "/canary", nil, `198.51.100.0 - - [] "- -" 405 0 `},
		{"another method", "198.51.100.77:4242", "", "DELETE", "/healthz", nil, `198.51.100.0 - - [] "DELETE -" 405 0 `},
		{"health", "198.51.100.77:4242", "", "GET", "/healthz", nil, `198.51.100.0 - - [] "GET /healthz" 200 3 `},
		{"a handler that fails", "198.51.100.77:4242", "", "GET", "/matomo.php?panic", nil, `198.51.100.0 - - [] "GET /matomo.php" 500 0 `},
	} {
		if err := os.RemoveAll(path); err != nil {
			t.Fatal(err)
		}
		c, err := config.Load("run", append(row.flags, "--access-log", path), func(string) (string, bool) { return "", false }, nil)
		if err != nil {
			t.Fatal(err)
		}
		access, end, err := openAccessLog(c, env{}, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		endpoint := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.RawQuery == "panic" {
				panic("canary")
			}
			w.WriteHeader(http.StatusNoContent)
		})
		side := trackingSide(c, endpoint, optout.New(optout.Options{}), http.NotFoundHandler(), access)
		req := httptest.NewRequest(row.method, row.target, nil)
		req.RemoteAddr = row.peer
		for name, value := range map[string]string{"X-Forwarded-For": row.forwarded, "User-Agent": "canary", "Referer": "https://canary.example/"} {
			req.Header.Set(name, value)
		}
		func() {
			defer func() { _ = recover() }()
			side.ServeHTTP(httptest.NewRecorder(), req)
		}()
		if err := end(); err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		line := regexp.MustCompile(`\[\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\]`).ReplaceAllString(string(b), "[]")
		if rest, ok := strings.CutPrefix(line, row.want); !ok || !regexp.MustCompile(`^\d+\n$`).MatchString(rest) {
			t.Errorf("%s: %q, want %q", row.name, line, row.want)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v; want a file of mode 600", row.name, info.Mode(), err)
		}
	}
}

// TestAccessLogSetting: off is nothing, - is standard error, a file that cannot be made is told.
func TestAccessLogSetting(t *testing.T) {
	var c config.Config
	var errs strings.Builder
	e := env{out: io.Discard, err: &errs}
	for _, value := range []string{"off", ""} {
		c.AccessLog = value
		if l, end, err := openAccessLog(c, e, nil); l != nil || err != nil || end() != nil {
			t.Errorf("%q: %v, %v", value, l, err)
		}
	}
	c.AccessLog = "-"
	if l, _, err := openAccessLog(c, e, nil); err != nil || l.out != &errs {
		t.Errorf("-: %v", err)
	}
	c.AccessLog = filepath.Join(t.TempDir(), "none", "access.log")
	if _, _, err := openAccessLog(c, e, nil); err == nil || !strings.Contains(err.Error(), "access-log") {
		t.Errorf("a folder that is not there: %v", err)
	}
}
