package privacy

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"foule.eu/foule"
)

// usual is an installation with the settings it comes with.
var usual = Install{
	IPv4Bits: 24, IPv6Bits: 48, K: 1, KFiltered: 3, RetentionMonths: 25, Places: PlacesFile, Parking: ParkingTmpfs,
	PublicURL: "https://stats.example", Tracking: "https://stats.example/",
}

var today = day("2026-11-29")

// judged gives the findings by id.
func judged(site *foule.Site, in *Install) map[string]Finding {
	all := map[string]Finding{}
	for _, f := range Check(site, in, today) {
		all[f.ID] = f
	}
	return all
}

// TestEveryRequirement: C1 to C25 are there, each with a title, a weight that is
// explained, and a reason in both languages without a blank to fill.
func TestEveryRequirement(t *testing.T) {
	if len(Requirements) != 25 {
		t.Fatalf("%d requirements", len(Requirements))
	}
	sites := []foule.Site{
		{ID: 1}, {ID: 1, IgnoreDNT: true, Dimensions: []foule.CustomDimension{{ID: 1}}, Privacy: foule.Privacy{Reviewed: today, PolicyURL: "https://a.example", Controller: "A", Contact: "c"}},
		{ID: 1, Privacy: foule.Privacy{Preset: foule.PresetCNIL, Since: today - 400}}, {ID: 1, Privacy: foule.Privacy{Preset: foule.PresetNoVisitorKey}},
	}
	strict := usual
	strict.K, strict.RetentionMonths, strict.Places, strict.Parking, strict.PublicURL, strict.Hosting, strict.AccessLog = 5, 60, PlacesNone, ParkingNone, "http://stats.example", "Host, France", true
	alone := strict
	alone.Parking, alone.PublicURL = ParkingUnknown, ""
	for _, in := range []Install{usual, strict, alone} {
		for _, site := range sites {
			for i, f := range Check(&site, &in, today) {
				if f.ID != "C"+number(foule.SiteID(i+1)) || f.Title.EN == "" || f.Title.FR == "" {
					t.Errorf("requirement %d is %q, %q", i+1, f.ID, f.Title.EN)
				}
				if !slices.ContainsFunc(strings.Split(f.Weight, "/"), func(w string) bool {
					return slices.ContainsFunc(Weights, func(x struct {
						Weight string
						Title  Text
					}) bool {
						return x.Weight == w
					})
				}) {
					t.Errorf("%s: weight %q is not explained", f.ID, f.Weight)
				}
				if r := f.Reason; r.EN == "" || r.FR == "" || strings.ContainsAny(r.EN+r.FR, "{}") {
					t.Errorf("%s: reason %+v", f.ID, r)
				}
				if f.Status != Pass && f.Status != Fail && f.Status != Yours {
					t.Errorf("%s: status %q", f.ID, f.Status)
				}
			}
		}
	}
}

// TestFindings: a finding turns with the setting that it names.
func TestFindings(t *testing.T) {
	with := func(change func(*foule.Site, *Install)) map[string]Finding {
		site, in := foule.Site{ID: 1, Privacy: foule.Privacy{Preset: foule.PresetCNIL}}, usual
		Settle(&site)
		change(&site, &in)
		return judged(&site, &in)
	}
	for _, row := range []struct {
		name   string
		change func(*foule.Site, *Install)
		id     string
		want   Status
	}{
		{"cnil, channels", func(*foule.Site, *Install) {}, "C6", Pass},
		{"no preset, channels", func(s *foule.Site, _ *Install) { s.Privacy.Preset = "" }, "C6", Fail},
		{"channels switched off by hand", func(s *foule.Site, _ *Install) {
			s.Privacy = foule.Privacy{Off: []foule.Feature{foule.FeatureChannels, foule.FeatureCampaigns}}
		}, "C6", Pass},
		{"cnil with consent: the rest stands on consent", func(s *foule.Site, _ *Install) { s.Privacy.Consent = true }, "C6", Pass},
		{"referrer pages", func(s *foule.Site, _ *Install) { s.Privacy.Preset = "" }, "C10", Fail},
		{"client hints", func(s *foule.Site, _ *Install) { s.Privacy.Preset = "" }, "C13", Fail},
		{"cnil, device", func(*foule.Site, *Install) {}, "C13", Pass},
		{"no visitor key, device: the script is the site's to choose", func(s *foule.Site, _ *Install) { s.Privacy.Preset = foule.PresetNoVisitorKey }, "C13", Yours},
		{"rounded", func(*foule.Site, *Install) {}, "C14", Pass},
		{"not rounded", func(s *foule.Site, _ *Install) { s.Privacy = foule.Privacy{} }, "C14", Fail},
		{"one visitor by name", func(s *foule.Site, _ *Install) { s.Privacy = foule.Privacy{} }, "C15", Fail},
		{"five visitors at least", func(s *foule.Site, in *Install) { s.Privacy, in.K, in.KFiltered = foule.Privacy{}, 5, 5 }, "C15", Pass},
		{"25 months", func(*foule.Site, *Install) {}, "C17", Pass},
		{"26 months", func(_ *foule.Site, in *Install) { in.RetentionMonths = 26 }, "C17", Fail},
		{"an access log", func(_ *foule.Site, in *Install) { in.AccessLog = true }, "C17", Yours},
		{"an access log, kept as long as figures that are kept too long", func(_ *foule.Site, in *Install) { in.AccessLog, in.RetentionMonths = true, 26 }, "C17", Fail},
		{"never reviewed", func(*foule.Site, *Install) {}, "C18", Yours},
		{"reviewed a year ago but a day", func(s *foule.Site, _ *Install) { s.Privacy.Reviewed = day("2025-11-30") }, "C18", Pass},
		{"reviewed a year ago", func(s *foule.Site, _ *Install) { s.Privacy.Reviewed = day("2025-11-29") }, "C18", Yours},
		{"notice", func(s *foule.Site, _ *Install) { s.Privacy.PolicyURL = "https://a.example" }, "C19", Yours},
		{"opt-out with TLS", func(*foule.Site, *Install) {}, "C20", Pass},
		{"opt-out without TLS", func(_ *foule.Site, in *Install) { in.PublicURL = "http://stats.example" }, "C20", Yours},
		{"opt-out nobody knows where", func(_ *foule.Site, in *Install) { in.PublicURL = "" }, "C20", Yours},
		{"DNT", func(*foule.Site, *Install) {}, "C22", Pass},
		{"DNT ignored", func(s *foule.Site, _ *Install) { s.Privacy, s.IgnoreDNT = foule.Privacy{}, true }, "C22", Fail},
		{"custom dimensions", func(s *foule.Site, _ *Install) {
			s.Privacy, s.Dimensions = foule.Privacy{}, []foule.CustomDimension{{ID: 1}}
		}, "C3", Yours},
		{"a folder that nobody has looked at", func(_ *foule.Site, in *Install) { in.Parking = ParkingUnknown }, "C12", Yours},
		{"the same, without a key", func(s *foule.Site, in *Install) {
			s.Privacy.Preset, in.Parking = foule.PresetNoVisitorKey, ParkingUnknown
		}, "C12", Pass},
	} {
		if got := with(row.change)[row.id]; got.Status != row.want {
			t.Errorf("%s: %s is %q, want %q: %s", row.name, row.id, got.Status, row.want, got.Reason.EN)
		}
	}
}

// TestStatement: the sentence stands where the preset holds, with the day of
// the self-assessment, and nowhere else.
func TestStatement(t *testing.T) {
	say := func(change func(*foule.Site, *Install)) string {
		site, in := foule.Site{ID: 1}, usual
		if list := Choose(&site, foule.PresetCNIL, today, &in); list != nil {
			t.Fatal(list)
		}
		change(&site, &in)
		s, _ := Statement(&site, Check(&site, &in, today))
		return s.EN
	}
	const good = "Set to meet the criteria of the French exemption for audience measurement, by self-assessment of 29 November 2026."
	for _, row := range []struct {
		name, want string
		change     func(*foule.Site, *Install)
	}{
		{"cnil", good, func(*foule.Site, *Install) {}},
		{"cnil, kept too long", "", func(_ *foule.Site, in *Install) { in.RetentionMonths = 36 }},
		{"no preset", "", func(s *foule.Site, _ *Install) { s.Privacy.Preset = "" }},
		{"a preset and no day", "", func(s *foule.Site, _ *Install) { s.Privacy.Since = 0 }},
	} {
		if got := say(row.change); got != row.want {
			t.Errorf("%s: %q", row.name, got)
		}
	}
}

func TestChoose(t *testing.T) {
	site, in := foule.Site{ID: 1, IgnoreDNT: true}, usual
	in.RetentionMonths = 36
	if list := Choose(&site, foule.PresetCNIL, today, &in); len(list) != 1 || list[0].Rule != "C17" || site.Privacy.Preset != "" || !site.IgnoreDNT {
		t.Errorf("refused %v, left %+v", list, site)
	}
	if list := Choose(&site, "future", today, &in); len(list) != 1 || list[0].Setting != "preset" {
		t.Errorf("an unknown preset: %v", list)
	}
	in.RetentionMonths = 25
	if list := Choose(&site, foule.PresetCNIL, today, &in); list != nil || !site.Privacy.Rounded || site.IgnoreDNT || site.Privacy.Since != today {
		t.Errorf("%v, %+v", list, site.Privacy)
	}
	if list := Collect(&site, []foule.Feature{foule.FeatureCampaigns, foule.FeatureCities}, []foule.Feature{foule.FeatureTitles}); len(list) != 1 || list[0].Rule != "C6" || site.Privacy.Off != nil {
		t.Errorf("a pinned feature: %v, %v", list, site.Privacy.Off)
	}
	if list := Collect(&site, []foule.Feature{foule.FeatureCities}, []foule.Feature{foule.FeatureTitles, foule.FeatureCampaigns}); list != nil || !slices.Equal(site.Privacy.Off, []foule.Feature{foule.FeatureTitles, foule.FeatureCampaigns}) {
		t.Errorf("%v, %v", list, site.Privacy.Off)
	}
	if list := Collect(&site, []foule.Feature{"nothing"}, nil); len(list) != 1 {
		t.Errorf("an unknown feature: %v", list)
	}
}

// TestHash: the hash is that of the object as RFC 8785 writes it, and turns
// with each setting that it is about.
func TestHash(t *testing.T) {
	in, site := usual, foule.Site{ID: 1, Privacy: foule.Privacy{Scrub: []string{"a"}, Controller: "A \"B\"\u2028\n\x01é"}}
	c := Configuration(&in, &site)
	text := string(Canonical(c))
	sum := sha256.Sum256([]byte(text))
	if got := Hash(c); got != "sha256:"+hex.EncodeToString(sum[:]) {
		t.Errorf("hash %s", got)
	}
	if !strings.Contains(text, `"controller":"A \"B\"`+"\u2028"+`\n\u0001é"`) || strings.Contains(text, `": `) {
		t.Errorf("not canonical: %s", text)
	}
	var back map[string]any
	if err := json.Unmarshal([]byte(text), &back); err != nil || back["site"].(map[string]any)["id"] != 1.0 {
		t.Errorf("%v: %s", err, text)
	}
	seen := map[string]bool{Hash(c): true}
	for i, change := range []func(*foule.Site, *Install){
		func(s *foule.Site, _ *Install) { s.Privacy.Preset = foule.PresetCNIL }, func(s *foule.Site, _ *Install) { s.IgnoreDNT = true },
		func(s *foule.Site, _ *Install) { s.Privacy.Off = []foule.Feature{foule.FeatureTitles} }, func(s *foule.Site, _ *Install) { s.Privacy.Scrub = []string{"b"} },
		func(s *foule.Site, _ *Install) { s.Privacy.Consent = true }, func(s *foule.Site, _ *Install) { s.Privacy.Reviewed = today }, func(s *foule.Site, _ *Install) { s.ID = 2 },
		func(_ *foule.Site, in *Install) { in.K = 2 }, func(_ *foule.Site, in *Install) { in.RetentionMonths = 2 }, func(_ *foule.Site, in *Install) { in.IPv4Bits = 16 },
		func(_ *foule.Site, in *Install) { in.AccessLog = true }, func(_ *foule.Site, in *Install) { in.Hosting = "x" }, func(_ *foule.Site, in *Install) { in.Contact = "x" }, func(_ *foule.Site, in *Install) { in.PublicURL = "x" },
	} {
		in, site := usual, site
		change(&site, &in)
		h := Hash(Configuration(&in, &site))
		if seen[h] {
			t.Errorf("change %d does not show", i)
		}
		seen[h] = true
	}
	version := in
	version.Version = "2"
	if Hash(Configuration(&version, &site)) != Hash(c) {
		t.Error("a new version is no new configuration")
	}
}

// TestWording: no text says more than self-assessment (C24).
func TestWording(t *testing.T) {
	var texts []Text
	for _, r := range Requirements {
		texts = append(texts, r.Title)
	}
	for i := range Presets {
		texts = append(texts, Presets[i].Title, Presets[i].What)
		for _, pin := range Presets[i].Pins {
			texts = append(texts, pin.Reason)
		}
		site := foule.Site{Privacy: foule.Privacy{Preset: Presets[i].Name, Since: today}}
		for _, f := range Check(&site, &usual, today) {
			texts = append(texts, f.Reason)
		}
	}
	boast := regexp.MustCompile(`(?i)certif|\bvalidat|\bvalidé|approv|agréé|homologu|label(l)?isé|conforme à la CNIL|CNIL.compliant`)
	for _, x := range texts {
		if m := boast.FindString(x.EN + " " + x.FR); m != "" {
			t.Errorf("%q stands in %q", m, x.EN)
		}
	}
}
