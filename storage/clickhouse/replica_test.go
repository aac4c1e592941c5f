package clickhouse

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"foule.eu/foule"
	"foule.eu/foule/internal/clickhousetest"
)

// On a cluster every server has the settings, whatever its shard.
func TestSettingsOnCluster(t *testing.T) {
	ctx := context.Background()
	c := clickhousetest.Cluster(t)
	s := openOnCluster(t, c)
	other := openWith(t, Options{DSN: swapHosts(t, s.DSN), Cluster: clickhousetest.ClusterName})
	add := func(s *Store, name string, want foule.SiteID) {
		t.Helper()
		if id, err := s.AddSite(ctx, foule.Site{Name: name}); err != nil || id != want {
			t.Fatalf("AddSite(%s) = %d, %v, want %d", name, id, err, want)
		}
	}
	see := func(s *Store, n int) {
		t.Helper()
		until(t, func() error {
			sites, err := s.Sites(ctx)
			if err == nil && len(sites) != n {
				err = fmt.Errorf("%d sites", len(sites))
			}
			return err
		}, func(err error) bool { return err == nil })
	}
	add(s, "one", 1)
	see(other, 1)
	add(other, "two", 2)
	see(s, 2)
	c.Engines[0].Kill() // s goes on with the other server
	until(t, func() error { _, err := s.Sites(ctx); return err }, func(err error) bool { return err == nil })
	add(s, "three", 3)
	c.Engines[0].Restart(t)
	see(s, 3)
}

// Dashboards that are connected to different servers.
func TestTwoDashboardsOnCluster(t *testing.T) {
	s := openOnCluster(t, clickhousetest.Cluster(t))
	dashboardsAtOnce(t, s, openWith(t, Options{DSN: swapHosts(t, s.DSN), Cluster: clickhousetest.ClusterName}))
}

// A replica that has lost ZooKeeper takes no rows, and answers questions.
func TestReadOnlyReplica(t *testing.T) {
	ctx := context.Background()
	c := clickhousetest.Cluster(t)
	s := openOnCluster(t, c)
	id, err := s.AddSite(ctx, foule.Site{Name: "one"})
	if err != nil {
		t.Fatal(err)
	}
	c.LoseZooKeeper()
	refused := func(err error) bool { return err != nil }
	for what, write := range map[string]func() error{
		"SetMeta": func() error { return s.SetMeta(ctx, "k", "v") },
		"AddSite": func() error { _, err := s.AddSite(ctx, foule.Site{Name: "two"}); return err },
		"Apply":   func() error { return s.Apply(ctx, batchOf(id, "c/0/1")) },
	} {
		t.Run(what, func(t *testing.T) {
			away(t, until(t, write, refused), "ZooKeeper or Keeper", "start ZooKeeper or Keeper")
		})
	}
	if site, err := s.Site(ctx, id); err != nil || site.Name != "one" {
		t.Errorf("reading meanwhile: %+v, %v", site, err)
	}
}

// swapHosts names the second host first.
func swapHosts(t *testing.T, dsn string) string {
	t.Helper()
	before, rest, _ := strings.Cut(dsn, "@")
	hosts, path, _ := strings.Cut(rest, "/")
	list := strings.Split(hosts, ",")
	slices.Reverse(list)
	return before + "@" + strings.Join(list, ",") + "/" + path
}
