package anonymize

import (
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"foule.eu/foule"
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
	agents       []string
	paths        []string
	goals        []goal
	byID         map[uint32]*goal
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
	c := &Site{
		ID: s.ID, Location: loc,
		anyHost: s.AnyHost || len(s.Hosts) == 0, keepFragment: s.KeepFragment, ignoreDNT: s.IgnoreDNT,
		keepQuery: map[string]bool{}, byID: map[uint32]*goal{},
		paths: s.ExcludedPaths, searchCats: s.SearchCategoryParams,
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
	for _, a := range s.ExcludedAgents {
		c.agents = append(c.agents, strings.ToLower(a))
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
	if len(faults) > 0 {
		return nil, fmt.Errorf("site %d: %w", s.ID, errors.Join(faults...))
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

// goal is a goal whose pattern is ready.
type goal struct {
	foule.Goal
	folded string // the pattern in lower case, for comparison without case
	regex  *regexp.Regexp
}

// matches and patterns are what a goal can say.
var (
	matches = []foule.Match{
		foule.MatchURL, foule.MatchTitle, foule.MatchFile, foule.MatchOutlink,
		foule.MatchEventCategory, foule.MatchEventAction, foule.MatchEventName, foule.MatchManual,
	}
	patterns = []foule.Pattern{foule.PatternContains, foule.PatternExact, foule.PatternRegex}
)

func compileGoal(g foule.Goal) (goal, error) {
	c := goal{Goal: g, folded: strings.ToLower(g.Pattern)}
	if !slices.Contains(matches, g.Match) {
		return c, fmt.Errorf("goal %d: %q is nothing that a goal is compared with; use one of %v", g.ID, g.Match, matches)
	}
	if g.Match != foule.MatchManual && !slices.Contains(patterns, g.PatternType) {
		return c, fmt.Errorf("goal %d: pattern type %q is not one of %v", g.ID, g.PatternType, patterns)
	}
	if g.PatternType != foule.PatternRegex || g.Match == foule.MatchManual {
		return c, nil
	}
	pattern := g.Pattern
	if !g.CaseSensitive {
		pattern = "(?i)" + pattern
	}
	var err error
	if c.regex, err = regexp.Compile(pattern); err != nil {
		return c, fmt.Errorf("goal %s: pattern: %w", strconv.Itoa(int(g.ID)), err)
	}
	return c, nil
}

// matches compares the goal's pattern with a text; Matomo tries the
// URL-decoded text too.
func (g *goal) matches(text string) bool {
	if text == "" {
		return false
	}
	if g.matchesAsIs(text) {
		return true
	}
	decoded := unescape(text)
	return decoded != text && g.matchesAsIs(decoded)
}

func (g *goal) matchesAsIs(text string) bool {
	if g.regex != nil {
		return g.regex.MatchString(text)
	}
	pattern := g.Pattern
	if !g.CaseSensitive {
		text, pattern = strings.ToLower(text), g.folded
	}
	if g.PatternType == foule.PatternExact {
		return text == pattern
	}
	return strings.Contains(text, pattern)
}
