package anonymize

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/internal/wire"
)

// ErrNotTmpfs is returned for a directory that is not on a tmpfs: the visitor
// key may touch no disk (invariant I8).
var ErrNotTmpfs = errors.New("not on a tmpfs")

// ParkName is the name of the file in which keys wait for the next start.
const ParkName = "secrets"

const parkVersion = 2 // 1 had no orders

// Park writes secrets and tables into dir, which must be a directory on tmpfs
// owned by this user alone, so that a restart of the process does not split
// the day's visits. The file is unlinked when it is read.
func (s *Secrets) Park(dir string) error {
	if err := CheckRuntimeDir(dir); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.append([]byte{parkVersion})
	defer clear(b)
	if err := os.WriteFile(filepath.Join(dir, ParkName), b, 0o600); err != nil {
		return fmt.Errorf("anonymize: park the visitor keys: %w", err)
	}
	return nil
}

// Unpark takes up what Park left and removes it. Nothing parked is no error.
func (s *Secrets) Unpark(dir string) error {
	if err := CheckRuntimeDir(dir); err != nil {
		return err
	}
	path := filepath.Join(dir, ParkName)
	b, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("anonymize: take up the visitor keys: %w", err)
	}
	defer clear(b)
	if err := os.Remove(path); err != nil {
		return fmt.Errorf("anonymize: remove the parked visitor keys: %w", err)
	}
	if err := s.read(b); err != nil {
		return fmt.Errorf("anonymize: %s: %w; the day's visitors are counted anew", path, err)
	}
	s.Expire()
	return nil
}

// Forget overwrites and removes what is parked in dir. Nothing parked is no error.
func Forget(dir string) error {
	path := filepath.Join(dir, ParkName)
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("anonymize: forget the visitor keys: %w", err)
	}
	info, err := f.Stat()
	if err == nil {
		_, err = f.Write(make([]byte, info.Size()))
	}
	if err = errors.Join(err, f.Close(), os.Remove(path)); err != nil {
		return fmt.Errorf("anonymize: forget the visitor keys: %w", err)
	}
	return nil
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

func (s *Secrets) append(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(len(s.days)))
	for k, d := range s.days {
		b = binary.AppendUvarint(b, uint64(k.site))
		b = binary.AppendVarint(b, int64(k.day))
		b = append(b, d.secret[:]...)
		for _, t := range []time.Time{d.made, d.expires, d.used} {
			b = binary.AppendVarint(b, t.UnixNano())
		}
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

// read adds the days of a parked file; those that make sense until the first fault stay out.
func (s *Secrets) read(b []byte) error {
	if len(b) == 0 || b[0] == 0 || b[0] > parkVersion {
		return errParked
	}
	version := b[0]
	r := wire.Reader{Rest: b[1:]}
	days := map[siteDay]*daySecret{}
	for n := r.Uvarint(); n > 0 && !r.Bad; n-- {
		k := siteDay{foule.SiteID(r.Uvarint()), foule.Day(r.Varint())}
		d := &daySecret{numbers: map[Key]uint32{}, orders: map[Key]struct{}{}}
		copy(d.secret[:], r.Bytes(len(d.secret)))
		for _, t := range []*time.Time{&d.made, &d.expires, &d.used} {
			*t = time.Unix(0, r.Varint())
		}
		d.late = r.Byte() == 1
		d.next = uint32(r.Uvarint())
		for n := r.Uvarint(); n > 0 && !r.Bad; n-- {
			key := readKey(&r)
			d.numbers[key] = uint32(r.Uvarint())
		}
		for n := ordersParked(version, &r); n > 0 && !r.Bad; n-- {
			d.orders[readKey(&r)] = struct{}{}
		}
		days[k] = d
	}
	if r.Bad || len(r.Rest) > 0 {
		return errParked
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for k, d := range days {
		s.days[k] = d
	}
	return nil
}

func ordersParked(version byte, r *wire.Reader) uint64 {
	if version < 2 {
		return 0
	}
	return r.Uvarint()
}

func readKey(r *wire.Reader) (k Key) {
	copy(k[:], r.Bytes(len(k)))
	return k
}
