package process

import (
	"net/url"
	"strings"
	"testing"

	"foule.eu/foule"
	"foule.eu/foule/internal/clickhousetest"
	"foule.eu/foule/storage/clickhouse"
)

// TestCluster is invariant I4 on two shards, with a site on each: the faults of
// TestFaults, and one node or the other is killed and comes back while batches
// go on. A batch has rows of both sites, so with a node away one half of it
// arrives and is sent again later with the other.
//
// Debian's 18.16 knows no tokens, but a replicated table knows a block again
// that it has had; the tables there hold the token in each row, so that no other
// batch has an equal block.
func TestCluster(t *testing.T) {
	rng := chance(t)
	nodes := clickhousetest.Cluster(t)
	dsn := nodes.Database(t) + "?old_server=accept"
	flags := func(store string) []string {
		return []string{"--store", store, "--clickhouse-cluster", clickhousetest.ClusterName, "--trusted-proxies", "127.0.0.1"}
	}
	migrate(t, flags(dsn)...)
	var second struct{ ID foule.SiteID }
	command(t, &second, append([]string{"site", "add", "second", "--domain", "example.org", "--data", t.TempDir()}, flags(dsn)...)...)

	var proxies []*proxy
	for _, e := range nodes.Engines {
		proxies = append(proxies, newProxy(t, e.Address, 2, fork(rng))) // the first is what the table's columns are
	}
	tr := newTrial(t, rng, []*load{newLoad(1), newLoad(second.ID)}, proxies, flags(by(t, dsn, proxies...))...)
	kills := tr.suffer(func() (back func()) {
		victim := nodes.Engines[rng.IntN(len(nodes.Engines))]
		victim.Kill()
		return func() { victim.Restart(t) }
	})
	tr.settle(flags(dsn)...)
	t.Logf("inserts: %s; nodes were killed %d times, the collector %d times", tally(proxies...), kills[0], kills[1])
	tr.compare(open(t, clickhouse.Options{DSN: dsn, Cluster: clickhousetest.ClusterName}))
	onBoth(t, nodes, dsn)
}

// onBoth checks that each node holds one site's counters.
func onBoth(t *testing.T, nodes *clickhousetest.Nodes, dsn string) {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range nodes.Engines {
		conn := clickhousetest.Connect(t, e.DSN)
		defer conn.Close()
		var sites uint64
		if err := conn.QueryRow(t.Context(), "SELECT uniq(site) FROM "+strings.TrimPrefix(u.Path, "/")+".stats_day_local").Scan(&sites); err != nil || sites != 1 {
			t.Errorf("the node at %s holds %d sites, %v, want 1", e.Address, sites, err)
		}
	}
}
