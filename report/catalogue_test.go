package report_test

import (
	"testing"

	"foule.eu/foule"
	"foule.eu/foule/report"
)

func TestCatalogue(t *testing.T) {
	names, dims := map[string]bool{}, map[foule.Dimension]string{}
	type rows struct{ dim, under foule.Dimension }
	shown := map[rows]string{}
	for _, r := range report.All() {
		if names[r.Name] {
			t.Errorf("two reports are called %s", r.Name)
		}
		names[r.Name] = true
		if other, taken := shown[rows{r.Dim, r.Under}]; taken {
			t.Errorf("%s and %s show the same", r.Name, other)
		}
		shown[rows{r.Dim, r.Under}] = r.Name
		dims[r.Dim] = r.Name
		if r.Under != foule.DimTotal && !r.Dim.HasRowsUnder(r.Under) {
			t.Errorf("%s: there are no rows of %s under %s", r.Name, r.Dim, r.Under)
		}
		if got, ok := report.ByName(r.Name); !ok || got != r {
			t.Errorf("ByName(%s) = %v, %v", r.Name, got, ok)
		}
		columns := map[string]bool{}
		for _, c := range r.Columns {
			if columns[c.Name] {
				t.Errorf("%s has two columns %s", r.Name, c.Name)
			}
			columns[c.Name] = true
		}
		if !columns[r.DefaultSort] && (r.DefaultSort != "label" || r.Ordered == nil) {
			t.Errorf("%s cannot be sorted by its default %s", r.Name, r.DefaultSort)
		}
	}
	for d := range foule.Dimension(foule.NumDimensions) {
		if dims[d] == "" {
			t.Errorf("no report shows dimension %d", d)
		}
	}
	if _, ok := report.ByName("nonsense"); ok {
		t.Error("there is a report called nonsense")
	}
}

func TestColumns(t *testing.T) {
	row := foule.Metrics{
		foule.Visitors: 7, foule.Visits: 8, foule.Hits: 20, foule.Actions: 24, foule.Bounces: 2, foule.Seconds: 400,
		foule.ConvertedVisits: 4, foule.Conversions: 5, foule.Revenue: 1234,
		foule.Entries: 5, foule.EntryBounces: 1, foule.Exits: 6, foule.Value: 7500, foule.ValueCount: 3,
	}
	for _, want := range []struct {
		report, column string
		value          float64
		whole          bool
	}{
		{"totals", "visitors", 7, true},
		{"totals", "hits", 20, true},
		{"totals", "bounces", 2, true},
		{"totals", "bounce_rate", 0.25, false},
		{"totals", "avg_visit_seconds", 50, false},
		{"totals", "actions_per_visit", 3, false},
		{"totals", "conversion_rate", 0.5, false},
		{"totals", "revenue", 12.34, false},
		{"countries", "converted_visits", 4, true},
		{"pages", "bounce_rate", 0.2, false},
		{"pages", "exit_rate", 0.75, false},
		{"pages", "avg_page_seconds", 20, false},
		{"pages", "seconds", 400, true},
		{"events", "event_value", 7.5, false},
		{"events", "avg_event_value", 2.5, false},
		{"events", "event_value_count", 3, true},
		{"goals", "avg_revenue", 2.468, false},
	} {
		r, _ := report.ByName(want.report)
		c, ok := r.Column(want.column)
		if !ok {
			t.Errorf("%s has no column %s", want.report, want.column)
			continue
		}
		if got := c.Of(&row); got != want.value || c.Whole() != want.whole {
			t.Errorf("%s of %s = %v, whole %v; want %v, %v", want.column, want.report, got, c.Whole(), want.value, want.whole)
		}
		if got := c.Of(&foule.Metrics{}); got != 0 {
			t.Errorf("%s of nothing = %v", want.column, got)
		}
	}
}

// TestKnown: a ratio of nothing is not known, a count of nothing is.
func TestKnown(t *testing.T) {
	r, _ := report.ByName("totals")
	for _, c := range r.Columns {
		if got, want := c.Known(&foule.Metrics{}), c.Whole() || c.Unit == report.UnitMoney; got != want {
			t.Errorf("%s of nothing: known %v, want %v", c.Name, got, want)
		}
		if !c.Known(&foule.Metrics{foule.Visits: 1}) {
			t.Errorf("%s of a visit is not known", c.Name)
		}
	}
}
