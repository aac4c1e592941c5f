package move_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/internal/clickhousetest"
	"foule.eu/foule/storage"
	"foule.eu/foule/storage/clickhouse"
	"foule.eu/foule/storage/move"
	"foule.eu/foule/storage/sqlite"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// now is the time of all moves here; the source's newest day is that of now. It
// is the true one, since a server forgets minutes by its own clock.
var now = time.Now().UTC()

// ages are how many days ago the source counted.
var ages = []foule.Day{0, 1, 2, 40, 80}

// end opens an empty store.
type end func(t *testing.T) move.Store

func embedded(t *testing.T) move.Store { return openFile(t, filepath.Join(t.TempDir(), "foule.db")) }

func openFile(t *testing.T, path string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// labels hold what an engine might stumble over.
var labels = []string{"", foule.Other, "/", "/a'b\"c`d", "/é/日本", "%_\\", "a\tb", "/;:,", strings.Repeat("x", 512)}

// inhabit fills a store: two sites with settings, one without, days over a
// year's end, hours, minutes, two-way rows, users and tokens.
func inhabit(t *testing.T, s move.Store) {
	t.Helper()
	ctx := context.Background()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"Shop", "Blog"} {
		id, err := s.AddSite(ctx, foule.Site{Name: name, Hosts: []string{"example.org"}, Timezone: "Europe/Paris", SearchParams: []string{},
			ExcludedIPs: []string{"192.0.2.0/24"}, Goals: []foule.Goal{{Name: "one", Match: foule.MatchManual}, {Name: "two", Match: foule.MatchURL, Pattern: "/x", RevenueMinor: 5}}})
		check(err)
		_, err = s.AddGoal(ctx, id, foule.Goal{Name: "deleted"})
		check(err)
		check(s.DeleteGoal(ctx, id, 3))
		check(s.DeleteGoal(ctx, id, 1))
	}
	admin, err := s.AddUser(ctx, storage.User{Email: "Admin@example.org", PasswordHash: "hash", Role: storage.RoleAdmin, Language: "fr", Created: 1})
	check(err)
	_, err = s.AddUser(ctx, storage.User{Email: "reader@example.org", Role: storage.RoleRead})
	check(err)
	check(s.AddSession(ctx, storage.Session{Hash: storage.HashToken("s"), UserID: admin, Purpose: "login", Expires: now.Unix() + 1e9}))
	for i := range 3 {
		id, err := s.AddToken(ctx, storage.Token{Hash: storage.HashToken(fmt.Sprint(i)), Name: fmt.Sprint(i), Scope: storage.RoleWrite, Site: foule.SiteID(i)})
		check(err)
		if i == 0 {
			check(s.DeleteToken(ctx, id))
		}
	}
	gone, err := s.AddSite(ctx, foule.Site{Name: "Gone"})
	check(err)
	for _, o := range []storage.EraseOrder{
		{Kind: storage.ErasedSite, Site: gone, User: admin},
		{Kind: storage.ErasedLabel, Site: 1, Match: storage.LabelMatch{Dim: foule.DimPage, Text: "/u/jane"}},
	} {
		o.At = now
		_, err := s.Erase(ctx, o)
		check(err)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for _, site := range []foule.SiteID{1, 2, 4_000_000_000} {
		for n, age := range ages {
			check(s.Apply(ctx, crowd(rng, site, foule.DayOf(now, time.UTC)-age, fmt.Sprintf("fill/%d/%d", site, n))))
		}
	}
}

// crowd is a batch of one site's day.
func crowd(rng *rand.Rand, site foule.SiteID, day foule.Day, token string) *storage.Batch {
	some := func(dim, by foule.Dimension) (m foule.Metrics) {
		for _, used := range dim.Metrics(by) {
			m[used] = rng.Int64N(1000) - 100
		}
		always := foule.Visits // so that the row is one
		if !slices.Contains(dim.Metrics(by), always) {
			always = foule.Hits
		}
		m[always] = 1 + rng.Int64N(50)
		return m
	}
	b := &storage.Batch{Token: token}
	for dim := range foule.Dimension(foule.NumDimensions) {
		for _, label := range labels[:1+rng.IntN(len(labels))] {
			if dim == foule.DimTotal && label != "" {
				break
			}
			b.Days = append(b.Days, storage.DayRow{Site: site, Day: day, Dim: dim, Label: label, Metrics: some(dim, foule.DimTotal)})
			if dim.Info().TwoWay {
				b.Days = append(b.Days, storage.DayRow{Site: site, Day: day, Dim: dim, Label: label, By: foule.DimCountry, ByLabel: "FR", Metrics: some(dim, foule.DimCountry)})
			}
			if dim == foule.DimTotal || dim.Info().Filter {
				b.Hours = append(b.Hours, storage.HourRow{Site: site, Hour: int64(day)*24 + rng.Int64N(24), Dim: dim, Label: label, Metrics: some(dim, foule.DimTotal)})
			}
		}
	}
	if day == foule.DayOf(now, time.UTC) {
		for i := range int64(5) {
			b.Minutes = append(b.Minutes, storage.MinuteRow{Site: site, Minute: int64(day)*1440 + 200*i + rng.Int64N(100), Metrics: some(foule.DimTotal, foule.DimTotal)})
		}
	}
	return b
}

func options(from, to move.Store) move.Options {
	return move.Options{From: from, To: to, Origin: "sqlite:/a/foule.db", Now: func() time.Time { return now }}
}

// run moves and wants both ends to be found equal.
func run(t *testing.T, o move.Options) move.Result {
	t.Helper()
	r, err := move.Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	if !r.Check.Equal() {
		t.Fatalf("the ends differ: %+v", r.Check.Differences)
	}
	return r
}

// content is everything that a store has to have after a move.
type content struct {
	Sites  []foule.Site
	Last   map[foule.SiteID]uint32
	Users  []storage.User
	Tokens []storage.Token
	Erased []storage.Erasure
	Tables map[string]storage.TableResult
	Points map[string][]storage.Point
	Here   map[foule.SiteID][]storage.MinuteRow
}

func contentOf(t *testing.T, s move.Store) (c content) {
	t.Helper()
	ctx := context.Background()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var err error
	c.Sites, err = s.Sites(ctx)
	check(err)
	c.Users, err = s.Users(ctx)
	check(err)
	c.Tokens, err = s.Tokens(ctx)
	check(err)
	c.Erased, err = s.Erasures(ctx)
	check(err)
	c.Last, c.Tables, c.Points, c.Here = map[foule.SiteID]uint32{}, map[string]storage.TableResult{}, map[string][]storage.Point{}, map[foule.SiteID][]storage.MinuteRow{}
	today := foule.DayOf(now, time.UTC)
	for _, site := range []foule.SiteID{1, 2, 4_000_000_000} {
		if site < 3 {
			c.Last[site], err = s.LastGoal(ctx, site)
			check(err)
		}
		for dim := range foule.Dimension(foule.NumDimensions) {
			for _, filter := range []*storage.Filter{nil, {Dim: foule.DimCountry, Label: "FR"}} {
				if filter != nil && dim != foule.DimTotal && !dim.Info().TwoWay {
					continue
				}
				key := fmt.Sprintf("%d %v %t", site, dim, filter != nil)
				c.Tables[key], err = s.Table(ctx, storage.TableQuery{Site: site, From: today - 100, To: today, Dim: dim, Filter: filter, Sort: foule.Visits})
				check(err)
			}
		}
		for _, grain := range []storage.Grain{storage.GrainHour, storage.GrainDay, storage.GrainMonth} {
			c.Points[fmt.Sprint(site, grain)], err = storage.Series(ctx, s, storage.SeriesQuery{Site: site, Grain: grain, From: today - 100, To: today, FromHour: int64(today-100) * 24, ToHour: int64(today+1) * 24})
			check(err)
		}
		c.Here[site], err = s.Minutes(ctx, site, int64(today)*1440, int64(today+1)*1440)
		check(err)
	}
	return c
}

func sameContent(t *testing.T, from, to move.Store) {
	t.Helper()
	if d := cmp.Diff(contentOf(t, from), contentOf(t, to), cmpopts.EquateEmpty()); d != "" {
		t.Errorf("the ends differ (-from +to):\n%.4000s", d)
	}
}

// ways runs a test from SQLite to SQLite and to a modern ClickHouse; with all,
// in the other directions too.
func ways(t *testing.T, all bool, test func(t *testing.T, from, to end)) {
	t.Run("sqlite to sqlite", func(t *testing.T) { test(t, embedded, embedded) })
	t.Run("chdb", func(t *testing.T) {
		served := server(t, clickhousetest.ChDB)
		t.Run("sqlite to clickhouse", func(t *testing.T) { test(t, embedded, served) })
		if all {
			t.Run("clickhouse to sqlite", func(t *testing.T) { test(t, served, embedded) })
			t.Run("clickhouse to clickhouse", func(t *testing.T) { test(t, served, served) })
		}
	})
}

// server starts an engine, on which each store has a database of its own.
func server(t *testing.T, kind string) end {
	e := clickhousetest.Start(t, kind)
	return func(t *testing.T) move.Store {
		t.Helper()
		o := clickhouse.Options{DSN: e.Database(t)}
		if kind == clickhousetest.Debian {
			o.DSN += "?old_server=accept"
		}
		s, err := clickhouse.Open(o)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		if err := s.Migrate(context.Background(), func(clickhouse.Step) {}); err != nil {
			t.Fatal(err)
		}
		return s
	}
}

// TestOldServer: Debian's server takes and gives everything too. It knows no
// batch tokens, so an interrupted move may count a part twice there, which the
// verification then finds.
func TestOldServer(t *testing.T) {
	t.Parallel()
	old := server(t, clickhousetest.Debian)
	a, b, c := embedded(t), old(t), embedded(t)
	inhabit(t, a)
	run(t, options(a, b))
	o := options(b, c)
	o.Origin = "clickhouse://b"
	run(t, o)
	sameContent(t, a, c)
}

func TestEverythingGoesOver(t *testing.T) {
	t.Parallel()
	ways(t, true, func(t *testing.T, from, to end) {
		a, b := from(t), to(t)
		inhabit(t, a)
		r := run(t, options(a, b))
		if r.Parts != 15 || r.Sites != 2 || r.Users != 2 || r.Tokens != 2 || r.Erased != 2 || r.Rows == 0 || r.Resumed || r.LeftOut != 0 {
			t.Errorf("result %+v", r)
		}
		sameContent(t, a, b)
		months := map[foule.Month]bool{}
		for _, age := range ages {
			months[(foule.DayOf(now, time.UTC) - age).Month()] = true
		}
		if n := len(r.Check.Months); n != 3*len(months) {
			t.Errorf("%d months of sites were compared, want %d", n, 3*len(months))
		}
		if _, err := b.Session(context.Background(), storage.HashToken("s")); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("a log-in went over: %v", err)
		}
		if id, err := b.AddGoal(context.Background(), 1, foule.Goal{Name: "next"}); err != nil || id != 4 {
			t.Errorf("the next goal gets number %d, %v; want 4", id, err)
		}
		if id, err := b.AddSite(context.Background(), foule.Site{Name: "next"}); err != nil || id != 4 { // 3 was erased
			t.Errorf("the next site gets number %d, %v; want 4", id, err)
		}
	})
}

// TestInterrupted: a move that is stopped after any part, or that dies between
// a part and its note, is gone on with and counts nothing twice.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	ways(t, false, func(t *testing.T, from, to end) {
		a, b := from(t), to(t)
		inhabit(t, a)
		stops := 0
		for ; ; stops++ {
			ctx, cancel := context.WithCancel(context.Background())
			o := options(a, b)
			began := false
			o.Progress = func(p move.Progress) {
				if p.Stage == move.Copying && began {
					cancel()
				}
				began = true
			}
			if stops%2 == 1 {
				o.To = &forgetful{Store: b, notes: 2}
			}
			r, err := move.Run(ctx, o)
			cancel()
			if r.Resumed != (stops > 0) {
				t.Errorf("run %d: resumed %t", stops, r.Resumed)
			}
			if err == nil {
				break
			}
			if !errors.Is(err, context.Canceled) && !errors.Is(err, errForgot) {
				t.Fatal(err)
			}
		}
		if stops < 5 {
			t.Errorf("only %d interruptions", stops)
		}
		sameContent(t, a, b)
	})
}

var errForgot = errors.New("the note was lost")

// forgetful loses every note but the first few.
type forgetful struct {
	move.Store
	notes int
}

func (f *forgetful) SetMeta(ctx context.Context, key, value string) error {
	if f.notes--; f.notes < 0 {
		return errForgot
	}
	return f.Store.SetMeta(ctx, key, value)
}

// TestTargets: which targets are taken.
func TestTargets(t *testing.T) {
	ctx := context.Background()
	today := foule.DayOf(now, time.UTC)
	counted := func(t *testing.T, s move.Store, site foule.SiteID) {
		if err := s.Apply(ctx, crowd(rand.New(rand.NewPCG(3, 4)), site, today, "own/0/1")); err != nil {
			t.Fatal(err)
		}
	}
	begun := func(origin string, copied int) func(*testing.T, move.Store) {
		return func(t *testing.T, s move.Store) {
			if err := s.SetMeta(ctx, "move", fmt.Sprintf(`{"id":"x","origin":%q,"copied":%d}`, origin, copied)); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, row := range []struct {
		name    string
		prepare func(t *testing.T, s move.Store)
		add     bool
		want    error
	}{
		{"an empty one", func(*testing.T, move.Store) {}, false, nil},
		{"one after its first start", func(t *testing.T, s move.Store) {
			if _, err := s.AddSite(ctx, foule.Site{Name: "My site"}); err != nil {
				t.Fatal(err)
			}
			if _, err := s.AddUser(ctx, storage.User{Email: "admin@localhost", Role: storage.RoleAdmin}); err != nil {
				t.Fatal(err)
			}
		}, false, nil},
		{"one with figures", func(t *testing.T, s move.Store) { counted(t, s, 77) }, false, move.ErrOccupied},
		{"one with figures, beside them", func(t *testing.T, s move.Store) { counted(t, s, 77) }, true, nil},
		{"one with figures of the same site", func(t *testing.T, s move.Store) { counted(t, s, 2) }, true, move.ErrBoth},
		{"one that people use", inhabit, false, move.ErrOccupied},
		{"one in which something was erased", func(t *testing.T, s move.Store) {
			if err := s.PutErasure(ctx, storage.Erasure{Kind: storage.ErasedRange, Site: 77}); err != nil {
				t.Fatal(err)
			}
		}, false, move.ErrOccupied},
		{"one begun from elsewhere", begun("sqlite:/b/foule.db", 0), false, move.ErrBegun},
		{"one that took another's sites before", begun("sqlite:/b/foule.db", 1), true, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			a, b := embedded(t), embedded(t)
			inhabit(t, a)
			row.prepare(t, b)
			o := options(a, b)
			o.Add = row.add
			if _, err := move.Run(ctx, o); !errors.Is(err, row.want) {
				t.Fatalf("%v, want %v", err, row.want)
			}
			if row.want == nil {
				run(t, o)
			}
			if users, err := b.Users(ctx); err != nil || row.add && len(users) != 0 || !row.add && row.want == nil && len(users) != 2 {
				t.Errorf("users %v, %v", users, err)
			}
			if trail, err := b.Erasures(ctx); err != nil || row.want == nil && len(trail) != map[bool]int{true: 1, false: 2}[row.add] {
				t.Errorf("trail %+v, %v", trail, err) // beside others that of the sites that go over, once
			}
		})
	}
}

// TestRetention: what the target would delete at once stays behind.
func TestRetention(t *testing.T) {
	a, b := embedded(t), embedded(t)
	inhabit(t, a)
	o := options(a, b)
	o.Keep = foule.DayOf(now, time.UTC) - 40
	if r := run(t, o); r.Parts != 12 || r.LeftOut != 3 {
		t.Errorf("%d parts moved and %d left out, want 12 and 3", r.Parts, r.LeftOut)
	}
	if first, _, ok, err := b.DataRange(context.Background(), 1); !ok || err != nil || first != o.Keep {
		t.Errorf("the target begins on %v, %v; want %v", first, err, o.Keep)
	}
}
