package demo

import (
	"maps"
	"math/rand/v2"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// walk is one visit under way.
type walk struct {
	site *Site
	v    visitor
	rnd  *rand.Rand
	hits []Hit
	cart []item
	plan string // what the site's dimension of a visit says of it; "" if it has none
}

// visit gives the hits of one visit.
func (s *Site) visit(v visitor, at time.Time, spike bool, rnd *rand.Rand) []Hit {
	came := s.Sources[pickWeighted(rnd, weights(s.Sources, func(x source) float64 { return x.weight }))]
	if spike && rnd.IntN(3) > 0 {
		came = s.Spike
	}
	p := s.Pages[pickWeighted(rnd, weights(s.Pages, func(p page) float64 { return p.entry }))]
	if came.landing != "" {
		p = s.page(came.landing)
	}
	w := &walk{site: s, v: v, rnd: rnd}
	if d := s.dimension(true); d != nil {
		w.plan = d.values[pickWeighted(rnd, d.weights)]
	}
	ref, query := came.ref, came.campaign
	depth := s.depth(rnd, spike)
	for step := 0; step < depth; step++ {
		address := s.Base + p.path
		if query != "" {
			address += "?" + query
		}
		w.see(p, address, ref, at)
		w.deeds(p, address, at.Add(time.Duration(5+rnd.IntN(20))*time.Second))
		w.trade(p, address, at.Add(time.Duration(8+rnd.IntN(20))*time.Second))
		ref, query = s.Base+p.path, ""
		at = at.Add(time.Duration(10+rnd.ExpFloat64()*70) * time.Second)
		next, hurried := w.hurried(p, rnd)
		if !hurried {
			next = w.next(p)
		} else if step == depth-1 {
			depth++ // who is on the way to the till goes on
		}
		p = next
	}
	return w.hits
}

// next goes where the page leads, or anywhere.
func (w *walk) next(from page) page {
	for range 8 {
		to := w.site.Pages[pickWeighted(w.rnd, weights(w.site.Pages, func(p page) float64 { return p.entry + 1 }))]
		if len(from.next) > 0 && w.rnd.Float64() < 0.7 {
			to = w.site.page(from.next[w.rnd.IntN(len(from.next))])
		}
		if w.allowed(from, to) {
			return to
		}
	}
	return w.site.Pages[0]
}

// see adds a page view: who looks at what, and how long it took to load.
func (w *walk) see(p page, address, ref string, at time.Time) {
	q := w.deedAt(address, at)
	q.Set("action_name", p.title)
	if ref != "" {
		q.Set("urlref", ref)
	}
	if d := w.site.dimension(false); d != nil {
		q.Set(d.param(), section(p.path))
	}
	if got, ok := w.site.productAt(p.path); ok {
		got.view(q)
	}
	if w.rnd.IntN(4) == 0 { // a browser that does not tell, or a page left before it was there
		w.add(q, at)
		return
	}
	view := strconv.FormatUint(w.rnd.Uint64N(1<<31), 36)
	q.Set("pv_id", view[:min(len(view), 6)])
	late := w.load(p, q)
	w.add(q, at)
	if late != nil {
		after := at.Add(6 * time.Second)
		ping := w.deedAt(address, after)
		ping.Set("ping", "1")
		ping.Set("pv_id", q.Get("pv_id"))
		maps.Copy(ping, late)
		w.add(ping, after)
	}
}

// load says how long the page took. Where it was not there yet when the page
// view was sent, the last parts come later.
func (w *walk) load(p page, q url.Values) (late url.Values) {
	slow := w.site.Slow * (1 + w.rnd.ExpFloat64()*0.7)
	if len(p.path) > 12 { // an article, a collection: more pictures
		slow *= 1.4
	}
	if strings.Contains(w.v.agent, "Mobile") {
		slow *= 1.5
	}
	millis := func(usual float64) []string {
		return []string{strconv.Itoa(int(usual * slow * (0.6 + 0.8*w.rnd.Float64())))}
	}
	q["pf_net"], q["pf_srv"], q["pf_tfr"], q["pf_dm1"] = millis(45), millis(160), millis(40), millis(280)
	last := url.Values{"pf_dm2": millis(190), "pf_onl": millis(25)}
	if w.rnd.IntN(20) == 0 {
		return last
	}
	maps.Copy(q, last)
	return nil
}

// deeds adds what a visitor does on a page beside reading it.
func (w *walk) deeds(p page, address string, at time.Time) {
	for _, d := range p.deeds {
		if w.rnd.Float64() >= d.chance {
			continue
		}
		q := w.deedAt(address, at)
		for _, name := range slices.Sorted(maps.Keys(d.params)) {
			q.Set(name, d.params[name][w.rnd.IntN(len(d.params[name]))])
		}
		w.add(q, at)
	}
}

// deedAt is what every hit of the visit carries.
func (w *walk) deedAt(address string, at time.Time) url.Values {
	q := w.v.query(at)
	q.Set("url", address)
	if w.plan != "" {
		q.Set(w.site.dimension(true).param(), w.plan)
	}
	return q
}

func (w *walk) add(q url.Values, at time.Time) {
	w.hits = append(w.hits, Hit{Time: at, Query: "?" + q.Encode()})
}

// section is the part of the site that a page belongs to.
func section(path string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if first == "" {
		return "home"
	}
	return first
}
