package dashboard

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"foule.eu/foule"
	"foule.eu/foule/privacy"
	"foule.eu/foule/storage"
)

// privately gives a site as it is stored.
func (h *house) privately(t *testing.T, id foule.SiteID) foule.Site {
	t.Helper()
	site, err := h.store.Site(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return site
}

// TestPreset: choosing a preset settles what it pins and stamps the day; what
// it pins is then refused, with the reason, wherever it is asked for.
func TestPreset(t *testing.T) {
	h := openHouse(t)
	h.submit(t, "/sites/2/settings", url.Values{"name": {"Boutique"}, "timezone": {"Europe/Paris"}, "ignore_dnt": {"1"}}, http.StatusSeeOther)
	h.submit(t, "/sites/2/privacy/preset", url.Values{"preset": {"gdpr"}}, http.StatusUnprocessableEntity)
	h.submit(t, "/sites/2/privacy/preset", url.Values{"preset": {"cnil"}}, http.StatusSeeOther)
	site := h.privately(t, 2)
	if p := site.Privacy; p.Preset != foule.PresetCNIL || !p.Rounded || site.IgnoreDNT || p.Since != foule.DayOf(fixedNow, paris) {
		t.Fatalf("stored %+v", site)
	}

	pinned := parse(t, h.get(t, "/sites/2/privacy", "en"))
	if got := len(pinned.all(".features input[disabled]")); got != 7 {
		t.Errorf("%d features are pinned", got)
	}
	if slices.ContainsFunc(pinned.all(".features input[disabled]"), func(n *html.Node) bool { _, on := attr(n, "checked"); return on }) {
		t.Error("a feature is pinned and ticked")
	}
	equal(t, pinned.texts("#why-campaigns"), []string{"Campaigns and their performance are outside the exempt purposes. (C6)"})
	equal(t, pinned.texts("#why-rounded"), []string{"Figures are shown rounded to ten. (C14)"})
	equal(t, parse(t, h.get(t, "/sites/2/settings", "fr")).texts("#why-dnt"), []string{"Do Not Track est une opposition par voie automatisée. (C22)"})

	refused := func(path string, form url.Values, reasons ...string) {
		t.Helper()
		equal(t, parse(t, h.submit(t, path, form, http.StatusUnprocessableEntity)).texts("[role=alert] p"), reasons)
		if now := h.privately(t, 2); len(now.Privacy.Off) > 0 || !now.Privacy.Rounded || now.IgnoreDNT {
			t.Errorf("refused, and stored: %+v", now)
		}
	}
	refused("/sites/2/settings", url.Values{"name": {"Boutique"}, "timezone": {"UTC"}, "ignore_dnt": {"1"}}, "Do Not Track is an objection by automated means. (C22)")
	refused("/sites/2/privacy", url.Values{"collect": {"titles", "campaigns"}, "rounded": {"1"}}, "“campaigns, UTM parameters and click ids” cannot be collected: Campaigns and their performance are outside the exempt purposes. (C6)")
	refused("/sites/2/privacy", url.Values{"scrub": {"("}}, `"(" is no regular expression (RE2)`, "Figures are shown rounded to ten. (C14)")
	refused("/sites/2/privacy?lang=fr", url.Values{"rounded": {"1"}, "policy_url": {"javascript:alert(1)"}}, "« javascript:alert(1) » n’est pas une adresse comme https://example.org/vie-privee")

	// Without the preset, what it switched off comes back; what the operator did, stays.
	h.submit(t, "/sites/2/privacy", url.Values{"collect": {"visitors", "titles"}, "rounded": {"1"}, "scrub": {"a b\n\n c{1,2} "}, "controller": {" Museum "}}, http.StatusSeeOther)
	site = h.privately(t, 2)
	equal(t, site.Privacy.Scrub, []string{"a b", "c{1,2}"})
	h.submit(t, "/sites/2/privacy/preset", url.Values{"preset": {""}}, http.StatusSeeOther)
	site = h.privately(t, 2)
	if p := privacy.Of(&site); !p.Collects(foule.FeatureCampaigns, false) || p.Collects(foule.FeatureCities, false) || !p.Rounded || site.Privacy.Controller != "Museum" {
		t.Errorf("stored %+v", site.Privacy)
	}
}

// TestPresetContradicted: a preset that the installation's settings contradict
// cannot be chosen.
func TestPresetContradicted(t *testing.T) {
	h := openHouseWith(t, func(d *Deps) { d.Install.RetentionMonths = 36; d.Install.Alone = true })
	p := parse(t, h.submit(t, "/sites/2/privacy/preset", url.Values{"preset": {"cnil"}}, http.StatusUnprocessableEntity))
	equal(t, p.texts("[role=alert] p"), []string{"The preset cnil keeps figures for 25 months at most; retention-months is 36. Lower it, or choose another preset. (C17)"})
	if site := h.privately(t, 2); site.Privacy.Preset != "" {
		t.Error("it was stored")
	}
	if got := len(parse(t, h.get(t, "/sites/2/compliance", "en")).all(".notice")); got != 1 {
		t.Error("nothing says that these are the dashboard's own facts")
	}
}

// TestReview: the reminder comes after a year, and the button answers it.
func TestReview(t *testing.T) {
	h := openHouse(t)
	due := func() bool { return len(parse(t, h.get(t, "/sites/2/privacy", "en")).all(".review.due")) == 1 }
	site := h.privately(t, 2)
	for _, row := range []struct {
		reviewed string
		want     bool
	}{{"2025-03-24", true}, {"2025-03-25", false}} {
		site.Privacy.Reviewed, _ = foule.ParseDay(row.reviewed)
		if err := h.store.UpdateSite(t.Context(), site); err != nil {
			t.Fatal(err)
		}
		if due() != row.want {
			t.Errorf("reviewed on %s: due is %t", row.reviewed, !row.want)
		}
	}
	reminded := func(path string) bool { return len(parse(t, h.get(t, path, "en")).all(".notice.due")) == 1 }
	site.Privacy.Preset, site.Privacy.Reviewed, site.Privacy.Rounded = foule.PresetCNIL, 0, true
	if err := h.store.UpdateSite(t.Context(), site); err != nil {
		t.Fatal(err)
	}
	if !reminded("/sites/2") || reminded("/sites/1") {
		t.Error("the reminder is for an administrator, of a site with a preset")
	}
	h.submit(t, "/sites/2/privacy/reviewed", nil, http.StatusSeeOther)
	if reminded("/sites/2") {
		t.Error("reminded of what was just done")
	}
	if got := h.privately(t, 2).Privacy.Reviewed; got != foule.DayOf(fixedNow, paris) || due() {
		t.Errorf("reviewed on %s", got)
	}
}

// TestCompliance: the page and the file say the same, with the hash of what the
// file holds; who may only read sees them, and not the settings.
func TestCompliance(t *testing.T) {
	h := openHouse(t)
	if _, err := h.store.AddUser(t.Context(), storage.User{Email: "auditor@example.org", PasswordHash: testHash(), Role: storage.RoleRead}); err != nil {
		t.Fatal(err)
	}
	h.submit(t, "/sites/2/privacy/preset", url.Values{"preset": {"cnil"}}, http.StatusSeeOther)
	h.cookie = h.logIn(t, "auditor@example.org")
	if w := h.get(t, "/sites/2/privacy", "en"); w.Code != http.StatusForbidden {
		t.Errorf("settings: %d", w.Code)
	}
	p := parse(t, h.get(t, "/sites/2/compliance", "fr"))
	if got := len(p.all(".findings li")); got != 25 {
		t.Errorf("%d findings", got)
	}
	equal(t, p.texts(".statement"), []string{"Réglé pour répondre aux critères de l’exemption française pour la mesure d’audience, par auto-évaluation du 24 mars 2026."})
	var file struct {
		Date, Hash    string
		Configuration map[string]any
		Findings      []privacy.Finding
		Statement     privacy.Text
	}
	w := h.get(t, "/sites/2/compliance.json", "fr")
	if err := json.Unmarshal(w.Body.Bytes(), &file); err != nil || file.Date != "2026-03-24" || len(file.Findings) != 25 || file.Findings[5].ID != "C6" || file.Statement.EN == "" {
		t.Fatalf("%v: %s", err, w.Body)
	}
	site := h.privately(t, 2)
	in := privacy.Install{IPv4Bits: 24, IPv6Bits: 48, K: 1, KFiltered: 3, RetentionMonths: 25, PublicURL: "https://stats.example", Hosting: "Hébergeur SAS, France"}
	if want := privacy.Hash(privacy.Configuration(&in, &site)); file.Hash != want || p.texts(".code code")[0] != want {
		t.Errorf("hash %s, page %v, want %s", file.Hash, p.texts(".code code"), want)
	}
	if got := p.texts(".main-nav a[aria-current=page]"); len(got) != 1 {
		t.Errorf("current: %v", got)
	}
	if w := h.get(t, "/sites/1/compliance", "en"); len(parse(t, w).all(".statement")) != 0 {
		t.Error("a site without a preset says something of itself")
	}
}

// TestDocuments: a document reads, can be copied and downloaded.
func TestDocuments(t *testing.T) {
	h := openHouse(t)
	p := parse(t, h.get(t, "/sites/1/documents/notice", "fr"))
	if got := p.texts(".prose h2"); len(got) < 8 || got[0] != "Sur votre appareil" {
		t.Errorf("parts %v", got)
	}
	var copies []string
	for _, n := range p.all("[data-copy] code") {
		copies = append(copies, rawText(n))
	}
	if len(copies) != 2 || !strings.HasPrefix(copies[0], "<h2>Mesure d’audience</h2>") || !strings.HasPrefix(copies[1], "## Mesure d’audience") {
		t.Errorf("to copy: %.60q", copies)
	}
	for format, want := range map[string]string{"md": copies[1], "html": copies[0]} {
		w := h.get(t, "/sites/1/documents/notice?format="+format, "fr")
		if w.Body.String() != want || !strings.Contains(w.Header().Get("Content-Disposition"), "foule-notice-1-fr."+format) {
			t.Errorf("%s: %v", format, w.Header())
		}
	}
	p = parse(t, h.get(t, "/sites/1/documents/data", "en"))
	if all := strings.Join(p.texts(".prose tbody th"), " "); !strings.Contains(all, "visit_value_1") || !strings.Contains(all, "stats_day") || len(p.all(".prose script")) > 0 {
		t.Errorf("dictionary: %s", all)
	}
}

// TestWordingOfPages: no sentence of the catalogues says more than
// self-assessment (C24).
func TestWordingOfPages(t *testing.T) {
	boast := regexp.MustCompile(`(?i)certif|\bvalidat|approv|agréé|homologu|conforme à la CNIL|CNIL.compliant`)
	for lang, l := range loadLocales() {
		for key, sentence := range l.text {
			if m := boast.FindString(sentence); m != "" {
				t.Errorf("%s %s: %q", lang, key, m)
			}
		}
	}
}
