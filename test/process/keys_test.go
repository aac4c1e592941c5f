package process

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/aggregate"
	"foule.eu/foule/anonymize"
	"foule.eu/foule/ingest"
	"foule.eu/foule/storage/sqlite"
)

const (
	visitors  = 40
	keyLength = 16 // bytes of a key; a secret has twice as many
)

// TestKeysTouchNoDisk is invariant I8: the day's secret and the keys made with
// it wait for the next start on a tmpfs, and none of their bytes are in the
// data folder at any time. The next start takes them up, so that no visit is split.
func TestKeysTouchNoDisk(t *testing.T) {
	runtime := memoryDir(t)
	data := t.TempDir()
	seen := visit(t, data, runtime)
	parked, err := os.ReadFile(filepath.Join(runtime, "secrets"))
	if err != nil {
		t.Fatal(err)
	}
	if want := (visitors + 2) * keyLength; len(parked) < want {
		t.Fatalf("%d bytes are parked, the secret and the keys of %d visitors have at least %d: the search would prove nothing", len(parked), visitors, want)
	}
	windows := map[[keyLength]byte]bool{}
	for i := range len(parked) - keyLength + 1 {
		windows[[keyLength]byte(parked[i:])] = true
	}
	for _, contents := range append(seen, files(t, data)) {
		for name, content := range contents {
			for i := range max(0, len(content)-keyLength+1) {
				if windows[[keyLength]byte(content[i:])] {
					t.Fatalf("%s holds bytes of a visitor key at %d", name, i)
				}
			}
		}
	}

	visit(t, data, runtime)
	if got := counters(t, data); got[foule.Visitors] != visitors || got[foule.Visits] != visitors || got[foule.Hits] != 2*visitors {
		t.Errorf("after a restart with the keys: %d visitors, %d visits, %d hits; want %d, %d, %d",
			got[foule.Visitors], got[foule.Visits], got[foule.Hits], visitors, visitors, 2*visitors)
	}
}

// memoryDir makes a private folder on a tmpfs.
func memoryDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "foule-test-")
	if err != nil {
		t.Skipf("no tmpfs at /dev/shm: %v", err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := anonymize.CheckRuntimeDir(dir); err != nil {
		t.Skip(err)
	}
	return dir
}

// visit runs a collector over the data folder while every visitor comes once,
// and gives what the folder held meanwhile.
func visit(t *testing.T, data, runtime string) (seen []map[string][]byte) {
	t.Helper()
	ctx := context.Background()
	store, err := sqlite.Open(filepath.Join(data, "foule.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if sites, err := store.Sites(ctx); err != nil {
		t.Fatal(err)
	} else if len(sites) == 0 {
		if _, err := store.AddSite(ctx, foule.Site{Name: "Site", Timezone: "UTC"}); err != nil {
			t.Fatal(err)
		}
	}
	c, err := ingest.Open(ctx, ingest.Options{
		Dir: filepath.Join(data, "collector"), Store: store, Interval: 10 * time.Millisecond, Thresholds: aggregate.DefaultSettings,
		Truncation: anonymize.DefaultTruncation, RuntimeDir: runtime, Now: midday(), Log: slog.New(slog.DiscardHandler), Metrics: ingest.NewMetrics(),
		Address: func(*http.Request) netip.Addr { return netip.MustParseAddr("192.0.2.7") },
	})
	if err != nil {
		t.Fatal(err)
	}
	if left := files(t, runtime); len(left) > 0 {
		t.Errorf("the runtime folder still holds %d files while the collector runs", len(left))
	}
	for i := range visitors {
		req := httptest.NewRequest(http.MethodGet, "/matomo.php?idsite=1&rec=1&send_image=0&url=https://example.org/", nil)
		req.Header.Set("User-Agent", fmt.Sprintf("%s (%d)", agent, i))
		w := httptest.NewRecorder()
		c.Endpoint.ServeHTTP(w, req)
		if w.Code != http.StatusNoContent {
			t.Fatalf("a hit is answered %d %s", w.Code, w.Body)
		}
		if i%10 == 0 {
			seen = append(seen, files(t, data))
		}
	}
	if err := c.Close(ctx); err != nil {
		t.Fatal(err)
	}
	return seen
}

// midday gives a clock that stands near noon of today, so that no day ends
// between the two runs.
func midday() func() time.Time {
	noon := time.Now().UTC().Truncate(24 * time.Hour).Add(12 * time.Hour)
	began := time.Now()
	return func() time.Time { return noon.Add(time.Since(began)) }
}

// counters gives the totals of site 1.
func counters(t *testing.T, data string) foule.Metrics {
	t.Helper()
	store, err := sqlite.Open(filepath.Join(data, "foule.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	return table(t, store, 1, foule.DimTotal).Sum
}
