package sqlite

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"foule.eu/foule"
	"foule.eu/foule/storage"
)

// audience makes up the aggregates of a site with 10,000 visits a day, for the
// benchmarks. Labels of a dimension are drawn from a Zipf law: label r of V has
// the probability r^-s / Σ. A day's count of a label is a Poisson draw around
// what the law says, so the tail differs from day to day and the labels of a
// month are about three times those of a day, as on real sites. A label of
// fewer than 3 visits under a filter stands under foule.Other.
type audience struct {
	rng *rand.Rand
}

const visitsADay = 10_000

// vocabulary is a dimension's law. Perhaps is the share of visits with any
// label; the others count under "".
type vocabulary struct {
	dim     foule.Dimension
	format  string
	labels  int
	s       float64
	each    float64 // labels per visit: 1 for a visit dimension, page views for pages
	perhaps float64
	names   []string  // the labels, and
	shares  []float64 // the probability of each, from the law
}

var vocabularies = func(list []vocabulary) []vocabulary {
	for i := range list {
		v := &list[i]
		var sum float64
		for r := 1; r <= v.labels; r++ {
			v.names = append(v.names, fmt.Sprintf(v.format, r))
			v.shares = append(v.shares, math.Pow(float64(r), -v.s))
			sum += v.shares[r-1]
		}
		for r := range v.shares {
			v.shares[r] /= sum
		}
	}
	return list
}([]vocabulary{
	{dim: foule.DimPage, format: "/articles/2026/a-story-about-%d", labels: 1500, s: 1.8, each: 2.8, perhaps: 1},
	{dim: foule.DimTitle, format: "A story about %d – The Daily Example", labels: 1500, s: 1.8, each: 2.8, perhaps: 1},
	{dim: foule.DimEntryPage, format: "/articles/2026/a-story-about-%d", labels: 1500, s: 1.8, each: 1, perhaps: 1},
	{dim: foule.DimEntryTitle, format: "A story about %d – The Daily Example", labels: 1500, s: 1.8, each: 1, perhaps: 1},
	{dim: foule.DimExitPage, format: "/articles/2026/a-story-about-%d", labels: 1500, s: 1.8, each: 1, perhaps: 1},
	{dim: foule.DimExitTitle, format: "A story about %d – The Daily Example", labels: 1500, s: 1.8, each: 1, perhaps: 1},
	{dim: foule.DimChannel, format: "channel %d", labels: 7, s: 1.2, each: 1, perhaps: 1},
	{dim: foule.DimSource, format: "source-%d.example", labels: 400, s: 1.6, each: 1, perhaps: 0.7},
	{dim: foule.DimReferrerPage, format: "source-%d.example/some/path", labels: 1500, s: 1.7, each: 1, perhaps: 0.3},
	{dim: foule.DimCampaign, format: "campaign %d", labels: 25, s: 1.2, each: 1, perhaps: 0.1},
	{dim: foule.DimCampaignSource, format: "newsletter %d", labels: 10, s: 1.2, each: 1, perhaps: 0.1},
	{dim: foule.DimCampaignMedium, format: "medium %d", labels: 5, s: 1.2, each: 1, perhaps: 0.1},
	{dim: foule.DimCampaignTerm, format: "term %d", labels: 30, s: 1.2, each: 1, perhaps: 0.02},
	{dim: foule.DimCampaignDetail, format: "variant %d", labels: 30, s: 1.2, each: 1, perhaps: 0.05},
	{dim: foule.DimContinent, format: "C%d", labels: 6, s: 2, each: 1, perhaps: 1},
	{dim: foule.DimCountry, format: "F%d", labels: 120, s: 2, each: 1, perhaps: 1},
	{dim: foule.DimRegion, format: "FR-%d", labels: 200, s: 1.5, each: 1, perhaps: 0.9},
	{dim: foule.DimCity, format: "FR/Ville %d", labels: 1500, s: 1.6, each: 1, perhaps: 0.8},
	{dim: foule.DimLanguage, format: "fr-%d", labels: 60, s: 2, each: 1, perhaps: 1},
	{dim: foule.DimDeviceType, format: "device %d", labels: 6, s: 1.5, each: 1, perhaps: 1},
	{dim: foule.DimBrand, format: "Brand %d", labels: 40, s: 1.5, each: 1, perhaps: 0.6},
	{dim: foule.DimBrowser, format: "Browser %d", labels: 25, s: 1.8, each: 1, perhaps: 1},
	{dim: foule.DimBrowserVersion, format: "Browser %d", labels: 120, s: 1.7, each: 1, perhaps: 1},
	{dim: foule.DimOS, format: "System %d", labels: 12, s: 1.5, each: 1, perhaps: 1},
	{dim: foule.DimOSVersion, format: "System version %d", labels: 50, s: 1.5, each: 1, perhaps: 1},
	{dim: foule.DimResolution, format: "1920x%d", labels: 150, s: 1.7, each: 1, perhaps: 1},
	{dim: foule.DimServerHour, format: "%02d", labels: 24, s: 0.3, each: 1, perhaps: 1},
	{dim: foule.DimLocalHour, format: "%02d", labels: 24, s: 0.3, each: 1, perhaps: 1},
	{dim: foule.DimDuration, format: "%d min", labels: 10, s: 1, each: 1, perhaps: 1},
	{dim: foule.DimDepth, format: "%d", labels: 11, s: 1.2, each: 1, perhaps: 1},
	{dim: foule.DimDownload, format: "example.org/report-%d.pdf", labels: 60, s: 1.3, each: 0.02, perhaps: 1},
	{dim: foule.DimOutlink, format: "elsewhere-%d.example/", labels: 400, s: 1.3, each: 0.05, perhaps: 1},
	{dim: foule.DimSearch, format: "words %d", labels: 600, s: 1.4, each: 0.04, perhaps: 1},
	{dim: foule.DimSearchCategory, format: "category %d", labels: 8, s: 1, each: 0.02, perhaps: 1},
	{dim: foule.DimSearchNoResult, format: "no words %d", labels: 300, s: 1.1, each: 0.005, perhaps: 1},
	{dim: foule.DimEventCategory, format: "category %d", labels: 6, s: 1, each: 0.3, perhaps: 1},
	{dim: foule.DimEventAction, format: "action %d", labels: 20, s: 1.2, each: 0.3, perhaps: 1},
	{dim: foule.DimEventName, format: "name %d", labels: 200, s: 1.4, each: 0.3, perhaps: 1},
	{dim: foule.DimGoal, format: "%d", labels: 5, s: 1, each: 0.08, perhaps: 1},
	{dim: foule.DimExcluded, format: "reason %d", labels: 6, s: 1, each: 0.2, perhaps: 1},
})

// counts draws how many visits each label has out of n, most frequent first;
// what is drawn below least goes to foule.Other.
func (a audience) counts(v *vocabulary, n float64, least int64, each func(label string, visits int64)) {
	var other int64
	for r, share := range v.shares {
		mean := n * v.each * v.perhaps * share
		if mean < 1e-3 {
			break
		}
		switch c := a.poisson(mean); {
		case c >= least:
			each(v.names[r], c)
		case c > 0:
			other += c
		}
	}
	if rest := a.poisson(n * v.each * (1 - v.perhaps)); rest > 0 {
		each("", rest)
	}
	if other > 0 {
		each(foule.Other, other)
	}
}

func (a audience) poisson(mean float64) int64 {
	if mean > 30 {
		return max(0, int64(mean+math.Sqrt(mean)*a.rng.NormFloat64()+0.5))
	}
	limit, product, n := math.Exp(-mean), a.rng.Float64(), int64(0)
	for product > limit {
		n, product = n+1, product*a.rng.Float64()
	}
	return n
}

// row makes up the counters that the dimension uses.
func (a audience) row(dim foule.Dimension, visits int64) (m foule.Metrics) {
	m[foule.Visits], m[foule.Visitors] = visits, visits-visits/9
	m[foule.Hits] = visits * 2
	switch {
	case dim == foule.DimExcluded:
		return foule.Metrics{foule.Hits: visits}
	case dim == foule.DimPage || dim == foule.DimTitle:
		m[foule.Seconds], m[foule.Entries], m[foule.EntryBounces], m[foule.Exits] = visits*40, visits/3, visits/6, visits/3
	case dim.Info().Scope == foule.ScopeAction:
		m[foule.Conversions] = visits / 50
	default:
		m[foule.Actions], m[foule.Bounces], m[foule.Seconds] = visits*3, visits/2, visits*95
		m[foule.ConvertedVisits], m[foule.Conversions] = visits/30, visits/25
	}
	return m
}

// day makes up a day of the site, with the rows under filters if filtered.
func (a audience) day(day foule.Day, filtered bool) *storage.Batch {
	b := &storage.Batch{Token: fmt.Sprintf("bench/0/%d", day)}
	add := func(dim foule.Dimension, label string, by foule.Dimension, byLabel string, visits int64) {
		b.Days = append(b.Days, storage.DayRow{
			Site: 1, Day: day, Dim: dim, Label: label, By: by, ByLabel: byLabel, Metrics: a.row(dim, visits),
		})
	}
	add(foule.DimTotal, "", 0, "", visitsADay)
	for i := range vocabularies {
		v := &vocabularies[i]
		a.counts(v, visitsADay, 1, func(label string, visits int64) {
			add(v.dim, label, 0, "", visits)
			if filtered && v.dim.Info().Filter && visits >= 3 {
				add(foule.DimTotal, "", v.dim, label, visits)
				for j := range vocabularies {
					if w := &vocabularies[j]; w.dim.Info().TwoWay && w.dim != v.dim {
						a.counts(w, float64(visits), 3, func(l string, n int64) { add(w.dim, l, v.dim, label, n) })
					}
				}
			}
		})
	}
	for hour := range int64(24) {
		a.hour(b, int64(day)*24+hour)
	}
	return b
}

func (a audience) hour(b *storage.Batch, hour int64) {
	add := func(dim foule.Dimension, label string, visits int64) {
		b.Hours = append(b.Hours, storage.HourRow{Site: 1, Hour: hour, Dim: dim, Label: label, Metrics: a.row(dim, visits)})
	}
	add(foule.DimTotal, "", visitsADay/24)
	for i := range vocabularies {
		if v := &vocabularies[i]; v.dim.Info().Filter {
			a.counts(v, visitsADay/24, 3, func(label string, visits int64) { add(v.dim, label, visits) })
		}
	}
}

// TestAudience keeps the benchmark's site believable.
func TestAudience(t *testing.T) {
	a := audience{rand.New(rand.NewPCG(1, 1))}
	plain, filtered := len(a.day(march12, false).Days), len(a.day(march12, true).Days)
	if plain < 1500 || plain > 4000 || filtered < 40_000 || filtered > 80_000 {
		t.Errorf("%d plain rows a day, %d with those under filters: want about 3,500 and 60,000", plain, filtered)
	}
	t.Logf("rows a day: %d plain, %d under filters, %d by hour", plain, filtered-plain, len(a.day(march12, false).Hours))
}

const march12 foule.Day = 20524 // 2026-03-12
