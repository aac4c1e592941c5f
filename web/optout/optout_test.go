package optout

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"foule.eu/foule"
)

const (
	ownPage     = "/optout"
	matomoFrame = "/index.php?module=CoreAdminHome&action=optOut"
)

// ignoring is a tracking side whose site 2 counts those who send DNT.
var ignoring = New(Options{IgnoresDNT: func(id foule.SiteID) bool { return id != 1 }})

// ask sends a request with headers given as name and value in turn.
func ask(t *testing.T, method, path, form string, headers ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(form))
	if form != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	ignoring.ServeHTTP(w, r)
	return w.Result()
}

// seen is what a reader finds on a page.
type seen struct{ State, Button, Wish, Action, Lang string }

func read(t *testing.T, res *http.Response) seen {
	t.Helper()
	root, err := html.Parse(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	var s seen
	for n := range root.Descendants() {
		switch {
		case n.Data == "html":
			s.Lang = attr(n, "lang")
		case attr(n, "role") == "status":
			s.State = text(n)
		case n.Data == "form":
			s.Action = attr(n, "action")
		case n.Data == "button":
			s.Button, s.Wish = text(n), attr(n, "value")
		}
	}
	return s
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

func TestState(t *testing.T) {
	const say, take, also = "Do not count my visits", "Count my visits again", "Keep my no here as well"
	for _, row := range []struct {
		name, path string
		headers    []string
		state      string // its beginning
		button     string
	}{
		{"nothing said", "/optout?idsite=1", nil, "Your visits are counted, anonymously.", say},
		{"said no", "/optout", []string{"Cookie", "foule_optout=1"}, "Your visits are not counted. This browser keeps", take},
		{"said no to Matomo, long ago", "/optout", []string{"Cookie", "a=b; piwik_ignore=x"}, "Your visits are not counted. This browser keeps", take},
		{"GPC", "/optout", []string{"Sec-GPC", "1"}, "Your browser already asks not to be counted (Global Privacy Control)", also},
		{"GPC comes first", "/optout", []string{"Sec-GPC", "1", "DNT", "1", "Cookie", "foule_optout=1"}, "Your browser already asks not to be counted (Global Privacy Control)", take},
		{"DNT respected", "/optout?idsite=1", []string{"DNT", "1"}, "Your browser already asks not to be counted (Do Not Track)", also},
		{"DNT ignored by the site", "/optout?idsite=2", []string{"DNT", "1"}, "Your visits are counted, anonymously. Your browser sends “Do Not Track”", say},
		{"DNT, ignored by some site", "/optout", []string{"DNT", "1"}, "Your visits are counted, anonymously. Your browser sends “Do Not Track”", say},
		{"not kept", "/optout?idsite=1&kept=out", nil, "Your browser did not keep your choice. Your visits are still counted. It may refuse cookies.", say},
		{"not kept in a frame", matomoFrame + "&kept=out", []string{"Sec-Fetch-Dest", "iframe"}, "Your browser did not keep your choice. Your visits are still counted. Inside another website", say},
		{"not kept, but not needed", "/optout?kept=out", []string{"Sec-GPC", "1"}, "Your browser already asks", also},
		{"kept", "/optout?kept=out", []string{"Cookie", "foule_optout=1"}, "Your visits are not counted. This browser keeps", take},
		{"not given up", "/optout?kept=in", []string{"Cookie", "foule_optout=1"}, "Your browser did not let go of your choice.", take},
		{"given up", "/optout?kept=in&idsite=1", nil, "Your visits are counted, anonymously.", say},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := read(t, ask(t, "GET", row.path, "", row.headers...))
			if !strings.HasPrefix(got.State, row.state) || got.Button != row.button {
				t.Errorf("state %q, button %q", got.State, got.Button)
			}
		})
	}
}

func TestChoice(t *testing.T) {
	cookies := func(res *http.Response) []string {
		var out []string
		for _, c := range res.Cookies() {
			parts := []string{c.Name, "lax", "kept"}
			if c.SameSite == http.SameSiteNoneMode {
				parts[1] = "none"
			}
			if c.MaxAge < 0 {
				parts[2] = "gone"
			} else if c.Value != "1" || c.MaxAge != 400*86400 {
				t.Errorf("cookie %v", c)
			}
			if c.Secure {
				parts = append(parts, "secure")
			}
			if c.Partitioned {
				parts = append(parts, "partitioned")
			}
			out = append(out, strings.Join(parts, " "))
		}
		slices.Sort(out)
		return slices.Compact(out)
	}
	gone := func(name string) []string {
		return []string{name + " lax gone", name + " none gone secure", name + " none gone secure partitioned"}
	}
	for _, row := range []struct {
		name, path, wish string
		headers          []string
		to               string
		cookies          []string
	}{
		{"no, on our page", ownPage + "?language=fr&idsite=1", "out", nil, "?frame=0&idsite=1&kept=out&language=fr",
			[]string{"foule_optout lax kept", "foule_optout none kept secure"}},
		{"no, in a frame", matomoFrame + "&idsite=1", "out", []string{"Sec-Fetch-Dest", "iframe"}, "?action=optOut&frame=1&idsite=1&kept=out&module=CoreAdminHome",
			[]string{"foule_optout lax kept", "foule_optout none kept secure partitioned"}},
		{"no, in a frame of an old browser", matomoFrame, "out", nil, "?action=optOut&frame=1&kept=out&module=CoreAdminHome",
			[]string{"foule_optout lax kept", "foule_optout none kept secure partitioned"}},
		{"no, by the frame's script", matomoFrame + "&frame=1", "out", []string{"Sec-Fetch-Dest", "empty"}, "?action=optOut&frame=1&kept=out&module=CoreAdminHome",
			[]string{"foule_optout lax kept", "foule_optout none kept secure partitioned"}},
		{"no, at Matomo's address in a tab, by the page's script", matomoFrame + "&frame=0", "out", []string{"Sec-Fetch-Dest", "empty"}, "?action=optOut&frame=0&kept=out&module=CoreAdminHome",
			[]string{"foule_optout lax kept", "foule_optout none kept secure"}},
		{"yes again", ownPage, "in", nil, "?frame=0&kept=in", gone("foule_optout")},
		{"yes again, Matomo's too", ownPage, "in", []string{"Cookie", "matomo_ignore=1"}, "?frame=0&kept=in", append(gone("foule_optout"), gone("matomo_ignore")...)},
		{"near, from another page of the site", ownPage + "?near=1", "out", []string{"Referer", "https://example.com/optout?near=1"}, "?frame=0&kept=out&near=1",
			[]string{"foule_optout lax kept", "foule_optout none kept secure"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			res := ask(t, "POST", row.path, "wish="+row.wish, row.headers...)
			if to := res.Header.Get("Location"); res.StatusCode != http.StatusSeeOther || to != row.to {
				t.Errorf("status %d to %q", res.StatusCode, to)
			}
			if got := cookies(res); !slices.Equal(got, row.cookies) {
				t.Errorf("cookies %q, want %q", got, row.cookies)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	for _, row := range []struct {
		name, method, path, form string
		headers                  []string
		status                   int
	}{
		{"a form of another site", "POST", ownPage, "wish=in", []string{"Sec-Fetch-Site", "cross-site"}, http.StatusForbidden},
		{"another site, old browser", "POST", ownPage, "wish=in", []string{"Sec-Fetch-Site", "", "Origin", "https://evil.example"}, http.StatusForbidden},
		{"a closed frame", "POST", matomoFrame, "wish=out", []string{"Sec-Fetch-Site", "cross-site", "Origin", "null", "Sec-Fetch-Dest", "iframe"}, http.StatusForbidden},
		{"no wish", "POST", ownPage, "wish=maybe", nil, http.StatusBadRequest},
		{"an endless form", "POST", ownPage, "x=" + strings.Repeat("x", 1<<20) + "&wish=out", nil, http.StatusBadRequest},
		{"another method", "DELETE", ownPage, "", []string{"Sec-Fetch-Site", "same-origin"}, http.StatusMethodNotAllowed},
		{"another module", "GET", "/index.php?module=Login&action=optOut", "", nil, http.StatusNotFound},
		{"another action", "GET", "/index.php?module=CoreAdminHome&action=x", "", nil, http.StatusNotFound},
		{"a script to be posted to", "POST", "/optout.js", "x=1", nil, http.StatusMethodNotAllowed},
	} {
		t.Run(row.name, func(t *testing.T) {
			res := ask(t, row.method, row.path, row.form, row.headers...)
			if res.StatusCode != row.status {
				t.Errorf("status %d, want %d", res.StatusCode, row.status)
			}
			if len(res.Cookies()) > 0 {
				t.Errorf("cookies %v", res.Cookies())
			}
		})
	}
}

func TestLanguage(t *testing.T) {
	for _, row := range []struct{ path, accept, want string }{
		{ownPage, "fr-CH, en;q=0.5", "fr"},
		{ownPage, "ja", "en"},
		{ownPage, "", "en"},
		{ownPage + "?lang=fr", "en", "fr"},
		{ownPage + "?language=en-GB", "fr", "en"},
		{ownPage + "?language=auto", "fr", "fr"},
		{ownPage + "?language=de", "fr", "fr"},
		{matomoFrame + "&language=fr", "en", "fr"},
		{ownPage + "?lang=%22%3E%3Cscript%3E", "en", "en"},
	} {
		res := ask(t, "GET", row.path, "", "Accept-Language", row.accept)
		if got := read(t, res); got.Lang != row.want || res.Header.Get("Content-Language") != row.want {
			t.Errorf("%s for %q: %q", row.path, row.accept, got.Lang)
		}
	}
}

// TestNear: who comes from the same site need not be told that a browser may
// not pass the cookie on.
func TestNear(t *testing.T) {
	const warning = "If you come from a website at another address"
	for _, row := range []struct {
		name, path string
		headers    []string
		warned     bool
	}{
		{"typed", ownPage, []string{"Sec-Fetch-Site", "none"}, true},
		{"old browser", ownPage, nil, true},
		{"another site", ownPage, []string{"Sec-Fetch-Site", "cross-site"}, true},
		{"a claim that the browser does not make", ownPage + "?near=1", []string{"Sec-Fetch-Site", "cross-site"}, true},
		{"the same site", ownPage, []string{"Sec-Fetch-Site", "same-site"}, false},
		{"the same address", ownPage, []string{"Sec-Fetch-Site", "same-origin", "Referer", "https://example.com/privacy"}, false},
		{"back from the form", ownPage + "?kept=out", []string{"Sec-Fetch-Site", "same-origin", "Referer", "https://example.com/optout"}, true},
		{"back from the form, near", ownPage + "?frame=0&kept=out&near=1", []string{"Sec-Fetch-Site", "same-origin", "Referer", "https://example.com/p/optout?near=1"}, false},
		{"a frame", matomoFrame, []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Dest", "iframe"}, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			res := ask(t, "GET", row.path, "", row.headers...)
			root, err := html.Parse(res.Body)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Contains(text(root), warning); got != row.warned {
				t.Errorf("warned: %v", got)
			}
		})
	}
}

func TestHeaders(t *testing.T) {
	res := ask(t, "GET", matomoFrame+"&fontColor=ff0000", "")
	body := httptest.NewRecorder()
	if _, err := body.Body.ReadFrom(res.Body); err != nil {
		t.Fatal(err)
	}
	inline := func(element string) string {
		_, rest, _ := strings.Cut(body.Body.String(), "<"+element+">")
		source, _, _ := strings.Cut(rest, "</"+element+">")
		sum := sha256.Sum256([]byte(source))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	want := "default-src 'none'; style-src " + inline("style") + "; script-src " + inline("script") + "; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors *"
	if got := res.Header.Get("Content-Security-Policy"); got != want {
		t.Errorf("policy %q, want %q", got, want)
	}
	if got := res.Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("a page about one visitor is kept: %q", got)
	}
	if got := res.Header.Get("X-Frame-Options"); got != "" {
		t.Errorf("frames forbidden: %q", got)
	}
}

// TestLook: what fits comes back written our way, what does not is gone.
func TestLook(t *testing.T) {
	for _, row := range []struct{ name, query, css string }{
		{"nothing", "", ""},
		{"Matomo's own", "backgroundColor=FFFFFF&fontColor=1b6e3c&fontSize=14px&fontFamily=Arial", `:root{color-scheme:light;--ground:#ffffff;--text:#1b6e3c;--size:14px;--family:"Arial"}`},
		{"empty, as Matomo's generator leaves them", "backgroundColor=&fontColor=&fontSize=&fontFamily=Helvetica", `:root{--family:"Helvetica"}`},
		{"short, with a hash", "fontColor=%23Abc", ":root{color-scheme:light;--text:#abc}"},
		{"several fonts", "fontFamily='Open+Sans',+Arial,sans-serif", `:root{--family:"Open Sans", "Arial", sans-serif}`},
		{"sizes", "fontSize=1.25rem", ":root{--size:1.25rem}"},
		{"styling off", "applyStyling=0&fontColor=fff", ""},
		{"colour that closes the rule", "fontColor=fff}body{display:none", ""},
		{"colour by name", "fontColor=red", ""},
		{"size that is none", "fontSize=1e9px", ""},
		{"size with more behind", "fontSize=12px;x:y", ""},
		{"font that ends the element", "fontFamily=</style><script>", ""},
		{"font that ends the string", `fontFamily=a"b`, ""},
		{"font that calls", "fontFamily=url(//evil.example)", ""},
		{"font with a line break", "fontFamily=a%0Ab", ""},
		{"one odd font of two", "fontFamily=Arial,{", ""},
		{"too many fonts", "fontFamily=a,b,c,d,e,f,g,h,i", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			q, err := url.ParseQuery(strings.ReplaceAll(row.query, ";", "%3B"))
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.TrimSpace(readLook(q, "").css()); got != row.css {
				t.Errorf("got %q, want %q", got, row.css)
			}
			again := readLook(readLook(q, "").query(), "")
			if got := strings.TrimSpace(again.css()); got != row.css {
				t.Errorf("written down and read again: %q", got)
			}
		})
	}
}

// started takes a script's arguments out of it.
func started(t *testing.T, path string) told {
	t.Helper()
	res := ask(t, "GET", path, "")
	w := httptest.NewRecorder()
	if _, err := w.Body.ReadFrom(res.Body); err != nil {
		t.Fatal(err)
	}
	_, arguments, _ := strings.Cut(w.Body.String(), "\n})(")
	var got told
	if err := json.Unmarshal([]byte(strings.TrimSuffix(arguments, ");\n")), &got); err != nil {
		t.Fatalf("%v in %q", err, arguments)
	}
	return got
}

func TestScript(t *testing.T) {
	const js = "/index.php?module=CoreAdminHome&action=optOutJS"
	style := map[string]string{"background-color": "#ffffff", "color": "#000000", "font-size": "14px", "font-family": `"Arial"`}
	for _, row := range []struct {
		name, path string
		want       told
	}{
		{"our own", "/optout.js?idsite=1", told{Div: "foule-opt-out", Intro: true}},
		{"DNT ignored", "/optout.js?idsite=2", told{Div: "foule-opt-out", Intro: true, Ignores: true}},
		{"Matomo's", js + "&idsite=1", told{Div: "matomo-opt-out", Intro: true}},
		{"Matomo's, all of it", js + "&idsite=1&divId=my-box&language=fr&showIntro=0&backgroundColor=FFFFFF&fontColor=000000&fontSize=14px&fontFamily=Arial",
			told{Div: "my-box", Language: "fr", Style: style}},
		{"a language that we do not speak", js + "&idsite=1&language=de", told{Div: "matomo-opt-out", Intro: true}},
		{"an element that is no id", js + "&idsite=1&divId=%22%29%3Balert%281%29", told{Div: "matomo-opt-out", Intro: true}},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := started(t, row.path)
			if len(got.Words["fr"]) == 0 || len(got.Words["fr"]) != len(got.Words["en"]) {
				t.Errorf("words %v", got.Words)
			}
			got.Words = nil
			if got.Div != row.want.Div || got.Language != row.want.Language || got.Intro != row.want.Intro || got.Ignores != row.want.Ignores || !maps.Equal(got.Style, row.want.Style) {
				t.Errorf("got %+v, want %+v", got, row.want)
			}
		})
	}
	res := ask(t, "GET", "/optout.js", "")
	if res.Header.Get("Access-Control-Allow-Origin") != "*" || res.Header.Get("Cross-Origin-Resource-Policy") != "cross-origin" {
		t.Errorf("headers %v", res.Header)
	}
	if again := ask(t, "GET", "/optout.js", "", "If-None-Match", res.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
		t.Errorf("asked again: %d", again.StatusCode)
	}
}

func TestCataloguesAgree(t *testing.T) {
	all := loadWords()
	en, fr := all["en"], all["fr"]
	for _, part := range []struct{ en, fr map[string]string }{{en.Page, fr.Page}, {en.Shared, fr.Shared}, {en.Script, fr.Script}} {
		for key, sentence := range part.en {
			if part.fr[key] == "" || sentence == "" {
				t.Errorf("%s: empty, or missing in French", key)
			}
		}
		if len(part.en) != len(part.fr) {
			t.Errorf("%d sentences in English, %d in French", len(part.en), len(part.fr))
		}
	}
	used := map[string]bool{}
	source := string(scriptSource)
	for _, m := range regexp.MustCompile(`words\.(\w+)|'(\w+)'`).FindAllStringSubmatch(source, -1) {
		used[m[1]+m[2]] = true
	}
	for key := range en.Script {
		if !used[key] {
			t.Errorf("%s: the script does not say it", key)
		}
	}
}
