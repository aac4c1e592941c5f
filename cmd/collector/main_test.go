package main

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"foule.eu/foule/anonymize"
	"foule.eu/foule/internal/config"
	"foule.eu/foule/web/optout"
)

// call runs a command as a person would.
func call(args ...string) (status int, out, errs string) {
	var o, e strings.Builder
	status = run(args, &o, &e)
	return status, o.String(), e.String()
}

func TestStatus(t *testing.T) {
	data := t.TempDir()
	for _, row := range []struct {
		name   string
		args   []string
		status int
		out    string // part of what is said on standard output
		errs   string // and on standard error
	}{
		{"nothing", nil, statusDone, "collector run", ""},
		{"help", []string{"help"}, statusDone, "--trusted-proxies", ""},
		{"--help", []string{"--help"}, statusDone, "collector run", ""},
		{"help of a command", []string{"run", "--help"}, statusDone, "collector run", ""},
		{"version", []string{"version"}, statusDone, "", ""},
		{"no such command", []string{"fly"}, statusWrongUse, "", `"fly"`},
		{"no such flag", []string{"run", "--fly"}, statusWrongUse, "", "fly"},
		{"a wrong value", []string{"run", "--ipv4-bits", "32"}, statusWrongUse, "", "ipv4-bits"},
		{"a word too many", []string{"run", "now", "--data", data}, statusWrongUse, "", "now"},
		{"a store there is not", []string{"site", "list", "--store", "abacus:x"}, statusFailed, "", "abacus"},
		{"site, and no more", []string{"site"}, statusWrongUse, "", "site add"},
		{"site add without a name", []string{"site", "add", "--data", data}, statusWrongUse, "", "site add"},
		{"site add in no zone", []string{"site", "add", "X", "--timezone", "Mars/Olympus", "--data", data}, statusFailed, "", "Mars/Olympus"},
		{"goal add for no site", []string{"goal", "add", "X", "--data", data}, statusWrongUse, "", "--site"},
		{"goal add for a site there is not", []string{"goal", "add", "X", "--site", "99", "--data", data}, statusFailed, "", "site 99"},
		{"token create without a name", []string{"token", "create", "--data", data}, statusWrongUse, "", "--name"},
		{"token create with a made-up scope", []string{"token", "create", "--name", "x", "--scope", "all", "--data", data}, statusWrongUse, "", "--scope"},
		{"user link for nobody", []string{"user", "link", "--email", "nobody@example.org", "--data", data}, statusFailed, "", "no such user"},
		{"migrate, only said", []string{"migrate", "--data", data + "/new", "--dry-run"}, statusDone, "0002_settings", ""},
		{"nothing was made", []string{"check", "--data", data + "/new"}, statusDone, "there is none yet", ""},
		{"migrate", []string{"migrate", "--data", data + "/new"}, statusDone, "first log-in", ""},
		{"migrate again", []string{"migrate", "--data", data + "/new"}, statusDone, "there is nothing to do", ""},
		{"migrate with a word too many", []string{"migrate", "now", "--data", data}, statusWrongUse, "", "now"},
		{"migrate a server that is away", []string{"migrate", "--store", "clickhouse://me:s3cret@127.0.0.1:1/foule", "--data", data}, statusFailed, "", "nothing listens at 127.0.0.1:1"},
		{"check a server that is away", []string{"check", "--store", "clickhouse://me:s3cret@127.0.0.1:1/foule", "--data", data}, statusFailed, "clickhouse://me:xxxxx@", "nothing listens at 127.0.0.1:1"},
		{"run on a server that is away", []string{"run", "--store", "clickhouse://me:s3cret@127.0.0.1:1/foule", "--data", data + "/away", "--listen", "127.0.0.1:0"}, statusFailed, "", "nothing listens at 127.0.0.1:1"},
		{"run on a server without a database", []string{"run", "--store", "clickhouse://me:s3cret@127.0.0.1:1", "--data", data}, statusFailed, "", "names no database"},
		{"move nowhere", []string{"move", "--from", "sqlite"}, statusWrongUse, "", "--to"},
		{"move onto itself", []string{"move", "--data", data + "/new", "--from", "sqlite", "--to", "sqlite:" + data + "/new/foule.db"}, statusWrongUse, "", "both ends"},
		{"move from nothing", []string{"move", "--data", data, "--from", "sqlite:" + data + "/none.db", "--to", "sqlite:" + data + "/to.db"}, statusFailed, "", "no store at"},
		{"check", []string{"check", "--data", data}, statusDone, "all is well", ""},
		{"check in French", []string{"check", "--data", data, "--lang", "fr"}, statusDone, "all is well", ""},
		{"check in another language", []string{"check", "--data", data, "--lang", "de"}, statusWrongUse, "", "--lang is en or fr"},
		{"check small numbers", []string{"check", "--data", data, "--small-numbers", "strict"}, statusDone, "small numbers: strict, a label has a name from 5 visitors of a day on, in filtered reports from 5", ""},
		{"check numbers that contradict", []string{"check", "--data", data, "--small-numbers", "strict", "--k", "2"}, statusWrongUse, "", "which makes k 5, but k is given as 2"},
		{"check with a folder on a disk", []string{"check", "--data", data, "--runtime-dir", data}, statusFailed, "", "runtime directory"},
		{"check with a file that is no database", []string{"check", "--data", data, "--geo-file", "main_test.go"}, statusFailed, "", "main_test.go"},
		{"check with a range that is none", []string{"check", "--data", data, "--excluded-ips", "10.0.0.0/40"}, statusFailed, "", "10.0.0.0/40"},
		{"prove in no language", []string{"prove", "--lang", "de", "--data", data}, statusWrongUse, "", "--lang fr|en"},
		{"prove with a word too many", []string{"prove", "now", "--data", data}, statusWrongUse, "", "prove"},
		{"verify what is not there", []string{"prove", "--verify", data + "/none.json", "--data", data}, statusFailed, "", "none.json"},
		{"verify what is no report", []string{"prove", "--verify", "main_test.go", "--data", data}, statusFailed, "", "not as it was signed"},
		{"prove beside a server that is away", []string{"prove", "--store", "clickhouse://me:s3cret@127.0.0.1:1/foule", "--data", data}, statusFailed, "", "nothing listens at 127.0.0.1:1"},
		{"run on no address", []string{"run", "--data", data, "--listen", "nowhere:1:2"}, statusFailed, "", "listen"},
	} {
		status, out, errs := call(row.args...)
		if strings.Contains(out+errs, "s3cret") {
			t.Errorf("%s: the password is shown:\n%s%s", row.name, out, errs)
		}
		if status != row.status || !strings.Contains(out, row.out) || !strings.Contains(errs, row.errs) {
			t.Errorf("%s: status %d, want %d\nout: %.300s\nerr: %.300s", row.name, status, row.status, out, errs)
		}
	}
}

// TestCheckForgets: keys that a collector left in its runtime folder, and did
// not come back for in time, go with a check.
func TestCheckForgets(t *testing.T) {
	dir, err := os.MkdirTemp("/dev/shm", "foule-test-")
	if err != nil {
		t.Skipf("no tmpfs at /dev/shm: %v", err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	path := filepath.Join(dir, anonymize.ParkName)
	if err := os.WriteFile(path, []byte("of a former version"), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"check", "--data", t.TempDir(), "--runtime-dir", dir}
	if status, out, errs := call(args...); status != statusDone || !strings.Contains(out, "were removed") || !strings.Contains(out, "memory: ") {
		t.Errorf("status %d\n%s%s", status, out, errs)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the keys are still there: %v", err)
	}
	if status, out, _ := call(args...); status != statusDone || strings.Contains(out, "were removed") {
		t.Errorf("again: status %d\n%s", status, out)
	}
}

// TestManage: what the commands make is there for those that follow.
func TestManage(t *testing.T) {
	data := t.TempDir()
	made := func(into any, args ...string) {
		t.Helper()
		status, out, errs := call(append(args, "--data", data, "--json")...)
		if status != statusDone {
			t.Fatalf("%v: status %d: %s", args, status, errs)
		}
		if err := json.Unmarshal([]byte(out), into); err != nil {
			t.Fatalf("%v: %v: %s", args, err, out)
		}
	}
	var site, goal struct{ ID int }
	made(&site, "site", "add", "Shop", "--domain", "shop.example", "--domain", "www.shop.example,pay.example", "--timezone", "Europe/Paris")
	made(&goal, "goal", "add", "Thanks", "--site", "1", "--match", "url", "--pattern", "/thanks", "--revenue", "12.5")
	if site.ID != 1 || goal.ID != 1 {
		t.Errorf("site %d, goal %d; want 1, 1", site.ID, goal.ID)
	}
	var listed struct {
		ID             int
		Name, Timezone string
		Domains        []string
	}
	made(&listed, "site", "list")
	if listed.ID != 1 || listed.Name != "Shop" || listed.Timezone != "Europe/Paris" || strings.Join(listed.Domains, " ") != "shop.example www.shop.example pay.example" {
		t.Errorf("listed: %+v", listed)
	}
	var token struct{ Token, Scope string }
	made(&token, "token", "create", "--name", "import", "--scope", "write", "--site", "1")
	if len(token.Token) != 32 || token.Scope != "write" {
		t.Errorf("token: %+v", token)
	}
	if status, _, errs := call("goal", "add", "Bad", "--site", "1", "--pattern-type", "regex", "--pattern", "(", "--data", data); status != statusFailed || !strings.Contains(errs, "pattern") {
		t.Errorf("a goal with a pattern that is none: %d %s", status, errs)
	}
}

// TestClientAddress: only proxies that are trusted are believed, and of several
// addresses the last that is not theirs.
func TestClientAddress(t *testing.T) {
	for _, row := range []struct {
		name          string
		trusted       string
		header        string // of the configuration
		peer          string
		sent, forward string // header and its value
		want          string
	}{
		{"no proxy", "", "", "198.51.100.1:1234", "X-Forwarded-For", "203.0.113.9", "198.51.100.1"},
		{"a trusted proxy", "10.0.0.0/8", "", "10.0.0.1:1234", "X-Forwarded-For", "203.0.113.9", "203.0.113.9"},
		{"a chain of them", "10.0.0.0/8", "", "10.0.0.1:1234", "X-Forwarded-For", "1.2.3.4, 203.0.113.9, 10.0.0.2", "203.0.113.9"},
		{"somebody who is no proxy", "10.0.0.0/8", "", "198.51.100.1:1234", "X-Forwarded-For", "203.0.113.9", "198.51.100.1"},
		{"nonsense", "10.0.0.0/8", "", "10.0.0.1:1234", "X-Forwarded-For", "203.0.113.9, nonsense", "invalid IP"},
		{"another header", "10.0.0.0/8", "CF-Connecting-IP", "10.0.0.1:1234", "Cf-Connecting-Ip", "203.0.113.9", "203.0.113.9"},
		{"another header from no proxy", "10.0.0.0/8", "CF-Connecting-IP", "198.51.100.1:1234", "Cf-Connecting-Ip", "203.0.113.9", "198.51.100.1"},
		{"the wrong header", "10.0.0.0/8", "CF-Connecting-IP", "10.0.0.1:1234", "X-Forwarded-For", "203.0.113.9", "invalid IP"},
		{"a mapped peer", "::ffff:10.0.0.0/104", "", "[::ffff:10.0.0.1]:1234", "X-Forwarded-For", "203.0.113.9", "203.0.113.9"},
	} {
		args := []string{"--trusted-proxies", row.trusted}
		if row.header != "" {
			args = append(args, "--client-ip-header", row.header)
		}
		c, err := config.Load("run", args, func(string) (string, bool) { return "", false }, nil)
		if err != nil {
			t.Fatal(err)
		}
		var got netip.Addr
		address := clientAddress(c)
		side := trackingSide(c, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = address(r) }), http.NotFoundHandler(), http.NotFoundHandler(), nil)
		req := httptest.NewRequest(http.MethodGet, "/matomo.php?idsite=1", nil)
		req.RemoteAddr = row.peer
		req.Header.Set(row.sent, row.forward)
		side.ServeHTTP(httptest.NewRecorder(), req)
		if got.String() != row.want {
			t.Errorf("%s: %s, want %s", row.name, got, row.want)
		}
	}
}

// TestTrackingPaths: where hits and scripts are.
func TestTrackingPaths(t *testing.T) {
	c, err := config.Load("run", nil, func(string) (string, bool) { return "", false }, nil)
	if err != nil {
		t.Fatal(err)
	}
	side := trackingSide(c, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }), optout.New(optout.Options{}), http.NotFoundHandler(), nil)
	for _, row := range []struct {
		method, path string
		status       int
		contentType  string
	}{
		{"GET", "/matomo.php?x=1", http.StatusTeapot, ""},
		{"POST", "/piwik.php", http.StatusTeapot, ""},
		{"OPTIONS", "/matomo.php", http.StatusTeapot, ""},
		{"GET", "/matomo.js", http.StatusOK, "javascript"},
		{"GET", "/piwik.js", http.StatusOK, "javascript"},
		{"GET", "/js/", http.StatusOK, "javascript"},
		{"POST", "/js/", http.StatusTeapot, ""},
		{"GET", "/js/tracker.php?idsite=1", http.StatusTeapot, ""},
		{"GET", "/optout?idsite=1", http.StatusOK, "text/html"},
		{"GET", "/optout.js", http.StatusOK, "javascript"},
		{"GET", "/index.php?module=CoreAdminHome&action=optOut", http.StatusOK, "text/html"},
		{"GET", "/index.php?module=CoreAdminHome&action=optOutJS", http.StatusOK, "javascript"},
		{"GET", "/index.php?module=API", http.StatusNotFound, ""},
		{"GET", "/healthz", http.StatusOK, "text/plain"},
		{"GET", "/robots.txt", http.StatusOK, ""},
		{"GET", "/", http.StatusNotFound, ""},
		{"GET", "/metrics", http.StatusNotFound, ""},
		{"GET", "/api/v1/sites/1/reports/totals", http.StatusNotFound, ""},
	} {
		w := httptest.NewRecorder()
		side.ServeHTTP(w, httptest.NewRequest(row.method, row.path, nil))
		if w.Code != row.status || !strings.Contains(w.Header().Get("Content-Type"), row.contentType) {
			t.Errorf("%s %s: %d %s, want %d %s", row.method, row.path, w.Code, w.Header().Get("Content-Type"), row.status, row.contentType)
		}
	}
}
