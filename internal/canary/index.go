package canary

import (
	"bytes"
	"encoding/binary"
)

// index finds thousands of needles in one pass over a content: by their first
// four bytes, most of which a small table of bits rules out at once.
type index struct {
	heads  map[uint32][]needle
	filter [filterBits / 64]uint64
}

const (
	headBytes  = 4 // no needle is shorter: the shortest is an IPv4 address
	filterLog  = 20
	filterBits = 1 << filterLog
)

func slot(head uint32) uint32 { return head * 2654435761 >> (32 - filterLog) } // Knuth's multiplicative hash

func (x *index) add(n needle) {
	if len(n.bytes) < headBytes {
		panic("canary: a marker is too short to be looked for") // the plan's texts are longer
	}
	if x.heads == nil {
		x.heads = map[uint32][]needle{}
	}
	head := binary.LittleEndian.Uint32(n.bytes)
	x.heads[head] = append(x.heads[head], n)
	s := slot(head)
	x.filter[s/64] |= 1 << (s % 64)
}

// surroundings is how much is shown on each side of a find.
const surroundings = 40

// search looks through form, which is content or content folded.
func (x *index) search(finds []Find, content, form []byte) []Find {
	type once struct {
		marker *Marker
		form   string
	}
	var seen map[once]bool
	for i := 0; i+headBytes <= len(form); i++ {
		head := binary.LittleEndian.Uint32(form[i:])
		if s := slot(head); x.filter[s/64]>>(s%64)&1 == 0 {
			continue
		}
		for _, n := range x.heads[head] {
			if !bytes.HasPrefix(form[i:], n.bytes) || seen[once{n.marker, n.form}] {
				continue
			}
			if seen == nil {
				seen = map[once]bool{}
			}
			seen[once{n.marker, n.form}] = true
			around := content[max(0, i-surroundings):min(len(content), i+len(n.bytes)+surroundings)]
			finds = append(finds, Find{Marker: n.marker, Form: n.form, Offset: i, Around: string(around)})
		}
	}
	return finds
}

// fold is bytes.ToLower for ASCII, which leaves other bytes as they are.
func fold(b []byte) []byte {
	lower := bytes.Clone(b)
	for i, c := range lower {
		if 'A' <= c && c <= 'Z' {
			lower[i] = c + 'a' - 'A'
		}
	}
	return lower
}
