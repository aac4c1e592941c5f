package foule

// Kind is what a hit was.
type Kind uint8

// The kinds. Their numbers are written into journals: only append.
const (
	KindPageView   Kind = 1
	KindDownload   Kind = 2
	KindOutlink    Kind = 3
	KindSearch     Kind = 4
	KindCustom     Kind = 5 // Matomo's category/action/name event
	KindContent    Kind = 6 // content impression or interaction: no action
	KindConversion Kind = 7 // manual goal or order: no action
	KindPing       Kind = 8 // heartbeat: lengthens a visit, starts none
	KindExcluded   Kind = 9 // left out; only Site, Day, Time and Reason are set
)

// IsAction says whether the kind counts as an action of the visit (Matomo nb_actions).
func (k Kind) IsAction() bool { return k >= KindPageView && k <= KindCustom }

// Event is an anonymised hit: everything that may go beyond anonymize, and so
// everything that a journal, a snapshot or a store can ever learn. It has no
// field that could hold an address, a user agent, an identifier, an order id,
// a query string or a full referrer (invariant I1).
//
// Labels are already scrubbed and cut to [MaxLabelBytes]. The sequencer sets
// Visitor; all else is decided before the journal (I6).
type Event struct {
	Site    SiteID
	Day     Day    // site-local
	Time    int64  // Unix seconds
	Visitor uint32 // number of the visitor within site and day, from 1; meaningless outside its day
	Kind    Kind
	// NewVisit asks for a new visit (Matomo new_visit=1).
	NewVisit bool
	// ServerHour is the hour of Time in the site's zone, LocalHour that of the visitor's clock.
	ServerHour, LocalHour uint8

	Page  string // path label of the page; of a page view, or of the page on which the action happened
	Title string

	Channel      Channel
	Source       string
	ReferrerPage string // host and path; websites only
	Campaign     Campaign

	Place      Place
	Language   string
	Device     Device
	Resolution string

	Target string // host and path of a download or outlink

	Search Search
	Custom CustomEvent

	Conversions []Conversion

	Reason string // why a KindExcluded hit was left out, e.g. "bot"
}

// Campaign is what campaign parameters said; Name is empty without a campaign.
type Campaign struct{ Name, Source, Medium, Term, Content string }

// Place is where the truncated address lies; unknown parts are empty.
type Place struct {
	Continent string // two letters
	Country   string // ISO 3166-1 alpha-2, upper case
	Region    string // ISO 3166-2, "FR-IDF"
	City      string // "FR/Paris"
}

// Device is what the user agent and client hints said; unknown parts are empty.
type Device struct {
	Type           string // desktop, smartphone, tablet, tv, console, …
	Brand          string
	Browser        string
	BrowserVersion string // major version
	OS             string
	OSVersion      string // major version or marketing version
}

// Search is a site search.
type Search struct {
	Keyword, Category string
	NoResult          bool
}

// CustomEvent is Matomo's event.
type CustomEvent struct {
	Category, Action, Name string
	ValueMilli             int64 // thousandths
	HasValue               bool
}

// Conversion is one goal reached by a hit.
type Conversion struct {
	Goal         uint32 // 0 is an e-commerce order
	Multiple     bool   // counts again in a visit that already has it
	RevenueMinor int64
}
