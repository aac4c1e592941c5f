// Package wire reads what was written with encoding/binary's varints and raw
// bytes. It is a leaf for the formats that the house keeps for itself: the
// snapshot (aggregate) and the parked visitor keys (anonymize).
package wire

import "encoding/binary"

// Reader walks a record. After the first fault it yields zeros and Bad stays
// true, so that a format is read without an error check at every field.
type Reader struct {
	Rest []byte // what has not been read
	Bad  bool
}

// fail ends the reading.
func (r *Reader) fail() { r.Bad, r.Rest = true, nil }

// Uvarint reads an unsigned number.
func (r *Reader) Uvarint() uint64 {
	v, n := binary.Uvarint(r.Rest)
	if n <= 0 {
		r.fail()
		return 0
	}
	r.Rest = r.Rest[n:]
	return v
}

// Varint reads a signed number.
func (r *Reader) Varint() int64 {
	v, n := binary.Varint(r.Rest)
	if n <= 0 {
		r.fail()
		return 0
	}
	r.Rest = r.Rest[n:]
	return v
}

// Byte reads one byte.
func (r *Reader) Byte() byte {
	if b := r.Bytes(1); b != nil {
		return b[0]
	}
	return 0
}

// Bytes reads n bytes, not copied; nil where there are not so many.
func (r *Reader) Bytes(n int) []byte {
	if n < 0 || n > len(r.Rest) {
		r.fail()
		return nil
	}
	b := r.Rest[:n]
	r.Rest = r.Rest[n:]
	return b
}

// Count reads how many things of at least size bytes each follow; more than
// there is room for is a fault, so that a count never makes memory.
func (r *Reader) Count(size int) int {
	n := r.Uvarint()
	if n > uint64(len(r.Rest)/size) {
		r.fail()
		return 0
	}
	return int(n)
}
