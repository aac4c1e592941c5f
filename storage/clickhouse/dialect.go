package clickhouse

import (
	"fmt"
	"strings"
)

// dialect fills in what the SQL of migrations leaves open: the clauses that
// depend on the server's version, on the cluster and on the retention. The
// names of its methods are those of the template variables.
type dialect struct {
	Cluster    string // "" for a single server
	database   string
	keepMonths int
	modern     bool
}

// dedupWindow is how many of the latest inserts a table knows again.
//
// What may be sent twice is what was sent since the last snapshot of a
// collector that crashed: five minutes of segments of two seconds, 150 of them,
// or more if the snapshot could not be written. A segment is one insert for a
// table, or a few if it is very large or crosses the end of a month. Between
// the crash and the new start the other collectors and shards go on, each with
// 30 inserts a minute. 20,000 is eleven hours of a single one that goes on, a
// good hour of ten. An entry takes some 200 bytes of the server's memory.
const dedupWindow = 20_000

// OnCluster makes a statement one for all servers.
func (d dialect) OnCluster() string {
	if d.Cluster == "" {
		return ""
	}
	return " on cluster " + quoted(d.Cluster)
}

// Local names the table that holds a server's own rows.
func (d dialect) Local(table string) string {
	if d.Cluster == "" {
		return table
	}
	return table + "_local"
}

// Summing is the engine of a table of counters: one set of replicas per shard.
func (d dialect) Summing(table string) string {
	if d.Cluster == "" {
		return "SummingMergeTree"
	}
	return fmt.Sprintf("ReplicatedSummingMergeTree('/clickhouse/foule/%s/{shard}/%s', '{replica}')", d.database, table)
}

// Replicated is the engine of a table that every server of the cluster holds
// as a whole; arguments are those of the engine itself.
func (d dialect) Replicated(table, engine string, arguments ...string) string {
	if d.Cluster == "" {
		return fmt.Sprintf("%s(%s)", engine, strings.Join(arguments, ", "))
	}
	arguments = append([]string{fmt.Sprintf("'/clickhouse/foule/%s/all/%s'", d.database, table), "'{shard}-{replica}'"}, arguments...)
	return fmt.Sprintf("Replicated%s(%s)", engine, strings.Join(arguments, ", "))
}

// Distributed is the engine of a table that stands for those of all shards.
func (d dialect) Distributed(local string) string {
	return fmt.Sprintf("Distributed(%s, %s, %s, site)", quoted(d.Cluster), quoted(d.database), quoted(local))
}

// Comment explains a column, on servers that keep such.
func (d dialect) Comment(text string) string {
	if !d.modern {
		return ""
	}
	return " comment " + quoted(text)
}

// Codec says how a column is compressed, on servers that let a column choose.
func (d dialect) Codec(codecs string) string {
	if !d.modern {
		return ""
	}
	return " codec(" + codecs + ")"
}

// Counter is the codec of counters: small numbers, many of them zero.
func (d dialect) Counter() string { return d.Codec("T64, ZSTD(1)") }

// Label is the type of labels: a part's dictionary holds each once, where the
// server knows such.
func (d dialect) Label() string {
	if !d.modern {
		return "String"
	}
	return "LowCardinality(String)"
}

// TTL ends the life of rows, on servers that do so by themselves.
func (d dialect) TTL(lifetime string) string {
	if !d.modern {
		return ""
	}
	return "ttl " + lifetime
}

// Months is the lifetime of rows by hour and day: whole months, so that a
// partition goes as a whole. It is worded as the server words it.
func (d dialect) Months(column string) string {
	return fmt.Sprintf("toStartOfMonth(%s) + toIntervalMonth(%d)", column, d.keepMonths)
}

// Minutes is the lifetime of rows by minute: they say who is here now.
func (d dialect) Minutes() string { return "minute + toIntervalDay(2)" }

// Settings are those of a table of counters. Replicated tables forget by count
// and by age; a week is what servers before 25.10 take by themselves. An insert
// that was answered is on the disk.
func (d dialect) Settings() string {
	set := "settings index_granularity = 8192"
	switch {
	case !d.modern:
		return set
	case d.Cluster == "":
		set += fmt.Sprintf(", non_replicated_deduplication_window = %d", dedupWindow)
	default:
		set += fmt.Sprintf(", replicated_deduplication_window = %d, replicated_deduplication_window_seconds = 604800", dedupWindow)
	}
	return set + ", fsync_after_insert = 1, fsync_part_directory = 1"
}

// quoted writes a text as a literal, for the names that take no bound values.
func quoted(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(text) + "'"
}
