package crowd

import (
	"container/heap"
	"math/rand/v2"
	"slices"
	"strconv"

	"foule.eu/foule"
)

// Site is a made-up site.
type Site struct {
	ID     foule.SiteID
	Visits int // on a mean day; the week has its rhythm
	seed   uint64
	world  *world
	book   *book
}

// New makes up a site with so many visits a day. Everything about it is drawn
// from the seed; first is the day from which on it is looked at.
func New(id foule.SiteID, visits int, width Width, seed uint64, first foule.Day) *Site {
	return &Site{ID: id, Visits: visits, seed: seed, world: newWorld(seed, width), book: newBook(seed, width, first)}
}

// weekdays is the week's rhythm, from Sunday; its mean is 1.
var weekdays = [7]float64{0.89, 1.08, 1.08, 1.06, 1.05, 0.97, 0.87}

// hours is the share of each hour of the day (UTC) in a European audience.
var hours = newOdds([]float64{2, 1, 1, 1, 1, 3, 5, 8, 9, 9, 8, 8, 8, 8, 8, 8, 8, 8, 8, 9, 8, 7, 5, 3})

// Events draws a day's hits and gives them in order of time. The event is only
// lent: it is another one after the call.
func (s *Site) Events(day foule.Day, each func(*foule.Event)) {
	d := &today{Site: s, texts: s.book.on(day), day: day, rng: rand.New(rand.NewPCG(s.seed, uint64(day)))}
	var due hits
	next := func() {
		each(&due[0].Event)
		heap.Pop(&due)
	}
	for _, start := range d.starts() {
		for len(due) > 0 && due[0].Time <= start {
			next()
		}
		d.visit(start, &due)
	}
	for len(due) > 0 {
		next()
	}
}

// hits is a heap of the hits to come, by time and then as they were drawn.
type hits []hit

type hit struct {
	foule.Event
	drawn int
}

func (h hits) Len() int { return len(h) }
func (h hits) Less(i, j int) bool {
	return h[i].Time < h[j].Time || h[i].Time == h[j].Time && h[i].drawn < h[j].drawn
}
func (h hits) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *hits) Push(x any)   { *h = append(*h, x.(hit)) }
func (h *hits) Pop() any {
	last := len(*h) - 1
	x := (*h)[last]
	*h = (*h)[:last]
	return x
}

// today is a day being drawn.
type today struct {
	*Site
	texts    *texts
	day      foule.Day
	rng      *rand.Rand
	visitors []visitor
	drawn    int
}

// visitor is a person with a machine.
type visitor struct {
	place  *place
	device *device
	screen string
	last   int64 // latest hit
}

// starts draws when the day's visits begin, in order.
func (d *today) starts() []int64 {
	mean := float64(d.Visits) * weekdays[d.day.Weekday()]
	list := make([]int64, max(1, int(mean*(1+0.06*d.rng.NormFloat64()))))
	for i := range list {
		list[i] = int64(d.day)*86400 + int64(hours.draw(d.rng))*3600 + d.rng.Int64N(3600)
	}
	slices.Sort(list)
	return list
}

// visit draws the hits of a visit.
func (d *today) visit(start int64, due *hits) {
	number := d.visitor(start)
	v := &d.visitors[number]
	country := &countries[v.place.country]
	e := foule.Event{
		Site: d.ID, Day: d.day, Time: start, Visitor: uint32(number + 1),
		Place:    foule.Place{Continent: country.continent, Country: country.code, Region: v.place.region, City: d.texts.towns[v.place.country][v.place.town]},
		Language: country.language, Device: v.device.Device, Resolution: v.screen,
	}
	e.Device.BrowserVersion = d.texts.versions[v.device.age]
	d.referrer(&e)
	for range d.depth() {
		p := d.page()
		e.Kind, e.Page, e.Title, e.Conversions = foule.KindPageView, p.path, p.title, nil
		if d.chance(0.012) {
			e.Conversions = []foule.Conversion{{Goal: uint32(1 + d.rng.IntN(5)), RevenueMinor: int64(d.rng.IntN(2)) * 500}}
		}
		e.Timings = d.timings()
		d.add(due, &e, v)
		e.Timings = foule.Timings{}
		if e.Channel != foule.ChannelCampaign { // what follows came from the site itself
			e.Channel, e.Source, e.ReferrerPage = foule.ChannelDirect, "", ""
		}
		d.deed(due, e, v)
		e.Time += int64(5 + d.rng.ExpFloat64()*70)
		if e.Time >= (int64(d.day)+1)*86400 {
			return
		}
	}
}

func (d *today) add(due *hits, e *foule.Event, v *visitor) {
	hour := e.Time / 3600 % 24
	e.ServerHour, e.LocalHour = uint8(hour), uint8((hour+int64(countries[v.place.country].hours)+24)%24)
	v.last = e.Time
	d.drawn++
	heap.Push(due, hit{*e, d.drawn})
}

// visitor gives the number of who comes: somebody new, or one time in eight
// somebody who was there and has been away for long enough.
func (d *today) visitor(now int64) int {
	if len(d.visitors) > 0 && d.chance(0.125) {
		if i := d.rng.IntN(len(d.visitors)); now-d.visitors[i].last > 1800 {
			return i
		}
	}
	v := visitor{place: d.world.places.draw(d.rng), device: d.world.devices.draw(d.rng)}
	v.screen = *v.device.screens.draw(d.rng)
	d.visitors = append(d.visitors, v)
	return len(d.visitors) - 1
}

// referrer says how the visit came: one in twelve by a campaign.
func (d *today) referrer(e *foule.Event) {
	if d.chance(0.08) {
		c := d.texts.campaigns[d.world.campaigns.draw(d.rng)]
		if c.Medium == "cpc" {
			c.Term = lexicon[d.rng.IntN(len(lexicon))]
			c.Content = "variant " + strconv.Itoa(d.rng.IntN(4))
		}
		e.Channel, e.Source, e.Campaign = foule.ChannelCampaign, c.Source, c
		return
	}
	s := d.world.sources.draw(d.rng)
	e.Channel, e.Source = s.channel, s.name
	if s.channel == foule.ChannelWebsite {
		e.Source = d.texts.sites[s.site]
		e.ReferrerPage = referrerPage(e.Source, d.rng.IntN(pagesOfSite))
	}
}

// page is the one looked at next: news, or what is always there.
func (d *today) page() page {
	if d.chance(0.25) {
		return d.texts.pages[d.book.Pages+d.world.news.draw(d.rng)]
	}
	return d.texts.pages[d.world.evergreen.draw(d.rng)]
}

// depth is how many pages a visit sees: many see one, few see many; 2.6 in the mean.
func (d *today) depth() int {
	if d.chance(0.45) {
		return 1
	}
	return 2 + min(25, int(d.rng.ExpFloat64()*2.4))
}

// timings are how fast the page came, which one browser in five says.
func (d *today) timings() (t foule.Timings) {
	if d.chance(0.2) {
		for i := range foule.Timing(foule.NumTimings) {
			t.Set(i, uint32(20+d.rng.ExpFloat64()*300))
		}
	}
	return t
}

// deed adds what a visitor does on a page beside reading it.
func (d *today) deed(due *hits, e foule.Event, v *visitor) {
	e.Conversions = nil
	e.Time += 1 + d.rng.Int64N(4)
	w, t := d.world, d.texts
	switch x := d.rng.Float64(); {
	case x < 0.10:
		e.Kind, e.Custom = foule.KindCustom, t.events[w.things.draw(d.rng)]
		if d.chance(0.3) {
			e.Custom.HasValue, e.Custom.ValueMilli = true, 1000*d.rng.Int64N(100)
		}
	case x < 0.12:
		e.Kind, e.Target = foule.KindOutlink, t.outlinks[w.things.draw(d.rng)]
	case x < 0.13:
		e.Kind, e.Target = foule.KindDownload, t.downloads[w.things.draw(d.rng)]
	case x < 0.15:
		e.Kind, e.Search = foule.KindSearch, foule.Search{Keyword: t.keywords[w.things.draw(d.rng)], Category: "section " + strconv.Itoa(d.rng.IntN(8))}
	case x < 0.153:
		e.Kind, e.Search = foule.KindSearch, foule.Search{Keyword: t.nothing[w.things.draw(d.rng)], NoResult: true}
	default:
		return
	}
	if e.Time < (int64(d.day)+1)*86400 {
		d.add(due, &e, v)
	}
}

func (d *today) chance(p float64) bool { return d.rng.Float64() < p }
