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
	// switches are those it knows of deduplicate_insert and deduplicate_insert_select,
	// since 26.2, which count whatever insert_deduplicate says.
	switches []string
}

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
	names := append(slices.Collect(maps.Keys(readLimits)), "deduplicate_insert", "deduplicate_insert_select")
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
			srv.switches = append(srv.switches, name)
		} else if set != 0 {
			srv.limited = append(srv.limited, name)
		}
	}
	return srv, rows.Err()
}
