package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"foule.eu/foule"
	"foule.eu/foule/internal/clickhousetest"
	"foule.eu/foule/storage"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// Several dashboards at once, each a process of its own as far as the store
// knows: no number is given twice, and nobody has another's e-mail.
func TestTwoDashboards(t *testing.T) {
	ctx := context.Background()
	engines(t, func(t *testing.T, e *clickhousetest.Engine) {
		s := openOn(t, e, Options{})
		one, err := s.AddSite(ctx, foule.Site{Name: "one"})
		if err != nil {
			t.Fatal(err)
		}
		const dashboards, rounds = 3, 4
		var mu sync.Mutex
		var sites, goals, users []int64 // as they were answered
		var others []error
		var work sync.WaitGroup
		for d := range dashboards {
			s := openWith(t, s.Options)
			work.Go(func() {
				for round := range rounds {
					site, errSite := s.AddSite(ctx, foule.Site{Name: fmt.Sprintf("%d/%d", d, round)})
					goal, errGoal := s.AddGoal(ctx, one, foule.Goal{Name: "g"})
					user, errUser := s.AddUser(ctx, storage.User{Email: fmt.Sprintf("u%d@example.org", round)})
					mu.Lock()
					if errSite == nil {
						sites = append(sites, int64(site))
					}
					if errGoal == nil {
						goals = append(goals, int64(goal))
					}
					if errUser == nil {
						users = append(users, user)
					}
					for _, err := range []error{errSite, errGoal, errUser} {
						if err != nil && !errors.Is(err, storage.ErrConflict) {
							others = append(others, err)
						}
					}
					mu.Unlock()
				}
			})
		}
		work.Wait()
		for _, err := range others {
			t.Error(err)
		}
		for what, ids := range map[string][]int64{"sites": sites, "goals": goals, "users": users} {
			slices.Sort(ids)
			if n := len(ids); n == 0 || len(slices.Compact(ids)) != n {
				t.Errorf("%s: ids %v", what, ids)
			}
		}
		all, err := s.Sites(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if len(all) != 1+len(sites) || len(all[0].Goals) != len(goals) {
			t.Errorf("%d sites and %d goals, answered were %d and %d", len(all), len(all[0].Goals), len(sites)+1, len(goals))
		}
		emails := map[string]int64{}
		there, err := s.Users(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range there {
			if other := emails[u.Email]; other != 0 {
				t.Errorf("users %d and %d have the e-mail %s", other, u.ID, u.Email)
			}
			emails[u.Email] = u.ID
		}
		if len(there) != len(users) {
			t.Errorf("%d users, answered were %d", len(there), len(users))
		}
	})
}

// Merging the rows of a setting changes nothing that is read.
func TestSettingsMerged(t *testing.T) {
	ctx := context.Background()
	engines(t, func(t *testing.T, e *clickhousetest.Engine) {
		s := openOn(t, e, Options{})
		id, err := s.AddSite(ctx, foule.Site{Name: "a", Goals: []foule.Goal{{Name: "one"}, {Name: "two"}, {Name: "three"}}})
		if err != nil {
			t.Fatal(err)
		}
		session := storage.Session{Hash: storage.HashToken("s"), UserID: 1, Purpose: "login", Expires: 33_000_000_000}
		gone := storage.Session{Hash: storage.HashToken("g"), UserID: 1, Purpose: "login", Expires: 33_000_000_000}
		for _, err := range []error{
			s.UpdateSite(ctx, foule.Site{ID: id, Name: "b"}),
			s.DeleteGoal(ctx, id, 2),
			s.UpdateGoal(ctx, id, foule.Goal{ID: 3, Name: "3"}),
			s.AddSession(ctx, session),
			s.AddSession(ctx, gone),
			s.DeleteSession(ctx, gone.Hash),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		look := func() (all []any) {
			t.Helper()
			site, err := s.Site(ctx, id)
			there, errThere := s.Session(ctx, session.Hash)
			_, errGone := s.Session(ctx, gone.Hash)
			if err != nil || errThere != nil || !errors.Is(errGone, storage.ErrNotFound) {
				t.Fatal(err, errThere, errGone)
			}
			return []any{site, there}
		}
		before := look()
		for _, table := range []string{"site", "goal", "session"} {
			if err := s.conn.Exec(ctx, "optimize table "+table+" final"); err != nil {
				t.Fatal(err)
			}
		}
		if d := cmp.Diff(before, look(), cmpopts.EquateEmpty()); d != "" {
			t.Errorf("merged (-before +after):\n%s", d)
		}
		if n, err := s.AddGoal(ctx, id, foule.Goal{Name: "four"}); err != nil || n != 4 {
			t.Errorf("AddGoal = %d, %v, want 4", n, err)
		}
	})
}

// What has expired leaves the disk by itself where the server knows TTL, and
// with it the hash of a session that was deleted.
func TestSessionsVanish(t *testing.T) {
	ctx := context.Background()
	e := clickhousetest.Start(t, clickhousetest.ChDB)
	s := openOn(t, e, Options{})
	old := storage.Session{Hash: storage.HashToken("old"), Purpose: "login", Expires: 1_000}
	live := storage.Session{Hash: storage.HashToken("live"), Purpose: "login", Expires: 33_000_000_000}
	for _, err := range []error{s.AddSession(ctx, old), s.DeleteSession(ctx, old.Hash), s.AddSession(ctx, live)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := s.conn.Exec(ctx, "optimize table session final"); err != nil {
		t.Fatal(err)
	}
	var rows, ours uint64
	if err := s.conn.QueryRow(ctx, "select count(), countIf(hash = unhex('"+fmt.Sprintf("%X", live.Hash)+"')) from session").Scan(&rows, &ours); err != nil {
		t.Fatal(err)
	}
	if rows != 1 || ours != 1 {
		t.Errorf("%d rows are left, %d of them the live session", rows, ours)
	}
}
