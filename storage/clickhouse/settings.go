package clickhouse

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/storage"
	driver "github.com/ClickHouse/clickhouse-go/v2"
	lib "github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// # Settings without transactions
//
// The engine has neither updates nor unique keys. A change of a setting is a
// new row with a higher version, and readers take the highest. Within this
// process changes go one after the other. Two dashboards that change the same
// thing at the same time both succeed, and the later one counts.
//
// A number (of a site, goal, user or token) must not be given twice, though.
// Whoever wants one adds a row to the table claim and then looks: if it sees
// another's row beside its own it leaves the number unused and takes the next.
// Of two at the same time at least one sees the other. The same goes for the
// e-mail of a user, see storeUser. It needs that a row can be read as soon as
// it was written. On one server it can; on a cluster a look is preceded by a
// wait until the server has all rows that any other one took (caughtUp), and a
// server that has lost Keeper takes none.

// settingsTable is how rows of a table of settings are sent.
type settingsTable struct {
	name    string
	columns []driver.ColumnNameAndType
}

// columnList makes columns of alternating names and types.
func columnList(namesAndTypes ...string) []driver.ColumnNameAndType {
	columns := make([]driver.ColumnNameAndType, 0, len(namesAndTypes)/2)
	for i := 0; i < len(namesAndTypes); i += 2 {
		columns = append(columns, driver.ColumnNameAndType{Name: namesAndTypes[i], Type: namesAndTypes[i+1]})
	}
	return columns
}

// put adds rows, all of them or none.
func (s *Store) put(ctx context.Context, table settingsTable, rows ...[]any) error {
	if len(rows) == 0 {
		return nil
	}
	srv, err := s.known(ctx)
	if err != nil {
		return kind(err)
	}
	batch, err := s.block(ctx, table.name, table.columns, execSettings(srv))
	if err != nil {
		return kindOfWrite(err)
	}
	defer batch.Close()
	for _, row := range rows {
		if err := batch.Append(row...); err != nil {
			return kind(err)
		}
	}
	return kindOfWrite(batch.Send())
}

// syncTimeout bounds the wait for rows of other servers.
const syncTimeout = 20 * time.Second

// caughtUp returns once the server has every row of the table that was written
// before, by way of whatever server of the cluster.
func (s *Store) caughtUp(ctx context.Context, table settingsTable) error {
	if s.Cluster == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, syncTimeout)
	defer cancel()
	return s.exec(ctx, "sync", struct{ Table string }{table.name}, nil)
}

// change runs f while nothing else in this process changes a setting.
func (s *Store) change(what string, f func() error) error {
	s.changing.Lock()
	defer s.changing.Unlock()
	return about(what, f())
}

// about names what was being done.
func about(what string, err error) error {
	if err != nil {
		return fmt.Errorf("clickhouse: %s: %w", what, kind(err))
	}
	return nil
}

// after gives a version higher than the one before, 0 if there is none. It is
// the time, so that of two changes at once the later counts, with random bits
// so that they do not get the same.
func after(version uint64) uint64 {
	const bits = 10
	return max(version+1, uint64(time.Now().UnixMicro())<<bits|rand.Uint64N(1<<bits))
}

var claimTable = settingsTable{"claim", columnList("what", "String", "site", "UInt32", "number", "Int64", "nonce", "UInt64")}

// Of what there are numbers.
const (
	siteNumber    = "site"
	goalNumber    = "goal" // within a site; 0 is given to none of the others
	userNumber    = "user"
	tokenNumber   = "token"
	erasureNumber = "erasure"
)

// claimTries bounds how often a number is given up to somebody else.
const claimTries = 10

// claim takes the next number, which nobody had before.
func (s *Store) claim(ctx context.Context, what string, site foule.SiteID) (int64, error) {
	for try := range claimTries {
		last, err := s.lastNumber(ctx, what, site)
		if err != nil {
			return 0, err
		}
		number := last + 1
		alone, err := s.claimOne(ctx, what, site, number)
		if err != nil || alone {
			return number, err
		}
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-time.After(rand.N(time.Duration(try+1) * 20 * time.Millisecond)):
		}
	}
	return 0, fmt.Errorf("%w: others took the next number at the same time, %d times; try again", storage.ErrConflict, claimTries)
}

// claimOne claims a number, and says whether nobody else did.
func (s *Store) claimOne(ctx context.Context, what string, site foule.SiteID, number int64) (alone bool, err error) {
	if err := s.put(ctx, claimTable, []any{what, uint32(site), number, rand.Uint64()}); err != nil {
		return false, err
	}
	if err := s.caughtUp(ctx, claimTable); err != nil {
		return false, err
	}
	var claims uint64
	err = s.rows(ctx, "claims", nil, values{"what": what, "site": uint32(site), "number": number},
		func(rows lib.Rows) error { return rows.Scan(&claims) })
	return claims == 1, err
}

// lastNumber gives the highest number ever given; 0 if none was.
func (s *Store) lastNumber(ctx context.Context, what string, site foule.SiteID) (last int64, err error) {
	if err := s.caughtUp(ctx, claimTable); err != nil {
		return 0, err
	}
	err = s.rows(ctx, "last_number", nil, values{"what": what, "site": uint32(site)},
		func(rows lib.Rows) error { return rows.Scan(&last) })
	return last, err
}

// claimed sees to it that a number which came from elsewhere is not given again.
func (s *Store) claimed(ctx context.Context, what string, site foule.SiteID, number int64) error {
	last, err := s.lastNumber(ctx, what, site)
	if err != nil || last >= number {
		return err
	}
	_, err = s.claimOne(ctx, what, site, number)
	return err
}
