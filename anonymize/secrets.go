package anonymize

import (
	"crypto/rand"
	"hash/maphash"
	"math"
	"net/netip"
	"sync"
	"time"

	"foule.eu/foule"
	"golang.org/x/crypto/blake2b"
)

// Key tells the visitors of one site's day apart. It lives in memory only: a
// keyed hash whose key is random and dies with the day, so nobody can
// recompute it (invariant I8). The zero Key is no visitor.
type Key [16]byte

// Secrets holds, per site and day, a random secret and the table from keys to
// visitor numbers. Both exist in memory only, or parked in a tmpfs between two
// runs of the process ([Secrets.Park]). It is safe for concurrent use.
type Secrets struct {
	// VisitLength is how long a day's secret outlives the day.
	VisitLength time.Duration
	// Now is the clock, with its monotonic reading. It can be set, forwards and
	// back, and its monotonic reading stands still while the machine sleeps.
	Now func() time.Time
	// Uptime is how long the machine has been up, sleep included: a clock that nobody
	// sets, and that goes on from one run of the process to the next.
	Uptime func() time.Duration

	seed maphash.Seed // of page views' numbers
	mu   sync.RWMutex
	days map[siteDay]*daySecret
}

// maxSecretAge bounds a secret's life whatever the wall clock does: the longest
// day there is (25 hours when summer time ends) and one hour.
const maxSecretAge = 26 * time.Hour

// maxKeys bounds a day's table. It is more than the visitors that aggregate
// counts by default: who comes after them all gets a number that is nobody's.
const maxKeys = 4_000_000

type siteDay struct {
	site foule.SiteID
	day  foule.Day
}

// daySecret is one site's day. expires, used, numbers and orders are guarded by Secrets.mu.
type daySecret struct {
	secret  [32]byte
	made    time.Time
	expires time.Time     // end of the day plus one visit length
	ends    time.Duration // the same by the machine's uptime, as it was foreseen when the secret was made
	late    bool          // made for a day that was over: lives while hits keep coming
	used    time.Time
	numbers map[Key]uint32
	next    uint32           // the last number given
	asked   bool             // whether next is known to be no lower than any in use
	orders  map[Key]struct{} // e-commerce orders counted today
}

// NewSecrets gives an empty set.
func NewSecrets(visitLength time.Duration, now func() time.Time) *Secrets {
	return &Secrets{VisitLength: visitLength, Now: now, Uptime: uptime, seed: maphash.MakeSeed(), days: map[siteDay]*daySecret{}}
}

// Key hashes what a visitor is known by within a day: truncated address, user
// agent, language and consent, under the secret of the site's day of t. Who gives
// consent is another visitor from then on, so that the two never mix.
func (s *Secrets) Key(site *Site, t time.Time, truncated netip.Addr, userAgent, language string, consent foule.Consent) Key {
	ip := truncated.As16()
	buf := make([]byte, 0, 256)
	buf = append(buf, ip[:]...)
	buf = append(buf, userAgent...)
	buf = append(buf, 0)
	buf = append(buf, language...)
	buf = append(buf, 0, byte(consent))
	return s.hash(site, t, buf)
}

// hash is the keyed hash of text under the secret of the site's day of t. It
// overwrites the text.
func (s *Secrets) hash(site *Site, t time.Time, text []byte) Key {
	secret := s.secret(site, t)
	mac, err := blake2b.New(len(Key{}), secret[:])
	if err != nil {
		panic("anonymize: blake2b refuses its parameters: " + err.Error()) // fixed sizes: cannot happen
	}
	mac.Write(text)
	clear(text)
	var k Key
	mac.Sum(k[:0])
	return k
}

func (s *Secrets) secret(site *Site, t time.Time) [32]byte {
	k := siteDay{site.ID, site.Day(t)}
	now := s.Now()
	s.mu.RLock()
	d := s.days[k]
	if d != nil && d.alive(now, s.VisitLength) {
		secret := d.secret
		s.mu.RUnlock()
		return secret
	}
	s.mu.RUnlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fresh(k, site, now).secret
}

// fresh gives the living secret of a day, making it if there is none. A day
// that is over gets another secret than it had.
func (s *Secrets) fresh(k siteDay, site *Site, now time.Time) *daySecret {
	d := s.days[k]
	if d != nil && d.alive(now, s.VisitLength) {
		return d
	}
	d.destroy()
	d = &daySecret{made: now, used: now, numbers: map[Key]uint32{}, orders: map[Key]struct{}{}}
	rand.Read(d.secret[:])
	d.expires = (k.day + 1).Start(site.Location).Add(s.VisitLength)
	if !now.Before(d.expires) {
		d.late, d.expires = true, now.Add(maxSecretAge)
	}
	d.ends = s.Uptime() + min(maxSecretAge, d.expires.Sub(now))
	s.days[k] = d
	return d
}

// alive says whether a secret may be used by the clock, which is asked for every
// hit. What happens to the clock is for outlived.
func (d *daySecret) alive(now time.Time, visitLength time.Duration) bool {
	if since(now, d.made) >= maxSecretAge || !now.Before(d.expires) {
		return false
	}
	return !d.late || since(now, d.used) < visitLength
}

// since is the longer of what the monotonic and the wall clock say. The first
// stands still while the machine sleeps, the second can be set back.
func since(now, then time.Time) time.Duration {
	return max(now.Sub(then), now.Round(0).Sub(then.Round(0)))
}

// outlived says whether a secret's time is over by the machine's uptime: a clock
// that was set back, with or without a sleep, lengthens no life.
func (d *daySecret) outlived(uptime time.Duration) bool { return uptime >= d.ends }

// destroy overwrites the secret and forgets the table.
func (d *daySecret) destroy() {
	if d == nil {
		return
	}
	clear(d.secret[:])
	clear(d.numbers)
	clear(d.orders)
}

// Number gives a key's visitor number, a plain counter from 1 within the site's
// day. highest is asked, when the day's table is new or was parked, for the
// highest number that is in use already.
func (s *Secrets) Number(site foule.SiteID, day foule.Day, k Key, highest func(foule.SiteID, foule.Day) uint32) uint32 {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.days[siteDay{site, day}]
	if d == nil { // expired between hashing and numbering: the key is nobody's any more
		return highest(site, day) + 1
	}
	d.used = s.Now()
	n := d.numbers[k]
	if n == 0 && len(d.numbers) >= maxKeys {
		return math.MaxUint32
	}
	if n == 0 {
		if !d.asked {
			d.next, d.asked = max(d.next, highest(site, day)), true
		}
		d.next++
		n = d.next
		d.numbers[k] = n
	}
	return n
}

// Expire destroys the secrets and tables whose time is over and says how many
// are left. It is to be called every minute or so.
func (s *Secrets) Expire() int {
	now, up := s.Now(), s.Uptime()
	s.mu.Lock()
	defer s.mu.Unlock()
	for k, d := range s.days {
		if !d.alive(now, s.VisitLength) || d.outlived(up) {
			d.destroy()
			delete(s.days, k)
		}
	}
	return len(s.days)
}

// Destroy destroys everything.
func (s *Secrets) Destroy() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for k, d := range s.days {
		d.destroy()
		delete(s.days, k)
	}
}
