package clickhouse

import (
	"context"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/internal/clickhousetest"
	"foule.eu/foule/storage"
)

const grantsFile = "../../deploy/clickhouse/grants.sql"

// grantsOf reads what the file grants a role, for a database of that name and
// without the TO, as Restrict takes it.
func grantsOf(t *testing.T, role, database string) (grants []string) {
	t.Helper()
	for _, statement := range grantStatements(t) {
		what, whom, ok := strings.Cut(statement, " to ")
		if ok && slices.Contains(strings.Split(whom, ", "), role) {
			grants = append(grants, strings.ReplaceAll(what, " foule.", " "+database+"."))
		}
	}
	if len(grants) == 0 {
		t.Fatalf("%s grants nothing to %s", grantsFile, role)
	}
	return grants
}

func grantStatements(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile(grantsFile)
	if err != nil {
		t.Fatal(err)
	}
	return statements(string(text))
}

// The server knows every statement of the file. It cannot run those about
// roles: the library has no place to keep them.
func TestGrantsFile(t *testing.T) {
	e := clickhousetest.Start(t, clickhousetest.ChDB)
	conn := clickhousetest.Connect(t, e.DSN)
	defer conn.Close()
	for _, statement := range grantStatements(t) {
		var tree string
		if err := conn.QueryRow(context.Background(), "explain ast "+statement).Scan(&tree); err != nil {
			t.Errorf("%s: %v", statement, err)
		}
	}
}

// Each role does its own work, and nothing else: the server refuses it. This is
// invariant I7, tried on an engine that enforces grants.
func TestRoles(t *testing.T) {
	e := clickhousetest.Start(t, clickhousetest.ChDB)
	s := unmigrated(t, e)
	s.KeepMonths = 1200 // its days are fixed ones
	migrate(t, s)
	id, err := s.AddSite(context.Background(), foule.Site{Name: "one", Goals: []foule.Goal{{Name: "g"}}})
	if err != nil {
		t.Fatal(err)
	}
	token := storage.Token{Hash: storage.HashToken("t"), Name: "t"}
	if _, err := s.AddToken(context.Background(), token); err != nil {
		t.Fatal(err)
	}
	if _, err := s.AddUser(context.Background(), storage.User{Email: "ada@example.org"}); err != nil {
		t.Fatal(err)
	}
	made := tablesOf(t, s)
	for _, role := range []struct {
		name         string
		read, insert string // names of tables, as a pattern
		erase        string // the same, of those that it may delete rows of; "" for none
		create       bool
		use          func(*testing.T, *Store)
	}{
		{"foule_collector", "^(site|goal|token|schema_migration)$", "^stats_", "", false,
			func(t *testing.T, s *Store) { asCollector(t, s, id, token.Hash) }},
		{"foule_dashboard", ".", "^(site|goal|user|session|token|meta|claim)$", "", false,
			func(t *testing.T, s *Store) { asDashboard(t, s, id) }},
		{"foule_migrate", "^(schema_migration|stats_day|stats_month)$", "^(schema_migration|stats_month)$", "", true,
			func(t *testing.T, s *Store) { asMigrator(t, s) }},
		{"foule_erase", ".", "^(stats_.*|erasure|claim)$", "^(stats_.*|site|goal|token)$", false,
			func(t *testing.T, s *Store) { asEraser(t, s) }},
	} {
		t.Run(role.name, func(t *testing.T) {
			e.Restrict(t, grantsOf(t, role.name, s.database)...)
			t.Cleanup(func() { e.Restrict(t) })
			role.use(t, openWith(t, s.Options))
			conn := clickhousetest.Connect(t, s.DSN)
			defer conn.Close()
			may := func(statement string, want bool) {
				t.Helper()
				err := conn.Exec(context.Background(), statement)
				if denied(err) == want || want && err != nil {
					t.Errorf("%s: %v, allowed should be %v", statement, err, want)
				}
			}
			reads, inserts := regexp.MustCompile(role.read), regexp.MustCompile(role.insert)
			for _, table := range slices.Sorted(maps.Keys(made)) {
				may("select count() from "+table, reads.MatchString(table))
				may(fmt.Sprintf("insert into %s (%s) select 0 where 0", table, made[table].number()), inserts.MatchString(table))
				erases := role.erase != "" && regexp.MustCompile(role.erase).MatchString(table)
				may("alter table "+table+" delete where 0", erases)
				may("optimize table "+table+" final", erases && strings.HasPrefix(table, "stats_") || role.erase != "" && table == "erasure")
				if drop := "alter table " + table + " drop partition tuple()"; denied(conn.Exec(context.Background(), drop)) == erases { // the same right as to delete
					t.Errorf("%s: allowed should be %v", drop, erases)
				}
				may("truncate table "+table, false)
				may("drop table "+table, false)
				may("rename table "+table+" to "+table+"_x", false)
				if table == "claim" || table == "user" { // not replicated, which is said to whom may ask
					err := conn.Exec(context.Background(), "system sync replica "+table)
					if denied(err) == (role.name == "foule_dashboard" || role.name == "foule_erase" && table == "claim") {
						t.Errorf("system sync replica %s: %v", table, err)
					}
				}
			}
			// A table over all shards, of a cluster that there is not.
			over := conn.Exec(context.Background(), "create table y (a UInt8) engine = Distributed('nosuch', 'd', 't')")
			if over == nil || denied(over) == role.create {
				t.Errorf("a distributed table: %v, allowed should be %v", over, role.create)
			}
			may("create table x (a UInt8) engine = Null", role.create)
			may("create table default.x (a UInt8) engine = Null", false)
			may("create database x", false)
			may("drop database "+s.database, false)
			may("create user x identified with no_password", false)
			may("grant select on *.* to default", false)
			may("select * from file('/etc/passwd', 'LineAsString')", false)
			may("system shutdown", false)
		})
	}
}

// tablesOf gives the tables that migrations make.
func tablesOf(t *testing.T, s *Store) map[string]made {
	t.Helper()
	srv, err := s.known(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	steps, err := readSteps(s.dialect(srv))
	if err != nil {
		t.Fatal(err)
	}
	made, err := madeBy(steps)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// lacks checks that a call failed for want of a grant, and names it.
func lacks(t *testing.T, what string, err error, grant string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), "lacks the grant "+grant) {
		t.Errorf("%s: %v, want that it lacks the grant %s", what, err, grant)
		return
	}
	wantKind(t, err, storage.ErrUnavailable)
}

func batchOf(site foule.SiteID, token string) *storage.Batch {
	one := foule.Metrics{}
	one[foule.Visits] = 1
	return &storage.Batch{
		Token:   token,
		Minutes: []storage.MinuteRow{{Site: site, Minute: 29_000_000, Metrics: one}},
		Hours:   []storage.HourRow{{Site: site, Hour: 490_000, Metrics: one}},
		Days:    []storage.DayRow{{Site: site, Day: 20_524, Metrics: one}},
	}
}

func asCollector(t *testing.T, s *Store, site foule.SiteID, hash [32]byte) {
	ctx := context.Background()
	s.Use = UseCollector
	if err := s.Check(ctx); err != nil {
		t.Error(err)
	}
	if err := s.Apply(ctx, batchOf(site, "c/0/1")); err != nil {
		t.Error(err)
	}
	if sites, err := s.Sites(ctx); err != nil || len(sites) != 1 || len(sites[0].Goals) != 1 {
		t.Errorf("Sites = %+v, %v", sites, err)
	}
	if _, err := s.TokenByHash(ctx, hash); err != nil {
		t.Error(err)
	}
	_, err := s.Table(ctx, storage.TableQuery{Site: site, From: 20_524, To: 20_524})
	lacks(t, "Table", err, "SELECT")
	_, err = s.Users(ctx)
	lacks(t, "Users", err, "SELECT")
	_, err = s.Session(ctx, hash)
	lacks(t, "Session", err, "SELECT")
	_, err = s.Erasures(ctx)
	lacks(t, "Erasures", err, "SELECT")
	_, err = s.Erase(ctx, storage.EraseOrder{Kind: storage.ErasedSite, Site: site, At: time.Now()})
	lacks(t, "Erase", err, "SELECT")
	lacks(t, "UpdateSite", s.UpdateSite(ctx, foule.Site{ID: site}), "INSERT")
	if err := s.Prune(ctx, time.Now()); err != nil {
		t.Error(err)
	}
	s.Use = UseDashboard
	away(t, s.Check(ctx), "the user may not see it", "deploy/clickhouse/grants.sql")
}

func asDashboard(t *testing.T, s *Store, site foule.SiteID) {
	ctx := context.Background()
	s.Use = UseDashboard
	if err := s.Check(ctx); err != nil {
		t.Error(err)
	}
	if err := s.Prune(ctx, time.Now()); err != nil {
		t.Error(err)
	}
	if res, err := s.Table(ctx, storage.TableQuery{Site: site, From: 20_524, To: 20_524}); err != nil || res.Sum[foule.Visits] != 1 {
		t.Errorf("Table = %+v, %v", res.Sum, err)
	}
	goal, err := s.AddGoal(ctx, site, foule.Goal{Name: "h"})
	if err != nil {
		t.Error(err)
	}
	session := storage.Session{Hash: storage.HashToken("s"), Purpose: "login", Expires: 33_000_000_000}
	user, err := s.AddUser(ctx, storage.User{Email: "bob@example.org"})
	if err != nil {
		t.Error(err)
	}
	if _, err := s.AddToken(ctx, storage.Token{Hash: storage.HashToken("u")}); err != nil {
		t.Error(err)
	}
	for _, err := range []error{
		s.UpdateSite(ctx, foule.Site{ID: site, Name: "two"}), s.DeleteGoal(ctx, site, goal),
		s.UpdateUser(ctx, storage.User{ID: user, Email: "bob@example.net"}),
		s.AddSession(ctx, session), s.DeleteSession(ctx, session.Hash), s.DeleteExpiredSessions(ctx, 1), s.SetMeta(ctx, "k", "v"),
	} {
		if err != nil {
			t.Error(err)
		}
	}
	lacks(t, "Apply", s.Apply(ctx, batchOf(site, "c/0/2")), "INSERT")
	nothingErased(t, s, site)
	s.Use = UseCollector
	lacks(t, "Check for the collector", s.Check(ctx), "INSERT")
}

// nothingErased checks that erasing is refused for want of a right, before
// anything was noted or done.
func nothingErased(t *testing.T, s *Store, site foule.SiteID) {
	t.Helper()
	_, err := s.Erase(context.Background(), storage.EraseOrder{Kind: storage.ErasedSite, Site: site, At: time.Now()})
	lacks(t, "Erase", err, "INSERT")
	if trail, err := s.Erasures(context.Background()); err != nil || len(trail) != 0 {
		t.Errorf("Erasures = %+v, %v", trail, err)
	}
}

// asEraser erases all there is to erase.
func asEraser(t *testing.T, s *Store) {
	ctx := context.Background()
	sites, err := s.Sites(ctx)
	if err != nil || len(sites) != 1 {
		t.Fatalf("Sites = %+v, %v", sites, err)
	}
	for _, o := range []storage.EraseOrder{
		{Kind: storage.ErasedLabel, Match: storage.LabelMatch{Text: "/x", Contains: true}},
		{Kind: storage.ErasedRange, From: 20_524, To: 20_524},
		{Kind: storage.ErasedSite},
	} {
		o.Site, o.At = sites[0].ID, time.Now()
		if e, err := s.Erase(ctx, o); err != nil || e.Done == 0 {
			t.Errorf("Erase(%s) = %+v, %v", o.Kind, e, err)
		}
	}
	if err := s.RepeatErasures(ctx, time.Now().Add(storage.EraseStands*2)); err != nil {
		t.Error(err)
	}
	lacks(t, "UpdateSite", s.change("x", func() error { return s.putSite(ctx, siteRow{Site: sites[0]}) }), "INSERT")
	_, err = s.AddUser(ctx, storage.User{Email: "eve@example.org"})
	lacks(t, "AddUser", err, "INSERT")
}

// asMigrator changes what there is, and begins anew where there is nothing.
func asMigrator(t *testing.T, s *Store) {
	ctx := context.Background()
	s.KeepMonths = 13
	if err := s.Migrate(ctx, func(Step) {}); err != nil {
		t.Error(err)
	}
	_, err := s.Sites(ctx)
	lacks(t, "Sites", err, "SELECT")
}

// The migrator's role is enough to begin with an empty database.
func TestMigrateAsRole(t *testing.T) {
	ctx := context.Background()
	e := clickhousetest.Start(t, clickhousetest.ChDB)
	s := openWith(t, Options{DSN: e.Database(t)})
	e.Restrict(t, append(grantsOf(t, "foule_migrate", s.database), grantsOf(t, "foule_dashboard", s.database)...)...)
	if err := s.Migrate(ctx, func(Step) {}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.AddSite(ctx, foule.Site{Name: "first"}); err != nil {
		t.Error(err)
	}
	if _, err := s.AddUser(ctx, storage.User{Email: "ada@example.org", Role: storage.RoleAdmin}); err != nil {
		t.Error(err)
	}
}
