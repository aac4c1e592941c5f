package privacy

import (
	"slices"
	"strings"
	"testing"

	"foule.eu/foule"
)

// TestPins: a preset holds whatever the stored settings say.
func TestPins(t *testing.T) {
	for i := range Presets {
		preset := &Presets[i]
		p := Of(&foule.Site{IgnoreDNT: true, Privacy: foule.Privacy{Preset: preset.Name}})
		for _, pin := range preset.Pins {
			if pin.Rule == "" || pin.Reason.EN == "" || pin.Reason.FR == "" {
				t.Errorf("%s: a pin without rule or reason: %+v", preset.Name, pin)
			}
			if pin.Feature != "" && p.Collects(pin.Feature, false) {
				t.Errorf("%s collects %s", preset.Name, pin.Feature)
			}
			if _, known := Find(pin.Feature); pin.Feature != "" && !known {
				t.Errorf("%s pins %s, which is no feature", preset.Name, pin.Feature)
			}
		}
		if p.IgnoreDNT {
			t.Errorf("%s ignores Do Not Track", preset.Name)
		}
	}
	if p := Of(&foule.Site{Privacy: foule.Privacy{Preset: foule.PresetCNIL}}); !p.Rounded || !p.Collects(foule.FeatureVisitors, false) {
		t.Error("cnil rounds, and counts visitors")
	}
}

// TestConsent: the wider list applies to a hit with consent alone, and only
// where the site allows it.
func TestConsent(t *testing.T) {
	site := foule.Site{Privacy: foule.Privacy{Preset: foule.PresetCNIL, Consent: true, Off: []foule.Feature{foule.FeatureCities}}}
	p := Of(&site)
	for _, row := range []struct {
		feature         foule.Feature
		without, with   bool
		ofConsentedOnly bool
	}{
		{foule.FeatureCampaigns, false, true, true},
		{foule.FeatureCities, false, false, false}, // the operator's own choice
		{foule.FeatureEvents, true, true, false},
	} {
		if p.Collects(row.feature, false) != row.without || p.Collects(row.feature, true) != row.with || p.ConsentOnly(row.feature) != row.ofConsentedOnly {
			t.Errorf("%s: %t %t %t", row.feature, p.Collects(row.feature, false), p.Collects(row.feature, true), p.ConsentOnly(row.feature))
		}
	}
	site.Privacy.Consent = false
	if p = Of(&site); p.Collects(foule.FeatureCampaigns, true) {
		t.Error("a hit's word was taken without the site's")
	}
}

// TestUnknownPreset: a preset of a newer program is held to the strictest.
func TestUnknownPreset(t *testing.T) {
	p := Of(&foule.Site{Privacy: foule.Privacy{Preset: "future", Consent: true}})
	if p.Collects(foule.FeatureVisitors, true) || p.Collects(foule.FeatureShop, false) || !p.Rounded || p.Consent {
		t.Errorf("%+v", p)
	}
}

func TestRefusals(t *testing.T) {
	site := foule.Site{IgnoreDNT: true, Privacy: foule.Privacy{Preset: foule.PresetCNIL, Off: []foule.Feature{"nothing"}, Scrub: []string{"(", "ok"}}}
	var got []string
	for _, r := range Refusals(&site) {
		if r.Reason.EN == "" || r.Reason.FR == "" || !strings.Contains(r.Error(), r.Reason.EN) {
			t.Errorf("no reason: %+v", r)
		}
		got = append(got, r.Setting)
	}
	slices.Sort(got)
	if want := []string{"ignore_dnt", "off", "rounded", "scrub"}; !slices.Equal(got, want) {
		t.Errorf("refused %v, want %v", got, want)
	}
	site.Privacy.Off, site.Privacy.Scrub = nil, nil
	Settle(&site)
	if list := Refusals(&site); len(list) > 0 {
		t.Errorf("settled, and refused still: %v", list)
	}
}

// TestRefusedRules: a scrubbing rule has to compile, to match something, and to
// be cheap.
func TestRefusedRules(t *testing.T) {
	many := strings.Split(strings.Repeat("x ", MaxRules+1), " ")[:MaxRules+1]
	for name, row := range map[string]struct {
		rules []string
		want  int
	}{
		"good":              {[]string{`KD-\d{6}`, `(?i)^/customer/[^/]+`}, 0},
		"no expression":     {[]string{"(", "ok", "a{2,1}"}, 2},
		"empty":             {[]string{""}, 1},
		"of nothing":        {[]string{"x*", "a|"}, 2},
		"too long":          {[]string{strings.Repeat("x", MaxRuleBytes+1)}, 1},
		"as long as may be": {[]string{strings.Repeat("x", MaxRuleBytes)}, 0},
		"too large":         {[]string{`(\pL{200}){6}`, `(x{50}){50}`}, 2},
		"too many":          {many, 1},
	} {
		list := Refusals(&foule.Site{Privacy: foule.Privacy{Scrub: row.rules}})
		if len(list) != row.want {
			t.Errorf("%s: %v, want %d", name, list, row.want)
		}
		for _, r := range list {
			if r.Setting != "scrub" || r.Reason.EN == "" || r.Reason.FR == "" {
				t.Errorf("%s: %+v", name, r)
			}
		}
	}
}

// TestEveryDimension: what needs a feature says so; the rest is named here, so
// that a new dimension makes somebody think.
func TestEveryDimension(t *testing.T) {
	free := []foule.Dimension{foule.DimTotal, foule.DimPage, foule.DimEntryPage, foule.DimServerHour, foule.DimExcluded, foule.DimCrawler, foule.DimDropped, foule.DimConsent}
	for d := range foule.Dimension(foule.NumDimensions) {
		if needs := len(Fills(d)) > 0; needs == slices.Contains(free, d) {
			t.Errorf("%s (%d): needs a feature: %t", d, d, needs)
		}
	}
	if len(Features) > 64 {
		t.Error("a set has 64 bits")
	}
}
