package optout

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/language"

	"foule.eu/foule"
)

// look is what an address asks of the page or the script: Matomo's parameters,
// each held against a pattern. What does not fit is left at its zero value.
type look struct {
	Language   string // "fr", "en", "" for the browser's
	Site       foule.SiteID
	Background string // "#rrggbb" or "#rgb"
	Color      string
	FontSize   string   // with its unit
	FontFamily []string // names without quotes
	Div        string   // id of the element that the script fills
	Intro      bool
}

var (
	colour   = regexp.MustCompile(`^#?(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})$`)
	fontSize = regexp.MustCompile(`^[0-9]{1,3}(?:\.[0-9]{1,2})?(?:px|pt|em|rem|%)$`)
	fontName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9 -]{0,39}$`)
	divID    = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{0,63}$`)
)

const (
	defaultDiv      = "foule-opt-out"
	maxFontNames    = 8
	maxFamilyLength = 200
)

func readLook(q url.Values, div string) look {
	l := look{Language: spoken(first(q, "language", "lang")), Div: div, Intro: q.Get("showIntro") != "0"}
	if n, err := strconv.ParseUint(q.Get("idsite"), 10, 32); err == nil {
		l.Site = foule.SiteID(n)
	}
	if id := first(q, "divId", "div"); divID.MatchString(id) {
		l.Div = id
	}
	if q.Get("applyStyling") == "0" {
		return l
	}
	l.Background, l.Color = readColour(q.Get("backgroundColor")), readColour(q.Get("fontColor"))
	if size := q.Get("fontSize"); fontSize.MatchString(size) {
		l.FontSize = size
	}
	l.FontFamily = readFamily(q.Get("fontFamily"))
	return l
}

func first(q url.Values, names ...string) string {
	for _, name := range names {
		if v := q.Get(name); v != "" {
			return v
		}
	}
	return ""
}

// spoken gives our language for a tag such as "fr" or "fr-CA"; "" for others
// and for "auto".
func spoken(tag string) string {
	base, _, _ := strings.Cut(strings.ToLower(tag), "-")
	for _, lang := range languages {
		if base == lang {
			return lang
		}
	}
	return ""
}

func readColour(v string) string {
	if !colour.MatchString(v) {
		return ""
	}
	return "#" + strings.ToLower(strings.TrimPrefix(v, "#"))
}

// readFamily takes a list of fonts apart, so that it can be written down anew:
// one odd name makes the whole list odd.
func readFamily(v string) []string {
	if v == "" || len(v) > maxFamilyLength {
		return nil
	}
	var names []string
	for part := range strings.SplitSeq(v, ",") {
		name := strings.Trim(strings.TrimSpace(part), `"'`)
		if !fontName.MatchString(name) || len(names) == maxFontNames {
			return nil
		}
		names = append(names, name)
	}
	return names
}

// generic names stand without quotes in CSS.
var generic = map[string]bool{
	"serif": true, "sans-serif": true, "monospace": true, "cursive": true, "fantasy": true, "system-ui": true, "inherit": true,
}

// family writes the fonts as a CSS value.
func (l look) family() string {
	names := make([]string, len(l.FontFamily))
	for i, name := range l.FontFamily {
		if names[i] = name; !generic[strings.ToLower(name)] {
			names[i] = `"` + name + `"`
		}
	}
	return strings.Join(names, ", ")
}

// query writes the look down again, for the form's address and the links: what
// did not fit is gone.
func (l look) query() url.Values {
	q := url.Values{}
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	set("language", l.Language)
	if l.Site != 0 {
		set("idsite", strconv.FormatUint(uint64(l.Site), 10))
	}
	set("backgroundColor", strings.TrimPrefix(l.Background, "#"))
	set("fontColor", strings.TrimPrefix(l.Color, "#"))
	set("fontSize", l.FontSize)
	set("fontFamily", strings.Join(l.FontFamily, ","))
	if !l.Intro {
		set("showIntro", "0")
	}
	return q
}

var matcher = language.NewMatcher([]language.Tag{language.English, language.French})

// languageOf is the language to answer in: the address's, else the browser's.
func languageOf(l look, r *http.Request) string {
	if l.Language != "" {
		return l.Language
	}
	return BrowserLanguage(r)
}

// BrowserLanguage is that of the house's languages, "en" or "fr", which the
// browser likes best.
func BrowserLanguage(r *http.Request) string {
	_, i := language.MatchStrings(matcher, r.Header.Get("Accept-Language"))
	return languages[i]
}
