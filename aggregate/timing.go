package aggregate

import "foule.eu/foule"

// pageView is a page view that said how long its page took, or may yet say it.
type pageView struct {
	id    uint16 // foule.Event.PageView; 0 if nothing can be added
	page  labelID
	times foule.Timings
}

// maxViews bounds a visit's page views that are timed; of more, one cannot say
// how long they took.
const maxViews = 100

// time notes what a hit says of its page's timings. A later hit of the page
// view replaces the values that it brings (tracking.md §4.6); one that belongs
// to no page view known changes nothing.
func (d *day) time(v *visit, e *foule.Event) {
	var p *pageView
	switch {
	case e.Kind != foule.KindPageView:
		p = v.pageView(e.PageView)
	case (e.PageView != 0 || e.Timings.Known != 0) && len(v.views) < min(maxViews, int(v.room)):
		v.views = append(v.views, pageView{id: e.PageView, page: d.label(foule.DimPage, e.Page)})
		p = &v.views[len(v.views)-1]
	}
	if p == nil {
		return
	}
	for i := range foule.Timing(foule.NumTimings) {
		if e.Timings.Has(i) {
			p.times.Set(i, e.Timings.Millis[i])
		}
	}
}

func (v *visit) pageView(id uint16) *pageView {
	for i := len(v.views) - 1; id != 0 && i >= 0; i-- {
		if v.views[i].id == id {
			return &v.views[i]
		}
	}
	return nil
}

// timed is what a visit's page views come to under one key.
type timed struct {
	key
	metrics foule.Metrics
}

// timed gives the timings of a visit's page views, each key once: of the site,
// of each page, and the histograms of which percentiles are made.
func (d *day) timed(v *visit) (list []timed) {
	places := map[key]int{}
	add := func(k key, hits, millis, count int64) {
		at, known := places[k]
		if !known {
			at, places[k] = len(list), len(list)
			list = append(list, timed{key: k, metrics: foule.Metrics{foule.Visits: 1}})
		}
		m := &list[at].metrics
		m[foule.Hits] += hits
		m[foule.Value] += millis
		m[foule.ValueCount] += count
	}
	one := func(p *pageView, name string, millis int64) {
		id := d.label(foule.DimTiming, name)
		add(plain(foule.DimTiming, id), 1, millis, 1)
		add(key{foule.DimPage, foule.DimTiming, p.page, id}, 1, millis, 1)
		add(plain(foule.DimTimingBucket, d.label(foule.DimTimingBucket, name+":"+foule.TimingBucket(millis))), 1, 0, 0)
	}
	for i := range v.views {
		p := &v.views[i]
		if p.times.Known == 0 {
			continue
		}
		for t := range foule.Timing(foule.NumTimings) {
			if p.times.Has(t) {
				one(p, t.String(), int64(p.times.Millis[t]))
			}
		}
		load := p.times.Sum()
		one(p, foule.TimingLoad, load)
		add(plain(foule.DimLoadTime, d.label(foule.DimLoadTime, foule.TimingBucket(load))), 1, 0, 0)
	}
	return list
}

// timings adds the visit's timings to the cells.
func (c *contributor) timings() {
	if len(c.visit.views) == 0 {
		return
	}
	for _, t := range c.day.timed(c.visit) {
		sharing := c.share(t.key)
		c.add(t.cell(), &t.metrics, sharing == 0)
		if t.by == foule.DimTotal {
			c.pairs(t.dim, t.label, &t.metrics, sharing)
		}
	}
}

// timings takes out what the visit's timings were and puts in what they are.
// They are few, and changes of a label they stand under are seen to by the way.
func (c *difference) timings() {
	if c.was != nil {
		was := contributor{day: c.day, sign: -1, visit: c.was}
		was.timings()
	}
	now := contributor{day: c.day, sign: 1, visit: c.now}
	now.timings()
}
