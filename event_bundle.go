package foule

import (
	"encoding/binary"
	"errors"
)

// Part names one request of an import whose sender may send it again: hashes of
// the import's name and of the request. The zero Part is of no import.
type Part struct{ Import, Request uint64 }

// A bundle is the journal form of a part: all its events in one record, so that
// after a crash it was taken as a whole or not at all. Its first byte is no
// eventVersion.
const bundleVersion = 0xb1

// AppendBundle begins the journal form of a part; its events follow, each by
// [AppendBundled].
func AppendBundle(b []byte, p Part) []byte {
	b = append(b, bundleVersion)
	b = binary.LittleEndian.AppendUint64(b, p.Import)
	return binary.LittleEndian.AppendUint64(b, p.Request)
}

// AppendBundled adds an event to a bundle.
func AppendBundled(b []byte, e *Event) []byte {
	start := len(b)
	b = append(b, 0, 0, 0, 0)
	b = AppendEvent(b, e)
	binary.LittleEndian.PutUint32(b[start:], uint32(len(b)-start-4))
	return b
}

var errBundle = errors.New("event: bundle is damaged")

// EachEvent decodes a journal record, an event or a bundle, and hands on its
// events in order. The event is overwritten by the next. It gives the part that
// the record was, if it was one.
func EachEvent(record []byte, take func(*Event)) (Part, error) {
	var e Event
	if len(record) == 0 || record[0] != bundleVersion {
		if err := DecodeEvent(record, &e); err != nil {
			return Part{}, err
		}
		take(&e)
		return Part{}, nil
	}
	if len(record) < 17 {
		return Part{}, errBundle
	}
	p := Part{binary.LittleEndian.Uint64(record[1:]), binary.LittleEndian.Uint64(record[9:])}
	for rest := record[17:]; len(rest) > 0; {
		if len(rest) < 4 {
			return Part{}, errBundle
		}
		n := binary.LittleEndian.Uint32(rest)
		if rest = rest[4:]; uint64(n) > uint64(len(rest)) {
			return Part{}, errBundle
		}
		if err := DecodeEvent(rest[:n], &e); err != nil {
			return Part{}, err
		}
		take(&e)
		rest = rest[n:]
	}
	return p, nil
}
