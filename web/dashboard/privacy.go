package dashboard

import (
	"net/http"
	"slices"
	"strings"

	"foule.eu/foule"
	"foule.eu/foule/privacy"
	"foule.eu/foule/privacy/document"
)

// privacyPage is what a site promises its visitors, to be changed.
type privacyPage struct {
	Nav          []link
	Path         string
	Presets      []presetChoice
	Since        string // when the preset was chosen, in words; "" if never
	Due          string // that a review is due, in words; "" if it is not
	Reviewed     string
	Features     []featureChoice
	Rounded      bool
	RoundedWhy   string // why it is pinned; "" if it is not
	Consent      bool
	DNT          string // how Do Not Track is treated, in words
	Scrub        string // one a line
	Controller   string
	Contact      string
	PolicyURL    string
	ControllerOf string // what holds where the site says nothing
	ContactOf    string
	Public       string // the page for visitors
	Faults       []string
}

// presetChoice is a preset, or none, and what it pins.
type presetChoice struct {
	Name, Title, What, Dated string
	Chosen                   bool
	Pins                     []string
}

// featureChoice is a feature; Why says why its preset switches it off, "" if it
// does not.
type featureChoice struct {
	Name        string
	Title       string
	Collected   bool
	Why         string
	WithConsent bool
}

// privacyNav leads from one page about a site's privacy to the others.
func (s *server) privacyNav(l *locale, r *http.Request, site *foule.Site) []link {
	var nav []link
	add := func(rest, text string) {
		path := sitePath(site.ID) + rest
		nav = append(nav, link{Href: path, Text: text, Current: r.URL.Path == path})
	}
	if s.isAdmin(r) {
		add("/privacy", l.T("privacy.settings"))
	}
	add("/compliance", l.T("compliance"))
	for _, k := range document.Kinds {
		add("/documents/"+string(k.Kind), k.Title.In(l.Lang))
	}
	return nav
}

func (s *server) showPrivacy(w http.ResponseWriter, r *http.Request) error {
	site, err := s.site(r)
	if err != nil {
		return err
	}
	return s.renderPrivacy(w, r, http.StatusOK, &site, nil)
}

func (s *server) renderPrivacy(w http.ResponseWriter, r *http.Request, status int, site *foule.Site, faults []string) error {
	l := localeOf(r)
	p, policy := &site.Privacy, privacy.Of(site)
	page := privacyPage{
		Nav: s.privacyNav(l, r, site), Path: sitePath(site.ID) + "/privacy", Presets: presetChoices(l, site), Features: featureChoices(l, site, &policy),
		Rounded: policy.Rounded, RoundedWhy: why(l, policy.Preset, privacy.SettingRounded), Consent: p.Consent, DNT: l.T("privacy.dnt.respected"),
		Scrub: strings.Join(p.Scrub, "\n"), Controller: p.Controller, Contact: p.Contact, PolicyURL: p.PolicyURL,
		ControllerOf: s.Install.Controller, ContactOf: s.Install.Contact, Public: s.Install.Page(site.ID, l.Lang), Faults: faults,
	}
	if policy.IgnoreDNT {
		page.DNT = l.T("privacy.dnt.ignored")
	}
	if p.Since != 0 {
		page.Since = l.T("privacy.since", "day", l.Day(p.Since))
	}
	if last := privacy.Assessed(site); last != 0 {
		page.Reviewed = l.T("privacy.reviewed", "day", l.Day(last))
	}
	if privacy.ReviewDue(site, s.todayAt(site)) {
		page.Due = l.T("privacy.due")
	}
	return s.renderStatus(w, r, status, "privacy", l.T("privacy"), site, page)
}

func presetChoices(l *locale, site *foule.Site) []presetChoice {
	choices := []presetChoice{{Title: l.T("preset.none"), What: l.T("preset.none.text"), Chosen: site.Privacy.Preset == foule.PresetNone}}
	for i := range privacy.Presets {
		p := &privacy.Presets[i]
		c := presetChoice{Name: string(p.Name), Title: p.Title.In(l.Lang), What: p.What.In(l.Lang), Dated: l.T("preset.dated", "day", l.Day(p.Dated)), Chosen: site.Privacy.Preset == p.Name}
		for _, pin := range p.Pins {
			c.Pins = append(c.Pins, reason(l, pin.Reason, pin.Rule))
		}
		choices = append(choices, c)
	}
	return choices
}

func featureChoices(l *locale, site *foule.Site, policy *privacy.Policy) []featureChoice {
	choices := make([]featureChoice, len(privacy.Features))
	for i := range privacy.Features {
		f := &privacy.Features[i]
		c := featureChoice{Name: string(f.Name), Title: upper(f.Title.In(l.Lang)), Collected: policy.Collects(f.Name, false), WithConsent: policy.ConsentOnly(f.Name)}
		if pin, pinned := policy.Preset.Pin(f.Name); pinned {
			c.Why = reason(l, pin.Reason, pin.Rule)
		}
		choices[i] = c
	}
	return choices
}

// reason writes why something is so, with the requirement that asks for it.
func reason(l *locale, why privacy.Text, rule string) string {
	if rule == "" {
		return why.In(l.Lang)
	}
	return why.In(l.Lang) + " (" + rule + ")"
}

// why says why a preset pins a setting; "" if it does not.
func why(l *locale, preset *privacy.Preset, setting string) string {
	if preset == nil {
		return ""
	}
	for _, pin := range preset.Pins {
		if pin.Setting == setting {
			return reason(l, pin.Reason, pin.Rule)
		}
	}
	return ""
}

// said writes refusals down.
func said(l *locale, refusals []privacy.Refusal) (faults []string) {
	for _, r := range refusals {
		text := reason(l, r.Reason, r.Rule)
		if f, ok := privacy.Find(foule.Feature(r.Setting)); ok {
			text = l.T("privacy.refused", "what", f.Title.In(l.Lang), "why", text)
		}
		faults = append(faults, text)
	}
	return faults
}

// savePreset puts a preset in force as of today.
func (s *server) savePreset(w http.ResponseWriter, r *http.Request) error {
	site, err := s.site(r)
	if err != nil {
		return err
	}
	chosen := foule.Preset(r.PostFormValue("preset"))
	if refused := privacy.Choose(&site, chosen, s.todayAt(&site), &s.Install); len(refused) > 0 {
		return s.renderPrivacy(w, r, http.StatusUnprocessableEntity, &site, said(localeOf(r), refused))
	}
	return s.keepPrivacy(w, r, &site)
}

// savePrivacy takes the rest of the form. A box of a pinned setting cannot be
// ticked in the page; a request that ticks it all the same is refused.
func (s *server) savePrivacy(w http.ResponseWriter, r *http.Request) error {
	site, err := s.site(r)
	if err != nil {
		return err
	}
	_ = r.PostFormValue("") // reads the form
	collect, leave := featuresOf(r.PostForm["collect"], &site)
	refused := privacy.Collect(&site, collect, leave)
	p := &site.Privacy
	p.Rounded, p.Consent = r.PostFormValue("rounded") != "", r.PostFormValue("consent") != ""
	p.Scrub = lines(r.PostFormValue("scrub"))
	p.Controller, p.Contact = strings.TrimSpace(r.PostFormValue("controller")), strings.TrimSpace(r.PostFormValue("contact"))
	p.PolicyURL = strings.TrimSpace(r.PostFormValue("policy_url"))
	if refused = append(refused, privacy.Refusals(&site)...); len(refused) > 0 {
		return s.renderPrivacy(w, r, http.StatusUnprocessableEntity, &site, said(localeOf(r), refused))
	}
	return s.keepPrivacy(w, r, &site)
}

// featuresOf says what a form collects and what it leaves alone. What the
// preset pins has no box to tick, and stays as the operator last had it.
func featuresOf(ticked []string, site *foule.Site) (collect, leave []foule.Feature) {
	preset, _ := privacy.FindPreset(site.Privacy.Preset)
	for _, name := range ticked {
		collect = append(collect, foule.Feature(name))
	}
	for i := range privacy.Features {
		f := privacy.Features[i].Name
		if _, pinned := preset.Pin(f); !pinned && !slices.Contains(ticked, string(f)) {
			leave = append(leave, f)
		}
	}
	return collect, leave
}

// saveReview notes that purpose and retention were reviewed today.
func (s *server) saveReview(w http.ResponseWriter, r *http.Request) error {
	site, err := s.site(r)
	if err != nil {
		return err
	}
	site.Privacy.Reviewed = s.todayAt(&site)
	return s.keepPrivacy(w, r, &site)
}

func (s *server) keepPrivacy(w http.ResponseWriter, r *http.Request, site *foule.Site) error {
	if err := s.Settings.UpdateSite(r.Context(), *site); err != nil {
		return err
	}
	http.Redirect(w, r, withDone(sitePath(site.ID)+"/privacy", "saved"), http.StatusSeeOther)
	return nil
}
