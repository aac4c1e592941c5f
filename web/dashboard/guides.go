package dashboard

import (
	"embed"
	"encoding/json"
	"html"
	"strconv"
	"strings"
	"text/template"

	"foule.eu/foule"
	"foule.eu/foule/privacy"
	"foule.eu/foule/web/tracker"
)

//go:embed guides/*.txt
var guideFiles embed.FS

// guides are the kinds of site that the installation page knows, the first
// being the default. Each has its code in guides/CODE.txt, written for the
// major versions of 2026, and sentences under "guide.NAME" (where the code
// goes) and perhaps "guide.NAME.note".
var guides = []struct{ Name, Title, File, Code string }{
	{"html", "HTML", "", "html"},
	{"wordpress", "WordPress", "functions.php", "wordpress"},
	{"next", "Next.js", "app/layout.tsx", "next"},
	{"nuxt", "Nuxt", "nuxt.config.ts", "nuxt"},
	{"vue", "Vue", "index.html", "html"},
	{"angular", "Angular", "src/index.html", "html"},
	{"astro", "Astro", "src/layouts/Layout.astro", "astro"},
	{"docusaurus", "Docusaurus", "docusaurus.config.js", "docusaurus"},
	{"gtm", "Google Tag Manager", "", "gtm"},
}

var guideCode = template.Must(template.New("").Funcs(template.FuncMap{
	"html": html.EscapeString, "js": scriptString, "php": phpString, "react": reactName, "orOne": orOne,
}).ParseFS(guideFiles, "guides/*.txt"))

// element is the script element in a form that each guide can write its own way.
type element struct {
	Src, Lang  string
	Attributes []attribute
}

// attribute is one of the element's; an empty value makes it a mere name.
type attribute struct{ Name, Value string }

// elementOf gives the element for a site, with what the script has to know so
// that it decides as the tracking side does. A pinned one names this very
// version of the script and its hash.
func (s *server) elementOf(l *locale, site *foule.Site, pinned bool) element {
	script := scriptFor(site)
	e := element{Src: s.trackingBase() + script.File(), Lang: l.Lang}
	if pinned {
		e.Src = s.trackingBase() + script.Versioned()
		e.Attributes = append(e.Attributes, attribute{"integrity", script.Integrity()}, attribute{"crossorigin", "anonymous"})
	}
	e.Attributes = append(e.Attributes, attribute{"data-site", strconv.FormatUint(uint64(site.ID), 10)})
	if !site.IgnoreDNT {
		e.Attributes = append(e.Attributes, attribute{Name: "data-dnt"})
	}
	if site.KeepFragment {
		e.Attributes = append(e.Attributes, attribute{Name: "data-hash"})
	}
	return e
}

// scriptFor gives the form of the script that reads no more of the device than
// the site takes.
func scriptFor(site *foule.Site) tracker.Script {
	policy := privacy.Of(site)
	for _, f := range []foule.Feature{foule.FeatureScreen, foule.FeatureLocalTime, foule.FeatureTimings} {
		if policy.Collects(f, false) {
			return tracker.Foule
		}
	}
	return tracker.Bare
}

// code writes the element the way of guides/NAME.txt.
func (e element) code(name string) (string, error) {
	var b strings.Builder
	err := guideCode.ExecuteTemplate(&b, name+".txt", e)
	return strings.TrimRight(b.String(), "\n"), err
}

// scriptString writes a JavaScript string that may also stand in a script element.
func scriptString(s string) string {
	b, _ := json.Marshal(s) // a string always has a JSON form; <, > and & are escaped
	return "'" + strings.NewReplacer(`\"`, `"`, `'`, `\'`).Replace(string(b[1:len(b)-1])) + "'"
}

func phpString(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}

// reactName is an attribute's name in JSX.
func reactName(name string) string {
	if name == "crossorigin" {
		return "crossOrigin"
	}
	return name
}

// orOne gives attributes without a value one, for tools that leave out empty ones.
func orOne(value string) string {
	if value == "" {
		return "1"
	}
	return value
}

func (s *server) trackingBase() string { return strings.TrimSuffix(s.TrackingURL, "/") + "/" }
