package aggregate

import (
	"foule.eu/foule"
)

// visitDims are the dimensions of which every visit has one label: the fixed
// ones, and the custom ones that its site uses.
var visitDims = func() (dims []foule.Dimension) {
	for d := range foule.Dimension(foule.NumDimensions) {
		if d.Info().Scope == foule.ScopeVisit {
			dims = append(dims, d)
		}
	}
	return
}()

const (
	firstVisitDim = foule.DimEntryPage
	numFixed      = int(foule.DimDepth-firstVisitDim) + 1
	numVisitDims  = numFixed + foule.NumValues + 1 // and DimConsent

	// maxActions is Matomo's bound of actions in a visit; the next one starts another.
	maxActions = 10_000
	// maxVisits bounds a visitor's visits in a day: nobody makes so many, but
	// programs that ask for a new visit with every hit do. It fits a bit mask.
	maxVisits = 48
	// maxItems bounds a visit's items, but for goals, hours and a handful of
	// (other); of a visitor's later visits maxLaterItems does.
	maxItems      = 500
	maxLaterItems = 40
	maxPairItems  = 200
	manyVisits    = 8
)

// isOperators are dimensions whose labels are the operator's or our own, and
// few: no limit makes them (other).
var isOperators = [256]bool{
	foule.DimGoal: true, foule.DimFunnelStep: true, foule.DimBasket: true,
	foule.DimTiming: true, foule.DimTimingBucket: true, foule.DimLoadTime: true,
	foule.DimDropped: true, foule.DimConsent: true,
}

// isProduct are the dimensions of products that can be seen.
var isProduct = [256]bool{foule.DimProductSKU: true, foule.DimProduct: true, foule.DimProductCategory: true}

// visitor is one visitor of the day, known by a number that means nothing
// outside the day.
type visitor struct {
	number uint32
	visits []visit
	dirty  bool    // touched in this segment
	was    []visit // then: the visits as they were at the last close
}

// visit is one visit, open or over.
type visit struct {
	first, last int64 // Unix seconds of the first hit and of the last hit or ping
	lastHit     int64 // the last hit that was no ping
	// entryAt and exitAt are the times of the page views that give the entry and exit labels; 0 without any.
	entryAt, exitAt int64
	labels          [numVisitDims]labelID // by dimension: see place
	values          uint16                // custom dimensions that the site uses, a bit each

	room        uint16 // for items
	pairs       uint16 // how many of the items are pairs
	several     bool   // more than one hit or ping: the visit has a length
	live        bool   // young enough at its start for the minute table
	direct      bool   // no referrer yet: may be upgraded
	onPage      bool   // a page view precedes the next hit: page and title get its time
	page, title labelID
	// searched says that the last action was a search, of these labels.
	searched         bool
	keyword, section labelID

	hits, actions, conversions int64
	revenue                    int64
	items                      []item

	marks   []key       // the custom dimensions of the page that is seen: they get its time
	views   []pageView  // the last page views that can be timed
	cart    []cartEntry // what is in the cart
	funnels []progress
}

// item is what a visit did under one label of an action dimension, or in one
// hour. A visitor's items are most of what he takes in memory: no number of a
// visit reaches 2 thousand million.
type item struct {
	key
	hits, actions, seconds  int32
	conversions, quantity   int32
	interactions, valueSeen int32
	revenue, valueMilli     int64
}

// empty says that the item counts nothing, or nothing any more.
func (it *item) empty() bool {
	return it.dim != byHour && *it == item{key: it.key}
}

// key is a dimension's label within a day, or a pair of two. Beside the action
// dimensions, an item's dimension can be byHour.
type key struct {
	dim     foule.Dimension
	by      foule.Dimension // DimTotal for what is no pair
	label   labelID
	byLabel labelID
}

// other is the key under which stands what has no room of its own.
func (k key) other() key {
	k.label = otherLabel
	if k.by != foule.DimTotal {
		k.byLabel = otherLabel
	}
	return k
}

func plain(dim foule.Dimension, label labelID) key { return key{dim: dim, label: label} }

// place gives where a visit dimension's label stands.
func place(dim foule.Dimension) int {
	switch {
	case dim.IsVisitValue():
		return numFixed + int(dim-foule.DimVisitValue)
	case dim == foule.DimConsent:
		return numVisitDims - 1
	}
	return int(dim - firstVisitDim)
}

// label gives the visit's label of a visit dimension.
func (v *visit) label(dim foule.Dimension) labelID { return v.labels[place(dim)] }

func (v *visit) setLabel(dim foule.Dimension, id labelID) { v.labels[place(dim)] = id }

// has says whether a visit has a label of a visit dimension: of all but custom
// ones that its site does not use, and consent where nobody asks for it. Consent
// is settled when the visit begins.
func (v *visit) has(dim foule.Dimension) bool {
	switch {
	case dim.IsVisitValue():
		return v.values&(1<<(dim-foule.DimVisitValue)) != 0
	case dim == foule.DimConsent:
		return v.label(dim) != emptyLabel
	}
	return true
}

// item gives the visit's item under k, adding it if need be. What a visit does
// under more labels than anybody reads counts as (other), of a pair on both sides:
// else a visit could have as many (other) items as there are labels.
func (v *visit) item(k key) *item {
	if it := v.find(k); it != nil {
		return it
	}
	if !v.hasRoom(k) {
		return v.item(k.other())
	}
	if k.by != foule.DimTotal {
		v.pairs++
	}
	v.items = append(v.items, item{key: k})
	return &v.items[len(v.items)-1]
}

// hasRoom says whether the visit may have one more item. Pairs do not take the
// room of plain labels.
func (v *visit) hasRoom(k key) bool {
	switch {
	case k.dim == byHour || isOperators[k.dim] || k == k.other():
		return true
	case k.by != foule.DimTotal:
		return v.pairs < min(v.room, maxPairItems)
	}
	return len(v.items)-int(v.pairs) < int(v.room)
}

func (v *visit) find(k key) *item {
	for i := range v.items {
		if v.items[i].key == k {
			return &v.items[i]
		}
	}
	return nil
}

// seconds is the visit's length: 0 for a single hit, else last minus first
// plus one (Matomo, tracking.md §7, without its artefact for conversions).
func (v *visit) seconds() int64 {
	if !v.several {
		return 0
	}
	return v.last - v.first + 1
}

// metrics is what the visit adds to each of its visit rows, but for Visitors.
func (v *visit) metrics() foule.Metrics {
	m := foule.Metrics{
		foule.Visits:      1,
		foule.Hits:        v.hits,
		foule.Actions:     v.actions,
		foule.Seconds:     v.seconds(),
		foule.Conversions: v.conversions,
		foule.Revenue:     v.revenue,
	}
	if v.actions <= 1 {
		m[foule.Bounces] = 1
	}
	if v.conversions > 0 {
		m[foule.ConvertedVisits] = 1
	}
	return m
}

// find gives the index of the visit that a hit at time t belongs to, or -1. A
// visit reaches one visit length beyond its first and last hit, so that late
// hits find it too; pings do not lengthen it (Matomo).
func (p *visitor) find(t, length int64) int {
	for i := len(p.visits) - 1; i >= 0; i-- {
		v := &p.visits[i]
		if t-v.lastHit < length && v.first-t < length {
			return i
		}
	}
	return -1
}
