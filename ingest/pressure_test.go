package ingest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"foule.eu/foule"
)

// TestStoreDown: while the store takes nothing, hits are acknowledged and kept
// in few segments; when it is back, all of them are counted.
func TestStoreDown(t *testing.T) {
	s, now := newStore(), newClock()
	dir := t.TempDir()
	c := open(t, dir, s, now)
	s.fail(errDown)
	const n = 500
	for range n {
		c.count(page("/a")...)
	}
	eventually(t, "the collector notices", c.StoreFailing)
	if got := len(segments(t, dir)); got > maxPending+1 {
		t.Errorf("%d segments wait for the store, want at most %d", got, maxPending+1)
	}
	if got := c.drain.pending.Load(); got > maxPending {
		t.Errorf("%d batches wait in memory, want at most %d", got, maxPending)
	}
	if told := strings.Count(c.log.String(), errDown.Error()); told != 1 {
		t.Errorf("the log tells %d times that the store is down, want once:\n%s", told, c.log)
	}
	s.fail(nil)
	eventually(t, "all hits are counted", func() bool { return s.hits(1, foule.DimPage, "/a") == n })
	if c.StoreFailing() {
		t.Error("the collector still takes the store for down")
	}
}

// TestStoreSlow: a store that takes its time holds up no hit.
func TestStoreSlow(t *testing.T) {
	s, now := newStore(), newClock()
	s.hold = make(chan struct{})
	dir := t.TempDir()
	c := open(t, dir, s, now)
	const n = 300
	for range n {
		c.count(page("/a")...)
	}
	if got := len(segments(t, dir)); got > maxPending+1 {
		t.Errorf("%d segments wait for the store, want at most %d", got, maxPending+1)
	}
	close(s.hold)
	c.close()
	if got := s.hits(1, foule.DimPage, "/a"); got != n {
		t.Errorf("%d hits were counted %d times", n, got)
	}
}

// TestJournalFull: when the journal is full, hits are refused with a time to
// come again; those acknowledged before are counted, and so are those that come
// when there is room again.
func TestJournalFull(t *testing.T) {
	s, now := newStore(), newClock()
	dir := t.TempDir()
	c := open(t, dir, s, now, func(o *Options) { o.MaxJournalBytes = 16 << 10 })
	s.fail(errDown)
	acknowledged := 0
	var refused *httptest.ResponseRecorder
	for refused == nil && acknowledged < 10_000 {
		if w := c.get(page("/a")...); w.Code == http.StatusNoContent {
			acknowledged++
		} else {
			refused = w
		}
	}
	if refused == nil || refused.Code != http.StatusServiceUnavailable || refused.Header().Get("Retry-After") != "60" {
		t.Fatalf("a full journal is answered %v", refused)
	}
	for range 50 {
		c.get(page("/b")...)
	}
	if told := strings.Count(c.log.String(), "are refused"); told != 1 {
		t.Errorf("the log tells %d times that hits are refused, want once:\n%s", told, c.log)
	}
	if w := c.do(http.MethodPost, "", bulkBody(2, "/b")); w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), `"status":"error","tracked":0`) {
		t.Errorf("a bulk is answered %d %s", w.Code, w.Body)
	}
	s.fail(nil)
	eventually(t, "there is room again", func() bool { return c.get(page("/after")...).Code == http.StatusNoContent })
	c.close()
	if a, b, after := s.hits(1, foule.DimPage, "/a"), s.hits(1, foule.DimPage, "/b"), s.hits(1, foule.DimPage, "/after"); a != int64(acknowledged) || b != 0 || after != 1 {
		t.Errorf("counted: %d before, %d refused, %d after; want %d, 0, 1", a, b, after, acknowledged)
	}
}

// TestJournalFullOfCovered: a journal that is full of what the store has
// already makes room by itself, without waiting for the next hit or start.
func TestJournalFullOfCovered(t *testing.T) {
	s, now := newStore(), newClock()
	c := open(t, t.TempDir(), s, now, func(o *Options) { o.MaxJournalBytes = 16 << 10 })
	const n = 400 // several times what the journal holds
	for range n {
		eventually(t, "there is room for a hit", func() bool { return c.get(page("/a")...).Code == http.StatusNoContent })
	}
	c.close()
	if got := s.hits(1, foule.DimPage, "/a"); got != n {
		t.Errorf("%d hits were counted %d times", n, got)
	}
}

func bulkBody(n int, path string) string {
	queries := make([]string, n)
	for i := range queries {
		queries[i] = "?" + query(page(path)...)
	}
	body, _ := json.Marshal(map[string]any{"requests": queries}) // strings only: cannot fail
	return string(body)
}

// TestBulkInterrupted: when the journal fills up in the middle of a bulk, the
// answer says how many leading elements are done, rotten ones among them; those
// are counted, and no others.
func TestBulkInterrupted(t *testing.T) {
	s, now := newStore(), newClock()
	c := open(t, t.TempDir(), s, now, func(o *Options) { o.MaxJournalBytes, o.Interval = 256<<10, time.Hour })
	queries := make([]string, 4000)
	for i := range queries {
		queries[i] = "?" + query("url", fmt.Sprintf("https://example.org/%d", i/1000))
		if i%100 == 0 {
			queries[i] = "?" + query("idsite", "none")
		}
	}
	body, err := json.Marshal(map[string]any{"requests": queries})
	if err != nil {
		t.Fatal(err)
	}
	w := c.do(http.MethodPost, "", string(body))
	var answer struct {
		Status  string
		Tracked int
	}
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		t.Fatal(err)
	}
	if w.Code != http.StatusServiceUnavailable || answer.Status != "error" || w.Header().Get("Retry-After") == "" {
		t.Errorf("the answer is %d %v %s", w.Code, w.Header(), w.Body)
	}
	if answer.Tracked == 0 || answer.Tracked >= len(queries) {
		t.Fatalf("%d elements are said to be done; the test wants some", answer.Tracked)
	}
	c.close()
	want := map[string]int64{}
	for i := range answer.Tracked {
		if i%100 != 0 {
			want[fmt.Sprintf("/%d", i/1000)]++
		}
	}
	for i := range 4 {
		label := fmt.Sprintf("/%d", i)
		if got := s.hits(1, foule.DimPage, label); got != want[label] {
			t.Errorf("%s was counted %d times, want %d", label, got, want[label])
		}
	}
}

// TestClose: a stop in peace leaves nothing to do.
func TestClose(t *testing.T) {
	s, now := newStore(), newClock()
	dir := t.TempDir()
	c := open(t, dir, s, now, func(o *Options) { o.Interval = time.Hour })
	for range 100 {
		c.count(page("/a")...)
	}
	endpoint := c.Endpoint
	c.close()
	if got := s.hits(1, foule.DimPage, "/a"); got != 100 {
		t.Errorf("100 hits were counted %d times", got)
	}
	if left := segments(t, dir); len(left) > 0 {
		t.Errorf("left in the journal: %v", left)
	}
	w := httptest.NewRecorder()
	endpoint.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/matomo.php?"+query(), nil))
	if w.Code != http.StatusServiceUnavailable {
		t.Errorf("after the stop a hit is answered %d", w.Code)
	}
}

// TestCloseInTime: a stop does not wait for a store that takes nothing; what it
// did not take is counted after the next start.
func TestCloseInTime(t *testing.T) {
	s, now := newStore(), newClock()
	s.hold = make(chan struct{})
	dir := t.TempDir()
	c := open(t, dir, s, now)
	for range 50 {
		c.count(page("/a")...)
	}
	c.abandon()
	if n := len(s.applied()); n != 0 {
		t.Fatalf("%d batches were applied", n)
	}
	close(s.hold)
	open(t, dir, s, now).close()
	if got := s.hits(1, foule.DimPage, "/a"); got != 50 {
		t.Errorf("50 hits were counted %d times", got)
	}
}

// TestManyAtOnce: hits that come at the same time are each counted once.
func TestManyAtOnce(t *testing.T) {
	s, now := newStore(), newClock()
	dir := t.TempDir()
	c := open(t, dir, s, now)
	const clients, each = 8, 26
	var wg sync.WaitGroup
	for i := range clients {
		wg.Go(func() {
			for j := range each {
				if w := c.get("url", fmt.Sprintf("https://example.org/%c/%c", 'a'+i, 'a'+j)); w.Code != http.StatusNoContent {
					t.Errorf("a hit is answered %d", w.Code)
				}
			}
		})
	}
	wg.Wait()
	c.close()
	for i := range clients {
		for j := range each {
			if got := s.hits(1, foule.DimPage, fmt.Sprintf("/%c/%c", 'a'+i, 'a'+j)); got != 1 {
				t.Fatalf("/%c/%c was counted %d times", 'a'+i, 'a'+j, got)
			}
		}
	}
	if got := s.hits(1, foule.DimTotal, ""); got != clients*each {
		t.Errorf("the total is %d, want %d", got, clients*each)
	}
}

// TestLargeRequestsWait: large requests take turns. One whose turn does not
// come is told to come again, and small hits are not held up.
func TestLargeRequestsWait(t *testing.T) {
	s, dir := newStore(), t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		c := open(t, dir, s, newClock())
		var slow []*io.PipeWriter
		var wg sync.WaitGroup
		for range largeSlots {
			body, w := io.Pipe()
			slow = append(slow, w)
			wg.Go(func() { c.Endpoint.ServeHTTP(httptest.NewRecorder(), unsized(body)) })
		}
		synctest.Wait()
		c.count(page("/small")...)
		w := httptest.NewRecorder()
		c.Endpoint.ServeHTTP(w, unsized(strings.NewReader(bulkBody(1, "/large"))))
		if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
			t.Errorf("a large request whose turn does not come is answered %d %s", w.Code, w.Body)
		}
		for _, w := range slow {
			w.Close()
		}
		wg.Wait()
		w = httptest.NewRecorder()
		c.Endpoint.ServeHTTP(w, unsized(strings.NewReader(bulkBody(1, "/large"))))
		if w.Code != http.StatusOK {
			t.Errorf("when there is room a large request is answered %d %s", w.Code, w.Body)
		}
		c.close()
	})
	if s.hits(1, foule.DimPage, "/small") != 1 || s.hits(1, foule.DimPage, "/large") != 1 {
		t.Errorf("counted: %v", rows(s.applied()))
	}
}

// unsized is a POST that does not tell its length.
func unsized(body io.Reader) *http.Request {
	req := httptest.NewRequestWithContext(context.Background(), http.MethodPost, "/matomo.php", body)
	req.ContentLength = -1
	req.Header.Set("User-Agent", someAgent)
	return req
}

// TestCollectorID: the first part of all batch tokens stays the same.
func TestCollectorID(t *testing.T) {
	dir := t.TempDir()
	s, now := newStore(), newClock()
	var ids []string
	for range 2 {
		c := open(t, dir, s, now)
		c.count()
		c.close()
		b, err := os.ReadFile(filepath.Join(dir, "collector-id"))
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, string(bytes.TrimSpace(b)))
	}
	if ids[0] == "" || ids[0] != ids[1] {
		t.Errorf("ids %q", ids)
	}
	for i, b := range s.applied() {
		if want := fmt.Sprintf("%s/0/%d", ids[0], i+1); b.Token != want {
			t.Errorf("token %q, want %q", b.Token, want)
		}
	}
}
