// Package clickhouse is the store for audiences that outgrow one file: a
// ClickHouse server, or a cluster of them.
//
// It stands at the end of a hit's journey, where storage/sqlite stands too. A
// Batch comes in through [Store.Apply] and becomes rows of counters that the
// engine sums up as it merges them; questions come in through [Store.Table] and
// [Store.Series] and go out as sums. What a store promises is written in package
// storage and its suite storagetest; the tables, column by column, in
// sql/migrate, and what is sent to them in sql/query.
//
// # Exactly once
//
// There are no transactions over several inserts, so a batch is cut into chunks,
// each of which the server takes as a whole or not at all, and knows again by a
// token: see chunks and [Store.Apply]. That holds across lost answers, cut
// connections and a server that is killed, and for as many inserts as
// dedupWindow says. An insert that was answered is on the server's disk
// (fsync_after_insert), but its note of the token may not be if the power fails;
// and no token helps if a cluster gets another number of shards between a lost
// answer and the second try.
//
// # Versions
//
// The package is meant for ClickHouse 23.8 and later. Older servers are refused
// by [Store.Check] and [Store.Migrate] unless the store setting ends with
// old_server=accept. They get the tables without what they do not know, which is
// tried on Debian's 18.16: no tokens, so that a batch whose answer was lost may
// count twice on a single server (a cluster of them knows an insert by its
// content, in which the token stands then); no TTL, so that [Store.Prune] drops
// old months; no query parameters, so that the driver quotes values; no codecs,
// comments and LowCardinality.
//
// # Clusters
//
// With [Options.Cluster] each shard has replicated tables of counters, a site's
// rows being on one of them, and tables that stand for all shards; settings are
// replicated to every server. An insert is answered when its shards have it.
//
// Start reading at apply.go (the way in) and table.go (the way out).
package clickhouse

import (
	"fmt"
	"sync"

	"foule.eu/foule/storage"
	driver "github.com/ClickHouse/clickhouse-go/v2"
)

var _ storage.Store = (*Store)(nil)

// Options say which server is used, and how.
type Options struct {
	// DSN is the store setting, see parseDSN.
	DSN string
	// Cluster, if set, is the name of a cluster in the servers' configuration:
	// tables are replicated, counters sharded by site.
	Cluster string
	// KeepMonths is how many calendar months, the current one included, counters
	// are kept; 0 is 25, the longest that CNIL's exemption for audience
	// measurement allows. Migrate brings the tables up to a changed figure.
	KeepMonths int
	// Use is what the store is opened for; only Check heeds it.
	Use Use
}

func (o Options) withDefaults() Options {
	if o.KeepMonths == 0 {
		o.KeepMonths = 25
	}
	return o
}

// Store is a server, or a cluster. It is safe for concurrent use.
type Store struct {
	conn      driver.Conn
	where     string // the server and database for messages, without the password
	database  string
	acceptOld bool // go on with a server that lacks deduplication tokens
	Options

	changing sync.Mutex // held while a setting is changed, see settings.go
	erasing  sync.Mutex // held while something is erased: two would take the same sums

	mu     sync.Mutex // guards server, and is held for no longer than that takes
	server *server    // what is known of the server; nil before the first answer
}

// Open reads the options. It does not reach for the server: that is what Check
// does, and any call after it.
func Open(o Options) (*Store, error) {
	o = o.withDefaults()
	parsed, err := parseDSN(o)
	if err != nil {
		return nil, fmt.Errorf("clickhouse: %w", err)
	}
	parts, err := splitDSN(o.DSN)
	if err != nil {
		return nil, fmt.Errorf("clickhouse: store setting: %w", err)
	}
	conn, err := driver.Open(parsed)
	if err != nil {
		return nil, fmt.Errorf("clickhouse: %w", err)
	}
	return &Store{
		conn: conn, where: describe(parsed), database: parts.database,
		acceptOld: parts.parameters.Get("old_server") == "accept", Options: o,
	}, nil
}

// Close waits for nothing: what is under way fails.
func (s *Store) Close() error {
	if err := s.conn.Close(); err != nil {
		return fmt.Errorf("clickhouse: close: %w", err)
	}
	return nil
}
