package dashboard

import (
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"foule.eu/foule"
	"foule.eu/foule/privacy"
	"foule.eu/foule/privacy/document"
	"foule.eu/foule/report"
	"foule.eu/foule/storage"
)

var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

func TestCataloguesAgree(t *testing.T) {
	locales := loadLocales()
	en, fr := locales["en"].text, locales["fr"].text
	for key, sentence := range en {
		other, ok := fr[key]
		if !ok || sentence == "" || other == "" {
			t.Errorf("%s: missing in French, or empty", key)
		}
		a, b := placeholder.FindAllString(sentence, -1), placeholder.FindAllString(other, -1)
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(a, b) {
			t.Errorf("%s: placeholders %v and %v", key, a, b)
		}
	}
	for key := range fr {
		if _, ok := en[key]; !ok {
			t.Errorf("%s: missing in English", key)
		}
	}
}

// usedKeys gathers the keys that templates and code name outright, and those
// that they make of the catalogue's names.
func usedKeys(t *testing.T) map[string]bool {
	used := map[string]bool{}
	find := func(text, pattern string, forms ...string) {
		for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
			for _, form := range forms {
				used[m[1]+form] = true
			}
		}
	}
	templates, _ := fs.Glob(templateFiles, "templates/*.html")
	for _, name := range templates {
		b, _ := templateFiles.ReadFile(name)
		find(string(b), `[{(]t "([^"]+)"`, "")
	}
	sources, _ := fs.Glob(os.DirFS("."), "*.go")
	for _, name := range sources {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		find(string(b), `\.T\("([^"]+[^."])"[,)]`, "")
		find(string(b), `\.N\("([^"]+)"`, ".one", ".other")
		find(string(b), `"((?:fault|refused)\.[a-z]+)"`, "")
		find(string(b), `key: "(error\.[a-z]+)"`, "", ".text")
		find(string(b), `"(lag\.[a-z]+)"`, "")
		find(string(b), `\{"(flow\.[a-z]+)"`, "")
	}
	add := func(prefix string, names ...string) {
		for _, n := range names {
			used[prefix+n] = true
		}
	}
	for _, rep := range report.All() {
		if rep.Dim != foule.DimTotal {
			add("tab.", rep.Name)
			add("dim.", rep.Dim.String())
		}
		for _, c := range rep.Columns {
			add("col.", c.Name)
		}
	}
	for _, p := range panelsOf(&foule.Site{Dimensions: []foule.CustomDimension{{ID: 1}}}) {
		add("panel.", p.Name)
	}
	for t := range foule.Timing(foule.NumTimings) {
		add("timing.", t.String())
	}
	add("timing.", foule.TimingLoad)
	add("basket.", foule.LabelOrder, foule.LabelCart, foule.LabelSubtotal, foule.LabelTax, foule.LabelShipping, foule.LabelDiscount)
	add("dimension.", "visit", "action")
	for _, c := range []foule.Channel{foule.ChannelDirect, foule.ChannelSearch, foule.ChannelWebsite, foule.ChannelCampaign, foule.ChannelSocial, foule.ChannelAI, foule.ChannelEmail} {
		add("channel.", string(c))
	}
	for _, b := range foule.DurationBuckets {
		add("duration.", b.Label)
	}
	for _, m := range goalMatches {
		add("match.", string(m))
	}
	for _, p := range goalPatterns {
		add("pattern.", string(p))
	}
	for _, r := range []storage.Role{storage.RoleRead, storage.RoleWrite, storage.RoleAdmin} {
		add("role.", string(r))
		add("scope.", string(r))
	}
	for n := range notices {
		add("done.", n)
	}
	add("period.", append(report.Presets(), periodCustom)...)
	add("grain.", "hour", "day", "week", "month")
	add("consent.", "yes", "no")
	add("sample.", trySamples...)
	add("scrubbed.", scrubKinds...)
	add("excluded.", reasons(t)...)
	add("why.", reasons(t)...)
	for _, g := range guides {
		add("guide.", g.Name)
	}
	for _, k := range document.Kinds {
		add("document.", string(k.Kind))
	}
	add("places.", string(privacy.PlacesNone), string(privacy.PlacesFile), string(privacy.PlacesUnknown))
	add("parking.", string(privacy.ParkingNone), string(privacy.ParkingTmpfs), string(privacy.ParkingUnknown))
	add("outbound.", "sqlite", "clickhouse")
	add("continent.", "AF", "AN", "AS", "EU", "NA", "OC", "SA")
	for _, n := range []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"} {
		add("month.", n, "short."+n)
	}
	add("weekday.", "0", "1", "2", "3", "4", "5", "6")
	return used
}

// reasons reads from the source why hits are left out: the dashboard may not
// import the package that decides it.
func reasons(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, path := range []string{"../../anonymize/exclude.go", "../../aggregate/state.go"} {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		found := regexp.MustCompile(`Reason\w+ += "(\w+)"`).FindAllStringSubmatch(string(b), -1)
		if len(found) == 0 {
			t.Fatalf("no reasons found in %s", path)
		}
		for _, m := range found {
			out = append(out, m[1])
		}
	}
	return out
}

// TestScrubKinds: every placeholder has a name. The dashboard may not import the
// package that puts them.
func TestScrubKinds(t *testing.T) {
	for _, path := range []string{"../../anonymize/scrub/scrub.go", "../../anonymize/scrub/rules.go"} {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		found := regexp.MustCompile(`(?::|=) "\[(\w+)\]"`).FindAllStringSubmatch(string(b), -1)
		if len(found) == 0 {
			t.Fatalf("no placeholders found in %s", path)
		}
		for _, m := range found {
			if !slices.Contains(scrubKinds, m[1]) {
				t.Errorf("[%s] has no name", m[1])
			}
		}
	}
}

func TestUsedKeysExist(t *testing.T) {
	text := loadLocales()["en"].text
	used := usedKeys(t)
	for key := range used {
		if _, ok := text[key]; !ok {
			t.Errorf("%s: used, not in the catalogues", key)
		}
	}
	// Labels that come from the tracking side, and names for single dimensions or reports.
	open := []string{"col.", "device.", "empty.", "guide.", "title."}
	for key := range text {
		if !used[key] && !slices.ContainsFunc(open, func(p string) bool { return strings.HasPrefix(key, p) }) {
			t.Errorf("%s: not used", key)
		}
	}
}

func TestFormat(t *testing.T) {
	locales := loadLocales()
	en, fr := locales["en"], locales["fr"]
	day := func(s string) foule.Day {
		d, err := foule.ParseDay(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	tests := []struct{ name, got, want string }{
		{"int en", en.Int(1234567), "1,234,567"},
		{"int fr", fr.Int(1234567), "1\u202f234\u202f567"},
		{"int small", fr.Int(999), "999"},
		{"int negative", en.Int(-1234), "−1,234"},
		{"float fr", fr.Float(1234.56, 1), "1\u202f234,6"},
		{"float rounds to nothing", en.Float(-0.04, 1), "0.0"},
		{"compact en", en.Compact(12500), "12.5k"},
		{"compact fr", fr.Compact(12000), "12\u202fk"},
		{"compact million", en.Compact(1_260_000), "1.3M"},
		{"compact on the edge", en.Compact(999_900), "1M"},
		{"compact small", en.Compact(950), "950"},
		{"percent en", en.Percent(0.423), "42%"},
		{"percent small", fr.Percent(0.0423), "4,2\u202f%"},
		{"percent none", en.Percent(0), "0%"},
		{"seconds", en.Duration(45.4), "45s"},
		{"minutes", fr.Duration(125), "2\u202fmin\u00a005\u202fs"},
		{"hours", en.Duration(3720), "1h 02m"},
		{"euro en", en.Money(1234.5, ""), "€1,234.50"},
		{"euro fr", fr.Money(1234.5, "EUR"), "1\u202f234,50\u00a0€"},
		{"yen", fr.Money(1234, "JPY"), "1\u202f234\u00a0¥"},
		{"franc", en.Money(2, "CHF"), "CHF\u00a02.00"},
		{"day en", en.Day(day("2026-03-12")), "12 Mar 2026"},
		{"first of the month", fr.Day(day("2026-03-01")), "1er mars 2026"},
		{"one day", fr.Days(day("2026-03-12"), day("2026-03-12")), "jeudi 12 mars 2026"},
		{"days of a month", fr.Days(day("2026-03-01"), day("2026-03-24")), "1er–24 mars 2026"},
		{"days of a year", en.Days(day("2026-02-23"), day("2026-03-24")), "23 Feb – 24 Mar 2026"},
		{"days of two years", en.Days(day("2025-12-30"), day("2026-01-02")), "30 Dec 2025 – 2 Jan 2026"},
		{"hour", fr.Hour(9), "09\u00a0h"},
		{"plural en", en.N("live", 0), "0 visitors now"},
		{"plural fr", fr.N("live", 0), "0 visiteur en ce moment"},
		{"country", fr.country("DE"), "Allemagne"},
		{"no country", fr.country("??"), "??"},
		{"language", fr.language("en-us"), "Anglais américain"},
		{"no language", en.language("x_y_z!"), "x_y_z!"},
	}
	for _, tt := range tests {
		if strings.ReplaceAll(tt.got, "\u202f", "\u00a0") != strings.ReplaceAll(tt.want, "\u202f", "\u00a0") {
			t.Errorf("%s: %q, want %q", tt.name, tt.got, tt.want)
		}
	}
}

func TestLabels(t *testing.T) {
	fr := loadLocales()["fr"]
	site := testSites[0]
	site.Goals = slices.Clone(site.Goals)
	site.Goals[0].ID = 1
	tests := []struct {
		dim    foule.Dimension
		stored string
		want   label
	}{
		{foule.DimCountry, "", label{Main: "Inconnu"}},
		{foule.DimCampaign, "", label{Main: "(sans campagne)"}},
		{foule.DimPage, foule.Other, label{Main: "Autres"}},
		{foule.DimChannel, "ai", label{Main: "Assistants IA"}},
		{foule.DimChannel, "new-one", label{Main: "new-one"}},
		{foule.DimRegion, "FR-ARA", label{"Auvergne-Rhône-Alpes", "France"}},
		{foule.DimRegion, "CH-GE", label{"GE", "Suisse"}},
		{foule.DimCity, "BE/Liège", label{"Liège", "Belgique"}},
		{foule.DimDepth, "1", label{Main: "1 action"}},
		{foule.DimDepth, "6-7", label{Main: "6–7 actions"}},
		{foule.DimDepth, "21+", label{Main: "21 actions ou plus"}},
		{foule.DimGoal, "1", label{Main: "Ticket bought"}},
		{foule.DimGoal, "9", label{Main: "Objectif supprimé 9"}},
		{foule.DimGoal, "order", label{Main: "Commande"}},
		{foule.DimLanguage, "fr", label{Main: "Français"}},
		{foule.DimLanguage, "fr-be", label{"Français", "Belgique"}},
		{foule.DimLanguage, "en-us", label{Main: "Anglais américain"}},
		{foule.DimTiming, "load", label{Main: "Chargement complet"}},
		{foule.DimLoadTime, "1.5s", label{Main: "jusqu’à 1,5\u202fs"}},
		{foule.DimLoadTime, "30s+", label{Main: "plus de 30\u202fs"}},
		{foule.DimBasket, "cart", label{Main: "Paniers abandonnés"}},
		{foule.DimFunnelStep, "1/3", label{"Bought", "Tickets"}},
		{foule.DimFunnelStep, "1/9", label{Main: "1/9"}},
		{foule.DimResolution, "390x844", label{Main: "390 × 844"}},
	}
	for _, tt := range tests {
		if got := fr.label(&site, tt.dim, tt.stored); got != tt.want {
			t.Errorf("%s %q: %+v, want %+v", tt.dim, tt.stored, got, tt.want)
		}
	}
}
