package storagetest

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/storage"
)

// eraser gives the store's power to erase; every engine has it.
func eraser(t testing.TB, s storage.Store) storage.Eraser {
	t.Helper()
	e, ok := s.(storage.Eraser)
	if !ok {
		t.Fatalf("%T is no storage.Eraser", s)
	}
	return e
}

// erasedAt is when erasures are ordered: the afternoon of the 12th of March 2026.
var erasedAt = time.Date(2026, 3, 12, 15, 0, 0, 0, time.UTC)

// addSite makes a site whose days are those of UTC unless it says otherwise.
func addSite(t *testing.T, s storage.Store, settings foule.Site) foule.SiteID {
	t.Helper()
	id, err := s.AddSite(context.Background(), settings)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func erase(t *testing.T, s storage.Store, o storage.EraseOrder) storage.Erasure {
	t.Helper()
	if o.At.IsZero() {
		o.At = erasedAt
	}
	e, err := eraser(t, s).Erase(context.Background(), o)
	if err != nil {
		t.Fatalf("Erase(%+v): %v", o, err)
	}
	if e.Done == 0 || e.ID == 0 {
		t.Errorf("Erase(%+v) = %+v, want it numbered and done", o, e)
	}
	return e
}

func repeat(t *testing.T, s storage.Store, now time.Time) {
	t.Helper()
	if err := eraser(t, s).RepeatErasures(context.Background(), now); err != nil {
		t.Fatalf("RepeatErasures: %v", err)
	}
}

// of gives rows of a batch to another site.
func of(site foule.SiteID, b storage.Batch) *storage.Batch {
	for i := range b.Minutes {
		b.Minutes[i].Site = site
	}
	for i := range b.Hours {
		b.Hours[i].Site = site
	}
	for i := range b.Days {
		b.Days[i].Site = site
	}
	return &b
}

// everywhere has rows of a day in every table.
func everywhere(site foule.SiteID, token string, day foule.Day, label string) *storage.Batch {
	return of(site, storage.Batch{
		Token:   token,
		Minutes: []storage.MinuteRow{{Minute: int64(day)*1440 + 720, Metrics: crowd(1)}},
		Hours: []storage.HourRow{
			{Hour: int64(day)*24 + 12, Metrics: crowd(2)},
			{Hour: int64(day)*24 + 12, Dim: foule.DimEntryPage, Label: label, Metrics: crowd(2)},
		},
		Days: []storage.DayRow{
			plain(day, foule.DimTotal, "", crowd(2)),
			plain(day, foule.DimPage, label, crowd(2)),
			under(plain(day, foule.DimPage, label, crowd(2)), foule.DimCountry, "FR"),
		},
	})
}

// rowsOf gives all rows of a site, days and hours and minutes, by Part.
func rowsOf(t *testing.T, s storage.Store, site foule.SiteID) (all storage.Batch) {
	t.Helper()
	m := mover(t, s)
	parts, err := m.Parts(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range parts {
		if p.Site != site {
			continue
		}
		b, err := m.Part(context.Background(), p)
		if err != nil {
			t.Fatal(err)
		}
		all.Minutes = append(all.Minutes, b.Minutes...)
		all.Hours = append(all.Hours, b.Hours...)
		all.Days = append(all.Days, b.Days...)
	}
	return all
}

func months(t *testing.T, s storage.Store, site foule.SiteID, dim foule.Dimension, label string) map[foule.Month]int64 {
	t.Helper()
	points := series(t, s, storage.SeriesQuery{Site: site, Grain: storage.GrainMonth, From: march12 - 100, To: march12 + 100, Dim: dim, Label: label})
	sums := map[foule.Month]int64{}
	for _, p := range points {
		sums[foule.Month(p.Bucket)] = p.Metrics[foule.Visits]
	}
	return sums
}

// A site goes with all that is its own, and no other gets its number. What the
// collector still held of it goes when the erasure is repeated.
func eraseSite(t *testing.T, s storage.Store) {
	ctx := context.Background()
	stays := addSite(t, s, foule.Site{Name: "stays", Goals: []foule.Goal{{Name: "stays"}}})
	goes := addSite(t, s, foule.Site{Name: "goes", Goals: []foule.Goal{{Name: "goes"}}})
	for n, id := range []foule.SiteID{stays, goes, 0} {
		if _, err := s.AddToken(ctx, storage.Token{Hash: [32]byte{byte(n)}, Name: "t", Scope: storage.RoleRead, Site: id}); err != nil {
			t.Fatal(err)
		}
	}
	for n, day := range []foule.Day{march12 - 60, march12 - 1, march12} {
		applyBatch(t, s, everywhere(stays, "stays/0/"+string(rune('0'+n)), day, "/x"))
		applyBatch(t, s, everywhere(goes, "goes/0/"+string(rune('0'+n)), day, "/x"))
	}
	before := rowsOf(t, s, stays)
	e := erase(t, s, storage.EraseOrder{Kind: storage.ErasedSite, Site: goes, User: 3})
	if want := int64(3 * 6); e.Kind != storage.ErasedSite || e.Site != goes || e.User != 3 || e.Rows != want || e.Begun != erasedAt.Unix() {
		t.Errorf("noted %+v, want %d rows", e, want)
	}
	same(t, "the other site's rows", rowsOf(t, s, stays), before)
	same(t, "rows of the erased site", rowsOf(t, s, goes), storage.Batch{})
	same(t, "its months", months(t, s, goes, foule.DimTotal, ""), map[foule.Month]int64{})
	if _, err := s.Site(ctx, goes); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("Site: %v, want ErrNotFound", err)
	}
	if err := s.UpdateGoal(ctx, goes, foule.Goal{ID: 1}); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("UpdateGoal: %v, want ErrNotFound", err)
	}
	sites, err := s.Sites(ctx)
	if err != nil || len(sites) != 1 || sites[0].ID != stays || len(sites[0].Goals) != 1 {
		t.Errorf("Sites = %+v, %v", sites, err)
	}
	tokens, err := s.Tokens(ctx)
	if err != nil || len(tokens) != 2 || tokens[0].Site != stays || tokens[1].Site != 0 {
		t.Errorf("Tokens = %+v, %v", tokens, err)
	}
	if next := addSite(t, s, foule.Site{Name: "next"}); next <= goes {
		t.Errorf("the next site is number %d again", next)
	}
	applyBatch(t, s, everywhere(goes, "goes/0/late", march12, "/late"))
	repeat(t, s, erasedAt.Add(time.Hour))
	same(t, "rows that came late", rowsOf(t, s, goes), storage.Batch{})
	same(t, "the other site's rows, still", rowsOf(t, s, stays), before)
	if _, err := eraser(t, s).Erase(ctx, storage.EraseOrder{Kind: storage.ErasedSite, Site: goes, At: erasedAt}); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("Erase again: %v, want ErrNotFound", err)
	}
}

// Days go with their hours and minutes by the site's clock, and months are the
// sums of the days that are left.
func eraseRange(t *testing.T, s storage.Store) {
	paris := addSite(t, s, foule.Site{Name: "paris", Timezone: "Europe/Paris"})
	other := addSite(t, s, foule.Site{Name: "other", Timezone: "Europe/Paris"})
	const first, last = march12 - 12, march12 - 5 // from the 28th of February to the 7th of March
	midnight := first.Start(mustZone(t, "Europe/Paris")).Unix()
	end := (last + 1).Start(mustZone(t, "Europe/Paris")).Unix()
	b := storage.Batch{Token: "c/0/1"}
	for _, at := range []int64{midnight - 60, midnight, end - 60, end} {
		b.Minutes = append(b.Minutes, storage.MinuteRow{Minute: at / 60, Metrics: crowd(1)})
	}
	for _, at := range []int64{midnight - 3600, midnight, end - 3600, end} {
		b.Hours = append(b.Hours, storage.HourRow{Hour: at / 3600, Metrics: crowd(1)}, storage.HourRow{Hour: at / 3600, Dim: foule.DimCountry, Label: "FR", Metrics: crowd(1)})
	}
	for _, day := range []foule.Day{first - 1, first, first + 1, last, last + 1} {
		b.Days = append(b.Days, plain(day, foule.DimTotal, "", crowd(3)), plain(day, foule.DimPage, "/"+day.String(), crowd(3)), plain(day, foule.DimPage, "/", crowd(2)),
			under(plain(day, foule.DimPage, "/", crowd(2)), foule.DimSource, "from "+day.String()))
	}
	applyBatch(t, s, of(paris, b))
	b.Token = "c/0/2"
	applyBatch(t, s, of(other, b))
	before := rowsOf(t, s, other)
	e := erase(t, s, storage.EraseOrder{Kind: storage.ErasedRange, Site: paris, From: first, To: last})
	if want := int64(2 + 4 + 3*4); e.From != first || e.To != last || e.Rows != want || e.Until != 0 {
		t.Errorf("noted %+v, want %d rows, and that it does not stand", e, want)
	}
	left := rowsOf(t, s, paris)
	var kept []foule.Day
	for _, r := range left.Days {
		if r.Dim == foule.DimTotal {
			kept = append(kept, r.Day)
		}
	}
	same(t, "days", kept, []foule.Day{first - 1, last + 1})
	hours := series(t, s, storage.SeriesQuery{Site: paris, Grain: storage.GrainHour, FromHour: midnight/3600 - 48, ToHour: end/3600 + 48})
	same(t, "hours", hours, []storage.Point{{Bucket: midnight/3600 - 1, Metrics: crowd(1)}, {Bucket: end / 3600, Metrics: crowd(1)}})
	same(t, "minutes", left.Minutes, []storage.MinuteRow{{Site: paris, Minute: midnight/60 - 1, Metrics: crowd(1)}, {Site: paris, Minute: end / 60, Metrics: crowd(1)}})
	feb, mar := march12.Month()-1, march12.Month()
	same(t, "months", months(t, s, paris, foule.DimTotal, ""), map[foule.Month]int64{feb: 3, mar: 3})
	same(t, "months of a page", months(t, s, paris, foule.DimPage, "/"), map[foule.Month]int64{feb: 2, mar: 2})
	same(t, "months of a page of one day", months(t, s, paris, foule.DimPage, "/"+first.String()), map[foule.Month]int64{})
	same(t, "the other site's rows", rowsOf(t, s, other), before)

	// What is imported anew stays: those days are no longer in anybody's memory.
	applyBatch(t, s, everywhere(paris, "import/0/1", first+1, "/again"))
	repeat(t, s, erasedAt.Add(time.Hour))
	same(t, "imported anew", months(t, s, paris, foule.DimPage, "/again"), map[foule.Month]int64{mar: 2})
}

// A day that is not over yet stands erased until the collector has forgotten it.
func eraseToday(t *testing.T, s storage.Store) {
	id := addSite(t, s, foule.Site{Name: "open"})
	today := foule.DayOf(erasedAt, time.UTC)
	applyBatch(t, s, everywhere(id, "c/0/1", today-40, "/old"))
	applyBatch(t, s, everywhere(id, "c/0/2", today, "/x"))
	e := erase(t, s, storage.EraseOrder{Kind: storage.ErasedRange, Site: id, From: today - 50, To: today})
	if e.Until <= e.Begun {
		t.Errorf("noted %+v, want it to stand", e)
	}
	same(t, "rows", rowsOf(t, s, id), storage.Batch{})
	applyBatch(t, s, everywhere(id, "c/0/3", today, "/x"))
	applyBatch(t, s, everywhere(id, "import/0/1", today-40, "/old"))
	repeat(t, s, erasedAt.Add(storage.EraseStands/2))
	same(t, "today's rows", months(t, s, id, foule.DimPage, "/x"), map[foule.Month]int64{})
	same(t, "rows of an import", months(t, s, id, foule.DimPage, "/old"), map[foule.Month]int64{(today - 40).Month(): 2})
	applyBatch(t, s, everywhere(id, "c/0/4", today, "/x"))
	repeat(t, s, erasedAt.Add(storage.EraseStands+time.Second))
	same(t, "rows after it stands no longer", months(t, s, id, foule.DimPage, "/x"), map[foule.Month]int64{today.Month(): 2})
}

func mustZone(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// Orders that make no sense change nothing, and say why.
func eraseNonsense(t *testing.T, s storage.Store) {
	id := addSite(t, s, foule.Site{Name: "one"})
	today := foule.DayOf(erasedAt, time.UTC)
	label := func(m storage.LabelMatch) storage.EraseOrder {
		return storage.EraseOrder{Kind: storage.ErasedLabel, Site: id, Match: m}
	}
	for _, row := range []struct {
		name  string
		order storage.EraseOrder
		want  error
	}{
		{"no site", storage.EraseOrder{Kind: storage.ErasedSite, Site: 99}, storage.ErrNotFound},
		{"days of no site", storage.EraseOrder{Kind: storage.ErasedRange, Site: 99, From: today, To: today}, storage.ErrNotFound},
		{"a label of no site", storage.EraseOrder{Kind: storage.ErasedLabel, Site: 99, Match: storage.LabelMatch{Text: "x"}}, storage.ErrNotFound},
		{"no kind", storage.EraseOrder{Site: id}, storage.ErrEraseOrder},
		{"backwards", storage.EraseOrder{Kind: storage.ErasedRange, Site: id, From: today, To: today - 1}, storage.ErrEraseOrder},
		{"to come", storage.EraseOrder{Kind: storage.ErasedRange, Site: id, From: today, To: today + 1}, storage.ErrEraseOrder},
		{"the empty label", label(storage.LabelMatch{}), storage.ErrEraseOrder},
		{"the other label", label(storage.LabelMatch{Text: foule.Other}), storage.ErrEraseOrder},
		{"too long", label(storage.LabelMatch{Text: strings.Repeat("x", foule.MaxLabelBytes+1)}), storage.ErrEraseOrder},
		{"no dimension", label(storage.LabelMatch{Dim: foule.NumDimensions, Text: "x"}), storage.ErrEraseOrder},
	} {
		row.order.At = erasedAt
		if _, err := eraser(t, s).Erase(context.Background(), row.order); !errors.Is(err, row.want) {
			t.Errorf("%s: %v, want %v", row.name, err, row.want)
		}
	}
	trail, err := eraser(t, s).Erasures(context.Background())
	if err != nil || len(trail) != 0 {
		t.Errorf("Erasures = %+v, %v, want none", trail, err)
	}
}

// The trail says all but the text, the latest first; hashes go when they are of
// no use.
func eraseTrail(t *testing.T, s storage.Store) {
	ctx := context.Background()
	id := addSite(t, s, foule.Site{Name: "one"})
	applyBatch(t, s, everywhere(id, "c/0/1", march12, "/secret"))
	days := erase(t, s, storage.EraseOrder{Kind: storage.ErasedRange, Site: id, From: march12 - 90, To: march12 - 80, User: 5})
	label := erase(t, s, storage.EraseOrder{Kind: storage.ErasedLabel, Site: id, Match: storage.LabelMatch{Dim: foule.DimPage, Text: "SECRET", Contains: true}})
	if label.Labels != 1 || label.Rows != 2 || !label.Contains || label.Dim != foule.DimPage || len(label.Hashes) != 1 || label.Hashes[0] != storage.LabelHash(label.Salt, "/secret") {
		t.Errorf("noted %+v", label)
	}
	trail := func() []storage.Erasure {
		t.Helper()
		list, err := eraser(t, s).Erasures(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	same(t, "trail", trail(), []storage.Erasure{label, days})
	repeat(t, s, erasedAt.Add(storage.EraseStands-time.Second))
	same(t, "trail while it stands", trail(), []storage.Erasure{label, days})
	repeat(t, s, erasedAt.Add(storage.EraseStands))
	label.Salt, label.Hashes = "", nil
	same(t, "trail when it stands no longer", trail(), []storage.Erasure{label, days})
}
