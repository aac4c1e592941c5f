package aggregate

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"foule.eu/foule"
	"foule.eu/foule/internal/wire"
)

// snapshotVersion is the first byte of a snapshot. docs/formats/snapshot.md
// draws the bytes.
const snapshotVersion = 3

var errSnapshot = errors.New("aggregate: snapshot is damaged")

// Append writes the whole state as it is between two segments. It holds what
// the journal's events held and no more: labels, visitor numbers, counters.
// Cells are written by key only, since their sums follow from the visits, but for
// those in which hits without visitor count.
func (s *State) Append(b []byte) []byte {
	b = append(b, snapshotVersion)
	days := s.sorted()
	b = binary.AppendUvarint(b, uint64(len(days)))
	for _, d := range days {
		b = d.append(b)
	}
	return s.imports.append(b)
}

func (d *day) append(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(d.site))
	b = binary.AppendVarint(b, int64(d.day))
	b = binary.AppendVarint(b, d.seen)
	settings := d.settings.Append(nil)
	b = binary.AppendUvarint(b, uint64(len(settings)))
	b = append(b, settings...)
	b = d.names.append(b)
	b = binary.AppendUvarint(b, uint64(len(d.cells.all)))
	for i := range d.cells.all {
		b = d.cells.all[i].append(b)
	}
	numbers := make([]uint32, 0, len(d.visitors))
	for n := range d.visitors {
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	b = binary.AppendUvarint(b, uint64(len(numbers)))
	for _, n := range numbers {
		p := d.visitors[n]
		b = binary.AppendUvarint(b, uint64(n))
		b = binary.AppendUvarint(b, uint64(len(p.visits)))
		for i := range p.visits {
			b = p.visits[i].append(b)
		}
	}
	return b
}

func (c *cell) append(b []byte) []byte {
	b = append(b, byte(c.key.dim), byte(c.key.by))
	b = binary.AppendUvarint(b, uint64(c.key.label))
	b = binary.AppendUvarint(b, uint64(c.key.byLabel))
	if ofNoVisit(c.key) {
		return binary.AppendVarint(b, c.sum[foule.Hits])
	}
	b = binary.AppendUvarint(b, uint64(c.hits))
	if c.hits > 0 {
		for _, n := range c.sum {
			b = binary.AppendVarint(b, n)
		}
	}
	return b
}

func (l *labels) append(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(len(l.texts)-2))
	for _, t := range l.texts[2:] {
		b = binary.AppendUvarint(b, uint64(len(t)))
		b = append(b, t...)
	}
	admitted := make([]admission, 0, len(l.admitted))
	for a := range l.admitted {
		admitted = append(admitted, a)
	}
	slices.SortFunc(admitted, func(x, y admission) int {
		return int(int64(x.dim)<<32 + int64(x.id) - int64(y.dim)<<32 - int64(y.id)) // both fit 40 bits
	})
	b = binary.AppendUvarint(b, uint64(len(admitted)))
	for _, a := range admitted {
		b = append(b, byte(a.dim))
		b = binary.AppendUvarint(b, uint64(a.id))
	}
	return b
}

// flags of a visit in its snapshot form.
const (
	flagSeveral = 1 << iota
	flagLive
	flagDirect
	flagOnPage
	flagSearched
)

// ofNoVisit says whether a cell's sum follows from no visit.
func ofNoVisit(k cellKey) bool {
	return k.by == foule.DimTotal && k.dim != foule.DimTotal && k.dim.Info().Scope == foule.ScopeNone
}

func (v *visit) append(b []byte) []byte {
	var flags byte
	for i, on := range []bool{v.several, v.live, v.direct, v.onPage, v.searched} {
		if on {
			flags |= 1 << i
		}
	}
	b = append(b, flags)
	for _, n := range v.numbers() {
		b = binary.AppendVarint(b, *n)
	}
	for _, l := range v.labels {
		b = binary.AppendUvarint(b, uint64(l))
	}
	for _, n := range []uint64{uint64(v.values), uint64(v.room), uint64(v.page), uint64(v.title), uint64(v.keyword), uint64(v.section), uint64(len(v.items))} {
		b = binary.AppendUvarint(b, n)
	}
	for i := range v.items {
		b = v.items[i].append(b)
	}
	return v.appendDetails(b)
}

func (it *item) append(b []byte) []byte {
	b = it.key.append(b)
	for _, n := range it.numbers() {
		b = binary.AppendVarint(b, int64(*n))
	}
	return binary.AppendVarint(binary.AppendVarint(b, it.revenue), it.valueMilli)
}

func (k key) append(b []byte) []byte {
	b = append(b, byte(k.dim), byte(k.by))
	return binary.AppendUvarint(binary.AppendUvarint(b, uint64(k.label)), uint64(k.byLabel))
}

// appendDetails writes what only some visits have.
func (v *visit) appendDetails(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(len(v.marks)))
	for _, k := range v.marks {
		b = k.append(b)
	}
	b = binary.AppendUvarint(b, uint64(len(v.views)))
	for i := range v.views {
		p := &v.views[i]
		b = binary.AppendUvarint(binary.AppendUvarint(b, uint64(p.id)), uint64(p.page))
		b = append(b, p.times.Known)
		for _, ms := range p.times.Millis {
			b = binary.AppendUvarint(b, uint64(ms))
		}
	}
	b = binary.AppendUvarint(b, uint64(len(v.cart)))
	for _, e := range v.cart {
		b = binary.AppendVarint(binary.AppendVarint(e.key.append(b), e.revenue), int64(e.quantity))
	}
	b = binary.AppendUvarint(b, uint64(len(v.funnels)))
	for _, p := range v.funnels {
		b = append(binary.AppendUvarint(b, uint64(p.funnel)), p.step)
	}
	return b
}

func (v *visit) numbers() []*int64 {
	return []*int64{&v.first, &v.last, &v.lastHit, &v.entryAt, &v.exitAt, &v.hits, &v.actions, &v.conversions, &v.revenue}
}

func (it *item) numbers() []*int32 {
	return []*int32{&it.hits, &it.actions, &it.seconds, &it.conversions, &it.quantity, &it.interactions, &it.valueSeen}
}

// Load gives the state that Append wrote. The error tells where a damaged
// snapshot stops making sense.
func Load(b []byte) (*State, error) {
	if len(b) == 0 || b[0] != snapshotVersion {
		return nil, fmt.Errorf("%w: no version %d at its start", errSnapshot, snapshotVersion)
	}
	r := &reader{wire.Reader{Rest: b[1:]}}
	s := New()
	for range r.Count(4) {
		d := r.day()
		if r.Bad {
			break
		}
		s.days[d.dayKey] = d
	}
	r.imports(s)
	if r.Bad || len(r.Rest) > 0 {
		return nil, fmt.Errorf("%w at byte %d of %d", errSnapshot, len(b)-len(r.Rest), len(b))
	}
	return s, nil
}

// reader walks a snapshot.
type reader struct{ wire.Reader }

// label reads a label number that the dictionary has.
func (r *reader) label(l *labels) labelID {
	id := labelID(r.Uvarint())
	if int(id) >= len(l.texts) {
		r.Bad = true
		return 0
	}
	return id
}

func (r *reader) dim() foule.Dimension {
	d := foule.Dimension(r.Byte())
	if d >= foule.NumDimensions && d < byHour {
		r.Bad = true
	}
	return d
}

func (r *reader) day() *day {
	k := dayKey{foule.SiteID(r.Uvarint()), foule.Day(r.Varint())}
	seen := r.Varint()
	settings, err := DecodeSettings(r.Bytes(r.Count(1)))
	if err != nil {
		r.Bad = true
	}
	d := newDay(k, settings)
	d.seen, d.now = seen, seen
	r.labels(&d.names)
	kept := r.cells(d)
	for range r.Count(2) {
		p := d.visitor(uint32(r.Uvarint()))
		for range r.Count(10) {
			p.visits = append(p.visits, r.visit(d))
		}
		if r.Bad {
			return d
		}
		d.contribute(p.visits, 1)
	}
	for i, sum := range kept {
		d.cells.all[i].sum = sum
	}
	d.cells.rest(&d.settings)
	return d
}

func (r *reader) labels(l *labels) {
	for range r.Count(1) {
		text := string(r.Bytes(r.Count(1)))
		l.ids[text] = labelID(len(l.texts))
		l.texts = append(l.texts, text)
	}
	for range r.Count(2) {
		dim := r.dim()
		if dim >= foule.NumDimensions {
			r.Bad = true
			return
		}
		l.admit(admission{dim, r.label(l)})
	}
}

// cells reads the cells and gives the sums of those whose sums follow from no
// visit, or not from visits alone.
func (r *reader) cells(d *day) map[uint32]foule.Metrics {
	kept := map[uint32]foule.Metrics{}
	for range r.Count(4) {
		k := cellKey{dim: r.dim(), by: r.dim()}
		if k.dim >= foule.NumDimensions || k.by != foule.DimTotal && codes[k.by] == 0 {
			r.Bad = true
			return nil
		}
		k.label = r.label(&d.names)
		if k.by >= byHour {
			k.byLabel = labelID(r.Uvarint())
		} else {
			k.byLabel = r.label(&d.names)
		}
		i := d.cells.insert(k)
		if ofNoVisit(k) {
			kept[i] = foule.Metrics{foule.Hits: r.Varint()}
		} else if hits := r.Uvarint(); hits > 0 {
			var sum foule.Metrics
			for m := range sum {
				sum[m] = r.Varint()
			}
			kept[i], d.cells.all[i].hits = sum, uint32(hits)
		}
	}
	return kept
}

func (r *reader) visit(d *day) visit {
	flags := r.Byte()
	v := visit{
		several: flags&flagSeveral != 0, live: flags&flagLive != 0,
		direct: flags&flagDirect != 0, onPage: flags&flagOnPage != 0, searched: flags&flagSearched != 0,
	}
	for _, n := range v.numbers() {
		*n = r.Varint()
	}
	for i := range v.labels {
		v.labels[i] = r.label(&d.names)
	}
	v.values = uint16(r.Uvarint()) & (1<<foule.NumValues - 1)
	v.room = uint16(min(r.Uvarint(), maxItems))
	v.page, v.title = r.label(&d.names), r.label(&d.names)
	v.keyword, v.section = r.label(&d.names), r.label(&d.names)
	v.items = make([]item, r.Count(13))
	for i := range v.items {
		it := &v.items[i]
		it.key = r.key(d)
		for _, n := range it.numbers() {
			*n = int32(r.Varint())
		}
		it.revenue, it.valueMilli = r.Varint(), r.Varint()
		if it.by != foule.DimTotal {
			v.pairs++
		}
	}
	r.details(d, &v)
	return v
}

func (r *reader) key(d *day) (k key) {
	if k.dim, k.by = r.dim(), r.dim(); k.dim > byHour {
		r.Bad = true
	}
	if k.dim == byHour {
		k.label = labelID(r.Uvarint())
	} else {
		k.label = r.label(&d.names)
	}
	k.byLabel = r.label(&d.names)
	if k.by >= byHour || k.by != foule.DimTotal && codes[k.by] == 0 {
		r.Bad = true
	}
	return k
}

func (r *reader) details(d *day, v *visit) {
	for range r.Count(4) {
		v.marks = append(v.marks, r.key(d))
	}
	for range r.Count(9) {
		p := pageView{id: uint16(r.Uvarint()), page: r.label(&d.names)}
		p.times.Known = r.Byte()
		for i := range p.times.Millis {
			p.times.Millis[i] = uint32(r.Uvarint())
		}
		v.views = append(v.views, p)
	}
	for range r.Count(6) {
		v.cart = append(v.cart, cartEntry{r.key(d), r.Varint(), int32(r.Varint())})
	}
	for range r.Count(2) {
		v.funnels = append(v.funnels, progress{uint32(r.Uvarint()), r.Byte()})
	}
}

// rest makes the cells' sums those of the last close.
func (c *cells) rest(s *Settings) {
	for _, dirty := range c.dirty {
		c.all[dirty.index].touched = 0
	}
	c.dirty = c.dirty[:0]
	for i := range c.all {
		cell := &c.all[i]
		if s.named(cell.key, cell.crowd()) || cell.sum.IsZero() {
			continue
		}
		k := cell.key.group()
		if c.groups[k] == nil {
			c.groups[k] = &group{}
		}
		c.groups[k].unnamed.Add(&cell.sum)
	}
}
