package dashboard

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"foule.eu/foule"
	"foule.eu/foule/storage"
	"foule.eu/foule/web/auth"
)

func (h *house) submit(t *testing.T, path string, form url.Values, wantStatus int) *httptest.ResponseRecorder {
	t.Helper()
	w := h.post(t, h.cookie, path, form)
	if w.Code != wantStatus {
		t.Fatalf("POST %s: status %d, want %d: %v", path, w.Code, wantStatus, parse(t, w).texts("[role=alert]"))
	}
	return w
}

func TestSiteForms(t *testing.T) {
	h := openHouse(t)
	w := h.submit(t, "/sites/new", url.Values{
		"name": {"Blog"}, "hosts": {"https://www.Blog.example/about\n*.blog.example"}, "timezone": {"Europe/Brussels"}, "currency": {"chf"},
	}, http.StatusSeeOther)
	if to := w.Header().Get("Location"); to != "/sites/3/install" {
		t.Fatalf("sent to %q", to)
	}
	site, err := h.store.Site(t.Context(), 3)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, site.Hosts, []string{"blog.example", "*.blog.example"})
	if site.Timezone != "Europe/Brussels" || site.Currency != "CHF" || site.Created != fixedNow.Unix() {
		t.Errorf("stored %+v", site)
	}

	w = h.submit(t, "/sites/3/settings", url.Values{
		"name": {" "}, "hosts": {"<b>"}, "timezone": {"Mars/Olympus"}, "currency": {"€"},
	}, http.StatusUnprocessableEntity)
	p := parse(t, w)
	if got := len(p.all("[role=alert] p")); got != 4 {
		t.Errorf("%d faults, want 4", got)
	}
	if got := text(p.one("textarea[name=hosts]")); got != "<b>" {
		t.Errorf("what was typed became %q", got)
	}
	h.submit(t, "/sites/3/settings", url.Values{"name": {"Carnet"}, "timezone": {"UTC"}, "excluded": {"192.0.2.1, 10.0.0.0/8"}, "paths": {"/admin"}, "ignore_dnt": {"1"}}, http.StatusSeeOther)
	if site, _ = h.store.Site(t.Context(), 3); site.Name != "Carnet" || len(site.ExcludedIPs) != 2 || len(site.ExcludedPaths) != 1 || !site.IgnoreDNT {
		t.Errorf("stored %+v", site)
	}
}

func TestGoalForms(t *testing.T) {
	h := openHouse(t)
	form := url.Values{"name": {"Contact"}, "match": {"url"}, "pattern_type": {"regex"}, "pattern": {"("}, "revenue": {"-1"}}
	p := parse(t, h.submit(t, "/sites/2/goals/new", form, http.StatusUnprocessableEntity))
	if got := len(p.all("[role=alert] p")); got != 2 {
		t.Errorf("%d faults, want 2", got)
	}
	form.Set("pattern", "^/contact")
	form.Set("revenue", "12,50")
	form.Set("multiple", "1")
	h.submit(t, "/sites/2/goals/new", form, http.StatusSeeOther)
	goals := func() []foule.Goal {
		site, err := h.store.Site(t.Context(), 2)
		if err != nil {
			t.Fatal(err)
		}
		return site.Goals
	}
	want := foule.Goal{ID: 1, Name: "Contact", Match: foule.MatchURL, Pattern: "^/contact", PatternType: foule.PatternRegex, Multiple: true, RevenueMinor: 1250}
	if got := goals(); len(got) != 1 || got[0] != want {
		t.Fatalf("stored %+v, want %+v", got, want)
	}
	form.Set("name", "Write to us")
	h.submit(t, "/sites/2/goals/1", form, http.StatusSeeOther)
	p = parse(t, h.get(t, "/sites/2/settings", "fr"))
	equal(t, p.texts(".list tbody td.muted"), []string{"l’adresse de la page correspond à l’expression « ^/contact »"})
	h.submit(t, "/sites/2/goals/1/delete", nil, http.StatusSeeOther)
	if got := goals(); len(got) != 0 {
		t.Errorf("left %+v", got)
	}
	h.submit(t, "/sites/2/goals/1", form, http.StatusNotFound)

	long := url.Values{"name": {"Reader"}, "match": {"visit_duration"}, "pattern_type": {"regex"}, "pattern": {"5.5"}}
	h.submit(t, "/sites/2/goals/new", long, http.StatusUnprocessableEntity)
	long.Set("pattern", " 5 ")
	h.submit(t, "/sites/2/goals/new", long, http.StatusSeeOther)
	want = foule.Goal{ID: 2, Name: "Reader", Match: foule.MatchDuration, Pattern: "5", PatternType: foule.PatternLonger}
	if got := goals(); len(got) != 1 || got[0] != want {
		t.Errorf("stored %+v, want %+v", got, want)
	}
	p = parse(t, h.get(t, "/sites/2/settings", "en"))
	equal(t, p.texts(".list tbody td.muted"), []string{"the visit lasts longer than 5 minutes"})
}

func TestTokenForms(t *testing.T) {
	h := openHouse(t)
	w := h.submit(t, "/settings/tokens", url.Values{"name": {"Export"}, "scope": {"read"}, "site": {"1"}}, http.StatusCreated)
	secret := text(parse(t, w).one(".secret code"))
	token, err := h.store.TokenByHash(t.Context(), storage.HashToken(secret))
	if err != nil || token.Name != "Export" || token.Scope != storage.RoleRead || token.Site != 1 {
		t.Fatalf("stored %+v, %v", token, err)
	}
	w = h.get(t, "/settings/tokens", "en")
	if strings.Contains(w.Body.String(), secret) {
		t.Error("the secret is shown twice")
	}
	equal(t, parse(t, w).texts(".list tbody th"), []string{"Export"})
	h.submit(t, "/settings/tokens", url.Values{"name": {""}, "scope": {"admin"}, "site": {"0"}}, http.StatusUnprocessableEntity)
	h.submit(t, "/settings/tokens", url.Values{"name": {"x"}, "scope": {"admin"}, "site": {"77"}}, http.StatusNotFound)
	h.submit(t, "/settings/tokens/1/delete", nil, http.StatusSeeOther)
	if tokens, _ := h.store.Tokens(t.Context()); len(tokens) != 0 {
		t.Errorf("left %+v", tokens)
	}
}

func TestAccountForms(t *testing.T) {
	h := openHouse(t)
	h.submit(t, "/account", url.Values{"language": {"fr"}}, http.StatusSeeOther)
	p := parse(t, h.get(t, "/account?done=saved", "en"))
	if lang, _ := attr(p.one("html"), "lang"); lang != "fr" || text(p.one("[role=status]")) != "Enregistré." {
		t.Errorf("language %q, notice %q", lang, p.texts("[role=status]"))
	}
	p = parse(t, h.get(t, "/account?lang=en", "fr"))
	if lang, _ := attr(p.one("html"), "lang"); lang != "en" {
		t.Errorf("?lang=en gives %q", lang)
	}
	change := url.Values{"form": {"password"}, "current": {"wrong"}, "password": {"another long password"}}
	h.submit(t, "/account", change, http.StatusUnauthorized)
	change.Set("current", testPassword)
	h.submit(t, "/account", change, http.StatusSeeOther)
	if w := h.get(t, "/account", "en"); w.Code != http.StatusSeeOther {
		t.Errorf("the old session still works: status %d", w.Code)
	}
}

func TestLogIn(t *testing.T) {
	h := openHouse(t)
	w := h.post(t, nil, "/login", url.Values{"email": {testEmail}, "password": {"wrong"}, "next": {"/sites/1"}})
	p := parse(t, w)
	if w.Code != http.StatusUnauthorized || text(p.one("[role=alert]")) != "Wrong e-mail address or password." {
		t.Errorf("status %d", w.Code)
	}
	if next, _ := attr(p.one("input[name=next]"), "value"); next != "/sites/1" {
		t.Errorf("next %q", next)
	}
	for next, want := range map[string]string{
		"/sites/1?period=7d": "/sites/1?period=7d", "//evil.example/": "/", "https://evil.example/": "/", `/\evil.example`: "/", "": "/",
	} {
		w := h.post(t, nil, "/login", url.Values{"email": {testEmail}, "password": {testPassword}, "next": {next}})
		if got := w.Header().Get("Location"); got != want {
			t.Errorf("next %q leads to %q, want %q", next, got, want)
		}
	}
	h.submit(t, "/logout", nil, http.StatusSeeOther)
	if w := h.get(t, "/sites/1", "en"); w.Header().Get("Location") != "/login?next=%2Fsites%2F1" {
		t.Errorf("after log-out: status %d to %q", w.Code, w.Header().Get("Location"))
	}
}

func TestSetUp(t *testing.T) {
	h := openHouse(t)
	secret, err := auth.New(h.store, nil).NewSetupLink(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	p := parse(t, h.get(t, auth.SetupPath(secret), "fr"))
	if email, _ := attr(p.one("input[name=email]"), "value"); email != testEmail {
		t.Errorf("e-mail %q", email)
	}
	form := url.Values{"t": {secret}, "email": {"new@example.org"}, "password": {"short"}}
	if w := h.post(t, nil, "/setup", form); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("short password: status %d", w.Code)
	}
	form.Set("password", "long enough, this one")
	if w := h.post(t, nil, "/setup", form); w.Code != http.StatusSeeOther || len(w.Result().Cookies()) == 0 {
		t.Errorf("status %d", w.Code)
	}
	w := h.get(t, auth.SetupPath(secret), "en")
	if w.Code != http.StatusGone || len(parse(t, w).all("form[action=/setup]")) != 0 {
		t.Errorf("a used link: status %d", w.Code)
	}
}

func TestForeignPost(t *testing.T) {
	h := openHouse(t)
	r := httptest.NewRequest("POST", "/settings/tokens", strings.NewReader("name=x&scope=admin&site=0"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	r.AddCookie(h.cookie)
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, r)
	if w.Code != http.StatusForbidden {
		t.Errorf("a form on another site: status %d, want 403", w.Code)
	}
}

func TestReaderMayNotChange(t *testing.T) {
	h := openHouse(t)
	_, err := h.store.AddUser(t.Context(), storage.User{Email: "reader@example.org", PasswordHash: testHash(), Role: storage.RoleRead})
	if err != nil {
		t.Fatal(err)
	}
	h.cookie = h.logIn(t, "reader@example.org")
	for _, path := range []string{"/sites/1/settings", "/sites/new", "/settings/tokens", "/sites/1/goals/1", "/sites/1/scrubbing"} {
		if w := h.get(t, path, "en"); w.Code != http.StatusForbidden {
			t.Errorf("GET %s: status %d, want 403", path, w.Code)
		}
		if w := h.post(t, h.cookie, path, nil); w.Code != http.StatusForbidden {
			t.Errorf("POST %s: status %d, want 403", path, w.Code)
		}
	}
	w := h.get(t, "/sites/1", "en")
	if w.Code != http.StatusOK || strings.Contains(w.Body.String(), "/settings") {
		t.Errorf("overview: status %d, or it offers settings", w.Code)
	}
}
