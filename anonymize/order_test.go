package anonymize

import (
	"testing"
	"time"

	"foule.eu/foule"
)

// TestOrders: an order is known again within its site and day, and by nobody
// once the day's secret is gone.
func TestOrders(t *testing.T) {
	c := &clock{}
	c.to(t, "2025-06-10 10:00:00")
	s := NewSecrets(30*time.Minute, c.Now)
	one, two := compile(t, foule.Site{ID: 1}), compile(t, foule.Site{ID: 2})
	take := func(site *Site, id string) bool {
		return s.TakeOrder(site.ID, site.Day(c.now), s.OrderKey(site, c.now, id))
	}
	for _, step := range []struct {
		name  string
		site  *Site
		at    string
		order string
		first bool
	}{
		{"an order", one, "2025-06-10 10:00:00", "A-1", true},
		{"again", one, "2025-06-10 10:00:01", "A-1", false},
		{"another", one, "2025-06-10 10:00:02", "A-2", true},
		{"of another site", two, "2025-06-10 10:00:03", "A-1", true},
		{"late in the day", one, "2025-06-10 23:59:59", "A-1", false},
		{"the next day", one, "2025-06-11 10:00:00", "A-1", true},
		{"no order", one, "2025-06-11 10:00:01", "", true},
		{"no order again", one, "2025-06-11 10:00:02", "", true},
	} {
		c.to(t, step.at)
		if got := take(step.site, step.order); got != step.first {
			t.Errorf("%s: first is %v, want %v", step.name, got, step.first)
		}
	}
	k := s.OrderKey(one, c.now, "A-9")
	s.TakeOrder(one.ID, one.Day(c.now), k)
	s.ReturnOrder(one.ID, one.Day(c.now), k)
	if !take(one, "A-9") {
		t.Error("an order that was given back does not count")
	}
	s.Destroy()
	if s.OrderKey(one, c.now, "A-9") == k {
		t.Error("the same key under another secret")
	}
}
