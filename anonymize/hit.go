package anonymize

import (
	"net/netip"
	"time"

	"foule.eu/foule"
)

// Hit is a decoded tracking request for one site. It still holds what must not
// leave this package; only ingest and cmd/collector may name it. Its strings
// are valid UTF-8 without NUL and line breaks; "" is absent unless said
// otherwise.
type Hit struct {
	Site foule.SiteID
	Time time.Time // of the hit: cdt if given and believed, else of its arrival

	// What the connection and headers said.
	IP                              netip.Addr // the full client address; truncated first of all
	UserAgent                       string     // the parameter ua, else the header
	AcceptLanguage                  string     // the parameter lang, else the header
	ClientHints                     string     // JSON of the parameter uadata; "" when absent
	HintUA, HintPlatform, HintModel string     // Sec-CH-UA(-Full-Version-List), -Platform, -Model headers, used when ClientHints is ""
	HintPlatformVersion             string     // Sec-CH-UA-Platform-Version
	HintMobile                      string     // Sec-CH-UA-Mobile
	DoNotTrack                      bool       // DNT: 1 or X-Do-Not-Track: 1
	GlobalPrivacyControl            bool       // Sec-GPC: 1
	Prefetch                        bool       // Sec-Purpose, Purpose, X-Purpose, X-Moz say prefetch, prerender, preview or instant
	OptedOut                        bool       // the visitor's opt-out cookie or parameter

	// Parameters; the wire name stands in the comment.
	URL          string // url
	Referrer     string // urlref
	Title        string // action_name
	Ping         bool   // ping=1
	CustomAction bool   // ca=1
	NewVisit     bool   // new_visit=1
	CountBots    bool   // bots=1
	Consent      bool   // consent=1; means something only where the site asks for it
	PageViewID   string // pv_id
	Resolution   string // res
	LocalHour    int    // h; -1 when absent

	Link     string // link
	Download string // download

	HasSearch      bool
	Search         string // search
	SearchCategory string // search_cat
	SearchCount    int    // search_count; -1 when absent

	EventCategory string  // e_c
	EventAction   string  // e_a
	EventName     string  // e_n
	EventValue    float64 // e_v
	HasEventValue bool

	ContentName, ContentPiece, ContentTarget, ContentInteraction string // c_n c_p c_t c_i

	Goal       int     // idgoal; -1 when absent, 0 is e-commerce
	Revenue    float64 // revenue
	HasRevenue bool
	OrderID    string // ec_id

	Subtotal, Tax, Shipping, Discount float64       // ec_st ec_tx ec_sh ec_dt
	Items                             []Item        // ec_items
	Viewed                            *Item         // _pks _pkn _pkc _pkp: the product or category page that was seen
	Dimensions                        []Dimension   // dimensionN, each N once
	Timings                           foule.Timings // pf_*

	// Place overrides; set only with a valid token.
	Country, Region, City string

	// CampaignName and CampaignKeyword are what the tracking request itself says, beside the page URL
	// (parameters such as utm_campaign of the request; _rcn and _rck are not believed for visits).
	CampaignName, CampaignKeyword string

	// Sent are the names of parameters that came and of which no field above tells
	// whether they did: what is never read, language, consent and campaigns.
	Sent foule.Dropped
}

// Item is a product in an order, a cart, or on the page.
type Item struct {
	SKU, Name  string
	Categories []string
	Price      float64
	Quantity   int64 // at least 1
}

// Dimension is the value of a custom dimension as sent; "" takes it back.
type Dimension struct {
	ID    uint32
	Value string
}
