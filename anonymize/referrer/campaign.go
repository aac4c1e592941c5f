package referrer

import (
	"strings"

	"foule.eu/foule"
)

// slot is a campaign parameter. Those that say the same thing stand together,
// in the order in which Matomo asks them; the first that is not empty wins.
type slot uint8

const (
	slotNone slot = iota

	pkCpn
	pkCampaign
	piwikCampaign
	mtmCampaign
	matomoCampaign
	mtmCpn
	utmCampaign

	pkKwd
	pkKeyword
	piwikKwd
	mtmKwd
	mtmKeyword
	matomoKwd
	utmTerm

	mtmSource
	pkSource
	utmSource

	mtmMedium
	pkMedium
	utmMedium

	mtmContent
	pkContent
	utmContent

	slotOther // known, but says nothing that is counted: ids, groups, placements
	numSlots
)

func slotOf(name string) slot {
	switch name {
	case "pk_cpn":
		return pkCpn
	case "pk_campaign":
		return pkCampaign
	case "piwik_campaign":
		return piwikCampaign
	case "mtm_campaign":
		return mtmCampaign
	case "matomo_campaign":
		return matomoCampaign
	case "mtm_cpn":
		return mtmCpn
	case "utm_campaign":
		return utmCampaign
	case "pk_kwd":
		return pkKwd
	case "pk_keyword":
		return pkKeyword
	case "piwik_kwd":
		return piwikKwd
	case "mtm_kwd":
		return mtmKwd
	case "mtm_keyword":
		return mtmKeyword
	case "matomo_kwd":
		return matomoKwd
	case "utm_term":
		return utmTerm
	case "mtm_source":
		return mtmSource
	case "pk_source":
		return pkSource
	case "utm_source":
		return utmSource
	case "mtm_medium":
		return mtmMedium
	case "pk_medium":
		return pkMedium
	case "utm_medium":
		return utmMedium
	case "mtm_content":
		return mtmContent
	case "pk_content":
		return pkContent
	case "utm_content":
		return utmContent
	case "mtm_cid", "pk_cid", "utm_id", "mtm_clid", "mtm_group", "pk_group", "mtm_placement", "pk_placement":
		return slotOther
	}
	return slotNone
}

// values holds the raw value of each campaign parameter that was found.
type values [numSlots]string

// read takes the campaign parameters out of a query string. Names are compared
// as they are (Matomo minds their case); the last of a name wins.
func (v *values) read(query string) {
	for query != "" {
		name, value, rest := cutPair(query)
		query = rest
		if s := slotOf(name); s != slotNone {
			v[s] = value
		}
	}
}

// first gives the decoded value of the first parameter from lo to hi that has one.
func (v *values) first(lo, hi slot) string {
	for _, raw := range v[lo : hi+1] {
		if raw != "" {
			if s := decodeValue(raw); s != "" {
				return s
			}
		}
	}
	return ""
}

func (v *values) name() string {
	if s := v.first(pkCpn, utmCampaign); s != "" {
		return s
	}
	if s := v.first(utmSource, utmSource); s != "" {
		return s
	}
	return v.first(utmMedium, utmMedium)
}

// Campaigns reads the campaign parameters of a page URL: of its query, and of
// its fragment if the query names no campaign. query comes without "?",
// fragment without "#"; of a fragment like "/route?utm_source=x" the part after
// its own "?" counts. ok says whether there is a campaign, that is, a name; the
// rest may be empty.
//
// Rules as in Matomo: utm_source or utm_medium alone makes a campaign of that
// name. The values are decoded, as they were sent: free text, to be scrubbed in
// the case in which tokens still look like tokens, and then brought into
// Matomo's form by [Fold]. A source that [AssistantByUTM] knows is no campaign;
// the caller asks that first.
func Campaigns(query, fragment string) (c foule.Campaign, ok bool) {
	var v values
	v.read(query)
	name := v.name()
	if name == "" && fragment != "" {
		if _, after, ok := strings.Cut(fragment, "?"); ok {
			fragment = after
		}
		v.read(fragment)
		name = v.name()
	}
	if name == "" {
		return foule.Campaign{}, false
	}
	return foule.Campaign{
		Name:    name,
		Source:  v.first(mtmSource, utmSource),
		Medium:  v.first(mtmMedium, utmMedium),
		Term:    v.first(pkKwd, utmTerm),
		Content: v.first(mtmContent, utmContent),
	}, true
}

// AssistantByUTM recognises an AI assistant by the utm_source that it puts into
// its links: its own domain, as in utm_source=chatgpt.com. source is the decoded
// value ([foule.Campaign] Source), in any case.
func AssistantByUTM(source string) (name string, ok bool) {
	host := strings.TrimPrefix(strings.ToLower(source), "www.")
	if host == "perplexity" { // the one assistant that writes its name
		host = "perplexity.ai"
	}
	for _, r := range sources.hosts[host] {
		if r.src.channel == foule.ChannelAI && r.path == "" && r.param == "" {
			return r.src.name, true
		}
	}
	return "", false
}
