package aggregate

import (
	"math/bits"
	"slices"

	"foule.eu/foule"
)

// filterDims are the filters of reports, the by sides of most two-way tables;
// twoWay are their main sides.
var filterDims, twoWay = func() (filters []foule.Dimension, main [foule.NumDimensions]bool) {
	for d := range foule.Dimension(foule.NumDimensions) {
		info := d.Info()
		main[d] = info.TwoWay
		if info.Filter {
			filters = append(filters, d)
		}
	}
	return
}()

// change notes what the visitor's visits were at the last close, once per
// segment, before he changes.
func (d *day) change(p *visitor) {
	if p.dirty {
		return
	}
	p.dirty = true
	d.dirty = append(d.dirty, p)
	p.was = make([]visit, len(p.visits))
	for i := range p.visits {
		p.was[i] = p.visits[i]
		p.was[i].items = slices.Clone(p.visits[i].items)
		p.was[i].views = slices.Clone(p.visits[i].views)
	}
}

// exchange takes what the visitor contributed at the last close out of the
// cells and puts in what he contributes now.
func (d *day) exchange(p *visitor) {
	if len(p.was) <= 1 && len(p.visits) == 1 {
		c := difference{day: d, now: &p.visits[0]}
		if len(p.was) == 1 {
			c.was = &p.was[0]
		}
		c.apply()
	} else {
		d.contribute(p.was, -1)
		d.contribute(p.visits, 1)
	}
	p.was, p.dirty = nil, false
}

// contribute adds (sign 1) or takes away (-1) everything that a visitor's
// visits come to. Each cell counts him once, however many of his visits share it.
func (d *day) contribute(visits []visit, sign int64) {
	seen := map[key]uint64{}
	for i := range visits {
		v := &visits[i]
		c := contributor{day: d, sign: sign, visit: v, earlier: visits[:i], seen: seen}
		c.all()
	}
}

// contributor adds one visit of a visitor to the cells.
type contributor struct {
	day     *day
	sign    int64
	visit   *visit
	earlier []visit
	// seen says of each key which of the visits so far have it, as a bit mask: to
	// look it up in each of them would take as long as they are many, squared. Nil
	// if this is the only one.
	seen map[key]uint64
	// nobodys says that the visit is a hit without visitor, entry that it begins a visit.
	nobodys, entry bool
}

// all adds everything that the visit comes to.
func (c *contributor) all() {
	v := c.visit
	base := v.metrics()
	c.total(&base)
	for _, dim := range visitDims {
		if v.has(dim) {
			c.visitLabel(dim, &base)
		}
	}
	for j := range v.items {
		switch it := &v.items[j]; {
		case it.dim == byHour:
			c.hour(it)
		case !it.empty():
			c.item(it)
		}
	}
	c.timings()
}

// add adds m to a cell, counting the visitor if this is his first visit there.
func (c *contributor) add(k cellKey, m *foule.Metrics, first bool) {
	if c.nobodys {
		c.addNobodys(k, m)
		return
	}
	m[foule.Visitors] = 0
	if first {
		m[foule.Visitors] = 1
	}
	c.day.cells.add(k, m, c.sign, c.day.settings.MaxPairs)
}

func (c *contributor) total(base *foule.Metrics) {
	c.add(cellKey{}, base, len(c.earlier) == 0)
	if c.visit.live && (c.entry || !c.nobodys) {
		minute := foule.Metrics{foule.Visits: 1}
		c.add(cellKey{by: byMinute, byLabel: labelID(c.visit.last / 60)}, &minute, true)
	}
}

func (c *contributor) visitLabel(dim foule.Dimension, m *foule.Metrics) {
	label := c.visit.label(dim)
	sharing := c.sharing(func(w *visit) bool { return w.has(dim) && w.label(dim) == label })
	c.add(cellKey{label: label, dim: dim}, m, sharing == 0)
	c.pairs(dim, label, m, sharing)
}

// sharing is the set of earlier visits of the visitor that are in a cell too,
// as a bit mask.
func (c *contributor) sharing(shared func(*visit) bool) (mask uint64) {
	for i := range c.earlier {
		if shared(&c.earlier[i]) {
			mask |= 1 << i
		}
	}
	return mask
}

// share is sharing for what a visit did under a key, and notes that this one did it.
func (c *contributor) share(k key) (mask uint64) {
	mask = c.seen[k]
	if c.seen != nil {
		c.seen[k] = mask | 1<<len(c.earlier)
	}
	return mask
}

// pairs adds the two-way cells of a label that the earlier visits of sharing
// have too.
func (c *contributor) pairs(dim foule.Dimension, label labelID, m *foule.Metrics, sharing uint64) {
	if !twoWay[dim] {
		return
	}
	for _, by := range filterDims {
		if by != dim && c.visit.has(by) {
			byLabel := c.visit.label(by)
			first := c.first(sharing, by, byLabel)
			c.add(cellKey{label: label, byLabel: byLabel, dim: dim, by: by}, m, first)
			if dim == foule.DimGoal { // also the other way round: which campaign reached it
				c.add(cellKey{label: byLabel, byLabel: label, dim: by, by: dim}, m, first)
			}
		}
	}
}

// first says that none of the earlier visits of sharing has the label.
func (c *contributor) first(sharing uint64, dim foule.Dimension, label labelID) bool {
	for ; sharing != 0; sharing &= sharing - 1 {
		if c.earlier[bits.TrailingZeros64(sharing)].label(dim) == label {
			return false
		}
	}
	return true
}

// item adds a label of an action dimension, or a pair that the visit made itself.
func (c *contributor) item(it *item) {
	m := c.visit.itemMetrics(it)
	sharing := c.share(it.key)
	c.add(it.cell(), &m, sharing == 0)
	if it.by == foule.DimTotal {
		c.pairs(it.dim, it.label, &m, sharing)
	}
}

func (k key) cell() cellKey { return cellKey{k.label, k.byLabel, k.dim, k.by} }

func (it *item) metrics() foule.Metrics {
	m := foule.Metrics{
		foule.Visits:       1,
		foule.Hits:         int64(it.hits),
		foule.Actions:      int64(it.actions),
		foule.Seconds:      int64(it.seconds),
		foule.Conversions:  int64(it.conversions),
		foule.Revenue:      it.revenue,
		foule.Value:        it.valueMilli,
		foule.ValueCount:   int64(it.valueSeen),
		foule.Interactions: int64(it.interactions),
		foule.Quantity:     int64(it.quantity),
	}
	if it.conversions > 0 {
		m[foule.ConvertedVisits] = 1
	}
	if isProduct[it.dim] && it.hits == 0 {
		m[foule.Visits] = 0 // Matomo: of a product, visits are those that saw it
	}
	return m
}

// itemMetrics is what the visit adds to the rows of one of its items.
func (v *visit) itemMetrics(it *item) foule.Metrics {
	m := it.metrics()
	if it.dim == byHour {
		v.startHour(it, &m)
	} else {
		v.edges(it, &m)
	}
	return m
}

// edges adds to a page or title whether the visit began or ended there.
func (v *visit) edges(it *item, m *foule.Metrics) {
	if v.entryAt == 0 || it.hits == 0 {
		return
	}
	var entry, exit labelID
	switch it.dim {
	case foule.DimPage:
		entry, exit = v.label(foule.DimEntryPage), v.label(foule.DimExitPage)
	case foule.DimTitle:
		entry, exit = v.label(foule.DimEntryTitle), v.label(foule.DimExitTitle)
	default:
		return
	}
	if it.label == entry {
		m[foule.Entries] = 1
		if v.actions <= 1 {
			m[foule.EntryBounces] = 1
		}
	}
	if it.label == exit {
		m[foule.Exits] = 1
	}
}

// startHour takes the visit itself out of an hour in which it only went on: a
// visit counts in the hour in which it began.
func (v *visit) startHour(it *item, m *foule.Metrics) {
	m[foule.Visits], m[foule.ConvertedVisits] = 0, 0
	if int64(it.label) == v.first/3600 {
		base := v.metrics()
		m[foule.Visits], m[foule.Bounces], m[foule.Seconds] = 1, base[foule.Bounces], base[foule.Seconds]
		m[foule.ConvertedVisits] = base[foule.ConvertedVisits]
	}
}

// hour adds what the visit did in one hour, in all and under each filter dimension.
func (c *contributor) hour(it *item) {
	m := c.visit.itemMetrics(it)
	sharing := c.share(it.key)
	c.add(cellKey{by: byHour, byLabel: it.label}, &m, sharing == 0)
	for _, dim := range filterDims {
		if !c.visit.has(dim) {
			continue
		}
		label := c.visit.label(dim)
		c.add(cellKey{label: label, byLabel: it.label, dim: dim, by: byHour}, &m, c.first(sharing, dim, label))
	}
}
