package anonymize

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/anonymize/scrub"
	"foule.eu/foule/privacy"
)

// Site is a foule.Site made ready for hits. It is immutable.
type Site struct {
	ID       foule.SiteID
	Location *time.Location

	hosts        []string
	anyHost      bool
	keepQuery    map[string]bool
	keepFragment bool
	searchParams []string // nil: detection off
	searchCats   []string
	ignoreDNT    bool
	ranges       []netip.Prefix
	agents       []agentPattern
	paths        []string
	query        []parameter
	referrers    []string
	goals        []goal
	byID         map[uint32]*goal
	dimensions   map[uint32]foule.Dimension
	visitValues  uint16
	funnels      []funnel
	rules        scrub.Rules

	consent          bool   // visits with consent are told apart
	plain, consented *wants // of a hit without consent, and of one with
}

// defaultSearchParams are Matomo's (tracking.md §9), in its order.
var defaultSearchParams = []string{"q", "query", "s", "search", "searchword", "k", "keyword", "keywords"}

// CompileSite makes a site ready, or says everything that is wrong with it.
func CompileSite(s foule.Site) (*Site, error) {
	var faults []error
	loc, err := time.LoadLocation(s.Timezone)
	if err != nil {
		faults = append(faults, fmt.Errorf("time zone %q is not known", s.Timezone))
		loc = time.UTC
	}
	policy := privacy.Of(&s)
	c := &Site{
		ID: s.ID, Location: loc,
		anyHost: s.AnyHost || len(s.Hosts) == 0, keepFragment: s.KeepFragment, ignoreDNT: policy.IgnoreDNT,
		keepQuery: map[string]bool{}, byID: map[uint32]*goal{},
		paths: s.ExcludedPaths, searchCats: s.SearchCategoryParams,
		consent: policy.Consent, plain: wantsOf(&policy, false), consented: wantsOf(&policy, true),
	}
	for _, h := range s.Hosts {
		c.hosts = append(c.hosts, strings.TrimPrefix(strings.ToLower(h), "www."))
	}
	for _, q := range s.KeepQuery {
		c.keepQuery[q] = true
	}
	if !s.NoSiteSearch {
		c.searchParams = s.SearchParams
		if len(c.searchParams) == 0 {
			c.searchParams = defaultSearchParams
		}
	}
	for _, text := range s.ExcludedAgents {
		a, err := compileAgent(text)
		if err != nil {
			faults = append(faults, err)
		}
		c.agents = append(c.agents, a)
	}
	for _, q := range s.ExcludedQuery {
		c.query = append(c.query, parseParameter(q))
	}
	for _, h := range s.ExcludedReferrers {
		c.referrers = append(c.referrers, strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(h), "www."), "."))
	}
	for _, text := range s.ExcludedIPs {
		p, err := ParseRange(text)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		c.ranges = append(c.ranges, p)
	}
	for _, h := range c.hosts {
		if h == "" || strings.ContainsAny(h, "/:?#@ ") {
			faults = append(faults, fmt.Errorf("%q is no host name: give it without scheme, port and path", h))
		}
	}
	c.goals = make([]goal, len(s.Goals))
	for i, g := range s.Goals {
		if c.goals[i], err = compileGoal(g); err != nil {
			faults = append(faults, err)
		}
		c.byID[g.ID] = &c.goals[i]
	}
	c.rules, err = scrub.CompileRules(s.Privacy.Scrub)
	faults = append(faults, err, c.compileDimensions(s.Dimensions), c.compileFunnels(s.Funnels))
	if err := errors.Join(faults...); err != nil {
		return nil, fmt.Errorf("site %d: %w", s.ID, err)
	}
	return c, nil
}

// ParseRange reads an address, a CIDR range or Matomo's wildcards (1.2.*.*).
func ParseRange(text string) (netip.Prefix, error) {
	text = strings.TrimSpace(text)
	if p, err := netip.ParsePrefix(text); err == nil {
		if a := p.Addr(); a.Is4In6() && p.Bits() >= 96 {
			p = netip.PrefixFrom(a.Unmap(), p.Bits()-96)
		}
		return p.Masked(), nil
	}
	if a, err := netip.ParseAddr(text); err == nil {
		a = a.Unmap().WithZone("")
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	if fixed, ok := strings.CutSuffix(text, ".*"); ok {
		parts := 1
		for strings.HasSuffix(fixed, ".*") {
			fixed, parts = strings.TrimSuffix(fixed, ".*"), parts+1
		}
		if a, err := netip.ParseAddr(fixed + strings.Repeat(".0", parts)); err == nil && a.Is4() && parts < 4 {
			return netip.PrefixFrom(a, 32-8*parts), nil
		}
	}
	return netip.Prefix{}, fmt.Errorf("%q is no address, CIDR range or wildcard like 192.0.2.*", text)
}

// HasGoal says whether the site has that goal; a hit for another is answered 400.
func (s *Site) HasGoal(id uint32) bool { return s.byID[id] != nil }

// IgnoresDNT says whether the site counts visitors who send "DNT: 1".
func (s *Site) IgnoresDNT() bool { return s.ignoreDNT }

// Day gives the site's day of an instant.
func (s *Site) Day(t time.Time) foule.Day { return foule.DayOf(t, s.Location) }

// compileDimensions says under which dimension a value of dimensionN counts.
func (s *Site) compileDimensions(list []foule.CustomDimension) error {
	s.dimensions = map[uint32]foule.Dimension{}
	var faults []error
	taken := map[foule.Dimension]bool{}
	for _, c := range list {
		dim := c.Dimension()
		_, twice := s.dimensions[c.ID]
		switch {
		case c.ID == 0 || twice:
			faults = append(faults, fmt.Errorf("custom dimension %d: its number has to be above 0 and no other's", c.ID))
		case c.Scope != foule.ScopeVisit && c.Scope != foule.ScopeAction || c.Slot >= foule.NumValues || taken[dim]:
			faults = append(faults, fmt.Errorf("custom dimension %d: a site has room for %d of a visit and as many of an action, each in a slot of its own", c.ID, foule.NumValues))
		case !c.Off:
			s.dimensions[c.ID] = dim
			if c.Scope == foule.ScopeVisit {
				s.visitValues |= 1 << c.Slot
			}
		}
		taken[dim] = true
	}
	return errors.Join(faults...)
}

// owns says whether a host, lower case and without port, is the site's.
func (s *Site) owns(host string) bool {
	host = strings.TrimPrefix(host, "www.")
	for _, h := range s.hosts {
		if h == host {
			return true
		}
		if wild, ok := strings.CutPrefix(h, "*."); ok && (host == wild || strings.HasSuffix(host, h[1:])) {
			return true
		}
	}
	return false
}
