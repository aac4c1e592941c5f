package aggregate

import (
	"foule.eu/foule"
)

const (
	firstVisitDim = foule.DimEntryPage
	lastVisitDim  = foule.DimDepth
	numVisitDims  = int(lastVisitDim-firstVisitDim) + 1

	// maxActions is Matomo's bound of actions in a visit; the next one starts another.
	maxActions = 10_000
	// maxVisits bounds a visitor's visits in a day: nobody makes so many, but
	// programs that ask for a new visit with every hit do. It fits a bit mask.
	maxVisits = 48
	// maxItems bounds a visit's items, but for goals, hours and a handful of
	// (other); of a visitor's later visits maxLaterItems does.
	maxItems      = 500
	maxLaterItems = 40
	manyVisits    = 8
)

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
	labels          [numVisitDims]labelID // by dimension, from firstVisitDim

	room        uint16 // for items
	several     bool   // more than one hit or ping: the visit has a length
	live        bool   // young enough at its start for the minute table
	direct      bool   // no referrer yet: may be upgraded
	onPage      bool   // a page view precedes the next hit: page and title get its time
	page, title labelID

	hits, actions, conversions int64
	revenue                    int64
	items                      []item
}

// item is what a visit did under one label of an action dimension, or in one hour.
type item struct {
	key
	hits, actions, seconds  int64
	conversions, revenue    int64
	valueMilli, valueCounts int64
}

// key is a dimension's label within a day. Beside the action dimensions, an
// item's dimension can be byHour.
type key struct {
	dim   foule.Dimension
	label labelID
}

// label gives the visit's label of a visit dimension.
func (v *visit) label(dim foule.Dimension) labelID { return v.labels[dim-firstVisitDim] }

func (v *visit) setLabel(dim foule.Dimension, id labelID) { v.labels[dim-firstVisitDim] = id }

// item gives the visit's item under k, adding it if need be. What a visit does
// under more labels than anybody reads counts as (other).
func (v *visit) item(k key) *item {
	if it := v.find(k); it != nil {
		return it
	}
	if len(v.items) >= int(v.room) && k.dim < foule.NumDimensions && k.dim != foule.DimGoal && k.label != otherLabel {
		return v.item(key{k.dim, otherLabel})
	}
	v.items = append(v.items, item{key: k})
	return &v.items[len(v.items)-1]
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
