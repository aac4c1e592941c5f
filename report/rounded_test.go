package report_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"foule.eu/foule"
	"foule.eu/foule/report"
	"foule.eu/foule/storage"
)

// blocksOf covers a range with the months, weeks and days that are over, and
// with the days up to today, the plain way.
func blocksOf(from, to foule.Day) (spans []span) {
	today := foule.DayOf(attackNow, time.UTC)
	whole := func(a, b foule.Day) bool { return a >= from && b <= to && b < today }
	for d := from; d <= min(to, today); {
		last := d
		switch m := d.Month(); {
		case whole(m.First(), m.Last()):
			last = m.Last()
		case d == d.Monday() && whole(d, d+6):
			last = d + 6
			for e := d; e <= d+6; e++ { // unless a whole month begins in it
				if e.Month() != m && whole(e.Month().First(), e.Month().Last()) {
					last = d
				}
			}
		}
		spans = append(spans, span{d, last})
		d = last + 1
	}
	return spans
}

// shownRows is an answer's rows by label, of a wide enough limit.
func shownRows(a *report.Answer) map[string]foule.Metrics {
	rows := map[string]foule.Metrics{}
	for _, r := range a.Rows {
		rows[r.Label] = r.Metrics
	}
	return rows
}

var roundedTables = []report.Question{
	{Report: "totals"}, {Report: "countries"}, {Report: "devices"},
	{Report: "totals", Filter: &storage.Filter{Dim: foule.DimCountry, Label: "FR"}},
	{Report: "devices", Filter: &storage.Filter{Dim: foule.DimCountry, Label: "CH"}},
	{Report: "countries", Filter: &storage.Filter{Dim: foule.DimDeviceType, Label: "tablet"}},
}

// TestRanges: a range says nothing that its blocks do not say, asked one by one.
// So the attack needs to ask for no other range.
func TestRanges(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 3))
	s := attacked(t, drawCrowd(rnd, 60))
	for range 60 {
		from := attackFrom + foule.Day(rnd.IntN(40))
		to := from + foule.Day(rnd.IntN(int(attackTo-from)+6))
		for _, q := range roundedTables {
			q.From, q.To = from, to
			got := ask(t, s, q)
			var totals, other foule.Metrics
			rows := map[string]foule.Metrics{}
			for _, b := range blocksOf(from, to) {
				q.From, q.To = b.from, b.to
				part := ask(t, s, q)
				totals.Add(&part.Totals)
				other.Add(&part.Other)
				for label, m := range shownRows(part) {
					sum := rows[label]
					sum.Add(&m)
					rows[label] = sum
				}
			}
			if q.Report == "totals" {
				rows[""] = totals
			}
			if diff := cmp.Diff([]any{totals, other, rows}, []any{got.Totals, got.Other, shownRows(got)}); diff != "" {
				t.Fatalf("%s under %v from %s to %s: -blocks +range\n%s", q.Report, q.Filter, from, to, diff)
			}
		}
	}
}

// TestOneDoor: however a figure is asked for, it is the one in the table.
func TestOneDoor(t *testing.T) {
	s := attacked(t, drawCrowd(rand.New(rand.NewPCG(5, 5)), 60))
	for _, q := range roundedTables {
		if q.Report == "totals" {
			continue
		}
		q.From, q.To = attackFrom+3, attackTo
		table := ask(t, s, q)
		rows := shownRows(table)
		var paged []report.Row
		for q.Offset = 0; q.Offset < table.RowCount; q.Offset++ {
			q.Limit = 1
			paged = append(paged, ask(t, s, q).Rows...)
		}
		q.Limit, q.Offset = 0, 0
		if diff := cmp.Diff(table.Rows, paged); diff != "" {
			t.Errorf("%s: -table +page by page\n%s", q.Report, diff)
		}
		for _, label := range append(slices.Concat(attackCountries, attackDevices), "nowhere") {
			q.Label = &label
			want, shown := rows[label]
			one := ask(t, s, q)
			if got := shownRows(one)[label]; got != want || shown != (one.RowCount == 1) || one.Totals != table.Totals || !one.Other.IsZero() {
				t.Errorf("%s %s: asked for alone %v, in the table %v", q.Report, label, got, want)
			}
			q.Grain = report.GrainDay
			for _, r := range ask(t, s, q).Rows {
				d, _ := foule.ParseDay(r.Bucket)
				day := q
				day.Grain, day.Label, day.From, day.To = "", nil, d, d
				if got := shownRows(ask(t, s, day))[label]; got != r.Metrics {
					t.Errorf("%s %s on %s: %v in a series, %v in a table", q.Report, label, r.Bucket, r.Metrics, got)
				}
			}
			q.Grain, q.Label = "", nil
			q.Search = label
			for _, r := range ask(t, s, q).Rows {
				if r.Metrics != rows[r.Label] {
					t.Errorf("%s %s: searched for %v, in the table %v", q.Report, r.Label, r.Metrics, rows[r.Label])
				}
			}
			q.Search = ""
		}
	}
}

// TestSortShown: rows stand in the order of what is shown, then of their labels,
// by every column and both ways.
func TestSortShown(t *testing.T) {
	s := attacked(t, drawCrowd(rand.New(rand.NewPCG(6, 6)), 25))
	for _, c := range append(ask(t, s, report.Question{Report: "countries", From: attackFrom, To: attackTo}).Columns, report.Column{Name: "label"}) {
		for _, asc := range []bool{true, false} {
			a := ask(t, s, report.Question{Report: "countries", From: attackFrom, To: attackTo, Sort: c.Name, Asc: asc})
			sorted := slices.IsSortedFunc(a.Rows, func(x, y report.Row) int {
				by := strings.Compare(x.Label, y.Label)
				if c.Of == nil && !asc {
					by = -by
				}
				if c.Of == nil || c.Of(&x.Metrics) == c.Of(&y.Metrics) {
					return by
				}
				if (c.Of(&x.Metrics) < c.Of(&y.Metrics)) == asc {
					return -1
				}
				return 1
			})
			if !sorted {
				t.Errorf("by %s, upwards %v: %v", c.Name, asc, a.Rows)
			}
		}
	}
}

// TestTens: every count that leaves is a multiple of ten, every rate is that of
// counts that left.
func TestTens(t *testing.T) {
	s := attacked(t, drawCrowd(rand.New(rand.NewPCG(8, 8)), 130))
	for _, q := range roundedTables {
		q.From, q.To = attackFrom, attackTo
		for _, q.Grain = range []report.Grain{report.GrainTotal, report.GrainDay, report.GrainWeek, report.GrainMonth} {
			a := ask(t, s, q)
			for _, m := range append([]report.Row{{Metrics: a.Totals}, {Metrics: a.Other}}, a.Rows...) {
				for i, n := range m.Metrics {
					if n%10 != 0 {
						t.Errorf("%s %s of %s %s is %d", q.Grain, foule.Metric(i), m.Label, m.Bucket, n)
					}
				}
			}
		}
	}
	var b storage.Batch
	for _, r := range report.All() { // what counts other things than visits
		for i, label := range []string{"x", "y", "z"} {
			m := visits(int64(37+i), 13)
			m[foule.Conversions], m[foule.Revenue], m[foule.Value], m[foule.ValueCount], m[foule.Quantity], m[foule.Entries] = 23, 4711, 12345, 27, 31, 17
			row := storage.DayRow{Site: 1, Day: 1, Dim: r.Dim, Label: label, By: r.Under, Metrics: m}
			if r.Under != foule.DimTotal {
				row.ByLabel = "x"
			}
			if r.Dim == foule.DimTotal {
				row.Label = ""
			}
			b.Days = append(b.Days, row)
		}
	}
	s2 := open(t, b)
	for _, r := range report.All() {
		q := report.Question{Report: r.Name, From: 1, To: 1}
		if r.Under != foule.DimTotal {
			q.Filter = &storage.Filter{Dim: r.Under, Label: "x"}
		}
		a := ask(t, s2, q)
		for i, n := range a.Totals {
			if n%10 != 0 || len(a.Rows) > 0 && a.Rows[0].Metrics[i]%10 != 0 || a.Other[i]%10 != 0 {
				t.Errorf("%s of %s: %d in all, %v", foule.Metric(i), r.Name, n, a.Rows)
			}
		}
		if a.Totals[foule.Hits] == 0 {
			t.Errorf("%s: nothing", r.Name)
		}
	}
	q := report.Question{Report: "totals", From: attackFrom, To: attackFrom, Grain: report.GrainHour}
	if a := ask(t, s, q); len(a.Rows) != 24 {
		t.Errorf("%d hours", len(a.Rows))
	}
}

// TestHiddenIsAbsent: what is too small answers as what is not there.
func TestHiddenIsAbsent(t *testing.T) {
	c := drawCrowd(rand.New(rand.NewPCG(9, 9)), 30)
	for d := attackFrom; d <= attackTo; d++ {
		for _, device := range attackDevices {
			c[cellOf{d, "IT", device}] = 0
		}
	}
	c[cellOf{attackFrom, "IT", "desktop"}] = 9
	s := attacked(t, c)
	it, nobody := "IT", "XX"
	for _, q := range []report.Question{
		{Report: "countries"}, {Report: "countries", Grain: report.GrainDay}, {Report: "totals"}, {Report: "totals", Grain: report.GrainWeek}, {Report: "devices"}, {Report: "devices", Grain: report.GrainDay},
	} {
		q.From, q.To = attackFrom, attackTo
		answer := func(label string) string {
			if q.Report == "countries" {
				q.Label = &label
			} else {
				q.Filter = &storage.Filter{Dim: foule.DimCountry, Label: label}
			}
			a := ask(t, s, q)
			if q.Filter != nil && !a.TooFew {
				t.Errorf("%s of %s are not too few", q.Report, label)
			}
			text, err := json.Marshal([]any{a.Rows, a.RowCount, a.Totals, a.Other, a.TooFew})
			if err != nil {
				t.Fatal(err)
			}
			return strings.ReplaceAll(string(text), label, "?")
		}
		if diff := cmp.Diff(answer(nobody), answer(it)); diff != "" {
			t.Errorf("%s by %q: -nobody +hidden\n%s", q.Report, q.Grain, diff)
		}
	}
}

// TestTwins: two crowds that differ in a hidden cell, and in the largest beside
// it so that nothing else moves, answer alike.
func TestTwins(t *testing.T) {
	twin := func(hidden int64) *report.Service {
		c := crowd{}
		for d := attackFrom; d <= attackTo; d++ {
			c[cellOf{d, "FR", "desktop"}] = 500
			c[cellOf{d, "BE", "desktop"}] = 40
		}
		c[cellOf{attackFrom, "CH", "desktop"}] = hidden
		c[cellOf{attackFrom, "FR", "desktop"}] = 503 - hidden
		return attacked(t, c)
	}
	one, other := twin(1), twin(4)
	for _, sp := range append(attackSpans(), span{attackFrom, attackTo}) {
		for _, q := range append(roundedTables, report.Question{Report: "countries", Filter: &storage.Filter{Dim: foule.DimDeviceType, Label: "desktop"}}) {
			q.From, q.To = sp.from, sp.to
			a, b := ask(t, one, q), ask(t, other, q)
			a.Report, a.Columns, b.Report, b.Columns = nil, nil, nil, nil
			if diff := cmp.Diff(a, b); diff != "" {
				t.Fatalf("%s under %v from %s to %s: one and four visits differ\n%s", q.Report, q.Filter, sp.from, sp.to, diff)
			}
		}
	}
}

// TestFolding: of what is folded, whole tens stand under Other and the rest goes
// into the largest row.
func TestFolding(t *testing.T) {
	for _, row := range []struct {
		name   string
		visits map[string]int64
		want   []string
	}{
		{"one is hidden", map[string]int64{"A": 24, "B": 3}, []string{"A 30", "of 1: 30"}},
		{"its size does not matter", map[string]int64{"A": 18, "B": 9}, []string{"A 30", "of 1: 30"}},
		{"several are hidden", map[string]int64{"A": 100, "B": 9, "C": 8, "D": 6}, []string{"A 100", "other 20", "of 1: 120"}},
		{"the rest goes to the largest", map[string]int64{"A": 112, "B": 12, "C": 9, "D": 6}, []string{"A 120", "B 10", "other 10", "of 2: 140"}},
		{"nothing is large enough", map[string]int64{"A": 9, "B": 9, "C": 9}, []string{"other 30", "of 0: 30"}},
		{"all together are too few", map[string]int64{"A": 4, "B": 5}, []string{"of 0: 0"}},
		{"equals stand by their labels", map[string]int64{"B": 33, "A": 27}, []string{"A 30", "B 30", "of 2: 60"}},
	} {
		var b storage.Batch
		var total foule.Metrics
		for label, n := range row.visits {
			m := visits(n, 0)
			total.Add(&m)
			b.Days = append(b.Days, storage.DayRow{Site: 1, Day: attackFrom, Dim: foule.DimCountry, Label: label, Metrics: m})
		}
		b.Days = append(b.Days, storage.DayRow{Site: 1, Day: attackFrom, Metrics: total})
		a := ask(t, open(t, b), report.Question{Report: "countries", From: attackFrom, To: attackFrom})
		if diff := cmp.Diff(row.want, brief(a)); diff != "" {
			t.Errorf("%s: -want +got\n%s", row.name, diff)
		}
	}
}

// TestSmall: a cell is as small as its visitors are few; where nobody is told
// apart, as its visits, or as what was done is seldom.
func TestSmall(t *testing.T) {
	nobody := foule.Privacy{Rounded: true, Off: []foule.Feature{foule.FeatureVisitors}}
	for _, row := range []struct {
		name    string
		privacy foule.Privacy
		dim     foule.Dimension
		m       foule.Metrics
		rows    int
	}{
		{"nine visitors who come often", attackSite.Privacy, foule.DimCountry, foule.Metrics{foule.Visitors: 9, foule.Visits: 40, foule.Hits: 90}, 0},
		{"ten visitors", attackSite.Privacy, foule.DimCountry, foule.Metrics{foule.Visitors: 10, foule.Visits: 10, foule.Hits: 10}, 1},
		{"nine visits of nobody", nobody, foule.DimCountry, foule.Metrics{foule.Visits: 9, foule.Hits: 90}, 0},
		{"ten visits of nobody", nobody, foule.DimCountry, foule.Metrics{foule.Visits: 10, foule.Hits: 12}, 1},
		{"a page seen often by nobody", nobody, foule.DimPage, foule.Metrics{foule.Visits: 2, foule.Hits: 10}, 1},
		{"a page seen seldom by nobody", nobody, foule.DimPage, foule.Metrics{foule.Hits: 9}, 0},
		{"robots", attackSite.Privacy, foule.DimCrawler, foule.Metrics{foule.Hits: 10}, 1},
	} {
		r := map[foule.Dimension]string{foule.DimCountry: "countries", foule.DimPage: "pages", foule.DimCrawler: "crawlers"}[row.dim]
		s := open(t, storage.Batch{Days: []storage.DayRow{{Site: 1, Day: 1, Metrics: visits(100, 1)}, {Site: 1, Day: 1, Dim: row.dim, Label: "x", Metrics: row.m}}})
		a, err := s.Ask(t.Context(), report.Question{Site: foule.Site{ID: 1, Privacy: row.privacy}, From: 1, To: 1, Report: r})
		if err != nil || len(a.Rows) != row.rows {
			t.Errorf("%s: %d rows, want %d; %v", row.name, len(a.Rows), row.rows, err)
		}
	}
}

// brief writes the visits of an answer's rows, of Other and of all.
func brief(a *report.Answer) (lines []string) {
	for _, r := range a.Rows {
		lines = append(lines, fmt.Sprintf("%s %d", r.Label, r.Metrics[foule.Visits]))
	}
	if n := a.Other[foule.Visits]; n != 0 {
		lines = append(lines, fmt.Sprintf("other %d", n))
	}
	return append(lines, fmt.Sprintf("of %d: %d", a.RowCount, a.Totals[foule.Visits]))
}
