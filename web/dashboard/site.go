package dashboard

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/currency"

	"foule.eu/foule"
	"foule.eu/foule/privacy"
)

// sitePage is the settings of a site, or the form for a new one.
type sitePage struct {
	Name, Hosts, Timezone, Currency string
	AnyHost, IgnoreDNT              bool
	KeepFragment, NoSearch          bool
	Excluded, Paths, Query          string // one a line
	ExcludedQuery, Agents           string
	Referrers                       string
	Faults                          []string
	Goals, Funnels, Dimensions      []goalLine
	NewGoal, Install, Path          string
	NewFunnel, NewDimension         string
	Scrubbing, Erase                string
	Privacy                         string // the page of the privacy settings
	DNTWhy                          string // why Do Not Track is pinned; "" if it is not
	Zones, Currencies               []string
	Snippet                         string
}

type goalLine struct{ Name, Rule, Href string }

func formOf(site *foule.Site) sitePage {
	return sitePage{
		Name: site.Name, Hosts: strings.Join(site.Hosts, "\n"), Timezone: site.Timezone, Currency: site.Currency,
		AnyHost: site.AnyHost, IgnoreDNT: site.IgnoreDNT, KeepFragment: site.KeepFragment, NoSearch: site.NoSiteSearch,
		Excluded: strings.Join(site.ExcludedIPs, "\n"), Paths: strings.Join(site.ExcludedPaths, "\n"), Query: strings.Join(site.KeepQuery, "\n"),
		ExcludedQuery: strings.Join(site.ExcludedQuery, "\n"), Agents: strings.Join(site.ExcludedAgents, "\n"), Referrers: strings.Join(site.ExcludedReferrers, "\n"),
		NewFunnel: sitePath(site.ID) + "/settings/funnels/new", NewDimension: sitePath(site.ID) + "/settings/dimensions/new",
		Zones: zones, Currencies: currencies,
	}
}

var currencies = []string{"EUR", "CHF", "GBP", "USD", "CAD", "DKK", "SEK", "NOK", "PLN", "CZK", "XAF", "XOF", "MAD", "TND", "JPY"}

// readSite puts a form's fields into a site and gives the keys of what is wrong with them.
func readSite(r *http.Request, site *foule.Site) (faults []string) {
	site.Name = strings.TrimSpace(r.PostFormValue("name"))
	if site.Name == "" || len(site.Name) > 200 {
		faults = append(faults, "fault.name")
	}
	site.Hosts = nil
	for _, line := range words(r.PostFormValue("hosts")) {
		host, ok := cleanHost(line)
		if !ok {
			faults = append(faults, "fault.host")
			break
		}
		site.Hosts = append(site.Hosts, host)
	}
	site.Timezone = strings.TrimSpace(r.PostFormValue("timezone"))
	if _, err := time.LoadLocation(site.Timezone); err != nil || site.Timezone == "Local" {
		faults = append(faults, "fault.timezone")
	}
	site.Currency = strings.ToUpper(strings.TrimSpace(r.PostFormValue("currency")))
	if _, err := currency.ParseISO(site.Currency); err != nil && site.Currency != "" {
		faults = append(faults, "fault.currency")
	}
	site.AnyHost = r.PostFormValue("any_host") != ""
	site.IgnoreDNT = r.PostFormValue("ignore_dnt") != ""
	site.KeepFragment = r.PostFormValue("keep_fragment") != ""
	site.NoSiteSearch = r.PostFormValue("no_search") != ""
	site.ExcludedIPs = words(r.PostFormValue("excluded"))
	site.ExcludedPaths = words(r.PostFormValue("paths"))
	site.KeepQuery = words(r.PostFormValue("query"))
	site.ExcludedQuery = words(r.PostFormValue("excluded_query"))
	site.ExcludedReferrers = words(r.PostFormValue("referrers"))
	site.ExcludedAgents = lines(r.PostFormValue("agents"))
	if slices.ContainsFunc(site.ExcludedAgents, badAgent) {
		faults = append(faults, "fault.agents")
	}
	return faults
}

// lines gives the lines that hold something, blanks within them and all.
func lines(s string) (list []string) {
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}

// badAgent says whether a text between slashes is no regular expression.
func badAgent(s string) bool {
	if len(s) < 3 || s[0] != '/' || s[len(s)-1] != '/' {
		return false
	}
	_, err := regexp.Compile(s[1 : len(s)-1])
	return err != nil
}

func words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" \t\r\n,;", r) })
}

// cleanHost makes a host of what people paste: an address with scheme, port or path.
func cleanHost(s string) (string, bool) {
	s = strings.ToLower(s)
	if !strings.Contains(s, "://") {
		s = "https://" + s
	}
	u, err := url.Parse(s)
	if err != nil {
		return "", false
	}
	host := strings.TrimPrefix(strings.TrimSuffix(u.Hostname(), "."), "www.")
	ok := host != "" && len(host) <= 253 && !strings.ContainsAny(host, "/\\\"'<>&%")
	return host, ok
}

func (s *server) showNewSite(w http.ResponseWriter, r *http.Request) error {
	page := formOf(&foule.Site{Timezone: "Europe/Paris", Currency: "EUR"})
	return s.render(w, r, "new-site", localeOf(r).T("site.new"), nil, page)
}

func (s *server) addSite(w http.ResponseWriter, r *http.Request) error {
	l := localeOf(r)
	site := foule.Site{Created: s.Now().Unix()}
	if faults := readSite(r, &site); len(faults) > 0 {
		page := formOf(&site)
		page.setFaults(l, r, faults)
		return s.renderStatus(w, r, http.StatusUnprocessableEntity, "new-site", l.T("site.new"), nil, page)
	}
	id, err := s.Settings.AddSite(r.Context(), site)
	if err != nil {
		return err
	}
	http.Redirect(w, r, sitePath(id)+"/install", http.StatusSeeOther)
	return nil
}

// setFaults shows what is wrong and gives back what was typed.
func (p *sitePage) setFaults(l *locale, r *http.Request, keys []string) {
	for _, key := range keys {
		p.Faults = append(p.Faults, l.T(key))
	}
	p.Hosts = r.PostFormValue("hosts")
}

func (s *server) showSite(w http.ResponseWriter, r *http.Request) error {
	site, err := s.site(r)
	if err != nil {
		return err
	}
	return s.renderSite(w, r, http.StatusOK, &site, nil)
}

func (s *server) renderSite(w http.ResponseWriter, r *http.Request, status int, site *foule.Site, faults []string, refused ...string) error {
	l := localeOf(r)
	page := formOf(site)
	page.Privacy = sitePath(site.ID) + "/privacy"
	policy := privacy.Of(site)
	page.DNTWhy, page.Faults = why(l, policy.Preset, privacy.SettingIgnoreDNT), refused
	page.Path = sitePath(site.ID) + "/settings"
	page.NewGoal = sitePath(site.ID) + "/goals/new"
	page.Install = sitePath(site.ID) + "/install"
	page.Scrubbing, page.Erase = sitePath(site.ID)+"/scrubbing", sitePath(site.ID)+"/erase"
	snippet, err := s.snippet(l, site)
	if err != nil {
		return err
	}
	page.Snippet = snippet
	for _, f := range site.Funnels {
		line := goalLine{Name: f.Name, Rule: l.N("funnel.count", int64(len(f.Steps))), Href: sitePath(site.ID) + "/settings/funnels/" + strconv.FormatUint(uint64(f.ID), 10)}
		if f.Off {
			line.Rule += ", " + l.T("off")
		}
		page.Funnels = append(page.Funnels, line)
	}
	for _, d := range site.Dimensions {
		number := strconv.FormatUint(uint64(d.ID), 10)
		line := goalLine{Name: d.Name, Rule: l.T("dimension.rule", "number", number, "scope", l.T("dimension."+d.Scope.String())), Href: sitePath(site.ID) + "/settings/dimensions/" + number}
		if d.Off {
			line.Rule += ", " + l.T("off")
		}
		page.Dimensions = append(page.Dimensions, line)
	}
	for _, g := range site.Goals {
		page.Goals = append(page.Goals, goalLine{Name: g.Name, Rule: l.goalRule(g), Href: goalPath(site.ID, g.ID)})
	}
	if len(faults) > 0 {
		page.setFaults(l, r, faults)
	}
	return s.renderStatus(w, r, status, "site", l.T("settings"), site, page)
}

func (s *server) saveSite(w http.ResponseWriter, r *http.Request) error {
	site, err := s.site(r)
	if err != nil {
		return err
	}
	faults := readSite(r, &site)
	refused := privacy.Refusals(&site)
	if len(faults)+len(refused) > 0 {
		return s.renderSite(w, r, http.StatusUnprocessableEntity, &site, faults, said(localeOf(r), refused)...)
	}
	if err := s.Settings.UpdateSite(r.Context(), site); err != nil {
		return err
	}
	http.Redirect(w, r, withDone(sitePath(site.ID)+"/settings", "saved"), http.StatusSeeOther)
	return nil
}

// zones are offered while typing; any IANA name is accepted.
var zones = []string{
	"Europe/Paris", "Europe/Brussels", "Europe/Zurich", "Europe/Luxembourg", "Europe/London", "Europe/Dublin",
	"Europe/Madrid", "Europe/Lisbon", "Europe/Rome", "Europe/Berlin", "Europe/Vienna", "Europe/Amsterdam",
	"Europe/Copenhagen", "Europe/Stockholm", "Europe/Oslo", "Europe/Helsinki", "Europe/Warsaw", "Europe/Prague",
	"Europe/Budapest", "Europe/Bucharest", "Europe/Sofia", "Europe/Athens", "Europe/Istanbul", "Europe/Kyiv",
	"Africa/Casablanca", "Africa/Algiers", "Africa/Tunis", "Africa/Dakar", "Africa/Abidjan", "Africa/Cairo",
	"Africa/Johannesburg", "Indian/Reunion", "Indian/Mayotte", "America/Martinique", "America/Guadeloupe",
	"America/Cayenne", "America/Montreal", "America/New_York", "America/Chicago", "America/Denver",
	"America/Los_Angeles", "America/Sao_Paulo", "Pacific/Noumea", "Pacific/Tahiti", "Asia/Dubai", "Asia/Kolkata",
	"Asia/Singapore", "Asia/Shanghai", "Asia/Tokyo", "Australia/Sydney", "Pacific/Auckland", "UTC",
}
