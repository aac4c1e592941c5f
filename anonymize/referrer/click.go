package referrer

import (
	"strings"

	"foule.eu/foule"
)

// click is what the presence of a click id says; the id itself is never read.
type click struct {
	source  string
	channel foule.Channel
	medium  string
}

var (
	googleAds    = click{"Google Ads", foule.ChannelSearch, "cpc"}
	microsoftAds = click{"Microsoft Ads", foule.ChannelSearch, "cpc"}
	yandexDirect = click{"Yandex Direct", foule.ChannelSearch, "cpc"}
	twitterAds   = click{"Twitter Ads", foule.ChannelSocial, "cpc"}
	tiktokAds    = click{"TikTok Ads", foule.ChannelSocial, "cpc"}
	linkedInAds  = click{"LinkedIn Ads", foule.ChannelSocial, "cpc"}
	snapchatAds  = click{"Snapchat Ads", foule.ChannelSocial, "cpc"}
	redditAds    = click{"reddit Ads", foule.ChannelSocial, "cpc"}
	pinterestAds = click{"Pinterest Ads", foule.ChannelSocial, "cpc"}
	// These two are put on every outgoing or shared link, paid or not.
	facebook  = click{"Facebook", foule.ChannelSocial, ""}
	instagram = click{"Instagram", foule.ChannelSocial, ""}
)

func clickOf(name string) *click {
	switch name {
	case "gclid", "wbraid", "gbraid", "dclid":
		return &googleAds
	case "msclkid":
		return &microsoftAds
	case "yclid":
		return &yandexDirect
	case "twclid":
		return &twitterAds
	case "ttclid":
		return &tiktokAds
	case "li_fat_id":
		return &linkedInAds
	case "ScCid", "sccid":
		return &snapchatAds
	case "rdt_cid":
		return &redditAds
	case "epik":
		return &pinterestAds
	case "fbclid":
		return &facebook
	case "igshid", "igsh":
		return &instagram
	}
	return nil
}

// ClickID names the source of a visit whose page URL carries a click id of an
// advertising network. query is the page URL's, without "?". A paid click goes
// before a mere hint (fbclid, igsh).
//
// It makes no campaign: Matomo ignores click ids, so a hit with a referrer or
// campaign parameters keeps what those say. It serves a hit without either,
// from an app or a browser that withholds the referrer: there the caller takes
// the source, and channel and medium from [ClickChannel].
func ClickID(query string) (source string, ok bool) {
	var best *click
	for query != "" {
		name, value, rest := cutPair(query)
		query = rest
		if value == "" {
			continue
		}
		if c := clickOf(name); c != nil && (best == nil || best.medium == "" && c.medium != "") {
			best = c
		}
	}
	if best == nil {
		return "", false
	}
	return best.source, true
}

// ClickChannel gives the channel of a source that [ClickID] named and the
// medium it hints at: "cpc" for a paid click, else "".
func ClickChannel(source string) (channel foule.Channel, medium string) {
	for _, c := range []*click{&googleAds, &microsoftAds, &yandexDirect, &twitterAds, &tiktokAds, &linkedInAds,
		&snapchatAds, &redditAds, &pinterestAds, &facebook, &instagram} {
		if c.source == source {
			return c.channel, c.medium
		}
	}
	return foule.ChannelDirect, ""
}

// IsCampaignParam says whether a parameter, in lower case, is one of those that
// [Campaigns] reads.
func IsCampaignParam(name string) bool {
	s := slotOf(name)
	return s != slotNone && s != slotOther
}

// maxParamName is longer than any name that IsClickOrCampaignParam knows.
const maxParamName = 32

// IsClickOrCampaignParam says whether a query parameter is always cut from page
// URLs: click ids, campaign parameters, session ids and tokens. Matomo's list
// (its query exclusion and campaign parameters) with the click ids that have
// come since. Names are compared without regard to case.
func IsClickOrCampaignParam(name string) bool {
	if len(name) > maxParamName {
		return hasFoldPrefix(name, "aspsessionid") || hasFoldPrefix(name, "utm_")
	}
	var buf [maxParamName]byte
	for i := range len(name) {
		c := name[i]
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		buf[i] = c
	}
	lower := buf[:len(name)]
	if slotOf(string(lower)) != slotNone || clickOf(string(lower)) != nil {
		return true
	}
	switch string(lower) {
	case "fb_xd_fragment", "fb_comment_id", "phpsessid", "jsessionid", "sessionid", "sid", "doing_wp_cron",
		"pk_vid", "ignore_referrer", "ignore_referer", "token_auth", "token",
		"fb_action_ids", "fb_action_types", "fb_source", "fb_ref",
		"gclsrc", "gad_source", "gad_campaignid", "srsltid", "_ga", "_gl", "ysclid", "_openstat",
		"mc_cid", "mc_eid", "mkt_tok", "_hsenc", "_hsmi", "hsctatracking", "vero_id", "oly_enc_id", "oly_anon_id",
		"s_kwcid", "ef_id", "wickedid", "irclickid", "cjevent", "awc", "tduid", "sscid":
		return true
	}
	return hasFoldPrefix(name, "aspsessionid") || hasFoldPrefix(name, "utm_")
}

func hasFoldPrefix(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}
