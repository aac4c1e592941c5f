package aggregate

import (
	"cmp"
	"slices"

	"foule.eu/foule"
)

const (
	// minuteRetention is how long the minute table is kept, in seconds.
	minuteRetention = 2 * 86400
	// lateHits is how long a day stays in memory after its last hit while hits
	// without a token may still come for it (24 h, tracking.md §5), in seconds.
	lateHits = 26 * 3600
	// oldDayIdle is the same for a day that is only being imported into.
	oldDayIdle = 1800
	// maxOldDays bounds how many such days are in memory at once.
	maxOldDays = 16
)

// State is what has been counted so far of the days still open. The zero value
// is not ready: use New. It is not safe for concurrent use.
type State struct {
	days     map[dayKey]*day
	imports  imports
	settings Settings
	now      int64
}

type dayKey struct {
	site foule.SiteID
	day  foule.Day
}

func (k dayKey) compare(o dayKey) int {
	return cmp.Or(cmp.Compare(k.site, o.site), cmp.Compare(k.day, o.day))
}

// day is one site's day.
type day struct {
	dayKey
	settings Settings
	now      int64 // of the segment that is open
	seen     int64 // now of the last segment with a hit for this day
	names    labels
	visitors map[uint32]*visitor
	dirty    []*visitor
	cells    cells
	// dropped counts, by number of foule.Dropped, what was dropped since the last close.
	dropped [foule.NumDropped]int64
}

// New gives an empty state.
func New() *State { return &State{days: map[dayKey]*day{}} }

// Begin opens a segment: settings are those of its header, now its time of
// creation in Unix seconds. Days that began earlier keep their settings.
func (s *State) Begin(settings Settings, now int64) {
	s.settings, s.now = settings, now
}

// Add counts one event. Events of a segment come in the order of the journal.
func (s *State) Add(e *foule.Event) {
	d := s.open(dayKey{e.Site, e.Day})
	d.now, d.seen = s.now, s.now
	e.Dropped.Each(func(n int) { d.dropped[n]++ })
	switch {
	case e.Kind == foule.KindExcluded:
		d.leaveOut(e.Reason)
		if e.Crawler != "" {
			d.occur(foule.DimCrawler, e.Crawler, 1)
		}
	case e.Visitor == 0:
		d.pass(e)
	case d.visitors[e.Visitor] == nil && len(d.visitors) >= d.settings.MaxVisitors:
		d.leaveOut(ReasonVisitorLimit)
	default:
		d.hit(e)
	}
}

// ReasonVisitorLimit stands in foule.DimExcluded for hits of visitors beyond
// Settings.MaxVisitors: what keeps memory bounded is not kept silent.
const ReasonVisitorLimit = "visitor_limit"

// ReasonVisitLimit stands there for hits that would begin one visit too many of
// the same visitor in a day.
const ReasonVisitLimit = "visit_limit"

func (d *day) leaveOut(reason string) { d.occur(foule.DimExcluded, reason, 1) }

// occur counts hits of what belongs to no visit.
func (d *day) occur(dim foule.Dimension, label string, hits int64) {
	m := foule.Metrics{foule.Hits: hits}
	d.cells.add(cellKey{label: d.label(dim, label), dim: dim}, &m, 1, d.settings.MaxPairs)
}

// countDropped counts the names of what was dropped since the last close.
func (d *day) countDropped() {
	for n, hits := range d.dropped {
		if hits > 0 {
			d.occur(foule.DimDropped, foule.DroppedName(n), hits)
		}
	}
	d.dropped = [foule.NumDropped]int64{}
}

// MaxVisitor gives the highest visitor number in use on a site's day, 0 if
// none: after a restart without the day's keys, new visitors are numbered on from it.
func (s *State) MaxVisitor(site foule.SiteID, on foule.Day) uint32 {
	var highest uint32
	if d := s.days[dayKey{site, on}]; d != nil {
		for n := range d.visitors {
			highest = max(highest, n)
		}
	}
	return highest
}

func (s *State) open(k dayKey) *day {
	d := s.days[k]
	if d == nil {
		d = newDay(k, s.settings)
		s.days[k] = d
	}
	return d
}

func newDay(k dayKey, settings Settings) *day {
	return &day{dayKey: k, settings: settings, names: newLabels(), visitors: map[uint32]*visitor{}, cells: newCells()}
}

func (d *day) visitor(number uint32) *visitor {
	p := d.visitors[number]
	if p == nil {
		p = &visitor{number: number}
		d.visitors[number] = p
	}
	return p
}

func (d *day) label(dim foule.Dimension, text string) labelID {
	return d.names.get(dim, text, d.settings.MaxLabels)
}

// sorted lists the days in memory in order.
func (s *State) sorted() []*day {
	days := make([]*day, 0, len(s.days))
	for _, d := range s.days {
		days = append(days, d)
	}
	slices.SortFunc(days, func(a, b *day) int { return a.compare(b.dayKey) })
	return days
}

// forget drops the days for which no more hits are to be expected. A hit that
// comes all the same begins the day anew: it is counted, its visitor as a new one.
func (s *State) forget() {
	today := foule.Day(s.now / 86400)
	var old []*day
	for _, d := range s.sorted() {
		imported := d.day < today-2
		idle := s.now - d.seen
		switch {
		case idle > lateHits, imported && idle > oldDayIdle:
			delete(s.days, d.dayKey)
		case imported:
			old = append(old, d)
		}
	}
	if len(old) <= maxOldDays {
		return
	}
	slices.SortStableFunc(old, func(a, b *day) int { return cmp.Compare(b.seen, a.seen) })
	for _, d := range old[maxOldDays:] {
		delete(s.days, d.dayKey)
	}
}
