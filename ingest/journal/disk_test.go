package journal

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// badDisk stands for one that does not sync: the n-th sync from now fails, and
// all that follow it if stays is set.
func (j *Journal) badDisk(n int, stays bool) {
	j.sync = func(f *os.File, whole bool) error {
		if n--; n == 0 || n < 0 && stays {
			return syscall.EIO
		}
		return syncFile(f, whole)
	}
}

func TestFailedSyncIsNotAcknowledged(t *testing.T) {
	o := Options{Dir: t.TempDir()}
	j, _ := open(t, o)
	write(t, j, "a", "b")
	j.badDisk(1, false)
	if err := j.Append(1, records("lost")); !errors.Is(err, ErrPoisoned) || !errors.Is(err, syscall.EIO) {
		t.Fatalf("Append: %v", err)
	}
	if err := j.Append(1, records("refused")); !errors.Is(err, ErrPoisoned) {
		t.Fatalf("Append: %v", err)
	}
	s := rotate(t, j)
	equal(t, "text", read(t, s.Path), "a b")
	equal(t, "records", s.Records, 2)
	equal(t, "bytes", s.Bytes, fileSize(t, s.Path))
	write(t, j, "c")
	equal(t, "text", read(t, rotate(t, j).Path), "c")
}

// As long as the disk does not confirm that the refused group is gone, the
// segment is not handed out: its batch might be made again with that group.
func TestPoisonedSegmentIsHeldUntilItIsCut(t *testing.T) {
	o := Options{Dir: t.TempDir()}
	j, _ := open(t, o)
	write(t, j, "a")
	j.badDisk(1, true)
	if err := j.Append(1, records("lost")); !errors.Is(err, ErrPoisoned) {
		t.Fatalf("Append: %v", err)
	}
	for range 2 {
		if _, ok, err := j.Rotate(); ok || !errors.Is(err, syscall.EIO) {
			t.Fatalf("Rotate: %v, %v", ok, err)
		}
	}
	now, ok := j.OpenSegment()
	equal(t, "still open", []any{ok, now.Records}, []any{true, 1})
	j.sync = syncFile
	equal(t, "text", read(t, rotate(t, j).Path), "a")
}

func TestFailedFirstSyncLeavesNoSegment(t *testing.T) {
	for name, failing := range map[string]int{"file": 1, "directory": 2} {
		o := Options{Dir: t.TempDir()}
		j, _ := open(t, o)
		j.badDisk(failing, true)
		for range 2 {
			if err := j.Append(1, records("lost")); !errors.Is(err, syscall.EIO) {
				t.Fatalf("%s: Append: %v", name, err)
			}
			_, isOpen := j.OpenSegment()
			equal(t, name+": open", isOpen, false)
		}
		if _, ok, err := j.Rotate(); ok || err == nil {
			t.Fatalf("%s: Rotate: %v, %v", name, ok, err)
		}
		j.sync = syncFile
		write(t, j, "a")
		j.Close()
		_, r := open(t, o)
		equal(t, name+": contents", contents(t, r.Segments), "2: a\n")
	}
}

func TestFailedSyncOnRotate(t *testing.T) {
	for _, ack := range []Ack{Durable, Written} {
		j, _ := open(t, Options{Dir: t.TempDir(), Ack: ack})
		write(t, j, "a", "b")
		j.badDisk(1, false)
		if _, ok, err := j.Rotate(); ok || !errors.Is(err, syscall.EIO) {
			t.Fatalf("Rotate: %v, %v", ok, err)
		}
		if err := j.Append(1, records("c")); !errors.Is(err, ErrPoisoned) {
			t.Fatalf("Append: %v", err)
		}
		equal(t, "text", read(t, rotate(t, j).Path), "a b")
	}
}

func TestFailedRemoveKeepsTheSegment(t *testing.T) {
	j, _ := open(t, Options{Dir: t.TempDir()})
	write(t, j, "a")
	s := rotate(t, j)
	j.badDisk(1, false)
	if err := j.Remove(s.Number); !errors.Is(err, syscall.EIO) {
		t.Fatalf("Remove: %v", err)
	}
	if err := j.Remove(s.Number); err != nil {
		t.Fatal(err)
	}
	equal(t, "segments", j.Segments(), []Segment{})
}

// A file that takes no more, as by a quota: the kernel writes what fits and
// refuses the rest. The limit holds for a whole process, so it gets its own.
func TestShortWrite(t *testing.T) {
	if os.Getenv("JOURNAL_SHORT_WRITE") == "" {
		cmd := exec.Command(os.Args[0], "-test.run=^TestShortWrite$")
		cmd.Env = append(os.Environ(), "JOURNAL_SHORT_WRITE=1")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	signal.Ignore(syscall.SIGXFSZ)
	var old syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		t.Fatal(err)
	}
	j, _ := open(t, Options{Dir: t.TempDir()})
	write(t, j, "a", "b")
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 4096, Max: old.Max}); err != nil {
		t.Fatal(err)
	}
	defer syscall.Setrlimit(syscall.RLIMIT_FSIZE, &old)
	for range 2 {
		if err := j.Append(1, [][]byte{make([]byte, 8192)}); !errors.Is(err, syscall.EFBIG) {
			t.Fatalf("Append: %v", err)
		}
		now, _ := j.OpenSegment()
		equal(t, "rolled back to", fileSize(t, now.Path), now.Bytes)
	}
	write(t, j, "c") // the segment goes on behind the last good group
	equal(t, "text", read(t, rotate(t, j).Path), "a b c")
	if err := j.Append(1, [][]byte{make([]byte, 8192)}); !errors.Is(err, syscall.EFBIG) {
		t.Fatalf("Append: %v", err)
	}
	write(t, j, "d")
	equal(t, "text", read(t, rotate(t, j).Path), "d")
}

// A real full disk: 64 KiB of memory.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=64k"); err != nil {
		t.Skip("may not mount:", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, 0) })
	for _, room := range []int64{0, 16 << 10, 1 << 20} {
		o := Options{Dir: filepath.Join(dir, "j"), Preallocate: room}
		j, _ := open(t, o)
		var want strings.Builder
		group := strings.TrimSpace(strings.Repeat(strings.Repeat("x", 99)+" ", 50))
		n := 0
		for err := error(nil); err == nil; {
			if err = j.Append(1, records(group)); err == nil {
				n++
				want.WriteString(group + " ")
			} else if !errors.Is(err, ErrFull) || !errors.Is(err, syscall.ENOSPC) {
				t.Fatalf("Append: %v", err)
			}
		}
		if n < 3 {
			t.Fatalf("only %d groups fitted", n)
		}
		s := rotate(t, j)
		equal(t, "segment", read(t, s.Path), strings.TrimSpace(want.String()))

		// Fill the rest: closing, removing and starting again need no room.
		filler := filepath.Join(dir, "filler")
		f, err := os.Create(filler)
		if err != nil {
			t.Fatal(err)
		}
		for size := 4096; size > 0; size /= 2 {
			for err == nil {
				_, err = f.Write(make([]byte, size))
			}
			err = nil
		}
		f.Close()
		if err := j.Append(1, records(group)); !errors.Is(err, ErrFull) {
			t.Fatalf("Append: %v", err)
		}
		j.Close()
		j, r := open(t, o)
		equal(t, "after restart", r, Recovery{Segments: []Segment{s}})
		if err := j.Remove(s.Number); err != nil {
			t.Fatal(err)
		}
		write(t, j, "a")
		next := rotate(t, j)
		equal(t, "text", read(t, next.Path), "a")
		j.Close()
		os.Remove(filler)
		os.RemoveAll(o.Dir)
	}
}
