package ingest

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"foule.eu/foule"
	"foule.eu/foule/storage"
)

func order(id string) []string { return []string{"idgoal", "0", "ec_id", id, "revenue", "10"} }

// orders gives how many orders were counted.
func (s *store) orders() (n int64) {
	for key, m := range rows(s.applied()) {
		if r, ok := key.(storage.DayRow); ok && r.Dim == foule.DimGoal && r.Label == "order" && r.By == foule.DimTotal {
			n += m[foule.Conversions]
		}
	}
	return n
}

// TestRepeatedOrder: an order counts once, whoever sends it again and how; the
// repetition is answered 400, as Matomo does.
func TestRepeatedOrder(t *testing.T) {
	s := newStore()
	c := open(t, t.TempDir(), s, newClock())
	c.count(order("A-1")...)
	c.count(order("A-2")...)
	again := append(order("A-1"), "lang", "de", "ua", someAgent+" other")
	if w := c.get(again...); w.Code != http.StatusBadRequest || strings.Contains(w.Body.String(), "A-1") {
		t.Errorf("a repeated order is answered %d %s", w.Code, w.Body)
	}
	bulk := map[string]any{"token_auth": s.token(storage.RoleAdmin, 0), "requests": []string{
		"?" + query(order("A-3")...), "?" + query(), "?" + query(order("A-1")...), "?" + query("idsite", "none"), "?" + query(order("A-3")...),
	}}
	body, err := json.Marshal(bulk)
	if err != nil {
		t.Fatal(err)
	}
	w := c.do(http.MethodPost, "", string(body))
	if want := `{"status":"success","tracked":2,"invalid":3,"invalid_indices":[2,3,4]}`; strings.TrimSpace(w.Body.String()) != want {
		t.Errorf("a bulk is answered %s, want %s", w.Body, want)
	}
	c.close()
	if got := s.orders(); got != 3 {
		t.Errorf("%d orders counted, want 3", got)
	}
}

// TestOrderRefused: an order that found no room in the journal counts when it
// is sent again.
func TestOrderRefused(t *testing.T) {
	s := newStore()
	c := open(t, t.TempDir(), s, newClock(), func(o *Options) { o.MaxJournalBytes = 16 << 10 })
	s.fail(errDown)
	for n := 0; c.get().Code == http.StatusNoContent; n++ {
		if n > 10_000 {
			t.Fatal("the journal is never full")
		}
	}
	if w := c.get(order("A-1")...); w.Code != http.StatusServiceUnavailable {
		t.Fatalf("an order is answered %d with a full journal", w.Code)
	}
	s.fail(nil)
	eventually(t, "the order is taken", func() bool { return c.get(order("A-1")...).Code == http.StatusNoContent })
	if w := c.get(order("A-1")...); w.Code != http.StatusBadRequest {
		t.Errorf("then it is answered %d", w.Code)
	}
	c.close()
	if got := s.orders(); got != 1 {
		t.Errorf("%d orders counted, want 1", got)
	}
}
