package foule

import "strconv"

// Dimension names one way to break the audience down. The numbers are written
// into stores, journals and snapshots: never renumber, only append.
type Dimension uint8

// The dimensions.
const (
	DimTotal          Dimension = 0 // no breakdown; its only label is ""
	DimPage           Dimension = 1 // path (and allow-listed query) of a page view
	DimTitle          Dimension = 2
	DimEntryPage      Dimension = 3
	DimEntryTitle     Dimension = 4
	DimExitPage       Dimension = 5
	DimExitTitle      Dimension = 6
	DimChannel        Dimension = 7  // a Channel's name
	DimSource         Dimension = 8  // search engine, network, assistant, website host, campaign source
	DimReferrerPage   Dimension = 9  // host and path, websites only
	DimCampaign       Dimension = 10 // campaign name
	DimCampaignSource Dimension = 11
	DimCampaignMedium Dimension = 12
	DimCampaignTerm   Dimension = 13
	DimCampaignDetail Dimension = 14 // utm_content
	DimContinent      Dimension = 15 // two letters: AF AN AS EU NA OC SA
	DimCountry        Dimension = 16 // ISO 3166-1 alpha-2, upper case
	DimRegion         Dimension = 17 // ISO 3166-2, "FR-IDF"
	DimCity           Dimension = 18 // "FR/Paris"
	DimLanguage       Dimension = 19 // first accepted tag, lower case: "fr", "en-us"
	DimDeviceType     Dimension = 20
	DimBrand          Dimension = 21
	DimBrowser        Dimension = 22
	DimBrowserVersion Dimension = 23 // "Firefox 123"
	DimOS             Dimension = 24
	DimOSVersion      Dimension = 25 // "Windows 10"
	DimResolution     Dimension = 26 // "1920x1080"
	DimServerHour     Dimension = 27 // hour of the visit's last action in the site's zone, "00" to "23"
	DimLocalHour      Dimension = 28 // hour on the visitor's clock at the visit's start
	DimDuration       Dimension = 29 // see DurationBucket
	DimDepth          Dimension = 30 // see DepthBucket
	DimDownload       Dimension = 31 // host and path
	DimOutlink        Dimension = 32 // host and path
	DimSearch         Dimension = 33 // site-search keyword
	DimSearchCategory Dimension = 34
	DimSearchNoResult Dimension = 35 // keywords that found nothing
	DimEventCategory  Dimension = 36
	DimEventAction    Dimension = 37
	DimEventName      Dimension = 38
	DimGoal           Dimension = 39 // a goal's id as text; "order" for an e-commerce order
	DimExcluded       Dimension = 40 // reason why hits were left out; Hits only

	DimCrawler          Dimension = 41 // name of a program that was left out as a bot; Hits only
	DimProductSKU       Dimension = 42 // products seen and ordered: Hits are views, Conversions orders
	DimProduct          Dimension = 43
	DimProductCategory  Dimension = 44
	DimCartSKU          Dimension = 45 // products left in carts: Conversions are carts
	DimCartProduct      Dimension = 46
	DimCartCategory     Dimension = 47
	DimBasket           Dimension = 48 // see the Basket labels
	DimContentName      Dimension = 49 // Hits are impressions
	DimContentPiece     Dimension = 50 // also under DimContentName
	DimContentTarget    Dimension = 51
	DimTiming           Dimension = 52 // a Timing's name: Value is the sum of milliseconds, ValueCount how many were measured
	DimTimingBucket     Dimension = 53 // "server:200ms", see TimingBucket; Hits
	DimLoadTime         Dimension = 54 // bucket of the whole load time; Hits
	DimFunnelStep       Dimension = 55 // "2/1": the first step of funnel 2; Visits are those that reached it
	DimNextPage         Dimension = 56 // under DimPage only: what was seen next, the page itself again included
	DimPreviousPage     Dimension = 57 // under DimPage only: what was seen before
	DimPreviousSearch   Dimension = 58 // under DimPage only: the search before
	DimPageAfterSearch  Dimension = 59 // pages that were seen next after a search
	DimTitleAfterSearch Dimension = 60

	// DimVisitValue is the first of NumValues custom dimensions of a visit,
	// DimActionValue of as many of an action. A site says which it uses.
	DimVisitValue  Dimension = 61
	DimActionValue Dimension = DimVisitValue + NumValues

	DimDropped    Dimension = 81 // name of a parameter that was sent and dropped unread; Hits only
	DimConsent    Dimension = 82 // "yes" or "no", where a site tells visits with consent apart
	NumDimensions           = 83
)

// NumValues is how many custom dimensions of each scope a site can have.
const NumValues = 10

// Scope says what one unit of a dimension is.
type Scope uint8

// The scopes.
const (
	ScopeNone   Scope = iota // the total and the excluded hits
	ScopeVisit               // every visit has exactly one label, "" when unknown or not applicable
	ScopeAction              // a visit has as many labels as it did things
)

// String gives the name under which people and programs say which scope a
// custom dimension has; "" for ScopeNone, which none has.
func (s Scope) String() string {
	switch s {
	case ScopeVisit:
		return "visit"
	case ScopeAction:
		return "action"
	}
	return ""
}

// DimensionInfo says how a dimension is named and treated.
type DimensionInfo struct {
	Name   string // stable singular name, used in filters and stores
	Scope  Scope
	Filter bool // reports can be filtered by it: it stands on the "by" side of two-way tables
	TwoWay bool // its report can be filtered: it stands on the main side of two-way tables
}

// Some more two-way tables have a by side that is no filter of reports:
//
//	DimPage         what was seen or done next and before (DimNextPage, DimPreviousPage,
//	                DimPreviousSearch, DimSearch, DimDownload, DimOutlink)
//	DimContentName  DimContentPiece
//	DimTiming       DimPage: how long a page took
//	DimGoal         the filters of reports: which campaign reached a goal
//
// Of DimNextPage, DimPreviousPage and DimPreviousSearch there are no plain rows.
// DimEntryTitle, DimExitTitle and DimTitleAfterSearch have no two-way tables: they
// would say what those of their pages say, in a tenth of all rows.

// HasRowsUnder says whether there are two-way rows of d under a label of by.
func (d Dimension) HasRowsUnder(by Dimension) bool {
	switch by {
	case DimPage:
		return d == DimNextPage || d == DimPreviousPage || d == DimPreviousSearch || d == DimSearch || d == DimDownload || d == DimOutlink
	case DimContentName:
		return d == DimContentPiece
	case DimTiming:
		return d == DimPage
	case DimGoal:
		return d.Info().Filter
	}
	return by.Info().Filter && d.Info().TwoWay && d != by
}

var dimensions = [NumDimensions]DimensionInfo{
	DimTotal:          {"", ScopeNone, false, false},
	DimPage:           {"page", ScopeAction, false, true},
	DimTitle:          {"title", ScopeAction, false, true},
	DimEntryPage:      {"entry_page", ScopeVisit, true, true},
	DimEntryTitle:     {"entry_title", ScopeVisit, false, false},
	DimExitPage:       {"exit_page", ScopeVisit, false, true},
	DimExitTitle:      {"exit_title", ScopeVisit, false, false},
	DimChannel:        {"channel", ScopeVisit, true, true},
	DimSource:         {"source", ScopeVisit, true, true},
	DimReferrerPage:   {"referrer_page", ScopeVisit, false, true},
	DimCampaign:       {"campaign", ScopeVisit, true, true},
	DimCampaignSource: {"campaign_source", ScopeVisit, false, true},
	DimCampaignMedium: {"campaign_medium", ScopeVisit, false, true},
	DimCampaignTerm:   {"campaign_term", ScopeVisit, false, true},
	DimCampaignDetail: {"campaign_content", ScopeVisit, false, true},
	DimContinent:      {"continent", ScopeVisit, false, true},
	DimCountry:        {"country", ScopeVisit, true, true},
	DimRegion:         {"region", ScopeVisit, false, true},
	DimCity:           {"city", ScopeVisit, false, true},
	DimLanguage:       {"language", ScopeVisit, true, true},
	DimDeviceType:     {"device", ScopeVisit, true, true},
	DimBrand:          {"brand", ScopeVisit, false, true},
	DimBrowser:        {"browser", ScopeVisit, true, true},
	DimBrowserVersion: {"browser_version", ScopeVisit, false, true},
	DimOS:             {"system", ScopeVisit, true, true},
	DimOSVersion:      {"system_version", ScopeVisit, false, true},
	DimResolution:     {"resolution", ScopeVisit, false, true},
	DimServerHour:     {"server_hour", ScopeVisit, false, true},
	DimLocalHour:      {"local_hour", ScopeVisit, false, true},
	DimDuration:       {"duration", ScopeVisit, false, true},
	DimDepth:          {"depth", ScopeVisit, false, true},
	DimDownload:       {"download", ScopeAction, false, true},
	DimOutlink:        {"outlink", ScopeAction, false, true},
	DimSearch:         {"search", ScopeAction, false, true},
	DimSearchCategory: {"search_category", ScopeAction, false, true},
	DimSearchNoResult: {"search_no_result", ScopeAction, false, true},
	DimEventCategory:  {"event_category", ScopeAction, false, true},
	DimEventAction:    {"event_action", ScopeAction, false, true},
	DimEventName:      {"event_name", ScopeAction, false, true},
	DimGoal:           {"goal", ScopeAction, false, true},
	DimExcluded:       {"excluded", ScopeNone, false, false},

	DimCrawler:          {"crawler", ScopeNone, false, false},
	DimProductSKU:       {"product_sku", ScopeAction, false, true},
	DimProduct:          {"product", ScopeAction, false, true},
	DimProductCategory:  {"product_category", ScopeAction, false, true},
	DimCartSKU:          {"cart_sku", ScopeAction, false, true},
	DimCartProduct:      {"cart_product", ScopeAction, false, true},
	DimCartCategory:     {"cart_category", ScopeAction, false, true},
	DimBasket:           {"basket", ScopeAction, false, true},
	DimContentName:      {"content", ScopeAction, false, true},
	DimContentPiece:     {"content_piece", ScopeAction, false, true},
	DimContentTarget:    {"content_target", ScopeAction, false, true},
	DimTiming:           {"timing", ScopeAction, false, true},
	DimTimingBucket:     {"timing_bucket", ScopeAction, false, false},
	DimLoadTime:         {"load_time", ScopeAction, false, true},
	DimFunnelStep:       {"funnel_step", ScopeAction, false, true},
	DimNextPage:         {"next_page", ScopeAction, false, false},
	DimPreviousPage:     {"previous_page", ScopeAction, false, false},
	DimPreviousSearch:   {"previous_search", ScopeAction, false, false},
	DimPageAfterSearch:  {"page_after_search", ScopeAction, false, true},
	DimTitleAfterSearch: {"title_after_search", ScopeAction, false, false},
	DimDropped:          {"dropped", ScopeNone, false, false},
	DimConsent:          {"consent", ScopeVisit, true, false},
}

func init() {
	for i := range NumValues {
		dimensions[DimVisitValue+Dimension(i)] = DimensionInfo{"visit_value_" + strconv.Itoa(i+1), ScopeVisit, false, true}
		dimensions[DimActionValue+Dimension(i)] = DimensionInfo{"action_value_" + strconv.Itoa(i+1), ScopeAction, false, true}
	}
}

// IsVisitValue says whether d is a custom dimension of a visit.
func (d Dimension) IsVisitValue() bool { return d >= DimVisitValue && d < DimActionValue }

// IsActionValue says whether d is a custom dimension of an action.
func (d Dimension) IsActionValue() bool {
	return d >= DimActionValue && d < DimActionValue+NumValues
}

// Info gives the dimension's name and treatment.
func (d Dimension) Info() DimensionInfo { return dimensions[d] }

// String gives the dimension's stable name.
func (d Dimension) String() string { return dimensions[d].Name }

// ParseDimension finds a dimension by its stable name; the total has none.
func ParseDimension(name string) (Dimension, bool) {
	for i, info := range dimensions {
		if i != 0 && info.Name == name {
			return Dimension(i), true
		}
	}
	return 0, false
}

// Other is the label under which counts stand that may not be shown by name:
// too few visitors share them, or the dimension has too many labels.
const Other = "(other)"

// MaxLabelBytes bounds a label; longer ones are cut at a rune boundary.
const MaxLabelBytes = 512

// Channel is how a visit came to the site.
type Channel string

// The channels. Matomo's referrer types stand beside them.
const (
	ChannelDirect   Channel = "direct"   // 1
	ChannelSearch   Channel = "search"   // 2
	ChannelWebsite  Channel = "website"  // 3
	ChannelCampaign Channel = "campaign" // 6
	ChannelSocial   Channel = "social"   // 7
	ChannelAI       Channel = "ai"       // 8: an AI assistant
	ChannelEmail    Channel = "email"    // none: web mail; a website in Matomo
)

// DurationBuckets are the labels of DimDuration in order: Matomo's buckets of
// visit length (VisitorInterest), each with its upper bound in seconds.
var DurationBuckets = []struct {
	Label string
	Upto  int64
}{
	{"0-10s", 10}, {"11-30s", 30}, {"31-60s", 60}, {"1-2min", 120}, {"2-4min", 240},
	{"4-7min", 420}, {"7-10min", 600}, {"10-15min", 900}, {"15-30min", 1800}, {"30min+", 1<<63 - 1},
}

// DurationBucket gives the label of DimDuration for a visit of that length.
func DurationBucket(seconds int64) string {
	for _, b := range DurationBuckets {
		if seconds <= b.Upto {
			return b.Label
		}
	}
	return ""
}

// DepthBuckets are the labels of DimDepth in order: Matomo's buckets of
// actions per visit, each with its upper bound.
var DepthBuckets = []struct {
	Label string
	Upto  int64
}{
	{"0", 0}, {"1", 1}, {"2", 2}, {"3", 3}, {"4", 4}, {"5", 5}, {"6-7", 7}, {"8-10", 10}, {"11-14", 14}, {"15-20", 20}, {"21+", 1<<63 - 1},
}

// DepthBucket gives the label of DimDepth for a visit of so many actions.
func DepthBucket(actions int64) string {
	for _, b := range DepthBuckets {
		if actions <= b.Upto {
			return b.Label
		}
	}
	return ""
}

// TimingBuckets are the buckets of page timings in order, each with its upper
// bound in milliseconds.
var TimingBuckets = []struct {
	Label string
	Upto  int64
}{
	{"50ms", 50}, {"100ms", 100}, {"200ms", 200}, {"300ms", 300}, {"400ms", 400}, {"500ms", 500}, {"750ms", 750},
	{"1s", 1000}, {"1.5s", 1500}, {"2s", 2000}, {"3s", 3000}, {"4s", 4000}, {"5s", 5000}, {"7.5s", 7500},
	{"10s", 10_000}, {"20s", 20_000}, {"30s", 30_000}, {"30s+", 1<<63 - 1},
}

// TimingBucket gives the bucket of a timing.
func TimingBucket(millis int64) string {
	for _, b := range TimingBuckets {
		if millis <= b.Upto {
			return b.Label
		}
	}
	return ""
}
