package clickhouse

import (
	"context"
	"testing"

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
