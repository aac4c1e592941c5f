package anonymize

import (
	"strings"

	"foule.eu/foule"
	"foule.eu/foule/anonymize/referrer"
)

// acquisition says how the hit's page was reached (tracking.md §12). Order:
// asked to be ignored, AI assistant, campaign, the site itself, the referrer's
// own kind, and last a click id where nothing else tells.
func (s *Site) acquisition(e *foule.Event, h *Hit, from referrer.Verdict, page address) {
	e.Channel = foule.ChannelDirect
	if page.query != "" && (queryValue(page.query, "ignore_referrer") == "1" || queryValue(page.query, "ignore_referer") == "1") {
		return
	}
	if from.Channel == foule.ChannelAI {
		e.Channel, e.Source = from.Channel, from.Source
		return
	}
	c, ok := referrer.Campaigns(page.query, page.fragment)
	if name, isAssistant := referrer.AssistantByUTM(c.Source); ok && isAssistant {
		e.Channel, e.Source = foule.ChannelAI, name
		return
	}
	if !ok && h.CampaignName != "" {
		c, ok = foule.Campaign{Name: h.CampaignName, Term: h.CampaignKeyword}, true
	}
	switch {
	case ok:
		e.Channel = foule.ChannelCampaign
		e.Campaign = s.campaign(c)
		e.Source = e.Campaign.Source
	case from.Channel == foule.ChannelDirect:
		if source, ok := referrer.ClickID(page.query); ok {
			e.Channel, _ = referrer.ClickChannel(source)
			e.Source = source
		}
	case s.isOwn(h.Referrer, page):
	default:
		e.Channel, e.Source = from.Channel, s.text(from.Source)
		if from.Page != "" {
			if a, ok := splitURL("//" + from.Page); ok {
				e.ReferrerPage = s.hostAndPath(a)
			}
		}
	}
}

// isOwn says whether a referrer is the site itself: one of its hosts, or the
// host of the page.
func (s *Site) isOwn(ref string, page address) bool {
	a, ok := splitURL(ref)
	if !ok {
		return false
	}
	return s.owns(a.host) || strings.TrimPrefix(a.host, "www.") == strings.TrimPrefix(page.host, "www.")
}

// campaign scrubs a campaign's values as they were sent, since tokens do not
// look like tokens any more in lower case, and folds them.
func (s *Site) campaign(c foule.Campaign) foule.Campaign {
	clean := func(t string) string { return s.text(referrer.Fold(s.rules.Text(t))) }
	return foule.Campaign{Name: clean(c.Name), Source: clean(c.Source), Medium: clean(c.Medium), Term: clean(c.Term), Content: clean(c.Content)}
}
