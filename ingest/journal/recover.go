package journal

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Recovery is what Open found.
type Recovery struct {
	Segments       []Segment // closed, ascending by number, intact
	TruncatedBytes int64     // cut off torn ends, of groups that were never acknowledged
	TornSegment    uint64    // the last segment of which bytes were cut; 0 if none
	SetAside       []string  // damaged files of this time, renamed *.corrupt
	// Corruptions say what was wrong with each file of SetAside, and where.
	Corruptions []*CorruptionError
}

const (
	suffix     = ".journal"
	corruptTag = ".corrupt"
	lockName   = "lock"
	// maxNumber keeps a stray file name from exhausting the numbers.
	maxNumber = 1 << 62
)

func segmentName(number uint64) string { return fmt.Sprintf("%020d%s", number, suffix) }

// parseName reads the number from a segment's name, or from that of one set aside.
func parseName(name string) (number uint64, corrupt, ok bool) {
	digits, rest, _ := strings.Cut(name, ".")
	n, err := strconv.ParseUint(digits, 10, 64)
	if err != nil || len(digits) != 20 || n == 0 || n > maxNumber {
		return 0, false, false
	}
	switch rest = "." + rest; {
	case rest == suffix:
		return n, false, true
	case strings.HasPrefix(rest, suffix) && strings.HasSuffix(rest, corruptTag):
		return n, true, true
	}
	return 0, false, false
}

// Open locks the directory, brings what an earlier run left into order and
// counts all of it as closed; the next Append opens a segment of a new number.
//
//   - A segment that ends in an incomplete group is cut back to the last whole
//     one: the group was never acknowledged.
//   - A segment with a damaged spot and whole groups behind it is set aside; the
//     groups before the spot stay as the segment.
//   - A segment whose header is damaged is set aside.
//
// Files of other names are left alone. Open refuses, and changes nothing, if
// another process holds the directory ([ErrLocked]), or if a segment is of
// another shard or of a newer format.
func Open(o Options) (*Journal, Recovery, error) {
	if len(o.Meta) > MaxMetaBytes {
		return nil, Recovery{}, fmt.Errorf("journal: %d bytes of meta, at most %d are allowed", len(o.Meta), MaxMetaBytes)
	}
	o.Meta = slices.Clone(o.Meta)
	j := &Journal{options: o, sync: syncFile}
	if err := j.enter(); err != nil {
		return nil, Recovery{}, err
	}
	r, err := j.recover()
	if err != nil {
		j.dir.Close()
		j.lock.Close()
		return nil, Recovery{}, err
	}
	j.closed = slices.Clone(r.Segments)
	for _, s := range j.closed {
		j.stored += s.Bytes
	}
	return j, r, nil
}

// enter makes and locks the directory.
func (j *Journal) enter() error {
	if err := os.MkdirAll(j.options.Dir, 0o700); err != nil {
		return fmt.Errorf("journal: open: %w", err)
	}
	lock, err := os.OpenFile(filepath.Join(j.options.Dir, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("journal: open: %w", err)
	}
	if err := lockFile(lock); err != nil {
		lock.Close()
		return fmt.Errorf("journal: open %s: %w", j.options.Dir, err)
	}
	dir, err := os.Open(j.options.Dir)
	if err != nil {
		lock.Close()
		return fmt.Errorf("journal: open: %w", err)
	}
	j.lock, j.dir = lock, dir
	return nil
}

func (j *Journal) recover() (Recovery, error) {
	numbers, highest, err := j.list()
	if err != nil {
		return Recovery{}, err
	}
	j.next = highest + 1
	var files []foundFile
	// All are looked at before any is changed, so that a wrong directory or a
	// program that is too old does no harm.
	for _, n := range numbers {
		f, err := j.inspect(n)
		if err != nil {
			return Recovery{}, err
		}
		files = append(files, f)
	}
	var r Recovery
	for i := range files {
		if err := j.settle(&files[i], highest, &r); err != nil {
			return Recovery{}, fmt.Errorf("journal: recover segment %d: %w", files[i].number, diskError(err))
		}
	}
	if err := j.sync(j.dir, true); err != nil {
		return Recovery{}, fmt.Errorf("journal: open %s: %w", j.options.Dir, err)
	}
	return r, nil
}

// list gives the numbers of the segments in the directory and the highest
// number that was ever used, those set aside included.
func (j *Journal) list() (numbers []uint64, highest uint64, err error) {
	entries, err := os.ReadDir(j.options.Dir)
	if err != nil {
		return nil, 0, fmt.Errorf("journal: open: %w", err)
	}
	for _, e := range entries {
		n, corrupt, ok := parseName(e.Name())
		if !ok || !e.Type().IsRegular() {
			continue
		}
		highest = max(highest, n)
		if !corrupt {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	return numbers, highest, nil
}

// state is what has to be done about a segment's file.
type state uint8

const (
	whole   state = iota // as it is, or with an end to cut
	empty                // no group was ever acknowledged in it
	damaged              // to be set aside
)

// foundFile is what an earlier run, or a bad disk, left of a segment.
type foundFile struct {
	number uint64
	path   string
	size   int64
	header Header
	extent
	state state
	torn  int64 // bytes behind extent.end, without zeros at the end of the file
}

func (j *Journal) inspect(number uint64) (foundFile, error) {
	f := foundFile{number: number, path: j.path(number)}
	file, err := os.Open(f.path)
	if err != nil {
		return f, fmt.Errorf("journal: open segment %d: %w", number, err)
	}
	defer file.Close()
	if err := f.read(file, j.options.Shard); err != nil {
		return f, fmt.Errorf("journal: read segment %d: %w", number, err)
	}
	return f, nil
}

func (f *foundFile) read(file *os.File, shard uint32) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	f.size = info.Size()
	if f.header, f.extent, err = walk(file, f.size, func([]byte) error { return nil }); err != nil {
		return err
	}
	if f.version != 0 && f.version != formatVersion {
		return fmt.Errorf("%s has %s: run the program that wrote it", f.path, f.flaw)
	}
	if f.version != 0 && f.header.Shard != shard {
		return fmt.Errorf("%s is of shard %d, not %d: each shard needs its own directory", f.path, f.header.Shard, shard)
	}
	last, err := lastNonZero(file, f.end, f.size)
	if err != nil {
		return err
	}
	f.torn = max(0, last+1-f.end)
	f.state, err = f.judge(file, home{shard, f.number})
	return err
}

// judge tells a torn end from damage. A crash tears only what was being
// written, so nothing whole can stand behind a torn group.
func (f *foundFile) judge(file io.ReaderAt, at home) (state, error) {
	if f.version != 0 && f.header.Number != f.number {
		f.flaw = fmt.Sprintf("the header says segment %d", f.header.Number)
		f.end, f.records = 0, 0
		return damaged, nil
	}
	if f.torn > 0 {
		next, err := findGroup(file, at, f.end, f.size)
		if err != nil {
			return 0, err
		}
		if next >= 0 {
			return damaged, nil
		}
	}
	if f.version == 0 {
		return f.judgeHeader(file)
	}
	if f.records == 0 {
		return empty, nil
	}
	return whole, nil
}

// judgeHeader is about a file without a header to believe and without groups.
// It is a file whose first write never came to disk if there is nothing behind
// the header's place, or nothing in it. Anything else is kept for the operator
// to look at.
func (f *foundFile) judgeHeader(file io.ReaderAt) (state, error) {
	if f.torn <= headerMin {
		return empty, nil
	}
	start := make([]byte, headerMin)
	if _, err := file.ReadAt(start, 0); err != nil {
		return 0, err
	}
	for _, b := range start {
		if b != 0 {
			return damaged, nil
		}
	}
	return empty, nil
}

// settle does what the state of f asks for.
func (j *Journal) settle(f *foundFile, highest uint64, r *Recovery) error {
	if f.state == damaged {
		if err := j.setAside(f, r); err != nil {
			return err
		}
		if f.records == 0 {
			return j.keepNumber(f, highest)
		}
	} else if f.torn > 0 {
		r.TruncatedBytes += f.torn
		r.TornSegment = f.number
	}
	if f.state == empty {
		return j.keepNumber(f, highest)
	}
	if err := j.tidy(f); err != nil {
		return err
	}
	r.Segments = append(r.Segments, Segment{f.number, f.path, f.header.Created, f.end, f.records})
	return nil
}

// tidy seals f and cuts off what does not belong to it, unless that was done
// before the earlier run ended.
func (j *Journal) tidy(f *foundFile) error {
	if f.sealed && f.size == f.end {
		return nil
	}
	file, err := os.OpenFile(f.path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer file.Close()
	w := &openSegment{Segment: Segment{Number: f.number, Bytes: f.end, Records: f.records}, file: file}
	if f.sealed {
		return j.cut(w)
	}
	err = j.finish(w)
	f.end = w.Bytes
	return err
}

// keepNumber empties the file of the highest number, and removes any other: see Remove.
func (j *Journal) keepNumber(f *foundFile, highest uint64) error {
	if f.number != highest {
		return os.Remove(f.path)
	}
	j.spent = f.path
	return j.empty(j.spent)
}

// setAside gives the file a second name, and then puts its intact start, or an
// empty file, under the first. A crash between the two leaves a file of two
// names, which the next Open takes up again.
func (j *Journal) setAside(f *foundFile, r *Recovery) error {
	file, err := os.Open(f.path)
	if err != nil {
		return err
	}
	defer file.Close()
	aside, err := linkAside(file)
	if err != nil {
		return err
	}
	if err := j.sync(j.dir, true); err != nil {
		return err
	}
	r.SetAside = append(r.SetAside, aside)
	r.Corruptions = append(r.Corruptions, &CorruptionError{Path: f.path, Segment: f.number, Offset: f.end, Reason: f.flaw})
	if f.records == 0 {
		f.end = 0
	}
	f.size = f.end
	return WriteFileAtomic(f.path, func(w io.Writer) error {
		_, err := io.Copy(w, io.NewSectionReader(file, 0, f.end))
		return err
	})
}

// linkAside finds a name that ends in .corrupt and is free, or stands for this
// very file already.
func linkAside(f *os.File) (string, error) {
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	for i := 1; ; i++ {
		aside := f.Name() + corruptTag
		if i > 1 {
			aside = fmt.Sprintf("%s.%d%s", f.Name(), i, corruptTag)
		}
		err := os.Link(f.Name(), aside)
		if !errors.Is(err, os.ErrExist) {
			return aside, err
		}
		if other, err := os.Stat(aside); err == nil && os.SameFile(info, other) {
			return aside, nil
		}
	}
}
