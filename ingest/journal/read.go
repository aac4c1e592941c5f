package journal

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
)

// ReadSegment calls fn with every record of a closed segment, in the order of
// Append. A record is valid during the call only. An error of fn ends the
// reading and is returned as it is. Without fn the header alone is read.
//
// A group that is not whole ends the reading with a [*CorruptionError], after
// fn has seen all records before it. Zeros behind the last group are room that
// was allocated and not used, and no error.
func ReadSegment(path string, fn func(record []byte) error) (Header, error) {
	f, err := os.Open(path)
	if err != nil {
		return Header{}, fmt.Errorf("journal: read: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return Header{}, fmt.Errorf("journal: read: %w", err)
	}
	h, found, err := walk(f, info.Size(), fn)
	var stop stopped
	switch {
	case errors.As(err, &stop):
		return h, stop.cause
	case err != nil:
		return h, fmt.Errorf("journal: read %s: %w", path, err)
	case found.flaw != "":
		return h, &CorruptionError{Path: path, Segment: h.Number, Offset: found.end, Reason: found.flaw}
	}
	return h, nil
}

// stopped carries an error of the caller's function through walk.
type stopped struct{ cause error }

func (s stopped) Error() string { return s.cause.Error() }

// extent is how much of a segment's file makes sense.
type extent struct {
	end     int64 // behind the last whole group
	records int
	sealed  bool
	version uint32 // of the format; 0 if there is no header to believe
	flaw    string // what is wrong at end; "" if only zeros follow, or nothing
}

// walk reads a segment's file from its start for as long as it makes sense,
// without fn its header alone.
// Its error is one of the disk or a stopped.
func walk(f io.ReaderAt, size int64, fn func([]byte) error) (Header, extent, error) {
	r := bufio.NewReaderSize(io.NewSectionReader(f, 0, size), 64<<10)
	start, err := r.Peek(int(min(size, headerMin+MaxMetaBytes)))
	if err != nil {
		return Header{}, extent{}, err
	}
	h, version, length, flaw := parseHeader(start)
	if flaw == "" && version != formatVersion {
		flaw = fmt.Sprintf("format version %d, this program reads %d", version, formatVersion)
	}
	found := extent{version: version, flaw: flaw}
	if flaw != "" {
		return h, found, nil
	}
	found.end = length
	if fn == nil {
		return h, found, nil
	}
	r.Discard(int(length)) // never fails: it was peeked
	at := home{h.Shard, h.Number}
	var body []byte
	for found.flaw == "" && found.end < size {
		var g head
		g, body, found.flaw, err = readGroup(r, at, found.end, size, body)
		if err != nil {
			return h, found, err
		}
		if found.flaw != "" {
			break
		}
		if err := found.take(g, body, fn); err != nil {
			return h, found, err
		}
	}
	if found.flaw != "" {
		last, err := lastNonZero(f, found.end, size)
		if err != nil {
			return h, found, err
		}
		if last < found.end {
			found.flaw = ""
		}
	}
	return h, found, nil
}

// readGroup reads the group at offset into body, which it may replace by a
// larger slice.
func readGroup(r *bufio.Reader, at home, offset, size int64, body []byte) (head, []byte, string, error) {
	if size-offset < headBytes {
		return head{}, body, "too short for a group", nil
	}
	start, err := r.Peek(headBytes)
	if err != nil {
		return head{}, body, "", err
	}
	g, ok := at.parseHead(start, offset)
	if !ok {
		return head{}, body, "no group", nil
	}
	if g.body > size-offset-headBytes {
		return head{}, body, "group longer than the file", nil
	}
	r.Discard(headBytes) // never fails: it was peeked
	if int64(cap(body)) < g.body {
		body = make([]byte, g.body)
	}
	body = body[:g.body]
	if _, err := io.ReadFull(r, body); err != nil {
		return head{}, body, "", err
	}
	if crc32.Checksum(body, castagnoli) != g.bodyCRC {
		return head{}, body, "wrong CRC of a group", nil
	}
	return g, body, "", nil
}

// take counts a group whose bytes are whole, or notes why it has no place here.
func (e *extent) take(g head, body []byte, fn func([]byte) error) error {
	switch {
	case e.sealed:
		e.flaw = "a group behind the seal"
		return nil
	case g.records == 0:
		if len(body) != 8 || binary.LittleEndian.Uint64(body) != uint64(e.records) {
			e.flaw = "the seal counts other records than there are"
			return nil
		}
		e.sealed = true
	default:
		ok, err := eachRecord(body, g.records, fn)
		if err != nil {
			return stopped{err}
		}
		if !ok {
			e.flaw = "a group does not divide into its records"
			return nil
		}
		e.records += g.records
	}
	e.end += headBytes + int64(len(body))
	return nil
}

// window is how much of a damaged file is looked at in one go.
const window = 256 << 10

// lastNonZero gives the offset of the last byte from from on that is not zero,
// or less than from.
func lastNonZero(f io.ReaderAt, from, size int64) (int64, error) {
	buf := make([]byte, window)
	for end := size; end > from; {
		start := max(from, end-window)
		part := buf[:end-start]
		if _, err := f.ReadAt(part, start); err != nil {
			return 0, err
		}
		if n := len(bytes.TrimRight(part, "\x00")); n > 0 {
			return start + int64(n) - 1, nil
		}
		end = start
	}
	return -1, nil
}

// findGroup gives the offset of the first whole group from from on, or -1.
func findGroup(f io.ReaderAt, at home, from, size int64) (int64, error) {
	buf := make([]byte, window)
	for start := from; size-start >= headBytes; {
		part := buf[:min(window, size-start)]
		if _, err := f.ReadAt(part, start); err != nil {
			return 0, err
		}
		for i := 0; ; i++ {
			next := bytes.Index(part[i:], []byte(marker))
			if next < 0 {
				break
			}
			i += next
			ok, err := wholeGroup(f, at, start+int64(i), size)
			if err != nil {
				return 0, err
			}
			if ok {
				return start + int64(i), nil
			}
		}
		start += int64(len(part)) - int64(len(marker)-1) // a marker may lie across
	}
	return -1, nil
}

func wholeGroup(f io.ReaderAt, at home, offset, size int64) (bool, error) {
	var start [headBytes]byte
	if size-offset < headBytes {
		return false, nil
	}
	if _, err := f.ReadAt(start[:], offset); err != nil {
		return false, err
	}
	g, ok := at.parseHead(start[:], offset)
	if !ok || g.body > size-offset-headBytes {
		return false, nil
	}
	sum := crc32.New(castagnoli)
	if _, err := io.Copy(sum, io.NewSectionReader(f, offset+headBytes, g.body)); err != nil {
		return false, err
	}
	return sum.Sum32() == g.bodyCRC, nil
}
