package storagetest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"foule.eu/foule"
	"foule.eu/foule/storage"
	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// likeModel plays random batches, some of them twice if again, and random
// questions against the store and the model. Each round has a site of its own, so that
// one store serves all rounds.
func likeModel(t *testing.T, s storage.Store, again bool) {
	times := []int{1}
	if again {
		times = []int{1, 1, 1, 2}
	}
	ctx := context.Background()
	round := foule.SiteID(1000)
	rapid.Check(t, func(rt *rapid.T) {
		round++
		g := generator{rt, round, newModel(), 0}
		for range rapid.IntRange(1, 4).Draw(rt, "batches") {
			b := g.batch()
			for range rapid.SampledFrom(times).Draw(rt, "times sent") {
				if err := s.Apply(ctx, b); err != nil {
					rt.Fatalf("Apply: %v", err)
				}
			}
			g.model.apply(b)
			for range 4 {
				g.askTable(ctx, s)
				g.askSeries(ctx, s)
			}
			g.askMinutes(ctx, s)
		}
	})
}

// generator draws batches and questions. What it takes back was there: no
// counter of a row falls below zero but those that may (Value, Revenue).
type generator struct {
	*rapid.T
	site    foule.SiteID
	model   *model
	batches int
}

var (
	someLabels  = []string{"", foule.Other, "/a", "/A", "/ab", "b%", "é", "FR"}
	someDims    = []foule.Dimension{foule.DimTotal, foule.DimPage, foule.DimCountry}
	someDays    = []foule.Day{20453, 20454, 20455, 20480, 20484, 20485, 20490, 20512, 20513, 20524, 20543, 20544, 20830} // ends of months, days inside
	someHours   = []int64{490_000, 490_001, 490_050}
	someMinutes = []int64{29_000_000, 29_000_001, 29_000_070}
)

func draw[T any](g *generator, name string, from []T) T {
	return rapid.SampledFrom(from).Draw(g.T, name)
}

func (g *generator) batch() *storage.Batch {
	b := &storage.Batch{Token: fmt.Sprintf("%d/0/%d", g.site, g.batches)}
	g.batches++
	for range rapid.IntRange(0, 12).Draw(g.T, "rows") {
		b.Days = append(b.Days, g.dayRow())
	}
	b.Days = append(b.Days, g.takenBack()...)
	for range rapid.IntRange(0, 3).Draw(g.T, "minutes") {
		b.Minutes = append(b.Minutes, storage.MinuteRow{Site: g.site, Minute: draw(g, "minute", someMinutes), Metrics: g.metrics(foule.DimTotal)})
	}
	if g.batches == 1 {
		for _, h := range someHours {
			dim := draw(g, "dim", someDims)
			b.Hours = append(b.Hours, storage.HourRow{Site: g.site, Hour: h, Dim: dim, Label: g.label(dim), Metrics: g.metrics(dim)})
		}
	}
	return b
}

// label draws a label of a dimension; the total has one only.
func (g *generator) label(dim foule.Dimension) string {
	if dim == foule.DimTotal {
		return ""
	}
	return draw(g, "label", someLabels)
}

func (g *generator) dayRow() storage.DayRow {
	r := storage.DayRow{Site: g.site, Day: draw(g, "day", someDays), Dim: draw(g, "dim", someDims)}
	r.Label, r.Metrics = g.label(r.Dim), g.metrics(r.Dim)
	if f := g.filter(); f != nil {
		r.By, r.ByLabel = f.Dim, f.Label
	}
	return r
}

func (g *generator) filter() *storage.Filter {
	if rapid.Bool().Draw(g.T, "plain") {
		return nil
	}
	return &storage.Filter{Dim: draw(g, "by", []foule.Dimension{foule.DimCountry, foule.DimSource}), Label: draw(g, "by label", someLabels)}
}

// metrics draws counters that the dimension uses.
func (g *generator) metrics(dim foule.Dimension) (m foule.Metrics) {
	m[foule.Visits] = rapid.Int64Range(1, 5).Draw(g.T, "visits")
	m[foule.Seconds] = rapid.Int64Range(0, 3).Draw(g.T, "seconds")
	if dim != foule.DimPage {
		m[foule.Revenue] = rapid.Int64Range(-2, 2).Draw(g.T, "revenue")
	}
	return m
}

// takenBack draws rows that are there and takes away all that they hold.
func (g *generator) takenBack() (rows []storage.DayRow) {
	present := slices.SortedFunc(maps.Keys(g.model.days), func(a, b dayKey) int {
		return strings.Compare(fmt.Sprint(a), fmt.Sprint(b))
	})
	for _, k := range present {
		if rapid.IntRange(0, 3).Draw(g.T, "take back") > 0 {
			continue
		}
		r := storage.DayRow{Site: g.site, Day: k.day, Dim: k.dim, Label: k.label, By: k.by, ByLabel: k.byLabel}
		held := g.model.days[k]
		r.Metrics.Sub(&held)
		rows = append(rows, r)
	}
	return rows
}

func (g *generator) days() (from, to foule.Day) {
	from = draw(g, "from", someDays)
	return from, from + foule.Day(rapid.IntRange(-1, 300).Draw(g.T, "length"))
}

func (g *generator) askTable(ctx context.Context, s storage.Store) {
	q := storage.TableQuery{
		Site: g.site, Dim: draw(g, "dim", someDims), Filter: g.filter(),
		Search:    draw(g, "search", []string{"", "", "", "A", "%", "é", "("}),
		HideEmpty: rapid.Bool().Draw(g.T, "hide empty"),
		Sort:      draw(g, "sort", []foule.Metric{foule.Visits, foule.Seconds, foule.Revenue}),
		SortLabel: rapid.Bool().Draw(g.T, "sort label"),
		Ascending: rapid.Bool().Draw(g.T, "ascending"),
		Limit:     rapid.IntRange(0, 4).Draw(g.T, "limit"),
		Offset:    rapid.IntRange(0, 4).Draw(g.T, "offset"),
	}
	q.From, q.To = g.days()
	if rapid.IntRange(0, 3).Draw(g.T, "one label") == 0 {
		label := draw(g, "label", someLabels)
		q.Label = &label
	}
	got, err := s.Table(ctx, q)
	if err != nil {
		g.Fatalf("Table(%+v): %v", q, err)
	}
	if d := gocmp.Diff(g.model.table(q), got, cmpopts.EquateEmpty()); d != "" {
		g.Fatalf("Table(%+v) (-want +got):\n%s", q, d)
	}
}

func (g *generator) askSeries(ctx context.Context, s storage.Store) {
	q := storage.SeriesQuery{
		Site:  g.site,
		Grain: draw(g, "grain", []storage.Grain{storage.GrainHour, storage.GrainDay, storage.GrainMonth}),
		Dim:   draw(g, "dim", someDims),
	}
	labels := slices.Compact(slices.Sorted(slices.Values([]string{g.label(q.Dim), g.label(q.Dim)})))
	if q.Grain == storage.GrainHour {
		q.FromHour, q.ToHour = draw(g, "from hour", someHours), draw(g, "to hour", someHours)
	} else {
		q.From, q.To = g.days()
		q.Filter = g.filter()
	}
	got, err := s.SeriesOf(ctx, q, labels)
	if err != nil {
		g.Fatalf("SeriesOf(%+v, %q): %v", q, labels, err)
	}
	var want [][]storage.Point
	for _, q.Label = range labels {
		want = append(want, g.model.series(q))
	}
	if d := gocmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
		g.Fatalf("SeriesOf(%+v, %q) (-want +got):\n%s", q, labels, d)
	}
}

func (g *generator) askMinutes(ctx context.Context, s storage.Store) {
	from, to := someMinutes[0], draw(g, "to minute", someMinutes)
	got, err := s.Minutes(ctx, g.site, from, to)
	if err != nil {
		g.Fatalf("Minutes(%d, %d): %v", from, to, err)
	}
	if d := gocmp.Diff(g.model.minuteRows(g.site, from, to), got, cmpopts.EquateEmpty()); d != "" {
		g.Fatalf("Minutes(%d, %d) (-want +got):\n%s", from, to, d)
	}
}
