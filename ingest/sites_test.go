package ingest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/ingest/matomo"
	"foule.eu/foule/storage"
)

func TestSitesKeepUp(t *testing.T) {
	s := newStore()
	sites, err := NewSites(t.Context(), SitesOptions{Settings: s, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { sites.Keep(ctx, time.Millisecond); close(done) }()
	defer func() { cancel(); <-done }()
	known := func(id foule.SiteID) bool {
		_, fault := sites.find(&matomo.Params{SiteID: id})
		return fault == nil
	}
	if !known(1) || known(2) {
		t.Fatalf("site 1 known: %t, site 2: %t", known(1), known(2))
	}
	s.addSite(foule.Site{ID: 2, Timezone: "UTC"})
	eventually(t, "a new site is known", func() bool { return known(2) })
	s.fail(errDown)
	s.addSite(foule.Site{ID: 3, Timezone: "UTC"})
	if !known(1) || !known(2) {
		t.Error("sites are forgotten while the store is down")
	}
	s.fail(nil)
	eventually(t, "the store's sites are known again", func() bool { return known(3) })
}

// TestUnusableSite: settings that make no sense leave the former ones in force.
func TestUnusableSite(t *testing.T) {
	s := newStore()
	log := &logged{}
	sites, err := NewSites(t.Context(), SitesOptions{Settings: s, Log: slog.New(slog.NewTextHandler(log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	s.sites[0].ExcludedIPs = []string{"no address"}
	s.addSite(foule.Site{ID: 2, Timezone: "Nowhere/Land"})
	if err := sites.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, fault := sites.find(&matomo.Params{SiteID: 1}); fault != nil {
		t.Error("the site counts nothing any more")
	}
	if _, fault := sites.find(&matomo.Params{SiteID: 2}); fault != errUnknownSite {
		t.Errorf("a site that never made sense: %v", fault)
	}
	if !strings.Contains(log.String(), "site=1") || !strings.Contains(log.String(), "site=2") {
		t.Errorf("the log does not name the sites: %s", log)
	}
}

// TestTokens: what a token may do shows in what it may say.
func TestTokens(t *testing.T) {
	s, now := newStore(), newClock()
	s.addSite(foule.Site{ID: 2, Timezone: "UTC"})
	tokens := map[string]string{
		"none": "", "made up": strings.Repeat("0", 32), "read": s.token(storage.RoleRead, 0), "write": s.token(storage.RoleWrite, 0),
		"admin": s.token(storage.RoleAdmin, 0), "write to 1": s.token(storage.RoleWrite, 1), "write to 2": s.token(storage.RoleWrite, 2),
		"too long": strings.Repeat("0", 300),
	}
	may := map[string]bool{"write": true, "admin": true, "write to 1": true}
	c := open(t, t.TempDir(), s, now)
	for name, token := range tokens {
		for _, privilege := range [][2]string{{"cip", "198.51.100.9"}, {"country", "fr"}, {"region", "idf"}, {"city", "Paris"}, {"lat", "1.5"}, {"cdt", "2025-06-01 10:00:00"}} {
			want := http.StatusBadRequest
			if may[name] {
				want = http.StatusNoContent
			}
			if w := c.get("token_auth", token, privilege[0], privilege[1]); w.Code != want {
				t.Errorf("%s with %s: %d, want %d", privilege[0], name, w.Code, want)
			}
			bulk := c.do(http.MethodPost, "", fmt.Sprintf(`{"token_auth":%q,"requests":["?%s"]}`, token, query(privilege[0], privilege[1])))
			if tracked := strings.Contains(bulk.Body.String(), `"tracked":1`); bulk.Code != http.StatusOK || tracked != may[name] {
				t.Errorf("%s in a bulk with %s: %d %s", privilege[0], name, bulk.Code, bulk.Body)
			}
		}
		if w := c.get("token_auth", token); w.Code != http.StatusNoContent {
			t.Errorf("a hit that needs no token, with %s: %d", name, w.Code)
		}
	}
	s.fail(errDown)
	if w := c.get("token_auth", tokens["write"], "cip", "198.51.100.9"); w.Code != http.StatusNoContent {
		t.Errorf("a token that was good is answered %d while the store is down", w.Code)
	}
	if w := c.get("token_auth", strings.Repeat("1", 32), "cip", "198.51.100.9"); w.Code != http.StatusServiceUnavailable {
		t.Errorf("a token that cannot be checked is answered %d while the store is down", w.Code)
	}
	s.fail(nil)
}

// TestElementToken: an element of a bulk may bring its own token, and a super
// user is told which elements were rotten.
func TestElementToken(t *testing.T) {
	s, now := newStore(), newClock()
	write, read, admin := s.token(storage.RoleWrite, 0), s.token(storage.RoleRead, 0), s.token(storage.RoleAdmin, 0)
	c := open(t, t.TempDir(), s, now)
	element := func(more ...string) string { return `"?` + query(more...) + `"` }
	for _, row := range []struct{ name, body, want string }{
		{"its own", `{"requests":[` + element("cip", "198.51.100.9", "token_auth", write) + `]}`, `{"status":"success","tracked":1,"invalid":0}`},
		{"its own is worse", `{"token_auth":"` + write + `","requests":[` + element("cip", "198.51.100.9", "token_auth", read) + `]}`, `{"status":"success","tracked":0,"invalid":1}`},
		{"rotten elements", `{"requests":[` + element() + `,` + element("idsite", "x") + `,` + element() + `,` + element("idsite", "99") + `]}`, `{"status":"success","tracked":2,"invalid":2}`},
		{"told to a super user", `{"token_auth":"` + admin + `","requests":[` + element("cid", "z") + `,` + element() + `,{"idsite":"1","rec":"1","idgoal":"5"}]}`, `{"status":"success","tracked":1,"invalid":2,"invalid_indices":[0,2]}`},
		{"not to a writer", `{"token_auth":"` + write + `","requests":[` + element("cid", "z") + `]}`, `{"status":"success","tracked":0,"invalid":1}`},
	} {
		if w := c.do(http.MethodPost, "", row.body); w.Code != http.StatusOK || w.Body.String() != row.want {
			t.Errorf("%s: %d %s, want %s", row.name, w.Code, w.Body, row.want)
		}
	}
	c.close()
	if got := s.hits(1, foule.DimTotal, ""); got != 4 {
		t.Errorf("%d hits were counted, want 4", got)
	}
}

func TestTokenCacheIsBounded(t *testing.T) {
	s := newStore()
	sites, err := NewSites(t.Context(), SitesOptions{Settings: s, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 * maxTokens {
		if ok, err := sites.mayWrite(t.Context(), fmt.Sprintf("%032d", i), 1); ok || err != nil {
			t.Fatalf("a made-up token may write: %v, %v", ok, err)
		}
	}
	if n := len(sites.tokens.known); n > maxTokens {
		t.Errorf("%d tokens are remembered, want at most %d", n, maxTokens)
	}
}

// TestTokenWhileTheStoreIsAway: a hit whose token cannot be checked is not
// refused for good, and a hit that needs no token does not ask.
func TestTokenWhileTheStoreIsAway(t *testing.T) {
	s := newStore()
	c := open(t, t.TempDir(), s, newClock())
	write := s.token(storage.RoleWrite, 0)
	s.fail(errors.New("away"))
	needs := `"?idsite=1&rec=1&url=http://a/&cip=192.0.2.1"`
	plain := `"?idsite=1&rec=1&url=http://a/"`
	for _, row := range []struct {
		name, body string
		want       int
	}{
		{"needs the token", `{"token_auth":"` + write + `","requests":[` + needs + `]}`, http.StatusServiceUnavailable},
		{"needs none", `{"token_auth":"` + write + `","requests":[` + plain + `]}`, http.StatusOK},
	} {
		w := c.do(http.MethodPost, "", row.body)
		if w.Code != row.want || w.Code == http.StatusServiceUnavailable && w.Header().Get("Retry-After") == "" {
			t.Errorf("%s: %d %s, want %d", row.name, w.Code, w.Body, row.want)
		}
	}
	s.fail(nil)
	c.close()
}

// TestErasedSite: a site that is erased while the collector runs is refused as one
// that there is not, and gone from the copy; its neighbour counts on.
func TestErasedSite(t *testing.T) {
	dir, s := t.TempDir(), newStore()
	s.addSite(foule.Site{ID: 2, Name: "Gone", Timezone: "UTC"})
	c := open(t, dir, s, newClock())
	if w := c.get("idsite", "2"); w.Code != http.StatusNoContent {
		t.Fatalf("before: %d", w.Code)
	}
	s.mu.Lock()
	s.sites = s.sites[:1]
	s.mu.Unlock()
	if err := c.Endpoint.Sites.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if w := c.get("idsite", "2"); w.Code != http.StatusBadRequest {
		t.Errorf("the erased site: %d, want 400", w.Code)
	}
	if w := c.get(); w.Code != http.StatusNoContent {
		t.Errorf("its neighbour: %d", w.Code)
	}
	copied, err := os.ReadFile(filepath.Join(dir, sitesCopyName))
	if err != nil || strings.Contains(string(copied), "Gone") || !strings.Contains(string(copied), "One") {
		t.Errorf("the copy holds %s, %v", copied, err)
	}
	c.close()
	s.fail(errDown)
	if w := open(t, dir, s, newClock()).get("idsite", "2"); w.Code != http.StatusBadRequest {
		t.Errorf("after a start while the store is away: %d, want 400", w.Code)
	}
	s.fail(nil)
}
