package clickhousetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// chdbVersion is the npm package's version, as in test/engines/package.json.
const chdbVersion = "26.5.3"

// library is where test/engines/fetch.sh puts libchdb.so.
func library() (string, error) {
	cache := os.Getenv("FOULE_CACHE")
	if cache == "" {
		base := os.Getenv("XDG_CACHE_HOME")
		if base == "" {
			home, err := os.UserHomeDir()
			if err != nil {
				return "", err
			}
			base = filepath.Join(home, ".cache")
		}
		cache = filepath.Join(base, "foule")
	}
	path := filepath.Join(cache, "chdb-"+chdbVersion, "libchdb.so")
	_, err := os.Stat(path)
	return path, err
}

// chdbserver is the compiled command, built once for all tests of a binary.
var chdbserver = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "foule-chdbserver-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	bin := filepath.Join(dir, "chdbserver")
	cmd := exec.Command("go", "build", "-o", bin, "foule.eu/foule/internal/clickhousetest/chdbserver")
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build chdbserver: %w\n%s", err, out)
	}
	return os.ReadFile(bin)
})

// chdb prepares an engine's folder and gives what starts it there.
func chdb(t testing.TB, dir string) func(*Engine) (*process, error) {
	t.Helper()
	lib, err := library()
	if err != nil {
		missing(t, "libchdb.so: "+err.Error())
	}
	program, err := chdbserver()
	if err != nil {
		t.Fatalf("clickhousetest: %v", err)
	}
	bin := filepath.Join(dir, "chdbserver")
	if err := os.WriteFile(bin, program, 0o700); err != nil {
		t.Fatal(err)
	}
	address := "127.0.0.1:" + freePorts(t, 1)[0]
	return func(e *Engine) (*process, error) {
		args := []string{"-data", filepath.Join(dir, "data"), "-listen", address, "-users", "default:," + User + ":" + Password}
		if e.grants != "" {
			args = append(args, "-grants", e.grants)
		}
		cmd := exec.Command(bin, args...)
		cmd.Env = append(os.Environ(), "CHDB_LIB_PATH="+lib)
		return launch(cmd, chdbReady)
	}
}

// chdbReady finds the line that chdbserver prints once it serves.
func chdbReady(text string) (string, error) {
	for line := range strings.Lines(text) {
		var ready struct{ Event, Address string }
		if json.Unmarshal([]byte(line), &ready) == nil && ready.Event == "ready" {
			return ready.Address, nil
		}
	}
	return "", errors.New("it has not said that it is ready")
}

// writeGrants writes the file that chdbserver takes for what is allowed.
func writeGrants(t testing.TB, dir string, grants []string) string {
	t.Helper()
	path := filepath.Join(dir, "grants")
	if err := os.WriteFile(path, []byte(strings.Join(grants, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
