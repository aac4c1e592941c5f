package anonymize

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"foule.eu/foule"
	"foule.eu/foule/anonymize/referrer"
	"foule.eu/foule/anonymize/scrub"
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
	c, ok := campaigns(page)
	if name, isAssistant := referrer.AssistantByUTM(c.Source); ok && isAssistant {
		e.Channel, e.Source = foule.ChannelAI, name
		return
	}
	if !ok && h.CampaignName != "" {
		c, ok = foule.Campaign{Name: campaignPart(scrub.Text(h.CampaignName)), Term: campaignPart(scrub.Text(h.CampaignKeyword))}, true
	}
	switch {
	case ok:
		e.Channel = foule.ChannelCampaign
		e.Campaign = scrubCampaign(c)
		e.Source = e.Campaign.Source
	case from.Channel == foule.ChannelDirect:
		if source, ok := referrer.ClickID(page.query); ok {
			e.Channel, _ = referrer.ClickChannel(source)
			e.Source = source
		}
	case s.isOwn(h.Referrer, page):
	default:
		e.Channel, e.Source = from.Channel, text(from.Source)
		if from.Page != "" {
			if a, ok := splitURL("//" + from.Page); ok {
				e.ReferrerPage = a.hostAndPath()
			}
		}
	}
}

// campaigns reads the campaign of a page URL. Its values come back in lower
// case, in which tokens do not look like tokens any more: they are scrubbed first.
func campaigns(page address) (foule.Campaign, bool) {
	c, ok := referrer.Campaigns(page.query, page.fragment)
	if !ok {
		return c, false
	}
	return referrer.Campaigns(scrubValues(page.query), scrubValues(page.fragment))
}

// scrubValues scrubs the values of a query and leaves the rest as it is.
func scrubValues(query string) string {
	pairs := strings.Split(query, "&")
	for i, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		decoded := decodeValue(value)
		if clean := scrub.Text(decoded); clean != decoded {
			pairs[i] = name + "=" + url.QueryEscape(clean)
		}
	}
	return strings.Join(pairs, "&")
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

// campaignPart makes a value of the tracking request what referrer.Campaigns
// makes of one of the page's URL: lower case, at most 255 characters.
func campaignPart(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	for i, n := 0, 0; i < len(s); n++ {
		if n == 255 {
			return s[:i]
		}
		_, size := utf8.DecodeRuneInString(s[i:])
		i += size
	}
	return s
}

func scrubCampaign(c foule.Campaign) foule.Campaign {
	return foule.Campaign{Name: text(c.Name), Source: text(c.Source), Medium: text(c.Medium), Term: text(c.Term), Content: text(c.Content)}
}
