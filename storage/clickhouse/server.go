package clickhouse

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// server is what the store knows of the server that answers it.
type server struct {
	version string // as it calls itself
	// modern says that it is of the versions this package is meant for, 23.8 and
	// later. Older ones are treated like Debian's 18.16: no deduplication tokens,
	// TTL, codecs, comments or query parameters.
	modern bool
	// limited are the limits of reads that the user's settings profile sets: those
	// count then, not the ones of readLimits.
	limited []string
	// knows are those of newSettings that it has.
	knows map[string]bool
}

// newSettings are sent to servers that know them alone: deduplicate_insert and
// deduplicate_insert_select count whatever insert_deduplicate says since 26.2;
// use_statistics makes planning a question load what every part notes of its columns,
// which takes a quarter of the time of the whole question and finds nothing that
// the primary key does not.
var newSettings = []string{"deduplicate_insert", "deduplicate_insert_select", "use_statistics"}

// The first version with everything that is used without asking.
const firstMajor, firstMinor = 23, 8

// known asks the server who it is, once. Several callers may ask at once: each
// heeds its own context.
func (s *Store) known(ctx context.Context) (*server, error) {
	s.mu.Lock()
	srv := s.server
	s.mu.Unlock()
	if srv != nil {
		return srv, nil
	}
	srv, err := s.ask(ctx)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	s.server = srv
	s.mu.Unlock()
	return srv, nil
}

// forget lets the next call ask again: after a failure another server, or
// another version of it, may answer.
func (s *Store) forget() {
	s.mu.Lock()
	s.server = nil
	s.mu.Unlock()
}

func (s *Store) ask(ctx context.Context) (*server, error) {
	var version string
	if err := s.conn.QueryRow(ctx, "select version()").Scan(&version); err != nil {
		return nil, err
	}
	var major, minor int
	if _, err := fmt.Sscanf(version, "%d.%d", &major, &minor); err != nil {
		return nil, fmt.Errorf("the server calls its version %q: want a number such as 25.3", version)
	}
	srv := &server{version: version, modern: major > firstMajor || major == firstMajor && minor >= firstMinor}
	srv.knows = map[string]bool{}
	names := slices.AppendSeq(slices.Clone(newSettings), maps.Keys(readLimits))
	rows, err := s.conn.Query(ctx, "select name, toFloat64OrZero(value) > 0 from system.settings where name in ('"+strings.Join(names, "', '")+"')")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		var set uint8
		if err := rows.Scan(&name, &set); err != nil {
			return nil, err
		}
		if _, limit := readLimits[name]; !limit {
			srv.knows[name] = true
		} else if set != 0 {
			srv.limited = append(srv.limited, name)
		}
	}
	return srv, rows.Err()
}
