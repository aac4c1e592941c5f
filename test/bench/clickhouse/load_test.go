package clickhouse

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/internal/clickhousetest"
	"foule.eu/foule/storage"
	"foule.eu/foule/storage/clickhouse"
	"foule.eu/foule/test/bench/crowd"
	lib "github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// year is the site and its days.
type year struct {
	*crowd.Site
	crowd.Days
}

func (y *year) last() foule.Day { return y.First + foule.Day(y.Days.Days) - 1 }

// ended moves the run so that it ends on the last day of an earlier one.
func (y *year) ended(last foule.Day) { y.First += last - y.last() }

// load applies each day as one batch, the last ones to SQLite too.
func (y *year) load(t *testing.T, store *clickhouse.Store, beside *embedded) {
	var in, inSQLite rate
	var total foule.Metrics
	start := time.Now()
	err := y.Each(y.Days, func(b *storage.Batch, hits int) error {
		for i := range b.Days {
			if b.Days[i].Dim == foule.DimTotal {
				total.Add(&b.Days[i].Metrics)
			}
		}
		if beside != nil && b.Days[0].Day > y.last()-foule.Day(*sqliteDays) {
			inSQLite.hits += hits
			if err := inSQLite.apply(beside, b); err != nil {
				return err
			}
		}
		return in.apply(store, b)
	})
	if err != nil {
		t.Fatal(err)
	}
	table, err := store.Table(context.Background(), storage.TableQuery{Site: site, From: y.First, To: y.last()})
	if err != nil {
		t.Fatal(err)
	}
	if table.Sum != total {
		t.Errorf("the store counts %v, %v went in", table.Sum, total)
	}
	fmt.Printf("%d days of %d visits a day made and loaded in %v\n", y.Days.Days, y.Visits, time.Since(start).Round(time.Second))
	fmt.Printf("whole days as batches          %s\n", &in)
	if beside != nil {
		fmt.Printf("  SQLite, the last %3d days    %s\n", *sqliteDays, &inSQLite)
		file, err := os.Stat(beside.path)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Printf("  SQLite, on disk              %.1f MB, %.2f MB per million hits\n",
			float64(file.Size())/1e6, float64(file.Size())/float64(max(1, inSQLite.hits)))
	}
}

// Minutes around noon of the day after the last, in which batches are applied
// as a collector sends them.
const (
	streamFrom    = 12 * 60
	streamMinutes = 15
	segment       = 10 // seconds
)

// stream applies batches of a few seconds, as a collector does.
func (y *year) stream(t *testing.T, store *clickhouse.Store) {
	var in rate
	err := y.Stream(y.last()+1, segment, func(b *storage.Batch, hits int) error {
		if len(b.Minutes) == 0 {
			return nil
		}
		minute := b.Minutes[len(b.Minutes)-1].Minute % 1440
		if minute < streamFrom || minute >= streamFrom+streamMinutes {
			return nil
		}
		in.hits += hits
		return in.apply(store, b)
	})
	if err != nil {
		t.Fatal(err)
	}
	fmt.Printf("batches of %d seconds           %s, %d rows for a hit\n", segment, &in, in.rows/max(1, in.hits))
}

// rate is how fast batches went in.
type rate struct {
	rows, hits int
	times      []time.Duration
}

func (r *rate) apply(to storage.Writer, b *storage.Batch) error {
	start := time.Now()
	err := to.Apply(context.Background(), b)
	r.times = append(r.times, time.Since(start))
	r.rows += len(b.Days) + len(b.Hours) + len(b.Minutes)
	return err
}

// String gives rows per second and what a batch takes.
func (r *rate) String() string {
	var sum time.Duration
	for _, d := range r.times {
		sum += d
	}
	if sum == 0 {
		return "nothing"
	}
	slices.Sort(r.times)
	return fmt.Sprintf("%8.0f rows/s; %d batches of %d rows, each in %v (p50), %v (p99)",
		float64(r.rows)/sum.Seconds(), len(r.times), r.rows/len(r.times), round(percentile(r.times, 50)), round(percentile(r.times, 99)))
}

// size merges every month into one part, as the server does by itself a day after
// its end, and says what it takes on disk.
func (y *year) size(t *testing.T) {
	ctx := context.Background()
	conn := clickhousetest.Connect(t, *dsn)
	defer conn.Close()
	start := time.Now()
	var parts []struct {
		Table       string `ch:"table"`
		PartitionID string `ch:"partition_id"`
	}
	if err := conn.Select(ctx, &parts, `select distinct table, partition_id from system.parts
where database = currentDatabase() and active and table in ('stats_hour', 'stats_day', 'stats_month')`); err != nil {
		t.Fatal(err)
	}
	for _, p := range parts { // one at a time: the driver does not wait for a year
		if err := conn.Exec(ctx, "optimize table "+p.Table+" partition id '"+p.PartitionID+"' final settings optimize_skip_merged_partitions = 1"); err != nil {
			t.Fatal(err)
		}
	}
	fmt.Printf("the last merges took %v\n", time.Since(start).Round(time.Second))
	var hits int64
	if err := conn.QueryRow(ctx, "select sum(actions) from stats_day where dim = 0 and by_dim = 0").Scan(&hits); err != nil {
		t.Fatal(err)
	}
	rows, err := conn.Query(ctx, `select table, sum(rows), sum(bytes_on_disk), count() from system.parts
where database = currentDatabase() and active and table like 'stats%' group by table order by table`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all uint64
	for rows.Next() {
		var table string
		var n, bytes, parts uint64
		if err := rows.Scan(&table, &n, &bytes, &parts); err != nil {
			t.Fatal(err)
		}
		fmt.Printf("%-12s %12d rows in %3d parts, %6.1f MB, %5.2f bytes a row\n", table, n, parts, float64(bytes)/1e6, float64(bytes)/float64(max(1, n)))
		all += bytes
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	fmt.Printf("on disk: %.2f MB per million hits (%.1f million hits)\n", float64(all)/float64(max(1, hits)), float64(hits)/1e6)
	for _, column := range []string{"by_dim", "dim"} {
		shares(t, conn, column)
	}
}

// shares says which dimensions, or filters, the rows by day are about.
func shares(t *testing.T, conn lib.Conn, column string) {
	rows, err := conn.Query(context.Background(), "select "+column+", count() as n from stats_day group by "+column+" order by n desc")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	counts, order, all := map[string]uint64{}, []string{}, uint64(0)
	for rows.Next() {
		var dim uint8
		var n uint64
		if err := rows.Scan(&dim, &n); err != nil {
			t.Fatal(err)
		}
		name := cmp.Or(foule.Dimension(dim).String(), "none")
		counts[name], order, all = n, append(order, name), all+n
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	fmt.Printf("rows by %s, in percent:", column)
	for _, name := range order {
		fmt.Printf(" %s %.1f", name, 100*float64(counts[name])/float64(all))
	}
	fmt.Println()
}
