package anonymize

import (
	"net/netip"
	"slices"
	"strings"

	"foule.eu/foule/anonymize/device"
)

// The reasons why a hit is left out, as they stand in foule.DimExcluded.
const (
	ReasonBot          = "bot"
	ReasonAIBot        = "ai_bot" // a crawler or fetcher of an AI assistant
	ReasonOptOut       = "opt_out"
	ReasonGPC          = "global_privacy_control"
	ReasonDoNotTrack   = "do_not_track"
	ReasonPrefetch     = "prefetch"
	ReasonAddress      = "excluded_address"
	ReasonAgent        = "excluded_agent"
	ReasonReferrerSpam = "referrer_spam"
	ReasonPath         = "excluded_path"
	ReasonQuery        = "excluded_query"
	ReasonForeignHost  = "foreign_host"
	ReasonNotCollected = "not_collected" // nothing but what the site leaves alone, as a content where contents are off
)

// exclude says why a hit is not counted, "" if it is: first the visitor's own
// wish, then what is no visitor, then the site's rules.
func (s *Site) exclude(h *Hit, excludedIP bool, browser device.Result, spam bool, page address) string {
	switch {
	case h.OptedOut:
		return ReasonOptOut
	case h.GlobalPrivacyControl:
		return ReasonGPC
	case h.DoNotTrack && !s.ignoreDNT:
		return ReasonDoNotTrack
	case h.Prefetch:
		return ReasonPrefetch
	case browser.Bot && !h.CountBots && isAI(browser.BotKind):
		return ReasonAIBot
	case browser.Bot && !h.CountBots:
		return ReasonBot
	case excludedIP:
		return ReasonAddress
	case s.excludesAgent(h.UserAgent):
		return ReasonAgent
	case spam:
		return ReasonReferrerSpam
	case s.excludesPath(page.path):
		return ReasonPath
	case s.excludesQuery(page.query):
		return ReasonQuery
	case page.host != "" && !s.anyHost && !s.owns(page.host):
		return ReasonForeignHost
	}
	return ""
}

func (s *Site) excludesIP(ip netip.Addr) bool {
	ip = ip.Unmap()
	for _, r := range s.ranges {
		if r.Contains(ip) {
			return true
		}
	}
	return false
}

func (s *Site) excludesAgent(agent string) bool {
	if len(s.agents) == 0 {
		return false
	}
	agent = strings.ToLower(agent)
	for i := range s.agents {
		if s.agents[i].matches(agent) {
			return true
		}
	}
	return false
}

// excludesQuery says whether a page's query has a parameter that is left out.
func (s *Site) excludesQuery(query string) bool {
	for query != "" && len(s.query) > 0 {
		var pair string
		pair, query, _ = strings.Cut(query, "&")
		name, value, _ := strings.Cut(pair, "=")
		for _, p := range s.query {
			if p.name == unescape(name) && (p.any || p.value == decodeValue(value)) {
				return true
			}
		}
	}
	return false
}

// sendsNobody says whether visits from a referrer count as direct.
func (s *Site) sendsNobody(ref string) bool {
	if len(s.referrers) == 0 {
		return false
	}
	a, ok := splitURL(ref)
	host := strings.TrimPrefix(a.host, "www.")
	return ok && slices.ContainsFunc(s.referrers, func(h string) bool { return host == h || strings.HasSuffix(host, "."+h) })
}

func isAI(botKind string) bool { return botKind == "ai-crawler" || botKind == "ai-assistant" }

func (s *Site) excludesPath(path string) bool {
	for _, p := range s.paths {
		if strings.HasPrefix(path, strings.TrimSuffix(p, "*")) {
			return true
		}
	}
	return false
}
