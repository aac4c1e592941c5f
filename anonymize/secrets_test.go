package anonymize

import (
	"net/netip"
	"testing"
	"time"
	_ "time/tzdata"

	"foule.eu/foule"
)

// clock is a hand-moved clock.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

func (c *clock) to(t *testing.T, text string) {
	t.Helper()
	at, err := time.ParseInLocation(time.DateTime, text, paris(t))
	if err != nil {
		t.Fatal(err)
	}
	c.now = at
}

func paris(t testing.TB) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// compile makes a site ready that is known to be sound.
func compile(t testing.TB, s foule.Site) *Site {
	t.Helper()
	if s.ID == 0 {
		s.ID = 1
	}
	if s.Timezone == "" {
		s.Timezone = "Europe/Paris"
	}
	site, err := CompileSite(s)
	if err != nil {
		t.Fatal(err)
	}
	return site
}

const someAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

var somewhere = netip.MustParseAddr("192.0.2.0")

func none(foule.SiteID, foule.Day) uint32 { return 0 }

// TestSecretsDie: a day's secret is destroyed one visit length after the day,
// whoever comes; that of a day long over, one visit length after its last hit;
// and any after 26 hours.
func TestSecretsDie(t *testing.T) {
	for _, row := range []struct {
		name, hit, made, alive, dead string
		visitLength                  time.Duration
	}{
		{"today", "2025-06-10 10:00:00", "2025-06-10 10:00:00", "2025-06-11 00:29:59", "2025-06-11 00:30:00", 30 * time.Minute},
		{"a day of 25 hours", "2025-10-26 00:00:00", "2025-10-26 00:00:00", "2025-10-27 00:29:59", "2025-10-27 00:30:00", 30 * time.Minute},
		{"a day of 23 hours", "2025-03-30 00:00:00", "2025-03-30 00:00:00", "2025-03-31 00:29:59", "2025-03-31 00:30:00", 30 * time.Minute},
		{"yesterday, just over", "2025-06-09 23:59:00", "2025-06-10 00:05:00", "2025-06-10 00:29:59", "2025-06-10 00:30:00", 30 * time.Minute},
		{"a day long over", "2025-06-01 10:00:00", "2025-06-10 10:00:00", "2025-06-10 10:29:59", "2025-06-10 10:30:00", 30 * time.Minute},
		{"26 hours at most", "2025-06-10 00:00:00", "2025-06-10 00:00:00", "2025-06-11 01:59:59", "2025-06-11 02:00:00", 5 * time.Hour},
	} {
		var c clock
		c.to(t, row.hit)
		hit := c.now
		c.to(t, row.made)
		s := NewSecrets(row.visitLength, c.Now)
		site := compile(t, foule.Site{})
		key := s.Key(site, hit, somewhere, someAgent, "fr", foule.ConsentUnasked)
		s.Number(site.ID, site.Day(hit), key, none)
		d := s.days[siteDay{site.ID, site.Day(hit)}]

		c.to(t, row.alive)
		if left := s.Expire(); left != 1 || d.secret == [32]byte{} {
			t.Errorf("%s: destroyed at %s already", row.name, row.alive)
		}
		if s.Key(site, hit, somewhere, someAgent, "fr", foule.ConsentUnasked) != key {
			t.Errorf("%s: the key changes before its time", row.name)
		}
		c.to(t, row.dead)
		if left := s.Expire(); left != 0 || d.secret != [32]byte{} || len(d.numbers) != 0 {
			t.Errorf("%s: alive at %s: %d left, secret zero: %t, %d numbers", row.name, row.dead, left, d.secret == [32]byte{}, len(d.numbers))
		}
		if s.Key(site, hit, somewhere, someAgent, "fr", foule.ConsentUnasked) == key {
			t.Errorf("%s: the key can be made again after its secret is gone", row.name)
		}
	}
}

// TestSecretsDieUnasked: even if nobody calls Expire, a secret that is over is
// not used again.
func TestSecretsDieUnasked(t *testing.T) {
	var c clock
	c.to(t, "2025-06-10 10:00:00")
	hit := c.now
	s := NewSecrets(30*time.Minute, c.Now)
	site := compile(t, foule.Site{})
	key := s.Key(site, hit, somewhere, someAgent, "", foule.ConsentUnasked)
	d := s.days[siteDay{site.ID, site.Day(hit)}]
	c.to(t, "2025-06-11 00:30:00")
	if s.Key(site, hit, somewhere, someAgent, "", foule.ConsentUnasked) == key {
		t.Error("the secret of a day that is over is still used")
	}
	if d.secret != [32]byte{} {
		t.Error("the former secret is not overwritten")
	}
}

// TestLateDayInUse: an import into an old day keeps its secret while hits come,
// for 26 hours at most.
func TestLateDayInUse(t *testing.T) {
	var c clock
	c.to(t, "2025-06-01 10:00:00")
	hit := c.now
	c.to(t, "2025-06-10 10:00:00")
	began := c.now
	s := NewSecrets(30*time.Minute, c.Now)
	site := compile(t, foule.Site{})
	key := s.Key(site, hit, somewhere, someAgent, "", foule.ConsentUnasked)
	for c.now.Sub(began) < maxSecretAge {
		if s.Key(site, hit, somewhere, someAgent, "", foule.ConsentUnasked) != key {
			t.Fatalf("the key changes after %s although hits keep coming", c.now.Sub(began))
		}
		s.Number(site.ID, site.Day(hit), key, none)
		c.now = c.now.Add(20 * time.Minute)
	}
	if s.Expire() != 0 {
		t.Errorf("the secret of an old day is older than %s", maxSecretAge)
	}
}

func TestDestroy(t *testing.T) {
	var c clock
	c.to(t, "2025-06-10 10:00:00")
	s := NewSecrets(30*time.Minute, c.Now)
	site := compile(t, foule.Site{})
	s.Number(site.ID, site.Day(c.now), s.Key(site, c.now, somewhere, someAgent, "", foule.ConsentUnasked), none)
	d := s.days[siteDay{site.ID, site.Day(c.now)}]
	s.Destroy()
	if d.secret != [32]byte{} || len(d.numbers) != 0 || len(s.days) != 0 {
		t.Error("something is left after Destroy")
	}
}

// TestKey: a key tells apart what it should, and nothing else.
func TestKey(t *testing.T) {
	var c clock
	c.to(t, "2025-06-10 10:00:00")
	s := NewSecrets(30*time.Minute, c.Now)
	one, two := compile(t, foule.Site{ID: 1}), compile(t, foule.Site{ID: 2})
	today, yesterday := c.now, c.now.Add(-24*time.Hour)
	key := s.Key(one, today, somewhere, someAgent, "fr", foule.ConsentUnasked)
	if key == (Key{}) {
		t.Error("the key is the zero key")
	}
	for name, again := range map[string]Key{
		"again":          s.Key(one, today, somewhere, someAgent, "fr", foule.ConsentUnasked),
		"later that day": s.Key(one, today.Add(13*time.Hour), somewhere, someAgent, "fr", foule.ConsentUnasked),
	} {
		if again != key {
			t.Errorf("%s: another key", name)
		}
	}
	for name, other := range map[string]Key{
		"site":           s.Key(two, today, somewhere, someAgent, "fr", foule.ConsentUnasked),
		"day":            s.Key(one, yesterday, somewhere, someAgent, "fr", foule.ConsentUnasked),
		"address":        s.Key(one, today, netip.MustParseAddr("192.0.3.0"), someAgent, "fr", foule.ConsentUnasked),
		"agent":          s.Key(one, today, somewhere, someAgent+" ", "fr", foule.ConsentUnasked),
		"language":       s.Key(one, today, somewhere, someAgent, "fr-FR", foule.ConsentUnasked),
		"consent":        s.Key(one, today, somewhere, someAgent, "fr", foule.ConsentYes),
		"no language":    s.Key(one, today, somewhere, someAgent+"fr", "", foule.ConsentUnasked),
		"no address":     s.Key(one, today, netip.Addr{}, someAgent, "fr", foule.ConsentUnasked),
		"another secret": NewSecrets(30*time.Minute, c.Now).Key(one, today, somewhere, someAgent, "fr", foule.ConsentUnasked),
	} {
		if other == key {
			t.Errorf("%s: the same key", name)
		}
	}
}

func TestNumber(t *testing.T) {
	var c clock
	c.to(t, "2025-06-10 10:00:00")
	s := NewSecrets(30*time.Minute, c.Now)
	site := compile(t, foule.Site{})
	day := site.Day(c.now)
	asked := 0
	highest := func(foule.SiteID, foule.Day) uint32 { asked++; return 7 }
	number := func(language string) uint32 {
		return s.Number(site.ID, day, s.Key(site, c.now, somewhere, someAgent, language, foule.ConsentUnasked), highest)
	}
	if got := [...]uint32{number("fr"), number("en"), number("fr"), number("de"), number("en")}; got != [...]uint32{8, 9, 8, 10, 9} {
		t.Errorf("numbers are %v, want 8 9 8 10 9", got)
	}
	if asked != 1 {
		t.Errorf("the highest number was asked for %d times, want once", asked)
	}
	if n := s.Number(site.ID, day+1, Key{1}, highest); n != 8 {
		t.Errorf("a key whose secret is gone is number %d, want 8", n)
	}
}
