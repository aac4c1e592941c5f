package process

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/storage"
	"foule.eu/foule/storage/sqlite"
)

// TestImportKilled: a log is counted once, although the import is stopped on
// its way, the collector is killed under it, and the whole is sent again.
func TestImportKilled(t *testing.T) {
	const views = 40_000
	data := t.TempDir()
	path := filepath.Join(t.TempDir(), "access.log")
	if err := os.WriteFile(path, accessLog(views), 0o600); err != nil {
		t.Fatal(err)
	}
	var made struct{ Token string }
	var site struct{ ID int }
	command(t, &site, "site", "add", "Logs", "--timezone", "UTC", "--data", data)
	command(t, &made, "token", "create", "--name", "import", "--scope", "write", "--data", data)

	c := start(t, data)
	c.wait(t)
	address := c.ready.Tracking
	run, out := importLog(t, path, made.Token, address)
	waitFor(t, "something is imported", func() bool { return journalled(t, data) })
	if err := run.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if err := run.Wait(); err == nil {
		t.Log("the import was done before it was stopped")
	} else if !strings.Contains(out.String(), "run the same command again") {
		t.Errorf("a stopped import says: %s", out)
	}
	c.kill()

	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	c = start(t, data, "--listen", u.Host) // the later flag counts
	c.wait(t)
	for range 2 {
		run, out = importLog(t, path, made.Token, c.ready.Tracking)
		if err := run.Wait(); err != nil {
			t.Fatalf("import: %v\n%s", err, out)
		}
		var done struct{ Lines, Sent, Malformed int }
		if err := json.Unmarshal(out.Bytes()[bytes.IndexByte(out.Bytes(), '{'):], &done); err != nil || done.Sent != views || done.Malformed != 0 {
			t.Errorf("the import says %+v (%v)", done, err)
		}
	}
	c.stop(t)

	store, err := sqlite.Open(filepath.Join(data, "foule.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	from, err := foule.ParseDay("2026-03-01")
	if err != nil {
		t.Fatal(err)
	}
	table, err := store.Table(t.Context(), storage.TableQuery{Site: 1, From: from, To: from + 30, Dim: foule.DimTotal})
	if err != nil {
		t.Fatal(err)
	}
	if got := table.Sum[foule.Hits]; got != views {
		t.Errorf("%d page views were counted, want %d", got, views)
	}
}

// importLog starts the command; its output and errors come together.
func importLog(t *testing.T, path, token, to string) (*exec.Cmd, *output) {
	t.Helper()
	bin, err := build()
	if err != nil {
		t.Fatal(err)
	}
	out := newOutput()
	run := exec.Command(bin, "import-log", path, "--site", "1", "--url", "https://example.org", "--to", to, "--json", "--data", t.TempDir())
	run.Env = []string{"PATH=" + os.Getenv("PATH"), "FOULE_TOKEN=" + token}
	run.Stdout, run.Stderr = out, out
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = run.Process.Kill() }) // it may have ended
	return run, out
}

// journalled says whether the journal or the store holds anything yet.
func journalled(t *testing.T, data string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(data, "collector", "journal", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if info, err := os.Stat(f); err == nil && info.Size() > 4096 {
			return true
		}
	}
	return false
}

func waitFor(t *testing.T, what string, holds func() bool) {
	t.Helper()
	end := time.After(patience)
	for !holds() {
		select {
		case <-end:
			t.Fatalf("it never came that %s", what)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// accessLog is three days of page views in nginx's form.
func accessLog(views int) []byte {
	var b bytes.Buffer
	at := time.Date(2026, 3, 10, 0, 0, 0, 0, time.UTC)
	for i := range views {
		stamp := at.Add(time.Duration(i) * 6 * time.Second).Format("02/Jan/2006:15:04:05 -0700")
		fmt.Fprintf(&b, "203.0.%d.%d - - [%s] \"GET /page/%d HTTP/1.1\" 200 5 \"-\" %q\n", i%251, i%50, stamp, i%40, agent)
	}
	return b.Bytes()
}
