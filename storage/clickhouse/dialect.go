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
	Database   string
	keepMonths int
	modern     bool
	// Filled are the months that have days, as 202611, where a table by month is
	// to be filled from them.
	Filled []uint32
}

// How many of the latest inserts a table knows again, on a single server and in
// a replicated table, whose memory of them is Keeper's.
//
// What is sent twice is what was sent since the last snapshot of a collector
// that crashed: five minutes of segments of two seconds, which is 150, or more
// if a snapshot could not be written. A segment is one insert into a table, a
// few if it is very large or holds several months. From the crash to the new
// start the other collectors and shards go on, each with 30 inserts a minute:
// 50,000 are a day of one of them, almost three hours of ten; 20,000 are eleven
// hours of one, one hour of ten. An entry takes some 300 bytes of memory, so
// 15 MB a table. While the server itself is away nothing is inserted, and
// nothing forgotten.
const (
	dedupWindow           = 50_000
	dedupWindowReplicated = 20_000
)

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
	return fmt.Sprintf("ReplicatedSummingMergeTree('/clickhouse/foule/%s/{shard}/%s', '{replica}')", d.Database, table)
}

// Replicated is the engine of a table that every server of the cluster holds
// as a whole; arguments are those of the engine itself.
func (d dialect) Replicated(table, engine string, arguments ...string) string {
	if d.Cluster == "" {
		return fmt.Sprintf("%s(%s)", engine, strings.Join(arguments, ", "))
	}
	arguments = append([]string{fmt.Sprintf("'/clickhouse/foule/%s/all/%s'", d.Database, table), "'{shard}-{replica}'"}, arguments...)
	return fmt.Sprintf("Replicated%s(%s)", engine, strings.Join(arguments, ", "))
}

// Distributed is the engine of a table that stands for those of all shards.
func (d dialect) Distributed(local string) string {
	return fmt.Sprintf("Distributed(%s, %s, %s, site)", quoted(d.Cluster), quoted(d.Database), quoted(local))
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

// Years is what a table by month is partitioned by: by year, as its rows are few
// and a question over a year costs by the number of parts. Where the server does
// not end the life of rows by itself, months have to go as partitions.
func (d dialect) Years(column string) string {
	if !d.modern {
		return "toYYYYMM(" + column + ")"
	}
	return "toYear(" + column + ")"
}

// Minutes is the lifetime of rows by minute: they say who is here now.
func (d dialect) Minutes() string { return "minute + toIntervalDay(2)" }

// Batch is a column with the batch's token for replicated tables on servers
// that know no tokens: they know an insert again by its content, and two equal
// batches would be one without it.
func (d dialect) Batch() string {
	if !d.stamped() {
		return ""
	}
	return "\n    batch            String,"
}

func (d dialect) stamped() bool { return d.Cluster != "" && !d.modern }

// Settings are those of a table. Replicated tables forget inserts by count and
// by age; a week is what servers before 25.10 take by themselves. An insert
// that was answered is on the disk.
//
// A partition that has been quiet for a day, which is a month that is over,
// becomes one part. By themselves merges leave it in a dozen for ever, and what a
// question over a year costs goes by the number of parts.
func (d dialect) Settings() string {
	set := "settings index_granularity = 8192"
	switch {
	case d.Cluster != "":
		set += fmt.Sprintf(", replicated_deduplication_window = %d, replicated_deduplication_window_seconds = 604800", dedupWindowReplicated)
	case d.modern:
		set += fmt.Sprintf(", non_replicated_deduplication_window = %d", dedupWindow)
	}
	if d.modern {
		set += ", fsync_after_insert = 1, fsync_part_directory = 1"
		set += ", min_age_to_force_merge_seconds = 86400, min_age_to_force_merge_on_partition_only = 1"
	}
	return set
}

// quoted writes a text as a literal, for the names that take no bound values.
func quoted(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(text) + "'"
}
