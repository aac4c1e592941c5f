package notice

import (
	"encoding/json"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"foule.eu/foule"
	"foule.eu/foule/privacy"
)

var now = time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)

// side is a tracking side with two sites: 1 of the preset cnil, 2 that counts
// those who send DNT and has a name that nobody outside ought to read.
func side() *httptest.Server {
	sites := map[foule.SiteID]*foule.Site{
		1: {ID: 1, Name: "First", Privacy: foule.Privacy{Controller: "Museum <b>", PolicyURL: "https://museum.example/privacy"}},
		2: {ID: 2, Name: "Secret project", IgnoreDNT: true},
	}
	in := privacy.Install{Version: "1.2", IPv4Bits: 24, IPv6Bits: 48, K: 1, KFiltered: 3, RetentionMonths: 25, Places: privacy.PlacesFile, PublicURL: "https://stats.example", Tracking: "https://stats.example/"}
	if list := privacy.Choose(sites[1], foule.PresetCNIL, foule.DayOf(now, time.UTC), &in); list != nil {
		panic(list)
	}
	return httptest.NewServer(New(Options{Install: in, Now: func() time.Time { return now }, Site: func(id foule.SiteID) (*foule.Site, bool) { s, ok := sites[id]; return s, ok }}))
}

// ask gets a page with headers given as name and value in turn.
func ask(t *testing.T, s *httptest.Server, path string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest("GET", path, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.Config.Handler.ServeHTTP(w, r)
	return w
}

// seen is what a reader finds on a page.
func seen(t *testing.T, w *httptest.ResponseRecorder) (state, button, action, lang, all string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(w.Body.String()))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		switch {
		case n.Data == "html":
			lang = attr(n, "lang")
		case strings.HasPrefix(attr(n, "class"), "state"):
			state = text(n)
		case n.Data == "button":
			button = text(n)
		case n.Data == "form":
			action = attr(n, "action")
		case n.Data == "script":
			t.Error("there is a script")
		case n.Data == "main":
			all = text(n)
		}
	}
	return state, button, action, lang, all
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// TestPage: the page speaks the visitor's language and says how he stands.
func TestPage(t *testing.T) {
	s := side()
	defer s.Close()
	for _, row := range []struct {
		name, path          string
		headers             []string
		state, button, lang string
	}{
		{"nothing said", "/privacy/1", nil, "Your visits are counted,", "Do not count my visits", "en"},
		{"French by the browser", "/privacy/1", []string{"Accept-Language", "fr-CA,en;q=0.5"}, "Vos visites sont comptées,", "Ne pas compter mes visites", "fr"},
		{"French by the address", "/privacy/1?lang=fr", []string{"Accept-Language", "en"}, "Vos visites sont comptées,", "Ne pas compter mes visites", "fr"},
		{"GPC", "/privacy/1", []string{"Sec-GPC", "1", "DNT", "1"}, "Your browser says no (Global Privacy Control): you are not counted.", "Keep my no here as well", "en"},
		{"DNT", "/privacy/1?lang=fr", []string{"DNT", "1"}, "Votre navigateur dit non (Do Not Track) : vous n’êtes pas compté.", "Garder aussi mon refus ici", "fr"},
		{"DNT ignored", "/privacy/2", []string{"DNT", "1"}, "Your visits are counted. Your browser sends Do Not Track,", "Do not count my visits", "en"},
		{"said no", "/privacy/1", []string{"Cookie", "foule_optout=1"}, "You have said no: you are not counted.", "Count my visits again", "en"},
		{"said no, and so does the browser", "/privacy/1", []string{"Cookie", "foule_optout=1", "Sec-GPC", "1"}, "Your browser says no", "Count my visits again", "en"},
	} {
		w := ask(t, s, row.path, row.headers...)
		state, button, action, lang, all := seen(t, w)
		if w.Code != 200 || !strings.HasPrefix(state, row.state) || button != row.button || lang != row.lang {
			t.Errorf("%s: %d, %q, %q, %q", row.name, w.Code, state, button, lang)
		}
		if !strings.HasPrefix(action, "../optout?idsite="+row.path[9:10]) || !strings.Contains(action, "language="+lang) {
			t.Errorf("%s: the form goes to %q", row.name, action)
		}
		if h := w.Header(); !strings.HasPrefix(h.Get("Content-Security-Policy"), "default-src 'none'; style-src 'sha256-") || h.Get("Cache-Control") != "no-store" || len(h.Values("Set-Cookie")) > 0 {
			t.Errorf("%s: headers %v", row.name, h)
		}
		for _, never := range []string{"Secret project", "[to fill in", "[à compléter", "certif"} {
			if strings.Contains(all, never) {
				t.Errorf("%s: %q is shown", row.name, never)
			}
		}
		if w.Body.Len() > 16<<10 {
			t.Errorf("%s: %d bytes", row.name, w.Body.Len())
		}
	}
	_, _, _, _, all := seen(t, ask(t, s, "/privacy/1"))
	for _, want := range []string{"Museum <b> measures the audience", "25 months", "sha256:", "29 November 2026", "by self-assessment of 29 November 2026", "rounded to ten"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is missing: %s", want, all)
		}
	}
}

// TestUnknown: a number that is no site's is told in the visitor's language,
// and no list of sites is to be had.
func TestUnknown(t *testing.T) {
	s := side()
	defer s.Close()
	for _, path := range []string{"/privacy/3", "/privacy/x", "/privacy/0", "/privacy/-1", "/privacy/99999999999"} {
		w := ask(t, s, path, "Accept-Language", "fr")
		if state, button, _, _, _ := seen(t, w); w.Code != 404 || state != "Aucun site ne porte ce numéro ici." || button != "" {
			t.Errorf("%s: %d %q", path, w.Code, state)
		}
	}
	for path, want := range map[string]int{"/privacy/": 404, "/.well-known/foule.json?site=3": 404, "/.well-known/foule.json/3": 404, "/.well-known/foule.json/1/2": 404} {
		if w := ask(t, s, path); w.Code != want {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	r := httptest.NewRequest("POST", "/privacy/1", nil)
	w := httptest.NewRecorder()
	s.Config.Handler.ServeHTTP(w, r)
	if w.Code != 405 {
		t.Errorf("POST: %d", w.Code)
	}
}

// TestFile: the file's hash is that of the configuration in it, and neither
// names a site.
func TestFile(t *testing.T) {
	s := side()
	defer s.Close()
	hashes := map[string]bool{}
	for _, path := range []string{"/.well-known/foule.json", "/.well-known/foule.json?site=1", "/.well-known/foule.json/2"} {
		w := ask(t, s, path)
		var f struct {
			Schema        int
			Product, Hash string
			OptOut        string `json:"opt_out"`
			GPC           bool
			Page          string
			Statement     *privacy.Text
			Configuration map[string]any
		}
		if err := json.Unmarshal(w.Body.Bytes(), &f); err != nil || w.Code != 200 {
			t.Fatalf("%s: %d %v", path, w.Code, err)
		}
		if f.Schema != 1 || f.Product != "Foule" || !f.GPC || !strings.HasPrefix(f.OptOut, "https://stats.example/optout") {
			t.Errorf("%s: %+v", path, f)
		}
		if got := privacy.Hash(whole(f.Configuration)); got != f.Hash || hashes[got] {
			t.Errorf("%s: hash %s, that of what is shown is %s", path, f.Hash, got)
		}
		hashes[f.Hash] = true
		if strings.Contains(w.Body.String(), "Secret project") || strings.Contains(w.Body.String(), "First") {
			t.Errorf("%s names a site", path)
		}
		if _, sites := f.Configuration["site"]; sites != (path != "/.well-known/foule.json") || w.Header().Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: %v", path, f.Configuration)
		}
		if strings.HasSuffix(path, "=1") != (f.Statement != nil) {
			t.Errorf("%s: statement %v", path, f.Statement)
		}
	}
	if w := ask(t, s, "/.well-known/gpc.json"); !regexp.MustCompile(`"gpc": true,\s+"lastUpdate": "20\d\d-\d\d-\d\d"`).MatchString(w.Body.String()) {
		t.Errorf("gpc.json: %s", w.Body)
	}
}

// whole makes of what a reader of JSON gets what was written: its numbers are whole.
func whole(v map[string]any) map[string]any {
	for name, value := range v {
		switch value := value.(type) {
		case float64:
			v[name] = int(value)
		case map[string]any:
			v[name] = whole(value)
		case []any:
			list := make([]string, len(value))
			for i := range value {
				list[i] = value[i].(string)
			}
			v[name] = list
		}
	}
	return v
}
