package storagetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/storage"
	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// personal has a name in labels of several dimensions, on either side, over two
// months; crowds differ so that what moves shows.
func personal(id foule.SiteID) *storage.Batch {
	const name, second = "/u/jane-roe", "/u/Jane-Roe/edit"
	hour := int64(march12) * 24
	b := storage.Batch{Token: "c/0/1", Hours: []storage.HourRow{
		{Hour: hour, Metrics: crowd(9)},
		{Hour: hour, Dim: foule.DimEntryPage, Label: name, Metrics: crowd(4)},
		{Hour: hour, Dim: foule.DimEntryPage, Label: foule.Other, Metrics: crowd(2)},
		{Hour: hour, Dim: foule.DimEntryPage, Label: "/", Metrics: crowd(3)},
	}}
	for _, d := range []foule.Day{march12 - 30, march12} {
		b.Days = append(b.Days,
			plain(d, foule.DimTotal, "", crowd(9)),
			plain(d, foule.DimPage, name, crowd(4)), plain(d, foule.DimPage, second, crowd(1)), plain(d, foule.DimPage, "/", crowd(7)),
			plain(d, foule.DimEntryPage, name, crowd(4)), plain(d, foule.DimEntryPage, foule.Other, crowd(2)), plain(d, foule.DimEntryPage, "/", crowd(3)),
			under(plain(d, foule.DimPage, name, crowd(3)), foule.DimCountry, "FR"), under(plain(d, foule.DimPage, foule.Other, crowd(1)), foule.DimCountry, "FR"),
			under(plain(d, foule.DimPage, name, crowd(4)), foule.DimEntryPage, name), under(plain(d, foule.DimPage, "/", crowd(2)), foule.DimEntryPage, name),
			under(plain(d, foule.DimPage, foule.Other, crowd(5)), foule.DimEntryPage, foule.Other),
			under(plain(d, foule.DimPage, "/", crowd(3)), foule.DimEntryPage, "/"),
		)
	}
	return of(id, b)
}

// A label of every dimension moves into (other), on either side; what stands
// under it goes under (other) on both sides. Sums agree as before.
func eraseLabel(t *testing.T, s storage.Store) {
	id := addSite(t, s, foule.Site{Name: "one"})
	other := addSite(t, s, foule.Site{Name: "other"})
	applyBatch(t, s, personal(id))
	b := personal(other)
	b.Token = "c/0/2"
	applyBatch(t, s, b)
	before := rowsOf(t, s, other)
	e := erase(t, s, storage.EraseOrder{Kind: storage.ErasedLabel, Site: id, Match: storage.LabelMatch{Text: "/u/jane-roe"}})
	if want := int64(2*5 + 1); e.Labels != 2 || e.Rows != want || e.Until != e.Begun+int64(storage.EraseStands/time.Second) {
		t.Errorf("noted %+v, want 2 labels and %d rows", e, want)
	}
	erasedRows(t, s, id)
	same(t, "the other site's rows", rowsOf(t, s, other), before)
	if found := findLabels(t, s, id, storage.LabelMatch{Text: "/u/jane-roe"}); len(found) != 0 {
		t.Errorf("found %+v after the erasure", found)
	}
	same(t, "months of (other)", months(t, s, id, foule.DimEntryPage, foule.Other), map[foule.Month]int64{march12.Month() - 1: 6, march12.Month(): 6})
	same(t, "months of the label", months(t, s, id, foule.DimEntryPage, "/u/jane-roe"), map[foule.Month]int64{})
}

// erasedRows checks the rows that personal left of a site without its label.
func erasedRows(t *testing.T, s storage.Store, id foule.SiteID) {
	t.Helper()
	hour := int64(march12) * 24
	want := storage.Batch{Hours: []storage.HourRow{
		{Hour: hour, Metrics: crowd(9)},
		{Hour: hour, Dim: foule.DimEntryPage, Label: foule.Other, Metrics: crowd(6)},
		{Hour: hour, Dim: foule.DimEntryPage, Label: "/", Metrics: crowd(3)},
	}}
	for _, d := range []foule.Day{march12 - 30, march12} {
		want.Days = append(want.Days,
			plain(d, foule.DimTotal, "", crowd(9)),
			plain(d, foule.DimPage, foule.Other, crowd(4)), plain(d, foule.DimPage, "/u/Jane-Roe/edit", crowd(1)), plain(d, foule.DimPage, "/", crowd(7)),
			plain(d, foule.DimEntryPage, foule.Other, crowd(6)), plain(d, foule.DimEntryPage, "/", crowd(3)),
			under(plain(d, foule.DimPage, foule.Other, crowd(4)), foule.DimCountry, "FR"),
			under(plain(d, foule.DimPage, foule.Other, crowd(5+4+2)), foule.DimEntryPage, foule.Other),
			under(plain(d, foule.DimPage, "/", crowd(3)), foule.DimEntryPage, "/"),
		)
	}
	sameRows(t, rowsOf(t, s, id), *of(id, want))
}

// sameRows compares without regard to order.
func sameRows(t *testing.T, got, want storage.Batch) {
	t.Helper()
	if d := gocmp.Diff(want, got, cmpopts.EquateEmpty(),
		cmpopts.SortSlices(func(a, b storage.HourRow) bool { return fmt.Sprint(a) < fmt.Sprint(b) }),
		cmpopts.SortSlices(func(a, b storage.DayRow) bool { return fmt.Sprint(a) < fmt.Sprint(b) })); d != "" {
		t.Errorf("rows (-want +got):\n%s", d)
	}
}

func findLabels(t *testing.T, s storage.Store, site foule.SiteID, m storage.LabelMatch) []storage.FoundLabel {
	t.Helper()
	found, err := eraser(t, s).FindLabels(context.Background(), site, m)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// A part of labels finds them in any case, and a preview changes nothing.
func eraseFind(t *testing.T, s storage.Store) {
	id := addSite(t, s, foule.Site{Name: "one"})
	applyBatch(t, s, personal(id))
	before := rowsOf(t, s, id)
	for _, row := range []struct {
		match storage.LabelMatch
		want  []storage.FoundLabel
	}{
		{storage.LabelMatch{Text: "JANE", Contains: true}, []storage.FoundLabel{
			{Dim: foule.DimPage, Label: "/u/Jane-Roe/edit", Rows: 2, Days: 2},
			{Dim: foule.DimPage, Label: "/u/jane-roe", Rows: 6, Days: 2},
			{Dim: foule.DimEntryPage, Label: "/u/jane-roe", Rows: 7, Days: 2},
		}},
		{storage.LabelMatch{Text: "jane", Contains: true, Dim: foule.DimEntryPage}, []storage.FoundLabel{{Dim: foule.DimEntryPage, Label: "/u/jane-roe", Rows: 7, Days: 2}}},
		{storage.LabelMatch{Text: "/u/JANE-ROE"}, nil},
		{storage.LabelMatch{Text: "other", Contains: true}, nil},
		{storage.LabelMatch{Text: "/u/%", Contains: true}, nil},
		{storage.LabelMatch{Text: "/u/jane-roe", Dim: foule.DimTitle}, nil},
	} {
		same(t, fmt.Sprintf("%+v", row.match), findLabels(t, s, id, row.match), row.want)
	}
	same(t, "rows", rowsOf(t, s, id), before)
	if found := findLabels(t, s, id+1, storage.LabelMatch{Text: "jane", Contains: true}); len(found) != 0 {
		t.Errorf("another site has %+v", found)
	}
	if _, err := eraser(t, s).FindLabels(context.Background(), id, storage.LabelMatch{}); !errors.Is(err, storage.ErrEraseOrder) {
		t.Errorf("nothing to look for: %v, want ErrEraseOrder", err)
	}
}

// A batch that was under way brings the label back, also as something taken
// away, until the erasure is repeated; so does one that shows it for the first time.
func eraseLate(t *testing.T, s storage.Store) {
	id := addSite(t, s, foule.Site{Name: "one"})
	applyBatch(t, s, personal(id))
	late := storage.LabelMatch{Text: "/u/late"}
	erase(t, s, storage.EraseOrder{Kind: storage.ErasedLabel, Site: id, Match: storage.LabelMatch{Text: "/u/jane-roe"}})
	erase(t, s, storage.EraseOrder{Kind: storage.ErasedLabel, Site: id, Match: late})
	back := of(id, storage.Batch{Token: "c/0/2", Days: []storage.DayRow{
		plain(march12, foule.DimPage, "/u/jane-roe", crowd(2)), plain(march12, foule.DimEntryPage, "/u/jane-roe", crowd(-1)),
		under(plain(march12, foule.DimPage, "/", crowd(-1)), foule.DimEntryPage, "/u/jane-roe"),
		plain(march12, foule.DimPage, "/u/late", crowd(3)),
	}, Hours: []storage.HourRow{{Hour: int64(march12) * 24, Dim: foule.DimEntryPage, Label: "/u/jane-roe", Metrics: crowd(-1)}}})
	applyBatch(t, s, back)
	repeat(t, s, erasedAt.Add(time.Hour))
	again := of(id, storage.Batch{Token: "c/0/3", Days: []storage.DayRow{ // to what erasedRows expects
		plain(march12, foule.DimPage, "/u/jane-roe", crowd(-2)), plain(march12, foule.DimEntryPage, "/u/jane-roe", crowd(1)),
		under(plain(march12, foule.DimPage, "/", crowd(1)), foule.DimEntryPage, "/u/jane-roe"),
		plain(march12, foule.DimPage, "/u/late", crowd(-3)),
	}, Hours: []storage.HourRow{{Hour: int64(march12) * 24, Dim: foule.DimEntryPage, Label: "/u/jane-roe", Metrics: crowd(1)}}})
	applyBatch(t, s, again)
	repeat(t, s, erasedAt.Add(2*time.Hour))
	erasedRows(t, s, id)
	for _, text := range []string{"/u/jane-roe", "/u/late"} {
		if found := findLabels(t, s, id, storage.LabelMatch{Text: text}); len(found) != 0 {
			t.Errorf("found %+v after the repetition", found)
		}
	}
	applyBatch(t, s, of(id, storage.Batch{Token: "c/0/4", Days: []storage.DayRow{plain(march12, foule.DimPage, "/u/late", crowd(3))}}))
	repeat(t, s, erasedAt.Add(storage.EraseStands+time.Hour))
	if found := findLabels(t, s, id, late); len(found) != 1 {
		t.Errorf("found %+v, want what came after the erasure stood", found)
	}
}

// eraseLikeModel erases labels amid random batches, in the store and in the model.
func eraseLikeModel(t *testing.T, s storage.Store) {
	ctx := context.Background()
	rapid.Check(t, func(rt *rapid.T) {
		id, err := s.AddSite(ctx, foule.Site{Name: "round"})
		if err != nil {
			rt.Fatal(err)
		}
		g := generator{rt, id, newModel(), 0}
		for range rapid.IntRange(1, 2).Draw(rt, "rounds") {
			b := g.batch()
			if err := s.Apply(ctx, b); err != nil {
				rt.Fatalf("Apply: %v", err)
			}
			g.model.apply(b)
			m := storage.LabelMatch{
				Dim: draw(&g, "erased dim", someDims), Contains: rapid.Bool().Draw(rt, "contains"),
				Text: draw(&g, "erased", []string{"/a", "/A", "b%", "a", "é", "FR", "none"}),
			}
			if _, err := eraser(t, s).Erase(ctx, storage.EraseOrder{Kind: storage.ErasedLabel, Site: id, Match: m, At: erasedAt}); err != nil {
				rt.Fatalf("Erase(%+v): %v", m, err)
			}
			g.model.erase(m)
			for range 3 {
				g.askTable(ctx, s)
				g.askSeries(ctx, s)
			}
			g.askMinutes(ctx, s)
		}
	})
}
