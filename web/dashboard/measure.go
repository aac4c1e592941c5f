package dashboard

import (
	"math"
	"slices"

	"foule.eu/foule"
	"foule.eu/foule/report"
)

// measure is one figure of the overview: a card, and a curve of the chart. It
// is a column of the totals report.
type measure struct {
	report.Column
	Good int // which way is good news: 1 up, -1 down
}

var measures = []measure{
	total("visitors", 1),
	total("visits", 1),
	total("hits", 1),
	total("bounce_rate", -1),
	total("avg_visit_seconds", 1),
	total("actions_per_visit", 1),
	total("conversions", 1),
}

const totalsReport = "totals"

func total(name string, good int) measure {
	rep, _ := report.ByName(totalsReport)
	col, ok := rep.Column(name)
	if !ok {
		panic("dashboard: no column " + name)
	}
	return measure{col, good}
}

// measuresOf are those that a site has, under the view's filter.
func measuresOf(v *view) (list []measure) {
	q, _ := v.question(totalsReport)
	columns, _ := report.Check(q) // nil for a filter that the totals do not know
	for _, m := range measures {
		if slices.ContainsFunc(columns, func(c report.Column) bool { return c.Name == m.Name }) && (m.Name != "conversions" || report.CollectionOf(&v.Site, foule.DimGoal) != report.Dropped) {
			list = append(list, m)
		}
	}
	return list
}

func measureByName(list []measure, name string) measure {
	for _, m := range list {
		if m.Name == name {
			return m
		}
	}
	return list[0]
}

// change is how a figure moved since the period before.
type change struct {
	Text string // "+12%", "−3.2 pts"; "" without a comparison
	Tone string // "good", "bad" or "same"
	Was  string // the former figure
}

// changeOf compares two figures: counts in percent, ratios in points.
func (l *locale) changeOf(m measure, now, was float64) change {
	c := change{Was: l.Value(was, m.Unit, ""), Tone: "same"}
	var delta float64
	switch {
	case m.Unit == report.UnitRatio:
		delta = math.Round((now-was)*1000) / 10
		c.Text = l.T("change.points", "n", l.signed(delta, decimalsOf(delta)))
	case was == 0 && now == 0:
		c.Text = noFigure
	case was == 0:
		delta = 1
		c.Text = l.T("change.new")
	default:
		delta = (now - was) / was * 100
		delta = math.Round(delta*10) / 10
		c.Text = l.T("change.percent", "n", l.signed(delta, decimalsOf(delta)))
	}
	if sign := int(math.Copysign(1, delta)); delta != 0 {
		c.Tone = "bad"
		if sign == m.Good {
			c.Tone = "good"
		}
	}
	return c
}

// decimalsOf gives the decimals that a change deserves: none once it is large.
func decimalsOf(x float64) int {
	if a := math.Abs(x); a > 0 && a < 9.95 {
		return 1
	}
	return 0
}

func (l *locale) signed(x float64, decimals int) string {
	s := l.Float(x, decimals)
	if x > 0 {
		return "+" + s
	}
	return s
}
