package aggregate

import (
	"cmp"
	"slices"
	"strings"

	"foule.eu/foule"
	"foule.eu/foule/storage"
)

// Close ends the open segment and gives what it came to, in a fixed order. A
// segment of no consequence gives a batch without rows.
func (s *State) Close(token string) *storage.Batch {
	b := &storage.Batch{Token: token}
	for _, d := range s.sorted() {
		d.close(b)
	}
	s.forget()
	slices.SortFunc(b.Days, compareDayRows)
	slices.SortFunc(b.Hours, compareHourRows)
	slices.SortFunc(b.Minutes, func(a, b storage.MinuteRow) int {
		return cmp.Or(cmp.Compare(a.Site, b.Site), cmp.Compare(a.Minute, b.Minute))
	})
	return b
}

func compareDayRows(a, b storage.DayRow) int {
	return cmp.Or(cmp.Compare(a.Site, b.Site), cmp.Compare(a.Dim, b.Dim), cmp.Compare(a.By, b.By),
		strings.Compare(a.ByLabel, b.ByLabel), cmp.Compare(a.Day, b.Day), strings.Compare(a.Label, b.Label))
}

func compareHourRows(a, b storage.HourRow) int {
	return cmp.Or(cmp.Compare(a.Site, b.Site), cmp.Compare(a.Dim, b.Dim), strings.Compare(a.Label, b.Label), cmp.Compare(a.Hour, b.Hour))
}

// close brings the touched visitors' changes into the cells and writes the
// differences since the last close.
func (d *day) close(b *storage.Batch) {
	for _, p := range d.dirty {
		d.settle(p)
		d.exchange(p)
	}
	d.dirty = d.dirty[:0]
	d.countDropped()
	w := writer{day: d, batch: b, others: map[cellKey]*foule.Metrics{}}
	for i := range d.cells.dirty {
		w.cell(&d.cells.dirty[i])
	}
	w.groups()
	w.rest()
	for _, c := range d.cells.dirty {
		d.cells.all[c.index].touched = 0
	}
	d.cells.dirty = d.cells.dirty[:0]
}

// settle sets the labels that follow from the rest of a visit.
func (d *day) settle(p *visitor) {
	for i := range p.visits {
		v := &p.visits[i]
		v.setLabel(foule.DimDuration, d.label(foule.DimDuration, foule.DurationBucket(v.seconds())))
		v.setLabel(foule.DimDepth, d.label(foule.DimDepth, foule.DepthBucket(v.actions)))
	}
}

// writer turns one day's touched cells into rows.
type writer struct {
	day    *day
	batch  *storage.Batch
	moved  []groupKey // groups touched, in order of first touch
	others map[cellKey]*foule.Metrics
	order  []cellKey // keys of others, in order of first touch
}

// cell writes the change of a cell's own row and notes the change of its group.
func (w *writer) cell(c *dirtyCell) {
	cell := &w.day.cells.all[c.index]
	settings := &w.day.settings
	now := settings.named(cell.key, cell.crowd())
	was := settings.named(cell.key, c.crowd())
	var own, group foule.Metrics
	if now {
		own = cell.sum
	} else {
		group = cell.sum
	}
	if was {
		own.Sub(&c.was)
	} else {
		group.Sub(&c.was)
	}
	w.row(cell.key, &own)
	if !group.IsZero() {
		w.touch(cell.key.group()).delta.Add(&group)
	}
	w.flipped(cell, c)
}

// flipped touches the groups under a by-label that is named now and was not, or the reverse.
func (w *writer) flipped(cell *cell, c *dirtyCell) {
	k := cell.key
	if k.by != foule.DimTotal || codes[k.dim] == 0 {
		return
	}
	threshold := int64(w.day.settings.KFiltered)
	if (cell.crowd() >= threshold) == (c.crowd() >= threshold) {
		return
	}
	for dim := range foule.Dimension(foule.NumDimensions) {
		g := groupKey{k.label, dim, k.dim}
		if w.day.cells.groups[g] != nil {
			w.touch(g)
		}
	}
}

func (w *writer) touch(k groupKey) *group {
	g := w.day.cells.groups[k]
	if g == nil {
		g = &group{}
		w.day.cells.groups[k] = g
	}
	if !g.touched {
		g.touched = true
		w.moved = append(w.moved, k)
	}
	return g
}

// groups collects the changes of the (other) rows.
func (w *writer) groups() {
	for _, k := range w.moved {
		g := w.day.cells.groups[k]
		now, was := w.day.cells.byNamed(k, &w.day.settings)
		w.other(k, was).Sub(&g.unnamed)
		g.unnamed.Add(&g.delta)
		w.other(k, now).Add(&g.unnamed)
		g.delta, g.touched = foule.Metrics{}, false
	}
}

// other gives the counters of the row that holds a group's unnamed cells.
func (w *writer) other(g groupKey, byNamed bool) *foule.Metrics {
	k := cellKey{label: otherLabel, byLabel: g.byLabel, dim: g.dim, by: g.by}
	if !byNamed {
		k.byLabel = otherLabel
	}
	m := w.others[k]
	if m == nil {
		m = &foule.Metrics{}
		w.others[k] = m
		w.order = append(w.order, k)
	}
	return m
}

func (w *writer) rest() {
	for _, k := range w.order {
		w.row(k, w.others[k])
	}
}

// row writes one difference, if there is any.
func (w *writer) row(k cellKey, m *foule.Metrics) {
	if m.IsZero() {
		return
	}
	d, b := w.day, w.batch
	text := d.names.texts
	switch k.by {
	case byMinute:
		b.Minutes = append(b.Minutes, storage.MinuteRow{Site: d.site, Minute: int64(k.byLabel), Metrics: *m})
	case byHour:
		b.Hours = append(b.Hours, storage.HourRow{Site: d.site, Hour: int64(k.byLabel), Dim: k.dim, Label: text[k.label], Metrics: *m})
	default:
		b.Days = append(b.Days, storage.DayRow{Site: d.site, Day: d.day, Dim: k.dim, Label: text[k.label], By: k.by, ByLabel: text[k.byLabel], Metrics: *m})
	}
}
