package anonymize

import (
	"time"

	"foule.eu/foule"
)

// maxOrders bounds the orders that are remembered of a site's day; those that
// come after them are counted each time they are sent.
const maxOrders = 1_000_000

// OrderKey hashes an order's id under the secret of the site's day of t, so
// that the same order is known again until the day is over, and by nobody
// afterwards. An order without id has the zero Key.
func (s *Secrets) OrderKey(site *Site, t time.Time, id string) Key {
	if id == "" {
		return Key{}
	}
	// The visitor's hash begins with an address of 16 bytes: this one cannot be one.
	return s.hash(site, t, append([]byte("order\x00"), id...))
}

// TakeOrder notes an order and says whether it is the first of its key in the
// site's day (Matomo counts an ec_id once). The zero Key is always new.
func (s *Secrets) TakeOrder(site foule.SiteID, day foule.Day, k Key) (first bool) {
	if k == (Key{}) {
		return true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.days[siteDay{site, day}]
	if d == nil { // expired since it was hashed: nobody can know it again
		return true
	}
	if _, known := d.orders[k]; known {
		return false
	}
	if len(d.orders) < maxOrders {
		d.orders[k] = struct{}{}
	}
	return true
}

// ReturnOrder forgets an order that was taken but could not be counted, so that
// it counts when the client sends it again.
func (s *Secrets) ReturnOrder(site foule.SiteID, day foule.Day, k Key) {
	if k == (Key{}) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if d := s.days[siteDay{site, day}]; d != nil {
		delete(d.orders, k)
	}
}
