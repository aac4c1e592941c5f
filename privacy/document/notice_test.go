package document

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"foule.eu/foule"
	"foule.eu/foule/privacy"
)

var today, _ = foule.ParseDay("2026-11-29")

// some gives a site and an installation by chance.
func some(r *rand.Rand) (*foule.Site, *privacy.Install) {
	coin := func() bool { return r.IntN(2) == 0 }
	or := func(s string) string {
		if coin() {
			return s
		}
		return ""
	}
	site := &foule.Site{ID: foule.SiteID(1 + r.IntN(9)), Name: "Shop", IgnoreDNT: coin()}
	p := &site.Privacy
	p.Preset = []foule.Preset{"", foule.PresetCNIL, foule.PresetNoVisitorKey, "future"}[r.IntN(4)]
	p.Rounded, p.Consent = coin(), coin()
	p.Controller, p.Contact = or("Museum <b>"), or("privacy@museum.example")
	for i := range privacy.Features {
		if r.IntN(3) == 0 {
			p.Off = append(p.Off, privacy.Features[i].Name)
		}
	}
	if coin() {
		p.Since = today
		site.Goals = []foule.Goal{{ID: 1}}
		site.KeepQuery = []string{"lang"}
		site.Dimensions = []foule.CustomDimension{{ID: 1, Off: coin()}}
	}
	return site, &privacy.Install{
		IPv4Bits: 16 + 8*r.IntN(2), IPv6Bits: 32, K: 1 + r.IntN(5), KFiltered: 5, RetentionMonths: 1 + r.IntN(40),
		Places: []privacy.Places{privacy.PlacesNone, privacy.PlacesFile, privacy.PlacesUnknown}[r.IntN(3)], CountryFromLanguage: coin(), AccessLog: coin(),
		PublicURL: or("https://stats.example"), Tracking: "https://stats.example/", Hosting: or("Host SAS, France"), Controller: or("Town"),
	}
}

// holds says of every sentence of the notice when it is true, in words other
// than the notice's own.
var holds = map[string]func(p *privacy.Policy, s *foule.Site, in *privacy.Install) bool{
	"no-cookie": always, "sent": always, "sums": always, "never": always, "cut": always, "retention": always, "journal": always,
	"purposes": always, "non-purposes": always, "basis": always, "rights": always, "complaint": always, "origin": always,
	"controller": always, "contact": always, "hosting": always, "opt-out": always,
	"reads-device": func(p *privacy.Policy, _ *foule.Site, _ *privacy.Install) bool {
		return takes(p, foule.FeatureScreen, foule.FeatureLocalTime, foule.FeatureTimings, foule.FeatureClientHints)
	},
	"drops-device": func(p *privacy.Policy, _ *foule.Site, _ *privacy.Install) bool {
		return !takes(p, foule.FeatureScreen) || !takes(p, foule.FeatureLocalTime) || !takes(p, foule.FeatureTimings)
	},
	"with-consent": func(p *privacy.Policy, s *foule.Site, in *privacy.Install) bool {
		return slices.ContainsFunc(privacy.Features, func(f privacy.Feature) bool { return p.ConsentOnly(f.Name) && can(f.Name, s, in) })
	},
	"working-file": func(p *privacy.Policy, _ *foule.Site, _ *privacy.Install) bool {
		return takes(p, foule.FeatureVisitors)
	},
	"told-apart":    func(p *privacy.Policy, _ *foule.Site, _ *privacy.Install) bool { return p.Consent },
	"consent-basis": func(p *privacy.Policy, _ *foule.Site, _ *privacy.Install) bool { return p.Consent },
	"off": func(p *privacy.Policy, _ *foule.Site, _ *privacy.Install) bool {
		return slices.ContainsFunc(privacy.Features, func(f privacy.Feature) bool { return !takes(p, f.Name) })
	},
	"places": func(p *privacy.Policy, _ *foule.Site, in *privacy.Install) bool {
		return in.Places != privacy.PlacesNone && takes(p, foule.FeaturePlaces, foule.FeatureRegions, foule.FeatureCities)
	},
	"key": func(p *privacy.Policy, _ *foule.Site, _ *privacy.Install) bool {
		return p.Collects(foule.FeatureVisitors, false)
	},
	"no-key": func(p *privacy.Policy, _ *foule.Site, _ *privacy.Install) bool {
		return !p.Collects(foule.FeatureVisitors, false)
	},
	"key-with-consent": func(p *privacy.Policy, _ *foule.Site, _ *privacy.Install) bool {
		return p.ConsentOnly(foule.FeatureVisitors)
	},
	"k": func(p *privacy.Policy, _ *foule.Site, in *privacy.Install) bool {
		return in.K > 1 && p.Collects(foule.FeatureVisitors, false)
	},
	"k-hits": func(p *privacy.Policy, _ *foule.Site, in *privacy.Install) bool {
		return in.K > 1 && !p.Collects(foule.FeatureVisitors, false)
	},
	"access-log": func(_ *privacy.Policy, _ *foule.Site, in *privacy.Install) bool { return in.AccessLog },
	"rounded":    func(p *privacy.Policy, _ *foule.Site, _ *privacy.Install) bool { return p.Rounded },
	"acquisition": func(p *privacy.Policy, _ *foule.Site, _ *privacy.Install) bool {
		return takes(p, foule.FeatureChannels, foule.FeatureCampaigns)
	},
	"sales":         func(p *privacy.Policy, _ *foule.Site, _ *privacy.Install) bool { return takes(p, foule.FeatureShop) },
	"dnt-ignored":   func(p *privacy.Policy, _ *foule.Site, _ *privacy.Install) bool { return p.IgnoreDNT },
	"dnt-respected": func(p *privacy.Policy, _ *foule.Site, _ *privacy.Install) bool { return !p.IgnoreDNT },
	"page":          func(_ *privacy.Policy, _ *foule.Site, in *privacy.Install) bool { return in.PublicURL != "" },
	"statement": func(p *privacy.Policy, s *foule.Site, in *privacy.Install) bool {
		return p.Preset != nil && s.Privacy.Since != 0 && (p.Preset.Name != foule.PresetCNIL || in.RetentionMonths <= 25)
	},
}

func always(*privacy.Policy, *foule.Site, *privacy.Install) bool { return true }

// takes says whether any of the features is collected, of whomever.
func takes(p *privacy.Policy, features ...foule.Feature) bool {
	return slices.ContainsFunc(features, func(f foule.Feature) bool { return p.Collects(f, false) || p.Collects(f, true) })
}

func can(f foule.Feature, s *foule.Site, in *privacy.Install) bool {
	switch f {
	case foule.FeaturePlaces:
		return in.CountryFromLanguage || in.Places != privacy.PlacesNone
	case foule.FeatureRegions, foule.FeatureCities:
		return in.Places != privacy.PlacesNone
	case foule.FeatureGoals:
		return len(s.Goals) > 0
	case foule.FeatureDimensions:
		return len(s.Dimensions) > 0 && !s.Dimensions[0].Off
	}
	return true
}

// TestNoticeIsTrue: whatever the settings, a sentence stands in the notice
// exactly where it is true, and the list is of what is collected.
func TestNoticeIsTrue(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	said := map[string]bool{}
	for range 400 {
		site, in := some(r)
		p := privacy.Of(site)
		for _, lang := range privacy.Languages {
			doc, _ := Write(Notice, About{site, in, today, false}, lang)
			for claim, when := range holds {
				stands := slices.Contains(doc.Claims, claim)
				if stands != when(&p, site, in) {
					t.Fatalf("%q stands: %t\n%+v\n%+v\n%s", claim, stands, site, in, doc.Markdown())
				}
				said[claim] = said[claim] || stands
			}
			for _, claim := range doc.Claims {
				if holds[claim] == nil {
					t.Fatalf("nothing says when %q holds", claim)
				}
			}
			checkFigures(t, doc, site, in)
		}
	}
	for claim := range holds {
		if !said[claim] {
			t.Errorf("%q was never said", claim)
		}
	}
}

// checkFigures compares the text itself with the settings.
func checkFigures(t *testing.T, doc *Document, site *foule.Site, in *privacy.Install) {
	t.Helper()
	p := privacy.Of(site)
	text := strings.ReplaceAll(doc.Markdown(), "\u00a0", " ")
	list := strings.Join(doc.Blocks[slices.IndexFunc(doc.Blocks, func(b Block) bool { return b.List != nil })].List, "\n")
	for i := range privacy.Features {
		f := &privacy.Features[i]
		if stands := slices.Contains(strings.Split(list, "\n"), f.Title.In(doc.Lang)); stands != (p.Collects(f.Name, false) && can(f.Name, site, in)) {
			t.Fatalf("%s is in the list: %t\n%s", f.Name, stands, text)
		}
	}
	months := map[string]string{"en": fmt.Sprintf("kept for %s, then", privacy.Months(in.RetentionMonths).EN), "fr": fmt.Sprintf("conservées %s, puis", privacy.Months(in.RetentionMonths).FR)}
	bits := map[string]string{"en": fmt.Sprintf("first %d bits (IPv6: %d)", in.IPv4Bits, in.IPv6Bits), "fr": fmt.Sprintf("%d premiers bits (IPv6 : %d)", in.IPv4Bits, in.IPv6Bits)}
	for _, want := range []string{months[doc.Lang], bits[doc.Lang], privacy.Hash(privacy.Configuration(in, site))} {
		if !strings.Contains(text, want) {
			t.Fatalf("%q is missing:\n%s", want, text)
		}
	}
	if strings.ContainsAny(text, "{}\ue000\ue001") {
		t.Fatalf("a blank is left:\n%s", text)
	}
	if said := in.ControllerOf(site); said == "" && !strings.Contains(text, map[string]string{"en": "to fill in: who publishes", "fr": "à compléter : qui édite"}[doc.Lang]) {
		t.Fatalf("the gap does not show:\n%s", text)
	}
}

var boast = regexp.MustCompile(`(?i)certif|\bvalidat|\bvalidé|approv|agréé|homologu|label(l)?isé|conforme à la CNIL|CNIL.compliant`)

// TestDocuments: every document can be written of any settings, in both
// languages and forms: sound HTML, nothing of the operator's taken for markup,
// no blank left, and no word more than self-assessment (C24).
func TestDocuments(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 60 {
		site, in := some(r)
		site.Name = "A | b <i> & *c* \ue000"
		for _, kind := range Kinds {
			for _, lang := range privacy.Languages {
				for _, public := range []bool{false, true} {
					doc, ok := Write(kind.Kind, About{site, in, today, public}, lang)
					if !ok {
						t.Fatal(kind)
					}
					md, page := doc.Markdown(), doc.HTML(2, true)
					if m := boast.FindString(md); m != "" {
						t.Fatalf("%q in:\n%s", m, md)
					}
					if strings.ContainsAny(md+page, "{}\ue000\ue001") || strings.Contains(page, "<i>") || strings.Contains(page, "<b>") || strings.Contains(md, "*c* ") {
						t.Fatalf("%s\n%s", md, page)
					}
					if public && kind.Kind == Notice && len(doc.Gaps) > 0 {
						t.Fatalf("a visitor is shown a gap:\n%s", md)
					}
					if draft := kind.Kind == Record || kind.Kind == Assessment; draft != (doc.Draft != "") || draft && len(doc.Gaps) == 0 {
						t.Fatalf("%s: draft %q, gaps %v", kind.Kind, doc.Draft, doc.Gaps)
					}
					balanced(t, page)
				}
			}
		}
	}
	if _, ok := Write("novel", About{&foule.Site{}, &privacy.Install{}, today, false}, "en"); ok {
		t.Error("there is no such document")
	}
}

// balanced fails where an element is not closed.
func balanced(t *testing.T, page string) {
	t.Helper()
	var open []string
	for z := html.NewTokenizer(strings.NewReader(page)); ; {
		switch z.Next() {
		case html.ErrorToken:
			if len(open) > 0 {
				t.Fatalf("left open: %v\n%s", open, page)
			}
			return
		case html.StartTagToken:
			name, _ := z.TagName()
			open = append(open, string(name))
		case html.EndTagToken:
			name, _ := z.TagName()
			if len(open) == 0 || open[len(open)-1] != string(name) {
				t.Fatalf("%s closes %v\n%s", name, open, page)
			}
			open = open[:len(open)-1]
		}
	}
}

// TestDictionary: every dimension and counter has its words.
func TestDictionary(t *testing.T) {
	for d := range foule.Dimension(foule.NumDimensions) {
		words := dimensionTexts[d]
		if custom := d.IsVisitValue() || d.IsActionValue(); (words.EN == "" || words.FR == "") != custom {
			t.Errorf("%s (%d): %+v", d, d, words)
		}
	}
	for m := range foule.Metric(foule.NumMetrics) {
		if metricTexts[m].EN == "" || metricTexts[m].FR == "" {
			t.Errorf("%s has no words", m)
		}
	}
	site := &foule.Site{Dimensions: []foule.CustomDimension{{ID: 7, Name: "Member", Scope: foule.ScopeVisit}}, Privacy: foule.Privacy{Preset: foule.PresetCNIL, Consent: true}}
	doc, _ := Write(Data, About{site, &privacy.Install{Places: privacy.PlacesNone}, today, false}, "en")
	rows := map[string]string{}
	for _, row := range doc.Blocks[slices.IndexFunc(doc.Blocks, func(b Block) bool { return b.Table != nil })].Table.Rows {
		rows[row[0]] = row[3]
	}
	for name, want := range map[string]string{"page": "kept", "campaign": "with consent", "city": "empty", "visit_value_1": "with consent", "consent": "kept", "resolution": "kept"} {
		if rows[name] != want {
			t.Errorf("%s: %q, want %q", name, rows[name], want)
		}
	}
	if _, ok := rows["visit_value_2"]; ok {
		t.Error("a dimension that nobody declared is listed")
	}
}

// TestLinks: addresses are links, and the full stop after them is not.
func TestLinks(t *testing.T) {
	d := &Document{Title: "T", Blocks: []Block{{Paragraph: "See https://a.example/b?c=1&d=2. And " + gapOpen + "x" + gapClose + " *y*"}}}
	if got, want := d.HTML(2, false), `<p>See <a href="https://a.example/b?c=1&amp;d=2">https://a.example/b?c=1&amp;d=2</a>. And <mark>[x]</mark> *y*</p>`+"\n"; got != want {
		t.Errorf("got %s", got)
	}
	if got, want := d.Markdown(), "## T\n\nSee <https://a.example/b?c=1&d=2>. And **\\[x\\]** \\*y\\*\n"; got != want {
		t.Errorf("got %s", got)
	}
}
