package main

import (
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"foule.eu/foule"
	"foule.eu/foule/internal/config"
	"foule.eu/foule/privacy"
)

// shop is a store with one site.
func shop(t *testing.T) (data string) {
	t.Helper()
	data = t.TempDir()
	if status, _, errs := call("site", "add", "Shop", "--domain", "shop.example", "--data", data); status != statusDone {
		t.Fatal(errs)
	}
	return data
}

// TestSiteSet: what a preset pins is refused with its reason, and then nothing
// is changed.
func TestSiteSet(t *testing.T) {
	data := shop(t)
	for _, row := range []struct {
		name   string
		args   []string
		status int
		said   string
	}{
		{"no number", []string{"--preset", "cnil"}, statusWrongUse, "site set ID"},
		{"no such site", []string{"9", "--preset", "cnil"}, statusFailed, "site 9"},
		{"no such preset", []string{"1", "--preset", "gdpr"}, statusFailed, `no preset "gdpr"`},
		{"neither on nor off", []string{"1", "--rounded", "yes"}, statusWrongUse, "on or off"},
		{"kept too long", []string{"1", "--preset", "cnil", "--retention-months", "36"}, statusFailed, "retention-months is 36"},
		{"cnil", []string{"1", "--preset", "cnil", "--controller", "Shop SAS", "--reviewed", "today"}, statusDone, "pinned by C6"},
		{"a pinned feature", []string{"1", "--collect", "campaigns", "--contact", "lost@shop.example"}, statusFailed, "Campaigns and their performance are outside the exempt purposes. (C6)"},
		{"not rounded", []string{"1", "--rounded", "off"}, statusFailed, "rounded to ten. (C14)"},
		{"DNT ignored", []string{"1", "--ignore-dnt", "on"}, statusFailed, "objection by automated means. (C22)"},
		{"a pattern that is none", []string{"1", "--scrub", "("}, statusFailed, "no regular expression"},
		{"no address", []string{"1", "--policy-url", "shop"}, statusFailed, "policy_url"},
		{"no day", []string{"1", "--reviewed", "9999-01-01"}, statusWrongUse, "earlier day"},
		{"patterns and features", []string{"1", "--scrub", "a,b{2,3}", "--scrub", "c", "--leave", "cities,titles"}, statusDone, "a,b{2,3}"},
		{"a feature back", []string{"1", "--collect", "titles"}, statusDone, "titles          collected"},
	} {
		status, out, errs := call(slices.Concat([]string{"site", "set"}, row.args, []string{"--data", data})...)
		if status != row.status || !strings.Contains(out+errs, row.said) {
			t.Errorf("%s: status %d\n%s%s", row.name, status, out, errs)
		}
	}
	var shown struct {
		Preset, Since, Reviewed, Controller, Contact, Hash string
		Rounded, Consent                                   bool
		Scrub                                              []string
		Features                                           []shownFeature
	}
	status, out, errs := call("site", "privacy", "1", "--json", "--data", data)
	if err := json.Unmarshal([]byte(out), &shown); err != nil || status != statusDone {
		t.Fatalf("%d %v %s", status, err, errs)
	}
	if shown.Preset != "cnil" || shown.Since == "" || shown.Since != shown.Reviewed || shown.Controller != "Shop SAS" || shown.Contact != "" || !shown.Rounded || !slices.Equal(shown.Scrub, []string{"a,b{2,3}", "c"}) {
		t.Errorf("%+v", shown)
	}
	how := map[foule.Feature]shownFeature{}
	for _, f := range shown.Features {
		how[f.Name] = f
	}
	if f := how[foule.FeatureCampaigns]; f.Collected || !f.Pinned || f.Rule != "C6" || f.Reason == "" || how[foule.FeatureCities].Collected || !how[foule.FeatureTitles].Collected {
		t.Errorf("%+v", how)
	}
}

// TestCheckPrivacy: 'check' lists every requirement for each site, for people
// and for programs, and finds what contradicts a preset.
func TestCheckPrivacy(t *testing.T) {
	data := shop(t)
	if status, _, errs := call("site", "set", "1", "--preset", "cnil", "--data", data); status != statusDone {
		t.Fatal(errs)
	}
	status, out, _ := call("check", "--data", data)
	if status != statusDone || !strings.Contains(out, "site 1, Shop: preset cnil;") || !strings.Contains(out, "  C6   S   met by the settings") || !strings.Contains(out, "by self-assessment of ") || !strings.HasSuffix(out, "all is well\n") {
		t.Errorf("%d %s", status, out)
	}
	if m := regexp.MustCompile(`(?i)certif|validat|approv`).FindString(out); m != "" {
		t.Errorf("%q is said", m)
	}
	if _, french, _ := call("check", "--lang", "fr", "--data", data); !strings.Contains(french, "site 1, Shop : préréglage cnil ;") || !strings.Contains(french, "  C6   S   rempli par les réglages") || !strings.Contains(french, "par auto-évaluation") {
		t.Errorf("in French: %s", french)
	}
	var said struct {
		OK       bool
		Settings map[string]string
		Faults   []string
		Sites    []checkedSite
	}
	status, out, _ = call("check", "--json", "--data", data, "--hosting", "Host SAS, France")
	if err := json.Unmarshal([]byte(out), &said); err != nil || status != statusDone || !said.OK {
		t.Fatalf("%d %v %s", status, err, out)
	}
	if len(said.Sites) != 1 || len(said.Sites[0].Findings) != 25 || said.Sites[0].Statement == nil || said.Settings["retention-months"] != "25" ||
		!strings.Contains(said.Sites[0].Findings[24].Reason.FR, "Host SAS, France") {
		t.Errorf("%+v", said)
	}
	status, out, errs := call("check", "--json", "--data", data, "--retention-months", "36")
	if err := json.Unmarshal([]byte(out), &said); err != nil || status != statusFailed || said.OK || len(said.Faults) != 1 || said.Sites[0].Statement != nil || !strings.Contains(errs, "(C17)") {
		t.Errorf("%d %v %+v %s", status, err, said, errs)
	}
}

// TestRunRefuses: no collector starts whose settings break what a site has
// promised, also where the store cannot tell and the copy must.
func TestRunRefuses(t *testing.T) {
	data := shop(t)
	run := []string{"run", "--data", data, "--listen", "127.0.0.1:0", "--dashboard-listen", "off", "--retention-months", "36"}
	if status, _, errs := call("site", "set", "1", "--preset", "cnil", "--data", data); status != statusDone {
		t.Fatal(errs)
	}
	const reason = "site 1: retention-months: The preset cnil keeps figures for 25 months at most; retention-months is 36."
	if status, out, errs := call(run...); status != statusFailed || !strings.Contains(errs, reason) || out != "" {
		t.Errorf("%d %s %s", status, out, errs)
	}
	if _, err := os.Stat(filepath.Join(data, "collector", "sites.json")); err != nil {
		t.Fatal(err)
	}
	away := append(run, "--store", "clickhouse://me@127.0.0.1:1/foule")
	if status, _, errs := call(away...); status != statusFailed || !strings.Contains(errs, reason) {
		t.Errorf("with the store away: %d %s", status, errs)
	}
}

// TestBook: a contradiction that comes while a collector runs is said once,
// and again only after it had gone.
func TestBook(t *testing.T) {
	var log strings.Builder
	b := &siteBook{install: privacy.Install{RetentionMonths: 36}, log: slog.New(slog.NewTextHandler(&log, nil))}
	fine, broken := []foule.Site{{ID: 1}}, []foule.Site{{ID: 1, Privacy: foule.Privacy{Preset: foule.PresetCNIL}}}
	for i, list := range [][]foule.Site{fine, broken, broken, fine, broken} {
		b.take(list)
		if got, want := strings.Count(log.String(), "contradicts"), []int{0, 1, 1, 1, 2}[i]; got != want {
			t.Errorf("step %d: said %d times, want %d", i, got, want)
		}
	}
	if site, ok := b.find(1); !ok || site.Privacy.Preset != foule.PresetCNIL {
		t.Errorf("found %+v", site)
	}
	if _, ok := b.find(2); ok {
		t.Error("there is no site 2")
	}
}

// TestFacts: what the collector looks at itself.
func TestFacts(t *testing.T) {
	c := config.Config{GeoFile: "off", RuntimeDir: t.TempDir(), Listen: "127.0.0.1:8080"}
	if in := facts(c, usualBase(c)); in.Places != privacy.PlacesNone || in.Parking == privacy.ParkingNone || in.Tracking != "http://127.0.0.1:8080/" {
		t.Errorf("%+v", in)
	}
	c.GeoFile, c.RuntimeDir, c.PublicURL = "x.mmdb", "", "https://stats.example"
	if in := facts(c, usualBase(c)); in.Places != privacy.PlacesFile || in.Parking != privacy.ParkingNone || in.Tracking != "https://stats.example/" {
		t.Errorf("%+v", in)
	}
}

func TestNoticeCommand(t *testing.T) {
	data := shop(t)
	for _, row := range []struct {
		name   string
		args   []string
		status int
		said   string
	}{
		{"no site", nil, statusWrongUse, "--site"},
		{"no such site", []string{"--site", "7"}, statusFailed, "site 7"},
		{"no such language", []string{"--site", "1", "--lang", "de"}, statusWrongUse, "--lang"},
		{"no such document", []string{"--site", "1", "--document", "novel"}, statusWrongUse, "--document"},
		{"Markdown", []string{"--site", "1"}, statusDone, "## Audience measurement\n"},
		{"HTML in French", []string{"--site", "1", "--lang", "fr", "--format", "html"}, statusDone, "<h2>Mesure d’audience</h2>"},
		{"gaps", []string{"--site", "1"}, statusDone, "to fill in: who publishes the site"},
		{"no gap", []string{"--site", "1", "--privacy-controller", "Town & Sons"}, statusDone, "Town & Sons measures"},
		{"register", []string{"--site", "1", "--document", "record", "--lang", "fr"}, statusDone, "Projet, établi"},
		{"assessment", []string{"--site", "1", "--document", "assessment", "--json"}, statusDone, `"draft":"Draft`},
		{"data", []string{"--site", "1", "--document", "data"}, statusDone, "| stats\\_day |"},
	} {
		status, out, errs := call(slices.Concat([]string{"privacy-notice", "--data", data}, row.args)...)
		if status != row.status || !strings.Contains(out+errs, row.said) {
			t.Errorf("%s: status %d\n%.600s\n%s", row.name, status, out, errs)
		}
	}
}
