package foule

// SiteID is a site's number, as in Matomo's idsite; 0 is no site.
type SiteID uint32

// Site is a measured site with everything the tracking side has to know of it.
type Site struct {
	ID       SiteID
	Name     string
	Hosts    []string // host names, lower case, without scheme, port or "www."; a leading "*." covers sub-domains
	Timezone string   // IANA name; "" is UTC
	Currency string   // ISO 4217; "" is EUR
	Created  int64    // Unix seconds

	// AnyHost counts page views of hosts that are not the site's; otherwise they are
	// left out and counted as excluded. A site without Hosts counts every host.
	AnyHost bool
	// KeepQuery lists the query parameters that stay in page labels; none by default.
	KeepQuery []string
	// KeepFragment keeps the fragment, for hash-routed sites.
	KeepFragment bool
	// NoSiteSearch turns off detection of searches in page URLs.
	NoSiteSearch bool
	// SearchParams and SearchCategoryParams name the query parameters of the site's
	// own search; nil is Matomo's default list (no category).
	SearchParams, SearchCategoryParams []string
	// IgnoreDNT counts visitors who send "DNT: 1". Global Privacy Control is always respected.
	IgnoreDNT bool
	// ExcludedIPs holds addresses, CIDR ranges and Matomo's wildcards (1.2.*.*), tested on the full address.
	ExcludedIPs []string
	// ExcludedAgents holds substrings of user agents, case-insensitive.
	ExcludedAgents []string
	// ExcludedPaths holds path prefixes; a trailing "*" is implied.
	ExcludedPaths []string
	// ExcludedQuery holds parameters ("preview" or "preview=1") whose page views
	// and actions are left out.
	ExcludedQuery []string
	// ExcludedReferrers holds hosts, sub-domains included, that send nobody: visits
	// from them count as direct.
	ExcludedReferrers []string

	Privacy Privacy

	Dimensions []CustomDimension
	Funnels    []Funnel
	Goals      []Goal
}

// CustomDimension is a custom dimension that the site uses.
type CustomDimension struct {
	ID    uint32 // Matomo's: N of the parameter dimensionN
	Name  string
	Scope Scope // ScopeVisit or ScopeAction
	Slot  uint8 // which of the NumValues of its scope, from 0; never given to another later
	Off   bool  // no longer counted; what was counted stays
}

// Dimension gives the dimension under which its values are counted.
func (c CustomDimension) Dimension() Dimension {
	if c.Scope == ScopeVisit {
		return DimVisitValue + Dimension(c.Slot)
	}
	return DimActionValue + Dimension(c.Slot)
}

// Funnel is a way that visits should go. How many reach each step is counted
// as they go.
type Funnel struct {
	ID    uint32
	Name  string
	Steps []FunnelStep
	Off   bool // no longer counted; what was counted stays, and so does the number
}

// MaxSteps bounds a funnel.
const MaxSteps = 20

// FunnelStep is what makes a hit a step of a funnel: a goal reached, or a
// pattern as of a goal.
type FunnelStep struct {
	Name          string
	Goal          uint32 // if not 0, reaching that goal; the fields below are then unused
	Match         Match
	Pattern       string
	PatternType   Pattern
	CaseSensitive bool
}

// Match is what a goal's pattern is compared with.
type Match string

// The match attributes; their names are Matomo's match_attribute.
const (
	MatchURL           Match = "url"
	MatchTitle         Match = "title"
	MatchFile          Match = "file"
	MatchOutlink       Match = "external_website"
	MatchEventCategory Match = "event_category"
	MatchEventAction   Match = "event_action"
	MatchEventName     Match = "event_name"
	MatchManual        Match = "manually"
	MatchDuration      Match = "visit_duration" // the visit's length in minutes, with PatternLonger only
)

// Pattern is how a goal's pattern is compared.
type Pattern string

// The pattern types; their names are Matomo's pattern_type.
const (
	PatternContains Pattern = "contains"
	PatternExact    Pattern = "exact"
	PatternRegex    Pattern = "regex"
	PatternLonger   Pattern = "greater_than" // of MatchDuration
)

// Goal is something a site wants its visitors to do.
type Goal struct {
	ID            uint32
	Name          string
	Match         Match
	Pattern       string
	PatternType   Pattern
	CaseSensitive bool
	Multiple      bool  // counts several times in a visit
	RevenueMinor  int64 // per conversion, in minor units
	EventValue    bool  // the custom event's value is the revenue
}
