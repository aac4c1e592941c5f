package dashboard

import (
	"context"
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5"

	"foule.eu/foule"
	"foule.eu/foule/report"
	"foule.eu/foule/storage"
)

// goalReportPage shows what brought those who reached a goal: the page that says
// which campaign sells.
type goalReportPage struct {
	Toolbar    toolbar
	Back, Edit string // Edit is "" for orders, and for those who may not
	Rule       string
	Facts      []fact
	Parts      []goalPart
	Money      bool // whether conversions bring revenue
	None       bool // nobody reached it
	Unfiltered bool
}

type fact struct{ Name, Value string }

// goalPart is one dimension's share in a goal.
type goalPart struct {
	Name, Title, Head string
	Rows              []reachedLine
	More              string // how many labels are not shown, in words
	TooFew            bool   // too few visitors reached the goal to show who
	Empty             string // what is said when there is no row
}

type reachedLine struct {
	Label                      label
	Bar                        string
	Conversions, Revenue, Rate string
	Other                      bool
}

// goalReports are what a goal is broken down by, in order of display.
var goalReports = []string{"channels", "sources", "campaigns", "entry-pages", "countries", "languages", "devices", "browsers", "systems"}

const (
	goalRows = 12
	// goalVisits bounds the labels of which the visits are looked up.
	goalVisits = 1000
)

func (s *server) goalReport(w http.ResponseWriter, r *http.Request) error {
	v, err := s.view(r)
	if err != nil {
		return err
	}
	id := chi.URLParam(r, "goal")
	l := localeOf(r)
	page := goalReportPage{Back: v.to(v.sitePath("")), Toolbar: v.toolbar(l), Unfiltered: v.Filter != nil}
	title := l.T("goal.order")
	if id != foule.LabelOrder {
		g, ok := goalNamed(&v.Site, id)
		if !ok {
			return storage.ErrNotFound
		}
		title, page.Rule, page.Edit = g.Name, l.goalRule(g), goalPath(v.Site.ID, g.ID)
	}
	if report.CollectionOf(&v.Site, foule.DimGoal) == report.Dropped {
		return storage.ErrNotFound
	}
	if err := s.goalFacts(r.Context(), l, v, id, &page); err != nil {
		return err
	}
	if !page.None {
		parts := partsOf(&v.Site)
		page.Parts = make([]goalPart, len(parts))
		var wait parallel
		for i, name := range parts {
			wait.run(func() (err error) { page.Parts[i], err = s.goalPart(r.Context(), l, v, id, name); return err })
		}
		if err := wait.err(); err != nil {
			return err
		}
	}
	return s.render(w, r, "goal-report", title, &v.Site, page)
}

// partsOf are what a site's goals are broken down by: what it counts of the same
// visits as its goals.
func partsOf(site *foule.Site) []string {
	return slices.DeleteFunc(slices.Clone(goalReports), func(name string) bool {
		rep, _ := report.ByName(name)
		return report.CollectionOf(site, rep.Dim) != report.Collected
	})
}

// goalFacts says how often the goal was reached, of how many visits.
func (s *server) goalFacts(ctx context.Context, l *locale, v *view, id string, page *goalReportPage) error {
	a, err := s.Report.Ask(ctx, report.Question{Site: v.Site, From: v.Range.From, To: v.Range.To, Report: "goals", Label: &id})
	if err != nil {
		return err
	}
	var m foule.Metrics
	if len(a.Rows) > 0 {
		m = a.Rows[0].Metrics
	}
	page.None, page.Money = m[foule.Conversions] == 0, m[foule.Revenue] != 0
	page.Facts = []fact{
		{l.T("col.conversions"), v.count(l, m[foule.Conversions])},
		{l.T("col.converted_visits"), v.count(l, m[foule.Visits])},
		{l.T("col.conversion_rate"), v.shareOf(l, m[foule.Visits], a.Totals[foule.Visits])},
	}
	if page.Money {
		page.Facts = append(page.Facts, fact{l.T("col.revenue"), l.Money(float64(m[foule.Revenue])/minorPerMajor, v.Site.Currency)})
	}
	return nil
}

// goalPart breaks the goal down by one report's dimension, and holds each label
// against its own visits.
func (s *server) goalPart(ctx context.Context, l *locale, v *view, id, name string) (goalPart, error) {
	q := report.Question{
		Site: v.Site, From: v.Range.From, To: v.Range.To, Report: name, Sort: "conversions", Limit: goalRows,
		Filter: &storage.Filter{Dim: foule.DimGoal, Label: id},
	}
	reached, err := s.Report.Ask(ctx, q)
	if err != nil {
		return goalPart{}, err
	}
	q.Filter, q.Sort, q.Limit = nil, "visits", goalVisits
	all, err := s.Report.Ask(ctx, q)
	if err != nil {
		return goalPart{}, err
	}
	visits := map[string]int64{}
	for i := range all.Rows {
		visits[all.Rows[i].Label] = all.Rows[i].Metrics[foule.Visits]
	}
	dim := reached.Report.Dim
	p := goalPart{Name: name, Title: l.reportTitle(&v.Site, name), Head: l.T("dim." + dim.String()), TooFew: reached.TooFew, Empty: l.nothing(v)}
	if more := reached.RowCount - len(reached.Rows); more > 0 {
		p.More = l.N("goal.more", int64(more))
	}
	most := reached.Other[foule.Conversions]
	for i := range reached.Rows {
		most = max(most, reached.Rows[i].Metrics[foule.Conversions])
	}
	line := func(stored string, m *foule.Metrics) reachedLine {
		return reachedLine{
			Label: l.label(&v.Site, dim, stored), Other: stored == foule.Other, Bar: barOf(float64(m[foule.Conversions]) / float64(max(most, 1))),
			Conversions: v.count(l, m[foule.Conversions]), Revenue: l.Money(float64(m[foule.Revenue])/minorPerMajor, v.Site.Currency),
			Rate: v.shareOf(l, m[foule.Visits], visits[stored]),
		}
	}
	// What too few visitors of a day share stands under Other: then a label's own
	// figures are the least that it can be.
	least := ""
	if reached.Other[foule.Conversions] != 0 && v.Rounded == nil {
		least = "≥\u00a0"
	}
	for i := range reached.Rows {
		if m := &reached.Rows[i].Metrics; m[foule.Conversions] != 0 {
			row := line(reached.Rows[i].Label, m)
			if row.Rate != noFigure {
				row.Rate = least + row.Rate
			}
			p.Rows = append(p.Rows, row)
		}
	}
	if reached.Other[foule.Conversions] != 0 {
		other := line(foule.Other, &reached.Other)
		other.Rate = noFigure // other labels hide among the visits than here
		p.Rows = append(p.Rows, other)
	}
	return p, nil
}

// shareOf writes a part of a whole; of nothing there is none, and of what is too
// small to be shown there is none to show.
func (v *view) shareOf(l *locale, part, whole int64) string {
	if whole == 0 || v.hides(float64(part)) {
		return noFigure
	}
	return l.Percent(float64(part) / float64(whole))
}
