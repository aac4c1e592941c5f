// Package clickhouse measures storage/clickhouse as the program uses it: how
// fast batches go in, how long every report of the catalogue takes, and how
// much disk a million hits need, for a year of a made-up site (package crowd),
// beside SQLite on its last days.
//
// It measures on the modern engine of internal/clickhousetest, or with -dsn on
// any empty database. Run it with make bench-clickhouse.
package clickhouse

import (
	"context"
	"flag"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/internal/clickhousetest"
	"foule.eu/foule/storage/clickhouse"
	"foule.eu/foule/storage/sqlite"
	"foule.eu/foule/test/bench/crowd"
)

var (
	enabled    = flag.Bool("bench-clickhouse", false, "run the measurement")
	dsn        = flag.String("dsn", "", "store setting of a database to measure on; what a run left there is used again")
	visits     = flag.Int("visits", 100_000, "visits a day")
	days       = flag.Int("days", 365, "days of the site")
	counted    = flag.Int("counted", 2, "days to count for each day of the week; the others are told after them")
	narrow     = flag.Bool("narrow", false, "a site of a hundred pages instead of a thousand")
	sqliteDays = flag.Int("sqlite-days", 14, "days that SQLite gets too; 0 leaves it out")
	sqliteFile = flag.String("sqlite-file", "", "keep SQLite's file here; with -dsn of an earlier run, what that left in it is used again")
	times      = flag.Int("times", 20, "how often each plain report is asked; filtered ones a quarter as often under each filter")
)

const site foule.SiteID = 1

// TestClickHouse is a measurement, not a test: it asserts only that what went
// in is there.
func TestClickHouse(t *testing.T) {
	if !*enabled {
		t.Skip("a measurement: make bench-clickhouse")
	}
	ctx := context.Background()
	store := open(t)
	year := newYear()
	first, last, there, err := store.DataRange(ctx, site)
	if err != nil {
		t.Fatal(err)
	}
	var beside *embedded
	if !there || *sqliteFile != "" {
		beside = besides(t)
	}
	if there {
		fmt.Printf("%v to %v is there already\n", first, last)
		year.ended(last - 1) // the last day is that of stream
	} else {
		year.load(t, store, beside)
		year.stream(t, store)
	}
	if beside != nil {
		defer func() {
			fmt.Printf("\nThe last %d days on both stores\n", *sqliteDays)
			compare(t, year, store, beside)
		}()
	}
	year.size(t)
	roundTrip(t)
	ask(t, year, store)
}

// embedded is a SQLite store with its file.
type embedded struct {
	*sqlite.Store
	path string
}

// besides opens a SQLite store for the comparison, if there is to be one.
func besides(t *testing.T) *embedded {
	if *sqliteDays == 0 {
		return nil
	}
	path := *sqliteFile
	if path == "" {
		path = filepath.Join(t.TempDir(), "foule.db")
	}
	s, err := sqlite.Open(path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return &embedded{s, path}
}

// open opens the store that is measured, with its tables made.
func open(t *testing.T) *clickhouse.Store {
	if *dsn == "" {
		*dsn = clickhousetest.Start(t, clickhousetest.ChDB).Database(t)
	}
	store, err := clickhouse.Open(clickhouse.Options{DSN: *dsn})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	if err := store.Migrate(context.Background(), func(clickhouse.Step) {}); err != nil {
		t.Fatal(err)
	}
	return store
}

// newYear is the run of days up to yesterday: older ones would go with the retention.
func newYear() *year {
	width := crowd.Wide
	if *narrow {
		width = crowd.Narrow
	}
	run := crowd.Days{First: foule.Day(time.Now().Unix()/86400) - foule.Day(*days), Days: *days, Counted: *counted}
	return &year{Site: crowd.New(site, *visits, width, 1, run.First), Days: run}
}
