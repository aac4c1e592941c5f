package report_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"foule.eu/foule"
	"foule.eu/foule/report"
	"foule.eu/foule/storage"
)

// details is a day of one site with timings, a funnel and flows.
func details(t *testing.T) (storage.Batch, foule.Site, foule.Day) {
	d := day(t, "2026-03-09")
	row := func(dim foule.Dimension, label string, by foule.Dimension, byLabel string, m foule.Metrics) storage.DayRow {
		return storage.DayRow{Site: 1, Day: d, Dim: dim, Label: label, By: by, ByLabel: byLabel, Metrics: m}
	}
	hits := func(n int64) foule.Metrics { return foule.Metrics{foule.Hits: n, foule.Visits: n, foule.Visitors: n} }
	b := storage.Batch{Days: []storage.DayRow{
		row(foule.DimTotal, "", 0, "", visits(100, 10)),
		row(foule.DimCountry, "FR", 0, "", visits(40, 1)),
		row(foule.DimCampaign, "spring", 0, "", visits(30, 1)),

		row(foule.DimTiming, "server", 0, "", foule.Metrics{foule.Value: 30_000, foule.ValueCount: 100, foule.Hits: 100}),
		row(foule.DimTimingBucket, "server:200ms", 0, "", hits(50)),
		row(foule.DimTimingBucket, "server:300ms", 0, "", hits(40)),
		row(foule.DimTimingBucket, "server:30s+", 0, "", hits(10)),
		row(foule.DimPage, "/a", foule.DimTiming, "server", foule.Metrics{foule.Value: 3000, foule.ValueCount: 10}),

		row(foule.DimFunnelStep, "2/1", 0, "", hits(50)),
		row(foule.DimFunnelStep, "2/2", 0, "", hits(20)),
		row(foule.DimFunnelStep, "2/3", 0, "", hits(15)),
		row(foule.DimFunnelStep, "12/1", 0, "", hits(99)),
		row(foule.DimFunnelStep, "2/1", foule.DimCountry, "FR", hits(8)),

		row(foule.DimPage, "/a", 0, "", foule.Metrics{foule.Hits: 60, foule.Visits: 40, foule.Visitors: 40, foule.Entries: 12, foule.Exits: 9}),
		row(foule.DimNextPage, "/a", foule.DimPage, "/a", hits(4)),
		row(foule.DimNextPage, "/b", foule.DimPage, "/a", hits(20)),
		row(foule.DimNextPage, foule.Other, foule.DimPage, "/a", hits(3)),
		row(foule.DimPreviousPage, "/a", foule.DimPage, "/a", hits(4)),
		row(foule.DimPreviousPage, "/c", foule.DimPage, "/a", hits(7)),
		row(foule.DimSearch, "shoes", foule.DimPage, "/a", hits(2)),
		row(foule.DimChannel, "search", foule.DimEntryPage, "/a", hits(11)),

		row(foule.DimGoal, "1", 0, "", foule.Metrics{foule.Conversions: 9, foule.Visits: 8, foule.Visitors: 8}),
		row(foule.DimGoal, "2", 0, "", foule.Metrics{foule.Conversions: 1, foule.Visits: 1, foule.Visitors: 1}),
		row(foule.DimDeviceType, foule.Other, foule.DimGoal, foule.Other, foule.Metrics{foule.Conversions: 1, foule.Visits: 1, foule.Visitors: 1}),
		row(foule.DimCampaign, "spring", foule.DimGoal, "1", foule.Metrics{foule.Conversions: 6, foule.Visits: 5, foule.Visitors: 5, foule.Revenue: 900}),

		row(foule.DimVisitValue+2, "gold", 0, "", visits(5, 1)),
	}}
	site := foule.Site{
		ID: 1, Dimensions: []foule.CustomDimension{{ID: 7, Name: "plan", Scope: foule.ScopeVisit, Slot: 2}},
		Funnels: []foule.Funnel{{ID: 2, Name: "buy", Steps: []foule.FunnelStep{{Name: "cart"}, {Name: "pay"}, {Name: "done"}}}},
	}
	return b, site, d
}

func TestSpeed(t *testing.T) {
	b, site, d := details(t)
	list, err := open(t, b).Speed(t.Context(), site, d, d)
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != foule.NumTimings+1 || list[len(list)-1].Timing != foule.TimingLoad {
		t.Fatalf("%d timings", len(list))
	}
	server := list[foule.TimingServer]
	server.Buckets = nil
	want := report.Speed{Timing: "server", Timed: 100, Average: 0.3, P50: 0.2, P75: 0.2625, P95: 30}
	if diff := cmp.Diff(want, server); diff != "" {
		t.Error(diff)
	}
	if none := list[foule.TimingNetwork]; none.Timed != 0 || none.P50 != 0 || len(none.Buckets) != len(foule.TimingBuckets) {
		t.Errorf("a timing that nobody sent: %+v", none)
	}
}

func TestFunnel(t *testing.T) {
	b, site, d := details(t)
	s := open(t, b)
	a, err := s.Funnel(t.Context(), site, 2, d, d, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := []report.FunnelStep{
		{Name: "cart", Visits: 50, Visitors: 50, Dropped: 30, OfFirst: 1, OfPrevious: 1},
		{Name: "pay", Visits: 20, Visitors: 20, Dropped: 5, OfFirst: 0.4, OfPrevious: 0.4},
		{Name: "done", Visits: 15, Visitors: 15, OfFirst: 0.3, OfPrevious: 0.75},
	}
	if diff := cmp.Diff(want, a.Steps); diff != "" {
		t.Error(diff)
	}
	if a, err = s.Funnel(t.Context(), site, 2, d, d, &storage.Filter{Dim: foule.DimCountry, Label: "FR"}); err != nil || a.Steps[0].Visits != 8 || a.Steps[1].Visits != 0 {
		t.Errorf("in France: %+v, %v", a, err)
	}
	if _, err := s.Funnel(t.Context(), site, 3, d, d, nil); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("no such funnel: %v", err)
	}
}

func TestFlow(t *testing.T) {
	b, site, d := details(t)
	got, err := open(t, b).Flow(t.Context(), site, "/a", d, d)
	if err != nil {
		t.Fatal(err)
	}
	none := []report.FlowRow{}
	want := &report.Flow{
		Page: "/a", Views: 60, Loops: 4, Entries: 12, Exits: 9,
		PreviousPages: []report.FlowRow{{Label: "/c", Hits: 7}}, PreviousSearches: none,
		Channels:  []report.FlowRow{{Label: "search", Hits: 11}},
		NextPages: []report.FlowRow{{Label: "/b", Hits: 20}, {Label: foule.Other, Hits: 3}}, NextSearches: []report.FlowRow{{Label: "shoes", Hits: 2}},
		NextDownloads: none, NextOutlinks: none,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestReportsUnder: reports of a dimension under a label of another, and custom
// dimensions under the site's own numbers.
func TestReportsUnder(t *testing.T) {
	b, site, d := details(t)
	s := open(t, b)
	ask := func(name string, f *storage.Filter) (*report.Answer, error) {
		return s.Ask(t.Context(), report.Question{Site: site, Report: name, From: d, To: d, Filter: f})
	}
	a, err := ask("campaigns", &storage.Filter{Dim: foule.DimGoal, Label: "1"})
	if err != nil || len(a.Rows) != 1 || a.Rows[0].Metrics[foule.Conversions] != 6 || a.Totals[foule.Conversions] != 9 {
		t.Errorf("campaigns of a goal: %+v, %v", a, err)
	}
	if a, err = ask("campaigns", &storage.Filter{Dim: foule.DimGoal, Label: "2"}); err != nil || !a.TooFew || len(a.Rows) != 0 || a.Totals[foule.Conversions] != 1 {
		t.Errorf("campaigns of a goal that one visitor reached: %+v, %v", a, err)
	}
	if a, err = ask("page-timings", &storage.Filter{Dim: foule.DimTiming, Label: "server"}); err != nil || len(a.Rows) != 1 || a.Rows[0].Metrics[foule.Value] != 3000 {
		t.Errorf("pages by server time: %+v, %v", a, err)
	}
	if a, err = ask("dimension-7", nil); err != nil || len(a.Rows) != 1 || a.Rows[0].Label != "gold" {
		t.Errorf("a custom dimension: %+v, %v", a, err)
	}
	for name, f := range map[string]*storage.Filter{
		"next-pages": nil, "page-timings": {Dim: foule.DimCountry, Label: "FR"}, "pages": {Dim: foule.DimPage, Label: "/a"},
		"titles": {Dim: foule.DimGoal, Label: "1"}, "timing-buckets": {Dim: foule.DimCountry, Label: "FR"}, "totals": {Dim: foule.DimGoal, Label: "1"},
		"dimension-8": nil, "dimension-": nil,
	} {
		var bad *report.BadQuestion
		if _, err := ask(name, f); !errors.As(err, &bad) {
			t.Errorf("%s under %v: %v, want a bad question", name, f, err)
		}
	}
}
