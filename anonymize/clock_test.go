package anonymize

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"foule.eu/foule"
)

// machine is a hand-moved machine: a clock that can be set, and an uptime that only goes on.
type machine struct {
	clock
	up time.Duration
}

func (m *machine) Uptime() time.Duration { return m.up }

// pass lets time go by.
func (m *machine) pass(d time.Duration) { m.now, m.up = m.now.Add(d), m.up+d }

// secrets gives secrets on the machine, with a key of today.
func (m *machine) secrets(t *testing.T) (s *Secrets, site *Site, key Key) {
	t.Helper()
	s = NewSecrets(30*time.Minute, m.Now)
	s.Uptime = m.Uptime
	site = compile(t, foule.Site{})
	key = s.Key(site, m.now, somewhere, someAgent, "fr", foule.ConsentUnasked)
	s.Number(site.ID, site.Day(m.now), key, none)
	return s, site, key
}

// TestClockMoved: whatever is done to the clock, no secret outlives the end that
// was foreseen for it: 14 hours and a half after ten in the morning.
func TestClockMoved(t *testing.T) {
	const life = 14*time.Hour + 30*time.Minute
	for _, row := range []struct {
		name string
		move func(m *machine)
		dies bool
	}{
		{"nothing happens", func(m *machine) { m.pass(life - time.Second) }, false},
		{"its time comes", func(m *machine) { m.pass(life) }, true},
		{"an hour back, in its time", func(m *machine) { m.now = m.now.Add(-time.Hour); m.pass(life - time.Second) }, false},
		{"an hour back, after its time", func(m *machine) { m.now = m.now.Add(-time.Hour); m.pass(life) }, true},
		{"a year back, after its time", func(m *machine) { m.now = m.now.AddDate(-1, 0, 0); m.pass(life) }, true},
		{"back again and again", func(m *machine) {
			for range 15 {
				m.pass(time.Hour)
				m.now = m.now.Add(-time.Hour)
			}
		}, true},
		{"a day on", func(m *machine) { m.now = m.now.AddDate(0, 0, 1) }, true},
		{"a day on and back", func(m *machine) { m.now = m.now.AddDate(0, 0, 1); m.now = m.now.AddDate(0, 0, -1) }, false},
		{"a sleep over its end", func(m *machine) { m.pass(20 * time.Hour) }, true},
		{"a sleep with a clock that stood still", func(m *machine) { m.up += 20 * time.Hour }, true},
		{"a sleep with a clock that was set back", func(m *machine) { m.up += 20 * time.Hour; m.now = m.now.AddDate(0, 0, -3) }, true},
	} {
		m := &machine{up: 100 * time.Hour}
		m.to(t, "2025-06-10 10:00:00")
		s, site, _ := m.secrets(t)
		d := s.days[siteDay{site.ID, site.Day(m.now)}]
		row.move(m)
		left := s.Expire()
		if dead := left == 0 && d.secret == [32]byte{} && len(d.numbers) == 0; dead != row.dies {
			t.Errorf("%s: destroyed is %t, want %t", row.name, dead, row.dies)
		}
	}
}

// TestSleep: a clock whose monotonic reading stood still while the machine slept
// ends a secret by what its wall says, without anybody calling Expire.
func TestSleep(t *testing.T) {
	began := time.Now() // with a monotonic reading
	m := &machine{up: time.Hour}
	m.now = began
	s, site, key := m.secrets(t)
	m.now = began.Round(0).Add(maxSecretAge) // the wall alone has moved
	if s.Key(site, began, somewhere, someAgent, "fr", foule.ConsentUnasked) == key {
		t.Error("a secret of before a sleep is used after 26 hours")
	}
}

// TestParkedClockMoved: the end that was foreseen goes with the keys from one
// run to the next, and so does the clock that nobody sets.
func TestParkedClockMoved(t *testing.T) {
	for _, row := range []struct {
		name string
		move func(m *machine)
		kept bool
	}{
		{"a restart", func(m *machine) { m.pass(time.Minute) }, true},
		{"a restart in its last second", func(m *machine) { m.pass(14*time.Hour + 29*time.Minute + 59*time.Second) }, true},
		{"never came back in time", func(m *machine) { m.pass(15 * time.Hour) }, false},
		{"nor did the clock go on", func(m *machine) { m.up += 15 * time.Hour }, false},
		{"the clock was set back meanwhile", func(m *machine) { m.pass(15 * time.Hour); m.now = m.now.AddDate(0, 0, -2) }, false},
		{"the clock was set on meanwhile", func(m *machine) { m.now = m.now.AddDate(0, 0, 2) }, false},
		{"another start of the machine", func(m *machine) { m.pass(time.Minute); m.up = time.Minute }, false},
	} {
		dir := memoryDir(t, 0o700)
		m := &machine{up: 100 * time.Hour}
		m.to(t, "2025-06-10 10:00:00")
		s, site, key := m.secrets(t)
		began := m.now
		if err := s.Park(dir); err != nil {
			t.Fatal(err)
		}
		row.move(m)
		next := NewSecrets(30*time.Minute, m.Now)
		next.Uptime = m.Uptime
		gone, err := next.ForgetStale(dir)
		if err != nil || gone == row.kept {
			t.Errorf("%s: forgotten is %t, %v", row.name, gone, err)
		}
		if err := next.Unpark(dir); err != nil {
			t.Errorf("%s: %v", row.name, err)
		}
		if known := next.days[siteDay{site.ID, site.Day(began)}] != nil; known != row.kept {
			t.Errorf("%s: taken up is %t", row.name, known)
		}
		if row.kept && next.Key(site, began, somewhere, someAgent, "fr", foule.ConsentUnasked) != key {
			t.Errorf("%s: another key", row.name)
		}
		if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
			t.Errorf("%s: the folder holds %v, %v", row.name, entries, err)
		}
		m.pass(14*time.Hour + 30*time.Minute)
		if left := next.Expire(); left != 0 {
			t.Errorf("%s: %d days are left after their time", row.name, left)
		}
	}
}

// TestUnparkStale: Unpark itself takes up nothing that is past its time, were
// it only by the clock that nobody sets.
func TestUnparkStale(t *testing.T) {
	dir := memoryDir(t, 0o700)
	m := &machine{up: 100 * time.Hour}
	m.to(t, "2025-06-10 10:00:00")
	s, _, _ := m.secrets(t)
	if err := s.Park(dir); err != nil {
		t.Fatal(err)
	}
	m.up += 20 * time.Hour
	if err := s.Unpark(dir); err != nil {
		t.Fatal(err)
	}
	if left := s.Expire(); left != 0 {
		t.Errorf("%d days are taken up", left)
	}
}

// TestForget: what is parked is overwritten before it is unlinked, by whatever
// way it goes, and so is what a process left that was killed as it wrote.
func TestForget(t *testing.T) {
	for name, way := range map[string]func(*Secrets, string) error{
		"forgotten":    func(_ *Secrets, dir string) error { return Forget(dir) },
		"taken up":     (*Secrets).Unpark,
		"parked again": (*Secrets).Park,
		"stale": func(s *Secrets, dir string) error {
			s.Uptime = func() time.Duration { return 1000 * time.Hour }
			_, err := s.ForgetStale(dir)
			return err
		},
	} {
		dir, witness := memoryDir(t, 0o700), filepath.Join(memoryDir(t, 0o700), "witness")
		m := &machine{up: 100 * time.Hour}
		m.to(t, "2025-06-10 10:00:00")
		s, _, _ := m.secrets(t)
		if err := s.Park(dir); err != nil {
			t.Fatal(err)
		}
		// Another name for the same pages shows what is left of them.
		if err := os.Link(filepath.Join(dir, ParkName), witness); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, halfParked), []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := way(s, dir); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		b, err := os.ReadFile(witness)
		if err != nil || len(b) < 100 || !bytes.Equal(b, make([]byte, len(b))) {
			t.Errorf("%s: the pages of the file still hold something (%v)", name, err)
		}
		if _, err := os.Stat(filepath.Join(dir, halfParked)); !os.IsNotExist(err) {
			t.Errorf("%s: half a file is left (%v)", name, err)
		}
	}
}

// TestForgetDamaged: what nobody can read is of no use to anybody.
func TestForgetDamaged(t *testing.T) {
	for name, content := range map[string]string{"empty": "", "garbage": "garbage", "an older version": "\x02garbage"} {
		dir := memoryDir(t, 0o700)
		if err := os.WriteFile(filepath.Join(dir, ParkName), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if gone, err := NewSecrets(0, time.Now).ForgetStale(dir); !gone || err != nil {
			t.Errorf("%s: forgotten is %t, %v", name, gone, err)
		}
	}
	if gone, err := NewSecrets(0, time.Now).ForgetStale(memoryDir(t, 0o700)); gone || err != nil {
		t.Errorf("nothing: forgotten is %t, %v", gone, err)
	}
}
