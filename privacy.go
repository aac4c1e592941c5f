package foule

// Preset names a set of privacy settings that belong together; package privacy
// says what each pins and why.
type Preset string

// The presets.
const (
	PresetNone         Preset = ""
	PresetCNIL         Preset = "cnil"           // the French exemption for audience measurement
	PresetNoVisitorKey Preset = "no-visitor-key" // countries without such an exemption
)

// Feature names something that a site may collect or leave alone. The names
// are stored and shown: only append.
type Feature string

// The features. What each one fills, and the parameters that feed it, stand in
// package privacy.
const (
	FeatureVisitors      Feature = "visitors"       // a visitor key for the day: uniques, visits of several pages, bounces, durations
	FeatureChannels      Feature = "channels"       // kinds and names of sources beyond the referring host
	FeatureCampaigns     Feature = "campaigns"      // campaign parameters and click ids
	FeatureReferrers     Feature = "referrers"      // the referring host
	FeatureReferrerPages Feature = "referrer-pages" // its path too
	FeatureTitles        Feature = "titles"
	FeatureSearches      Feature = "searches" // searches on the site
	FeatureLinks         Feature = "links"    // downloads and outlinks
	FeatureEvents        Feature = "events"   // custom events
	FeatureContents      Feature = "contents" // impressions and interactions
	FeatureGoals         Feature = "goals"    // goals and funnels
	FeatureShop          Feature = "shop"     // orders, carts, products
	FeatureFlows         Feature = "flows"    // the next and the previous page of a page
	FeatureTimings       Feature = "timings"  // how long pages take to load
	FeatureDevices       Feature = "devices"  // type, brand, browser, system
	FeatureClientHints   Feature = "client-hints"
	FeatureScreen        Feature = "screen"     // its size
	FeatureLocalTime     Feature = "local-time" // the hour on the visitor's clock
	FeaturePlaces        Feature = "places"     // continent and country
	FeatureRegions       Feature = "regions"
	FeatureCities        Feature = "cities"
	FeatureLanguages     Feature = "languages"
	FeatureDimensions    Feature = "dimensions" // custom dimensions
)

// Privacy is what a site promises its visitors beyond what holds everywhere.
type Privacy struct {
	Preset Preset
	Since  Day // when the preset was chosen; 0 if never

	// Off are the features that the operator switched off; a preset adds its own.
	Off []Feature
	// Rounded makes figures leave rounded to ten, and hides cells of fewer than ten.
	Rounded bool
	// Consent counts hits whose visitor consented (consent=1) with what the preset
	// would leave out; they are counted apart.
	Consent bool
	// Scrub are regular expressions (RE2); what matches in a label becomes [removed].
	Scrub []string

	// For the privacy notice.
	Controller string // who publishes the site
	Contact    string // an e-mail or web address for privacy questions
	PolicyURL  string // the site's privacy policy
	Reviewed   Day    // when purpose and retention were last reviewed; 0 if never
}
