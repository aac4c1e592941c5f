package anonymize

import (
	"strings"

	"foule.eu/foule/anonymize/referrer"
	"foule.eu/foule/anonymize/scrub"
)

// Every text of a hit that becomes a label goes through one of these: the site's
// own rules see it as it was sent, then what looks like a person's is replaced.

// path scrubs a path or a query's value. It is not cut to a label's length yet.
func (s *Site) path(p string) string { return s.rules.Path(p) }

// text is a free text made fit to be a label. Of a text that is a URL, as people
// give events and dimensions, neither user nor query nor fragment stays.
func (s *Site) text(t string) string {
	scheme, _, found := strings.Cut(t, "://")
	if found && strings.ContainsAny(t, "?#@") && !strings.ContainsAny(t, " \t") {
		if a, ok := splitURL(t); ok {
			return s.rules.Label(scrub.Text(scheme) + "://" + s.hostAndPath(a))
		}
	}
	return s.rules.Label(s.rules.Text(t))
}

// textOrTarget is a free text that may be a URL or a path, as of a banner's
// picture: matomo.js names a content so that has no other name.
func (s *Site) textOrTarget(t string) string {
	if _, ok := splitURL(t); ok || strings.HasPrefix(t, "/") {
		return s.target(t)
	}
	return s.text(t)
}

// target is the label of a download or outlink: host and path, or what stands
// before query and fragment of what is no URL.
func (s *Site) target(raw string) string {
	a, ok := splitURL(raw)
	if !ok {
		raw, _, _ = strings.Cut(raw, "#")
		raw, _, _ = strings.Cut(raw, "?")
		return s.text(raw)
	}
	return s.hostAndPath(a)
}

// page is the page's label: its path, decoded for reading and scrubbed, with
// the parameters that the site keeps.
func (s *Site) page(a address) string {
	label := s.path(unescape(a.plainPath()))
	if len(s.keepQuery) > 0 && a.query != "" {
		label += s.keptQuery(a.query)
	}
	if s.keepFragment && a.fragment != "" {
		route, query, _ := strings.Cut(a.fragment, "?")
		if kept := withoutCampaigns(route); kept != "" || route == "" {
			label += "#" + s.path(unescape(kept))
		}
		if len(s.keepQuery) > 0 {
			label += s.keptQuery(query)
		}
	}
	return s.rules.Label(label)
}

// withoutCampaigns takes campaigns and click ids out of a fragment that holds
// parameters, as Matomo's #mtm_campaign=x does.
func withoutCampaigns(route string) string {
	if strings.IndexByte(route, '=') < 0 {
		return route
	}
	var kept []string
	for pair := range strings.SplitSeq(route, "&") {
		name, _, ok := strings.Cut(pair, "=")
		if !ok || !referrer.IsClickOrCampaignParam(strings.TrimSuffix(unescape(name), "[]")) {
			kept = append(kept, pair)
		}
	}
	return strings.Join(kept, "&")
}

// keptQuery is "?" and the parameters on the site's list, in the order and
// encoding in which they were sent; click ids and campaigns never stay.
func (s *Site) keptQuery(query string) string {
	var kept strings.Builder
	for query != "" {
		var pair string
		pair, query, _ = strings.Cut(query, "&")
		name, value, _ := strings.Cut(pair, "=")
		name = strings.TrimSuffix(unescape(name), "[]")
		if !s.keepQuery[name] || referrer.IsClickOrCampaignParam(name) {
			continue
		}
		if kept.Len() == 0 {
			kept.WriteByte('?')
		} else {
			kept.WriteByte('&')
		}
		kept.WriteString(pair[:len(pair)-len(value)])
		scrubbed := s.path(value)
		if strings.IndexByte(value, '+') >= 0 && s.rules.Match(decodeValue(value)) { // a blank, to whoever wrote the rule
			scrubbed = scrub.Removed
		}
		kept.WriteString(scrubbed)
	}
	return kept.String()
}

// hostAndPath is the label of a download, outlink or referring page.
func (s *Site) hostAndPath(a address) string {
	return s.rules.Label(s.rules.Text(a.host) + s.path(unescape(a.plainPath()))) // a host can be an address
}
