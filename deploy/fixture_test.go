package deploy

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/storage/sqlite"
)

// patience bounds everything that is waited for.
const patience = 30 * time.Second

// tool gives the path of a program that `make setup` installs. A missing one is
// a failure where all tests have to run, and skips the test elsewhere.
func tool(t *testing.T, name string) string {
	t.Helper()
	for _, dir := range append(filepath.SplitList(os.Getenv("PATH")), "/usr/sbin", "/sbin") {
		if path, err := exec.LookPath(filepath.Join(dir, name)); err == nil {
			return path
		}
	}
	missing(t, name+" is not installed: make setup installs it")
	return ""
}

// missing ends a test that lacks something.
func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" || os.Getenv("FOULE_E2E") == "1" {
		t.Fatal(what)
	}
	t.Skip(what)
}

// read gives one of the files that are under test.
func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func write(t *testing.T, path, content string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// put replaces every old by new, and fails if there is none: a test that no
// longer fits the file must not pass.
func put(t *testing.T, text, old, new string) string {
	t.Helper()
	if !strings.Contains(text, old) {
		t.Fatalf("the file under test has no %q", old)
	}
	return strings.ReplaceAll(text, old, new)
}

// eventually asks until the answer is yes.
func eventually(t *testing.T, what string, yes func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !yes(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within %s", what, patience)
		}
	}
}

// freePort gives a port of 127.0.0.1 that nobody holds just now.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// process is a program under test.
type process struct {
	cmd *exec.Cmd
	log *bytes.Buffer // what it wrote; complete once it has ended
	end func() error
}

// start runs a program until end is called or the test is over.
func start(t *testing.T, cmd *exec.Cmd) *process {
	t.Helper()
	p := &process{cmd: cmd, log: &bytes.Buffer{}}
	cmd.Stderr = p.log
	if cmd.Stdout == nil {
		cmd.Stdout = p.log
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p.end = sync.OnceValue(func() error {
		_ = cmd.Process.Signal(syscall.SIGTERM) // it may have ended by itself
		return cmd.Wait()
	})
	t.Cleanup(func() {
		_ = p.end()
		if t.Failed() {
			t.Logf("%s wrote:\n%s", filepath.Base(cmd.Path), p.log)
		}
	})
	return p
}

// collector is a running collector.
type collector struct {
	*process
	Tracking, Dashboard string // base URLs
	token               string // of scope read
}

// newStore makes an embedded store with sites, which get the numbers 1, 2, ….
func newStore(t *testing.T, data string, sites ...foule.Site) {
	t.Helper()
	s, err := sqlite.Open(filepath.Join(data, "foule.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, site := range sites {
		site.Timezone = "UTC"
		if _, err := s.AddSite(t.Context(), site); err != nil {
			t.Fatal(err)
		}
	}
}

// startCollector runs the program that the image holds, on free ports.
func startCollector(t *testing.T, data string, args ...string) *collector {
	t.Helper()
	bin := filepath.Join(built(t), "collector")
	out, err := exec.Command(bin, "token", "create", "--name", "test", "--scope", "read", "--data", data).Output()
	if err != nil {
		t.Fatalf("token create: %v", err)
	}
	c := &collector{token: strings.TrimSpace(string(out))}
	cmd := exec.Command(bin, append([]string{"run", "--data", data, "--listen", "127.0.0.1:0", "--dashboard-listen", "127.0.0.1:0",
		"--flush-interval", "100ms", "--geo-file", "off"}, args...)...)
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	c.process = start(t, cmd)
	lines := bufio.NewScanner(pipe)
	if !lines.Scan() {
		t.Fatalf("the collector ended before it was ready: %v", c.end())
	}
	if err := json.Unmarshal(lines.Bytes(), c); err != nil {
		t.Fatalf("ready line %q: %v", lines.Text(), err)
	}
	return c
}

// rows asks the JSON API for a report of the last days and gives the numbers of
// each label. An API that does not answer yet has none.
func (c *collector) rows(t *testing.T, client *http.Client, base string, site int, report string) map[string]map[string]int64 {
	t.Helper()
	now := time.Now().UTC()
	query := url.Values{"from": {now.AddDate(0, 0, -1).Format(time.DateOnly)}, "to": {now.Format(time.DateOnly)}}
	req, err := http.NewRequest("GET", fmt.Sprintf("%s/api/v1/sites/%d/reports/%s?%s", base, site, report, query.Encode()), nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	res, err := client.Do(req)
	if errors.Is(err, syscall.ECONNREFUSED) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var answer struct{ Rows []map[string]any }
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("report %s of site %d: %s, %v", report, site, res.Status, err)
	}
	rows := map[string]map[string]int64{}
	for _, row := range answer.Rows {
		label, _ := row["label"].(string) // the total has none
		rows[label] = map[string]int64{}
		for name, v := range row {
			if n, ok := v.(float64); ok {
				rows[label][name] = int64(n)
			}
		}
	}
	return rows
}
