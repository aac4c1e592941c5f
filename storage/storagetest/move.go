package storagetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/storage"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// mover gives the store's other half; every engine has it.
func mover(t *testing.T, s storage.Store) storage.Mover {
	t.Helper()
	m, ok := s.(storage.Mover)
	if !ok {
		t.Fatalf("%T is no storage.Mover", s)
	}
	return m
}

// Rows of other sites and days, on either side of midnight by UTC, are listed
// apart; what sums to zero is no row and makes no part.
func moveParts(t *testing.T, s storage.Store) {
	ctx := context.Background()
	m := mover(t, s)
	parts := func() []storage.Part {
		t.Helper()
		got, err := m.Parts(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	same(t, "parts of an empty store", parts(), []storage.Part{})

	const hour, minute = int64(march12) * 24, int64(march12) * 24 * 60 // the first ones of the day
	of := func(site foule.SiteID, r storage.DayRow) storage.DayRow { r.Site = site; return r }
	applyBatch(t, s, &storage.Batch{
		Token: "c/0/1",
		Minutes: []storage.MinuteRow{
			{Site: site, Minute: minute, Metrics: crowd(1)},
			{Site: site, Minute: minute - 1, Metrics: crowd(2)},
			{Site: site + 2, Minute: minute, Metrics: crowd(1)},
		},
		Hours: []storage.HourRow{
			{Site: site, Hour: hour + 23, Metrics: crowd(3)},
			{Site: site, Hour: hour + 24, Metrics: crowd(4)},
			{Site: site, Hour: hour + 23, Dim: foule.DimCountry, Label: "FR", Metrics: crowd(3)},
		},
		Days: []storage.DayRow{
			plain(march12, foule.DimPage, "/b", crowd(3)),
			plain(march12, foule.DimPage, "/a", crowd(2)),
			plain(march12, foule.DimPage, "", crowd(1)),
			plain(march12, foule.DimPage, foule.Other, crowd(7)),
			plain(march12, foule.DimTotal, "", crowd(9)),
			under(plain(march12, foule.DimPage, "/a", crowd(2)), foule.DimCountry, "FR"),
			of(site+1, plain(march12, foule.DimPage, "/a", crowd(5))),
			plain(march12+9, foule.DimPage, "/gone", crowd(5)),
		},
	})
	apply(t, s, "c/0/2", plain(march12+9, foule.DimPage, "/gone", crowd(-5)), plain(march12, foule.DimPage, "/a", crowd(1)))
	same(t, "parts", parts(), []storage.Part{
		{Site: site, Day: march12 - 1}, {Site: site, Day: march12}, {Site: site, Day: march12 + 1},
		{Site: site + 1, Day: march12}, {Site: site + 2, Day: march12},
	})
	partIs(t, m, storage.Part{Site: site, Day: march12}, &storage.Batch{
		Minutes: []storage.MinuteRow{{Site: site, Minute: minute, Metrics: crowd(1)}},
		Hours: []storage.HourRow{
			{Site: site, Hour: hour + 23, Metrics: crowd(3)},
			{Site: site, Hour: hour + 23, Dim: foule.DimCountry, Label: "FR", Metrics: crowd(3)},
		},
		Days: []storage.DayRow{
			plain(march12, foule.DimTotal, "", crowd(9)),
			plain(march12, foule.DimPage, "", crowd(1)),
			plain(march12, foule.DimPage, foule.Other, crowd(7)),
			plain(march12, foule.DimPage, "/a", crowd(3)),
			under(plain(march12, foule.DimPage, "/a", crowd(2)), foule.DimCountry, "FR"),
			plain(march12, foule.DimPage, "/b", crowd(3)),
		},
	})
	partIs(t, m, storage.Part{Site: site, Day: march12 - 1}, &storage.Batch{
		Minutes: []storage.MinuteRow{{Site: site, Minute: minute - 1, Metrics: crowd(2)}},
	})
	partIs(t, m, storage.Part{Site: site, Day: march12 + 2}, &storage.Batch{})
}

// partIs compares without regard to order, and asks twice: the order is the
// engine's own, but always the same.
func partIs(t *testing.T, m storage.Mover, p storage.Part, want *storage.Batch) {
	t.Helper()
	got, err := m.Part(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	again, err := m.Part(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(got, again); d != "" {
		t.Errorf("part %+v asked twice:\n%s", p, d)
	}
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty(),
		cmpopts.SortSlices(func(a, b storage.HourRow) bool { return a.Dim < b.Dim }),
		cmpopts.SortSlices(func(a, b storage.DayRow) bool {
			return a.Dim < b.Dim || a.Dim == b.Dim && (a.Label < b.Label || a.Label == b.Label && a.By < b.By)
		})); d != "" {
		t.Errorf("part %+v (-want +got):\n%s", p, d)
	}
}

// A site comes under its own id, with its goals under theirs, in place of what
// stood there; numbers given before are not given again.
func moveSites(t *testing.T, s storage.Store) {
	ctx := context.Background()
	m := mover(t, s)
	full := fullSite()
	full.ID = 12
	full.Goals[0].ID, full.Goals[1].ID = 3, 8
	put := func(site foule.Site, lastGoal uint32) {
		t.Helper()
		if err := m.PutSite(ctx, site, lastGoal); err != nil {
			t.Fatal(err)
		}
		got, err := s.Site(ctx, site.ID)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "site", got, site)
	}
	lastGoal := func(want uint32) {
		t.Helper()
		if got, err := m.LastGoal(ctx, full.ID); err != nil || got != want {
			t.Errorf("LastGoal = %d, %v, want %d", got, err, want)
		}
	}
	put(full, 20)
	lastGoal(20)
	full.Name, full.Goals = "again", []foule.Goal{{ID: 8, Name: "other", Match: foule.MatchManual}, {ID: 9, Name: "new"}}
	put(full, 20) // a move that was broken off begins anew
	lastGoal(20)
	if id, err := s.AddGoal(ctx, full.ID, foule.Goal{Name: "next"}); err != nil || id != 21 {
		t.Errorf("AddGoal = %d, %v, want 21", id, err)
	}
	lastGoal(21)
	if err := s.DeleteGoal(ctx, full.ID, 21); err != nil {
		t.Fatal(err)
	}
	lastGoal(21)
	if id, err := s.AddSite(ctx, foule.Site{Name: "next"}); err != nil || id != 13 {
		t.Errorf("AddSite = %d, %v, want 13", id, err)
	}
	put(foule.Site{ID: 5, Name: "lower"}, 0)
	if id, err := s.AddSite(ctx, foule.Site{Name: "next"}); err != nil || id != 14 {
		t.Errorf("AddSite = %d, %v, want 14", id, err)
	}
	if _, err := m.LastGoal(ctx, 9999); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("LastGoal of no site: %v, want ErrNotFound", err)
	}
}

// Users and tokens come under their own ids, too.
func moveAccounts(t *testing.T, s storage.Store) {
	ctx := context.Background()
	m := mover(t, s)
	ada := storage.User{ID: 7, Email: "Ada@example.org", PasswordHash: "$argon2id$x", Role: storage.RoleAdmin, Language: "fr", Created: 5}
	token := storage.Token{ID: 4, Hash: storage.HashToken("t"), Name: "import", Scope: storage.RoleWrite, Site: 12, Created: 6}
	for range 2 { // a move that was broken off begins anew
		if err := errors.Join(m.PutUser(ctx, ada), m.PutToken(ctx, token)); err != nil {
			t.Fatal(err)
		}
	}
	users, err := s.Users(ctx)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "users", users, []storage.User{ada})
	tokens, err := s.Tokens(ctx)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "tokens", tokens, []storage.Token{token})
	if err := m.PutUser(ctx, storage.User{ID: 8, Email: "ada@EXAMPLE.org"}); !errors.Is(err, storage.ErrConflict) {
		t.Errorf("PutUser with a taken e-mail: %v, want ErrConflict", err)
	}
	if err := m.PutToken(ctx, storage.Token{ID: 8, Hash: token.Hash}); !errors.Is(err, storage.ErrConflict) {
		t.Errorf("PutToken with a known secret: %v, want ErrConflict", err)
	}
	if id, err := s.AddUser(ctx, storage.User{Email: "bob@example.org"}); err != nil || id <= ada.ID {
		t.Errorf("AddUser = %d, %v, want more than %d", id, err, ada.ID)
	}
	if id, err := s.AddToken(ctx, storage.Token{Hash: storage.HashToken("u")}); err != nil || id <= token.ID {
		t.Errorf("AddToken = %d, %v, want more than %d", id, err, token.ID)
	}
}

// The audit trail goes over under its own ids, what stands stands on, and the
// number of an erased site is not given again.
func moveErasures(t *testing.T, s storage.Store) {
	ctx := context.Background()
	m := mover(t, s)
	placeholder := addSite(t, s, foule.Site{Name: "of a first start"})
	kept := addSite(t, s, foule.Site{Name: "kept"})
	const text = "/u/jane"
	label := storage.Erasure{
		ID: 7, Kind: storage.ErasedLabel, Site: kept, Dim: foule.DimPage, Contains: true, Labels: 1, Rows: 5, User: 3,
		Begun: erasedAt.Unix(), Done: erasedAt.Unix() + 1, Until: erasedAt.Add(storage.EraseStands).Unix(),
		Salt: "salt", Hashes: [][32]byte{storage.LabelHash("salt", text)},
	}
	gone := storage.Erasure{ID: 9, Kind: storage.ErasedSite, Site: placeholder, Begun: 5, Done: 6}
	high := storage.Erasure{Kind: storage.ErasedSite, Site: 20, Begun: 7, Done: 8} // takes the next id
	for _, e := range []storage.Erasure{label, gone, label, high} {
		if err := m.PutErasure(ctx, e); err != nil {
			t.Fatal(err)
		}
	}
	high.ID = 10
	trail, err := eraser(t, s).Erasures(ctx)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "trail", trail, []storage.Erasure{high, gone, label})
	sites, err := s.Sites(ctx)
	if err != nil || len(sites) != 1 || sites[0].ID != kept {
		t.Errorf("Sites = %+v, %v", sites, err)
	}
	if id := addSite(t, s, foule.Site{Name: "next"}); id != 21 {
		t.Errorf("the next site is %d, want 21", id)
	}
	applyBatch(t, s, everywhere(kept, "c/0/1", march12, text))
	repeat(t, s, erasedAt.Add(time.Hour))
	if found := findLabels(t, s, kept, storage.LabelMatch{Text: text, Dim: foule.DimPage}); len(found) != 0 {
		t.Errorf("found %+v, want what stood to stand on", found)
	}
	e := erase(t, s, storage.EraseOrder{Kind: storage.ErasedRange, Site: kept, From: march12 - 90, To: march12 - 80})
	if e.ID != 11 {
		t.Errorf("the next erasure is %d, want 11", e.ID)
	}
}
