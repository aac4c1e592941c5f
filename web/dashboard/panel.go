package dashboard

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"foule.eu/foule"
	"foule.eu/foule/privacy"
	"foule.eu/foule/report"
)

// panelSpec is a panel of the overview with the reports of its tabs. Its name is
// the parameter that remembers the tab.
type panelSpec struct {
	Name    string
	Reports []string
	// Optional panels are about what many sites do not have: they stand there only
	// if their first report has a row.
	Optional bool
}

// panelReports lays out the overview, but for what depends on the site.
var panelReports = []panelSpec{
	{"content", []string{"pages", "entry-pages", "exit-pages", "titles"}, false},
	{"acquisition", []string{"channels", "sources", "referrer-pages"}, false},
	{"places", []string{"countries", "regions", "cities", "continents", "languages"}, false},
	{"campaigns", []string{"campaigns", "campaign-sources", "campaign-mediums", "campaign-terms", "campaign-contents"}, false},
	{"devices", []string{"devices", "brands", "resolutions"}, false},
	{"software", []string{"browsers", "browser-versions", "systems", "system-versions"}, false},
	{"events", []string{"events", "event-actions", "event-names"}, false},
	{"usage", []string{"downloads", "outlinks"}, false},
	{"search", []string{"searches", "searches-without-result", "search-categories", "pages-after-search"}, true},
	{"goals", []string{"goals"}, false},
	{"shop", []string{"products", "product-categories", "product-skus", "baskets"}, true},
	{"carts", []string{"cart-products", "cart-categories", "cart-skus"}, true},
	{"contents", []string{"contents", "content-pieces", "content-targets"}, true},
	{"speed", []string{"timings", "load-times"}, true},
	{"times", []string{"server-hours", "local-hours", "durations", "depths"}, false},
	{"excluded", []string{"excluded", "crawlers", "dropped"}, false},
}

// panelsOf lays out a site's overview, of what it collects: its custom
// dimensions have a panel of their own, in front of the traffic that is left out.
func panelsOf(site *foule.Site) (list []panelSpec) {
	var dims []string
	for _, d := range site.Dimensions {
		if !d.Off {
			dims = append(dims, customName(d))
		}
	}
	consent := privacy.Of(site).Consent
	for i, p := range panelReports {
		if i == len(panelReports)-1 {
			list = appendCollected(list, site, panelSpec{Name: "dimensions", Reports: dims})
		}
		if p.Name == "times" && consent {
			p.Reports = append(slices.Clone(p.Reports), "consents")
		}
		list = appendCollected(list, site, p)
	}
	return list
}

// appendCollected appends a panel with those of its reports that the site collects.
func appendCollected(list []panelSpec, site *foule.Site, p panelSpec) []panelSpec {
	p.Reports = slices.DeleteFunc(slices.Clone(p.Reports), func(name string) bool {
		rep, ok := report.Find(name, site)
		return !ok || report.CollectionOf(site, rep.Dim) == report.Dropped
	})
	if len(p.Reports) == 0 {
		return list
	}
	return append(list, p)
}

// customName is the name under which the report of a custom dimension is asked for.
func customName(d foule.CustomDimension) string {
	return "dimension-" + strconv.FormatUint(uint64(d.ID), 10)
}

// tab names a report among others: a custom dimension has the name that the
// site gave it.
func (l *locale) tab(site *foule.Site, name string) string {
	for _, d := range site.Dimensions {
		if customName(d) == name {
			return d.Name
		}
	}
	return l.T("tab." + name)
}

const (
	panelRows    = 9
	mostListed   = 12 // ordered reports with more labels are drawn as columns
	barWidth     = 100.0
	columnHeight = 100.0
)

// panel is one table of the overview.
type panel struct {
	Name, Title string
	Tabs        []link
	Report      string // the tab's name
	Head        string // of the label column
	Column      string // of the figure
	Share       string // what the percentage is; "" where shares make no sense
	Rows        []row
	Columns     []row        // instead of Rows for hours
	ColumnWidth string       // of a hundred
	Funnels     []funnelLine // instead of Rows, in the panel of that name
	Other       *row
	More        string // address of the full table
	MoreText    string
	Empty       string // what is said when there is no row
	TooFew      bool
	Unfiltered  bool // the report cannot be filtered and a filter is in force
	Consented   bool // of visits with consent alone
}

// row is one label of a table.
type row struct {
	Stored     string // the label as stored
	Label      label
	Filter     string // address of the page filtered by this label; "" if it cannot be
	Visit      string // address of the page on the measured site
	Inside     string // address of the page about this label; "" if there is none
	InsideName string // what that page shows
	Current    bool   // the filter in force
	Bar        string // width of the bar, 0 to 100
	Y          string // top of a column, from 100 (nothing) to 0
	X          string
	Share      string
	Value      string
	Cells      []cell
	Minor      bool
	Axis       string
	ShareNum   float64
}

type cell struct {
	Text string
	Zero bool
}

// mainColumn gives the column that a panel shows: the report's default sort, or
// visits where that is the label.
func mainColumn(rep *report.Report) report.Column {
	name := rep.DefaultSort
	if name == "label" && rep.Dim.Info().Scope == foule.ScopeVisit {
		name = foule.Visits.String()
	}
	col, ok := rep.Column(name)
	if !ok {
		return rep.Columns[0]
	}
	return col
}

// panel loads one panel.
func (s *server) panel(ctx context.Context, l *locale, v *view, name string, reports []string, tab string) (*panel, error) {
	rep, _ := report.Find(tab, &v.Site)
	col := mainColumn(rep)
	p := &panel{
		Name: name, Title: l.T("panel." + name), Report: tab,
		Head: l.T("dim." + rep.Dim.String()), Column: l.column(rep, col), Share: l.share(rep),
		More: v.to(v.sitePath("/reports/" + tab)),
	}
	if name == "speed" {
		p.More = v.to(v.sitePath("/speed"))
	}
	for i, r := range reports {
		value := r
		if i == 0 {
			value = ""
		}
		p.Tabs = append(p.Tabs, link{Href: v.with(name, value) + "#" + name, Text: l.tab(&v.Site, r), Current: r == tab})
	}
	q, unfiltered := v.question(tab)
	p.Unfiltered, q.Limit = unfiltered, panelRows
	a, err := s.Report.Ask(ctx, q)
	if err != nil {
		return nil, err
	}
	p.TooFew, p.Empty, p.Consented = a.TooFew, l.nothing(v), a.ConsentOnly
	if rep.Dim == foule.DimGoal && len(v.Site.Goals) == 0 {
		p.Empty = l.T("goals.none")
	}
	p.fill(l, v, rep, col, a)
	return p, nil
}

func (p *panel) fill(l *locale, v *view, rep *report.Report, col report.Column, a *report.Answer) {
	scale := newShares(col, a)
	if !scale.additive {
		p.Share = ""
	}
	for i := range a.Rows {
		p.Rows = append(p.Rows, l.row(v, rep, col, scale, a.Rows[i].Label, &a.Rows[i].Metrics))
	}
	if scale.top == 0 {
		p.Rows = nil
	}
	if len(rep.Ordered) > mostListed {
		p.Columns, p.Rows = p.Rows, nil
		p.ColumnWidth = hundredths(80 / float64(max(len(p.Columns), 1)))
		for i := range p.Columns {
			c := &p.Columns[i]
			c.X = strconv.FormatFloat((float64(i)+0.1)/float64(len(p.Columns))*100, 'f', 2, 64)
			c.Axis = c.Label.Main
			if rep.Dim == foule.DimLoadTime {
				c.Axis = l.bound(a.Rows[i].Label)
			}
			c.Minor = i%6 != 0
		}
	} else if rep.Ordered != nil {
		p.Rows = seen(p.Rows)
	}
	if !a.Other.IsZero() {
		other := l.row(v, rep, col, scale, foule.Other, &a.Other)
		p.Other = &other
	}
	if a.RowCount > len(a.Rows) {
		p.MoreText = l.N("panel.more", int64(a.RowCount))
	}
}

// nothing says that there is no row to show.
func (l *locale) nothing(v *view) string {
	if v.Rounded != nil {
		return l.T("nothing.rounded")
	}
	return l.T("nothing")
}

// seen leaves out the labels of an ordered report that nobody has.
func seen(rows []row) []row {
	var out []row
	for _, r := range rows {
		if r.Bar != "0" && r.Bar != "0.0" {
			out = append(out, r)
		}
	}
	return out
}

// share names the percentage beside the figures: of a goal it is the share of
// visits that reached it, of anything else the share of the whole.
func (l *locale) share(rep *report.Report) string {
	if rep.Dim == foule.DimGoal {
		return l.T("col.conversion_rate")
	}
	return l.T("share")
}

// shares says how much a figure is of the whole and of the largest.
type shares struct {
	whole, top float64
	visits     float64 // of all; what goals are a share of
	additive   bool    // whether a share of the whole makes sense
}

func newShares(col report.Column, a *report.Answer) shares {
	s := shares{whole: col.Of(&a.Totals), visits: float64(a.Totals[foule.Visits]), additive: col.Unit == report.UnitCount || col.Unit == report.UnitMoney}
	if a.Report.Dim == foule.DimBasket { // taxes and shipping are parts of orders, and carts are not sold
		s.additive = false
	}
	for i := range a.Rows {
		s.top = max(s.top, col.Of(&a.Rows[i].Metrics))
	}
	s.top = max(s.top, col.Of(&a.Other))
	return s
}

func (l *locale) row(v *view, rep *report.Report, col report.Column, s shares, stored string, m *foule.Metrics) row {
	x := col.Of(m)
	r := row{Stored: stored, Label: l.label(&v.Site, rep.Dim, stored), Value: l.figure(v, rep, col, m), Bar: "0", Y: "100"}
	if s.top > 0 {
		r.Bar = strconv.FormatFloat(max(x/s.top, 0)*barWidth, 'f', 1, 64)
		r.Y = strconv.FormatFloat(columnHeight-max(x/s.top, 0)*columnHeight, 'f', 1, 64)
	}
	if s.whole > 0 && s.additive {
		r.ShareNum = x / s.whole
		r.Share = l.Percent(r.ShareNum)
	}
	if rep.Dim == foule.DimGoal && s.visits > 0 {
		r.Share = l.Percent(float64(m[foule.Visits]) / s.visits)
	}
	if v.hides(x) {
		r.Share = noFigure
	}
	if stored == "" || stored == foule.Other {
		return r
	}
	if rep.Dim.Info().Filter {
		r.Current = v.Filter != nil && v.Filter.Dim == rep.Dim && v.Filter.Label == stored
		r.Filter = v.with("filter", rep.Dim.String()+":"+stored, "page", "")
	}
	r.Visit = pageAddress(&v.Site, rep.Dim, stored)
	switch {
	case rep.Dim == foule.DimPage && report.HasFlows(&v.Site):
		r.Inside, r.InsideName = v.to(v.sitePath("/flow"), "of", stored), l.T("flow.of", "page", stored)
	case rep.Dim == foule.DimGoal:
		if _, ok := goalNamed(&v.Site, stored); ok || stored == foule.LabelOrder {
			r.Inside, r.InsideName = v.to(v.sitePath("/goals/"+stored+"/report")), l.T("goal.reachedby", "goal", r.Label.Main)
		}
	}
	return r
}

// figure writes a number of a report; timings are too short for minutes and
// seconds, and a ratio of nothing is none.
func (l *locale) figure(v *view, rep *report.Report, col report.Column, m *foule.Metrics) string {
	x := col.Of(m)
	if !col.Known(m) || v.hides(x) {
		return noFigure
	}
	if rep.Dim == foule.DimTiming && col.Unit == report.UnitSeconds {
		return l.millis(x)
	}
	return l.Value(x, col.Unit, v.Site.Currency)
}

// pageAddress gives the address of a page on the measured site, as far as it is known.
func pageAddress(site *foule.Site, dim foule.Dimension, stored string) string {
	if dim != foule.DimPage && dim != foule.DimEntryPage && dim != foule.DimExitPage {
		return ""
	}
	if len(site.Hosts) == 0 || !strings.HasPrefix(stored, "/") {
		return ""
	}
	return "https://" + strings.TrimPrefix(site.Hosts[0], "*.") + stored
}

// column names a column; what a hit is depends on the dimension.
func (l *locale) column(rep *report.Report, col report.Column) string {
	if s, ok := l.has("col." + col.Name + "." + rep.Dim.String()); ok {
		return s
	}
	return l.T("col." + col.Name)
}
