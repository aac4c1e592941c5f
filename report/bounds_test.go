package report_test

// node is a sum that the attacker wants to know: visits of some days, of a
// country or all (""), of a device or all.
type node struct {
	span            span
	country, device string
}

// interval is what is known of a node.
type interval struct{ lo, hi int64 }

// unbounded is more than any sum here.
const unbounded = 1 << 40

// bounds is what is known of every node: lower and upper bounds, and sums that
// tie them together.
type bounds struct {
	of   map[node]interval
	sums []tie
}

// tie says that the nodes' sum is between two numbers, or is the node whole.
type tie struct {
	parts  []node
	whole  *node
	lo, hi int64
}

func newBounds() *bounds { return &bounds{of: map[node]interval{}} }

func (b *bounds) get(n node) interval {
	if iv, ok := b.of[n]; ok {
		return iv
	}
	return interval{0, unbounded}
}

// between notes that some nodes' sum is between two numbers.
func (b *bounds) between(parts []node, lo, hi int64) {
	if len(parts) == 1 {
		b.narrow(parts[0], lo, hi)
	} else if len(parts) > 1 {
		b.sums = append(b.sums, tie{parts: parts, lo: lo, hi: hi})
	}
}

func (b *bounds) narrow(n node, lo, hi int64) (moved bool) {
	iv := b.get(n)
	next := interval{max(iv.lo, lo), min(iv.hi, hi)}
	b.of[n] = next
	return next != iv
}

// relate adds what everybody knows: devices and countries make totals, days make
// weeks, and weeks and days make months.
func (b *bounds) relate() {
	for _, sp := range attackSpans() {
		for _, x := range append([]string{""}, attackCountries...) {
			var parts []node
			for _, y := range attackDevices {
				parts = append(parts, node{sp, x, y})
			}
			b.make(node{sp, x, ""}, parts)
		}
		for _, y := range append([]string{""}, attackDevices...) {
			var parts []node
			for _, x := range attackCountries {
				parts = append(parts, node{sp, x, y})
			}
			b.make(node{sp, "", y}, parts)
		}
		if sp.from == sp.to {
			continue
		}
		for _, x := range append([]string{""}, attackCountries...) {
			for _, y := range append([]string{""}, attackDevices...) {
				var days, weeks []node
				for d := sp.from; d <= sp.to; d++ {
					days = append(days, node{span{d, d}, x, y})
				}
				b.make(node{sp, x, y}, days)
				for d := sp.from; d <= sp.to; {
					last := d
					if d == d.Monday() && d+6 <= sp.to && sp.to-sp.from > 7 {
						last = d + 6
					}
					weeks = append(weeks, node{span{d, last}, x, y})
					d = last + 1
				}
				b.make(node{sp, x, y}, weeks)
			}
		}
	}
}

func (b *bounds) make(whole node, parts []node) {
	b.sums = append(b.sums, tie{parts: parts, whole: &whole})
}

// tighten draws every conclusion that one sum allows, until none is new.
func (b *bounds) tighten() {
	for moved := true; moved; {
		moved = false
		for i := range b.sums {
			moved = b.conclude(&b.sums[i]) || moved
		}
	}
}

func (b *bounds) conclude(t *tie) (moved bool) {
	var sum interval
	for _, n := range t.parts {
		iv := b.get(n)
		sum.lo += iv.lo
		sum.hi += iv.hi
	}
	all := interval{t.lo, t.hi}
	if t.whole != nil {
		moved = b.narrow(*t.whole, sum.lo, sum.hi)
		all = b.get(*t.whole)
	}
	for _, n := range t.parts {
		iv := b.get(n)
		if b.narrow(n, all.lo-(sum.hi-iv.hi), all.hi-(sum.lo-iv.lo)) {
			moved = true
			next := b.get(n)
			sum.lo += next.lo - iv.lo
			sum.hi += next.hi - iv.hi
		}
	}
	return moved
}
