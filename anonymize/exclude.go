package anonymize

import (
	"net/netip"
	"strings"
)

// The reasons why a hit is left out, as they stand in foule.DimExcluded.
const (
	ReasonBot          = "bot"
	ReasonOptOut       = "opt_out"
	ReasonGPC          = "global_privacy_control"
	ReasonDoNotTrack   = "do_not_track"
	ReasonPrefetch     = "prefetch"
	ReasonAddress      = "excluded_address"
	ReasonAgent        = "excluded_agent"
	ReasonReferrerSpam = "referrer_spam"
	ReasonPath         = "excluded_path"
	ReasonForeignHost  = "foreign_host"
)

// exclude says why a hit is not counted, "" if it is: first the visitor's own
// wish, then what is no visitor, then the site's rules.
func (s *Site) exclude(h *Hit, excludedIP, bot, spam bool, page address) string {
	switch {
	case h.OptedOut:
		return ReasonOptOut
	case h.GlobalPrivacyControl:
		return ReasonGPC
	case h.DoNotTrack && !s.ignoreDNT:
		return ReasonDoNotTrack
	case h.Prefetch:
		return ReasonPrefetch
	case bot && !h.CountBots:
		return ReasonBot
	case excludedIP:
		return ReasonAddress
	case s.excludesAgent(h.UserAgent):
		return ReasonAgent
	case spam:
		return ReasonReferrerSpam
	case s.excludesPath(page.path):
		return ReasonPath
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
	for _, a := range s.agents {
		if strings.Contains(agent, a) {
			return true
		}
	}
	return false
}

func (s *Site) excludesPath(path string) bool {
	for _, p := range s.paths {
		if strings.HasPrefix(path, strings.TrimSuffix(p, "*")) {
			return true
		}
	}
	return false
}
