package anonymize

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"foule.eu/foule"
)

// memoryDir makes a folder of that mode on a tmpfs.
func memoryDir(t *testing.T, mode os.FileMode) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "foule-test-")
	if err != nil {
		t.Skipf("no tmpfs at /dev/shm: %v", err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if ok, err := onTmpfs(dir); err != nil || !ok {
		t.Skipf("/dev/shm is no tmpfs (%v)", err)
	}
	if err := os.Chmod(dir, mode); err != nil {
		t.Fatal(err)
	}
	return dir
}

// diskDir makes a private folder that is not on a tmpfs.
func diskDir(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if ok, err := onTmpfs(dir); err != nil || ok {
		t.Skipf("temporary files are on a tmpfs (%v)", err)
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

// fill gives secrets of two sites' days with some visitors, at 10:00 in Paris.
func fill(t testing.TB, c *clock) *Secrets {
	t.Helper()
	c.now = time.Date(2025, 6, 10, 10, 0, 0, 0, paris(t))
	s := NewSecrets(30*time.Minute, c.Now)
	for id := range foule.SiteID(2) {
		site := compile(t, foule.Site{ID: id + 1})
		for _, at := range []time.Time{c.now, c.now.AddDate(0, 0, -5)} {
			for _, language := range []string{"fr", "en", "de"} {
				s.Number(site.ID, site.Day(at), s.Key(site, at, somewhere, someAgent, language, foule.ConsentUnasked), none)
				s.TakeOrder(site.ID, site.Day(at), s.OrderKey(site, at, "order in "+language))
			}
		}
	}
	return s
}

func TestParkRefuses(t *testing.T) {
	for name, dir := range map[string]string{
		"a folder on a disk":   diskDir(t),
		"a folder open to all": memoryDir(t, 0o755),
		"one open to a group":  memoryDir(t, 0o710),
		"no folder":            filepath.Join(memoryDir(t, 0o700), "none"),
	} {
		var c clock
		s := fill(t, &c)
		if err := s.Park(dir); err == nil {
			t.Errorf("%s: Park takes it", name)
		}
		if err := s.Unpark(dir); err == nil {
			t.Errorf("%s: Unpark takes it", name)
		}
		if _, err := os.Stat(filepath.Join(dir, ParkName)); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: there is a file (%v)", name, err)
		}
	}
	if err := CheckRuntimeDir(diskDir(t)); !errors.Is(err, ErrNotTmpfs) {
		t.Errorf("a folder on a disk: %v, want ErrNotTmpfs", err)
	}
}

func TestPark(t *testing.T) {
	dir := memoryDir(t, 0o700)
	var c clock
	s := fill(t, &c)
	site := compile(t, foule.Site{})
	key := s.Key(site, c.now, somewhere, someAgent, "fr", foule.ConsentUnasked)
	order := s.OrderKey(site, c.now, "A-1")
	s.TakeOrder(site.ID, site.Day(c.now), order)
	if err := s.Park(dir); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(filepath.Join(dir, ParkName)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("parked file: %v, %v; want mode 600", info, err)
	}
	c.now = c.now.Add(time.Minute)
	next := NewSecrets(30*time.Minute, c.Now)
	if err := next.Unpark(dir); err != nil {
		t.Fatal(err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 0 {
		t.Errorf("the folder holds %v after Unpark (%v), want nothing", entries, err)
	}
	if again := next.Key(site, c.now, somewhere, someAgent, "fr", foule.ConsentUnasked); again != key {
		t.Error("another key after a restart")
	}
	day := site.Day(c.now)
	if n := next.Number(site.ID, day, key, none); n != 1 {
		t.Errorf("the visitor has number %d after a restart, want 1", n)
	}
	if next.TakeOrder(site.ID, day, order) {
		t.Error("an order counts again after a restart")
	}
	if n := next.Number(site.ID, day, Key{9}, none); n != 4 {
		t.Errorf("a new visitor has number %d after a restart, want 4", n)
	}
	if err := NewSecrets(30*time.Minute, c.Now).Unpark(dir); err != nil {
		t.Errorf("nothing parked: %v", err)
	}
}

// TestUnparkBehind: a run that did not know the parked keys has numbered
// visitors meanwhile. Their numbers are not given out again.
func TestUnparkBehind(t *testing.T) {
	dir := memoryDir(t, 0o700)
	var c clock
	if err := fill(t, &c).Park(dir); err != nil {
		t.Fatal(err)
	}
	s := NewSecrets(30*time.Minute, c.Now)
	if err := s.Unpark(dir); err != nil {
		t.Fatal(err)
	}
	site := compile(t, foule.Site{})
	for want := uint32(21); want < 23; want++ {
		if n := s.Number(site.ID, site.Day(c.now), Key{byte(want)}, func(foule.SiteID, foule.Day) uint32 { return 20 }); n != want {
			t.Errorf("a new visitor has number %d, want %d", n, want)
		}
	}
}

func TestUnparkTooLate(t *testing.T) {
	dir := memoryDir(t, 0o700)
	var c clock
	if err := fill(t, &c).Park(dir); err != nil {
		t.Fatal(err)
	}
	c.to(t, "2025-06-11 00:30:00")
	s := NewSecrets(30*time.Minute, c.Now)
	if err := s.Unpark(dir); err != nil {
		t.Fatal(err)
	}
	if len(s.days) != 0 {
		t.Errorf("%d days are taken up after their time", len(s.days))
	}
}

func TestUnparkDamaged(t *testing.T) {
	dir := memoryDir(t, 0o700)
	var c clock
	whole := fill(t, &c).append(nil)
	for n := range len(whole) {
		s := NewSecrets(30*time.Minute, c.Now)
		if err := s.read(whole[:n]); err == nil || len(s.days) != 0 {
			t.Fatalf("the first %d of %d bytes: %v, %d days", n, len(whole), err, len(s.days))
		}
	}
	for name, b := range map[string][]byte{
		"a byte too many": append(bytes.Clone(whole), 0), "another version": append([]byte{parkVersion + 1}, whole[1:]...), "empty": {},
	} {
		if err := os.WriteFile(filepath.Join(dir, ParkName), b, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := NewSecrets(30*time.Minute, c.Now).Unpark(dir); err == nil {
			t.Errorf("%s: no error", name)
		}
		if err := NewSecrets(30*time.Minute, c.Now).Unpark(dir); err != nil {
			t.Errorf("%s: the second start fails as well: %v", name, err)
		}
	}
}

func FuzzUnpark(f *testing.F) {
	var c clock
	f.Add(fill(f, &c).append(nil))
	f.Add([]byte{parkVersion, 0})
	f.Add([]byte{parkVersion, 0xff, 0xff, 0xff, 0xff, 0x0f})
	f.Fuzz(func(t *testing.T, b []byte) {
		s := NewSecrets(30*time.Minute, time.Now)
		if err := s.read(b); err != nil && len(s.days) != 0 {
			t.Fatalf("%v, but %d days are taken up", err, len(s.days))
		}
	})
}
