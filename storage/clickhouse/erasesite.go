package clickhouse

import (
	"context"
	"fmt"
	"strings"
	"time"

	"foule.eu/foule"
	lib "github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// mutationTime is how long is waited for what is deleted outright, before that is
// left to the repetition.
const mutationTime = 2 * time.Minute

// wholeSite deletes a site: its settings first, so that nobody counts for it any
// more, then its rows.
func (x *erasing) wholeSite(ctx context.Context) error {
	if err := x.s.eraseSettings(ctx, x.e.Site); err != nil {
		return err
	}
	srv, err := x.s.known(ctx)
	if err != nil {
		return err
	}
	for _, t := range takenTables(x.s.dialect(srv)) {
		n, err := x.s.deleteOf(ctx, t.table, "site", x.e.Site)
		if !t.follows { // months say again what days say
			x.rows += n
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// eraseSettings deletes a site with its goals and the tokens that are for it alone.
func (s *Store) eraseSettings(ctx context.Context, site foule.SiteID) error {
	for _, t := range []struct{ table, column string }{{"goal", "site"}, {"token", "site"}, {"site", "id"}} {
		if _, err := s.deleteOf(ctx, t.table, t.column, site); err != nil {
			return err
		}
	}
	return nil
}

// deleteOf deletes a site's rows of a table and waits until they are gone; it
// says how many there were.
func (s *Store) deleteOf(ctx context.Context, table, column string, site foule.SiteID) (int64, error) {
	n, err := s.countOf(ctx, table, column, site)
	if err != nil || n == 0 {
		return 0, err
	}
	srv, err := s.known(ctx)
	if err != nil {
		return 0, err
	}
	d := s.dialect(srv)
	local, onCluster := table, ""
	if strings.HasPrefix(table, "stats_") { // the others are replicated to every server
		local, onCluster = d.Local(table), d.OnCluster()
	}
	ctx, cancel := context.WithTimeout(ctx, mutationTime)
	defer cancel()
	for asked := false; ; {
		busy, err := s.mutating(ctx, local)
		switch {
		case err != nil:
			return n, err
		case busy: // with this deletion, or one that may have begun before these rows came
		case !asked:
			err := s.exec(ctx, "erase_site", struct {
				Table, OnCluster, Column string
				Site                     foule.SiteID
			}{local, onCluster, column, site}, nil)
			if err != nil {
				return n, err
			}
			asked = true
		case onCluster == "":
			return n, nil // what is left came in after it
		}
		left, err := s.countOf(ctx, table, column, site)
		if err != nil || left == 0 {
			return n, err
		}
		select {
		case <-ctx.Done():
			return n, fmt.Errorf("the server still deletes rows of %s; it is looked after again: %w", table, ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (s *Store) countOf(ctx context.Context, table, column string, site foule.SiteID) (int64, error) {
	return s.number(ctx, "erase_count", struct{ Table, Column string }{table, column}, values{"site": uint32(site)})
}

// mutating says whether this server still deletes rows of a table.
func (s *Store) mutating(ctx context.Context, table string) (bool, error) {
	n, err := s.number(ctx, "mutations", nil, values{"database": s.database, "table": table})
	return n > 0, err
}

// number asks for one.
func (s *Store) number(ctx context.Context, query string, fill any, v values) (int64, error) {
	var n uint64
	err := s.rows(ctx, query, fill, v, func(rows lib.Rows) error { return rows.Scan(&n) })
	return int64(n), err
}
