package aggregate

import "foule.eu/foule"

// byHour and byMinute stand on the by side of cells that become rows of the
// hour and minute tables; their "label" is the Unix hour or minute itself.
const (
	byHour   foule.Dimension = 254
	byMinute foule.Dimension = 255
)

// codes gives each dimension that stands on the by side of cells its code in a
// packed key, from 1; the total's is 0.
var codes = func() (codes [256]uint64) {
	sides := append([]foule.Dimension{byHour, byMinute, foule.DimPage, foule.DimTiming, foule.DimContentName, foule.DimGoal}, filterDims...)
	for i, by := range sides {
		codes[by] = uint64(i) + 1
	}
	return
}()

// cellKey names a cell: a plain row with by == DimTotal, else a pair.
type cellKey struct {
	label, byLabel labelID
	dim, by        foule.Dimension
}

// packed is the key in one word: 8 bits for the dimension, 6 for the by side's
// code, 25 for each label. A day has at most 83 dimensions of
// Settings.MaxLabels labels, and a Unix minute needs 25 bits.
func (k cellKey) packed() uint64 {
	return uint64(k.dim)<<56 | codes[k.by]<<50 | uint64(k.label)<<25 | uint64(k.byLabel)
}

func (k cellKey) group() groupKey { return groupKey{k.byLabel, k.dim, k.by} }

// cell is the sum of what the day's visitors contribute under a key. While a
// segment is open, touched is 1 + the index of the cell's value at the last close.
type cell struct {
	key     cellKey
	touched uint32
	hits    uint32 // of nobody's hits, how many count here
	sum     foule.Metrics
}

// crowd is how many stand behind a cell, for the small-number rule: its visitors,
// or its hits where nobody knows whose they are. The two are not added up, since
// the hits may be one person's.
func (c *cell) crowd() int64 { return max(c.sum[foule.Visitors], int64(c.hits)) }

// groupKey names the cells that fall into one (other) row.
type groupKey struct {
	byLabel labelID
	dim, by foule.Dimension
}

// group holds the sum of a group's unnamed cells as of the last close.
type group struct {
	unnamed foule.Metrics
	delta   foule.Metrics // since the last close
	touched bool
}

// cells is a day's table of cells and groups.
type cells struct {
	index  index
	all    []cell
	pairs  int // cells of two-way tables and of hours, bounded by Settings.MaxPairs
	groups map[groupKey]*group
	// dirty lists the cells touched since the last close, before their values then.
	dirty []dirtyCell
}

type dirtyCell struct {
	index uint32
	hits  uint32 // then
	was   foule.Metrics
}

func (c *dirtyCell) crowd() int64 { return max(c.was[foule.Visitors], int64(c.hits)) }

func newCells() cells {
	return cells{index: newIndex(), groups: map[groupKey]*group{}}
}

// at gives the cell of k and notes what it was at the last close. A pair for which
// there is no more room counts in its group's (other) cell.
func (c *cells) at(k cellKey, maxPairs int) *cell {
	i, ok := c.index.get(k.packed())
	if !ok {
		if k.bounded() && c.pairs >= maxPairs && k.label != otherLabel {
			k.label = otherLabel
			return c.at(k, maxPairs)
		}
		i = c.insert(k)
	}
	cell := &c.all[i]
	if cell.touched == 0 {
		c.dirty = append(c.dirty, dirtyCell{i, cell.hits, cell.sum})
		cell.touched = uint32(len(c.dirty))
	}
	return cell
}

// add adds sign times m to the cell of k.
func (c *cells) add(k cellKey, m *foule.Metrics, sign int64, maxPairs int) {
	cell := c.at(k, maxPairs)
	if sign > 0 {
		cell.sum.Add(m)
	} else {
		cell.sum.Sub(m)
	}
}

func (c *cells) insert(k cellKey) uint32 {
	i := uint32(len(c.all))
	c.all = append(c.all, cell{key: k})
	c.index.put(k.packed(), i)
	if k.bounded() {
		c.pairs++
	}
	return i
}

// bounded says whether the cell is one of those that MaxPairs bounds: all but
// totals and plain rows.
func (k cellKey) bounded() bool { return k.dim != foule.DimTotal && k.by != foule.DimTotal }

func isPair(by foule.Dimension) bool { return by != foule.DimTotal && by < byHour }

// crowd gives how many share a plain label, now and at the last close.
func (c *cells) crowd(dim foule.Dimension, label labelID) (now, was int64) {
	i, ok := c.index.get(cellKey{label: label, dim: dim}.packed())
	if !ok {
		return 0, 0
	}
	cell := &c.all[i]
	now = cell.crowd()
	if cell.touched == 0 {
		return now, now
	}
	return now, c.dirty[cell.touched-1].crowd()
}

// named says whether a cell shared by so many stands under its own label.
func (s *Settings) named(k cellKey, crowd int64) bool {
	switch {
	case k.dim.Info().Scope == foule.ScopeNone:
		return true // totals, reasons and programs are about nobody
	case k.label == otherLabel:
		return false // its row is the group's
	case k.by == foule.DimTotal:
		return crowd >= int64(s.K)
	default:
		return crowd >= int64(s.KFiltered)
	}
}

// byNamed says, now and at the last close, whether a group stands under its own by-label.
func (c *cells) byNamed(g groupKey, s *Settings) (now, was bool) {
	if !isPair(g.by) || g.byLabel == otherLabel {
		return true, true
	}
	n, w := c.crowd(g.by, g.byLabel)
	return n >= int64(s.KFiltered), w >= int64(s.KFiltered)
}
