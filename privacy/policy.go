package privacy

import (
	"fmt"
	"net/url"
	"slices"

	"foule.eu/foule"
)

// Policy is what holds for a site, its preset's pins included, whatever its
// stored settings say.
type Policy struct {
	Preset  *Preset // nil for none
	Rounded bool    // figures leave rounded to ten, small cells hidden
	// IgnoreDNT counts visitors who send DNT: 1.
	IgnoreDNT bool
	// Consent tells visits with consent apart and counts for them what the preset
	// alone switches off.
	Consent bool

	off, wider set
}

// set is a set of features, as bits of their places in Features.
type set uint64

func (s *set) add(f foule.Feature) {
	if i := slices.IndexFunc(Features, func(x Feature) bool { return x.Name == f }); i >= 0 {
		*s |= 1 << i
	}
}

func (s set) has(f foule.Feature) bool {
	var one set
	one.add(f)
	return s&one != 0
}

// Of gives the policy of a site. An unknown preset, as of a newer program, is
// taken for the strictest: all that any preset pins.
func Of(site *foule.Site) Policy {
	p := Policy{Rounded: site.Privacy.Rounded, IgnoreDNT: site.IgnoreDNT, Consent: site.Privacy.Consent}
	for _, f := range site.Privacy.Off {
		p.off.add(f)
	}
	p.wider = p.off
	preset, known := FindPreset(site.Privacy.Preset)
	if known {
		p.Preset = preset
		p.pin(preset.Pins)
	} else if site.Privacy.Preset != foule.PresetNone {
		p.Consent = false
		for i := range Presets {
			p.pin(Presets[i].Pins)
		}
	}
	return p
}

func (p *Policy) pin(pins []Pin) {
	for _, pin := range pins {
		switch {
		case pin.Feature != "":
			p.off.add(pin.Feature)
		case pin.Setting == SettingRounded:
			p.Rounded = true
		case pin.Setting == SettingIgnoreDNT:
			p.IgnoreDNT = false
		}
	}
}

// Collects says whether a feature is collected: of a hit without consent, or of
// one with, which differs only where the site allows it.
func (p *Policy) Collects(f foule.Feature, consented bool) bool {
	if consented && p.Consent {
		return !p.wider.has(f)
	}
	return !p.off.has(f)
}

// ConsentOnly says whether a feature is collected of visits with consent alone.
func (p *Policy) ConsentOnly(f foule.Feature) bool {
	return !p.Collects(f, false) && p.Collects(f, true)
}

// Fills gives the features that a dimension needs: without any one of them
// it stays empty.
func Fills(dim foule.Dimension) (features []foule.Feature) {
	for i := range Features {
		if slices.Contains(Features[i].Dims, dim) {
			features = append(features, Features[i].Name)
		}
	}
	return features
}

// Refusal says why a setting may not be as it is.
type Refusal struct {
	// Setting is "off", "rounded", "ignore_dnt", "preset", "scrub", "controller",
	// "contact", "policy_url", a feature, or a setting of the installation.
	Setting string
	Rule    string // the requirement, "" where it is none's
	Reason  Text
}

// Error gives the reason in English.
func (r Refusal) Error() string {
	if r.Rule == "" {
		return fmt.Sprintf("%s: %s", r.Setting, r.Reason.EN)
	}
	return fmt.Sprintf("%s: %s (%s)", r.Setting, r.Reason.EN, r.Rule)
}

// Refusals lists what is wrong with a site's privacy settings: an unknown
// preset or feature, a scrubbing rule that cannot be one, a setting that its preset
// pins elsewhere. What a preset switches off need not be among Off.
func Refusals(site *foule.Site) (list []Refusal) {
	s := &site.Privacy
	preset, known := FindPreset(s.Preset)
	if !known && s.Preset != foule.PresetNone {
		list = append(list, Refusal{"preset", "", Text{fmt.Sprintf("there is no preset %q", s.Preset), fmt.Sprintf("il n’y a pas de préréglage « %s »", s.Preset)}})
	}
	for _, f := range s.Off {
		if _, ok := Find(f); !ok {
			list = append(list, Refusal{"off", "", Text{fmt.Sprintf("there is no feature %q", f), fmt.Sprintf("il n’y a pas de fonction « %s »", f)}})
		}
	}
	list = append(list, refuseRules(s.Scrub)...)
	list = append(list, refusedWords(s)...)
	if !known {
		return list
	}
	for _, pin := range preset.Pins {
		if pin.Setting == SettingRounded && !s.Rounded || pin.Setting == SettingIgnoreDNT && site.IgnoreDNT {
			list = append(list, Refusal{pin.Setting, pin.Rule, pin.Reason})
		}
	}
	return list
}

// maxWords bounds what a site says of itself.
const maxWords = 200

// refusedWords says what is wrong with what stands in the notice.
func refusedWords(s *foule.Privacy) (list []Refusal) {
	for _, said := range []struct{ setting, text string }{{"controller", s.Controller}, {"contact", s.Contact}} {
		if len(said.text) > maxWords {
			list = append(list, Refusal{said.setting, "", Text{fmt.Sprintf("at most %d bytes", maxWords), fmt.Sprintf("%d octets au plus", maxWords)}})
		}
	}
	if u, err := url.Parse(s.PolicyURL); s.PolicyURL != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http") {
		list = append(list, Refusal{"policy_url", "", Text{fmt.Sprintf("%q is no address like https://example.org/privacy", s.PolicyURL), fmt.Sprintf("« %s » n’est pas une adresse comme https://example.org/vie-privee", s.PolicyURL)}})
	}
	return list
}

// Settle puts a site's settings where its preset wants them, as choosing the
// preset does.
func Settle(site *foule.Site) {
	p := Of(site)
	site.IgnoreDNT, site.Privacy.Rounded = p.IgnoreDNT, p.Rounded
}
