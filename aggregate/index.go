package aggregate

// index finds the cell of a packed key: an open-addressing table that keeps key
// and number side by side, so that a look-up costs one cache line where a map
// costs two or three. Nothing is ever taken out.
type index struct {
	slots []slot // a power of two, at most half full
	used  int
}

type slot struct {
	key    uint64
	number uint32 // of the cell, plus one; 0 is a free slot
}

const firstSlots = 1 << 10

func newIndex() index { return index{slots: make([]slot, firstSlots)} }

// get gives the number under which the key was put.
func (x *index) get(key uint64) (number uint32, ok bool) {
	for i := x.home(key); ; i = (i + 1) & (len(x.slots) - 1) {
		switch s := &x.slots[i]; {
		case s.number == 0:
			return 0, false
		case s.key == key:
			return s.number - 1, true
		}
	}
}

// put adds a key that is not there.
func (x *index) put(key uint64, number uint32) {
	if 2*(x.used+1) > len(x.slots) {
		x.grow()
	}
	x.used++
	x.insert(slot{key, number + 1})
}

func (x *index) insert(s slot) {
	i := x.home(s.key)
	for x.slots[i].number != 0 {
		i = (i + 1) & (len(x.slots) - 1)
	}
	x.slots[i] = s
}

func (x *index) grow() {
	old := x.slots
	x.slots = make([]slot, 2*len(old))
	for _, s := range old {
		if s.number != 0 {
			x.insert(s)
		}
	}
}

// home spreads keys by multiplication with an odd constant and folding.
func (x *index) home(key uint64) int {
	h := key * 0x9e3779b97f4a7c15
	return int(h^h>>32) & (len(x.slots) - 1)
}
