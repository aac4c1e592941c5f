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
	// knows are those it has of the settings that are sent to servers alone that
	// know them.
	knows map[string]bool
}

// dedupSwitches count whatever insert_deduplicate says, since 26.2.
var dedupSwitches = []string{"deduplicate_insert", "deduplicate_insert_select"}

// useStatistics makes planning a question load what every part notes of its columns,
// unless the server holds that already, which it does for parts some minutes old: a
// quarter of the time of the whole question, and it finds nothing that the primary
// key does not.
const useStatistics = "use_statistics"

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
	names := slices.AppendSeq(append([]string{useStatistics}, dedupSwitches...), maps.Keys(readLimits))
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
