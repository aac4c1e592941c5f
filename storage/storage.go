// Package storage says what a store is: a Batch goes in once, a Query comes
// back as rows, and the settings (sites, goals, users, tokens, sessions) live
// beside them.
//
// It stands between aggregate, which makes batches, and report, which asks
// questions. The engines are storage/sqlite and storage/clickhouse; what they
// promise is written down as a test suite, storage/storagetest, that each of
// them passes. The package knows aggregates only: no row here is about a hit,
// a visit or a visitor (invariant I2).
package storage

import (
	"context"
	"errors"

	"foule.eu/foule"
)

// The kinds of failure that callers tell apart.
var (
	ErrNotFound = errors.New("not found")
	ErrConflict = errors.New("already exists")
	// ErrUnavailable is wrapped by errors of a store that cannot be reached, or
	// that does not take requests as it is set up at present (a wrong password, a
	// missing table, a full disk). The error's text names the fault and its mend;
	// once mended, the same call succeeds.
	ErrUnavailable = errors.New("the store is not available")
	// ErrLimit is wrapped by errors of a read that was ended at a limit of time,
	// memory or rows. A narrower question may succeed.
	ErrLimit = errors.New("the question is too large")
)

// Batch is what one journal segment came to: signed differences of counters.
//
// Rows come in any order, and a key may come more than once: its differences
// add up. A row whose counters all come to zero is no row, and no answer shows it.
// Rows by day and hour use the counters of their dimension only, those of
// [foule.Dimension.Metrics]; of others an engine may show nothing.
type Batch struct {
	// Token names the batch for ever: "collector/shard/segment". Applying a token
	// a second time changes nothing.
	Token   string
	Minutes []MinuteRow
	Hours   []HourRow
	Days    []DayRow
}

// MinuteRow counts who is here now: each visit in its last active minute.
type MinuteRow struct {
	Site   foule.SiteID
	Minute int64 // Unix seconds / 60
	foule.Metrics
}

// HourRow feeds the chart. Dimension DimTotal with label "" is the site's
// total, any other a filter dimension's label.
type HourRow struct {
	Site  foule.SiteID
	Hour  int64 // Unix seconds / 3600
	Dim   foule.Dimension
	Label string
	foule.Metrics
}

// DayRow feeds every report. With By == DimTotal it is a plain row; otherwise
// it is the part of Dim's Label that fell under By's ByLabel.
type DayRow struct {
	Site    foule.SiteID
	Day     foule.Day
	Dim     foule.Dimension
	Label   string
	By      foule.Dimension
	ByLabel string
	foule.Metrics
}

// Writer is what the collector may do: add aggregates and read the settings of
// sites (invariant I7).
type Writer interface {
	// Apply adds the batch in one transaction, unless its token was applied before.
	// After an error the same batch may be sent again: it has counted once or not at all.
	Apply(ctx context.Context, b *Batch) error
	// Sites lists all sites with their goals, by id.
	Sites(ctx context.Context) ([]foule.Site, error)
	// TokenByHash finds an API token by the hash of its secret (see HashToken).
	TokenByHash(ctx context.Context, hash [32]byte) (Token, error)
}

// Reader is what reports are made of.
type Reader interface {
	// Table sums a dimension's labels over days.
	Table(ctx context.Context, q TableQuery) (TableResult, error)
	// SeriesOf gives labels of a dimension, each of which stands there once, by time
	// bucket, in their order. q.Label does not count: see Series.
	SeriesOf(ctx context.Context, q SeriesQuery, labels []string) ([][]Point, error)
	// Minutes gives the minute rows of a site with from <= Minute < to, by minute.
	Minutes(ctx context.Context, site foule.SiteID, from, to int64) ([]MinuteRow, error)
	// DataRange gives the first and last day that has any row; ok is false without any.
	DataRange(ctx context.Context, site foule.SiteID) (first, last foule.Day, ok bool, err error)
}

// Filter narrows a question to one label of a filter dimension.
type Filter struct {
	Dim   foule.Dimension // one with DimensionInfo.Filter
	Label string
}

// TableQuery asks for a dimension's labels, summed from From to To, both
// inclusive. A label whose counters sum to zero over the range is no row.
type TableQuery struct {
	Site     foule.SiteID
	From, To foule.Day
	Dim      foule.Dimension // DimTotal asks for the total alone (filtered or not)
	Filter   *Filter         // nil: the plain report
	// Search keeps labels that contain it, ignoring case of ASCII letters; it has no wildcards.
	Search string
	// Label, if not nil, keeps that very label; foule.Other is not among them.
	Label *string
	// HideEmpty leaves the row with label "" out of Rows, RowCount and Sum.
	HideEmpty bool
	Sort      foule.Metric // ties by label, ascending in either direction
	SortLabel bool         // sort by label instead, byte by byte
	Ascending bool
	Limit     int // 0: no limit
	Offset    int
}

// TableResult is a page of rows and the sums around it.
type TableResult struct {
	Rows     []Row         // labels other than foule.Other
	RowCount int           // rows there are in all, without foule.Other
	Sum      foule.Metrics // over all rows that match, Other included (unless Search or Label is set)
	Other    foule.Metrics // the row foule.Other; zero when Search or Label is set
}

// Row is a label with its counters.
type Row struct {
	Label string
	foule.Metrics
}

// Grain is the width of a time bucket.
type Grain string

// The grains a store answers; weeks are made of days by report.
const (
	GrainHour  Grain = "hour"
	GrainDay   Grain = "day"
	GrainMonth Grain = "month"
)

// SeriesQuery asks for buckets from From to To, both inclusive, of a label.
// With GrainHour only the total or a filter dimension can be asked, without
// Filter, and the range is FromHour <= Hour <= ToHour.
type SeriesQuery struct {
	Site             foule.SiteID
	Grain            Grain
	From, To         foule.Day
	FromHour, ToHour int64 // Unix hours, GrainHour only
	Dim              foule.Dimension
	Label            string
	Filter           *Filter
}

// Series gives one dimension label (or the total) by time bucket.
func Series(ctx context.Context, r Reader, q SeriesQuery) ([]Point, error) {
	series, err := r.SeriesOf(ctx, q, []string{q.Label})
	if err != nil {
		return nil, err
	}
	return series[0], nil
}

// Point is one time bucket; empty buckets are left out. A month that the range
// covers in part counts the days inside.
type Point struct {
	Bucket int64 // Unix hour, foule.Day or foule.Month by grain
	foule.Metrics
}

// Settings is what the dashboard and the command line manage.
type Settings interface {
	Sites(ctx context.Context) ([]foule.Site, error)
	Site(ctx context.Context, id foule.SiteID) (foule.Site, error) // ErrNotFound
	// AddSite stores a new site and gives its id; site.ID is ignored. Its goals are
	// numbered from 1, whatever their IDs.
	AddSite(ctx context.Context, site foule.Site) (foule.SiteID, error)
	UpdateSite(ctx context.Context, site foule.Site) error // without goals; ErrNotFound
	// AddGoal numbers the goal within its site, from 1, and never gives a deleted
	// goal's number again; ErrNotFound if there is no such site.
	AddGoal(ctx context.Context, site foule.SiteID, goal foule.Goal) (uint32, error)
	UpdateGoal(ctx context.Context, site foule.SiteID, goal foule.Goal) error // ErrNotFound
	DeleteGoal(ctx context.Context, site foule.SiteID, id uint32) error       // ErrNotFound

	Users(ctx context.Context) ([]User, error)
	UserByEmail(ctx context.Context, email string) (User, error) // case-insensitive; ErrNotFound
	UserByID(ctx context.Context, id int64) (User, error)        // ErrNotFound
	AddUser(ctx context.Context, u User) (int64, error)          // ErrConflict on the e-mail
	UpdateUser(ctx context.Context, u User) error                // ErrNotFound, ErrConflict

	// AddSession stores a log-in session or a one-time set-up link under the hash of its secret.
	AddSession(ctx context.Context, s Session) error
	Session(ctx context.Context, hash [32]byte) (Session, error) // ErrNotFound, also when it has expired by the engine's clock
	DeleteSession(ctx context.Context, hash [32]byte) error      // no error if there is none
	DeleteExpiredSessions(ctx context.Context, now int64) error

	AddToken(ctx context.Context, t Token) (int64, error)
	Tokens(ctx context.Context) ([]Token, error)
	TokenByHash(ctx context.Context, hash [32]byte) (Token, error) // ErrNotFound
	DeleteToken(ctx context.Context, id int64) error               // ErrNotFound

	// Meta keeps small facts of the installation (collector id, first start); "" when unset.
	Meta(ctx context.Context, key string) (string, error)
	SetMeta(ctx context.Context, key, value string) error
}

// Store is a whole engine.
type Store interface {
	Writer
	Reader
	Settings
	Close() error
}

// Mover is what carrying a store's whole content to another engine takes,
// beside Store. Log-in sessions are not carried: people log in anew.
type Mover interface {
	// Parts lists every site and day that has rows, by site and day. Hours and
	// minutes belong to the day they lie in by UTC.
	Parts(ctx context.Context) ([]Part, error)
	// Part gives a part's rows, without a token, in one order for the same rows.
	Part(ctx context.Context, p Part) (*Batch, error)
	// PutSite stores a site under its own id, with its goals under theirs, in
	// place of what stands there. lastGoal is the highest number that a goal of the
	// site ever had.
	PutSite(ctx context.Context, site foule.Site, lastGoal uint32) error
	// LastGoal gives that number; ErrNotFound if there is no such site.
	LastGoal(ctx context.Context, site foule.SiteID) (uint32, error)
	PutUser(ctx context.Context, u User) error   // under its own id; ErrConflict on the e-mail
	PutToken(ctx context.Context, t Token) error // under its own id
	// PutErasure stores an entry of the audit trail under its own id, or the next one
	// if that is 0. No site has, or is given, the number of one that was erased.
	PutErasure(ctx context.Context, e Erasure) error
}

// Part is one site's rows of one day.
type Part struct {
	Site foule.SiteID
	Day  foule.Day
}

// Role is what a user or token may do.
type Role string

// The roles, each including the one before.
const (
	RoleRead  Role = "read"
	RoleWrite Role = "write" // may send authenticated hits
	RoleAdmin Role = "admin" // may manage settings
)

// Allows says whether r includes need.
func (r Role) Allows(need Role) bool { return r.rank() >= need.rank() && need.rank() > 0 }

func (r Role) rank() int {
	switch r {
	case RoleRead:
		return 1
	case RoleWrite:
		return 2
	case RoleAdmin:
		return 3
	}
	return 0
}

// User is somebody who can log in to the dashboard.
type User struct {
	ID           int64
	Email        string
	PasswordHash string // PHC string of argon2id; "" until the set-up link was used
	Role         Role
	Language     string // "fr", "en" or "" for the browser's
	Created      int64
}

// Session is a log-in (Purpose "login") or a one-time set-up link (Purpose "setup").
type Session struct {
	Hash    [32]byte // SHA-256 of the secret; the secret itself is never stored
	UserID  int64
	Purpose string
	Created int64
	Expires int64 // Unix seconds; the first second at which it is no longer valid
}

// Token is an API token.
type Token struct {
	ID      int64
	Hash    [32]byte
	Name    string
	Scope   Role
	Site    foule.SiteID // 0: all sites
	Created int64
}
