package demo

import (
	"encoding/json"
	"net/url"
	"testing"
	"time"
)

// TestShop: a fortnight of the shop has orders, each under an id of its own and
// of what lay in the visitor's cart, and more carts that were left behind.
func TestShop(t *testing.T) {
	s := Sites(now)[0]
	carts, orders, ids := 0, 0, map[string]bool{}
	last := map[string]string{} // the items of a visitor's cart
	for age := range 14 {
		day := time.Date(2026, 11, 23-age, 0, 0, 0, 0, time.UTC)
		for _, h := range s.Day(1, day, day.AddDate(0, 0, 2), 7) {
			q, err := url.ParseQuery(h.Query[1:])
			if err != nil {
				t.Fatal(err)
			}
			who := q.Get("cip") + q.Get("ua")
			if q.Get("idgoal") != "0" {
				continue
			}
			var items [][]any
			if err := json.Unmarshal([]byte(q.Get("ec_items")), &items); err != nil || len(items) == 0 || len(items[0]) != 5 {
				t.Fatalf("items %q: %v", q.Get("ec_items"), err)
			}
			id := q.Get("ec_id")
			switch {
			case id == "":
				carts++
				last[who] = q.Get("ec_items")
			case ids[id]:
				t.Errorf("order %s is sent twice", id)
			case last[who] != q.Get("ec_items"):
				t.Errorf("ordered %s, in the cart is %s", q.Get("ec_items"), last[who])
			default:
				orders++
			}
			ids[id] = true
		}
	}
	if orders < 14 || carts < 2*orders {
		t.Errorf("%d carts and %d orders", carts, orders)
	}
}

// TestLateTimings: what a page view did not know yet is sent later, with its id.
func TestLateTimings(t *testing.T) {
	s := Sites(now)[0]
	day := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	views, late := map[string]bool{}, 0
	for _, h := range s.Day(1, day, day.AddDate(0, 0, 1), 7) {
		q, err := url.ParseQuery(h.Query[1:])
		if err != nil {
			t.Fatal(err)
		}
		if id := q.Get("pv_id"); q.Get("ping") == "" {
			views[id] = true
		} else if late++; !views[id] || q.Get("pf_onl") == "" {
			t.Errorf("%s corrects no page view", h.Query)
		}
	}
	if late == 0 {
		t.Error("nothing is sent later")
	}
}
