package clickhousetest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// ClusterName is the cluster's name in its nodes' configuration, for ON CLUSTER
// and Distributed tables.
const ClusterName = "foule"

// Nodes is a cluster of Debian's servers: every node is a shard with one
// replica, and ZooKeeper keeps what they agree on. Their macros are {cluster},
// {shard} and {replica}, the last different on every node of the cluster.
type Nodes struct {
	Engines   []*Engine // by shard, from 0
	zookeeper *Server
}

// LoseZooKeeper kills ZooKeeper for good: a node of 18.16 that has lost it need
// not find it again.
func (c *Nodes) LoseZooKeeper() { c.zookeeper.Kill() }

// Cluster starts ZooKeeper and two nodes.
func Cluster(t testing.TB) *Nodes {
	t.Helper()
	needDebian(t)
	c := &Nodes{zookeeper: zookeeper(t)}
	_, port, err := net.SplitHostPort(c.zookeeper.Address)
	if err != nil {
		t.Fatal(err)
	}
	const shards = 2
	ports := freePorts(t, 2*shards)
	for i := range shards {
		e := &Engine{Kind: Debian, dir: folder(t)}
		e.Server = debianNode(t, node{
			Dir: e.dir + "/", Port: ports[i], Interserver: ports[shards+i],
			ZooKeeper: port, Shard: i + 1, Shards: ports[:shards],
		})
		e.open(t, "clickhouse")
		c.Engines = append(c.Engines, e)
	}
	t.Logf("cluster of %d shards and ZooKeeper", shards)
	return c
}

// Database makes an empty database on every node and gives its store setting,
// which names the nodes by shard. It goes with the nodes.
func (c *Nodes) Database(t testing.TB) string {
	t.Helper()
	name := newName()
	var hosts []string
	for _, e := range c.Engines {
		conn := Connect(t, e.DSN)
		defer conn.Close()
		if err := conn.Exec(context.Background(), "CREATE DATABASE "+name); err != nil {
			t.Fatalf("clickhousetest: create a database on %s: %v", e.Address, err)
		}
		hosts = append(hosts, e.Address)
	}
	u := url.URL{Scheme: "clickhouse", User: url.UserPassword(User, Password), Host: strings.Join(hosts, ","), Path: "/" + name}
	return u.String()
}

// zookeeperJar names the jars that it needs in turn.
const zookeeperJar = "/usr/share/java/zookeeper.jar"

// zookeeper starts one that listens on loopback.
func zookeeper(t testing.TB) *Server {
	t.Helper()
	java, err := exec.LookPath("java")
	if err != nil {
		missing(t, "a Java for ZooKeeper: "+err.Error())
	}
	if _, err := os.Stat(zookeeperJar); err != nil {
		missing(t, "Debian's ZooKeeper: "+err.Error())
	}
	dir, port := folder(t), freePorts(t, 1)[0]
	config := filepath.Join(dir, "zoo.cfg")
	if err := os.WriteFile(config, fmt.Appendf(nil, `tickTime=500
dataDir=%s
clientPort=%s
clientPortAddress=127.0.0.1
admin.enableServer=false
4lw.commands.whitelist=srvr
`, filepath.Join(dir, "data"), port), 0o600); err != nil {
		t.Fatal(err)
	}
	s := newServer("zookeeper", port, func() *exec.Cmd {
		return exec.Command(java, "-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
			"-Dzookeeper.preAllocSize=1024", // kB; 64 MB else
			"-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
			"-cp", zookeeperJar+":/usr/share/java/slf4j-simple.jar",
			"org.apache.zookeeper.server.quorum.QuorumPeerMain", config)
	})
	s.ready = func() error { return healthy(s.Address) }
	s.open(t)
	return &s
}

// healthy asks ZooKeeper whether it serves. It listens before that, and a node
// of 18.16 that is turned away the first time it connects crashes later.
func healthy(address string) error {
	conn, err := net.DialTimeout("tcp", address, time.Second)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(time.Second)); err != nil {
		return err
	}
	if _, err := io.WriteString(conn, "srvr"); err != nil {
		return err
	}
	answer, err := io.ReadAll(conn)
	if err == nil && !strings.HasPrefix(string(answer), "Zookeeper version") {
		err = errors.New("it answers, but does not serve")
	}
	return err
}
