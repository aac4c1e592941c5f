package report

import (
	"foule.eu/foule"
	"foule.eu/foule/storage"
)

// Grain is how an answer is cut along time; "total" is one table over the range.
type Grain string

// The grains.
const (
	GrainTotal Grain = "total"
	GrainHour  Grain = "hour"
	GrainDay   Grain = "day"
	GrainWeek  Grain = "week"
	GrainMonth Grain = "month"
)

// Unit is what a column's numbers are.
type Unit string

// The units.
const (
	UnitCount   Unit = "count"
	UnitSeconds Unit = "seconds"
	UnitRatio   Unit = "ratio" // 0 to 1
	UnitMoney   Unit = "money" // major units of the site's currency
	UnitNumber  Unit = "number"
)

// Column is one metric of a report, stored or derived.
type Column struct {
	Name string // stable: "visits", "bounce_rate", "avg_visit_seconds"
	Unit Unit
	// Of computes the column from a row's counters. It gives 0 where a ratio's
	// denominator is 0.
	Of func(m *foule.Metrics) float64
	// Sort is the stored metric that the store sorts by when this column is asked for.
	Sort foule.Metric
	// derived: the column's order is not that of its Sort metric, as that of a
	// quotient by the counter den is not.
	derived  bool
	num, den foule.Metric
}

// Known says whether the column says anything of a row: a ratio of nothing does not.
func (c Column) Known(m *foule.Metrics) bool { return !c.derived || m[c.den] != 0 }

// Whole says whether the column's numbers are always whole.
func (c Column) Whole() bool {
	return !c.derived && (c.Unit == UnitCount || c.Unit == UnitSeconds)
}

// Report is one entry of the catalogue.
type Report struct {
	Name        string // plural, stable, as in the API: "pages", "entry-pages"
	Dim         foule.Dimension
	Under       foule.Dimension // if not DimTotal, the report is of one label of it, which the question has to filter by
	Group       string          // section of the dashboard: "audience", "acquisition", "behaviour", "goals", "shop"
	Columns     []Column        // in order of display
	DefaultSort string          // a column's name, descending; "label" of an Ordered report, ascending
	// HideEmpty: visits without a label (no campaign, say) are not shown as a row.
	HideEmpty bool
	// Ordered: labels have an order of their own (hours, buckets) in which they are shown, without paging,
	// and all of them, with zeros where nothing was counted. It holds for Sort "" and "label".
	Ordered []string
}

// Column finds a column by its name.
func (r *Report) Column(name string) (Column, bool) { return findColumn(r.Columns, name) }

func findColumn(columns []Column, name string) (Column, bool) {
	for _, c := range columns {
		if c.Name == name {
			return c, true
		}
	}
	return Column{}, false
}

// Question is what a person or a program asks.
type Question struct {
	Site     foule.Site
	From, To foule.Day // both inclusive
	Grain    Grain
	Report   string
	Filter   *storage.Filter
	Label    *string // one label only (with any grain)
	Search   string
	Sort     string // a column's name or "label"; "" is the report's default
	Asc      bool
	// Limit bounds the labels: 0 is DefaultLimit (DefaultSeries where each label
	// becomes a series), at most MaxLimit (MaxSeries).
	Limit  int
	Offset int
}

// Bounds of a question (invariant I5).
const (
	DefaultLimit  = 100
	MaxLimit      = 10000 // rows of one answer
	DefaultSeries = 10
	MaxSeries     = 50   // labels of an answer by time bucket
	MaxDays       = 3660 // of a range: ten years
	MaxHourDays   = 62   // of a range by hour
)

// Answer is a table.
type Answer struct {
	Report   *Report
	Question Question
	Rows     []Row
	RowCount int // rows there are in all
	// Totals is the 100 % of the table, over the range: the counters of the site (or
	// of the filter's label). What the report's own things count (hits of a download,
	// entries of a page, an event's value) is the sum over all labels instead.
	Totals foule.Metrics
	Other  foule.Metrics // what stands under foule.Other; zero if nothing
	// TooFew is set when the filter's label has too few visitors to be shown filtered.
	TooFew bool

	// Columns are the report's columns that the site's policy leaves; the counters
	// of the others are zero.
	Columns []Column
	// ConsentOnly is set when the answer is of visits with consent alone, since only
	// of those the site counts what the report shows.
	ConsentOnly bool
	// Disclosure is how the figures were rounded; nil if they are as they stand in
	// the store. Where it is set, a row or a figure of zero may be one that is too
	// small to be shown.
	Disclosure *Disclosure
}

// Column finds one of the answer's columns by its name.
func (a *Answer) Column(name string) (Column, bool) { return findColumn(a.Columns, name) }

// Row is one label, or one time bucket with Grain other than total.
type Row struct {
	Label string // as stored
	// Bucket is "2026-03-12", "2026-03-12T14", a week's Monday or "2026-03"; "" with
	// GrainTotal. Hours are the site's wall clock: one that the clock shows twice, at
	// the end of summer time, is one bucket; one that it skips is none.
	Bucket string
	foule.Metrics
}
