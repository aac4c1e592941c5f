package report_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/report"
	"foule.eu/foule/storage"
)

// The attack: a small site under rounding, and somebody who may ask whatever
// the service answers, knows every label there could be, knows how figures are
// rounded, which row is the largest, and can do sums.
//
// Its data are exact visits by day, country and device. Sums over days, over
// countries and over devices are what the service answers; each answer bounds
// one of them. bounds_test.go tightens the bounds until nothing moves.

var (
	attackFrom = foule.DayFromDate(2026, time.January, 26) // a Monday
	attackTo   = foule.DayFromDate(2026, time.March, 8)
	attackNow  = time.Date(2026, time.March, 10, 9, 0, 0, 0, time.UTC)
	attackSite = foule.Site{ID: 1, Timezone: "UTC", Privacy: foule.Privacy{Rounded: true}}

	attackCountries = []string{"FR", "BE", "CH", "DE", "IT"}
	attackDevices   = []string{"smartphone", "desktop", "tablet"}
)

// crowd is the exact truth: visits by day, country, device.
type crowd map[cellOf]int64

type cellOf struct {
	day             foule.Day
	country, device string
}

// drawCrowd draws a crowd of so many visits on a usual day.
func drawCrowd(rnd *rand.Rand, usual float64) crowd {
	byCountry := []float64{0.62, 0.2, 0.1, 0.05, 0.03}
	byDevice := []float64{0.52, 0.4, 0.08}
	c := crowd{}
	for d := attackFrom; d <= attackTo; d++ {
		for i, country := range attackCountries {
			for j, device := range attackDevices {
				mean := usual * byCountry[i] * byDevice[j]
				c[cellOf{d, country, device}] = max(0, int64(mean+rnd.NormFloat64()*mean/2+rnd.Float64()))
			}
		}
	}
	return c
}

// batch writes a crowd as the aggregate does.
func (c crowd) batch() storage.Batch {
	var b storage.Batch
	for d := attackFrom; d <= attackTo; d++ {
		row := func(dim foule.Dimension, label string, by foule.Dimension, byLabel string, n int64) {
			if n != 0 {
				m := foule.Metrics{foule.Visitors: n, foule.Visits: n, foule.Hits: 2*n + n/3, foule.Actions: 3 * n, foule.Bounces: n / 3, foule.Seconds: 97*n + n%7}
				b.Days = append(b.Days, storage.DayRow{Site: 1, Day: d, Dim: dim, Label: label, By: by, ByLabel: byLabel, Metrics: m})
			}
		}
		row(foule.DimTotal, "", foule.DimTotal, "", c.sum(d, d, "", ""))
		for _, country := range attackCountries {
			row(foule.DimCountry, country, foule.DimTotal, "", c.sum(d, d, country, ""))
			for _, device := range attackDevices {
				n := c[cellOf{d, country, device}]
				row(foule.DimCountry, country, foule.DimDeviceType, device, n)
				row(foule.DimDeviceType, device, foule.DimCountry, country, n)
			}
		}
		for _, device := range attackDevices {
			row(foule.DimDeviceType, device, foule.DimTotal, "", c.sum(d, d, "", device))
		}
	}
	return b
}

// sum adds up the visits of some days; "" stands for all labels.
func (c crowd) sum(from, to foule.Day, country, device string) (n int64) {
	for d := from; d <= to; d++ {
		for _, x := range attackCountries {
			for _, y := range attackDevices {
				if (country == "" || country == x) && (device == "" || device == y) {
					n += c[cellOf{d, x, y}]
				}
			}
		}
	}
	return n
}

// span is what the attacker asks about in one question.
type span struct{ from, to foule.Day }

// attackSpans are the blocks: days, weeks, the month that is over.
func attackSpans() (spans []span) {
	for d := attackFrom; d <= attackTo; d++ {
		spans = append(spans, span{d, d})
		if d.Weekday() == time.Monday {
			spans = append(spans, span{d, d + 6})
		}
	}
	return append(spans, span{foule.DayFromDate(2026, time.February, 1), foule.DayFromDate(2026, time.February, 28)})
}

// attacked opens a service over a crowd.
func attacked(t testing.TB, c crowd) *report.Service {
	service := open(t, c.batch())
	service.Now = func() time.Time { return attackNow }
	return service
}

func ask(t testing.TB, s *report.Service, q report.Question) *report.Answer {
	t.Helper()
	q.Site = attackSite
	a, err := s.Ask(t.Context(), q)
	if err != nil {
		t.Fatalf("%+v: %v", q, err)
	}
	return a
}

// spy turns every answer over every block into bounds.
func spy(t testing.TB, s *report.Service, c crowd) *bounds {
	b := newBounds()
	for _, sp := range attackSpans() {
		total := ask(t, s, report.Question{Report: "totals", From: sp.from, To: sp.to})
		b.figure(node{sp, "", ""}, total.Totals[foule.Visits])
		tables := []struct {
			name   string
			filter *storage.Filter
		}{{"countries", nil}, {"devices", nil}}
		for _, x := range attackCountries {
			tables = append(tables, struct {
				name   string
				filter *storage.Filter
			}{"devices", &storage.Filter{Dim: foule.DimCountry, Label: x}})
		}
		for _, y := range attackDevices {
			tables = append(tables, struct {
				name   string
				filter *storage.Filter
			}{"countries", &storage.Filter{Dim: foule.DimDeviceType, Label: y}})
		}
		for _, table := range tables {
			a := ask(t, s, report.Question{Report: table.name, Filter: table.filter, From: sp.from, To: sp.to})
			b.table(a, sp, c)
		}
	}
	b.relate()
	return b
}

// figure notes a figure that is rounded by itself.
func (b *bounds) figure(n node, shown int64) {
	lo, hi := unrounded(shown)
	b.between([]node{n}, lo, hi)
}

// unrounded gives what a rounded figure can have been.
func unrounded(shown int64) (lo, hi int64) {
	if shown == 0 {
		return 0, smallest - 1
	}
	return max(smallest, shown-5), shown + 4
}

// table notes what a table says of each of its labels, known to the attacker,
// and of those that are folded.
func (b *bounds) table(a *report.Answer, sp span, c crowd) {
	nodeOf := func(label string) node {
		n := node{sp, "", ""}
		if f := a.Question.Filter; f != nil && f.Dim == foule.DimCountry {
			n.country = f.Label
		} else if f != nil {
			n.device = f.Label
		}
		if a.Report.Dim == foule.DimCountry {
			n.country = label
		} else {
			n.device = label
		}
		return n
	}
	labels := attackCountries
	if a.Report.Dim == foule.DimDeviceType {
		labels = attackDevices
	}
	shown := map[string]int64{}
	for _, row := range a.Rows {
		shown[row.Label] = row.Metrics[foule.Visits]
	}
	if a.TooFew {
		return // the filter's label is hidden, which its own table says
	}
	var folded []node
	largest, most := "", int64(-1)
	for _, label := range labels {
		n := nodeOf(label)
		if _, ok := shown[label]; !ok {
			folded = append(folded, n)
			b.between([]node{n}, 0, smallest-1)
		} else if x := c.sum(sp.from, sp.to, n.country, n.device); x > most || x == most && label < largest {
			largest, most = label, x
		}
	}
	other := a.Other[foule.Visits]
	if largest == "" {
		lo, hi := unrounded(other)
		b.between(folded, lo, hi)
		return
	}
	for label, figure := range shown {
		lo, hi := unrounded(figure)
		if label != largest {
			b.between([]node{nodeOf(label)}, lo, hi)
			continue
		}
		b.between([]node{nodeOf(label)}, smallest, hi)
		b.between(append(slices.Clone(folded), nodeOf(label)), lo+other, hi+other)
	}
	if other == 0 {
		other = smallest - 1 - (smallest-1)%10 // the first whole ten that is too small, if it is
	}
	b.between(folded, a.Other[foule.Visits], other+9)
}

// TestAttack: whatever is asked and added up, no hidden cell comes out. Doors that
// let more out are found out by the same attack.
func TestAttack(t *testing.T) {
	crowds := 4 // one of each size; docs/disclosure.md has the figures of 200
	if n, err := strconv.Atoi(os.Getenv("FOULE_CROWDS")); err == nil {
		crowds = n
	}
	widths := make(map[int64]int)
	weak := map[string]map[int64]int{}
	for seed := range uint64(crowds) {
		c := drawCrowd(rand.New(rand.NewPCG(seed, 7)), []float64{15, 40, 90, 200}[seed%4])
		s := attacked(t, c)
		spy(t, s, c).tally(t, c, widths)
		if seed > 1 {
			continue
		}
		for name, weaken := range weakenings {
			b := spy(t, s, c)
			weaken(b, c)
			if weak[name] == nil {
				weak[name] = map[int64]int{}
			}
			b.tally(t, c, weak[name])
		}
	}
	t.Logf("hidden cells by the number of values that they may have: %v", widths)
	if fault := verdict(widths); fault != "" {
		t.Error(fault)
	}
	for name := range weakenings {
		if fault := verdict(weak[name]); fault == "" {
			t.Errorf("the attack does not find out %s: %v", name, weak[name])
		} else {
			t.Logf("%s: %s", name, fault)
		}
	}
}

// verdict says what is wrong with how well hidden cells are known.
//
// Hidden, a cell has ten possible values. In one table they all stay possible,
// or the lower or upper half of them: what the rows leave of the total goes into
// the largest row. Where many sums cross (weeks and their days, both sides of a
// two-way table) all roundings can by chance err as far as they can, and
// the same way; so much is left then, and so seldom.
func verdict(widths map[int64]int) string {
	const least, usual, seldom = 3, 5, 0.002
	all, narrow := 0, 0
	for width, n := range widths {
		all += n
		if width < least {
			return fmt.Sprintf("%d hidden cells are known to %d values", n, width)
		}
		if width < usual {
			narrow += n
		}
	}
	if share := float64(narrow) / float64(all); share > seldom {
		return fmt.Sprintf("%.2f %% of %d hidden cells are known to fewer than %d values", 100*share, all, usual)
	}
	return ""
}

// smallest is the smallest cell that is shown.
var smallest = report.DisclosureOf(&attackSite).SmallestCell

// weakenings are doors that let too much out.
var weakenings = map[string]func(b *bounds, c crowd){
	"exact totals": func(b *bounds, c crowd) {
		for _, sp := range attackSpans() {
			x := c.sum(sp.from, sp.to, "", "")
			b.between([]node{{sp, "", ""}}, x, x)
		}
	},
	"rows of what is small": func(b *bounds, c crowd) { // 0 and 10 told apart
		for _, sp := range attackSpans() {
			for _, x := range attackCountries {
				for _, y := range attackDevices {
					if n := c.sum(sp.from, sp.to, x, y); n < 5 {
						b.between([]node{{sp, x, y}}, 0, 4)
					} else if n < 10 {
						b.between([]node{{sp, x, y}}, 5, 9)
					}
				}
			}
		}
	},
	"sums of any days": func(b *bounds, c crowd) { // every range rounded by itself
		for from := attackFrom; from <= attackTo; from++ {
			for to := from + 1; to <= attackTo; to++ {
				for _, x := range attackCountries {
					for _, y := range attackDevices {
						days := make([]node, 0, to-from+1)
						for d := from; d <= to; d++ {
							days = append(days, node{span{d, d}, x, y})
						}
						n := c.sum(from, to, x, y)
						if n < smallest {
							b.between(days, 0, smallest-1)
							continue
						}
						lo := (n+5)/10*10 - 5
						b.between(days, max(lo, smallest), lo+9)
					}
				}
			}
		}
	},
}

// tally tightens the bounds and counts the hidden cells by the number of values
// that are left to them, having checked that the truth is among these.
func (b *bounds) tally(t testing.TB, c crowd, widths map[int64]int) {
	b.tighten()
	for n, iv := range b.of {
		x := c.sum(n.span.from, n.span.to, n.country, n.device)
		if x < iv.lo || x > iv.hi {
			t.Fatalf("the attack errs: %v is %d, not in %v", n, x, iv)
		}
		if x < smallest {
			widths[iv.hi-iv.lo+1]++
		}
	}
}

func (n node) String() string {
	return fmt.Sprintf("%s..%s %s/%s", n.span.from, n.span.to, n.country, n.device)
}
