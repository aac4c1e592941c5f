package dashboard

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/report"
	"foule.eu/foule/storage"
	"foule.eu/foule/storage/sqlite"
	"foule.eu/foule/web/auth"
)

// moody is a store that fails: everything with settings, only reports with figures.
type moody struct {
	*sqlite.Store
	settings, figures error
}

func (m *moody) UserByID(ctx context.Context, id int64) (storage.User, error) {
	if m.settings != nil {
		return storage.User{}, m.settings
	}
	return m.Store.UserByID(ctx, id)
}

func (m *moody) UserByEmail(ctx context.Context, email string) (storage.User, error) {
	if m.settings != nil {
		return storage.User{}, m.settings
	}
	return m.Store.UserByEmail(ctx, email)
}

func (m *moody) Session(ctx context.Context, hash [32]byte) (storage.Session, error) {
	if m.settings != nil {
		return storage.Session{}, m.settings
	}
	return m.Store.Session(ctx, hash)
}

func (m *moody) UpdateSite(ctx context.Context, site foule.Site) error {
	if m.figures != nil {
		return m.figures
	}
	return m.Store.UpdateSite(ctx, site)
}

func (m *moody) Table(ctx context.Context, q storage.TableQuery) (storage.TableResult, error) {
	if m.figures != nil {
		return storage.TableResult{}, m.figures
	}
	return m.Store.Table(ctx, q)
}

// over puts the house over another store, and over a collector's lag.
func (h *house) over(s storage.Store, log *strings.Builder, lag func() Lag) *house {
	other := *h
	other.handler = New(Deps{
		Report: report.New(s), Settings: s, Auth: auth.New(s, nil), TrackingURL: "https://stats.example/",
		Now: func() time.Time { return fixedNow }, Version: "0.1", Log: slog.New(slog.NewTextHandler(log, nil)), Lag: lag,
	})
	return &other
}

// TestStoreInTrouble: the reader is told what is going on, in both languages,
// and nothing of the inside; the log is told the rest.
func TestStoreInTrouble(t *testing.T) {
	h := openHouse(t)
	h.fill(t, 20, 100)
	away := fmt.Errorf("clickhouse: 10.1.2.3:9000: connection refused: %w", storage.ErrUnavailable)
	limit := fmt.Errorf("clickhouse: 10.1.2.3:9000: 10 GB: %w", storage.ErrLimit)
	login := url.Values{"email": {testEmail}, "password": {testPassword}}
	site := url.Values{"name": {"New"}, "timezone": {"UTC"}, "currency": {"EUR"}}
	for _, row := range []struct {
		name     string
		store    moody
		path     string
		form     url.Values // nil: GET
		status   int
		en, fr   string // the head
		again    string
		link     string // of the button
		unsaved  bool
		retrying string // header Retry-After
	}{
		{"away, who is it?", moody{settings: away}, "/sites/1?period=30d", nil, 503, "No figures at the moment", "Pas de chiffres pour le moment", "10", "/sites/1?period=30d", false, "10"},
		{"away, at the figures", moody{figures: away}, "/sites/1/reports/pages", nil, 503, "No figures at the moment", "Pas de chiffres pour le moment", "10", "/sites/1/reports/pages", false, "10"},
		{"away, at the log-in", moody{settings: away}, "/login", login, 503, "No figures at the moment", "Pas de chiffres pour le moment", "", "/", true, "10"},
		{"away, when something is saved", moody{figures: away}, "/sites/1/settings", site, 503, "No figures at the moment", "Pas de chiffres pour le moment", "", "/", true, "10"},
		{"too large", moody{figures: limit}, "/sites/1?period=year&filter=country:FR", nil, 422, "Too much at once", "C’est trop à la fois", "", "/sites/1?period=7d", false, ""},
		{"too large all the same", moody{figures: limit}, "/sites/1?period=7d", nil, 422, "Too much at once", "C’est trop à la fois", "", "/", false, ""},
	} {
		for lang, head := range map[string]string{"en": row.en, "fr": row.fr} {
			t.Run(row.name+" "+lang, func(t *testing.T) {
				row.store.Store = h.store
				var log strings.Builder
				other := h.over(&row.store, &log, nil)
				w := other.get(t, row.path, lang)
				if row.form != nil {
					w = other.postIn(t, row.path, lang, row.form)
				}
				if w.Code != row.status || w.Header().Get("Retry-After") != row.retrying || w.Header().Get("Content-Language") != lang {
					t.Fatalf("status %d, headers %v", w.Code, w.Header())
				}
				p := parse(t, w)
				if got := text(p.one("h1")); got != head {
					t.Errorf("head %q, want %q", got, head)
				}
				if again, _ := attr(p.one(".sheet"), "data-again"); again != row.again {
					t.Errorf("it looks again after %q s, want %q", again, row.again)
				}
				if unsaved := len(p.all(".notice.bad")) == 1; unsaved != row.unsaved {
					t.Errorf("it says that it may not have been saved: %t", unsaved)
				}
				if href, _ := attr(p.all(".btn")[0], "href"); href != row.link {
					t.Errorf("the first button leads to %q, want %q", href, row.link)
				}
				if strings.Contains(w.Body.String(), "10.1.2.3") || !strings.Contains(log.String(), "10.1.2.3") {
					t.Errorf("what the page shows or the log lacks: %s\n%s", w.Body, log.String())
				}
			})
		}
	}
}

func (h *house) postIn(t *testing.T, path, lang string, form url.Values) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Accept-Language", lang)
	r.AddCookie(h.cookie)
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, r)
	return w
}

// TestSlowStore: a page that takes too long ends, and says so.
func TestSlowStore(t *testing.T) {
	h := openHouse(t)
	var log strings.Builder
	other := h.over(&moody{Store: h.store, figures: fmt.Errorf("interrupted: %w", context.Canceled)}, &log, nil)
	ctx, cancel := context.WithTimeout(t.Context(), 0) // the page's own limit, come early
	defer cancel()
	r := httptest.NewRequest("GET", "/sites/1", nil).WithContext(ctx)
	r.AddCookie(h.cookie)
	w := httptest.NewRecorder()
	other.handler.ServeHTTP(w, r)
	if got := text(parse(t, w).one("h1")); w.Code != http.StatusServiceUnavailable || got != "The figures take too long" {
		t.Errorf("status %d, %q", w.Code, got)
	}
}

// TestLagNotice: pages of figures say how far they are behind, in the site's time.
func TestLagNotice(t *testing.T) {
	h := openHouse(t)
	h.fill(t, 20, 100)
	for _, row := range []struct {
		name   string
		lag    Lag
		en, fr string // "": no notice
	}{
		{"nothing waits", Lag{}, "", ""},
		{"on its way", Lag{AsOf: fixedNow.Add(-20 * time.Second), Bytes: 1e6}, "", ""},
		{"behind", Lag{AsOf: fixedNow.Add(-75 * time.Minute).UTC(), Bytes: 3_210_000},
			"The figures are as of 14:05. The store is behind: 3.2 MB of hits wait in the journal and are being counted.",
			"Les chiffres s’arrêtent à 14:05. La base est en retard : 3,2 Mo de hits attendent dans le journal et sont en cours de comptage."},
		{"refusing since just now", Lag{Failing: true, AsOf: fixedNow.Add(-2 * time.Second), Bytes: 400},
			"The figures are as of 15:19. The store takes no new counts at the moment: 0.1 MB of hits wait in the journal, and none is lost.",
			"Les chiffres s’arrêtent à 15:19. La base n’accepte pas de nouveaux comptages pour le moment : 0,1 Mo de hits attendent dans le journal, et aucun n’est perdu."},
		{"refusing since yesterday", Lag{Failing: true, AsOf: fixedNow.Add(-24 * time.Hour), Bytes: 1_234_567_890},
			"The figures are as of 15:20 on 23 Mar. The store takes no new counts at the moment: 1,235 MB of hits wait in the journal, and none is lost.",
			"Les chiffres s’arrêtent à 15:20 le 23 mars. La base n’accepte pas de nouveaux comptages pour le moment : 1 235 Mo de hits attendent dans le journal, et aucun n’est perdu."},
	} {
		var log strings.Builder
		other := h.over(h.store, &log, func() Lag { return row.lag })
		for lang, want := range map[string]string{"en": row.en, "fr": row.fr} {
			for _, path := range []string{"/sites/1", "/sites/1/reports/pages"} {
				got := strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(strings.Join(parse(t, other.get(t, path, lang)).texts(".notice.lag"), "|"))
				if got != want {
					t.Errorf("%s, %s of %s:\ngot  %q\nwant %q", row.name, lang, path, got, want)
				}
			}
		}
		if got := parse(t, other.get(t, "/account", "en")).texts(".notice.lag"); len(got) != 0 {
			t.Errorf("%s: a page without figures says %q", row.name, got)
		}
	}
}
