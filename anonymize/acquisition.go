package anonymize

import (
	"strings"

	"foule.eu/foule"
	"foule.eu/foule/anonymize/referrer"
)

// acquisition says how the hit's page was reached (tracking.md §12). Order:
// asked to be ignored, AI assistant, campaign, the site itself, the referrer's
// own kind, and last a click id where nothing else tells. What the site does not
// collect is not asked: neither channels, of which a name of a source is part, nor
// campaigns.
func (s *Site) acquisition(e *foule.Event, h *Hit, from referrer.Verdict, page address, w *wants) {
	e.Channel = foule.ChannelDirect
	if !ignoresReferrer(page) {
		s.origin(e, h, from, page, w)
	}
	if !w.channels || !w.referrers && e.Channel == foule.ChannelDirect {
		e.Channel = "" // not known, rather than direct
	}
}

func (s *Site) origin(e *foule.Event, h *Hit, from referrer.Verdict, page address, w *wants) {
	if from.Channel == foule.ChannelAI {
		e.Channel, e.Source = from.Channel, from.Source
		return
	}
	inCampaign := w.campaigns && s.campaign(e, h, page, w)
	switch {
	case inCampaign && w.channels:
	case from.Channel == foule.ChannelDirect:
		if source, ok := referrer.ClickID(page.query); ok && w.channels && w.campaigns {
			e.Channel, _ = referrer.ClickChannel(source)
			e.Source = source
		}
	case s.isOwn(h.Referrer, page):
	default:
		e.Channel, e.Source = from.Channel, s.text(from.Source)
		if a, ok := splitURL("//" + from.Page); ok && from.Page != "" && w.referrerPages && !inCampaign {
			e.ReferrerPage = s.hostAndPath(a)
		}
	}
}

// campaign reads the campaign that brought the hit; an assistant that says so in
// its links is none.
func (s *Site) campaign(e *foule.Event, h *Hit, page address, w *wants) bool {
	c, ok := referrer.Campaigns(page.query, page.fragment)
	if name, isAssistant := referrer.AssistantByUTM(c.Source); ok && isAssistant && w.channels {
		e.Channel, e.Source = foule.ChannelAI, name
		return true
	}
	if !ok && h.CampaignName != "" {
		c, ok = foule.Campaign{Name: h.CampaignName, Term: h.CampaignKeyword}, true
	}
	if !ok {
		return false
	}
	e.Campaign = s.cleanCampaign(c)
	if w.channels {
		e.Channel, e.Source = foule.ChannelCampaign, e.Campaign.Source
	}
	return true
}

// begins says, where nobody is told apart, whether a hit begins a visit: it shows
// a page, and the page was reached from elsewhere. The referrer goes along with
// every hit of a page, so that nothing else that happens on it may count.
func (s *Site) begins(kind foule.Kind, ref string, page address) bool {
	if kind != foule.KindPageView && kind != foule.KindSearch {
		return false
	}
	return !ignoresReferrer(page) && !s.isOwn(ref, page) && !s.sendsNobody(ref)
}

// ignoresReferrer says that the page's URL asks not to be told where it came from.
func ignoresReferrer(page address) bool {
	return page.query != "" && (queryValue(page.query, "ignore_referrer") == "1" || queryValue(page.query, "ignore_referer") == "1")
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

// cleanCampaign scrubs a campaign's values as they were sent, since tokens do not
// look like tokens any more in lower case, and folds them.
func (s *Site) cleanCampaign(c foule.Campaign) foule.Campaign {
	clean := func(t string) string { return s.text(referrer.Fold(s.rules.Text(t))) }
	return foule.Campaign{Name: clean(c.Name), Source: clean(c.Source), Medium: clean(c.Medium), Term: clean(c.Term), Content: clean(c.Content)}
}
