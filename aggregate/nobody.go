package aggregate

import "foule.eu/foule"

// Hits of sites that tell nobody apart have no visitor (foule.Event.Visitor is 0)
// and leave nothing in memory but the cells they count in. Such a hit is taken for
// a visit of its own while it is counted, but for what only a visitor's other hits
// could say: there are no visitors, bounces, lengths, exits and funnels, and a
// visit counts only where it begins (foule.Event.Entry). A hit that begins none
// counts under "" in the dimensions that say how visits begin, so that the sums
// over labels agree all the same (invariant I3).

// pass counts such a hit.
func (d *day) pass(e *foule.Event) {
	if e.Kind == foule.KindPing {
		return // there is no visit to lengthen
	}
	known := *e
	known.Steps = nil
	if known.Basket.Kind == foule.BasketCart { // nobody could say which cart it takes the place of
		known.Basket = foule.Basket{}
	}
	if !e.Entry {
		known.Channel, known.Source, known.ReferrerPage, known.Campaign = "", "", "", foule.Campaign{}
	}
	v := d.newVisit(&known, 0)
	d.act(&v, &known)
	if !e.Entry {
		v.entryAt = 0
		v.setLabel(foule.DimEntryPage, emptyLabel)
		v.setLabel(foule.DimEntryTitle, emptyLabel)
	}
	v.setLabel(foule.DimExitPage, emptyLabel)
	v.setLabel(foule.DimExitTitle, emptyLabel)
	c := contributor{day: d, sign: 1, visit: &v, nobodys: true, entry: e.Entry}
	c.all()
}

// addNobodys adds to a cell what a hit without visitor counts there. It is one of
// those that share the cell's labels even where it counts nothing, as a content
// under a country.
func (c *contributor) addNobodys(k cellKey, m *foule.Metrics) {
	for _, metric := range foule.OfVisitors {
		m[metric] = 0
	}
	if !c.entry {
		m[foule.Visits] = 0
	}
	cell := c.day.cells.at(k, c.day.settings.MaxPairs)
	cell.sum.Add(m)
	cell.hits++
}
