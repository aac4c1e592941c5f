package process

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/internal/clickhousetest"
	"foule.eu/foule/storage"
	"foule.eu/foule/storage/clickhouse"
)

// TestOutage: while the database is away hits are acknowledged as long as the
// journal has room, also by a collector that starts meanwhile; then they are
// refused with a time to come again. When the database is back all that was
// acknowledged is counted, once, and hits are taken again. How long that took is
// in the output.
func TestOutage(t *testing.T) {
	engine := clickhousetest.Start(t, clickhousetest.ChDB)
	dsn := engine.Database(t)
	migrate(t, "--store", dsn)
	data := t.TempDir()
	flags := []string{"--store", dsn, "--journal-max-mb", "16", "--metrics-listen", "127.0.0.1:0", "--trusted-proxies", "127.0.0.1"}
	c := start(t, data, flags...)
	c.wait(t)
	f := &flood{counted: map[string]int64{}}
	f.bulk(t, c)
	applied(t, c, 1)

	engine.Kill()
	away := time.Now()
	for range 100 {
		f.bulk(t, c)
	}
	c.kill()
	c = start(t, data, flags...)
	c.wait(t) // from its copy of the sites
	res := f.fill(t, c)
	if wait, err := strconv.Atoi(res.Header.Get("Retry-After")); res.StatusCode != http.StatusServiceUnavailable || err != nil || wait < 1 {
		t.Errorf("a full journal is answered %s, Retry-After %q", res.Status, res.Header.Get("Retry-After"))
	}
	if n, _ := f.post(t, c); n != 0 {
		t.Errorf("a full journal takes %d hits", n)
	}
	realTime := time.Since(away)
	size := journalSize(t, data)

	before := counter(t, c, "foule_batches_applied_total")
	engine.Restart(t)
	back := time.Now()
	store := open(t, clickhouse.Options{DSN: dsn})
	waiting := f.sum
	f.until(t, c, store, waiting)
	caughtUp := time.Since(back)
	t.Logf("%d hits, %.1f MB of journal, came in %.1f s while the database was away (%.0f a second); all were counted %.1f s after it was back (%.0f a second), in %d batches",
		waiting, float64(size)/1e6, realTime.Seconds(), float64(waiting)/realTime.Seconds(), caughtUp.Seconds(), float64(waiting)/caughtUp.Seconds(), counter(t, c, "foule_batches_applied_total")-before)

	for end := time.Now().Add(patience); f.bulk(t, c) == 0; {
		if time.Now().After(end) {
			t.Fatalf("the journal makes no room\n%s", c.log)
		}
	}
	c.stop(t)
	pages := table(t, store, 1, foule.DimPage)
	got := map[string]int64{}
	for _, r := range pages.Rows {
		got[r.Label] = r.Metrics[foule.Hits]
	}
	for page, n := range f.counted {
		if got[page] != n {
			t.Errorf("%s… was counted %d times, want %d", page[len(page)-10:], got[page], n)
		}
	}
	for name, sum := range map[string]int64{
		"pages": pages.Sum[foule.Hits], "total": table(t, store, 1, foule.DimTotal).Sum[foule.Hits],
		"channels": table(t, store, 1, foule.DimChannel).Sum[foule.Hits], "hours": byHour(t, store, 1),
	} {
		if sum != f.sum {
			t.Errorf("%s sum to %d hits, want %d", name, sum, f.sum)
		}
	}
}

// flood sends hits with long pages and titles, which fill a journal quickly.
type flood struct {
	next    int
	counted map[string]int64 // hits acknowledged, by page
	sum     int64
}

// perBulk is how many hits one request has.
const perBulk = 40

// bulk sends hits of one more visitor, and says how many were acknowledged.
func (f *flood) bulk(t *testing.T, c *collector) int {
	t.Helper()
	n, _ := f.post(t, c)
	return n
}

// fill sends hits until some are refused, and gives the answer to those.
func (f *flood) fill(t *testing.T, c *collector) *http.Response {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); {
		if n, res := f.post(t, c); n < perBulk {
			return res
		}
	}
	t.Fatalf("the journal does not fill up in %s", patience)
	return nil
}

func (f *flood) post(t *testing.T, c *collector) (int, *http.Response) {
	t.Helper()
	visitor := f.next
	f.next++
	pages, queries := make([]string, perBulk), make([]string, perBulk)
	for i := range pages {
		pages[i] = "/" + strings.Repeat("quite/long/", 40) + letters((visitor+i)%500)
		queries[i] = "?idsite=1&rec=1&url=" + url.QueryEscape("https://example.org"+pages[i]) + "&action_name=" + url.QueryEscape(strings.Repeat("and a title ", 40))
	}
	body, err := json.Marshal(map[string]any{"requests": queries})
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequest(http.MethodPost, c.ready.Tracking+"/matomo.php", strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("User-Agent", agent)
	req.Header.Set("X-Forwarded-For", fmt.Sprintf("10.%d.%d.1", visitor/250, visitor%250))
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var answer struct{ Tracked int }
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
		t.Fatalf("%s: %v", res.Status, err)
	}
	for _, p := range pages[:answer.Tracked] {
		f.counted[p]++
	}
	f.sum += int64(answer.Tracked)
	return answer.Tracked, res
}

// until waits until so many hits are in the store.
func (f *flood) until(t *testing.T, c *collector, store storage.Reader, hits int64) {
	t.Helper()
	today := foule.DayOf(time.Now(), time.UTC)
	for end := time.Now().Add(patience); ; {
		got, err := store.Table(context.Background(), storage.TableQuery{Site: 1, From: today - 2, To: today + 1, Dim: foule.DimTotal})
		if err == nil && got.Sum[foule.Hits] >= hits {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%d of %d hits were counted, %v\n%s", got.Sum[foule.Hits], hits, err, c.log)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// journalSize is how much the collector keeps for the store.
func journalSize(t *testing.T, data string) (bytes int) {
	t.Helper()
	for name, content := range files(t, data) {
		if strings.Contains(filepath.ToSlash(name), "/journal/") {
			bytes += len(content)
		}
	}
	return bytes
}
