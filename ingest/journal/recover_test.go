package journal

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sample is a segment of three groups as bytes, and where they begin.
type sample struct {
	bytes  []byte
	starts []int // of the groups, the seal (if any) and the end of the file
}

var sampleGroups = []string{"a bb", "ccc", "d eeee f"}

func newSample(t *testing.T, o Options, sealed bool) sample {
	t.Helper()
	o.Dir = t.TempDir()
	j, _ := open(t, o)
	var s sample
	write(t, j, sampleGroups[0])
	first, _ := j.OpenSegment()
	s.starts = append(s.starts, int(first.Bytes)-headBytes-len("1a2bb"))
	for _, g := range sampleGroups[1:] {
		at, _ := j.OpenSegment()
		s.starts = append(s.starts, int(at.Bytes))
		write(t, j, g)
	}
	at, _ := j.OpenSegment()
	s.starts = append(s.starts, int(at.Bytes))
	if sealed {
		s.starts = append(s.starts, int(rotate(t, j).Bytes))
	}
	var err error
	if s.bytes, err = os.ReadFile(first.Path); err != nil {
		t.Fatal(err)
	}
	return s
}

// before gives the groups that end at or before offset, as contents does.
func (s sample) before(offset int) string {
	n := 0
	for n < len(sampleGroups) && s.starts[n+1] <= offset {
		n++
	}
	if n == 0 {
		return ""
	}
	return "1: " + strings.Join(sampleGroups[:n], " ") + "\n"
}

// reopen puts data where segment 1 would be and opens the directory.
func reopen(t *testing.T, data []byte) (*Journal, Recovery) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, segmentName(1)), data, 0o600); err != nil {
		t.Fatal(err)
	}
	return open(t, Options{Dir: dir})
}

// stillWorks appends to a recovered journal and opens it once more.
func stillWorks(t *testing.T, j *Journal, before string) {
	t.Helper()
	write(t, j, "new")
	number := rotate(t, j).Number
	equal(t, "next number", number, uint64(2))
	j.Close()
	_, r := open(t, Options{Dir: j.options.Dir})
	equal(t, "cut on the second open", r.TruncatedBytes, int64(0))
	equal(t, "set aside on the second open", r.SetAside, []string(nil))
	equal(t, "contents on the second open", contents(t, r.Segments), before+"2: new\n")
}

func TestTornAtEveryByte(t *testing.T) {
	for _, sealed := range []bool{false, true} {
		for _, room := range []int{0, 100} { // zeros behind, as preallocated
			s := newSample(t, Options{}, sealed)
			for cut := range len(s.bytes) + 1 {
				j, r := reopen(t, append(bytes.Clone(s.bytes[:cut]), make([]byte, room)...))
				want := s.before(cut)
				equal(t, "contents", contents(t, r.Segments), want)
				equal(t, "set aside", r.SetAside, []string(nil))
				if t.Failed() {
					t.Fatalf("cut at %d of %d, groups at %v", cut, len(s.bytes), s.starts)
				}
				stillWorks(t, j, want)
			}
		}
	}
}

// Zeros at the end of a file are no bytes that anybody wrote.
func TestTornBytesAreCounted(t *testing.T) {
	s := newSample(t, Options{}, false)
	for _, c := range []struct {
		name string
		data []byte
		torn int64
	}{
		{"whole", s.bytes, 0},
		{"whole, zeros", append(bytes.Clone(s.bytes), make([]byte, 500)...), 0},
		{"half a group", s.bytes[:s.starts[2]+14], 14},
		{"half a group, zeros", append(bytes.Clone(s.bytes[:s.starts[2]+14]), make([]byte, 500)...), 14},
		{"junk", append(bytes.Clone(s.bytes), "junk"...), 4},
		{"a hole, then junk", append(append(bytes.Clone(s.bytes), make([]byte, 500)...), "junk"...), 504},
		{"another's group", append(bytes.Clone(s.bytes), s.bytes[s.starts[0]:s.starts[1]]...), int64(s.starts[1] - s.starts[0])},
		{"no first group", s.bytes[:s.starts[0]+5], 5},
		{"half a header", s.bytes[:17], 17},
	} {
		_, r := reopen(t, c.data)
		equal(t, c.name+": torn bytes", r.TruncatedBytes, c.torn)
		var segment uint64
		if c.torn > 0 {
			segment = 1
		}
		equal(t, c.name+": torn segment", r.TornSegment, segment)
	}
}

// Every bit that a disk may lose costs at most what stands from there on, and
// whenever something whole stands behind it the file is kept.
func TestFlippedAtEveryByte(t *testing.T) {
	for _, sealed := range []bool{false, true} {
		s := newSample(t, Options{Meta: []byte("thresholds")}, sealed)
		last := s.starts[len(s.starts)-2]
		for at := range s.bytes {
			data := bytes.Clone(s.bytes)
			data[at] ^= 0x10
			j, r := reopen(t, data)
			want := s.before(at)
			equal(t, "contents", contents(t, r.Segments), want)
			aside := at < last
			equal(t, "set aside", len(r.SetAside) == 1, aside)
			equal(t, "torn", r.TruncatedBytes > 0, !aside)
			if aside {
				kept, err := os.ReadFile(r.SetAside[0])
				equal(t, "kept as it was", err == nil && bytes.Equal(kept, data), true)
				equal(t, "name", strings.HasSuffix(r.SetAside[0], ".corrupt"), true)
				if c := r.Corruptions[0]; !errors.Is(c, ErrCorrupt) || c.Segment != 1 || c.Offset > int64(at) || c.Reason == "" {
					t.Errorf("corruption %v", c)
				}
			}
			if t.Failed() {
				t.Fatalf("flipped at %d, groups at %v", at, s.starts)
			}
			stillWorks(t, j, want)
		}
	}
}

func TestReadSegmentNeverSkips(t *testing.T) {
	s := newSample(t, Options{}, true)
	path := filepath.Join(t.TempDir(), "x")
	for at := range s.bytes {
		data := bytes.Clone(s.bytes)
		data[at] ^= 0x10
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		var got []string
		_, err := ReadSegment(path, func(r []byte) error {
			got = append(got, string(r))
			return nil
		})
		var c *CorruptionError
		if !errors.As(err, &c) || !errors.Is(err, ErrCorrupt) {
			t.Fatalf("flipped at %d: error %v", at, err)
		}
		want := strings.TrimSpace(strings.TrimPrefix(s.before(at), "1: "))
		equal(t, "records", strings.Join(got, " "), want)
	}
}

func TestDamageOfOtherKinds(t *testing.T) {
	s := newSample(t, Options{}, true)
	group := func(i int) []byte { return s.bytes[s.starts[i]:s.starts[i+1]] }
	start := s.bytes[:s.starts[0]]
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	at := home{0, 1}
	for _, c := range []struct {
		name  string
		data  []byte
		want  string
		aside int
	}{
		{"empty file", nil, "", 0},
		{"only zeros", make([]byte, 4096), "", 0},
		{"header and zeros", join(start, make([]byte, 4096)), "", 0},
		{"header never written, groups are", join(make([]byte, len(start)), s.bytes[len(start):]), "", 1},
		{"header never written, no whole group", join(make([]byte, len(start)), group(0)[:22]), "", 0},
		{"text", bytes.Repeat([]byte("not a journal\n"), 10), "", 1},
		{"a group is missing", join(start, group(0), group(2)), "1: a bb\n", 0},
		{"a group was overwritten by zeros", join(start, group(0), make([]byte, len(group(1))), group(2), group(3)), "1: a bb\n", 1},
		{"a group stands twice", join(start, group(0), group(0), group(1)), "1: a bb\n", 0},
		{"a group behind the seal", at.appendGroup(bytes.Clone(s.bytes), int64(len(s.bytes)), records("z")), "1: a bb ccc d eeee f\n", 1},
		{"a seal of another count", at.appendSeal(join(start, group(0)), int64(s.starts[1]), 3), "1: a bb\n", 1},
		{"a length beyond the file", beyond(at, join(start, group(0)), 1<<30), "1: a bb\n", 0},
		{"records beyond the group", miscounted(at, join(start, group(0)), 3), "1: a bb\n", 1},
		{"fewer records than bytes", miscounted(at, join(start, group(0)), 1), "1: a bb\n", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			j, r := reopen(t, c.data)
			equal(t, "contents", contents(t, r.Segments), c.want)
			equal(t, "set aside", len(r.SetAside), c.aside)
			stillWorks(t, j, c.want)
		})
	}
}

// beyond appends a head, right in itself, of a body that is not there.
func beyond(at home, b []byte, body uint32) []byte {
	g := at.appendGroup(nil, int64(len(b)), records("x"))
	copy(g[4:8], []byte{byte(body), byte(body >> 8), byte(body >> 16), byte(body >> 24)})
	sum := at.headCRC(int64(len(b)), g[:16])
	copy(g[16:20], []byte{byte(sum), byte(sum >> 8), byte(sum >> 16), byte(sum >> 24)})
	return append(b, g...)
}

// miscounted appends a group of two records that says it has n.
func miscounted(at home, b []byte, n int) []byte {
	g := at.appendGroup(nil, int64(len(b)), records("x y"))
	at.putHead(g, int64(len(b)), n)
	return append(b, g...)
}

func TestDamageAmongManySegments(t *testing.T) {
	o := Options{Dir: t.TempDir()}
	j, _ := open(t, o)
	var paths []string
	for range 4 {
		write(t, j, "a", "b")
		paths = append(paths, rotate(t, j).Path)
	}
	j.Close()
	flip(t, paths[1], -sealBytes-1) // last byte of the last group
	flip(t, paths[3], 3)            // header of the highest number
	j, r := open(t, o)
	equal(t, "contents", contents(t, r.Segments), "1: a b\n2: a\n3: a b\n")
	equal(t, "set aside", r.SetAside, []string{paths[1] + ".corrupt", paths[3] + ".corrupt"})

	// The same segment again: the first file set aside is not overwritten.
	j.Close()
	flip(t, paths[1], -sealBytes-1)
	j, r = open(t, o)
	equal(t, "set aside", r.SetAside, []string{paths[1] + ".2.corrupt"})
	equal(t, "contents", contents(t, r.Segments), "1: a b\n3: a b\n")

	// The operator takes the files away; the number stays used.
	j.Close()
	os.Remove(paths[3] + ".corrupt")
	j, _ = open(t, o)
	write(t, j, "c")
	equal(t, "number", rotate(t, j).Number, uint64(5))
}

// flip changes a byte of a file; a negative offset counts from its end.
func flip(t *testing.T, path string, at int) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if at < 0 {
		at += len(data)
	}
	data[at] ^= 1
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// A crash between the two steps of setting aside leaves one file of two names.
func TestSettingAsideIsTakenUpAgain(t *testing.T) {
	s := newSample(t, Options{}, true)
	s.bytes[s.starts[1]+headBytes] ^= 1
	dir := t.TempDir()
	path := filepath.Join(dir, segmentName(1))
	if err := os.WriteFile(path, s.bytes, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Link(path, path+".corrupt"); err != nil {
		t.Fatal(err)
	}
	_, r := open(t, Options{Dir: dir})
	equal(t, "contents", contents(t, r.Segments), "1: a bb\n")
	equal(t, "files", names(t, dir), []string{segmentName(1), segmentName(1) + ".corrupt", "lock"})
}

func TestJunkFiles(t *testing.T) {
	o := Options{Dir: t.TempDir()}
	j, _ := open(t, o)
	write(t, j, "a")
	j.Close()
	junk := []string{
		"1.journal", "0000000000000000000x.journal", "00000000000000000000.journal",
		"99999999999999999999.journal", "18446744073709551615.journal",
		"00000000000000000009.journal.tmp", "00000000000000000009.journal~",
		"snapshot", ".hidden", "00000000000000000009",
	}
	for _, name := range junk {
		if err := os.WriteFile(filepath.Join(o.Dir, name), []byte("junk"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(o.Dir, segmentName(8)), 0o700); err != nil {
		t.Fatal(err)
	}
	before := names(t, o.Dir)
	j, r := open(t, o)
	equal(t, "contents", contents(t, r.Segments), "1: a\n")
	equal(t, "set aside", r.SetAside, []string(nil))
	equal(t, "files", names(t, o.Dir), before)
	write(t, j, "b")
	equal(t, "number", rotate(t, j).Number, uint64(2))
}

func TestWrongDirectoryIsLeftAlone(t *testing.T) {
	newer := appendHeader(nil, Header{Number: 2, Created: 1})
	newer[8] = 9
	newer = newer[:len(newer)-4]
	newer = append(newer, crc(newer)...)
	for name, second := range map[string][]byte{
		"another shard": appendHeader(nil, Header{Shard: 3, Number: 2}),
		"newer format":  newer,
	} {
		o := Options{Dir: t.TempDir()}
		torn := append(newSample(t, Options{}, false).bytes, "torn"...)
		for i, data := range [][]byte{torn, second} {
			if err := os.WriteFile(filepath.Join(o.Dir, segmentName(uint64(i+1))), data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if _, _, err := Open(o); err == nil {
			t.Errorf("%s: no error", name)
		}
		equal(t, name+": untouched", fileSize(t, filepath.Join(o.Dir, segmentName(1))), int64(len(torn)))
	}
}

func TestSegmentUnderAnothersName(t *testing.T) {
	o := Options{Dir: t.TempDir()}
	if err := os.WriteFile(filepath.Join(o.Dir, segmentName(5)), newSample(t, Options{}, true).bytes, 0o600); err != nil {
		t.Fatal(err)
	}
	j, r := open(t, o)
	equal(t, "segments", r.Segments, []Segment(nil))
	equal(t, "set aside", len(r.SetAside), 1)
	write(t, j, "a")
	equal(t, "number", rotate(t, j).Number, uint64(6))
}
