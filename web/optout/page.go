package optout

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strings"
)

var (
	//go:embed page.html
	pageSource string
	//go:embed page.css
	pageStyle string
	//go:embed page.js
	pageScript string

	pageTemplate = template.Must(template.New("page").Parse(pageSource))
)

// view is what the template shows.
type view struct {
	Lang, Title, Intro string
	Style              template.CSS
	Script             template.JS
	Framed             bool
	Calm               bool // nobody counts the visitor
	State, More        string
	Changed            bool   // the visitor has just chosen, without script: the state takes the focus
	Action             string // the form's address: this one, a query only
	Wish, Button       string
	Notes              []string
	About, AboutText   string // the page that says what is counted; "" if no site is named
	LanguageName       string
	Languages          []tongue
}

type tongue struct {
	Lang, Name, Href string
	Current          bool
}

var languageNames = map[string]string{"en": "English", "fr": "Français"}

// page shows the choice (GET, HEAD) and takes it (POST). The answer to a choice
// is a redirect to the page, which then sees what the browser really kept.
func (s *server) page(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		s.show(w, r, http.StatusOK, r.URL.Query().Get("kept"))
	case http.MethodPost:
		s.choose(w, r)
	default:
		w.Header().Set("Allow", "GET, HEAD, POST")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
	}
}

// maxForm is far beyond the one word that the form sends.
const maxForm = 4 << 10

func (s *server) choose(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	wish := r.PostFormValue("wish")
	switch wish {
	case "out":
		keepWish(w, framed(r))
	case "in":
		dropWish(w, r)
	default:
		http.Error(w, `wish must be "out" or "in"`, http.StatusBadRequest)
		return
	}
	q := address(r)
	q.Set("kept", wish)
	// Relative, since a proxy may have us under another path than we know.
	w.Header().Set("Location", "?"+q.Encode())
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusSeeOther)
}

// refuse answers a form that another site sent, or one from a frame so closed
// (sandbox) that no cookie could be kept in it.
func (s *server) refuse(w http.ResponseWriter, r *http.Request) {
	s.show(w, r, http.StatusForbidden, "out")
}

// framed says whether another page shows this one inside it. Browsers too old
// to say, and the page's script, whose requests say nothing of it, are believed
// by the address.
func framed(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Dest") {
	case "iframe", "frame", "embed", "object":
		return true
	case "", "empty":
		q := r.URL.Query()
		return q.Get("frame") == "1" || q.Get("action") == "optOut" && q.Get("frame") == ""
	}
	return false
}

// near says whether the visitor came from a page whose hits carry our cookies
// in every browser: one of this address or of the same registrable domain. A
// step from this page to itself keeps what was known.
func near(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "same-site":
		return true
	case "same-origin":
		from, err := url.Parse(r.Header.Get("Referer"))
		elsewhere := err == nil && from.Host != "" && !strings.HasSuffix(from.Path, r.URL.Path)
		return elsewhere || r.URL.Query().Get("near") == "1"
	}
	return false
}

// address is this page's query with what fits only.
func address(r *http.Request) url.Values {
	given := r.URL.Query()
	q := readLook(given, "").query()
	if given.Get("action") == "optOut" {
		q.Set("module", "CoreAdminHome")
		q.Set("action", "optOut")
	}
	if near(r) {
		q.Set("near", "1")
	}
	if framed(r) {
		q.Set("frame", "1")
	} else {
		q.Set("frame", "0")
	}
	return q
}

func (s *server) show(w http.ResponseWriter, r *http.Request, status int, kept string) {
	l := readLook(r.URL.Query(), "")
	lang := languageOf(l, r)
	style := l.css() + pageStyle
	v := view{Lang: lang, Framed: framed(r), Style: template.CSS(style), Script: template.JS(pageScript), Action: "?" + address(r).Encode()}
	s.fill(&v, l, r, kept)
	var b bytes.Buffer
	if err := pageTemplate.Execute(&b, v); err != nil {
		http.Error(w, "the page could not be made", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Security-Policy", fmt.Sprintf("default-src 'none'; style-src '%s'; script-src '%s'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors *",
		hash(style), hash(pageScript)))
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", lang)
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Robots-Tag", "noindex")
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = b.WriteTo(w)
	}
}

// hash names an inline style or script in a policy.
func hash(source string) string {
	sum := sha256.Sum256([]byte(source))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// fill says what is so for this visitor: first what the browser asks of every
// site, then what was said here.
func (s *server) fill(v *view, l look, r *http.Request, kept string) {
	say := s.words[v.Lang]
	no := SaidNo(r)
	gpc := r.Header.Get("Sec-Gpc") == "1"
	dnt := r.Header.Get("Dnt") == "1"
	ignored := dnt && s.ignoresDNT(l.Site)

	key := "counted"
	switch {
	case gpc:
		key = "gpc"
	case no && kept == "in":
		key, v.More = "stuck", say.T("stuck.text")
	case no:
		key = "out"
	case dnt && !ignored:
		key = "dnt"
	case kept == "out":
		key, v.More = "lost", say.T("lost.page")
		if v.Framed {
			v.More = say.T("lost.frame")
		}
	case ignored:
		key = "dntignored"
	}
	v.State, v.Changed = say.T(key), kept != ""
	v.Calm = key == "gpc" || key == "dnt" || key == "out" || key == "stuck"
	switch {
	case no:
		v.Wish, v.Button = "in", say.T("take")
	case v.Calm:
		v.Wish, v.Button = "out", say.T("also")
	default:
		v.Wish, v.Button = "out", say.T("say")
	}
	v.Title = say.T("title")
	if l.Intro {
		v.Intro = say.T("intro")
	}
	if v.Framed {
		v.Notes = []string{say.T("kept.frame")}
		return
	}
	v.Notes = []string{say.T("kept")}
	if !near(r) {
		v.Notes = append(v.Notes, say.T("apart"))
	}
	if l.Site != 0 { // relative, as all here, since a proxy may have us under another path
		v.About, v.AboutText = fmt.Sprintf("privacy/%d?lang=%s", l.Site, v.Lang), say.T("about")
	}
	v.LanguageName = say.T("language")
	for _, lang := range languages {
		q := address(r)
		q.Set("language", lang)
		v.Languages = append(v.Languages, tongue{lang, languageNames[lang], "?" + q.Encode(), lang == v.Lang})
	}
}

// css is the part of the style that the address asks for.
func (l look) css() string {
	var rules []string
	for _, r := range [...]struct{ name, value string }{
		{"--ground", l.Background}, {"--text", l.Color}, {"--size", l.FontSize}, {"--family", l.family()},
	} {
		if r.value != "" {
			rules = append(rules, r.name+":"+r.value)
		}
	}
	if len(rules) == 0 {
		return ""
	}
	scheme := ""
	if l.Background != "" || l.Color != "" {
		scheme = "color-scheme:light;" // one pair of colours is no pair for the night
	}
	return ":root{" + scheme + strings.Join(rules, ";") + "}\n"
}
