package optout

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"time"
)

//go:embed optout.js
var scriptSource []byte

// told is what the script is started with; it reads the rest from its own tag
// and from the page.
type told struct {
	Div      string                       `json:"div"`
	Language string                       `json:"language,omitempty"`
	Intro    bool                         `json:"intro"`
	Style    map[string]string            `json:"style,omitempty"` // CSS property to value
	Ignores  bool                         `json:"ignoresDNT,omitempty"`
	Words    map[string]map[string]string `json:"words"` // by language
}

// defaultMatomoDiv is the element that Matomo's embed code names.
const defaultMatomoDiv = "matomo-opt-out"

// cacheScript is short: the script knows the site's answer to Do Not Track.
const cacheScript = "public, max-age=3600, stale-while-revalidate=3600, stale-if-error=864000"

// script serves /optout.js and Matomo's optOutJS: the same program, started
// with what the address asks for. The bytes depend on the address and on the
// site's setting alone, never on the browser.
func (s *server) script(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	div := defaultDiv
	if r.URL.Query().Get("action") != "" {
		div = defaultMatomoDiv
	}
	body := s.compose(readLook(r.URL.Query(), div))
	sum := sha256.Sum256(body)
	h := w.Header()
	h.Set("Content-Type", "application/javascript; charset=utf-8")
	h.Set("Cache-Control", cacheScript)
	h.Set("ETag", `"`+base64.RawURLEncoding.EncodeToString(sum[:9])+`"`)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

func (s *server) compose(l look) []byte {
	t := told{Div: l.Div, Language: l.Language, Intro: l.Intro, Ignores: s.ignoresDNT(l.Site), Words: map[string]map[string]string{}}
	for lang, say := range s.words {
		t.Words[lang] = map[string]string{}
		for _, part := range []map[string]string{say.Shared, say.Script} {
			for key, sentence := range part {
				t.Words[lang][key] = sentence
			}
		}
	}
	t.Style = l.properties()
	// JSON is JavaScript; strings, booleans and maps of strings cannot fail.
	arguments, _ := json.Marshal(t)
	var b bytes.Buffer
	b.Write(bytes.TrimSuffix(bytes.TrimSpace(scriptSource), []byte(";")))
	b.WriteByte('(')
	b.Write(arguments)
	b.WriteString(");\n")
	return b.Bytes()
}

// properties are the styles of the script's element. They are set one by one
// through the element's own interface, which a strict policy allows.
func (l look) properties() map[string]string {
	style := map[string]string{}
	for name, value := range map[string]string{
		"background-color": l.Background, "color": l.Color, "font-size": l.FontSize, "font-family": l.family(),
	} {
		if value != "" {
			style[name] = value
		}
	}
	return style
}
