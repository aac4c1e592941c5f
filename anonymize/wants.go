package anonymize

import (
	"foule.eu/foule"
	"foule.eu/foule/anonymize/referrer"
	"foule.eu/foule/privacy"
)

// wants is what a site takes of a hit: its policy, asked once for every feature.
type wants struct {
	visitors, referrers, referrerPages, channels, campaigns, titles, searches, links, events, contents,
	goals, shop, flows, timings, devices, clientHints, screen, localTime, places, regions, cities, languages, dimensions bool
	everything bool
	// used are the names of Hit.Sent that are not dropped.
	used foule.Dropped
}

func wantsOf(p *privacy.Policy, consented bool) *wants {
	w := &wants{everything: true}
	for feature, field := range map[foule.Feature]*bool{
		foule.FeatureVisitors: &w.visitors, foule.FeatureReferrers: &w.referrers, foule.FeatureReferrerPages: &w.referrerPages,
		foule.FeatureChannels: &w.channels, foule.FeatureCampaigns: &w.campaigns, foule.FeatureTitles: &w.titles,
		foule.FeatureSearches: &w.searches, foule.FeatureLinks: &w.links, foule.FeatureEvents: &w.events, foule.FeatureContents: &w.contents,
		foule.FeatureGoals: &w.goals, foule.FeatureShop: &w.shop, foule.FeatureFlows: &w.flows, foule.FeatureTimings: &w.timings,
		foule.FeatureDevices: &w.devices, foule.FeatureClientHints: &w.clientHints, foule.FeatureScreen: &w.screen,
		foule.FeatureLocalTime: &w.localTime, foule.FeaturePlaces: &w.places, foule.FeatureRegions: &w.regions,
		foule.FeatureCities: &w.cities, foule.FeatureLanguages: &w.languages, foule.FeatureDimensions: &w.dimensions,
	} {
		*field = p.Collects(feature, consented)
		w.everything = w.everything && *field
	}
	// The label of a region or city names its country.
	w.regions, w.cities = w.regions && w.places, w.cities && w.places
	w.referrerPages = w.referrerPages && w.referrers
	if p.Consent {
		w.used.Add("consent")
	}
	if w.languages {
		w.used.Add("lang")
	}
	for n := range foule.NumDropped {
		if name := foule.DroppedName(n); w.campaigns && referrer.IsCampaignParam(name) {
			w.used.Add(name)
		}
	}
	return w
}

// kindOf says what the hit is (tracking.md §6), whether the site wants it or not.
// The highest rank wins: download, outlink, custom event, content, search, page
// view; but a ping or a manual conversion is nothing else besides. A page view may
// yet be a search, by its URL.
func kindOf(h *Hit) foule.Kind {
	switch {
	case h.Ping:
		return foule.KindPing
	case h.Goal >= 0:
		return foule.KindConversion
	case h.Download != "":
		return foule.KindDownload
	case h.Link != "":
		return foule.KindOutlink
	case h.EventCategory != "" && h.EventAction != "":
		return foule.KindCustom
	case h.ContentName != "":
		return foule.KindContent
	case h.HasSearch:
		return foule.KindSearch
	}
	return foule.KindPageView
}

// takes says whether the site collects hits of this kind at all.
func (w *wants) takes(kind foule.Kind, h *Hit) bool {
	switch kind {
	case foule.KindPing:
		return w.visitors
	case foule.KindConversion:
		if h.Goal != 0 {
			return w.goals
		}
		return w.shop && (w.visitors || h.OrderID != "") // which cart takes the place of which only a visit knows
	case foule.KindDownload, foule.KindOutlink:
		return w.links
	case foule.KindCustom:
		return w.events
	case foule.KindContent:
		return w.contents
	case foule.KindSearch:
		return w.searches
	}
	return true
}

// strip empties every field of the hit that belongs to what the site does not
// take, and notes the names of those that held something.
func (w *wants) strip(h *Hit, dropped *foule.Dropped) {
	w.stripTexts(h, dropped)
	if !w.visitors {
		clearFlag(&h.NewVisit, "new_visit", dropped)
		clearFlag(&h.Ping, "ping", dropped)
	}
	if !w.searches {
		clearFlag(&h.HasSearch, "search", dropped)
		clearNumber(&h.SearchCount, "search_count", dropped)
	}
	if !w.events {
		clearFlag(&h.CustomAction, "ca", dropped)
		clearFlag(&h.HasEventValue, "e_v", dropped)
		h.EventValue = 0
	}
	if h.Goal == 0 && !w.shop || h.Goal != 0 && !w.goals {
		clearNumber(&h.Goal, "idgoal", dropped)
		clearFlag(&h.HasRevenue, "revenue", dropped)
		h.Revenue = 0
	}
	if !w.shop {
		stripShop(h, dropped)
	}
	if !w.localTime {
		clearNumber(&h.LocalHour, "h", dropped)
	}
	if !w.dimensions && len(h.Dimensions) > 0 {
		h.Dimensions = nil
		dropped.Add(foule.DroppedDimension)
	}
	if !w.timings {
		stripTimings(h, dropped)
	}
}

// stripTexts empties the texts. What is used in place of a header, or is one, has
// no name here: Hit.Sent has it.
func (w *wants) stripTexts(h *Hit, dropped *foule.Dropped) {
	for _, f := range []struct {
		wanted bool
		field  *string
		name   string
	}{
		{w.referrers, &h.Referrer, "urlref"}, {w.titles, &h.Title, "action_name"},
		{w.searches, &h.Search, "search"}, {w.searches, &h.SearchCategory, "search_cat"},
		{w.links, &h.Link, "link"}, {w.links, &h.Download, "download"},
		{w.events, &h.EventCategory, "e_c"}, {w.events, &h.EventAction, "e_a"}, {w.events, &h.EventName, "e_n"},
		{w.contents, &h.ContentName, "c_n"}, {w.contents, &h.ContentPiece, "c_p"},
		{w.contents, &h.ContentTarget, "c_t"}, {w.contents, &h.ContentInteraction, "c_i"},
		{w.shop, &h.OrderID, "ec_id"}, {w.timings, &h.PageViewID, "pv_id"}, {w.screen, &h.Resolution, "res"},
		{w.places, &h.Country, "country"}, {w.regions, &h.Region, "region"}, {w.cities, &h.City, "city"},
		{w.clientHints, &h.ClientHints, "uadata"}, {w.clientHints, &h.HintUA, ""}, {w.clientHints, &h.HintPlatform, ""},
		{w.clientHints, &h.HintModel, ""}, {w.clientHints, &h.HintPlatformVersion, ""}, {w.clientHints, &h.HintMobile, ""},
		{w.languages, &h.AcceptLanguage, ""}, {w.campaigns, &h.CampaignName, ""}, {w.campaigns, &h.CampaignKeyword, ""},
	} {
		if !f.wanted && *f.field != "" {
			*f.field = ""
			dropped.Add(f.name)
		}
	}
}

func stripShop(h *Hit, dropped *foule.Dropped) {
	for _, f := range []struct {
		amount *float64
		name   string
	}{{&h.Subtotal, "ec_st"}, {&h.Tax, "ec_tx"}, {&h.Shipping, "ec_sh"}, {&h.Discount, "ec_dt"}} {
		if *f.amount != 0 {
			*f.amount = 0
			dropped.Add(f.name)
		}
	}
	if len(h.Items) > 0 {
		h.Items = nil
		dropped.Add("ec_items")
	}
	if h.Viewed == nil {
		return
	}
	for name, sent := range map[string]bool{
		"_pks": h.Viewed.SKU != "", "_pkn": h.Viewed.Name != "", "_pkc": len(h.Viewed.Categories) > 0, "_pkp": h.Viewed.Price != 0,
	} {
		if sent {
			dropped.Add(name)
		}
	}
	h.Viewed = nil
}

func stripTimings(h *Hit, dropped *foule.Dropped) {
	for i, name := range [foule.NumTimings]string{"pf_net", "pf_srv", "pf_tfr", "pf_dm1", "pf_dm2", "pf_onl"} {
		if h.Timings.Has(foule.Timing(i)) {
			dropped.Add(name)
		}
	}
	h.Timings = foule.Timings{}
}

func clearFlag(flag *bool, name string, dropped *foule.Dropped) {
	if *flag {
		*flag = false
		dropped.Add(name)
	}
}

// clearNumber makes a number absent, which is -1.
func clearNumber(n *int, name string, dropped *foule.Dropped) {
	if *n >= 0 {
		*n = -1
		dropped.Add(name)
	}
}
