package dashboard

import (
	"bytes"
	"context"
	"embed"
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"foule.eu/foule"
	"foule.eu/foule/privacy"
	"foule.eu/foule/report"
	"foule.eu/foule/storage"
	"foule.eu/foule/web/auth"
)

//go:embed templates/*.html
var templateFiles embed.FS

// pages are the templates of one language, by name of the page.
type pages map[string]*template.Template

// pageNames are the pages; each stands in templates/NAME.html, and all share
// layout.html and parts.html.
var pageNames = []string{
	"overview", "table", "flow", "speed", "funnel", "funnel-form", "goal-report", "dimension", "install", "site", "erase", "scrubbing", "privacy", "compliance", "document", "new-site", "goal", "tokens", "account", "login", "setup", "error",
}

func parsePages(l *locale, assets *assetSet) pages {
	funcs := template.FuncMap{
		"t": l.T, "n": l.N, "num": l.Int, "day": l.Day, "lang": func() string { return l.Lang },
		"asset": assets.url,
	}
	out := pages{}
	for _, name := range pageNames {
		out[name] = template.Must(template.New("layout.html").Funcs(funcs).ParseFS(templateFiles,
			"templates/layout.html", "templates/parts.html", "templates/"+name+".html"))
	}
	return out
}

// shell is what stands around every page.
type shell struct {
	Title    string
	Site     *foule.Site // nil on pages that are about no site
	SitePath string      // "/sites/3"
	Sites    []link      // to choose from
	User     *storage.User
	Admin    bool
	Live     string // visitors in the last minutes, in words
	Idle     bool   // nobody is here
	Rounded  bool   // the page's figures are rounded
	Langs    []link
	Notice   string
	Due      string // that the site's promises ought to be reviewed; "" if they need not
	Lag      string // how far the figures are behind, in words; "" if they are not
	Version  string
	Page     string // the template's name
	Body     any
}

// notices are the sentences that may be shown after a redirect, by ?done=.
var notices = map[string]bool{"saved": true, "added": true, "deleted": true, "password": true, "erased": true, "erasing": true}

// withDone marks an address to be redirected to with the notice to show there.
func withDone(path, notice string) string { return path + "?" + url.Values{"done": {notice}}.Encode() }

func (s *server) render(w http.ResponseWriter, r *http.Request, name, title string, site *foule.Site, body any) error {
	return s.renderStatus(w, r, http.StatusOK, name, title, site, body)
}

func (s *server) renderStatus(w http.ResponseWriter, r *http.Request, status int, name, title string, site *foule.Site, body any) error {
	l := localeOf(r)
	sh := shell{Title: title, Site: site, Version: s.Version, Page: name, Body: body, Langs: langLinks(l, r)}
	if done := r.URL.Query().Get("done"); notices[done] {
		sh.Notice = l.T("done." + done)
	}
	if u, ok := s.Auth.User(r.Context()); ok {
		sh.User, sh.Admin = &u, u.Role.Allows(storage.RoleAdmin)
		if err := s.siteLinks(r.Context(), &sh); err != nil {
			return err
		}
	}
	if site != nil {
		sh.SitePath = sitePath(site.ID)
		live, err := s.Report.Live(r.Context(), *site, s.Now())
		if err != nil {
			return err
		}
		sh.Lag = s.lagText(l, site)
		sh.Live, sh.Idle = l.live(&live), live.Visitors5 == 0
		sh.Rounded = live.Disclosure != nil && ofFigures[name]
		if sh.Admin && name != "privacy" && site.Privacy.Preset != foule.PresetNone && privacy.ReviewDue(site, s.todayAt(site)) {
			sh.Due = l.T("privacy.due")
		}
	}
	var b bytes.Buffer
	if err := s.templates[l.Lang][name].Execute(&b, sh); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", l.Lang)
	h.Add("Vary", "Accept-Language, Cookie")
	w.WriteHeader(status)
	_, err := b.WriteTo(w)
	return err
}

// ofFigures are the pages that show figures of a site.
var ofFigures = map[string]bool{"overview": true, "table": true, "flow": true, "speed": true, "funnel": true, "goal-report": true, "install": true}

// live says who is here now.
func (l *locale) live(live *report.Live) string {
	if live.Disclosure != nil && live.Visitors5 == 0 {
		return l.T("live.few")
	}
	return l.N("live", live.Visitors5)
}

func (s *server) siteLinks(ctx context.Context, sh *shell) error {
	sites, err := s.Settings.Sites(ctx)
	if err != nil {
		return err
	}
	for _, site := range sites {
		sh.Sites = append(sh.Sites, link{
			Href: sitePath(site.ID), Text: site.Name, Current: sh.Site != nil && sh.Site.ID == site.ID,
		})
	}
	return nil
}

// langLinks lead to the same page in the other languages.
func langLinks(l *locale, r *http.Request) []link {
	var out []link
	for _, lang := range languages {
		q := r.URL.Query()
		q.Set("lang", lang)
		out = append(out, link{Href: "?" + q.Encode(), Text: lang, Current: lang == l.Lang})
	}
	return out
}

// requireAdmin lets only those pass who may change settings.
func (s *server) requireAdmin(next http.Handler) http.Handler {
	return s.handle(func(w http.ResponseWriter, r *http.Request) error {
		if !s.isAdmin(r) {
			return auth.ErrForbidden
		}
		next.ServeHTTP(w, r)
		return nil
	})
}

// isAdmin says whether who asks may change settings.
func (s *server) isAdmin(r *http.Request) bool {
	u, _ := s.Auth.User(r.Context())
	return u.Role.Allows(storage.RoleAdmin)
}

// local keeps an address to go to after log-in on this origin.
func local(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(next, "/") ||
		strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") {
		return "/"
	}
	return next
}
