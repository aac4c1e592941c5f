package aggregate

import "foule.eu/foule"

// difference is the way of most visitors, who make one visit a day: what the
// visit was at the last close (nil if it is new) against what it is now. Where
// its label under a key is the same, only the metrics' difference is added.
type difference struct {
	day      *day
	was, now *visit
}

// metricsChange is what a visit or item counted, what it counts now, and the difference.
type metricsChange struct{ was, now, delta foule.Metrics }

func changed(was, now *foule.Metrics) metricsChange {
	m := metricsChange{now: *now, delta: *now}
	m.now[foule.Visitors], m.delta[foule.Visitors] = 1, 1
	if was != nil {
		m.was = *was
		m.was[foule.Visitors] = 1
		m.delta.Sub(&m.was)
	}
	return m
}

func (c *difference) apply() {
	now := c.now.metrics()
	var m metricsChange
	if c.was == nil {
		m = changed(nil, &now)
	} else {
		was := c.was.metrics()
		m = changed(&was, &now)
	}
	c.add(cellKey{}, cellKey{}, &m)
	c.minute()
	for _, dim := range visitDims {
		if c.now.has(dim) {
			c.visitLabel(dim, &m)
		}
	}
	for i := range c.now.items {
		c.item(i)
	}
	c.timings()
}

// add moves a cell's counts from one key to another, or changes them in place.
func (c *difference) add(from, to cellKey, m *metricsChange) {
	cells, maxPairs := &c.day.cells, c.day.settings.MaxPairs
	if c.was == nil || from == to {
		if !m.delta.IsZero() {
			cells.add(to, &m.delta, 1, maxPairs)
		}
		return
	}
	cells.add(from, &m.was, -1, maxPairs)
	cells.add(to, &m.now, 1, maxPairs)
}

func (c *difference) minute() {
	if !c.now.live {
		return
	}
	to := cellKey{by: byMinute, byLabel: labelID(c.now.last / 60)}
	from := to
	visit := foule.Metrics{foule.Visits: 1}
	m := changed(nil, &visit)
	if c.was != nil {
		m = changed(&visit, &visit)
		from.byLabel = labelID(c.was.last / 60)
	}
	c.add(from, to, &m)
}

// visitLabel changes the cells of a visit's label. A custom dimension that the
// visit had not at the last close is new there.
func (c *difference) visitLabel(dim foule.Dimension, m *metricsChange) {
	d := *c
	if c.was != nil && !c.was.has(dim) {
		d.was = nil
		fresh := changed(nil, &m.now)
		m = &fresh
	}
	was, now := d.labels(dim)
	d.label(dim, was, now, m)
}

// label changes a dimension's plain cell and its two-way cells.
func (c *difference) label(dim foule.Dimension, from, to labelID, m *metricsChange) {
	c.add(cellKey{label: from, dim: dim}, cellKey{label: to, dim: dim}, m)
	if !twoWay[dim] {
		return
	}
	for _, by := range filterDims {
		if by == dim || !c.now.has(by) {
			continue
		}
		oldBy, newBy := c.labels(by)
		c.add(cellKey{from, oldBy, dim, by}, cellKey{to, newBy, dim, by}, m)
		if dim == foule.DimGoal {
			c.add(cellKey{oldBy, from, by, dim}, cellKey{newBy, to, by, dim}, m)
		}
	}
}

// labels gives the visit's label of a dimension, then and now.
func (c *difference) labels(dim foule.Dimension) (was, now labelID) {
	now = c.now.label(dim)
	if c.was == nil {
		return now, now
	}
	return c.was.label(dim), now
}

// item changes the cells of an item. Items are only ever appended, so that the
// old visit's items are the first of the new one's.
func (c *difference) item(i int) {
	it := &c.now.items[i]
	d := *c
	m := metricsChange{now: c.itemNow(it)}
	if c.was != nil && i < len(c.was.items) && !c.was.items[i].empty() {
		m.was = c.was.itemMetrics(&c.was.items[i])
		m.was[foule.Visitors] = 1
	} else {
		d.was = nil // the item is new
	}
	m.delta = m.now
	m.delta.Sub(&m.was)
	switch {
	case it.dim == byHour:
		d.hour(it, &m)
	case it.by != foule.DimTotal:
		d.add(it.cell(), it.cell(), &m)
	default:
		d.label(it.dim, it.label, it.label, &m)
	}
}

// itemNow is what an item counts now: nothing if all that was in it was taken back.
func (c *difference) itemNow(it *item) foule.Metrics {
	if it.empty() {
		return foule.Metrics{}
	}
	m := c.now.itemMetrics(it)
	m[foule.Visitors] = 1
	return m
}

func (c *difference) hour(it *item, m *metricsChange) {
	total := cellKey{by: byHour, byLabel: it.label}
	c.add(total, total, m)
	for _, dim := range filterDims {
		if !c.now.has(dim) {
			continue
		}
		was, now := c.labels(dim)
		c.add(cellKey{was, it.label, dim, byHour}, cellKey{now, it.label, dim, byHour}, m)
	}
}
