package aggregate

import (
	"encoding/binary"
	"slices"

	"foule.eu/foule"
)

const (
	// maxParts bounds the requests of imports that are remembered. Beyond it the
	// import that has rested longest is forgotten: sent again, it counts again.
	maxParts = 2_000_000
	// maxImports bounds the imports: a folder of logs has as many as files, but who
	// gives every request a name of its own must not fill the memory.
	maxImports = 100_000
)

// imports knows which requests of imports were taken.
type imports struct {
	parts map[uint64]map[uint64]struct{}
	order []uint64 // the imports, the one that has rested longest first
	total int
}

// HasPart says whether a request of an import was taken before.
func (s *State) HasPart(p foule.Part) bool {
	_, has := s.imports.parts[p.Import][p.Request]
	return has
}

// TakePart notes that a request of an import was taken. Like Add it is called
// in the order of the journal.
func (s *State) TakePart(p foule.Part) {
	m := &s.imports
	if m.parts == nil {
		m.parts = map[uint64]map[uint64]struct{}{}
	}
	if m.parts[p.Import] == nil {
		m.parts[p.Import] = map[uint64]struct{}{}
	} else if m.order[len(m.order)-1] != p.Import {
		m.order = slices.DeleteFunc(m.order, func(id uint64) bool { return id == p.Import })
	}
	if n := len(m.order); n == 0 || m.order[n-1] != p.Import {
		m.order = append(m.order, p.Import)
	}
	before := len(m.parts[p.Import])
	m.parts[p.Import][p.Request] = struct{}{}
	m.total += len(m.parts[p.Import]) - before
	for m.total > maxParts || len(m.order) > maxImports {
		m.total -= len(m.parts[m.order[0]])
		delete(m.parts, m.order[0])
		m.order = m.order[1:]
	}
}

func (m *imports) append(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(len(m.order)))
	for _, id := range m.order {
		b = binary.LittleEndian.AppendUint64(b, id)
		parts := make([]uint64, 0, len(m.parts[id]))
		for p := range m.parts[id] {
			parts = append(parts, p)
		}
		slices.Sort(parts)
		b = binary.AppendUvarint(b, uint64(len(parts)))
		for _, p := range parts {
			b = binary.LittleEndian.AppendUint64(b, p)
		}
	}
	return b
}

func (r *reader) imports(s *State) {
	for range r.Count(9) {
		id := r.uint64()
		for range r.Count(8) {
			s.TakePart(foule.Part{Import: id, Request: r.uint64()})
		}
	}
}

func (r *reader) uint64() uint64 {
	b := r.Bytes(8)
	if r.Bad {
		return 0
	}
	return binary.LittleEndian.Uint64(b)
}
