package dashboard

import (
	"fmt"
	"math"
	"strings"

	"foule.eu/foule"
	"foule.eu/foule/report"
)

// chart is the curve of one measure, ready for templates/chart.html. Shapes
// stand in a box of 1000 by plotHeight that is stretched to the page's width;
// texts and dots stand outside it, placed in percent, so that they are not
// stretched along.
type chart struct {
	Label           string // in words, for those who do not see it
	Line, Area      string // path data
	Open            string // the dashed last step, of a bucket that is not over
	Before          string // the period before
	Points          []point
	Grid            []gridLine
	Ticks           []tick
	Measure, Former string // column headings of the table
	Compare         bool
}

type point struct {
	X, Width, Left string // percent
	Y, BeforeY     string // pixels; "" where there is nothing
	Name           string
	Value, Before  string
	BeforeName     string
}

type gridLine struct{ Y, TextY, Text string }

type tick struct {
	X, Text, Anchor string
	Minor           bool // left out on a narrow screen
}

const (
	plotWidth  = 1000.0
	plotHeight = 200.0
	plotTop    = 18.0 // room for the highest label
)

// curve is a measure along buckets.
type curve struct {
	Buckets []bucket
	Values  []float64
}

func (l *locale) curve(m measure, s span, grain report.Grain, v *view, rows []report.Row) curve {
	c := curve{Buckets: l.buckets(s, grain, v.Now)}
	at := map[string]int{}
	for i, b := range c.Buckets {
		at[b.Key] = i
	}
	sums := make([]foule.Metrics, len(c.Buckets))
	for i := range rows {
		if j, ok := at[rows[i].Bucket]; ok {
			sums[j].Add(&rows[i].Metrics) // an hour that daylight saving repeats has two rows
		}
	}
	c.Values = make([]float64, len(c.Buckets))
	for i := range sums {
		c.Values[i] = m.Of(&sums[i])
	}
	return c
}

// chart draws a curve and, if there is one, the curve of the period before.
func (l *locale) chart(v *view, m measure, now curve, before *curve) chart {
	value := func(x float64) string {
		if v.hides(x) {
			return noFigure
		}
		return l.Value(x, m.Unit, v.Site.Currency)
	}
	c := chart{Measure: l.T("col." + m.Name), Former: l.T("chart.before")}
	top := highest(now.Values)
	if before != nil {
		c.Compare = true
		if len(before.Values) > len(now.Values) {
			before.Values, before.Buckets = before.Values[:len(now.Values)], before.Buckets[:len(now.Values)]
		}
		top = max(top, highest(before.Values))
	}
	step, top := scale(top, m.Unit)
	y := func(v float64) float64 { return plotTop + (plotHeight-plotTop)*(1-v/top) }
	n := len(now.Values)
	x := func(i int) float64 { return (float64(i) + 0.5) / float64(n) * plotWidth }

	past := n
	for past > 0 && now.Buckets[past-1].Next {
		past--
	}
	c.Line, c.Area, c.Open = paths(now, past, x, y)
	if before != nil {
		c.Before = polyline(before.Values, x, y)
	}
	for i, b := range now.Buckets {
		p := point{X: percent(x(i)), Left: percent(x(i) - plotWidth/float64(n)/2), Width: percent(plotWidth / float64(n)), Name: b.Name, Value: noFigure}
		if i < past {
			p.Y, p.Value = pixels(y(now.Values[i])), value(now.Values[i])
		}
		if before != nil && i < len(before.Values) {
			p.BeforeY, p.Before = pixels(y(before.Values[i])), value(before.Values[i])
			p.BeforeName = before.Buckets[i].Name
		}
		c.Points = append(c.Points, p)
	}
	for v := 0.0; v <= top*1.001; v += step {
		c.Grid = append(c.Grid, gridLine{Y: pixels(y(v)), TextY: pixels(y(v) - 4), Text: l.axisValue(v, m.Unit, step)})
	}
	c.Ticks = ticks(now.Buckets, x)
	c.Label = l.T("chart.label", "measure", c.Measure, "from", now.Buckets[0].Name, "to", now.Buckets[n-1].Name)
	return c
}

// paths draws the buckets that have begun: whole steps as a line, the step to a
// bucket that is still open apart.
func paths(c curve, past int, x func(int) float64, y func(float64) float64) (line, area, open string) {
	if past == 0 {
		return "", "", ""
	}
	whole := past
	if past > 1 && c.Buckets[past-1].Open {
		whole = past - 1
		from, to := past-2, past-1
		open = fmt.Sprintf("M%.1f %.1fL%.1f %.1f", x(from), y(c.Values[from]), x(to), y(c.Values[to]))
	}
	line = polyline(c.Values[:whole], x, y)
	if whole == 1 {
		line += fmt.Sprintf("L%.1f %.1f", x(0), y(c.Values[0])) // a dot, by the stroke's round ends
	}
	all := polyline(c.Values[:past], x, y)
	area = all + fmt.Sprintf("L%.1f %.1fL%.1f %.1fZ", x(past-1), plotHeight, x(0), plotHeight)
	return line, area, open
}

func polyline(values []float64, x func(int) float64, y func(float64) float64) string {
	var b strings.Builder
	for i, v := range values {
		cmd := byte('L')
		if i == 0 {
			cmd = 'M'
		}
		fmt.Fprintf(&b, "%c%.1f %.1f", cmd, x(i), y(v))
	}
	return b.String()
}

func highest(values []float64) float64 {
	top := 0.0
	for _, v := range values {
		top = max(top, v)
	}
	return top
}

// scale picks a round step, of which four or so reach the highest value.
func scale(top float64, unit report.Unit) (step, ceiling float64) {
	steps := []float64{1, 2, 2.5, 5, 10}
	least := 1.0
	switch unit {
	case report.UnitRatio:
		least = 0.05
	case report.UnitNumber:
		least = 0.5
	case report.UnitSeconds:
		steps = []float64{1, 1.5, 3, 6, 10} // 15 s, 30 s, 60 s …
		least = 10
	}
	if top <= 0 {
		return least, least * 2
	}
	raw := top / 4
	mag := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, s := range steps {
		if step = s * mag; step >= raw*0.999 {
			break
		}
	}
	step = max(step, least)
	return step, math.Ceil(top/step-0.001) * step
}

func (l *locale) axisValue(v float64, unit report.Unit, step float64) string {
	switch unit {
	case report.UnitRatio, report.UnitSeconds:
		return l.Value(v, unit, "")
	case report.UnitNumber:
		return l.Float(v, 1)
	}
	if step < 1 {
		return l.Float(v, 1)
	}
	return l.Compact(v)
}

// ticks names eight buckets or so, evenly; every other one is minor.
func ticks(buckets []bucket, x func(int) float64) []tick {
	n := len(buckets)
	every := 1
	for _, e := range []int{1, 2, 3, 4, 5, 7, 10, 14, 24, 28, 31, 61, 91, 122} {
		every = e
		if n/e <= 8 {
			break
		}
	}
	var out []tick
	for i := 0; i < n; i += every {
		t := tick{X: percent(x(i)), Text: buckets[i].Axis, Anchor: "middle", Minor: (i/every)%2 == 1}
		if x(i) < 30 {
			t.Anchor, t.X = "start", "0%"
		} else if x(i) > plotWidth-30 {
			t.Anchor, t.X = "end", "100%"
		}
		out = append(out, t)
	}
	return out
}

func percent(x float64) string { return fmt.Sprintf("%.3f%%", x/plotWidth*100) }
func pixels(y float64) string  { return fmt.Sprintf("%.1f", y) }
