// Package sqlite is the embedded store: one file, no server.
//
// It stands at the end of a hit's journey. A Batch comes in through
// [Store.Apply] and becomes rows of counters in one transaction; questions
// come in through [Store.Table] and [Store.Series] and go out as sums. What a
// store promises is written in package storage and its suite storagetest; the
// tables, column by column, in sql/migrate. The store may forget rows older
// than its retention ([Store.Prune]) and, at the same time, the texts of
// labels that only such rows used.
//
// # Processes
//
// Two processes may have the file open, the collector writing and the
// dashboard reading and changing settings. SQLite's write-ahead log lets
// readers go on while a batch is written; writers wait for each other up to
// [Options.BusyTimeout]. The file must lie on a local disk.
//
// # Packs
//
// A dashboard's overview of a year sums tens of thousands of labels' counters,
// and the engine takes some 0.3 µs to hand out a row, however small. So up to
// sixteen labels of a report share a row of the file, as text, see pack.go:
// "0:12,12,30;7:3,3,9". That takes less space than a row for each, is summed
// three times as fast and written no slower, and stays legible in any SQLite
// shell, where the views report_day and report_month spell it out.
//
// Start reading at apply.go (the way in) and table.go (the way out).
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"foule.eu/foule/storage"
)

var _ storage.Store = (*Store)(nil)

// Options say how a store is opened; the zero value is good.
type Options struct {
	// Readers is the number of connections that answer questions; 0 is 4.
	Readers int
	// CacheBytes bounds the page cache of each connection; 0 is 16 MiB.
	CacheBytes int
	// BusyTimeout is how long a writer waits for one in another process; 0 is 10 s.
	BusyTimeout time.Duration
	// KeepMonths is how many calendar months, the current one included, Prune
	// leaves; 0 is 25, the longest that CNIL's exemption for audience measurement allows.
	KeepMonths int
}

func (o Options) withDefaults() Options {
	if o.Readers == 0 {
		o.Readers = 4
	}
	if o.CacheBytes == 0 {
		o.CacheBytes = 16 << 20
	}
	if o.BusyTimeout == 0 {
		o.BusyTimeout = 10 * time.Second
	}
	if o.KeepMonths == 0 {
		o.KeepMonths = 25
	}
	return o
}

// Store is an open file. It is safe for concurrent use.
type Store struct {
	keepMonths int
	write      *sql.DB // one connection, each transaction taking the write lock at its start
	read       *sql.DB // the pool of query-only connections
	queries    map[string]*sql.Stmt
	upserts    map[string]upsert

	applying sync.Mutex // held through Apply; guards the two below
	labels   labelCache
	prunes   string // how often labels had been pruned when the cache was begun
}

// Open opens the file at path, making it (readable by its owner alone) or
// bringing its schema up to date first.
//
// It returns [ErrNewer] for a file that a later version wrote, and
// [ErrCorrupt] for one that is damaged or not ours.
func Open(path string, o Options) (*Store, error) {
	s, err := open(path, o.withDefaults())
	if err != nil {
		return nil, fmt.Errorf("sqlite: open %s: %w", path, kind(err))
	}
	return s, nil
}

func open(path string, o Options) (_ *Store, err error) {
	registerFunctions()
	if err := create(path); err != nil {
		return nil, err
	}
	s := &Store{keepMonths: o.KeepMonths, labels: labelCache{}}
	defer func() {
		if err != nil {
			s.Close()
		}
	}()
	if s.write, err = sql.Open("sqlite", dsn(path, o, true)); err != nil {
		return nil, err
	}
	s.write.SetMaxOpenConns(1)
	if err := migrate(context.Background(), s.write, migrations); err != nil {
		return nil, err
	}
	if s.read, err = sql.Open("sqlite", dsn(path, o, false)); err != nil {
		return nil, err
	}
	s.read.SetMaxOpenConns(o.Readers)
	s.read.SetMaxIdleConns(o.Readers)
	return s, s.prepare()
}

// create makes an empty file that only its owner can read, unless there is one
// already: the log files beside it take over its mode.
func create(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// dsn names the file with the settings of a connection. The wait for locks
// comes first so that it covers the settings after it.
func dsn(path string, o Options, writer bool) string {
	q := url.Values{"_pragma": {
		"busy_timeout(" + strconv.FormatInt(o.BusyTimeout.Milliseconds(), 10) + ")",
		"cache_size(-" + strconv.Itoa(o.CacheBytes/1024) + ")",
		"foreign_keys(1)",
	}}
	if writer {
		q.Add("_pragma", "journal_mode(wal)")
		// A batch counts as applied once Apply returns: its journal segment may be
		// deleted, so the commit has to be on the disk.
		q.Add("_pragma", "synchronous(full)")
		q.Add("_pragma", "journal_size_limit(67108864)")
		// What is deleted is overwritten, not only unlinked.
		q.Add("_pragma", "secure_delete(1)")
		q.Set("_txlock", "immediate")
	} else {
		q.Add("_pragma", "query_only(1)")
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		abs = path
	}
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(abs), RawQuery: q.Encode()}
	return u.String()
}

// Close waits for what is under way and closes the file.
func (s *Store) Close() error {
	var errs []error
	for _, db := range []*sql.DB{s.read, s.write} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("sqlite: close: %w", err)
	}
	return nil
}
