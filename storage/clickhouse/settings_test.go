package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/internal/clickhousetest"
	"foule.eu/foule/storage"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// Several dashboards at once, each a process of its own as far as the store
// knows: no number is given twice, and nobody has another's e-mail.
func TestTwoDashboards(t *testing.T) {
	engines(t, func(t *testing.T, e *clickhousetest.Engine) {
		s := openOn(t, e, Options{})
		dashboardsAtOnce(t, s, openWith(t, s.Options), openWith(t, s.Options))
	})
}

// answered are the ids that dashboards were given.
type answered struct {
	mu                  sync.Mutex
	sites, goals, users []int64
	errs                []error // other than ErrConflict
}

func (a *answered) add(to *[]int64, id int64, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case err == nil:
		*to = append(*to, id)
	case !errors.Is(err, storage.ErrConflict):
		a.errs = append(a.errs, err)
	}
}

func dashboardsAtOnce(t *testing.T, dashboards ...*Store) {
	t.Helper()
	ctx := context.Background()
	s := dashboards[0]
	one, err := s.AddSite(ctx, foule.Site{Name: "one"})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range dashboards {
		until(t, func() error { _, err := d.Site(ctx, one); return err }, func(err error) bool { return err == nil })
	}
	var got answered
	var work sync.WaitGroup
	for _, d := range dashboards {
		work.Go(func() {
			for round := range 4 {
				site, err := d.AddSite(ctx, foule.Site{Name: "x"})
				got.add(&got.sites, int64(site), err)
				goal, err := d.AddGoal(ctx, one, foule.Goal{Name: "g"})
				got.add(&got.goals, int64(goal), err)
				user, err := d.AddUser(ctx, storage.User{Email: fmt.Sprintf("u%d@example.org", round)})
				got.add(&got.users, user, err)
			}
		})
	}
	work.Wait()
	for _, err := range got.errs {
		t.Error(err)
	}
	for what, ids := range map[string][]int64{"sites": got.sites, "goals": got.goals, "users": got.users} {
		slices.Sort(ids)
		if different := slices.Compact(slices.Clone(ids)); what != "users" && len(ids) == 0 || len(different) != len(ids) {
			t.Fatalf("%s: ids %v", what, ids)
		}
	}
	for _, d := range dashboards {
		until(t, func() error { return d.shows(ctx, &got) }, func(err error) bool { return err == nil })
	}
}

// shows looks for everything that was answered, and for nothing else.
func (s *Store) shows(ctx context.Context, got *answered) error {
	sites, err := s.Sites(ctx)
	if err != nil {
		return err
	}
	users, err := s.Users(ctx)
	if err != nil {
		return err
	}
	emails := map[string]bool{}
	for _, u := range users {
		emails[u.Email] = true
	}
	if len(sites) != 1+len(got.sites) || len(sites[0].Goals) != len(got.goals) || len(users) != len(got.users) || len(emails) != len(users) {
		return fmt.Errorf("%d sites, %d goals, %d users with %d e-mails; answered were %d, %d, %d",
			len(sites), len(sites[0].Goals), len(users), len(emails), 1+len(got.sites), len(got.goals), len(got.users))
	}
	return nil
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

// until repeats a call until what it gives is as wanted, and gives that.
func until[T any](t *testing.T, call func() T, wanted func(T) bool) T {
	t.Helper()
	end := time.Now().Add(2 * time.Minute)
	for {
		got := call()
		if wanted(got) {
			return got
		}
		if time.Now().After(end) {
			t.Fatalf("still %v", got)
		}
		time.Sleep(50 * time.Millisecond)
	}
}
