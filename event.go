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
	KindExcluded   Kind = 9 // left out; only Site, Day, Time, Reason, Crawler and Dropped are set
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
	Visitor uint32 // number of the visitor within site and day, from 1; meaningless outside its day; 0 if the site tells nobody apart
	Kind    Kind
	// Entry says, of a hit without visitor, that it begins a visit: it came from elsewhere.
	Entry bool
	// NewVisit asks for a new visit (Matomo new_visit=1).
	NewVisit bool
	// NoFlows asks to leave alone what was seen before and after a page.
	NoFlows bool
	Consent Consent
	// ServerHour is the hour of Time in the site's zone, LocalHour that of the visitor's
	// clock; NoHour if it is not collected.
	ServerHour, LocalHour uint8

	Page  string // path label of the page; of a page view, or of the page on which the action happened
	Title string

	Channel      Channel // "" if channels are not collected
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
	Steps       []Step // of the site's funnels that the hit makes

	Content Content
	Basket  Basket

	// PageView tells the page views of a visit apart, so that a later hit can say
	// how long its page took: 16 bits of a keyed hash, 0 if the hit does not say.
	PageView uint16
	Timings  Timings

	// Values are the custom dimensions that the hit sets. VisitValues has a bit for
	// each custom dimension of a visit that the site uses.
	Values      []CustomValue
	VisitValues uint16

	Reason  string // why a KindExcluded hit was left out, e.g. "bot"
	Crawler string // then: which bot it was, if it has a name

	Dropped Dropped // names of what was sent and not collected
}

// NoHour stands for an hour that is not known.
const NoHour = 0xff

// Consent says whether a visitor agreed that more is counted of the visit than
// the site's preset allows. Its numbers are written into journals.
type Consent uint8

// The answers.
const (
	ConsentUnasked Consent = iota // the site does not tell visits with consent apart
	ConsentNo
	ConsentYes
)

// Label gives the label in DimConsent, "" for ConsentUnasked.
func (c Consent) Label() string {
	switch c {
	case ConsentNo:
		return "no"
	case ConsentYes:
		return "yes"
	}
	return ""
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
	// After, if not 0, is how many seconds the visit has to last for it to count.
	After uint32
}

// Step is one step of a funnel, both counted from 1. A hit may be a step of
// several funnels, and the same page may stand in a funnel twice; aggregate
// sees to the order.
type Step struct {
	Funnel uint32
	Number uint8
}

// Content is a content impression or interaction.
type Content struct {
	Name, Piece, Target string
	Interaction         bool
}

// BasketKind is what a hit says of products.
type BasketKind uint8

// The kinds of basket. Their numbers are written into journals: only append.
const (
	BasketNone  BasketKind = 0
	BasketView  BasketKind = 1 // a product or category page was seen
	BasketCart  BasketKind = 2 // the cart as it is now, in place of what it was
	BasketOrder BasketKind = 3 // an order; the visit's cart is gone
)

// The labels of DimBasket. The first two have Conversions, Revenue and
// Quantity, the others Revenue: the sums that orders named.
const (
	LabelOrder    = "order"
	LabelCart     = "cart" // a cart that was left
	LabelSubtotal = "subtotal"
	LabelTax      = "tax"
	LabelShipping = "shipping"
	LabelDiscount = "discount"
)

// Basket is what an e-commerce hit says. Money is in minor units.
type Basket struct {
	Kind                              BasketKind
	Revenue                           int64 // of an order or cart
	Subtotal, Tax, Shipping, Discount int64 // of an order
	Products                          []Product
}

// Product is a product seen, in a cart or ordered.
type Product struct {
	SKU, Name  string
	Categories []string // at most five
	Price      int64    // of one, in minor units
	Quantity   int64
}

// Timing is one part of the time that a page takes to load.
type Timing uint8

// The timings, Matomo's pf_ parameters, and their sum.
const (
	TimingNetwork    Timing = iota // pf_net: until connected
	TimingServer                   // pf_srv: until the first byte
	TimingTransfer                 // pf_tfr: from first to last byte
	TimingProcessing               // pf_dm1: until the page can be used
	TimingCompletion               // pf_dm2: until all is there
	TimingOnLoad                   // pf_onl: the page's own work at the end
	NumTimings       = iota
)

// TimingLoad is the label of DimTiming for the sum of a page view's timings.
const TimingLoad = "load"

// String gives the timing's label in DimTiming.
func (t Timing) String() string {
	return [NumTimings]string{"network", "server", "transfer", "processing", "completion", "on_load"}[t]
}

// Timings are those of one page view, in milliseconds.
type Timings struct {
	Known  uint8 // a bit for each that was measured
	Millis [NumTimings]uint32
}

// Has says whether a timing was measured.
func (t *Timings) Has(i Timing) bool { return t.Known&(1<<i) != 0 }

// Set notes a timing.
func (t *Timings) Set(i Timing, millis uint32) {
	t.Known |= 1 << i
	t.Millis[i] = millis
}

// Sum adds up what was measured.
func (t *Timings) Sum() (millis int64) {
	for i := range Timing(NumTimings) {
		if t.Has(i) {
			millis += int64(t.Millis[i])
		}
	}
	return millis
}

// CustomValue is the value of a custom dimension. Of a visit's, "" takes back what
// was set before.
type CustomValue struct {
	Dim  Dimension
	Text string
}
