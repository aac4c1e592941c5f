package device

import (
	"encoding/json"
	"strconv"
	"strings"

	"foule.eu/foule"
)

// hint is what client hints said, in whichever form they came.
type hint struct {
	brands          []brandVersion
	platform        string
	platformVersion version
	model           string
	mobile          bool
	formFactors     []string
	headless        bool
}

type brandVersion struct {
	Brand   string `json:"brand"`
	Version string `json:"version"`
}

// hintBrands maps a brand of the hints to a browser. Brands that are not here
// are the engine's ("Chromium"), made up to keep readers honest ("Not)A;Brand") or unknown.
var hintBrands = map[string]string{
	"Google Chrome":          "Chrome",
	"Android WebView":        webView,
	"Microsoft Edge":         "Microsoft Edge",
	"Opera":                  "Opera",
	"Opera GX":               "Opera GX",
	"Opera Mobile":           "Opera Mobile",
	"OperaMobile":            "Opera Mobile",
	"Opera Mini":             "Opera Mini",
	"Brave":                  "Brave",
	"Vivaldi":                "Vivaldi",
	"YaBrowser":              "Yandex Browser",
	"Yandex":                 "Yandex Browser",
	"Samsung Internet":       "Samsung Browser",
	"DuckDuckGo":             "DuckDuckGo Privacy Browser",
	"Whale":                  "Whale Browser",
	"Avast Secure Browser":   "Avast Secure Browser",
	"AVG Secure Browser":     "AVG Secure Browser",
	"CCleaner Browser":       "CCleaner",
	"Norton Private Browser": "Norton Private Browser",
	"HuaweiBrowser":          "Huawei Browser Mobile",
	"Miui Browser":           "Mi Browser",
	"Oculus Browser":         "Oculus Browser",
	"Meta Quest Browser":     "Oculus Browser",
	"Amazon Silk":            "Mobile Silk",
	"Silk":                   "Mobile Silk",
	"Ecosia":                 "Ecosia",
	"Iron":                   "Iron",
	"Atom":                   "Atom",
	"SberBrowser":            "SberBrowser",
	"CocCoc":                 "Coc Coc",
	"Coc Coc":                "Coc Coc",
	"Aloha Browser":          "Aloha Browser",
	"QIHU 360SE":             "360 Secure Browser",
}

// readHints reads uadata, else the headers. Hints that make no sense are no hints.
func readHints(h Hints) hint {
	var out hint
	switch {
	case h.JSON != "":
		out = readUAData(h.JSON)
	case h.UA != "" || h.Platform != "" || h.Model != "":
		out = hint{
			brands:          readBrandList(h.UA),
			platform:        unquote(h.Platform),
			platformVersion: parseVersion(unquote(h.PlatformVersion)),
			model:           unquote(h.Model),
			mobile:          h.Mobile == "?1",
		}
	}
	for _, b := range out.brands {
		out.headless = out.headless || strings.HasPrefix(b.Brand, "Headless")
	}
	return out
}

func readUAData(text string) hint {
	if len(text) > maxHintBytes {
		return hint{}
	}
	var u struct {
		Brands          []brandVersion `json:"brands"`
		FullVersionList []brandVersion `json:"fullVersionList"`
		Mobile          bool           `json:"mobile"`
		Model           string         `json:"model"`
		Platform        string         `json:"platform"`
		PlatformVersion string         `json:"platformVersion"`
		FormFactors     []string       `json:"formFactors"`
	}
	// A field of the wrong type is left out by Unmarshal, the others are read all the same.
	_ = json.Unmarshal([]byte(text), &u)
	out := hint{
		brands: u.FullVersionList, platform: u.Platform, platformVersion: parseVersion(u.PlatformVersion),
		model: u.Model, mobile: u.Mobile, formFactors: u.FormFactors,
	}
	if len(out.brands) == 0 {
		out.brands = u.Brands
	}
	return out
}

// readBrandList reads a structured header list (RFC 8941) of the form
// "Chromium";v="122", "Google Chrome";v="122". Brands may hold commas and
// semicolons within their quotes.
func readBrandList(s string) []brandVersion {
	s = s[:min(len(s), maxHintBytes)]
	var list []brandVersion
	for {
		var b brandVersion
		var ok bool
		if b.Brand, s, ok = cutQuoted(s); !ok {
			return list
		}
		if rest, found := strings.CutPrefix(s, ";v="); found {
			if b.Version, s, ok = cutQuoted(rest); !ok {
				return list
			}
		}
		list = append(list, b)
	}
}

// cutQuoted takes the first quoted text out of s, and gives what follows it.
func cutQuoted(s string) (text, rest string, ok bool) {
	from := strings.IndexByte(s, '"')
	if from < 0 {
		return "", "", false
	}
	text, rest, ok = strings.Cut(s[from+1:], `"`)
	return text, rest, ok
}

func unquote(s string) string { return strings.Trim(strings.TrimSpace(s), `"`) }

func (h *hint) empty() bool { return len(h.brands) == 0 && h.platform == "" && h.model == "" }

// correct puts what the hints know better into d.
func (h *hint) correct(t *tables, d *foule.Device) {
	if h.empty() && !h.mobile && len(h.formFactors) == 0 {
		return
	}
	h.correctSystem(d)
	h.correctType(t, d)
	h.correctBrowser(d)
}

// hintPlatforms maps the hint's platform to a system.
var hintPlatforms = map[string]string{
	"Windows": "Windows", "macOS": "Mac", "Mac OS X": "Mac", "iOS": "iOS", "iPadOS": "iPadOS", "Android": "Android",
	"Chrome OS": "Chrome OS", "Chromium OS": "Chrome OS", "Linux": "GNU/Linux", "Fuchsia": "Fuchsia",
}

func (h *hint) correctSystem(d *foule.Device) {
	name := hintPlatforms[h.platform]
	switch {
	case name == "", name == "Android" && isAndroidKin(d.OS):
		return
	case name == "GNU/Linux": // its version is the kernel's, and the agent may name the distribution
		if d.OS == "" {
			d.OS = name
		}
		return
	case d.OS != name:
		d.OS, d.OSVersion = name, ""
	}
	if v := systemVersion(name, h.platformVersion); v != "" {
		d.OSVersion = v
	}
}

func systemVersion(os string, v version) string {
	switch {
	case os == "Windows":
		return windowsVersion(v)
	case v.major <= 0:
		return ""
	case os == "Android":
		return v.withoutZero().text()
	}
	return v.text()
}

// windowsVersion gives the marketing version for the hint's number, which
// counts the universal API contract (Microsoft's table): 13 and later is Windows 11.
func windowsVersion(v version) string {
	switch {
	case v.major >= 13:
		return "11"
	case v.major > 0:
		return "10"
	case v.major == 0 && v.minor == 3:
		return "8.1"
	case v.major == 0 && v.minor == 2:
		return "8"
	case v.major == 0 && v.minor == 1:
		return "7"
	}
	return ""
}

// formTypes are the form factors that name a device type.
var formTypes = map[string]string{
	"Desktop": "desktop", "Tablet": "tablet", "Mobile": "smartphone", "Automotive": "car browser",
	"Watch": "wearable", "XR": "wearable", "EInk": "tablet",
}

func (h *hint) correctType(t *tables, d *foule.Device) {
	touch := h.mobile
	for _, f := range h.formFactors {
		touch = touch || f == "Tablet" || f == "Mobile"
	}
	if d.OS == "Mac" && touch { // a touch screen: an iPad that asks for the desktop site
		d.OS, d.OSVersion, d.Type = "iPadOS", "", "tablet"
		return
	}
	k, found := t.models.find(h.model)
	if found {
		d.Brand = k.brand
	}
	switch {
	case k.typ != "":
		d.Type = k.typ
	case d.Type == "tv" || d.Type == "console" || d.Type == "car browser" || d.Type == "wearable":
	case len(h.formFactors) > 0 && formTypes[h.formFactors[0]] != "":
		d.Type = formTypes[h.formFactors[0]]
	case d.OS == "Android" && h.mobile:
		d.Type = "smartphone"
	case d.OS == "Android" && h.platform == "Android" && (d.Type == "desktop" || d.Type == ""):
		d.Type = "tablet" // asks for the desktop site
	case d.Type == "" && d.OS != "":
		d.Type = "desktop"
	}
}

// correctBrowser takes name and version from the brands. A brand of its own
// stands above what the user agent says, but plain Chrome and web views do
// not: apps and browsers built on them name themselves in the agent only.
func (h *hint) correctBrowser(d *foule.Device) {
	plain := d.Browser == "" || d.Browser == "Chrome" || d.Browser == "Chrome Mobile" || d.Browser == webView ||
		d.Browser == "Chromium" || d.Browser == "Safari"
	for _, b := range h.brands {
		name := hintBrands[b.Brand]
		if name == "" || (name == "Chrome" || name == webView) && !plain {
			continue
		}
		name = phoneName(name, d)
		if !plain && d.Browser != name {
			// Two names of its own (an app inside a browser): the agent's is the nearer one.
			continue
		}
		if v := parseVersion(b.Version); v.major > 0 {
			d.BrowserVersion = strconv.Itoa(v.major)
		} else if d.Browser != name {
			d.BrowserVersion = ""
		}
		d.Browser = name
		return
	}
}

// phoneName gives the browser's name on a phone, where it has another there.
func phoneName(name string, d *foule.Device) string {
	if d.OS != "Android" || d.Type == "tablet" || d.Type == "tv" {
		return name
	}
	switch name {
	case "Chrome":
		return "Chrome Mobile"
	case "Opera":
		return "Opera Mobile"
	}
	return name
}
