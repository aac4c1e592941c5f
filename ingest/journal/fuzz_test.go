package journal

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func crc(b []byte) []byte {
	return binary.LittleEndian.AppendUint32(nil, crc32.Checksum(b, castagnoli))
}

func fuzzSeeds(f *testing.F) {
	at := home{0, 1}
	b := appendHeader(nil, Header{Number: 1, Created: 1700000000, Meta: []byte("k=1")})
	f.Add(b)
	b = at.appendGroup(b, int64(len(b)), [][]byte{[]byte("one"), nil, []byte("two")})
	f.Add(append(b[:len(b):len(b)], make([]byte, 64)...))
	f.Add(miscounted(at, b[:len(b):len(b)], 3))
	f.Add(beyond(at, b[:len(b):len(b)], 1<<31))
	sealed := at.appendSeal(b[:len(b):len(b)], int64(len(b)), 3)
	f.Add(sealed)
	f.Add(at.appendGroup(sealed[:len(sealed):len(sealed)], int64(len(sealed)), [][]byte{[]byte("late")}))
	f.Add([]byte{})
}

// FuzzReadSegment checks that no file makes the reader panic or name a place
// that is not in the file.
func FuzzReadSegment(f *testing.F) {
	fuzzSeeds(f)
	path := filepath.Join(f.TempDir(), "segment")
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		size := 0
		_, err := ReadSegment(path, func(r []byte) error { size += len(r); return nil })
		var c *CorruptionError
		if err != nil && (!errors.As(err, &c) || c.Offset < 0 || c.Offset > int64(len(data))) {
			t.Fatal(err)
		}
		if size > len(data) {
			t.Fatalf("%d bytes of records from %d", size, len(data))
		}
	})
}

// FuzzOpen checks that whatever Open leaves can be read, and that it is what
// the reader saw before.
func FuzzOpen(f *testing.F) {
	fuzzSeeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		dir := t.TempDir()
		path := filepath.Join(dir, segmentName(1))
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		var before, after []string
		_, err := ReadSegment(path, func(r []byte) error { before = append(before, string(r)); return nil })
		if err != nil && !errors.Is(err, ErrCorrupt) {
			t.Fatal(err)
		}
		j, r, err := Open(Options{Dir: dir})
		if err != nil {
			return // of another shard or format
		}
		defer j.Close()
		for _, s := range r.Segments {
			if _, err := ReadSegment(s.Path, func(r []byte) error { after = append(after, string(r)); return nil }); err != nil {
				t.Fatal(err)
			}
		}
		if len(r.Corruptions) == 0 || after != nil {
			equal(t, "records", after, before)
		}
	})
}

// FuzzGroup takes a group's body, which a CRC guards in a file, apart and puts
// it together again.
func FuzzGroup(f *testing.F) {
	at := home{3, 4}
	for _, g := range []string{"", "a", "a bb ccc"} {
		f.Add(at.appendGroup(nil, 5, records(g))[headBytes:], len(records(g)))
	}
	f.Add([]byte{0x80, 0x00}, 1) // a length in more bytes than it needs
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 'x'}, 1)
	f.Fuzz(func(t *testing.T, body []byte, n int) {
		var rs [][]byte
		ok, err := eachRecord(body, n, func(r []byte) error { rs = append(rs, r); return nil })
		if err != nil || !ok && rs != nil {
			t.Fatalf("%v, %v, %d records", ok, err, len(rs))
		}
		if !ok {
			return
		}
		var again [][]byte
		_, err = eachRecord(at.appendGroup(nil, 0, rs)[headBytes:], len(rs), func(r []byte) error { again = append(again, r); return nil })
		if err != nil || !slices.EqualFunc(rs, again, bytes.Equal) {
			t.Fatalf("%q became %q, %v", rs, again, err)
		}
	})
}
