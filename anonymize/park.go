package anonymize

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/internal/wire"
)

// ErrNotTmpfs is returned for a directory that is not on a tmpfs: the visitor
// key may touch no disk (invariant I8).
var ErrNotTmpfs = errors.New("not on a tmpfs")

const (
	// ParkName is the name of the file in which keys wait for the next start.
	ParkName    = "secrets"
	halfParked  = ParkName + ".new" // while it is being written
	parkVersion = 3                 // 2 had no deadlines; nothing older is read
)

// Park writes secrets and tables into dir, which must be a directory on tmpfs
// owned by this user alone, so that a restart of the process does not split
// the day's visits. The file is overwritten and removed when it is read, and by
// whoever finds it after its time ([Secrets.ForgetStale]).
func (s *Secrets) Park(dir string) error {
	s.Expire() // what is over need not be written
	if err := Forget(dir); err != nil {
		return err
	}
	if err := CheckRuntimeDir(dir); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.append(nil)
	defer clear(b)
	half := filepath.Join(dir, halfParked)
	f, err := os.OpenFile(half, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil {
		_, err = f.Write(b)
		err = errors.Join(err, f.Close())
	}
	if err == nil {
		err = os.Rename(half, filepath.Join(dir, ParkName))
	}
	if err != nil {
		return fmt.Errorf("anonymize: park the visitor keys: %w", errors.Join(err, Forget(dir)))
	}
	return nil
}

// Unpark takes up what Park left, as far as its time is not over, and removes
// it. Nothing parked is no error.
func (s *Secrets) Unpark(dir string) error {
	if err := CheckRuntimeDir(dir); err != nil {
		return err
	}
	path := filepath.Join(dir, ParkName)
	b, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return Forget(dir) // half a file of a process that was killed as it wrote
	}
	if err != nil {
		return fmt.Errorf("anonymize: take up the visitor keys: %w", err)
	}
	defer clear(b)
	if err := Forget(dir); err != nil {
		return err
	}
	if err := s.read(b); err != nil {
		return fmt.Errorf("anonymize: %s: %w; the day's visitors are counted anew", path, err)
	}
	s.Expire()
	return nil
}

// ForgetStale removes what is parked in dir if all of its keys are past their
// time, or if nobody could read it: the process that parked them never came
// back. It says whether there was something to remove.
func (s *Secrets) ForgetStale(dir string) (gone bool, err error) {
	f, err := os.Open(filepath.Join(dir, ParkName))
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("anonymize: look at the parked visitor keys: %w", err)
	}
	head := make([]byte, maxHead)
	n, err := f.Read(head)
	if err != nil && !errors.Is(err, io.EOF) {
		return false, fmt.Errorf("anonymize: look at the parked visitor keys: %w", errors.Join(err, f.Close()))
	}
	if err := f.Close(); err != nil {
		return false, err
	}
	if h, ok := readHead(&wire.Reader{Rest: head[:n]}); ok && !h.stale(s.Now(), s.Uptime()) {
		return false, nil
	}
	return true, Forget(dir)
}

// Forget overwrites and removes what is parked in dir. Nothing parked is no error.
func Forget(dir string) error {
	for _, name := range []string{ParkName, halfParked} {
		if err := shred(filepath.Join(dir, name)); err != nil {
			return fmt.Errorf("anonymize: forget the parked visitor keys: %w", err)
		}
	}
	return nil
}

// shred overwrites a file in its place, which on a tmpfs are the pages that it
// is in, before its name goes.
func shred(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err == nil {
		_, err = f.Write(make([]byte, info.Size()))
	}
	return errors.Join(err, f.Close(), os.Remove(path))
}

// CheckRuntimeDir says why a directory may not hold visitor keys: not on a tmpfs
// (ErrNotTmpfs), open to others, or not there.
func CheckRuntimeDir(dir string) error {
	info, err := os.Stat(dir)
	if err != nil {
		return fmt.Errorf("anonymize: runtime directory: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("anonymize: runtime directory %s is open to others (mode %o): chmod 700 it", dir, info.Mode().Perm())
	}
	ok, err := onTmpfs(dir)
	if err != nil {
		return fmt.Errorf("anonymize: runtime directory %s: %w", dir, err)
	}
	if !ok {
		return fmt.Errorf("anonymize: runtime directory %s is %w: the visitor key may touch no disk; use a directory under /run or leave it unset", dir, ErrNotTmpfs)
	}
	return nil
}

// head is the beginning of a parked file: when it was written, by uptime, and
// until when any of its keys may be used, by either clock.
type head struct {
	parked  time.Duration
	expires time.Time
	ends    time.Duration
}

// maxHead is how long a head can be: the version and three numbers.
const maxHead = 1 + 3*binary.MaxVarintLen64

// stale says that nothing may be used any more. An uptime below that at which
// the file was written is another machine's, or this one's after a start, when a
// tmpfs should be empty: nobody can tell how old the keys are.
func (h head) stale(now time.Time, uptime time.Duration) bool {
	return uptime < h.parked || uptime >= h.ends || !now.Before(h.expires)
}

func readHead(r *wire.Reader) (h head, ok bool) {
	ok = r.Byte() == parkVersion
	h = head{parked: time.Duration(r.Varint()), expires: time.Unix(0, r.Varint()), ends: time.Duration(r.Varint())}
	return h, ok && !r.Bad
}

func (s *Secrets) append(b []byte) []byte {
	h := head{parked: s.Uptime()}
	for _, d := range s.days {
		h.ends = max(h.ends, d.ends)
		if d.expires.After(h.expires) {
			h.expires = d.expires
		}
	}
	b = append(b, parkVersion)
	b = binary.AppendVarint(b, int64(h.parked))
	b = binary.AppendVarint(b, max(h.expires.UnixNano(), 0)) // 0 where there is nothing to expire
	b = binary.AppendVarint(b, int64(h.ends))
	b = binary.AppendUvarint(b, uint64(len(s.days)))
	for k, d := range s.days {
		b = binary.AppendUvarint(b, uint64(k.site))
		b = binary.AppendVarint(b, int64(k.day))
		b = append(b, d.secret[:]...)
		for _, t := range []time.Time{d.made, d.expires, d.used} {
			b = binary.AppendVarint(b, t.UnixNano())
		}
		b = binary.AppendVarint(b, int64(d.ends))
		late := byte(0)
		if d.late {
			late = 1
		}
		b = append(b, late)
		b = binary.AppendUvarint(b, uint64(d.next))
		b = binary.AppendUvarint(b, uint64(len(d.numbers)))
		for key, n := range d.numbers {
			b = append(b, key[:]...)
			b = binary.AppendUvarint(b, uint64(n))
		}
		b = binary.AppendUvarint(b, uint64(len(d.orders)))
		for key := range d.orders {
			b = append(b, key[:]...)
		}
	}
	return b
}

var errParked = errors.New("parked keys are damaged")

// read adds the days of a parked file; those that make sense until the first
// fault stay out, and so does a file whose time is over.
func (s *Secrets) read(b []byte) error {
	r := wire.Reader{Rest: b}
	h, ok := readHead(&r)
	if !ok {
		return errParked
	}
	if h.stale(s.Now(), s.Uptime()) {
		return nil
	}
	days := map[siteDay]*daySecret{}
	for n := r.Uvarint(); n > 0 && !r.Bad; n-- {
		k := siteDay{foule.SiteID(r.Uvarint()), foule.Day(r.Varint())}
		days[k] = readDay(&r)
	}
	if r.Bad || len(r.Rest) > 0 {
		for _, d := range days {
			d.destroy()
		}
		return errParked
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for k, d := range days {
		s.days[k] = d
	}
	return nil
}

func readDay(r *wire.Reader) *daySecret {
	d := &daySecret{numbers: map[Key]uint32{}, orders: map[Key]struct{}{}}
	copy(d.secret[:], r.Bytes(len(d.secret)))
	for _, t := range []*time.Time{&d.made, &d.expires, &d.used} {
		*t = time.Unix(0, r.Varint())
	}
	d.ends = time.Duration(r.Varint())
	d.late = r.Byte() == 1
	d.next = uint32(r.Uvarint())
	for n := r.Uvarint(); n > 0 && !r.Bad; n-- {
		key := readKey(r)
		d.numbers[key] = uint32(r.Uvarint())
	}
	for n := r.Uvarint(); n > 0 && !r.Bad; n-- {
		d.orders[readKey(r)] = struct{}{}
	}
	return d
}

func readKey(r *wire.Reader) (k Key) {
	copy(k[:], r.Bytes(len(k)))
	return k
}
