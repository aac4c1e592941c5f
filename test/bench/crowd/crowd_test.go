package crowd_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"foule.eu/foule"
	"foule.eu/foule/aggregate"
	"foule.eu/foule/storage"
	"foule.eu/foule/test/bench/crowd"
)

const march12 foule.Day = 20524 // 2026-03-12

func site() *crowd.Site { return crowd.New(3, 1500, crowd.Narrow, 1, march12) }

// summed are the metrics that add up over the labels of a visit dimension.
var summed = []foule.Metric{
	foule.Visits, foule.Hits, foule.Actions, foule.Bounces, foule.Seconds, foule.ConvertedVisits, foule.Conversions, foule.Revenue,
}

// group is the rows of a dimension under one filter label, or under all of a filter dimension.
type group struct {
	dim, by foule.Dimension
	all     bool // of the filter's labels
	byLabel string
}

// TestSumsAgree holds invariants on a fortnight of which a week is counted and
// a week told after it: the labels of every visit dimension come to the site's
// total, in all and under each filter (I3), and nothing is named that too few share.
func TestSumsAgree(t *testing.T) {
	days := map[foule.Day]bool{}
	err := site().Each(crowd.Days{First: march12, Days: 14, Counted: 1}, func(b *storage.Batch, hits int) error {
		day := b.Days[0].Day
		days[day] = true
		checkDay(t, day, b, hits)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(days) != 14 || !days[march12] || !days[march12+13] {
		t.Errorf("made %d different days, want 14 from %v on", len(days), march12)
	}
}

func checkDay(t *testing.T, day foule.Day, b *storage.Batch, hits int) {
	t.Helper()
	sums := map[group]*foule.Metrics{}
	plain := map[group]foule.Metrics{} // the plain row of a label, as a filter's
	add := func(g group, m *foule.Metrics) {
		if sums[g] == nil {
			sums[g] = &foule.Metrics{}
		}
		sums[g].Add(m)
	}
	seen := map[storage.DayRow]bool{}
	for _, r := range b.Days {
		key := r
		key.Metrics = foule.Metrics{}
		if seen[key] {
			t.Fatalf("%v: two rows %+v", day, key)
		}
		seen[key] = true
		if r.Site != 3 || r.Day != day {
			t.Fatalf("%v: a row of site %d on %v", day, r.Site, r.Day)
		}
		if k := int64(aggregate.DefaultSettings.KFiltered); r.By != 0 && r.Label != foule.Other && r.Metrics[foule.Visitors] < k {
			t.Fatalf("%v: %v %q under %v %q is about %d visitors", day, r.Dim, r.Label, r.By, r.ByLabel, r.Metrics[foule.Visitors])
		}
		if r.By == 0 {
			plain[group{by: r.Dim, byLabel: r.Label}] = r.Metrics
		} else {
			add(group{dim: r.Dim, by: r.By, byLabel: r.ByLabel}, &r.Metrics)
		}
		add(group{dim: r.Dim, by: r.By, all: true}, &r.Metrics)
	}
	total := *sums[group{all: true}]
	if total[foule.Visits] < 1000 || int(total[foule.Actions]) > hits {
		t.Errorf("%v: %d visits, %d actions of %d hits", day, total[foule.Visits], total[foule.Actions], hits)
	}
	for g, sum := range sums {
		if g.dim.Info().Scope != foule.ScopeVisit || g.by != 0 && !g.by.Info().Filter || g.byLabel == foule.Other {
			continue
		}
		want := total
		if !g.all {
			want = plain[group{by: g.by, byLabel: g.byLabel}]
		}
		for _, m := range summed {
			if sum[m] != want[m] {
				t.Errorf("%v: %v under %v %q comes to %d %v, want %d", day, g.dim, g.by, g.byLabel, sum[m], m, want[m])
			}
		}
	}
	hours := foule.Metrics{}
	for _, r := range b.Hours {
		if r.Dim == foule.DimTotal {
			hours.Add(&r.Metrics)
		}
		if foule.Day(r.Hour/24) != day {
			t.Fatalf("%v: an hour of %v", day, foule.Day(r.Hour/24))
		}
	}
	if hours[foule.Visits] != total[foule.Visits] || hours[foule.Hits] != total[foule.Hits] {
		t.Errorf("%v: the hours come to %v, the day to %v", day, hours, total)
	}
}

// TestDaysDiffer: a day told after another has its counts, but not its labels.
func TestDaysDiffer(t *testing.T) {
	var batches []*storage.Batch
	err := site().Each(crowd.Days{First: march12, Days: 8, Counted: 1}, func(b *storage.Batch, _ int) error {
		batches = append(batches, b)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	a, b := batches[0], batches[1]
	if a.Token == b.Token || b.Days[0].Day != a.Days[0].Day+7 || len(a.Days) != len(b.Days) {
		t.Fatalf("%s with %d rows, then %s with %d: want the same weekday a week later", a.Token, len(a.Days), b.Token, len(b.Days))
	}
	same := 0
	pages := map[string]foule.Metrics{}
	for i := range a.Days {
		if a.Days[i].Metrics != b.Days[i].Metrics {
			t.Fatalf("row %d counts %v, then %v", i, a.Days[i].Metrics, b.Days[i].Metrics)
		}
		if a.Days[i].Dim == foule.DimPage && a.Days[i].By == 0 {
			pages[a.Days[i].Label] = a.Days[i].Metrics
		}
	}
	for _, r := range b.Days {
		if r.Dim == foule.DimPage && r.By == 0 && pages[r.Label] == r.Metrics {
			same++
		}
	}
	if same > len(pages)/2 {
		t.Errorf("%d of %d pages count the same a week later", same, len(pages))
	}
}

// TestSameAgain: the same site and seed give the same batches.
func TestSameAgain(t *testing.T) {
	a, hits := site().Day(march12)
	b, again := site().Day(march12)
	if diff := cmp.Diff(a, b); diff != "" || hits != again {
		t.Errorf("made again, the day differs: %s", diff)
	}
}

// TestStreamComesToTheDay: batches of ten minutes add up to the day counted at once.
func TestStreamComesToTheDay(t *testing.T) {
	type key struct {
		dim, by        foule.Dimension
		label, byLabel string
	}
	sums := map[key]*foule.Metrics{}
	batches, streamed := 0, 0
	err := site().Stream(march12, 600, func(b *storage.Batch, hits int) error {
		batches++
		streamed += hits
		for _, r := range b.Days {
			k := key{r.Dim, r.By, r.Label, r.ByLabel}
			if sums[k] == nil {
				sums[k] = &foule.Metrics{}
			}
			sums[k].Add(&r.Metrics)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	day, hits := site().Day(march12)
	if batches < 100 || streamed != hits {
		t.Errorf("%d hits in %d batches, want %d in some 144", streamed, batches, hits)
	}
	for _, r := range day.Days {
		k := key{r.Dim, r.By, r.Label, r.ByLabel}
		if sums[k] == nil || *sums[k] != r.Metrics {
			t.Fatalf("%+v: the batches come to %v, the day to %v", k, sums[k], r.Metrics)
		}
		delete(sums, k)
	}
	for k, m := range sums {
		if !m.IsZero() {
			t.Fatalf("%+v: the batches come to %v, the day has no such row", k, m)
		}
	}
}

// TestEventsInOrder: hits come in order of time, within their day.
func TestEventsInOrder(t *testing.T) {
	var times []int64
	kinds := map[foule.Kind]int{}
	site().Events(march12, func(e *foule.Event) {
		times = append(times, e.Time)
		kinds[e.Kind]++
	})
	if !slices.IsSorted(times) || foule.Day(times[0]/86400) != march12 || foule.Day(times[len(times)-1]/86400) != march12 {
		t.Errorf("%d hits from %d to %d are not those of one day in order", len(times), times[0], times[len(times)-1])
	}
	for _, k := range []foule.Kind{foule.KindPageView, foule.KindDownload, foule.KindOutlink, foule.KindSearch, foule.KindCustom} {
		if kinds[k] == 0 {
			t.Errorf("no hit of kind %d among %d", k, len(times))
		}
	}
}
