package process

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/ingest"
	"foule.eu/foule/internal/canary"
	"foule.eu/foule/internal/clickhousetest"
	"foule.eu/foule/storage/clickhouse"
)

// So many of each kind of fault a test has met before it ends, and so often it
// has killed a server and the collector.
const (
	faultsEach = 6
	killsEach  = 3
)

// oneIn is that one of so many inserts meets a fault. A batch is three inserts
// and is tried again as a whole, later each time: with more it would not arrive.
const oneIn = 4

// maxPages keeps a site's pages of the day below the cap of labels.
const maxPages = 9000

// TestFaults is invariant I4 on a ClickHouse server: connections that end in the
// middle of an insert, answers that are lost or late, a server and a collector
// that are killed, while hits keep coming. At the end every acknowledged hit was
// counted exactly once, and every other at most once.
//
// The server is killed with inserts in front of it, half sent or just done and
// not answered for, but not with one inside. A plain table of ClickHouse notes a
// token before it shows the rows: killed between the two, within a millisecond,
// it takes the insert for done and has lost it. Replicated tables have no such
// gap, and TestCluster kills their nodes at any moment.
func TestFaults(t *testing.T) {
	rng := chance(t)
	engine := clickhousetest.Start(t, clickhousetest.ChDB)
	dsn := engine.Database(t)
	migrate(t, "--store", dsn)
	p := newProxy(t, engine.Address, 1, fork(rng))
	tr := newTrial(t, rng, []*load{newLoad(1)}, []*proxy{p}, "--store", by(t, dsn, p), "--trusted-proxies", "127.0.0.1")
	kills := tr.suffer(func() (back func()) {
		p.quiet(engine.Kill)
		return func() { engine.Restart(t) }
	})
	tr.settle("--store", dsn)
	t.Logf("inserts: %s; the server was killed %d times, the collector %d times", tally(p), kills[0], kills[1])
	tr.compare(open(t, clickhouse.Options{DSN: dsn}))
}

// TestEqualBatches: batches of the same content are counted each, on either
// engine, and with tokens also when each is sent more than once.
//
// Debian's 18.16 on its own knows no tokens. There a batch whose answer was lost
// counts again when it is sent again: nothing is lost, but exactly once is not
// to be had, and no fault is tried. On a cluster it is: see TestCluster.
func TestEqualBatches(t *testing.T) {
	for _, row := range []struct {
		kind, parameters string
		disturb          int
	}{
		{clickhousetest.ChDB, "", oneIn},
		{clickhousetest.Debian, "?old_server=accept", 0},
	} {
		t.Run(row.kind, func(t *testing.T) {
			rng := chance(t)
			engine := clickhousetest.Start(t, row.kind)
			dsn := engine.Database(t) + row.parameters
			migrate(t, "--store", dsn)
			p := newProxy(t, engine.Address, 1, fork(rng))
			c := start(t, t.TempDir(), "--store", by(t, dsn, p), "--metrics-listen", "127.0.0.1:0", "--trusted-proxies", "127.0.0.1")
			c.wait(t)
			p.disturb(row.disturb)
			n := 0
			for end := time.Now().Add(patience); n < 8 || row.disturb > 0 && p.count()[drop] < 2; n++ {
				if time.Now().After(end) {
					t.Fatalf("after %s inserts: %s: too few answers lost to prove something", patience, tally(p))
				}
				// The same hit from another network, each in a batch of its own.
				hit := canary.Probe{
					Query:   url.Values{"idsite": {"1"}, "rec": {"1"}, "send_image": {"0"}, "url": {"https://example.org/same"}},
					Headers: map[string]string{"X-Forwarded-For": fmt.Sprintf("10.1.%d.1", n)},
				}
				if status, _, err := hit.Send(t.Context(), c.ready.Tracking); err != nil || status != http.StatusNoContent {
					t.Fatalf("a hit is answered %d, %v", status, err)
				}
				applied(t, c, n+1)
			}
			c.stop(t)
			t.Logf("inserts: %s", tally(p))
			store := open(t, clickhouse.Options{DSN: dsn})
			for _, dim := range []foule.Dimension{foule.DimTotal, foule.DimPage, foule.DimChannel} {
				sum := table(t, store, 1, dim).Sum
				if sum[foule.Hits] != int64(n) || sum[foule.Visitors] != int64(n) {
					t.Errorf("dimension %q sums to %d hits of %d visitors, want %d of %[4]d", dim.Info().Name, sum[foule.Hits], sum[foule.Visitors], n)
				}
			}
		})
	}
}

// trial is a collector under fire.
type trial struct {
	t       *testing.T
	rng     *rand.Rand
	data    string
	flags   []string
	loads   []*load  // one a site
	proxies []*proxy // what it reaches its store by
	c       *collector
}

func newTrial(t *testing.T, rng *rand.Rand, loads []*load, proxies []*proxy, flags ...string) *trial {
	tr := &trial{t: t, rng: rng, data: t.TempDir(), flags: flags, loads: loads, proxies: proxies}
	tr.begin()
	return tr
}

// begin starts the collector, after its end.
func (tr *trial) begin() {
	tr.t.Helper()
	tr.c = start(tr.t, tr.data, tr.flags...)
	tr.c.wait(tr.t)
}

// round has a round of hits sent to every site, and something happen meanwhile.
func (tr *trial) round(mishap func()) {
	tr.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	inserts := tr.inserts()
	for _, l := range tr.loads {
		if l.next > maxPages {
			continue // what is sent already goes on
		}
		select {
		case <-l.run(ctx, tr.c.ready.Tracking, tr.rng):
		case <-tr.c.exited:
			tr.t.Fatalf("the collector ended by itself: %v\n%s", tr.c.err, tr.c.log)
		case <-ctx.Done():
			tr.t.Fatalf("the clients get no answers\n%s", tr.c.log)
		}
	}
	mishap()
	for _, l := range tr.loads {
		l.clients.Wait()
	}
	tr.await(inserts)
}

// await waits until an insert was begun, for a moment: there may be no server.
func (tr *trial) await(inserts int) {
	for end := time.Now().Add(moment(tr.rng, time.Second)); tr.inserts() == inserts && time.Now().Before(end); {
		time.Sleep(5 * time.Millisecond)
	}
}

// inserts is how many the proxies have met.
func (tr *trial) inserts() (n int) {
	for _, p := range tr.proxies {
		for _, met := range p.count() {
			n += met
		}
	}
	return n
}

// suffer goes on until the proxies have had enough faults of every kind, and a
// server and the collector were killed often enough. kill kills a server and
// gives what brings it back. It says how often a server and the collector were
// killed.
func (tr *trial) suffer(kill func() (back func())) (kills [2]int) {
	tr.t.Helper()
	for _, p := range tr.proxies {
		p.disturb(oneIn)
	}
	for end := time.Now().Add(2 * patience); !tr.enough() || min(kills[0], kills[1]) < killsEach; {
		if time.Now().After(end) {
			tr.t.Fatalf("after %s inserts: %s; kills %v: too few to prove something", 2*patience, tally(tr.proxies...), kills)
		}
		switch victim := tr.rng.IntN(8); {
		case victim == 0 && kills[0] < killsEach:
			var back func()
			tr.round(func() { back = kill() })
			tr.round(func() { back() })
			kills[0]++
		case victim == 1 && kills[1] < killsEach:
			tr.round(tr.c.kill)
			tr.begin()
			kills[1]++
		default:
			tr.round(func() {})
		}
	}
	return kills
}

func (tr *trial) enough() bool {
	var sum [faults]int
	for _, p := range tr.proxies {
		for f, n := range p.count() {
			sum[f] += n
		}
	}
	for _, n := range sum {
		if n < faultsEach {
			return false
		}
	}
	return true
}

// settle kills the collector a last time and has the next one, whose store is
// not troubled, bring everything there.
func (tr *trial) settle(flags ...string) {
	tr.t.Helper()
	tr.c.kill()
	tr.flags = flags
	tr.begin()
	tr.c.stop(tr.t)
	release, err := ingest.Hold(filepath.Join(tr.data, "collector"))
	if err != nil {
		tr.t.Fatalf("after a stop in peace: %v\n%s", err, tr.c.log)
	}
	release()
}

// compare holds the store against all that was sent.
func (tr *trial) compare(store *clickhouse.Store) {
	tr.t.Helper()
	for _, l := range tr.loads {
		sent, acknowledged := len(l.sent), 0
		for _, ok := range l.sent {
			if ok {
				acknowledged++
			}
		}
		tr.t.Logf("site %d: %d hits sent, %d acknowledged", l.site, sent, acknowledged)
		if acknowledged < maxRound {
			tr.t.Errorf("only %d hits were acknowledged: this proves little", acknowledged)
		}
		compare(tr.t, store, l)
	}
}

func newLoad(site foule.SiteID) *load { return &load{site: site, sent: map[string]bool{}} }

// fork gives chance of its own to what runs beside the test.
func fork(rng *rand.Rand) *rand.Rand { return rand.New(rand.NewPCG(rng.Uint64(), 0)) }

// migrate makes the tables and site 1.
func migrate(t *testing.T, flags ...string) {
	t.Helper()
	var told struct{ Applied bool }
	command(t, &told, append([]string{"migrate", "--data", t.TempDir()}, flags...)...)
	if !told.Applied {
		t.Fatal("migrate did nothing")
	}
}

// open opens a store to look at.
func open(t *testing.T, o clickhouse.Options) *clickhouse.Store {
	t.Helper()
	store, err := clickhouse.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}

// by is a store setting that goes through proxies.
func by(t *testing.T, dsn string, proxies ...*proxy) string {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	u.Host = ""
	for _, p := range proxies {
		if u.Host != "" {
			u.Host += ","
		}
		u.Host += p.address
	}
	return u.String()
}

// applied waits until so many batches are in the store.
func applied(t *testing.T, c *collector, batches int) {
	t.Helper()
	end := time.Now().Add(patience)
	for counter(t, c, "foule_batches_applied_total") < batches {
		if time.Now().After(end) {
			t.Fatalf("%d batches do not reach the store\n%s", batches, c.log)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// counter reads one of the collector's metrics.
func counter(t *testing.T, c *collector, name string) (n int) {
	t.Helper()
	for line := range strings.Lines(string(get(t, c.ready.Metrics))) {
		if value, ok := strings.CutPrefix(line, name+" "); ok {
			if _, err := fmt.Sscan(value, &n); err != nil {
				t.Fatal(err)
			}
			return n
		}
	}
	t.Fatalf("there is no metric %s", name)
	return 0
}

// tally says what befell the inserts.
func tally(proxies ...*proxy) string {
	var words []string
	for f := range faults {
		n := 0
		for _, p := range proxies {
			n += p.count()[f]
		}
		words = append(words, fmt.Sprintf("%d %s", n, f))
	}
	return strings.Join(words, ", ")
}
