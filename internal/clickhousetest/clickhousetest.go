// Package clickhousetest starts real ClickHouse servers for tests.
//
// # Engines
//
// ChDB is a modern ClickHouse: libchdb.so behind the HTTP interface that
// clickhouse-go uses, served by the command chdbserver. It knows tokens, TTL,
// codecs and grants (Restrict), but is no cluster. Debian is the
// clickhouse-server 18.16 of Debian over the native protocol: a server process
// as operators know it, and in a Cluster replicated and sharded, but without all
// that came later. `make setup` installs both.
//
//	e := clickhousetest.Start(t, clickhousetest.ChDB)
//	store, err := clickhouse.Open(clickhouse.Options{DSN: e.Database(t)})
//
// An engine listens on loopback, keeps its data in a folder of its own, and is
// gone when the test is: it needs about a second to start, so one per test
// function is fine and one per subtest is not. A missing engine fails the test
// where CI=true or FOULE_E2E=1, and skips it elsewhere.
package clickhousetest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"sync/atomic"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// What Start can start.
const (
	ChDB   = "chdb"
	Debian = "debian"
)

// Kinds are both engines, for tests that run on each.
var Kinds = []string{ChDB, Debian}

// The account that may do everything, and that a DSN names. An engine knows
// also "default" without a password. Every other name or password is refused.
const (
	User     = "foule"
	Password = "crowd"
)

// Engine is a running server.
type Engine struct {
	Server
	Kind    string // ChDB or Debian
	Version string // as version() gives it, such as "26.5.1.1"
	DSN     string // store setting of the engine's default database

	dir    string
	grants string // file of the grants in force, "" for all
}

// Start starts an engine with an empty folder, and logs which version it is.
func Start(t testing.TB, kind string) *Engine {
	t.Helper()
	e := &Engine{Kind: kind, dir: folder(t)}
	switch kind {
	case ChDB:
		e.Server = chdb(t, e)
		e.open(t, "clickhouse+http")
	case Debian:
		e.Server = debian(t, e.dir)
		e.open(t, "clickhouse")
	default:
		t.Fatalf("clickhousetest: %q is no engine", kind)
	}
	return e
}

// Dir is the folder that the engine keeps its data in.
func (e *Engine) Dir() string { return e.dir }

// open starts the process for the first time.
func (e *Engine) open(t testing.TB, scheme string) {
	t.Helper()
	e.Server.open(t)
	e.DSN = dsn(scheme, e.Address, "default")
	conn := Connect(t, e.DSN)
	defer conn.Close()
	if err := conn.QueryRow(context.Background(), "SELECT version()").Scan(&e.Version); err != nil {
		t.Fatalf("clickhousetest: ask %s for its version: %v", e.Kind, err)
	}
	t.Logf("engine %s is ClickHouse %s on %s", e.Kind, e.Version, e.Address)
}

// Restrict restarts ChDB so that everybody may do only what the statements
// grant, each a GRANT without its TO; with none, everything again. This stands
// for logging in as the one role or the other: the library knows one user.
// Debian's server is older than grants.
func (e *Engine) Restrict(t testing.TB, grants ...string) {
	t.Helper()
	if e.Kind != ChDB {
		t.Fatalf("clickhousetest: %s knows no grants", e.Kind)
	}
	e.grants = ""
	if len(grants) > 0 {
		e.grants = writeGrants(t, e.dir, grants)
	}
	e.Restart(t)
}

// databases numbers the databases of a test binary.
var databases atomic.Int64

func newName() string { return fmt.Sprintf("foule_%d", databases.Add(1)) }

// Database makes an empty database and gives its store setting. It is dropped
// after the test, if the engine lives then.
func (e *Engine) Database(t testing.TB) string {
	t.Helper()
	name := newName()
	conn := Connect(t, e.DSN)
	defer conn.Close()
	if err := conn.Exec(context.Background(), "CREATE DATABASE "+name); err != nil {
		t.Fatalf("clickhousetest: create a database on %s: %v", e.Kind, err)
	}
	t.Cleanup(func() {
		if !e.running() || e.grants != "" {
			return
		}
		conn := Connect(t, e.DSN)
		defer conn.Close()
		if err := conn.Exec(context.Background(), "DROP DATABASE IF EXISTS "+name); err != nil {
			t.Errorf("clickhousetest: drop a database on %s: %v", e.Kind, err)
		}
	})
	u, err := url.Parse(e.DSN)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}

// Connect opens clickhouse-go on a store setting, for looking past a store. The
// caller closes it.
func Connect(t testing.TB, dsn string) clickhouse.Conn {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	password, _ := u.User.Password()
	protocol := clickhouse.Native
	if u.Scheme == "clickhouse+http" {
		protocol = clickhouse.HTTP
	}
	conn, err := clickhouse.Open(&clickhouse.Options{
		Protocol: protocol,
		Addr:     []string{u.Host},
		Auth:     clickhouse.Auth{Database: u.Path[1:], Username: u.User.Username(), Password: password},
	})
	if err != nil {
		t.Fatalf("clickhousetest: open a connection: %v", err)
	}
	return conn
}

func dsn(scheme, address, database string) string {
	u := url.URL{Scheme: scheme, User: url.UserPassword(User, Password), Host: address, Path: "/" + database}
	return u.String()
}

// folder is a folder of its own. Its path is short: some servers make sockets
// in it or build long names from it.
func folder(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "foule-engine-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Errorf("clickhousetest: %v", err)
		}
	})
	return dir
}

// missing ends a test whose engine is not installed.
func missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" || os.Getenv("FOULE_E2E") == "1" {
		t.Fatalf("clickhousetest: %s: run make setup", what)
	}
	t.Skipf("clickhousetest: %s: make setup installs it", what)
}
