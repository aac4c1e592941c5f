package journal

import (
	"encoding/binary"
	"hash/crc32"
)

// The sizes of the format; docs/formats/journal.md draws them.
const (
	magic         = "FOULEJNL"
	formatVersion = 1

	headerFixed = 36 // magic, version, shard, number, created, length of meta
	headerMin   = headerFixed + 4
	headBytes   = 20 // marker, body length, record count, body CRC, head CRC
	sealBytes   = headBytes + 8

	// MaxMetaBytes bounds Options.Meta.
	MaxMetaBytes = 4 << 10
	// MaxGroupBytes bounds what one Append may write: its records and a length of
	// one to five bytes for each.
	MaxGroupBytes = 64 << 20
)

// marker starts every group, so that a search behind a damaged spot need not
// try every byte. It is no valid UTF-8: text inside records cannot hold it.
const marker = "\xffGR\xfe"

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Header is what stands at the start of a segment.
type Header struct {
	Shard   uint32
	Number  uint64
	Created int64  // Unix seconds, as given to the Append that opened the segment
	Meta    []byte // opaque; what Options.Meta or SetMeta said then
}

func appendHeader(b []byte, h Header) []byte {
	start := len(b)
	b = append(b, magic...)
	b = binary.LittleEndian.AppendUint32(b, formatVersion)
	b = binary.LittleEndian.AppendUint32(b, h.Shard)
	b = binary.LittleEndian.AppendUint64(b, h.Number)
	b = binary.LittleEndian.AppendUint64(b, uint64(h.Created))
	b = binary.LittleEndian.AppendUint32(b, uint32(len(h.Meta)))
	b = append(b, h.Meta...)
	return binary.LittleEndian.AppendUint32(b, crc32.Checksum(b[start:], castagnoli))
}

// parseHeader reads a header from the start of b. The layout up to the CRC is
// the same in every version of the format, so that an old program can tell a
// newer file from a damaged one.
func parseHeader(b []byte) (h Header, version uint32, length int64, flaw string) {
	if len(b) < headerMin {
		return Header{}, 0, 0, "too short for a header"
	}
	if string(b[:8]) != magic {
		return Header{}, 0, 0, "no magic"
	}
	meta := int64(binary.LittleEndian.Uint32(b[32:]))
	if meta > MaxMetaBytes || headerMin+meta > int64(len(b)) {
		return Header{}, 0, 0, "header longer than possible"
	}
	end := headerFixed + meta
	if crc32.Checksum(b[:end], castagnoli) != binary.LittleEndian.Uint32(b[end:]) {
		return Header{}, 0, 0, "wrong CRC of the header"
	}
	h = Header{
		Shard:   binary.LittleEndian.Uint32(b[12:]),
		Number:  binary.LittleEndian.Uint64(b[16:]),
		Created: int64(binary.LittleEndian.Uint64(b[24:])),
		Meta:    append([]byte(nil), b[headerFixed:end]...),
	}
	return h, binary.LittleEndian.Uint32(b[8:]), end + 4, ""
}

// home is the segment that a group belongs to. With the group's offset it goes
// into the CRC of the group's head: a block that a disk put in the wrong place
// is not mistaken for what should be there.
type home struct {
	shard  uint32
	number uint64
}

func (at home) headCRC(offset int64, head []byte) uint32 {
	var where [20]byte
	binary.LittleEndian.PutUint32(where[0:], at.shard)
	binary.LittleEndian.PutUint64(where[4:], at.number)
	binary.LittleEndian.PutUint64(where[12:], uint64(offset))
	return crc32.Update(crc32.Checksum(where[:], castagnoli), castagnoli, head)
}

// head is the fixed start of a group. A group of no records is the seal of a
// closed segment: its body is the number of records before it.
type head struct {
	body    int64
	records int
	bodyCRC uint32
}

func (at home) appendGroup(b []byte, offset int64, records [][]byte) []byte {
	start := len(b)
	b = append(b, make([]byte, headBytes)...)
	for _, r := range records {
		b = binary.AppendUvarint(b, uint64(len(r)))
		b = append(b, r...)
	}
	at.putHead(b[start:], offset, len(records))
	return b
}

func (at home) appendSeal(b []byte, offset int64, total int) []byte {
	start := len(b)
	b = append(b, make([]byte, headBytes)...)
	b = binary.LittleEndian.AppendUint64(b, uint64(total))
	at.putHead(b[start:], offset, 0)
	return b
}

// putHead fills in the head of the group that b holds with its body.
func (at home) putHead(b []byte, offset int64, records int) {
	body := b[headBytes:]
	copy(b, marker)
	binary.LittleEndian.PutUint32(b[4:], uint32(len(body)))
	binary.LittleEndian.PutUint32(b[8:], uint32(records))
	binary.LittleEndian.PutUint32(b[12:], crc32.Checksum(body, castagnoli))
	binary.LittleEndian.PutUint32(b[16:], at.headCRC(offset, b[:16]))
}

func (at home) parseHead(b []byte, offset int64) (head, bool) {
	if string(b[:4]) != marker || binary.LittleEndian.Uint32(b[16:]) != at.headCRC(offset, b[:16]) {
		return head{}, false
	}
	h := head{
		body:    int64(binary.LittleEndian.Uint32(b[4:])),
		records: int(binary.LittleEndian.Uint32(b[8:])),
		bodyCRC: binary.LittleEndian.Uint32(b[12:]),
	}
	return h, h.body <= MaxGroupBytes
}

// eachRecord calls fn with every record of a group's body. It gives false,
// before calling fn at all, if the body is not exactly so many records.
func eachRecord(body []byte, records int, fn func([]byte) error) (bool, error) {
	rest := body
	for range records {
		n, size := binary.Uvarint(rest)
		if size <= 0 || n > uint64(len(rest)-size) {
			return false, nil
		}
		rest = rest[size+int(n):]
	}
	if len(rest) != 0 {
		return false, nil
	}
	for range records {
		n, size := binary.Uvarint(body)
		if err := fn(body[size : size+int(n) : size+int(n)]); err != nil {
			return true, err
		}
		body = body[size+int(n):]
	}
	return true, nil
}
