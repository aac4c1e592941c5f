package clickhousetest

import (
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

// chdb prepares an engine's folder and gives the server that runs there.
func chdb(t testing.TB, e *Engine) Server {
	t.Helper()
	lib, err := library()
	if err != nil {
		missing(t, "libchdb.so: "+err.Error())
	}
	program, err := chdbserver()
	if err != nil {
		t.Fatalf("clickhousetest: %v", err)
	}
	bin := filepath.Join(e.dir, "chdbserver")
	if err := os.WriteFile(bin, program, 0o700); err != nil {
		t.Fatal(err)
	}
	port := freePorts(t, 1)[0]
	return newServer(ChDB, port, func() *exec.Cmd {
		cmd := exec.Command(bin, "-data", filepath.Join(e.dir, "data"), "-listen", "127.0.0.1:"+port,
			"-users", "default:,"+User+":"+Password, "-grants", e.grants)
		cmd.Env = append(os.Environ(), "CHDB_LIB_PATH="+lib)
		return cmd
	})
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
