package dashboard

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/report"
)

// overviewPage is a site at a glance.
type overviewPage struct {
	Toolbar toolbar
	Cards   []card
	Chart   chart
	Grains  []link
	Panels  []*panel
	TooFew  bool   // too few visitors share the filter to show its panels
	NoData  bool   // the site has never counted anything
	Install string // address of the installation page
	Partial string // what a comparison with an unfinished day is with
	Summed  bool   // the curve is of visitors, over several days
}

// card is a total; it is also the link that shows its curve.
type card struct {
	Metric      string // the measure's stable name
	Name, Value string
	Change      change
	Href        string
	Current     bool
}

// totals is what the figures above the panels are made of.
type totals struct {
	now, before       foule.Metrics
	series, seriesWas []report.Row
}

func (s *server) home(w http.ResponseWriter, r *http.Request) error {
	sites, err := s.Settings.Sites(r.Context())
	if err != nil {
		return err
	}
	to := "/sites/new"
	if len(sites) > 0 {
		to = sitePath(sites[0].ID)
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

func (s *server) overview(w http.ResponseWriter, r *http.Request) error {
	v, err := s.view(r)
	if err != nil {
		return err
	}
	l := localeOf(r)
	measures := measuresOf(v)
	m := measureByName(measures, v.choice(r, "metric", measureNames(measures)))
	offered, start := grains(v.Range, v.Rounded == nil || v.Filter == nil)
	grain := report.Grain(v.choice(r, "grain", startingWith(start, offered)))
	specs := panelsOf(&v.Site)
	tabs := make([]string, len(specs))
	for i, p := range specs {
		tabs[i] = v.choice(r, p.Name, p.Reports)
	}

	page := overviewPage{Toolbar: v.toolbar(l), Panels: make([]*panel, len(specs)), Install: v.sitePath("/install")}
	var sums totals
	var wait parallel
	ctx := report.Together(r.Context())
	wait.run(func() (err error) { sums, err = s.totals(ctx, v, grain); return err })
	wait.run(func() (err error) { page.NoData, err = s.noData(ctx, v.Site.ID); return err })
	for i, p := range specs {
		wait.run(func() (err error) {
			page.Panels[i], err = s.panel(ctx, l, v, p.Name, p.Reports, tabs[i])
			return err
		})
	}
	var funnels []funnelLine
	wait.run(func() (err error) { funnels, err = s.funnelLines(ctx, l, v); return err })
	if err := wait.err(); err != nil {
		return err
	}
	page.Panels = withFunnels(l, withoutVacant(specs, tabs, page.Panels), funnels)
	page.Cards = cards(l, v, measures, m, &sums)
	page.Chart = drawTotals(l, v, m, grain, &sums)
	for _, g := range offered {
		value := string(g)
		if g == start {
			value = ""
		}
		page.Grains = append(page.Grains, link{Href: v.with("grain", value), Text: l.T("grain." + string(g)), Current: g == grain})
	}
	page.TooFew = v.Filter != nil && slices.ContainsFunc(page.Panels, func(p *panel) bool { return p.TooFew })
	page.Summed = m.Name == foule.Visitors.String() && v.Range.days() > 1
	if v.Period == "today" && v.Compare {
		page.Partial = l.T("compare.sametime", "hour", v.Now.Format("15:04"))
	}
	return s.render(w, r, "overview", v.Site.Name, &v.Site, page)
}

// withoutVacant leaves out the optional panels of which nothing is to be shown.
func withoutVacant(specs []panelSpec, tabs []string, panels []*panel) []*panel {
	var out []*panel
	for i, p := range panels {
		vacant := len(p.Rows) == 0 && len(p.Columns) == 0 && p.Other == nil && tabs[i] == specs[i].Reports[0]
		if !specs[i].Optional || !vacant {
			out = append(out, p)
		}
	}
	return out
}

// withFunnels puts the funnels, if there are any, behind the goals.
func withFunnels(l *locale, panels []*panel, lines []funnelLine) []*panel {
	i := slices.IndexFunc(panels, func(p *panel) bool { return p.Name == "goals" })
	if len(lines) == 0 || i < 0 {
		return panels
	}
	return slices.Insert(panels, i+1, &panel{Name: "funnels", Title: l.T("funnels"), Funnels: lines})
}

func (s *server) noData(ctx context.Context, site foule.SiteID) (bool, error) {
	_, _, ok, err := s.Report.DataRange(ctx, site)
	return !ok, err
}

// totals asks for the sums and curves of the span and the one before.
func (s *server) totals(ctx context.Context, v *view, grain report.Grain) (totals, error) {
	var t totals
	var wait parallel
	wait.run(func() (err error) { t.now, t.series, err = s.series(ctx, v, v.Range, grain); return err })
	if v.Compare {
		wait.run(func() (err error) { t.before, t.seriesWas, err = s.series(ctx, v, v.Before, grain); return err })
	}
	if err := wait.err(); err != nil {
		return t, err
	}
	if v.Period == "today" && v.Compare && grain == report.GrainHour {
		t.before = upTo(t.before, t.seriesWas, v.Now)
		for i, n := range t.before {
			t.before[i] = v.Rounded.Round(n)
		}
	}
	return t, nil
}

func (s *server) series(ctx context.Context, v *view, sp span, grain report.Grain) (foule.Metrics, []report.Row, error) {
	a, err := s.Report.Ask(ctx, report.Question{
		Site: v.Site, From: sp.From, To: sp.To, Grain: grain, Report: totalsReport, Filter: v.Filter,
	})
	if err != nil {
		return foule.Metrics{}, nil, err
	}
	return a.Totals, a.Rows, nil
}

// upTo sums a day's hours up to a time of day, so that a day that is not over is
// compared with the same part of the day before. Of the running hour it takes
// the share that has passed; visitors, who can be there in several hours, are
// scaled to those of the whole day.
func upTo(day foule.Metrics, hours []report.Row, now time.Time) foule.Metrics {
	var sum, all foule.Metrics
	for i := range hours {
		m := hours[i].Metrics
		all.Add(&m)
		h, err := strconv.Atoi(hours[i].Bucket[len(hours[i].Bucket)-2:])
		if err != nil || h > now.Hour() {
			continue
		}
		if h == now.Hour() {
			for j := range m {
				m[j] = m[j] * int64(now.Minute()) / 60
			}
		}
		sum.Add(&m)
	}
	if all[foule.Visitors] > 0 {
		sum[foule.Visitors] = sum[foule.Visitors] * day[foule.Visitors] / all[foule.Visitors]
	}
	return sum
}

func cards(l *locale, v *view, measures []measure, shown measure, t *totals) []card {
	var out []card
	for i, m := range measures {
		name := m.Name
		if i == 0 {
			name = ""
		}
		now := m.Of(&t.now)
		c := card{Metric: m.Name, Name: l.T("col." + m.Name), Value: l.Value(now, m.Unit, v.Site.Currency), Href: v.with("metric", name), Current: m.Name == shown.Name}
		if !m.Known(&t.now) || v.hides(now) {
			c.Value = noFigure
		}
		switch {
		case !v.Compare:
		case v.hides(now) || v.hides(m.Of(&t.before)):
			c.Change = change{Text: noFigure, Tone: "same", Was: noFigure} // nothing that is shown moved
		case m.Unit != report.UnitCount && (t.before[foule.Visits] == 0 || t.now[foule.Visits] == 0):
			c.Change = change{Text: noFigure, Tone: "same", Was: noFigure} // an average of nothing
		default:
			c.Change = l.changeOf(m, now, m.Of(&t.before))
		}
		out = append(out, c)
	}
	return out
}

func drawTotals(l *locale, v *view, m measure, grain report.Grain, t *totals) chart {
	now := l.curve(m, v.Range, grain, v, t.series)
	if !v.Compare {
		return l.chart(v, m, now, nil)
	}
	before := l.curve(m, v.Before, grain, v, t.seriesWas)
	return l.chart(v, m, now, &before)
}

func measureNames(measures []measure) []string {
	var names []string
	for _, m := range measures {
		names = append(names, m.Name)
	}
	return names
}

// startingWith lists grains with the usual one first, as view.choice wants them.
func startingWith(start report.Grain, offered []report.Grain) []string {
	out := []string{string(start)}
	for _, g := range offered {
		if g != start {
			out = append(out, string(g))
		}
	}
	return out
}

// parallel runs questions side by side and keeps the first error.
type parallel struct {
	group sync.WaitGroup
	once  sync.Once
	first error
}

func (p *parallel) run(f func() error) {
	p.group.Go(func() {
		if err := f(); err != nil {
			p.once.Do(func() { p.first = err })
		}
	})
}

func (p *parallel) err() error {
	p.group.Wait()
	return p.first
}
