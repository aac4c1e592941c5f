package aggregate

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"

	"foule.eu/foule"
)

// crowd gives n events of a site with as many visitors as n/5, with labels
// drawn from Zipf distributions.
func crowd(n int) []foule.Event {
	rnd := rand.New(rand.NewPCG(1, 2))
	pages := rand.NewZipf(rnd, 1.2, 1, 2000)
	sources := rand.NewZipf(rnd, 1.3, 1, 100)
	countries := rand.NewZipf(rnd, 1.5, 1, 80)
	events := make([]foule.Event, n)
	for i := range events {
		who := rnd.IntN(n/5 + 1)
		own := rand.New(rand.NewPCG(uint64(who), 7))
		e := &events[i]
		*e = foule.Event{
			Site: 1, Day: 100, Time: noon + int64(i)*7200/int64(n), Visitor: uint32(who + 1), Kind: foule.KindPageView,
			Page: fmt.Sprint("/page/", pages.Uint64()), Title: "A title", Channel: foule.ChannelDirect,
			Language: []string{"fr", "en-us", "de", "es"}[own.IntN(4)], Resolution: []string{"1920x1080", "390x844", "1440x900"}[own.IntN(3)],
			ServerHour: 12, LocalHour: 13,
		}
		if own.IntN(2) == 0 {
			e.Channel, e.Source = foule.ChannelWebsite, fmt.Sprint("site", sources.Uint64(), ".example")
		}
		country := fmt.Sprint("C", countries.Uint64())
		e.Place = foule.Place{Continent: "EU", Country: country, Region: country + "-R", City: country + "/City"}
		e.Device = foule.Device{Type: []string{"desktop", "smartphone"}[own.IntN(2)], Browser: []string{"Firefox", "Chrome", "Safari"}[own.IntN(3)], BrowserVersion: "120", OS: []string{"Windows", "Mac", "Android"}[own.IntN(3)], OSVersion: "10"}
	}
	return events
}

// BenchmarkAggregate reports the cost of a hit from event to batch, in segments of 20,000.
func BenchmarkAggregate(b *testing.B) { aggregateAll(b, crowd) }

// BenchmarkNobody is BenchmarkAggregate for a site that tells nobody apart.
func BenchmarkNobody(b *testing.B) { aggregateAll(b, nobodysCrowd) }

func aggregateAll(b *testing.B, crowd func(int) []foule.Event) {
	const segment = 20_000
	events := crowd(segment * 5)
	b.ReportAllocs()
	rows, hits, segments := 0, 0, 0
	s := New()
	for b.Loop() {
		at := hits % len(events)
		if at == 0 {
			s = New()
		}
		if hits%segment == 0 {
			s.Begin(DefaultSettings, noon+int64(at))
		}
		s.Add(&events[at])
		hits++
		if hits%segment == 0 {
			rows += len(s.Close("bench/0/1").Days)
			segments++
		}
	}
	if segments > 0 {
		b.ReportMetric(float64(rows)/float64(segments), "rows/segment")
	}
}

func nobodysCrowd(n int) []foule.Event {
	events := crowd(n)
	for i := range events {
		events[i].Visitor, events[i].Entry = 0, i%3 == 0
	}
	return events
}

// BenchmarkMemory reports what a state holds in memory at the end of a day, for
// each of its visits: the more there are, the less the cells weigh, of which there
// are no more than Settings.MaxPairs.
func BenchmarkMemory(b *testing.B) {
	for name, events := range map[string]func(int) []foule.Event{"visitors": crowd, "nobody": nobodysCrowd} {
		for _, hits := range []int{100_000, 400_000} {
			b.Run(fmt.Sprint(name, "/", hits), func(b *testing.B) {
				all := events(hits)
				for b.Loop() {
					before := heap()
					s, visits := wholeDay(all)
					held := float64(heap() - before)
					b.ReportMetric(held/1e6, "MB")
					b.ReportMetric(held/float64(visits), "B/visit")
					b.ReportMetric(float64(visits), "visits")
					b.ReportMetric(float64(len(s.days[dayKey{1, 100}].cells.all)), "cells")
				}
			})
		}
	}
}

// wholeDay gives the state that events come to, and their visits.
func wholeDay(events []foule.Event) (s *State, visits int64) {
	const segment = 50_000
	s = New()
	for from := 0; from < len(events); from += segment {
		s.Begin(DefaultSettings, noon+int64(from))
		for i := range events[from : from+segment] {
			s.Add(&events[from+i])
		}
		for _, r := range s.Close("bench/0/1").Days {
			if r.Dim == foule.DimTotal {
				visits += r.Metrics[foule.Visits]
			}
		}
	}
	return s, visits
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
