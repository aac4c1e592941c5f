package device

import (
	"strings"

	"foule.eu/foule"
)

// agent is a user agent with the best rule of each table.
type agent struct {
	*tables
	text    string
	found   matches
	os      string // name of the system, before versions tell more
	mobile  bool   // says "Mobile"
	tablet  bool   // says "Tablet"
	android bool   // runs Android or what is built on it
}

func (t *tables) read(text string) agent {
	a := agent{tables: t, text: text, found: t.scan(text)}
	a.mobile = strings.Contains(text, "Mobile")
	a.tablet = strings.Contains(text, "Tablet")
	if m := a.found[systemTable]; m.rule != 0 {
		a.os = t.systems[m.rule-1].name
	}
	a.android = a.os == "Android" || isAndroidKin(a.os)
	return a
}

// isAndroidKin says whether a system is built on Android but goes by a name and versions of its own.
func isAndroidKin(os string) bool {
	switch os {
	case "Android TV", "Fire OS", "HarmonyOS", "Meta Horizon":
		return true
	}
	return false
}

// describe names the device by the user agent alone.
func (a *agent) describe() foule.Device {
	var d foule.Device
	d.OS, d.OSVersion = a.system()
	k := a.kind(d.OS)
	d.Type, d.Brand = k.typ, k.brand
	if d.OS == "Android" && k.brand == "Amazon" {
		d.OS, d.OSVersion = "Fire OS", fireOS[d.OSVersion]
	}
	d.Browser, d.BrowserVersion = a.browser()
	return d
}

// fireOS gives the Fire OS that is built on an Android version.
var fireOS = map[string]string{
	"4.4": "4", "5": "5", "5.1": "5", "7": "6", "7.1": "6", "9": "7", "10": "7", "11": "8",
}

func (a *agent) system() (name, version string) {
	m := a.found[systemTable]
	if m.rule == 0 {
		return "", ""
	}
	s := a.systems[m.rule-1]
	switch s.name {
	case "iOS", "iPadOS":
		return a.apple(s.name, parseVersion(after(a.text[m.end:], s.version)))
	case "Mac":
		if a.isDesktopModeIPad() {
			return "iPadOS", parseVersion(after(a.text, "Version/")).text()
		}
	}
	switch {
	case s.version == "-":
		return s.name, ""
	case s.version == "":
		v := parseVersion(a.text[m.end:])
		if s.name == "Android" {
			v = v.withoutZero() // "9" and "9.0" are one version
		}
		return s.name, v.text()
	case s.version[0] == '=':
		return s.name, s.version[1:]
	case s.name == "Chrome OS": // the processor stands between: "CrOS x86_64 14541.0.0"
		return s.name, parseVersion(after(strings.TrimPrefix(a.text[m.end:], " "), " ")).text()
	case s.name == "PlayStation":
		return s.name, playStation(after(a.text, s.version)).text()
	}
	return s.name, parseVersion(after(a.text, s.version)).text()
}

// playStation reads generation and firmware, as in "5/6.00" or "4 11.00".
func playStation(s string) version {
	generation, s := parseNumber(s)
	if s == "" {
		return version{generation, -1}
	}
	firmware, _ := parseNumber(s[1:])
	return version{generation, firmware}
}

// apple settles iOS and iPadOS. Tablets have iPadOS since its first version,
// 13. From version 26 on Safari keeps saying 18.6 or 18.7 for the system; its
// own version is the system's.
func (a *agent) apple(name string, v version) (string, string) {
	if v.major == 18 {
		if safari := parseVersion(after(a.text, "Version/")); safari.major >= 26 {
			v = safari
		}
	}
	if name == "iPadOS" && v.major >= 0 && v.major < 13 {
		name = "iOS"
	}
	return name, v.text()
}

// isDesktopModeIPad tells an iPad that asks for the desktop site, where that
// is possible: an embedded web view still says "Mobile". Safari itself sends
// a Mac's user agent, byte for byte.
func (a *agent) isDesktopModeIPad() bool {
	return strings.Contains(a.text, " Mobile/")
}

func (a *agent) kind(os string) deviceKind {
	var k deviceKind
	if m := a.found[deviceTable]; m.rule != 0 {
		k = a.devices[m.rule-1]
	}
	if (k.typ == "" || k.brand == "") && (a.android || os == "KaiOS" || os == "Tizen") {
		model := a.model()
		if k.brand == "" {
			k.brand = model.brand
		}
		if k.typ == "" {
			k.typ = model.typ
		}
	}
	if k.typ == "" {
		k.typ = a.usualType(os)
	}
	if k.brand == "" {
		k.brand = usualBrand[os]
	}
	return k
}

// model looks up each part of the comment that the system stands in: the
// model's place among language, web view marks and build differs by vendor.
func (a *agent) model() deviceKind {
	comment := after(a.text, "(")
	if a.os == "Android" {
		comment = a.text[a.found[systemTable].end:]
	}
	if end := strings.Index(comment, ") "); end >= 0 {
		comment = comment[:end]
	}
	for comment != "" {
		var part string
		part, comment, _ = strings.Cut(comment, ";")
		part, _, _ = strings.Cut(strings.TrimSpace(part), " Build/")
		part = strings.TrimRight(part, " )")
		if k, ok := a.models.find(part); ok {
			return k
		}
	}
	return deviceKind{}
}

// usualBrand is the only maker of devices with a system.
var usualBrand = map[string]string{
	"Mac": "Apple", "iOS": "Apple", "iPadOS": "Apple", "tvOS": "Apple", "watchOS": "Apple",
	"BlackBerry OS": "RIM", "BlackBerry Tablet OS": "RIM", "Fire OS": "Amazon",
}

// usualType is the device type that a system stands for, when nothing more particular was said.
func (a *agent) usualType(os string) string {
	if a.android {
		return a.androidType()
	}
	switch os {
	case "":
		return ""
	case "iOS", "watchOS": // an app that names no device
		return ""
	case "iPadOS", "BlackBerry Tablet OS":
		return "tablet"
	case "webOS", "Roku OS", "tvOS":
		return "tv"
	case "Tizen":
		if a.mobile {
			return "smartphone"
		}
		return "tv"
	case "Windows Phone", "Windows Mobile", "Windows CE", "BlackBerry OS", "Symbian OS", "Symbian OS Series 60",
		"Bada", "MeeGo", "Maemo", "Sailfish OS":
		return "smartphone"
	case "KaiOS", "Java ME", "Symbian", "Symbian OS Series 40":
		return "feature phone"
	case "Windows":
		// As Matomo has it: a touch screen under Windows is a tablet's.
		if strings.Contains(a.text, "; Touch") {
			return "tablet"
		}
	}
	return "desktop"
}

// androidType follows what Google asks of makers: phones say "Mobile", tablets do not.
func (a *agent) androidType() string {
	switch {
	case a.tablet:
		return "tablet"
	case a.mobile:
		return "smartphone"
	case strings.Contains(a.text, "Chrome/"), strings.Contains(a.text, "Safari/"):
		return "tablet"
	}
	return "smartphone"
}

func (a *agent) browser() (name, version string) {
	m := a.found[browserTable]
	if m.rule == 0 {
		return "", ""
	}
	b := a.browsers[m.rule-1]
	name = b.name
	if b.mobile != "" && (a.mobile || a.tablet && b.name == "Firefox") {
		name = b.mobile
	}
	if b.name == "Chrome" && a.android && a.isWebView() {
		name = webView
	}
	switch b.version {
	case "-":
		return name, ""
	case "":
		return name, parseVersion(a.text[m.end:]).majorText()
	}
	return name, parseVersion(after(a.text, b.version)).majorText()
}

const webView = "Chrome Webview"

func (a *agent) isWebView() bool {
	return strings.Contains(a.text, "; wv)") || strings.Contains(a.text, " Version/4.0 Chrome/")
}
