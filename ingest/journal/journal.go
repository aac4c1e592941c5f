package journal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// Ack is when a record counts as written.
type Ack uint8

// The modes.
const (
	Durable Ack = iota // after fsync: survives a crash of the machine
	Written            // after write: survives a crash of the process only
)

// Options says how a journal is kept.
type Options struct {
	Dir   string // made if it does not exist; one shard's alone
	Shard uint32
	Meta  []byte // stamped into the header of every new segment, at most MaxMetaBytes
	Ack   Ack
	// MaxBytes bounds all segments together; 0 is no bound. Files set aside and
	// room that is allocated but not written do not count.
	MaxBytes int64
	// Preallocate is how many bytes are asked of the disk for each new segment,
	// which makes syncs cheaper; 0 is none. A disk that will not is no error.
	Preallocate int64
}

// Segment is one file of the journal.
type Segment struct {
	Number  uint64
	Path    string
	Created int64 // Unix seconds, from the header
	Bytes   int64
	Records int
}

// Journal is an open directory of segments. It is for one goroutine.
type Journal struct {
	options Options
	lock    *os.File // nil after Close
	dir     *os.File
	next    uint64 // number of the next segment
	spent   string // path of the emptied file that holds the highest number, or ""
	closed  []Segment
	stored  int64 // bytes of the closed ones
	open    *openSegment
	buf     []byte
	// sync flushes a file, with its metadata if whole is set; a field so that
	// tests can stand for a disk that does not obey.
	sync func(f *os.File, whole bool) error
}

// openSegment is the segment being written. Its Bytes are those that are
// acknowledged; whatever the file holds behind them is to be cut off.
type openSegment struct {
	Segment
	file *os.File
	// poisoned is set once a sync failed: the kernel may have dropped what it
	// could not write and report success the next time, so that a later sync of
	// this file proves nothing about earlier writes.
	poisoned bool
}

// keepBuffer is how large a buffer may stay between two groups.
const keepBuffer = 4 << 20

// Append writes records as one group, all or nothing, and returns nil once they
// are as safe as Options.Ack says. Without an open segment it opens one, created
// at now (Unix seconds). No records are no group.
//
// An error means that none of the records is acknowledged, and what was there
// before stands: [ErrFull] before anything is written or when the disk is full,
// [ErrPoisoned] when a sync failed, any other error of the disk. After a failed
// write the segment goes on behind the last good group. After a failed sync it
// takes no more: Append returns ErrPoisoned until Rotate closes it, because the
// owner's batch has to end where the segment ends.
func (j *Journal) Append(now int64, records [][]byte) error {
	if j.lock == nil {
		return fmt.Errorf("journal: append: %w", os.ErrClosed)
	}
	if len(records) == 0 {
		return nil
	}
	if j.open != nil && j.open.poisoned {
		if j.open.Records > 0 {
			return fmt.Errorf("journal: append to segment %d: %w", j.open.Number, ErrPoisoned)
		}
		if err := j.discard(); err != nil {
			return err
		}
	}
	w := j.open
	if w == nil {
		w = &openSegment{Segment: Segment{Number: j.next, Path: j.path(j.next), Created: now}}
	}
	if err := j.frame(w, records); err != nil {
		return err
	}
	if err := j.commit(w); err != nil {
		return fmt.Errorf("journal: append to segment %d: %w", w.Number, diskError(err))
	}
	w.Bytes += int64(len(j.buf))
	w.Records += len(records)
	if j.open == nil {
		j.open = w
		j.dropSpent()
	}
	return nil
}

// frame puts into j.buf what is to be written at w.Bytes.
func (j *Journal) frame(w *openSegment, records [][]byte) error {
	size := 0
	for _, r := range records {
		size += 5 + len(r)
	}
	if size > MaxGroupBytes {
		return fmt.Errorf("journal: append: a group of %d records and %d bytes, at most %d are allowed", len(records), size, MaxGroupBytes)
	}
	if cap(j.buf) > keepBuffer {
		j.buf = nil
	}
	j.buf = j.buf[:0]
	if w.file == nil {
		j.buf = appendHeader(j.buf, Header{j.options.Shard, w.Number, w.Created, j.options.Meta})
	}
	at := home{j.options.Shard, w.Number}
	j.buf = at.appendGroup(j.buf, w.Bytes+int64(len(j.buf)), records)
	if most := j.options.MaxBytes; most > 0 && j.Bytes()+int64(len(j.buf))+sealBytes > most {
		return fmt.Errorf("journal: append: %w: %d of %d bytes in use", ErrFull, j.Bytes(), most)
	}
	return nil
}

// commit brings j.buf to disk behind what w holds, or takes w back to it.
func (j *Journal) commit(w *openSegment) error {
	fresh := w.file == nil
	if fresh {
		if err := j.create(w); err != nil {
			return err
		}
	}
	if _, err := w.file.WriteAt(j.buf, w.Bytes); err != nil {
		// An incomplete group is no group to any reader, so the cut need not be
		// durable; but the next group has to stand right behind the last.
		if fresh || w.file.Truncate(w.Bytes) != nil {
			j.poison(w)
		}
		return err
	}
	if err := j.flush(w, fresh); err != nil {
		j.poison(w)
		if w.Records == 0 {
			return err
		}
		return fmt.Errorf("%w: %w", ErrPoisoned, err)
	}
	return nil
}

func (j *Journal) create(w *openSegment) error {
	f, err := os.OpenFile(w.Path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	w.file = f
	j.next++
	if j.options.Preallocate > 0 {
		preallocate(f, j.options.Preallocate)
	}
	return nil
}

func (j *Journal) flush(w *openSegment, fresh bool) error {
	if j.options.Ack == Durable {
		if err := j.sync(w.file, false); err != nil {
			return err
		}
	}
	if fresh {
		return j.sync(j.dir, true)
	}
	return nil
}

// poison keeps w from being written to again and cuts off at once what may
// stand behind its last acknowledged group. If that fails it is tried again
// before anything else happens to the segment, so the error may be dropped here.
func (j *Journal) poison(w *openSegment) {
	w.poisoned = true
	j.open = w
	if w.Records == 0 {
		_ = j.discard()
		return
	}
	_ = j.cut(w)
}

// cut takes the file back to its acknowledged bytes, durably: a group that was
// refused must not come back after a crash, when its segment's batch may have
// been applied without it.
func (j *Journal) cut(w *openSegment) error {
	if err := w.file.Truncate(w.Bytes); err != nil {
		return err
	}
	return j.sync(w.file, true)
}

// discard removes an open segment whose very first group failed.
func (j *Journal) discard() error {
	w := j.open
	err := os.Remove(w.Path)
	if errors.Is(err, os.ErrNotExist) {
		err = nil // removed before, but the directory could not be synced
	}
	if err == nil {
		err = j.sync(j.dir, true)
	}
	if err != nil {
		return fmt.Errorf("journal: discard segment %d: %w", w.Number, err)
	}
	w.file.Close() // nothing in it is wanted
	j.open = nil
	return nil
}

// OpenSegment gives the segment being written; false if there is none.
func (j *Journal) OpenSegment() (Segment, bool) {
	if j.open == nil || j.open.Records == 0 {
		return Segment{}, false
	}
	return j.open.Segment, true
}

// Rotate closes the open segment and gives it; false if there is none. Its
// records are on disk then, in either mode, and will not change. After an error
// the segment is still open and poisoned, its records still stand, and Rotate is
// to be called again; until it succeeds the segment's batch must not be sent.
// With Written, success after such an error is no proof that records appended
// before it would survive a crash of the machine.
func (j *Journal) Rotate() (Segment, bool, error) {
	w := j.open
	if w == nil {
		return Segment{}, false, nil
	}
	if w.Records == 0 {
		return Segment{}, false, j.discard()
	}
	if err := j.finish(w); err != nil {
		w.poisoned = true
		return Segment{}, false, fmt.Errorf("journal: close segment %d: %w", w.Number, err)
	}
	w.file.Close() // synced: nothing left that could fail
	j.open = nil
	j.closed = append(j.closed, w.Segment)
	j.stored += w.Bytes
	return w.Segment, true, nil
}

// finish seals w, cuts off unused room and syncs. A segment without a seal is
// still good, so a full disk must not keep it from being closed, applied and
// removed; a poisoned one gets none, to write to it no more than needed.
func (j *Journal) finish(w *openSegment) error {
	if w.poisoned {
		return j.cut(w)
	}
	seal := home{j.options.Shard, w.Number}.appendSeal(nil, w.Bytes, w.Records)
	end := w.Bytes
	if _, err := w.file.WriteAt(seal, end); err == nil {
		end += sealBytes
	}
	if err := w.file.Truncate(end); err != nil {
		return err
	}
	if err := j.sync(w.file, true); err != nil {
		return err
	}
	w.Bytes = end
	return nil
}

// Segments gives the closed segments, ascending by number.
func (j *Journal) Segments() []Segment { return slices.Clone(j.closed) }

// Bytes gives the size of all segments, the open one included.
func (j *Journal) Bytes() int64 {
	if j.open == nil {
		return j.stored
	}
	return j.stored + j.open.Bytes
}

// SetMeta changes Options.Meta from the next segment on. It refuses more than
// MaxMetaBytes and then changes nothing.
func (j *Journal) SetMeta(meta []byte) error {
	if len(meta) > MaxMetaBytes {
		return fmt.Errorf("journal: %d bytes of meta, at most %d are allowed", len(meta), MaxMetaBytes)
	}
	j.options.Meta = slices.Clone(meta)
	return nil
}

// Remove deletes a closed segment; os.ErrNotExist if there is none of that
// number. The file with the highest number in the directory is emptied instead
// and goes when the next segment has been opened: its name keeps the number from
// being used again, and emptying needs no room on a full disk. After an error
// the records may be gone or not; the segment is still listed, for another try.
func (j *Journal) Remove(number uint64) error {
	i := slices.IndexFunc(j.closed, func(s Segment) bool { return s.Number == number })
	if i < 0 {
		return fmt.Errorf("journal: remove segment %d: %w", number, os.ErrNotExist)
	}
	if err := j.unlink(i); err != nil {
		return fmt.Errorf("journal: remove segment %d: %w", number, err)
	}
	j.stored -= j.closed[i].Bytes
	j.closed = slices.Delete(j.closed, i, i+1)
	return nil
}

func (j *Journal) unlink(i int) error {
	path := j.closed[i].Path
	_, open := j.OpenSegment()
	if !open && i == len(j.closed)-1 && j.spent == "" {
		if err := j.empty(path); err != nil {
			return err
		}
		j.spent = path
		return nil
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return j.sync(j.dir, true)
}

func (j *Journal) empty(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	return j.sync(f, true)
}

// dropSpent removes the emptied file once a higher number stands in the
// directory. If it stays, the next Open removes it.
func (j *Journal) dropSpent() {
	if j.spent != "" {
		_ = os.Remove(j.spent)
		j.spent = ""
	}
}

// Close closes the open segment as Rotate does, without handing it out, and
// gives the directory free. The next Open finds all segments closed.
func (j *Journal) Close() error {
	if j.lock == nil {
		return nil
	}
	_, _, err := j.Rotate()
	if j.open != nil {
		j.open.file.Close() // its error is the one of Rotate
		j.open = nil
	}
	j.dir.Close()
	j.lock.Close() // gives up the lock
	j.lock = nil
	return err
}

func (j *Journal) path(number uint64) string {
	return filepath.Join(j.options.Dir, segmentName(number))
}
