package clickhousetest

import (
	"errors"
	"net/url"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/google/go-cmp/cmp"
)

// TestCluster: a table made through one node is there on both, rows find their
// shard, and a node that was killed comes back with its rows.
func TestCluster(t *testing.T) {
	c := Cluster(t)
	dsn := c.Database(t)
	conn := node0(t, dsn, c)
	defer conn.Close()
	database := path(t, dsn)
	for _, statement := range []string{
		`CREATE TABLE ` + database + `.one ON CLUSTER foule (label String, n Int64)
		 ENGINE = ReplicatedSummingMergeTree('/clickhouse/tables/` + database + `/{shard}/one', '{replica}') PARTITION BY tuple() ORDER BY label`,
		`CREATE TABLE ` + database + `.counters ON CLUSTER foule AS ` + database + `.one ENGINE = Distributed(foule, ` + database + `, one, length(label))`,
	} {
		rows, err := conn.Query(t.Context(), statement)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() { // a row a node, once it has done it
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	}
	sync := clickhouse.Settings{"insert_distributed_sync": 1, "insert_deduplicate": 0}
	insert(t, conn, sync, row{"a", 1}, row{"bb", 2})
	want := []row{{"a", 1}, {"bb", 2}}
	if diff := cmp.Diff(want, sums(t, conn)); diff != "" {
		t.Errorf("sums (-want +got):\n%s", diff)
	}
	var here, there uint64
	for i, n := range []*uint64{&here, &there} {
		node := Connect(t, c.Engines[i].DSN)
		defer node.Close()
		if err := node.QueryRow(t.Context(), "SELECT count() FROM "+database+".one").Scan(n); err != nil {
			t.Fatal(err)
		}
	}
	if here != 1 || there != 1 {
		t.Errorf("the shards hold %d and %d rows, want 1 and 1", here, there)
	}

	c.Engines[1].Kill()
	if err := conn.QueryRow(t.Context(), "SELECT count() FROM counters").Scan(new(uint64)); err == nil {
		t.Error("half a cluster answers for all")
	}
	c.Engines[1].Restart(t)
	if diff := cmp.Diff(want, sums(t, conn)); diff != "" {
		t.Errorf("sums after a kill (-want +got):\n%s", diff)
	}
	writable(t, conn, sync)
}

// writable waits until the nodes have found ZooKeeper again.
func writable(t *testing.T, conn clickhouse.Conn, settings clickhouse.Settings) {
	t.Helper()
	end := time.Now().Add(patience)
	for {
		ctx := clickhouse.Context(t.Context(), clickhouse.WithSettings(settings))
		batch, err := conn.PrepareBatch(ctx, "INSERT INTO counters (label, n)")
		if err != nil {
			t.Fatal(err)
		}
		err = errors.Join(batch.Append("a", int64(0)), batch.Append("bb", int64(0)), batch.Send())
		if err == nil {
			return
		}
		if time.Now().After(end) {
			t.Fatal(err)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// node0 connects to the first node of the list that a store setting is.
func node0(t *testing.T, dsn string, c *Nodes) clickhouse.Conn {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	u.Host = c.Engines[0].Address
	return Connect(t, u.String())
}
