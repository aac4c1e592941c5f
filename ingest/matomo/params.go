package matomo

import (
	"log/slog"
	"math"
	"net/netip"
	"strings"

	"foule.eu/foule"
	"foule.eu/foule/anonymize"
)

// Params is what the parameters of one hit said: those that are known,
// decoded, and not yet believed. It holds what must not leave the door; see
// [Params.Resolve] for the way on.
type Params struct {
	// Index numbers the element of a bulk as Matomo does in
	// invalid_indices: from 0, strings without a query not counted.
	Index int
	// SiteID is idsite; SiteValid says that it is a positive number that can be
	// a site's.
	SiteID    foule.SiteID
	SiteValid bool
	// Rec is false when the hit is not to be recorded: rec is missing or 0,
	// or the hit is an installer's probe (tracker_install_check). It is
	// answered as if it had been counted.
	Rec bool
	// Token is the hit's own token_auth; "" leaves it to that of the Request.
	Token string
	// ClientIP is cip; not valid when absent or unreadable. Only to be
	// believed with a token, which Resolve sees to.
	ClientIP netip.Addr
	// Cdt and Cdo are the time of the hit as sent and the seconds to take off.
	Cdt string
	Cdo int64
	// Hit is partly filled: Resolve adds site, time and address.
	Hit anonymize.Hit

	// importName is foule_import: the name of an import whose requests may be sent again.
	importName string
	charset    string // cs: the page's, in which the query of its URL is written
	noImage    bool   // send_image=0
	probe      bool   // tracker_install_check
	campaign   rank   // of the parameter that gave CampaignName
	keyword    rank   // of the one that gave CampaignKeyword
	marks      marks
}

// LogValue keeps what visitors sent out of logs, also if a copy is logged.
func (p Params) LogValue() slog.Value { return slog.IntValue(int(p.SiteID)) }

// marks note what only the 400 rules need.
type marks uint32

const (
	hasClientIP marks = 1 << iota
	hasCountry
	hasRegion
	hasCity
	hasLatitude
	hasLongitude
	badVisitorID
	blankCategory
	blankAction
	blankContent
	negativeTiming // and the five above it, one for each pf_ parameter

	needToken  = hasClientIP | hasCountry | hasRegion | hasCity | hasLatitude | hasLongitude
	anyTiming  = 0x3f * negativeTiming
	blankEvent = blankCategory | blankAction
)

// mark sets or clears, because of a repeated parameter the last counts.
func (p *Params) mark(m marks, on bool) {
	if p.marks &^= m; on {
		p.marks |= m
	}
}

// rank orders parameters of which the first non-empty one wins; 0 is none.
type rank uint8

// prefer takes s if its parameter goes before the one that gave *label.
func (r *rank) prefer(label *string, s string, of rank) {
	if s != "" && (*r == 0 || of <= *r) {
		*r, *label = of, s
	}
}

// clear sets the defaults that are not zero values.
func (p *Params) clear() {
	*p = Params{}
	p.Hit.LocalHour, p.Hit.SearchCount, p.Hit.Goal = -1, -1, -1
}

// set is the table of wire names; it says whether the name stands in it. Of
// those that are used for nothing only the frequent ones do; the package
// comment has them all.
func (p *Params) set(d *decoder, name, raw string) bool {
	h := &p.Hit
	switch name {
	case "idsite":
		p.setSite(d.text(raw))
	case "rec":
		p.Rec = d.intOr(raw, 0) != 0
	case "tracker_install_check":
		p.probe = d.text(raw) != ""
	case "send_image":
		p.noImage = d.text(raw) == "0"
	case "token_auth":
		p.Token = d.text(raw)
	case "cs":
		p.charset = d.label(raw)

	case "url":
		h.URL = d.label(raw)
	case "urlref":
		h.Referrer = d.label(raw)
	case "action_name":
		h.Title = d.label(raw)
	case "pv_id":
		h.PageViewID = cut(d.label(raw), 6)
	case "ping":
		h.Ping = d.intOr(raw, 0) != 0
	case "ca":
		h.CustomAction = d.intOr(raw, 0) != 0
	case "new_visit":
		h.NewVisit = d.intOr(raw, 0) != 0
	case "bots":
		h.CountBots = d.intOr(raw, 0) != 0
	case "foule_import":
		p.importName = cut(d.label(raw), 200)
	case "foule_optout":
		h.OptedOut = d.intOr(raw, 0) != 0
	case "consent":
		h.Consent = d.intOr(raw, 0) == 1
		p.sent(name, raw)

	case "cid":
		cid := d.text(raw)
		p.sent(name, raw)
		p.mark(badVisitorID, cid != "" && !isVisitorID(cid))
	case "h":
		h.LocalHour = d.hour(raw)
	case "cdt":
		p.Cdt = d.label(raw)
	case "cdo":
		p.Cdo = d.intOr(raw, 0)

	case "ua":
		h.UserAgent = d.label(raw)
	case "lang":
		h.AcceptLanguage = d.label(raw)
		p.sent(name, raw)
	case "uadata":
		h.ClientHints = hintsObject(d.label(raw))
	case "res":
		h.Resolution = cut(d.label(raw), 9)
	case "cip":
		cip := d.label(raw)
		p.ClientIP = parseAddr(cip)
		p.mark(hasClientIP, cip != "")
	case "country":
		country := d.label(raw)
		h.Country = countryCode(country)
		p.mark(hasCountry, country != "")
	case "region":
		region := d.label(raw)
		h.Region = regionCode(region)
		p.mark(hasRegion, region != "")
	case "city":
		h.City = cut(d.label(raw), 255)
		p.mark(hasCity, h.City != "")
	case "lat":
		p.mark(hasLatitude, d.label(raw) != "")
		p.sent(name, raw)
	case "long":
		p.mark(hasLongitude, d.label(raw) != "")
		p.sent(name, raw)

	case "link":
		h.Link = d.label(raw)
	case "download":
		h.Download = d.label(raw)
	case "search":
		h.Search = d.label(raw)
		h.HasSearch = h.Search != ""
	case "search_cat":
		h.SearchCategory = cut(d.label(raw), 200)
		d.list = false
	case "search_count":
		h.SearchCount = int(max(d.intOr(raw, -1), -1))
	case "e_c":
		h.EventCategory = p.notBlank(d.text(raw), blankCategory)
	case "e_a":
		h.EventAction = p.notBlank(d.text(raw), blankAction)
	case "e_n":
		h.EventName = d.label(raw)
	case "e_v":
		h.EventValue, h.HasEventValue = d.amount(raw)
	case "c_n":
		h.ContentName = p.notBlank(d.text(raw), blankContent)
	case "c_p":
		h.ContentPiece = d.label(raw)
	case "c_t":
		h.ContentTarget = d.label(raw)
	case "c_i":
		h.ContentInteraction = d.label(raw)
	case "idgoal":
		h.Goal = int(max(d.intOr(raw, -1), -1))
	case "revenue":
		h.Revenue, h.HasRevenue = d.amount(raw)
	case "ec_id":
		h.OrderID = d.label(raw)

	case "ec_st":
		h.Subtotal, _ = d.amount(raw)
	case "ec_tx":
		h.Tax, _ = d.amount(raw)
	case "ec_sh":
		h.Shipping, _ = d.amount(raw)
	case "ec_dt":
		h.Discount, _ = d.amount(raw)
	case "ec_items":
		h.Items = readItems(d.text(raw))
	case "_pks":
		p.viewed().SKU = cut(d.label(raw), maxItemText)
	case "_pkn":
		p.viewed().Name = cut(d.label(raw), maxItemText)
	case "_pkc":
		p.viewed().Categories = readCategories(d.label(raw))
	case "_pkp":
		p.viewed().Price, _ = d.amount(raw)

	case "pf_net":
		p.setTiming(foule.TimingNetwork, d.intOr(raw, -1))
	case "pf_srv":
		p.setTiming(foule.TimingServer, d.intOr(raw, -1))
	case "pf_tfr":
		p.setTiming(foule.TimingTransfer, d.intOr(raw, -1))
	case "pf_dm1":
		p.setTiming(foule.TimingProcessing, d.intOr(raw, -1))
	case "pf_dm2":
		p.setTiming(foule.TimingCompletion, d.intOr(raw, -1))
	case "pf_onl":
		p.setTiming(foule.TimingOnLoad, d.intOr(raw, -1))

	case "r", "rand", "apiv":
		// In nearly every hit and used for nothing: no need to look closer.
	case "_id", "uid", "_idn", "_idts", "_idvc", "_viewts", "_ects", "_ref", "_refts", "_rcn", "_rck", "cookie",
		"cvar", "_cvar", "e_cvar", "data", "m", "s",
		"pdf", "qt", "realp", "wma", "fla", "java", "ag", "dir", "gears":
		p.sent(name, raw) // never read: that it came is all that is noted

	default:
		if n, ok := dimensionNumber(name); ok {
			p.setDimension(n, cut(d.label(raw), maxDimensionText))
			return true
		}
		return p.setCampaign(d, name, raw)
	}
	return true
}

// setCampaign reads campaign parameters of the tracking request itself, in
// Matomo's order of preference.
func (p *Params) setCampaign(d *decoder, name, raw string) bool {
	var campaign, keyword rank
	switch name {
	case "pk_cpn":
		campaign = 1
	case "pk_campaign":
		campaign = 2
	case "piwik_campaign":
		campaign = 3
	case "mtm_campaign":
		campaign = 4
	case "matomo_campaign":
		campaign = 5
	case "mtm_cpn":
		campaign = 6
	case "utm_campaign":
		campaign = 7
	case "utm_source":
		campaign = 8
	case "utm_medium":
		campaign = 9
	case "pk_kwd":
		keyword = 1
	case "pk_keyword":
		keyword = 2
	case "piwik_kwd":
		keyword = 3
	case "mtm_kwd":
		keyword = 4
	case "mtm_keyword":
		keyword = 5
	case "matomo_kwd":
		keyword = 6
	case "utm_term":
		keyword = 7
	default:
		return false
	}
	p.sent(name, raw)
	if campaign != 0 {
		p.campaign.prefer(&p.Hit.CampaignName, d.label(raw), campaign)
	} else {
		p.keyword.prefer(&p.Hit.CampaignKeyword, d.label(raw), keyword)
	}
	return true
}

// sent notes that a parameter came with a value.
func (p *Params) sent(name, raw string) {
	if raw != "" && raw != "undefined" {
		p.Hit.Sent.Add(name)
	}
}

func (p *Params) setSite(s string) {
	p.SiteID, p.SiteValid = 0, false
	if n, ok := parseInt(s); ok && n > 0 && n <= math.MaxUint32 {
		p.SiteID, p.SiteValid = foule.SiteID(n), true
	}
}

// notBlank trims s and notes whether blanks are all it was.
func (p *Params) notBlank(s string, m marks) string {
	label := trim(s)
	p.mark(m, s != "" && label == "")
	return label
}

// maxMillis is what Matomo's columns hold; larger values are no timings.
const maxMillis = 1<<24 - 1

func (p *Params) setTiming(t foule.Timing, ms int64) {
	p.mark(negativeTiming<<t, ms < -1)
	p.Hit.Timings.Known &^= 1 << t
	if ms >= 0 && ms <= maxMillis {
		p.Hit.Timings.Set(t, uint32(ms))
	}
}

// maxDimensionText is how many characters of a custom dimension Matomo keeps.
const maxDimensionText = 250

// dimensionNumber reads N of "dimensionN".
func dimensionNumber(name string) (uint32, bool) {
	digits, ok := strings.CutPrefix(name, "dimension")
	if !ok || len(digits) > 4 {
		return 0, false
	}
	n, ok := parseInt(digits)
	return uint32(n), ok && n > 0
}

// maxDimensions bounds the custom dimensions of one hit.
const maxDimensions = 64

func (p *Params) setDimension(n uint32, value string) {
	dims := p.Hit.Dimensions
	for i := range dims {
		if dims[i].ID == n {
			dims[i].Value = value
			return
		}
	}
	if len(dims) < maxDimensions {
		p.Hit.Dimensions = append(dims, anonymize.Dimension{ID: n, Value: value})
	}
}

// hintsObject leaves out client hints that say nothing, as {} of a browser
// that has none, so that the headers may speak.
func hintsObject(s string) string {
	if len(s) <= len("{}") || s[0] != '{' {
		return ""
	}
	return s
}

// hour reads the visitor's local hour; one that no clock shows is 0.
func (d *decoder) hour(raw string) int {
	n, ok := parseInt(d.text(raw))
	switch {
	case !ok:
		return -1
	case n < 0 || n > 23:
		return 0
	}
	return int(n)
}
