package journal

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func open(t *testing.T, o Options) (*Journal, Recovery) {
	t.Helper()
	j, r, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { j.Close() })
	return j, r
}

// write appends each group; a group is its records, separated by blanks.
func write(t *testing.T, j *Journal, groups ...string) {
	t.Helper()
	for _, g := range groups {
		if err := j.Append(1700000000, records(g)); err != nil {
			t.Fatal(err)
		}
	}
}

func records(group string) [][]byte {
	var rs [][]byte
	for _, r := range strings.Fields(group) {
		rs = append(rs, []byte(r))
	}
	return rs
}

func rotate(t *testing.T, j *Journal) Segment {
	t.Helper()
	s, ok, err := j.Rotate()
	if err != nil || !ok {
		t.Fatalf("Rotate: %v, %v", ok, err)
	}
	return s
}

func read(t *testing.T, path string) string {
	t.Helper()
	var rs []string
	if _, err := ReadSegment(path, func(r []byte) error {
		rs = append(rs, string(r))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return strings.Join(rs, " ")
}

// contents gives the records of all closed segments, a line a segment.
func contents(t *testing.T, segments []Segment) string {
	t.Helper()
	var b strings.Builder
	for _, s := range segments {
		fmt.Fprintf(&b, "%d: %s\n", s.Number, read(t, s.Path))
	}
	return b.String()
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

func fileSize(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

func TestWhatIsAppendedIsReadBack(t *testing.T) {
	for _, o := range []Options{
		{},
		{Ack: Written},
		{Preallocate: 1 << 20},
		{Shard: 7, Meta: []byte("k=5"), Ack: Written, Preallocate: 64},
	} {
		o.Dir = filepath.Join(t.TempDir(), "made", "on open")
		j, r := open(t, o)
		equal(t, "recovery", r, Recovery{})
		write(t, j, "a bb ccc", "d", strings.Repeat("x", 300)+" e")
		if err := j.Append(1800000000, [][]byte{{}, nil}); err != nil {
			t.Fatal(err)
		}
		got, ok := j.OpenSegment()
		equal(t, "open segment", got, Segment{1, got.Path, 1700000000, j.Bytes(), 8})
		equal(t, "is open", ok, true)

		s := rotate(t, j)
		equal(t, "closed", j.Segments(), []Segment{s})
		equal(t, "bytes", []int64{s.Bytes, j.Bytes()}, []int64{fileSize(t, s.Path), s.Bytes})
		var n int
		h, err := ReadSegment(s.Path, func([]byte) error { n++; return nil })
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "header", h, Header{o.Shard, 1, 1700000000, o.Meta})
		equal(t, "records", []int{n, s.Records}, []int{8, 8})
		equal(t, "text", read(t, s.Path), "a bb ccc d "+strings.Repeat("x", 300)+" e  ")

		j.Close()
		_, r = open(t, o)
		equal(t, "recovery", r, Recovery{Segments: []Segment{s}})
	}
}

func TestNoRecordsOpenNoSegment(t *testing.T) {
	j, _ := open(t, Options{Dir: t.TempDir()})
	if err := j.Append(1, nil); err != nil {
		t.Fatal(err)
	}
	_, isOpen := j.OpenSegment()
	_, rotated, err := j.Rotate()
	equal(t, "open, rotated, error", []any{isOpen, rotated, err}, []any{false, false, error(nil)})
}

func TestMetaHoldsFromTheNextSegment(t *testing.T) {
	dir := t.TempDir()
	meta := []byte("one")
	j, _ := open(t, Options{Dir: dir, Meta: meta})
	meta[0] = 'X' // the journal has its own copy
	write(t, j, "a")
	if err := j.SetMeta([]byte("two")); err != nil {
		t.Fatal(err)
	}
	write(t, j, "b")
	first := rotate(t, j)
	write(t, j, "c")
	second := rotate(t, j)
	for path, want := range map[string]string{first.Path: "one", second.Path: "two"} {
		h, err := ReadSegment(path, func([]byte) error { return nil })
		if err != nil || string(h.Meta) != want {
			t.Errorf("meta %q, %v, want %q", h.Meta, err, want)
		}
	}
	if err := j.SetMeta(make([]byte, MaxMetaBytes+1)); err == nil {
		t.Error("SetMeta took too much")
	}
	if _, _, err := Open(Options{Dir: t.TempDir(), Meta: make([]byte, MaxMetaBytes+1)}); err == nil {
		t.Error("Open took too much meta")
	}
}

func TestNumbersAreNeverReused(t *testing.T) {
	o := Options{Dir: t.TempDir()}
	j, _ := open(t, o)
	var numbers []uint64
	for range 3 {
		write(t, j, "a")
		s := rotate(t, j)
		numbers = append(numbers, s.Number)
		if err := j.Remove(s.Number); err != nil {
			t.Fatal(err)
		}
		equal(t, "bytes", j.Bytes(), int64(0))
		if err := j.Remove(s.Number); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("second Remove: %v", err)
		}
		j.Close()
		var r Recovery
		j, r = open(t, o)
		equal(t, "recovery", r, Recovery{})
	}
	equal(t, "numbers", numbers, []uint64{1, 2, 3})
	equal(t, "files", names(t, o.Dir), []string{"00000000000000000003.journal", "lock"})

	write(t, j, "a")
	rotate(t, j)
	write(t, j, "b")
	if err := j.Remove(4); err != nil { // while a higher one is open
		t.Fatal(err)
	}
	equal(t, "files", names(t, o.Dir), []string{"00000000000000000005.journal", "lock"})
}

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var ns []string
	for _, e := range entries {
		ns = append(ns, e.Name())
	}
	return ns
}

func TestLock(t *testing.T) {
	o := Options{Dir: t.TempDir()}
	j, _ := open(t, o)
	if _, _, err := Open(o); !errors.Is(err, ErrLocked) {
		t.Errorf("second Open: %v, want ErrLocked", err)
	}
	write(t, j, "a")
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if err := j.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
	if err := j.Append(1, records("b")); !errors.Is(err, os.ErrClosed) {
		t.Errorf("Append after Close: %v", err)
	}
	_, r := open(t, o)
	equal(t, "contents", contents(t, r.Segments), "1: a\n")
}

func TestMaxBytes(t *testing.T) {
	o := Options{Dir: t.TempDir(), MaxBytes: 200}
	j, _ := open(t, o)
	write(t, j, "a", "b", "c")
	before := j.Bytes()
	for range 2 {
		if err := j.Append(1, [][]byte{make([]byte, 100)}); !errors.Is(err, ErrFull) {
			t.Fatalf("Append: %v, want ErrFull", err)
		}
	}
	equal(t, "bytes", j.Bytes(), before)
	write(t, j, "d") // what fits still goes in
	s := rotate(t, j)
	equal(t, "within the bound", j.Bytes() <= o.MaxBytes, true)
	if err := j.Append(1, records("e")); !errors.Is(err, ErrFull) {
		t.Fatalf("Append: %v, want ErrFull", err)
	}
	equal(t, "text", read(t, s.Path), "a b c d")
	if err := j.Remove(s.Number); err != nil {
		t.Fatal(err)
	}
	write(t, j, "e")
	equal(t, "number", rotate(t, j).Number, uint64(2))
}

func TestGroupTooLarge(t *testing.T) {
	j, _ := open(t, Options{Dir: t.TempDir()})
	if err := j.Append(1, [][]byte{make([]byte, MaxGroupBytes)}); err == nil {
		t.Error("no error")
	}
	write(t, j, "a")
	equal(t, "text", read(t, rotate(t, j).Path), "a")
}

func TestReadSegmentStopsWithTheCaller(t *testing.T) {
	j, _ := open(t, Options{Dir: t.TempDir()})
	write(t, j, "a b")
	stop := errors.New("enough")
	n := 0
	_, err := ReadSegment(rotate(t, j).Path, func([]byte) error { n++; return stop })
	if err != stop || n != 1 {
		t.Errorf("%v after %d records", err, n)
	}
}

func TestReadSegmentsHeaderAlone(t *testing.T) {
	j, _ := open(t, Options{Dir: t.TempDir(), Meta: []byte("k=5")})
	write(t, j, "a", "b")
	s := rotate(t, j)
	flip(t, s.Path, -1) // what comes behind is not looked at
	h, err := ReadSegment(s.Path, nil)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "header", h, Header{0, 1, 1700000000, []byte("k=5")})
	flip(t, s.Path, 3)
	if _, err := ReadSegment(s.Path, nil); !errors.Is(err, ErrCorrupt) {
		t.Errorf("with a damaged header: %v", err)
	}
}

func TestWriteFileAtomic(t *testing.T) {
	path := filepath.Join(t.TempDir(), "snapshot")
	put := func(text string, fail error) error {
		return WriteFileAtomic(path, func(w io.Writer) error {
			io.WriteString(w, text)
			return fail
		})
	}
	if err := put("old", nil); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	if err := put("half", broken); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
	got, _ := os.ReadFile(path)
	equal(t, "after a failure", string(got), "old")
	if err := put("new", nil); err != nil {
		t.Fatal(err)
	}
	got, _ = os.ReadFile(path)
	equal(t, "after success", string(got), "new")
	equal(t, "files", names(t, filepath.Dir(path)), []string{"snapshot"})
}

// The example on paper is the format: whoever changes one changes the other.
func TestDocumentedExample(t *testing.T) {
	j, _ := open(t, Options{Dir: t.TempDir(), Meta: []byte("k=5")})
	write(t, j, "a bc")
	data, err := os.ReadFile(rotate(t, j).Path)
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "formats", "journal.md"))
	if err != nil {
		t.Fatal(err)
	}
	dump := hex.Dump(data)
	if !strings.Contains(string(page), "\n"+dump+"```") {
		t.Errorf("docs/formats/journal.md does not show the %d bytes\n%s", len(data), dump)
	}
}
