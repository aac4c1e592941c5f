package dashboard

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

//go:embed locales/*.json
var localeFiles embed.FS

// languages are the catalogues there are; the first is the fallback.
var languages = []string{"en", "fr"}

var matcher = language.NewMatcher([]language.Tag{language.English, language.French})

// locale is one language: its sentences and its ways to write numbers.
type locale struct {
	Lang      string
	text      map[string]string
	regions   display.Namer
	languages display.Namer
}

func loadLocales() map[string]*locale {
	out := map[string]*locale{}
	for _, lang := range languages {
		b, err := localeFiles.ReadFile("locales/" + lang + ".json")
		if err != nil {
			panic(err)
		}
		tag := language.MustParse(lang)
		l := &locale{Lang: lang, regions: display.Regions(tag), languages: display.Languages(tag)}
		if err := json.Unmarshal(b, &l.text); err != nil {
			panic(fmt.Errorf("dashboard: catalogue %s: %w", lang, err))
		}
		out[lang] = l
	}
	return out
}

// T gives the sentence under key with its {placeholders} filled from pairs of
// name and value. A missing key shows itself; a test keeps that from happening.
func (l *locale) T(key string, pairs ...any) string {
	s, ok := l.text[key]
	if !ok {
		return key
	}
	return fill(s, pairs)
}

// N is T for a sentence with a number: key+".one" or key+".other" by the
// language's plural rule, {n} being the number.
func (l *locale) N(key string, n int64, pairs ...any) string {
	form := ".other"
	if n == 1 || (l.Lang == "fr" && n == 0) {
		form = ".one"
	}
	return l.T(key+form, append(pairs, "n", l.Int(n))...)
}

// has gives the sentence under key if there is one.
func (l *locale) has(key string) (string, bool) {
	s, ok := l.text[key]
	return s, ok
}

func fill(s string, pairs []any) string {
	for i := 0; i+1 < len(pairs); i += 2 {
		s = strings.ReplaceAll(s, "{"+fmt.Sprint(pairs[i])+"}", fmt.Sprint(pairs[i+1]))
	}
	return s
}

type localeKey struct{}

const langCookie = "foule_lang"

// withLocale picks the language of a visitor who may not be logged in: ?lang=,
// else the cookie that an earlier ?lang= left, else the browser's.
func (s *server) withLocale(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		lang := r.URL.Query().Get("lang")
		if s.locales[lang] != nil {
			http.SetCookie(w, &http.Cookie{Name: langCookie, Value: lang, Path: "/", MaxAge: 365 * 86400,
				HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: r.TLS != nil})
		} else if c, err := r.Cookie(langCookie); err == nil && s.locales[c.Value] != nil {
			lang = c.Value
		} else {
			_, i := language.MatchStrings(matcher, r.Header.Get("Accept-Language"))
			lang = languages[i]
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), localeKey{}, s.locales[lang])))
	})
}

// withUserLocale lets the user's own choice win, unless the address says otherwise.
func (s *server) withUserLocale(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		u, ok := s.Auth.User(r.Context())
		if l := s.locales[u.Language]; ok && l != nil && s.locales[r.URL.Query().Get("lang")] == nil {
			r = r.WithContext(context.WithValue(r.Context(), localeKey{}, l))
		}
		next.ServeHTTP(w, r)
	})
}

func localeOf(r *http.Request) *locale { return r.Context().Value(localeKey{}).(*locale) }
