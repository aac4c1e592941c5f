package process

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/internal/clickhousetest"
	"foule.eu/foule/storage"
	"foule.eu/foule/storage/clickhouse"
)

// TestStartWhileTheStoreIsAway: a collector whose ClickHouse server is away
// takes hits over a restart, and all of them are counted once it is back.
func TestStartWhileTheStoreIsAway(t *testing.T) {
	e := clickhousetest.Start(t, clickhousetest.ChDB)
	data, address := t.TempDir(), e.Database(t)
	flags := []string{"--store", address, "--k", "1"}

	first := start(t, data, flags...)
	<-first.exited
	if log := first.log.String(); first.err == nil || !strings.Contains(log, "collector migrate") {
		t.Fatalf("a start on a server without tables: %v\n%s", first.err, log)
	}
	var migrated struct {
		From, To int
		Steps    []struct{ Name string }
		Applied  bool
		Setup    string
	}
	command(t, &migrated, append([]string{"migrate", "--data", data}, flags...)...)
	if migrated.From != 0 || migrated.To == 0 || len(migrated.Steps) != migrated.To || !migrated.Applied || !strings.Contains(migrated.Setup, "/setup?t=") {
		t.Errorf("migrate: %+v", migrated)
	}
	well := start(t, data, flags...)
	well.wait(t)
	view(t, well, "/before")
	well.stop(t)

	e.Kill()
	elsewhere := start(t, t.TempDir(), flags...)
	<-elsewhere.exited
	if log := elsewhere.log.String(); elsewhere.err == nil || !strings.Contains(log, "nothing listens at "+e.Address) || strings.Contains(log, clickhousetest.Password+"@") {
		t.Errorf("a start without a copy of the sites: %v\n%s", elsewhere.err, log)
	}
	away := start(t, data, flags...)
	away.wait(t)
	if log := away.log.String(); !strings.Contains(log, "level=ERROR") || !strings.Contains(log, "nothing listens at "+e.Address) {
		t.Errorf("the log does not say what is going on:\n%s", log)
	}
	view(t, away, "/while/away")
	away.kill()
	again := start(t, data, flags...)
	again.wait(t)
	view(t, again, "/while/away", "/after/a/crash")
	e.Restart(t)
	view(t, again, "/back")

	store, err := clickhouse.Open(clickhouse.Options{DSN: address})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	want := map[string]int64{"/before": 1, "/while/away": 2, "/after/a/crash": 1, "/back": 1}
	end := time.Now().Add(patience)
	for {
		got := pageViews(t, store)
		if same(got, want) {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("pages %v, want %v\n%s", got, want, again.log)
		}
		time.Sleep(100 * time.Millisecond)
	}
	again.stop(t)
	if got := pageViews(t, store); !same(got, want) {
		t.Errorf("after the end: pages %v, want %v", got, want)
	}
	if _, err := os.Stat(filepath.Join(data, "foule.db")); err == nil {
		t.Error("an embedded store was made beside the server's")
	}
}

// view sends page views that have to be acknowledged.
func view(t *testing.T, c *collector, pages ...string) {
	t.Helper()
	for _, p := range pages {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.ready.Tracking+"/matomo.php?idsite=1&rec=1&send_image=0&url="+url.QueryEscape("https://example.org"+p), nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("User-Agent", agent)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, res.Body)
		res.Body.Close()
		if res.StatusCode != http.StatusNoContent {
			t.Fatalf("%s is answered %d\n%s", p, res.StatusCode, c.log)
		}
	}
}

func pageViews(t *testing.T, store storage.Reader) map[string]int64 {
	t.Helper()
	today := foule.DayOf(time.Now(), time.UTC)
	result, err := store.Table(context.Background(), storage.TableQuery{Site: 1, From: today - 1, To: today + 1, Dim: foule.DimPage})
	if err != nil {
		t.Fatal(err)
	}
	views := map[string]int64{}
	for _, r := range result.Rows {
		views[r.Label] = r.Metrics[foule.Hits]
	}
	return views
}

func same(a, b map[string]int64) bool {
	for k, n := range a {
		if b[k] != n {
			return false
		}
	}
	return len(a) == len(b)
}
