package report

import (
	"context"
	"fmt"

	"foule.eu/foule"
	"foule.eu/foule/privacy"
	"foule.eu/foule/storage"
)

// Speed is how long one part of loading pages took.
type Speed struct {
	Timing  string  // a foule.Timing's name, or foule.TimingLoad for the whole
	Timed   int64   // page views of which it is known
	Average float64 // seconds
	// P50, P75 and P95 are percentiles in seconds, read off a histogram: exact to
	// the width of a bucket, in which page views are taken to lie evenly.
	P50, P75, P95 float64
	Buckets       []SpeedBucket
}

// SpeedBucket is one bar of the histogram.
type SpeedBucket struct {
	Label string
	Hits  int64
}

// Speed gives every timing of a site's page views, the whole load last. Where
// figures leave rounded, percentiles are read off the rounded histogram.
func (s *Service) Speed(ctx context.Context, site foule.Site, from, to foule.Day) ([]Speed, error) {
	if err := checkRange(from, to); err != nil {
		return nil, err
	}
	policy := privacy.Of(&site)
	if how, missing := collectionOf(&policy, foule.DimTiming); how == Dropped {
		return nil, refuse(&policy, "report", missing)
	}
	sums, err := s.tableOf(ctx, &site, from, to, storage.TableQuery{Dim: foule.DimTiming})
	if err != nil {
		return nil, fmt.Errorf("report: speed of site %d: %w", site.ID, err)
	}
	counts, err := s.tableOf(ctx, &site, from, to, storage.TableQuery{Dim: foule.DimTimingBucket})
	if err != nil {
		return nil, fmt.Errorf("report: speed of site %d: %w", site.ID, err)
	}
	list := make([]Speed, 0, foule.NumTimings+1)
	for _, name := range timingLabels() {
		sp := Speed{Timing: name, Buckets: buckets(name, counts.Rows)}
		for i := range sums.Rows {
			if m := &sums.Rows[i].Metrics; sums.Rows[i].Label == name && m[foule.ValueCount] > 0 {
				sp.Timed = m[foule.ValueCount]
				sp.Average = float64(m[foule.Value]) / float64(sp.Timed) / milliPerUnit
			}
		}
		sp.P50, sp.P75, sp.P95 = percentile(sp.Buckets, 0.50), percentile(sp.Buckets, 0.75), percentile(sp.Buckets, 0.95)
		list = append(list, sp)
	}
	return list, nil
}

// buckets gives the histogram of a timing, empty bars included.
func buckets(timing string, rows []storage.Row) []SpeedBucket {
	bars := make([]SpeedBucket, len(foule.TimingBuckets))
	for i, b := range foule.TimingBuckets {
		bars[i].Label = b.Label
		for j := range rows {
			if rows[j].Label == timing+":"+b.Label {
				bars[i].Hits = rows[j].Metrics[foule.Hits]
			}
		}
	}
	return bars
}

// percentile gives the time in seconds that a share of the page views did not
// exceed; of the last bucket, which is open, its beginning.
func percentile(bars []SpeedBucket, share float64) float64 {
	var total int64
	for _, b := range bars {
		total += b.Hits
	}
	var below int64
	low := int64(0)
	for i, b := range bars {
		high := foule.TimingBuckets[i].Upto
		if total > 0 && float64(below+b.Hits) >= share*float64(total) {
			if i == len(bars)-1 {
				return float64(low) / milliPerUnit
			}
			part := (share*float64(total) - float64(below)) / float64(b.Hits)
			return (float64(low) + part*float64(high-low)) / milliPerUnit
		}
		below += b.Hits
		low = high
	}
	return 0
}
