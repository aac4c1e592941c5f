package storagetest

import (
	"context"
	"errors"
	"testing"

	"foule.eu/foule"
	"foule.eu/foule/storage"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// fullSite has something in every field.
func fullSite() foule.Site {
	return foule.Site{
		Name: "L'été \"😀\"", Hosts: []string{"example.org", "*.example.net"}, Timezone: "Europe/Paris", Currency: "CHF", Created: 1_770_000_000,
		AnyHost: true, KeepQuery: []string{"id", "page"}, KeepFragment: true, NoSiteSearch: true,
		SearchParams: []string{"q"}, SearchCategoryParams: []string{"cat"}, IgnoreDNT: true,
		ExcludedIPs: []string{"192.0.2.0/24", "198.51.100.*"}, ExcludedAgents: []string{"check'; --"}, ExcludedPaths: []string{"/admin*"},
		ExcludedQuery: []string{"preview", "mode=test"}, ExcludedReferrers: []string{"pay.example"},
		Privacy: foule.Privacy{
			Preset: foule.PresetCNIL, Since: 20_000, Off: []foule.Feature{foule.FeatureCities}, Rounded: true, Consent: true,
			Scrub: []string{`\bDOSS-\d+`}, Controller: "Mairie d'Été", Contact: "dpo@example.org", PolicyURL: "https://example.org/vie-privée", Reviewed: 20_001,
		},
		Dimensions: []foule.CustomDimension{{ID: 3, Name: "plan", Scope: foule.ScopeVisit, Slot: 2}, {ID: 4, Name: "l'ancien", Scope: foule.ScopeAction, Off: true}},
		Funnels: []foule.Funnel{{ID: 1, Name: "buy", Steps: []foule.FunnelStep{
			{Name: "cart", Match: foule.MatchURL, Pattern: "/cart", PatternType: foule.PatternContains, CaseSensitive: true}, {Goal: 1},
		}}},
		Goals: []foule.Goal{
			{Name: "sign-up", Match: foule.MatchURL, Pattern: "/thanks", PatternType: foule.PatternContains, CaseSensitive: true, Multiple: true, RevenueMinor: 250},
			{Name: "video", Match: foule.MatchEventAction, Pattern: "^pla(y|ying)$", PatternType: foule.PatternRegex, EventValue: true},
		},
	}
}

func settingsSites(t *testing.T, s storage.Store) {
	ctx := context.Background()
	if _, err := s.Site(ctx, 1); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("Site of an empty store: %v, want ErrNotFound", err)
	}
	full := fullSite()
	var err error
	if full.ID, err = s.AddSite(ctx, full); err != nil {
		t.Fatal(err)
	}
	full.Goals[0].ID, full.Goals[1].ID = 1, 2
	bare := foule.Site{ID: 99, Name: "bare"}
	if bare.ID, err = s.AddSite(ctx, bare); err != nil {
		t.Fatal(err)
	}
	if full.ID == 0 || bare.ID <= full.ID {
		t.Errorf("ids %d and %d: want rising ones from 1", full.ID, bare.ID)
	}
	sites := func() []foule.Site {
		t.Helper()
		got, err := s.Sites(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	same(t, "sites", sites(), []foule.Site{full, bare})

	full.Name, full.Hosts, full.AnyHost, full.Timezone = "renamed", nil, false, ""
	change := full
	change.Goals = nil // an update leaves goals alone
	if err := s.UpdateSite(ctx, change); err != nil {
		t.Fatal(err)
	}
	got, err := s.Site(ctx, full.ID)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "updated", got, full)
	same(t, "after update", sites(), []foule.Site{full, bare})
	if err := s.UpdateSite(ctx, foule.Site{ID: 9999}); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("UpdateSite of none: %v, want ErrNotFound", err)
	}
	noSearchParams(t, s, bare)
}

// No list of search parameters stands for Matomo's; an empty list is empty.
func noSearchParams(t *testing.T, s storage.Store, bare foule.Site) {
	ctx := context.Background()
	for _, want := range [][]string{{}, nil} {
		bare.SearchParams = want
		if err := s.UpdateSite(ctx, bare); err != nil {
			t.Fatal(err)
		}
		got, err := s.Site(ctx, bare.ID)
		if err != nil || (got.SearchParams == nil) != (want == nil) || len(got.SearchParams) != 0 {
			t.Errorf("SearchParams %#v, %v, want %#v", got.SearchParams, err, want)
		}
	}
}

func settingsGoals(t *testing.T, s storage.Store) {
	ctx := context.Background()
	one, err := s.AddSite(ctx, foule.Site{Name: "one"})
	if err != nil {
		t.Fatal(err)
	}
	two, err := s.AddSite(ctx, foule.Site{Name: "two", Goals: []foule.Goal{{Name: "there already"}}})
	if err != nil {
		t.Fatal(err)
	}
	add := func(site foule.SiteID, g foule.Goal, want uint32) {
		t.Helper()
		if id, err := s.AddGoal(ctx, site, g); err != nil || id != want {
			t.Fatalf("AddGoal = %d, %v, want %d", id, err, want)
		}
	}
	goals := func(site foule.SiteID) []foule.Goal {
		t.Helper()
		got, err := s.Site(ctx, site)
		if err != nil {
			t.Fatal(err)
		}
		return got.Goals
	}
	a := foule.Goal{ID: 77, Name: "a", Match: foule.MatchURL, Pattern: "/a", PatternType: foule.PatternExact}
	b := foule.Goal{Name: "b", Match: foule.MatchManual, Multiple: true}
	add(one, a, 1) // numbers are the store's, within the site
	add(one, b, 2)
	add(two, b, 2)
	a.ID, b.ID = 1, 2
	same(t, "goals", goals(one), []foule.Goal{a, b})

	b.Name, b.RevenueMinor, b.CaseSensitive = "b2", 1234, true
	if err := s.UpdateGoal(ctx, one, b); err != nil {
		t.Fatal(err)
	}
	same(t, "updated", goals(one), []foule.Goal{a, b})
	if err := s.DeleteGoal(ctx, one, 2); err != nil {
		t.Fatal(err)
	}
	same(t, "deleted", goals(one), []foule.Goal{a})
	// Conversions stay counted under a goal's number: it must not get a second meaning.
	add(one, foule.Goal{Name: "c"}, 3)
	same(t, "other site", len(goals(two)), 2)

	for what, err := range map[string]error{
		"AddGoal to no site":  func() error { _, err := s.AddGoal(ctx, 9999, a); return err }(),
		"UpdateGoal of none":  s.UpdateGoal(ctx, one, foule.Goal{ID: 2}),
		"DeleteGoal of none":  s.DeleteGoal(ctx, one, 2),
		"DeleteGoal, no site": s.DeleteGoal(ctx, 9999, 1),
	} {
		if !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("%s: %v, want ErrNotFound", what, err)
		}
	}
}

func settingsUsers(t *testing.T, s storage.Store) {
	ctx := context.Background()
	ada := storage.User{Email: "Ada@Example.org", Role: storage.RoleAdmin, Language: "fr", Created: 5}
	bob := storage.User{Email: "bob@example.org", PasswordHash: "$argon2id$v=19$x", Role: storage.RoleRead}
	var err error
	if ada.ID, err = s.AddUser(ctx, ada); err != nil {
		t.Fatal(err)
	}
	if bob.ID, err = s.AddUser(ctx, bob); err != nil {
		t.Fatal(err)
	}
	if _, err := s.AddUser(ctx, storage.User{Email: "ADA@example.ORG"}); !errors.Is(err, storage.ErrConflict) {
		t.Errorf("AddUser with a taken e-mail: %v, want ErrConflict", err)
	}
	byEmail, err := s.UserByEmail(ctx, "ada@EXAMPLE.org")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "by e-mail", byEmail, ada)

	bob.Email, bob.PasswordHash, bob.Role, bob.Language = "bob@example.net", "$argon2id$v=19$y", storage.RoleWrite, "en"
	if err := s.UpdateUser(ctx, bob); err != nil {
		t.Fatal(err)
	}
	byID, err := s.UserByID(ctx, bob.ID)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "by id", byID, bob)
	users, err := s.Users(ctx)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "users", users, []storage.User{ada, bob})

	taken := bob
	taken.Email = "ADA@example.org"
	if err := s.UpdateUser(ctx, taken); !errors.Is(err, storage.ErrConflict) {
		t.Errorf("UpdateUser to a taken e-mail: %v, want ErrConflict", err)
	}
	if err := s.UpdateUser(ctx, storage.User{ID: 9999, Email: "x@example.org"}); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("UpdateUser of none: %v, want ErrNotFound", err)
	}
	if _, err := s.UserByEmail(ctx, "bob@example.org"); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("UserByEmail of a former e-mail: %v, want ErrNotFound", err)
	}
	if _, err := s.UserByID(ctx, 9999); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("UserByID of none: %v, want ErrNotFound", err)
	}
}

// Far in the past and far in the future, so that the clock does not matter.
const longAgo, farAhead = 1_000, 33_000_000_000

func settingsSessions(t *testing.T, s storage.Store) {
	ctx := context.Background()
	session := func(name string, expires int64) storage.Session {
		return storage.Session{Hash: storage.HashToken(name), UserID: 3, Purpose: "login", Created: 7, Expires: expires}
	}
	live, setup, old := session("live", farAhead), session("setup", farAhead+1), session("old", longAgo)
	setup.Purpose = "setup"
	for _, v := range []storage.Session{live, setup, old} {
		if err := s.AddSession(ctx, v); err != nil {
			t.Fatal(err)
		}
	}
	has := func(v storage.Session, want bool) {
		t.Helper()
		got, err := s.Session(ctx, v.Hash)
		switch {
		case want && err != nil:
			t.Errorf("Session: %v", err)
		case want:
			same(t, "session", got, v)
		case !errors.Is(err, storage.ErrNotFound):
			t.Errorf("Session: %v, want ErrNotFound", err)
		}
	}
	has(live, true)
	has(setup, true)
	has(old, false)
	has(session("never", farAhead), false)
	if err := s.DeleteExpiredSessions(ctx, farAhead); err != nil {
		t.Fatal(err)
	}
	has(live, false) // Expires is the first second at which it has expired
	has(setup, true)
	for range 2 { // logging out twice is no error
		if err := s.DeleteSession(ctx, setup.Hash); err != nil {
			t.Fatal(err)
		}
	}
	has(setup, false)
}

func settingsTokens(t *testing.T, s storage.Store) {
	ctx := context.Background()
	a := storage.Token{Hash: storage.HashToken("a"), Name: "import", Scope: storage.RoleWrite, Site: 4, Created: 9}
	b := storage.Token{Hash: storage.HashToken("b"), Name: "reports", Scope: storage.RoleRead}
	var err error
	if a.ID, err = s.AddToken(ctx, a); err != nil {
		t.Fatal(err)
	}
	if b.ID, err = s.AddToken(ctx, b); err != nil {
		t.Fatal(err)
	}
	tokens, err := s.Tokens(ctx)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "tokens", tokens, []storage.Token{a, b})
	got, err := s.TokenByHash(ctx, a.Hash)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "by hash", got, a)
	if err := s.DeleteToken(ctx, a.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := s.TokenByHash(ctx, a.Hash); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("TokenByHash of a deleted token: %v, want ErrNotFound", err)
	}
	if err := s.DeleteToken(ctx, a.ID); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("DeleteToken of none: %v, want ErrNotFound", err)
	}
}

func settingsMeta(t *testing.T, s storage.Store) {
	ctx := context.Background()
	for _, want := range []string{"", "first", "second"} {
		if want != "" {
			if err := s.SetMeta(ctx, "collector", want); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := s.Meta(ctx, "collector"); err != nil || got != want {
			t.Errorf("Meta = %q, %v, want %q", got, err, want)
		}
	}
}

// Everything is there after a restart: counters, tokens of batches, settings.
func keptAcrossReopen(t *testing.T, open Open, again bool) {
	ctx := context.Background()
	s, reopen := open(t)
	b := &storage.Batch{
		Token:   "c/0/1",
		Minutes: []storage.MinuteRow{{Site: site, Minute: 29_000_000, Metrics: crowd(1)}},
		Hours:   []storage.HourRow{{Site: site, Hour: 490_000, Metrics: crowd(1)}},
		Days:    []storage.DayRow{plain(march12, foule.DimPage, "/", crowd(3)), under(plain(march12, foule.DimPage, "/", crowd(3)), foule.DimCountry, "FR")},
	}
	applyBatch(t, s, b)
	id, err := s.AddSite(ctx, fullSite())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.AddUser(ctx, storage.User{Email: "ada@example.org", Role: storage.RoleAdmin}); err != nil {
		t.Fatal(err)
	}
	type all struct {
		Table, Filtered storage.TableResult
		Hours           []storage.Point
		Minutes         []storage.MinuteRow
		Sites           []foule.Site
		Users           []storage.User
	}
	look := func(s storage.Store) (v all) {
		t.Helper()
		v.Table = table(t, s, pagesOn(march12))
		q := pagesOn(march12)
		q.Filter = &storage.Filter{Dim: foule.DimCountry, Label: "FR"}
		v.Filtered = table(t, s, q)
		v.Hours = series(t, s, storage.SeriesQuery{Site: site, Grain: storage.GrainHour, FromHour: 490_000, ToHour: 490_000})
		var errs [3]error
		v.Minutes, errs[0] = s.Minutes(ctx, site, 29_000_000, 29_000_001)
		v.Sites, errs[1] = s.Sites(ctx)
		v.Users, errs[2] = s.Users(ctx)
		if err := errors.Join(errs[:]...); err != nil {
			t.Fatal(err)
		}
		return v
	}
	before := look(s)
	s = reopen()
	if again {
		applyBatch(t, s, b) // known: counts nothing
	}
	if d := cmp.Diff(before, look(s), cmpopts.EquateEmpty()); d != "" {
		t.Errorf("after reopening (-before +after):\n%s", d)
	}
	apply(t, s, "c/0/2", plain(march12, foule.DimPage, "/", crowd(1)))
	same(t, "a new batch", visitsBy(table(t, s, pagesOn(march12)).Rows), map[string]int64{"/": 4})
	if next, err := s.AddSite(ctx, foule.Site{Name: "next"}); err != nil || next <= id {
		t.Errorf("AddSite = %d, %v, want more than %d", next, err, id)
	}
}
