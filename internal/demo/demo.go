// Package demo makes up a believable audience: sites with pages, a weekday
// rhythm, campaigns, countries, goals, a shop with its funnel, and one day on
// which everybody comes. It is a leaf that knows nothing of the house but the wire: what it makes are
// Matomo tracking requests, which collector demo sends through the real
// tracking endpoint like any log importer would.
//
// The same seed and days give the same audience.
package demo

import (
	"math"
	"math/rand/v2"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// Hit is one tracking request.
type Hit struct {
	Time  time.Time
	Query string // "?idsite=…", without token
}

// Day gives all hits of a site's day that lie before until, in order of time.
// id is the site's number where they are sent.
func (s *Site) Day(id int, day, until time.Time, seed uint64) []Hit {
	rnd := rand.New(rand.NewPCG(seed, uint64(day.Unix()/86400)<<8|uint64(id)))
	visits := s.visitsOn(day, rnd)
	var hits []Hit
	var seen []visitor
	for range visits {
		v := s.visitor(id, rnd)
		if len(seen) > 0 && rnd.IntN(7) == 0 {
			v = seen[rnd.IntN(len(seen))] // somebody comes back
		}
		seen = append(seen, v)
		start := day.Add(time.Duration(s.secondOfDay(rnd)) * time.Second)
		hits = append(hits, s.visit(v, start, s.spikes(day), rnd)...)
	}
	hits = slices.DeleteFunc(hits, func(h Hit) bool { return !h.Time.Before(until) })
	slices.SortStableFunc(hits, func(a, b Hit) int { return a.Time.Compare(b.Time) })
	return hits
}

// visitsOn is how many visits a day has: growth over the months, the week's
// rhythm, chance, and the spike.
func (s *Site) visitsOn(day time.Time, rnd *rand.Rand) int {
	week := s.Week[int(day.Weekday())]
	age := s.Now.Sub(day).Hours() / 24
	n := float64(s.Daily) * week * (1 - 0.004*age) * (1 + 0.08*rnd.NormFloat64())
	if s.spikes(day) {
		n *= 3.4
	}
	return max(3, int(n))
}

func (s *Site) spikes(day time.Time) bool {
	return s.SpikeAge > 0 && int(s.Now.Sub(day).Hours()/24) == s.SpikeAge
}

// secondOfDay follows the hours of a European audience.
func (s *Site) secondOfDay(rnd *rand.Rand) int {
	return pickWeighted(rnd, hours[:])*3600 + rnd.IntN(3600)
}

// hours is the share of each hour of the day.
var hours = [24]float64{2, 1, 1, 1, 1, 2, 3, 5, 8, 9, 9, 8, 7, 8, 9, 9, 8, 7, 7, 8, 9, 8, 6, 4}

// depth is how many pages a visit sees: many see one, few see many.
func (s *Site) depth(rnd *rand.Rand, spike bool) int {
	bounce := 0.42
	if spike {
		bounce = 0.71
	}
	if rnd.Float64() < bounce {
		return 1
	}
	return 2 + min(14, int(rnd.ExpFloat64()*2.6))
}

func (s *Site) page(path string) page {
	for _, p := range s.Pages {
		if p.path == path {
			return p
		}
	}
	return s.Pages[0]
}

// visitor is a person in front of a browser.
type visitor struct {
	site            int
	ip, agent, lang string
	resolution      string
	country, city   string
	region          string
	hourDifference  int
}

func (s *Site) visitor(id int, rnd *rand.Rand) visitor {
	place := places[pickWeighted(rnd, weights(places, func(p place) float64 { return p.weight * s.Bias[p.country] }))]
	device := devices[pickWeighted(rnd, weights(devices, func(d device) float64 { return d.weight }))]
	town := place.towns[int(math.Min(float64(len(place.towns)-1), rnd.ExpFloat64()*1.2))]
	return visitor{
		site: id, agent: device.agent, resolution: device.resolutions[rnd.IntN(len(device.resolutions))],
		ip:   strconv.Itoa(11+rnd.IntN(200)) + "." + strconv.Itoa(rnd.IntN(256)) + "." + strconv.Itoa(rnd.IntN(256)) + ".7",
		lang: place.lang, country: place.country, city: town.city, region: town.region, hourDifference: place.hours,
	}
}

// query is what every hit of the visitor carries.
func (v visitor) query(at time.Time) url.Values {
	q := url.Values{}
	q.Set("idsite", strconv.Itoa(v.site))
	q.Set("rec", "1")
	q.Set("cdt", strconv.FormatInt(at.Unix(), 10))
	q.Set("cip", v.ip)
	q.Set("ua", v.agent)
	q.Set("lang", v.lang)
	q.Set("res", v.resolution)
	q.Set("country", v.country)
	if v.city != "" {
		q.Set("city", v.city)
		q.Set("region", v.region)
	}
	q.Set("h", strconv.Itoa((at.UTC().Hour()+v.hourDifference+24)%24))
	return q
}

func weights[T any](list []T, weight func(T) float64) []float64 {
	w := make([]float64, len(list))
	for i := range list {
		w[i] = weight(list[i])
	}
	return w
}

// pickWeighted draws an index with a chance in proportion to its weight.
func pickWeighted(rnd *rand.Rand, w []float64) int {
	sum := 0.0
	for _, x := range w {
		sum += x
	}
	at := rnd.Float64() * sum
	for i, x := range w {
		if at -= x; at < 0 {
			return i
		}
	}
	return len(w) - 1
}
