package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"foule.eu/foule"
	"foule.eu/foule/storage"
)

// Service answers questions from one store. It is safe for concurrent use.
type Service struct {
	Store storage.Reader
	// Now tells which day is not over; nil is time.Now. Only figures that leave
	// rounded depend on it.
	Now func() time.Time

	glimpses glimpses
}

// New makes a Service over a store.
func New(store storage.Reader) *Service { return &Service{Store: store} }

// Ask answers a question. A question that makes no sense gives a
// [*BadQuestion]; any other error is the store's.
func (s *Service) Ask(ctx context.Context, q Question) (*Answer, error) {
	p, err := newPlan(q)
	if err != nil {
		return nil, err
	}
	p.until = s.reach(p.Site, p.To)
	a := &Answer{Report: p.report, Question: p.Question, Columns: p.columns, ConsentOnly: p.consentOnly, Disclosure: DisclosureOf(&p.Site)}
	answer := s.answer
	if a.Disclosure != nil {
		answer = s.answerRounded
	}
	if err := answer(ctx, p, a); err != nil {
		return nil, fmt.Errorf("report: %s of site %d: %w", p.report.Name, p.Site.ID, err)
	}
	p.strip(a)
	return a, nil
}

// DataRange gives the first and last day of which a site has any data; ok is
// false when it has none.
func (s *Service) DataRange(ctx context.Context, site foule.SiteID) (first, last foule.Day, ok bool, err error) {
	return s.Store.DataRange(ctx, site)
}

func (s *Service) answer(ctx context.Context, p *plan, a *Answer) error {
	f, err := s.find(ctx, p)
	if err != nil {
		return err
	}
	t := &f.table
	a.Totals = f.totals(p)
	if a.TooFew, err = s.tooFew(ctx, p, t, &a.Totals); err != nil || a.TooFew {
		return err
	}
	a.Rows, a.RowCount, a.Other = tableRows(p, t), t.RowCount, t.Other
	if p.ordered() || p.report.Dim == foule.DimTotal {
		a.RowCount = len(a.Rows)
	}
	if p.Grain == GrainTotal {
		return nil
	}
	if f.lines == nil {
		if f.lines, err = s.lines(ctx, p, seriesLabels(p, a.Rows)); err != nil {
			return err
		}
	}
	f.lines.into(p, a)
	return nil
}

// found is what the store says to a question.
type found struct {
	table storage.TableResult
	site  storage.TableResult // the site's total under the question's filter
	whole storage.TableResult // the table as it is where the question narrows it
	lines *lines              // by time, where the question itself says of which labels
}

// find asks the store everything at once: an answer takes as long as the
// slowest query, not as long as all of them.
func (s *Service) find(ctx context.Context, p *plan) (f found, err error) {
	g, ctx := errgroup.WithContext(ctx)
	ask := func(q storage.TableQuery, into *storage.TableResult) {
		g.Go(func() (err error) { *into, err = s.table(ctx, q); return err })
	}
	if !p.never {
		ask(p.table(), &f.table)
	}
	if p.report.Dim != foule.DimTotal { // of the totals the table is the site's
		site := storage.TableQuery{Site: p.Site.ID, From: p.From, To: p.until, Dim: foule.DimTotal}
		if p.Filter != nil {
			site.Dim, site.Label = p.Filter.Dim, &p.Filter.Label
		}
		ask(site, &f.site)
		if p.ofActions() && p.narrowed() {
			ask(storage.TableQuery{Site: p.Site.ID, From: p.From, To: p.until, Dim: p.dim, Filter: p.filter, Limit: 1}, &f.whole)
		}
	}
	if labels, known := p.knownLabels(); known && p.Grain != GrainTotal {
		g.Go(func() (err error) { f.lines, err = s.lines(ctx, p, labels); return err })
	}
	err = g.Wait()
	return f, err
}

// reach gives the day up to which the store may as well be asked: where a range
// ends today, the end of the month, since nothing is counted for a day to come (a
// request that names one counts now). Whole months take a store that keeps their
// sums little more than half the time, and "this year" is whole months then.
func (s *Service) reach(site foule.Site, to foule.Day) foule.Day {
	if today, err := s.today(site); err != nil || to < today {
		return to
	}
	return to.Month().Last()
}

// tableRows turns the store's page of rows into the answer's: in the report's
// own order, or sorted by a quotient and cut to the page.
func tableRows(p *plan, t *storage.TableResult) []Row {
	rows := make([]Row, len(t.Rows))
	for i := range t.Rows {
		rows[i] = Row{Label: t.Rows[i].Label, Metrics: t.Rows[i].Metrics}
	}
	switch {
	case p.report.Dim == foule.DimTotal:
		return []Row{{Metrics: t.Sum}}
	case p.ordered():
		return inOrder(p, rows)
	case p.column.derived:
		sortRows(rows, p.column, p.Asc)
		return p.page(rows)
	}
	return rows
}

// page cuts rows to those that were asked for.
func (p *plan) page(rows []Row) []Row {
	from := min(p.Offset, len(rows))
	return rows[from:min(from+p.Limit, len(rows))]
}

// sortShown sorts rows by what is shown of them and by nothing else: by the
// sort's column, then by label.
func sortShown(p *plan, rows []Row) {
	slices.SortFunc(rows, func(a, b Row) int {
		byLabel := strings.Compare(a.Label, b.Label)
		byColumn := byLabel
		if p.column.Of != nil {
			byColumn = cmp.Compare(p.column.Of(&a.Metrics), p.column.Of(&b.Metrics))
		}
		if !p.Asc {
			byColumn = -byColumn
		}
		return cmp.Or(byColumn, byLabel)
	})
}

// sortRows sorts by a derived column; where it says nothing, the larger row
// comes first, then the label decides.
func sortRows(rows []Row, c Column, asc bool) {
	slices.SortFunc(rows, func(a, b Row) int {
		byColumn := cmp.Compare(c.Of(&a.Metrics), c.Of(&b.Metrics))
		if !asc {
			byColumn = -byColumn
		}
		return cmp.Or(byColumn, cmp.Compare(b.Metrics[c.Sort], a.Metrics[c.Sort]), strings.Compare(a.Label, b.Label))
	})
}

// inOrder puts rows into the report's own order of labels, adding those that
// were never counted unless the question is about some labels only. Labels the
// order does not know come last.
func inOrder(p *plan, rows []Row) []Row {
	rank := make(map[string]int, len(p.report.Ordered))
	for i, label := range p.report.Ordered {
		rank[label] = i + 1
	}
	if p.label == nil && p.Search == "" {
		seen := make(map[string]bool, len(rows))
		for _, row := range rows {
			seen[row.Label] = true
		}
		for _, label := range p.report.Ordered {
			if !seen[label] {
				rows = append(rows, Row{Label: label})
			}
		}
	}
	slices.SortFunc(rows, func(a, b Row) int {
		ra, rb := cmp.Or(rank[a.Label], len(rank)+1), cmp.Or(rank[b.Label], len(rank)+1)
		return cmp.Or(cmp.Compare(ra, rb), strings.Compare(a.Label, b.Label))
	})
	if !p.Asc {
		slices.Reverse(rows)
	}
	return rows
}

// own are the counters that mean something of their own in a dimension of
// actions: the site's total has others under the same name, or none.
var own = []foule.Metric{
	foule.Hits, foule.Actions, foule.Seconds, foule.Conversions, foule.Revenue,
	foule.Entries, foule.EntryBounces, foule.Exits, foule.Value, foule.ValueCount,
	foule.Interactions, foule.Quantity,
}

// totals gives the 100 % of the table.
func (f *found) totals(p *plan) foule.Metrics {
	if p.report.Dim == foule.DimTotal {
		return f.table.Sum
	}
	total := f.site.Sum
	if !p.ofActions() {
		return total
	}
	sum := &f.table.Sum
	if p.narrowed() { // and its sum with it
		sum = &f.whole.Sum
	}
	for _, m := range own {
		total[m] = sum[m]
	}
	return total
}

// tooFew says whether an empty table is empty because too few visitors share
// the filter's label: then the label has no filtered rows at all. It may also
// be that nobody did what the report counts. Every visit has a device and a
// browser, if only an unknown one, so those two tell, also of the visits that
// reached a goal.
func (s *Service) tooFew(ctx context.Context, p *plan, t *storage.TableResult, totals *foule.Metrics) (bool, error) {
	if p.filter == nil || t.RowCount > 0 || !t.Other.IsZero() || totals[foule.Visits] == 0 {
		return false, nil
	}
	dim := foule.DimDeviceType
	if p.filter.Dim == dim {
		dim = foule.DimBrowser
	}
	if !dim.HasRowsUnder(p.filter.Dim) {
		return false, nil
	}
	probe, err := s.Store.Table(ctx, storage.TableQuery{
		Site: p.Site.ID, From: p.From, To: p.until, Dim: dim, Filter: p.filter, Limit: 1,
	})
	return probe.Sum.IsZero(), err
}
