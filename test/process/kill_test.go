package process

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/storage"
	"foule.eu/foule/storage/sqlite"
)

const (
	agent     = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
	clients   = 4
	maxRound  = 80 // hits of one round: 100 rounds stay below the cap of labels per day
	maxBulk   = 8
	killPlain = 100
	killShort = 10
)

// TestKill is invariant I4: a collector that is killed again and again, at any
// moment, has counted every hit that it acknowledged exactly once, and every
// other at most once.
func TestKill(t *testing.T) {
	rng := chance(t)
	rounds := killPlain
	if testing.Short() {
		rounds = killShort
	}
	data := t.TempDir()
	load := &load{sent: map[string]bool{}}
	for range rounds {
		killOnce(t, data, load, rng)
	}
	last := start(t, data)
	last.wait(t)
	last.stop(t)

	acknowledged := 0
	for _, ok := range load.sent {
		if ok {
			acknowledged++
		}
	}
	t.Logf("%d kills, %d hits sent, %d acknowledged", rounds, len(load.sent), acknowledged)
	if acknowledged < rounds {
		t.Errorf("only %d hits were acknowledged: this proves little", acknowledged)
	}
	store, err := sqlite.Open(filepath.Join(data, "foule.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	compare(t, store, load)
}

// chance is where a test's choices come from.
func chance(t *testing.T) *rand.Rand {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	if s := os.Getenv("FOULE_SEED"); s != "" {
		var err error
		if seed, err = strconv.ParseUint(s, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("FOULE_SEED=%d repeats the choices of this run", seed)
	return rand.New(rand.NewPCG(seed, 0))
}

// killOnce starts the collector, lets clients loose on it and kills it: while
// it starts, while it works, or while it stops.
func killOnce(t *testing.T, data string, load *load, rng *rand.Rand) {
	c := start(t, data)
	if rng.IntN(4) == 0 { // while it starts or recovers
		select {
		case <-time.After(moment(rng, 100*time.Millisecond)):
		case <-c.exited:
			t.Fatalf("the collector ended by itself: %v\n%s", c.err, c.log)
		}
		c.kill()
		return
	}
	c.wait(t)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	select {
	case <-load.run(ctx, c.ready.Tracking, rng):
	case <-c.exited:
		t.Fatalf("the collector ended by itself: %v\n%s", c.err, c.log)
	case <-ctx.Done():
		t.Fatalf("the clients get no answers\n%s", c.log)
	}
	switch rng.IntN(4) {
	case 0: // while it stops
		_ = c.cmd.Process.Signal(syscall.SIGTERM)
		time.Sleep(moment(rng, 30*time.Millisecond))
	case 1: // while a batch is applied
		time.Sleep(moment(rng, 120*time.Millisecond))
	}
	c.kill()
	cancel()
	load.clients.Wait()
}

// moment is anything up to a length of time.
func moment(rng *rand.Rand, most time.Duration) time.Duration {
	return time.Duration(rng.Int64N(int64(most)))
}

// load is what clients send over all rounds. Every hit has a page of its own.
type load struct {
	site    foule.SiteID // 0: site 1
	clients sync.WaitGroup

	mu   sync.Mutex
	next int
	sent map[string]bool // page → acknowledged
}

// run starts the clients. The channel closes once a random part of the round's
// hits has been asked for; the clients go on until the round's hits are used
// up, the collector is gone, or ctx ends.
func (l *load) run(ctx context.Context, base string, rng *rand.Rand) <-chan struct{} {
	reached := make(chan struct{})
	if rng.IntN(8) == 0 {
		close(reached)
		return reached // a round without hits
	}
	part := 1 + rng.Int64N(maxRound*3/4)
	var asked atomic.Int64
	transport := &http.Transport{DisableKeepAlives: true} // a reused connection would make it repeat requests
	for range clients {
		rng := rand.New(rand.NewPCG(rng.Uint64(), 0))
		l.clients.Go(func() {
			for {
				n := 1
				if rng.IntN(3) == 0 {
					n += rng.IntN(maxBulk)
				}
				total := asked.Add(int64(n))
				if total >= part && total-int64(n) < part {
					close(reached)
				}
				if total > maxRound || !l.send(ctx, transport, base, n) {
					return
				}
			}
		})
	}
	return reached
}

// send sends n new hits at once and says whether the collector still answers.
func (l *load) send(ctx context.Context, transport http.RoundTripper, base string, n int) bool {
	pages := l.pages(n)
	req, err := request(ctx, base, max(l.site, 1), pages)
	if err != nil {
		panic(err)
	}
	req.Header.Set("User-Agent", agent)
	req.Header.Set("X-Forwarded-For", network(pages[0]))
	res, err := transport.RoundTrip(req)
	if err != nil {
		return false
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return false
	}
	l.acknowledge(pages[:tracked(n, res.StatusCode, body)])
	return true
}

func request(ctx context.Context, base string, site foule.SiteID, pages []string) (*http.Request, error) {
	queries := make([]string, len(pages))
	for i, p := range pages {
		queries[i] = fmt.Sprintf("?idsite=%d&rec=1&send_image=0&url=%s", site, url.QueryEscape("https://example.org"+p))
	}
	if len(pages) == 1 {
		return http.NewRequestWithContext(ctx, http.MethodGet, base+"/matomo.php"+queries[0], nil)
	}
	body, err := json.Marshal(map[string]any{"requests": queries})
	if err != nil {
		return nil, err
	}
	return http.NewRequestWithContext(ctx, http.MethodPost, base+"/matomo.php", strings.NewReader(string(body)))
}

// tracked is how many of the leading hits an answer acknowledges.
func tracked(n, status int, body []byte) int {
	if n == 1 {
		if status == http.StatusNoContent {
			return 1
		}
		return 0
	}
	var answer struct{ Tracked int }
	if json.Unmarshal(body, &answer) != nil {
		return 0
	}
	return answer.Tracked
}

// pages gives new pages, named by letters so that no scrubbing touches them.
func (l *load) pages(n int) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	pages := make([]string, n)
	for i := range pages {
		pages[i] = "/page/" + letters(l.next)
		l.sent[pages[i]] = false
		l.next++
	}
	return pages
}

func (l *load) acknowledge(pages []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, p := range pages {
		l.sent[p] = true
	}
}

// network is the address of a visitor of a few pages, for a collector that
// trusts this test: one visit does not keep hundreds of pages apart.
func network(page string) string {
	return fmt.Sprintf("10.%d.%d.1", page[len(page)-3], page[len(page)-2])
}

func letters(n int) string {
	b := []byte("aaaa")
	for i := len(b) - 1; n > 0; i-- {
		b[i] += byte(n % 26)
		n /= 26
	}
	return string(b)
}

// compare holds the store against what was sent: every page that was
// acknowledged was counted once, every other once or never, and all dimensions
// come to the same.
func compare(t *testing.T, store storage.Reader, load *load) {
	t.Helper()
	site, sent := max(load.site, 1), load.sent
	counted := map[string]int64{}
	var hits int64
	for _, r := range table(t, store, site, foule.DimPage).Rows {
		counted[r.Label] = r.Metrics[foule.Hits]
		hits += r.Metrics[foule.Hits]
	}
	for page, n := range counted {
		if _, known := sent[page]; !known {
			t.Errorf("page %q was counted %d times and never sent", page, n)
		}
	}
	wrong := 0
	for page, acknowledged := range sent {
		if n := counted[page]; n > 1 || n < 0 || acknowledged && n == 0 {
			wrong++
			if wrong <= 20 {
				t.Errorf("%s: acknowledged %t, counted %d times", page, acknowledged, n)
			}
		}
	}
	if wrong > 0 {
		t.Errorf("%d hits are lost or counted twice", wrong)
	}
	for _, dim := range []foule.Dimension{foule.DimTotal, foule.DimChannel, foule.DimBrowser} {
		if sum := table(t, store, site, dim).Sum[foule.Hits]; sum != hits {
			t.Errorf("dimension %q sums to %d hits, the pages to %d", dim.Info().Name, sum, hits)
		}
	}
	if sum := byHour(t, store, site); sum != hits {
		t.Errorf("the hours sum to %d hits, the pages to %d", sum, hits)
	}
}

// table asks for a site's report over the days that a test can have met.
func table(t *testing.T, store storage.Reader, site foule.SiteID, dim foule.Dimension) storage.TableResult {
	t.Helper()
	today := foule.DayOf(time.Now(), time.UTC)
	result, err := store.Table(context.Background(), storage.TableQuery{Site: site, From: today - 2, To: today + 1, Dim: dim})
	if err != nil {
		t.Fatal(fmt.Errorf("dimension %q: %w", dim.Info().Name, err))
	}
	return result
}

// byHour sums a site's hits over the hours that a test can have met.
func byHour(t *testing.T, store storage.Reader, site foule.SiteID) (hits int64) {
	t.Helper()
	now := time.Now().Unix() / 3600
	points, err := storage.Series(context.Background(), store, storage.SeriesQuery{Site: site, Grain: storage.GrainHour, FromHour: now - 24, ToHour: now + 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range points {
		hits += p.Metrics[foule.Hits]
	}
	return hits
}
