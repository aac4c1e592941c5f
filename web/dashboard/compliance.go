package dashboard

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"foule.eu/foule"
	"foule.eu/foule/privacy"
)

// compliancePage is how a site stands to the privacy requirements on a day: the
// page that goes to an auditor.
type compliancePage struct {
	Nav        []link
	Intro      string
	Statement  string // what the site may say of itself; "" if nothing
	Unsaid     string // why it may not, where it may not
	Counts     []statusCount
	Facts      []factLine
	Findings   []findingLine
	Weights    []string
	SecondHand string
	Alone      bool // the facts are this dashboard's own configuration
	Hash, File string
}

type statusCount struct{ Status, Text string }

type factLine struct{ Name, Value string }

// findingLine is a finding in the reader's language.
type findingLine struct{ ID, Weight, Status, Said, Title, Reason string }

func (s *server) compliance(w http.ResponseWriter, r *http.Request) error {
	site, err := s.site(r)
	if err != nil {
		return err
	}
	l := localeOf(r)
	today := s.todayAt(&site)
	findings := privacy.Check(&site, &s.Install, today)
	page := compliancePage{
		Nav: s.privacyNav(l, r, &site), Intro: l.T("compliance.intro", "day", privacy.Date(today).In(l.Lang), "version", s.Install.Version),
		Facts: s.facts(l, &site), SecondHand: privacy.SecondHand.In(l.Lang), Alone: s.Install.Alone,
		Hash: privacy.Hash(privacy.Configuration(&s.Install, &site)), File: sitePath(site.ID) + "/compliance.json",
	}
	if statement, ok := privacy.Statement(&site, findings); ok {
		page.Statement = statement.In(l.Lang)
	} else if site.Privacy.Preset != foule.PresetNone {
		page.Unsaid = l.T("compliance.unsaid")
	}
	n := privacy.Counted(findings)
	for _, status := range []privacy.Status{privacy.Pass, privacy.Fail, privacy.Yours} {
		page.Counts = append(page.Counts, statusCount{string(status), upper(status.Title().In(l.Lang)) + l.T("colon") + strconv.Itoa(n[status])})
	}
	for _, f := range findings {
		page.Findings = append(page.Findings, findingLine{f.ID, f.Weight, string(f.Status), f.Status.Title().In(l.Lang), f.Title.In(l.Lang), f.Reason.In(l.Lang)})
	}
	for _, weight := range privacy.Weights {
		page.Weights = append(page.Weights, weight.Weight+l.T("colon")+weight.Title.In(l.Lang))
	}
	return s.render(w, r, "compliance", l.T("compliance"), &site, page)
}

// facts lists the settings that the findings stand on.
func (s *server) facts(l *locale, site *foule.Site) []factLine {
	in, none := &s.Install, l.T("fact.none")
	or := func(said string) string {
		if said == "" {
			return none
		}
		return said
	}
	preset := l.T("preset.none")
	if p, ok := privacy.FindPreset(site.Privacy.Preset); ok {
		preset = p.Title.In(l.Lang)
	}
	if site.Privacy.Since != 0 {
		preset += ", " + l.T("fact.since", "day", l.Day(site.Privacy.Since))
	}
	reviewed := none
	if day := privacy.Assessed(site); day != 0 {
		reviewed = l.Day(day)
	}
	noted := l.T("log.off")
	if in.AccessLog {
		noted = l.T("log.on")
	}
	return []factLine{
		{l.T("fact.preset"), preset},
		{l.T("fact.reviewed"), reviewed},
		{l.T("fact.controller"), or(strings.Trim(in.ControllerOf(site)+", "+in.ContactOf(site), ", "))},
		{l.T("fact.hosting"), or(in.Hosting)},
		{l.T("fact.address"), l.T("fact.bits", "four", in.IPv4Bits, "six", in.IPv6Bits)},
		{l.T("fact.small"), l.T("fact.k", "k", in.K, "filtered", in.KFiltered)},
		{l.T("fact.retention"), privacy.Months(in.RetentionMonths).In(l.Lang)},
		{l.T("fact.log"), noted},
		{l.T("fact.places"), l.T("places." + string(in.Places))},
		{l.T("fact.parking"), l.T("parking." + string(in.Parking))},
		{l.T("fact.outbound"), l.T("outbound." + in.Store)},
		{l.T("fact.public"), or(in.PublicURL)},
	}
}

// complianceFile gives the page to a program, with all that the hash is made of.
func (s *server) complianceFile(w http.ResponseWriter, r *http.Request) error {
	site, err := s.site(r)
	if err != nil {
		return err
	}
	today := s.todayAt(&site)
	findings := privacy.Check(&site, &s.Install, today)
	configuration := privacy.Configuration(&s.Install, &site)
	said := map[string]any{
		"schema": 1, "product": "Foule", "version": s.Install.Version, "date": today.String(), "site": map[string]any{"id": site.ID, "name": site.Name},
		"facts_of": "collector", "findings": findings, "weights": weights(), "note": privacy.SecondHand, "configuration": configuration, "hash": privacy.Hash(configuration),
	}
	if s.Install.Alone {
		said["facts_of"] = "dashboard"
	}
	if statement, ok := privacy.Statement(&site, findings); ok {
		said["statement"] = statement
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="foule-compliance-%d-%s.json"`, site.ID, today))
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(said)
}

func weights() map[string]privacy.Text {
	said := map[string]privacy.Text{}
	for _, w := range privacy.Weights {
		said[w.Weight] = w.Title
	}
	return said
}
