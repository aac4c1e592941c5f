package ingest

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/storage"
)

// logLines is a request of an import: so many page views of a page, a second apart.
func logLines(page string, n int) string {
	var queries []string
	for i := range n {
		at := noon.Add(-time.Hour + time.Duration(i)*time.Second)
		queries = append(queries, "?"+query("url", "https://example.org"+page, "cdt", strconv.FormatInt(at.Unix(), 10)))
	}
	body, err := json.Marshal(map[string]any{"requests": queries})
	if err != nil {
		panic(err) // strings only
	}
	return string(body)
}

func (c *collected) imports(name, token, body string) *httptest.ResponseRecorder {
	return c.do(http.MethodPost, url.Values{"foule_import": {name}, "token_auth": {token}}.Encode(), body)
}

// TestImportTwice: the requests of an import count once however often they are
// sent, also after a crash and after a restart; those of another import count.
func TestImportTwice(t *testing.T) {
	s, now := newStore(), newClock()
	dir := t.TempDir()
	token := s.token(storage.RoleWrite, 0)
	c := open(t, dir, s, now)
	send := func(name, body string) {
		t.Helper()
		w := c.imports(name, token, body)
		if want := `{"status":"success","tracked":1500,"invalid":0}`; w.Code != 200 || strings.TrimSpace(w.Body.String()) != want {
			t.Fatalf("a part is answered %d %s", w.Code, w.Body)
		}
	}
	one, two := logLines("/one", 1500), logLines("/two", 1500)
	send("may", one)
	send("may", one)
	send("may", two)
	crashed := image(t, dir)
	c.close()
	check := func(what string, s *store, page string, want int64) {
		t.Helper()
		if got := s.hits(1, foule.DimPage, page); got != want {
			t.Errorf("%s: %s was counted %d times, want %d", what, page, got, want)
		}
	}
	check("sent twice", s, "/one", 1500)

	c = open(t, dir, s, now)
	send("may", two)
	send("june", one)
	c.close()
	check("after a restart", s, "/two", 1500)
	check("of another import", s, "/one", 3000)

	other := newStore()
	other.tokens = s.tokens
	c = open(t, crashed, other, now)
	send("may", one)
	send("may", two)
	c.close()
	check("after a crash", other, "/one", 1500)
	check("after a crash", other, "/two", 1500)
}

// TestImportNeedsToken: what is remembered of imports is for those who may write.
func TestImportNeedsToken(t *testing.T) {
	s := newStore()
	c := open(t, t.TempDir(), s, newClock())
	for name, token := range map[string]string{"none": "", "made up": "0123456789abcdef0123456789abcdef", "read only": s.token(storage.RoleRead, 0)} {
		if w := c.imports("may", token, logLines("/a", 3)); w.Code != http.StatusUnauthorized || !strings.Contains(w.Body.String(), `"tracked":0`) {
			t.Errorf("%s: answered %d %s", name, w.Code, w.Body)
		}
	}
	s.fail(errDown)
	if w := c.imports("may", "fedcba9876543210fedcba9876543210", logLines("/a", 3)); w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
		t.Errorf("with the store away: answered %d %s", w.Code, w.Body)
	}
	s.fail(nil)
	c.close()
	if n := s.hits(1, foule.DimPage, "/a"); n != 0 {
		t.Errorf("%d page views were counted", n)
	}
}

// TestImportRefused: a part that found no room counts when it comes again.
func TestImportRefused(t *testing.T) {
	s := newStore()
	token := s.token(storage.RoleWrite, 0)
	c := open(t, t.TempDir(), s, newClock(), func(o *Options) { o.MaxJournalBytes = 256 << 10 })
	if w := c.imports("first", token, logLines("/seen", 1)); w.Code != 200 { // the token is known from here on
		t.Fatalf("answered %d %s", w.Code, w.Body)
	}
	s.fail(errDown)
	refused := ""
	for i := 0; refused == ""; i++ {
		if body := logLines("/"+strconv.Itoa(i), 1000); c.imports("may", token, body).Code == http.StatusServiceUnavailable {
			refused = body
		}
		if i > 1000 {
			t.Fatal("the journal is never full")
		}
	}
	s.fail(nil)
	eventually(t, "the part is taken", func() bool { return c.imports("may", token, refused).Code == 200 })
	again := c.imports("may", token, refused)
	c.close()
	if again.Code != 200 {
		t.Errorf("sent once more it is answered %d", again.Code)
	}
	counted := map[string]int64{}
	for key, m := range rows(s.applied()) {
		if r, ok := key.(storage.DayRow); ok && r.Dim == foule.DimPage && r.By == foule.DimTotal {
			counted[r.Label] += m[foule.Hits]
		}
	}
	for page, n := range counted {
		if page != "/seen" && n != 1000 {
			t.Errorf("%s was counted %d times, want 1000", page, n)
		}
	}
}
