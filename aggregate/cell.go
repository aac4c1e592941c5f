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
// code, 25 for each label. A day has at most 81 dimensions of
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
	sum     foule.Metrics
}

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
	was   foule.Metrics
}

func newCells() cells {
	return cells{index: newIndex(), groups: map[groupKey]*group{}}
}

// add adds sign times m to the cell of k. A pair for which there is no more
// room counts in its group's (other) cell.
func (c *cells) add(k cellKey, m *foule.Metrics, sign int64, maxPairs int) {
	i, ok := c.index.get(k.packed())
	if !ok {
		if k.bounded() && c.pairs >= maxPairs && k.label != otherLabel {
			k.label = otherLabel
			c.add(k, m, sign, maxPairs)
			return
		}
		i = c.insert(k)
	}
	cell := &c.all[i]
	if cell.touched == 0 {
		c.dirty = append(c.dirty, dirtyCell{i, cell.sum})
		cell.touched = uint32(len(c.dirty))
	}
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

// visitors gives how many visitors share a plain label, now and at the last close.
func (c *cells) visitors(dim foule.Dimension, label labelID) (now, was int64) {
	i, ok := c.index.get(cellKey{label: label, dim: dim}.packed())
	if !ok {
		return 0, 0
	}
	cell := &c.all[i]
	now = cell.sum[foule.Visitors]
	if cell.touched == 0 {
		return now, now
	}
	return now, c.dirty[cell.touched-1].was[foule.Visitors]
}

// named says whether a cell shared by so many visitors stands under its own label.
func (s *Settings) named(k cellKey, visitors int64) bool {
	switch {
	case k.dim.Info().Scope == foule.ScopeNone:
		return true // totals, reasons and programs are about nobody
	case k.label == otherLabel:
		return false // its row is the group's
	case k.by == foule.DimTotal:
		return visitors >= int64(s.K)
	default:
		return visitors >= int64(s.KFiltered)
	}
}

// byNamed says, now and at the last close, whether a group stands under its own by-label.
func (c *cells) byNamed(g groupKey, s *Settings) (now, was bool) {
	if !isPair(g.by) || g.byLabel == otherLabel {
		return true, true
	}
	n, w := c.visitors(g.by, g.byLabel)
	return n >= int64(s.KFiltered), w >= int64(s.KFiltered)
}
