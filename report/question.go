package report

import (
	"fmt"
	"slices"

	"foule.eu/foule"
	"foule.eu/foule/storage"
)

// BadQuestion says what is wrong with a question, so that whoever asked can
// put it right. Field is the name of the question's part in lower case, as in
// the API: report, from, to, grain, filter, label, search, sort, limit, offset.
type BadQuestion struct {
	Field, Reason string
}

// Error gives field and reason.
func (b *BadQuestion) Error() string { return b.Field + ": " + b.Reason }

func bad(field, reason string, args ...any) error {
	return &BadQuestion{Field: field, Reason: fmt.Sprintf(reason, args...)}
}

// plan is a question that passed every check, with its defaults filled in and
// its folding done: a filter on the report's own dimension, or on the totals,
// is nothing but one label of a plain report.
type plan struct {
	Question
	report *Report
	column Column // of the sort; none when sorted by label
	dim    foule.Dimension
	filter *storage.Filter
	label  *string
	never  bool      // asks for a label that its own filter excludes
	until  foule.Day // To, or the day up to which the store may as well be asked: see reach

	columns     []Column // that the site's policy leaves
	consentOnly bool     // answered of visits with consent
}

func newPlan(q Question) (*plan, error) {
	r, ok := Find(q.Report, &q.Site)
	if !ok {
		return nil, bad("report", "unknown report; the catalogue lists all")
	}
	p := &plan{Question: q, report: r, dim: r.Dim, filter: q.Filter, label: q.Label}
	for _, check := range []func() error{p.checkGrain, p.checkRange, p.checkLabels, p.checkCollected, p.checkFilter, p.checkSort, p.checkPage} {
		if err := check(); err != nil {
			return nil, err
		}
	}
	p.fold()
	return p, p.checkHours()
}

func (p *plan) checkGrain() error {
	switch p.Grain {
	case "":
		p.Grain = GrainTotal
	case GrainTotal, GrainHour, GrainDay, GrainWeek, GrainMonth:
	default:
		return bad("grain", "want total, hour, day, week or month")
	}
	return nil
}

func (p *plan) checkRange() error {
	if err := checkRange(p.From, p.To); err != nil {
		return err
	}
	if p.Grain == GrainHour && p.To-p.From >= MaxHourDays {
		return bad("grain", "by hour the range is at most %d days", MaxHourDays)
	}
	return nil
}

func (p *plan) checkLabels() error {
	if p.dim != foule.DimTotal {
		return nil
	}
	if p.Label != nil {
		return bad("label", "the totals have no labels")
	}
	if p.Search != "" {
		return bad("search", "the totals have no labels")
	}
	return nil
}

func (p *plan) checkFilter() error {
	f, under := p.Filter, p.report.Under
	switch {
	case under != foule.DimTotal && (f == nil || f.Dim != under):
		return bad("filter", "this report is of one %s: filter=%s:LABEL", under, under)
	case f == nil:
	case f.Label == foule.Other:
		return bad("filter", "what stands under %s shares no label", foule.Other)
	case p.dim.HasRowsUnder(f.Dim):
	case !f.Dim.Info().Filter:
		return bad("filter", "the report cannot be filtered by this dimension")
	case p.dim != foule.DimTotal && p.dim != f.Dim:
		return bad("filter", "this report cannot be filtered")
	}
	return nil
}

func (p *plan) checkSort() error {
	if p.Sort == "" {
		p.Sort = p.report.DefaultSort
		p.Asc = p.Sort == byLabel
	}
	if p.Sort == byLabel {
		return nil
	}
	var ok bool
	if p.column, ok = p.report.Column(p.Sort); !ok {
		return bad("sort", "want label or one of the report's columns")
	}
	if !slices.ContainsFunc(p.columns, func(c Column) bool { return c.Name == p.Sort }) {
		if q := p.Question; q.Sort == p.report.DefaultSort && len(p.columns) > 0 {
			p.column, p.Sort = p.columns[0], p.columns[0].Name
			return nil
		}
		return bad("sort", "this site does not count it")
	}
	return nil
}

func (p *plan) checkPage() error {
	most, usual := MaxLimit, DefaultLimit
	if p.Grain != GrainTotal {
		most, usual = MaxSeries, DefaultSeries
	}
	switch {
	case p.Limit < 0 || p.Limit > most:
		return bad("limit", "want 1 to %d", most)
	case p.Offset < 0:
		return bad("offset", "want 0 or more")
	case p.Limit == 0:
		p.Limit = usual
	}
	return nil
}

func (p *plan) fold() {
	f := p.Filter
	switch {
	case f == nil:
	case p.dim == foule.DimTotal:
		p.dim, p.label, p.filter = f.Dim, &f.Label, nil
	case p.dim == f.Dim:
		p.never = p.label != nil && *p.label != f.Label
		p.label, p.filter = &f.Label, nil
	}
}

// checkHours holds the question against what the store keeps by hour: the
// total and the filter dimensions, unfiltered.
func (p *plan) checkHours() error {
	if p.Filter != nil && p.Filter.Dim != foule.DimConsent && DisclosureOf(&p.Site) != nil && (p.report.Dim == foule.DimServerHour || p.report.Dim == foule.DimLocalHour) {
		return bad("filter", "figures of this site leave rounded: who came stands by day, not by hour")
	}
	if p.Grain != GrainHour {
		return nil
	}
	if DisclosureOf(&p.Site) != nil && p.dim != foule.DimTotal {
		return bad("grain", "figures of this site leave rounded: by hour there are the totals alone, without a filter")
	}
	if p.filter != nil {
		return bad("filter", "by hour only the totals can be filtered")
	}
	if p.dim != foule.DimTotal && !p.dim.Info().Filter {
		return bad("grain", "this report is not kept by hour")
	}
	return nil
}

// ordered says whether the answer follows the report's own order of labels.
func (p *plan) ordered() bool { return p.Sort == byLabel && p.report.Ordered != nil }

// hideEmpty says whether visits without a label are left out: not when they
// are what was asked for.
func (p *plan) hideEmpty() bool { return p.report.HideEmpty && p.label == nil }

// ofActions says whether the table counts otherwise than the site's total does.
func (p *plan) ofActions() bool {
	return p.dim != foule.DimTotal && p.dim.Info().Scope != foule.ScopeVisit
}

// narrowed says whether the table is about some of the dimension's labels only.
func (p *plan) narrowed() bool { return p.Search != "" || p.label != nil }

func (p *plan) table() storage.TableQuery {
	q := storage.TableQuery{
		Site: p.Site.ID, From: p.From, To: p.until,
		Dim: p.dim, Filter: p.filter, Label: p.label, Search: p.Search, HideEmpty: p.hideEmpty(),
		SortLabel: p.Sort == byLabel, Sort: p.column.Sort, Ascending: p.Asc,
		Limit: p.Limit, Offset: p.Offset,
	}
	if p.column.derived {
		// The store cannot sort by a quotient: take the largest and sort here.
		q.Ascending, q.Limit, q.Offset = false, MaxLimit, 0
	}
	if p.ordered() {
		q.Ascending, q.Limit, q.Offset = true, MaxLimit, 0
	}
	return q
}
