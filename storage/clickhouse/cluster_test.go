package clickhouse

import (
	"context"
	"fmt"
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/internal/clickhousetest"
	"foule.eu/foule/storage"
	"foule.eu/foule/storage/storagetest"
)

// openOnCluster opens a migrated store over all nodes.
func openOnCluster(t testing.TB, c *clickhousetest.Nodes) *Store {
	t.Helper()
	s := openWith(t, Options{DSN: c.Database(t) + "?old_server=accept", Cluster: clickhousetest.ClusterName})
	if err := s.Migrate(context.Background(), func(Step) {}); err != nil {
		t.Fatal(err)
	}
	return s
}

// The whole suite on two shards, what is sent twice included: replicated tables
// know it again even on Debian's old server.
func TestClusterConformance(t *testing.T) {
	t.Parallel()
	c := clickhousetest.Cluster(t)
	storagetest.Run(t, func(t *testing.T) (storage.Store, func() storage.Store) {
		s := openOnCluster(t, c)
		return s, func() storage.Store {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			return openWith(t, s.Options)
		}
	})
}

// Sites are spread over the shards, each on one.
func TestSharding(t *testing.T) {
	c := clickhousetest.Cluster(t)
	s := openOnCluster(t, c)
	if err := s.Check(context.Background()); err != nil {
		t.Fatal(err)
	}
	b := &storage.Batch{Token: "c/0/1"}
	for site := range foule.SiteID(10) {
		b.Days = append(b.Days, storage.DayRow{Site: site, Day: april1, Metrics: foule.Metrics{1, 1, 1}})
	}
	if err := s.Apply(context.Background(), b); err != nil {
		t.Fatal(err)
	}
	for _, e := range c.Engines {
		conn := clickhousetest.Connect(t, e.DSN)
		defer conn.Close()
		var here uint64
		if err := conn.QueryRow(context.Background(), "select uniq(site) from "+s.database+".stats_day_local").Scan(&here); err != nil {
			t.Fatal(err)
		}
		if here != 5 {
			t.Errorf("%s holds %d of 10 sites, want 5", e.Address, here)
		}
	}
}

// One of the shards is killed again and again while batches come in: Apply goes
// on where it was, and at the end every batch has counted once.
func TestShardKilled(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	c := clickhousetest.Cluster(t)
	s := openOnCluster(t, c)
	const batches, sites = 60, 4
	batch := func(n int) *storage.Batch {
		b := &storage.Batch{Token: fmt.Sprint("c/0/", n)}
		for site := range foule.SiteID(sites) {
			// The same rows in every batch: only their tokens tell them apart.
			b.Days = append(b.Days, storage.DayRow{Site: site, Day: april1, Metrics: foule.Metrics{1, 1, 1}})
			b.Hours = append(b.Hours, storage.HourRow{Site: site, Hour: 493_060, Metrics: foule.Metrics{1, 1, 1}})
		}
		return b
	}
	progress := make(chan int, batches)
	failures := 0
	go func() {
		defer close(progress)
		for n := range batches {
			for s.Apply(ctx, batch(n)) != nil && ctx.Err() == nil {
				failures++
			}
			progress <- n
		}
	}()
	for n := range progress {
		if n == 10 || n == 25 || n == 40 {
			c.Engines[1].Kill()
			until(t, func() error { return s.Apply(ctx, batch(batches)) }, func(err error) bool { return err != nil })
			c.Engines[1].Restart(t)
		}
	}
	if err := s.Apply(ctx, batch(batches)); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d batches, %d inserts failed and were repeated", batches+1, failures)
	for _, table := range []string{"stats_day", "stats_hour"} {
		var sum int64
		if err := s.conn.QueryRow(ctx, "select sum(visits) from "+table).Scan(&sum); err != nil {
			t.Fatal(err)
		}
		if want := int64(sites * (batches + 1)); sum != want {
			t.Errorf("%s: %d visits, want %d", table, sum, want)
		}
	}
}
