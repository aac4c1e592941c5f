package report

import (
	"math"
	"strings"

	"foule.eu/foule"
	"foule.eu/foule/privacy"
	"foule.eu/foule/storage"
)

// Disclosure says how figures leave: rounded to so much, and only where so
// many share them. docs/disclosure.md explains the rule and what it is worth.
type Disclosure struct {
	RoundedTo    int64 // the step
	SmallestCell int64 // what fewer share is not shown
}

// tens is the one policy there is beside exact figures.
var tens = Disclosure{RoundedTo: 10, SmallestCell: 10}

// DisclosureOf gives the policy under which a site's figures leave; nil means
// that they leave as they are.
func DisclosureOf(site *foule.Site) *Disclosure {
	if !privacy.Of(site).Rounded {
		return nil
	}
	d := tens
	return &d
}

// Round rounds a count as every count that leaves is rounded: to the nearest
// step, and to nothing below the smallest cell. Of a nil policy it changes nothing.
func (d *Disclosure) Round(n int64) int64 {
	switch {
	case d == nil:
		return n
	case n < 0:
		return -d.Round(-n)
	case n < d.SmallestCell:
		return 0
	}
	return (n + d.RoundedTo/2) / d.RoundedTo * d.RoundedTo
}

// door discloses the figures of one dimension of one site, block by block.
type door struct {
	*Disclosure
	dim foule.Dimension
	// keyed says that visitors are told apart: then a cell is as small as the
	// visitors in it are few.
	keyed bool
}

func doorOf(site *foule.Site, dim foule.Dimension) door {
	p := privacy.Of(site)
	return door{DisclosureOf(site), dim, p.Collects(foule.FeatureVisitors, false)}
}

// size gives the count by which a cell is small or not: its visitors; where it
// counts none, visits, or what it does count. Where visitors are not told apart,
// a visit counts only where it begins, so what is done is sized by how often.
func (d door) size(m *foule.Metrics) int64 {
	counts := []foule.Metric{foule.Visitors, foule.Visits, foule.Hits, foule.Conversions, foule.ValueCount}
	switch {
	case d.keyed:
	case d.dim == foule.DimTotal || d.dim.Info().Scope == foule.ScopeVisit:
		counts = counts[1:]
	default:
		counts = counts[2:]
	}
	for _, c := range counts {
		if m[c] != 0 {
			return m[c]
		}
	}
	return 0
}

func (d door) small(m *foule.Metrics) bool { return d.size(m) < d.SmallestCell }

// sums are the counters that add up something else than heads. They leave as
// an average times the rounded heads: rounded on their own they would tell, by
// what is left of the total, how long one hidden visitor stayed or what he paid.
var sums = [...]foule.Metric{foule.Seconds, foule.Revenue, foule.Value}

// heads gives what a sum is an average over, and the step that the sum is
// rounded to: ten seconds, ten major units, ten units of a value.
func (d door) heads(sum foule.Metric) (over foule.Metric, step int64) {
	switch sum {
	case foule.Revenue:
		return foule.Conversions, d.RoundedTo * centsPerUnit
	case foule.Value:
		if d.dim == foule.DimTiming || d.dim == foule.DimPage {
			return foule.ValueCount, d.RoundedTo // milliseconds
		}
		return foule.ValueCount, d.RoundedTo * milliPerUnit
	}
	if d.dim == foule.DimTotal || d.dim.Info().Scope == foule.ScopeVisit {
		return foule.Visits, d.RoundedTo
	}
	return foule.Hits, d.RoundedTo
}

// cell discloses one cell: nothing of a small one, else every counter rounded.
func (d door) cell(m *foule.Metrics) (out foule.Metrics) {
	if d.small(m) {
		return out
	}
	for i, n := range m {
		out[i] = d.Round(n)
	}
	for _, sum := range sums {
		over, step := d.heads(sum)
		out[sum] = 0
		if m[over] != 0 {
			scaled := float64(m[sum]) / float64(m[over]) * float64(out[over])
			out[sum] = int64(math.Round(scaled/float64(step))) * step
		}
	}
	return out
}

// disclosed is a block's table as it may leave.
type disclosed struct {
	rows  []Row // in no order that says anything
	other foule.Metrics
	sum   foule.Metrics // over all labels
}

// table discloses a whole table: every label of the block, none searched for.
//
// Small cells are folded. Whole tens of what is folded stand under
// foule.Other; the rest, fewer than ten, is counted with the largest row. So
// whoever takes the rows from the total finds the largest row and the rest in
// one figure that does not come apart, and one hidden cell alone leaves no trace
// of its size (the secondary suppression, without hiding a second row).
func (d door) table(t *storage.TableResult) disclosed {
	out := disclosed{sum: d.cell(&t.Sum)}
	folded, largest := t.Sum, -1
	for i := range t.Rows {
		row := &t.Rows[i]
		if d.small(&row.Metrics) {
			continue
		}
		folded.Sub(&row.Metrics)
		out.rows = append(out.rows, Row{Label: row.Label, Metrics: row.Metrics})
		if last := len(out.rows) - 1; largest < 0 || d.larger(&out.rows[last], &out.rows[largest]) {
			largest = last
		}
	}
	if largest < 0 {
		out.other = d.cell(&folded)
		return out
	}
	if tens := d.wholeTens(folded); !d.small(&tens) {
		out.other = d.cell(&tens)
		folded.Sub(&tens)
	}
	out.rows[largest].Add(&folded)
	for i := range out.rows {
		out.rows[i].Metrics = d.cell(&out.rows[i].Metrics)
	}
	return out
}

func (d door) larger(a, b *Row) bool {
	if sa, sb := d.size(&a.Metrics), d.size(&b.Metrics); sa != sb {
		return sa > sb
	}
	return strings.Compare(a.Label, b.Label) < 0
}

// wholeTens takes what is over a multiple of ten away from every counter, and
// as much of the sums as goes with it.
func (d door) wholeTens(m foule.Metrics) foule.Metrics {
	down := m
	for i, n := range m {
		down[i] -= n % d.RoundedTo
	}
	for _, sum := range sums {
		over, _ := d.heads(sum)
		down[sum] = 0
		if m[over] != 0 {
			down[sum] = int64(float64(m[sum]) / float64(m[over]) * float64(down[over]))
		}
	}
	return down
}
