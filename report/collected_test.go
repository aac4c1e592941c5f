package report_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"foule.eu/foule"
	"foule.eu/foule/privacy"
	"foule.eu/foule/report"
	"foule.eu/foule/storage"
)

// promised is a site under a preset, exact but for what the preset rounds.
func promised(p foule.Privacy) foule.Site { return foule.Site{ID: 1, Timezone: "UTC", Privacy: p} }

// TestNotCollected: of what a site does not collect nothing leaves, whatever
// stands in the store, and the refusal says why.
func TestNotCollected(t *testing.T) {
	b, _, d := details(t)
	s := open(t, b)
	for _, preset := range privacy.Presets {
		site := promised(foule.Privacy{Preset: preset.Name})
		for _, r := range report.All() {
			for _, dim := range []foule.Dimension{r.Dim, r.Under} {
				for _, f := range privacy.Fills(dim) {
					pin, pinned := preset.Pin(f)
					if !pinned {
						continue
					}
					var refused *report.NotCollected
					_, err := s.Ask(t.Context(), report.Question{Site: site, From: d, To: d, Report: r.Name, Filter: &storage.Filter{Dim: r.Under, Label: "/a"}})
					if r.Under == foule.DimTotal {
						_, err = s.Ask(t.Context(), report.Question{Site: site, From: d, To: d, Report: r.Name})
					}
					if !errors.As(err, &refused) || refused.Field != "report" || refused.Rule == "" || refused.Reason.EN == "" || refused.Reason.FR == "" {
						t.Errorf("%s of %s: %v, want %s", r.Name, preset.Name, err, pin.Reason.EN)
					}
				}
			}
		}
	}
	site := promised(foule.Privacy{Off: []foule.Feature{foule.FeaturePlaces, foule.FeatureFlows, foule.FeatureTimings, foule.FeatureGoals}})
	var refused *report.NotCollected
	if _, err := s.Ask(t.Context(), report.Question{Site: site, From: d, To: d, Report: "pages", Filter: &storage.Filter{Dim: foule.DimCountry, Label: "FR"}}); !errors.As(err, &refused) || refused.Field != "filter" || refused.Rule != "" {
		t.Errorf("a filter by what is switched off: %v", err)
	}
	if _, err := s.Flow(t.Context(), site, "/a", d, d); !errors.As(err, &refused) {
		t.Errorf("paths: %v", err)
	}
	if _, err := s.Speed(t.Context(), site, d, d); !errors.As(err, &refused) {
		t.Errorf("speed: %v", err)
	}
	site.Funnels = []foule.Funnel{{ID: 2, Steps: []foule.FunnelStep{{}, {}}}}
	if _, err := s.Funnel(t.Context(), site, 2, d, d, nil); !errors.As(err, &refused) {
		t.Errorf("a funnel: %v", err)
	}
}

// TestColumnsLeft: without a visitor key there are no visitors, bounces and
// durations, not even of days that had one.
func TestColumnsLeft(t *testing.T) {
	b, _, d := details(t)
	s := open(t, b)
	site := promised(foule.Privacy{Preset: foule.PresetNoVisitorKey})
	a, err := s.Ask(t.Context(), report.Question{Site: site, From: d, To: d, Report: "countries"})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, c := range a.Columns {
		names = append(names, c.Name)
	}
	if diff := cmp.Diff([]string{"visits", "hits", "actions", "actions_per_visit", "conversions", "revenue"}, names); diff != "" {
		t.Error(diff)
	}
	for _, m := range []foule.Metrics{a.Totals, a.Rows[0].Metrics} {
		if m[foule.Visitors] != 0 || m[foule.Bounces] != 0 || m[foule.Seconds] != 0 || m[foule.Visits] == 0 {
			t.Errorf("counters %v", m)
		}
	}
	var bad *report.BadQuestion
	if _, err := s.Ask(t.Context(), report.Question{Site: site, From: d, To: d, Report: "countries", Sort: "bounce_rate"}); !errors.As(err, &bad) || bad.Field != "sort" {
		t.Errorf("sorted by what is not counted: %v", err)
	}
	if _, ok := a.Column("visitors"); ok {
		t.Error("a column of visitors")
	}
}

// TestConsentOnly: what is counted with consent alone is answered of visits with
// consent alone, the totals included.
func TestConsentOnly(t *testing.T) {
	d := day(t, "2026-03-09")
	row := func(dim foule.Dimension, label string, by foule.Dimension, byLabel string, n int64) storage.DayRow {
		return storage.DayRow{Site: 1, Day: d, Dim: dim, Label: label, By: by, ByLabel: byLabel, Metrics: visits(n, n/2)}
	}
	s := open(t, storage.Batch{Days: []storage.DayRow{
		row(foule.DimTotal, "", 0, "", 1000), row(foule.DimConsent, "yes", 0, "", 300), row(foule.DimConsent, "no", 0, "", 700),
		row(foule.DimCampaign, "spring", 0, "", 120), row(foule.DimCampaign, "", 0, "", 880),
		row(foule.DimCampaign, "spring", foule.DimConsent, "yes", 120), row(foule.DimCampaign, "", foule.DimConsent, "yes", 180),
		row(foule.DimCountry, "FR", 0, "", 1000), row(foule.DimCountry, "FR", foule.DimConsent, "yes", 300), row(foule.DimCountry, "FR", foule.DimCampaign, "spring", 120),
		row(foule.DimPage, "/", foule.DimConsent, "yes", 300),
	}})
	cnil := promised(foule.Privacy{Preset: foule.PresetCNIL, Consent: true})
	noKey := promised(foule.Privacy{Preset: foule.PresetNoVisitorKey, Consent: true})
	for _, row := range []struct {
		name        string
		site        foule.Site
		q           report.Question
		total       int64
		consentOnly bool
		columns     int
	}{
		{"campaigns", cnil, report.Question{Report: "campaigns"}, 300, true, 13},
		{"filtered by a campaign", cnil, report.Question{Report: "countries", Filter: &storage.Filter{Dim: foule.DimCampaign, Label: "spring"}}, 120, true, 13},
		{"what is counted of all", cnil, report.Question{Report: "countries"}, 1000, false, 13},
		{"the same with consent", cnil, report.Question{Report: "countries", Filter: &storage.Filter{Dim: foule.DimConsent, Label: "yes"}}, 300, true, 13},
		{"visitors of all", noKey, report.Question{Report: "countries"}, 1000, false, 6},
		{"visitors with consent", noKey, report.Question{Report: "countries", Filter: &storage.Filter{Dim: foule.DimConsent, Label: "yes"}}, 300, true, 13},
		{"the split", cnil, report.Question{Report: "consents"}, 1000, false, 13},
	} {
		row.q.Site, row.q.From, row.q.To = row.site, d, d
		a, err := s.Ask(t.Context(), row.q)
		if err != nil {
			t.Errorf("%s: %v", row.name, err)
			continue
		}
		if a.Totals[foule.Visits] != row.total || a.ConsentOnly != row.consentOnly || len(a.Columns) != row.columns {
			t.Errorf("%s: of %d visits, consent only %v, %d columns", row.name, a.Totals[foule.Visits], a.ConsentOnly, len(a.Columns))
		}
	}
	for name, q := range map[string]report.Question{
		"another filter":        {Report: "campaigns", Filter: &storage.Filter{Dim: foule.DimCountry, Label: "FR"}},
		"those without consent": {Report: "campaigns", Filter: &storage.Filter{Dim: foule.DimConsent, Label: "no"}},
		"without a campaign":    {Report: "countries", Filter: &storage.Filter{Dim: foule.DimCampaign, Label: ""}},
	} {
		q.Site, q.From, q.To = cnil, d, d
		var bad *report.BadQuestion
		if _, err := s.Ask(t.Context(), q); !errors.As(err, &bad) || bad.Field != "filter" {
			t.Errorf("campaigns and %s: %v", name, err)
		}
	}
	var bad *report.BadQuestion
	if _, err := s.Flow(t.Context(), noKey, "/", d, d); !errors.As(err, &bad) {
		t.Errorf("paths of visits with consent around a page of all: %v", err)
	}
}

// TestDetailsRounded: paths, funnels and speed pass the same door.
func TestDetailsRounded(t *testing.T) {
	b, site, d := details(t)
	site.Privacy.Rounded = true
	s := open(t, b)
	f, err := s.Flow(t.Context(), site, "/a", d, d)
	if err != nil {
		t.Fatal(err)
	}
	none := []report.FlowRow{}
	tens := &report.Disclosure{RoundedTo: 10, SmallestCell: 10}
	want := &report.Flow{ // 40 visitors saw it; 4 loops and 3 others went with the 20 to /b
		Page: "/a", Views: 60, Entries: 10, PreviousPages: []report.FlowRow{{Label: foule.Other, Hits: 10}}, PreviousSearches: none, Channels: none,
		NextPages: []report.FlowRow{{Label: "/b", Hits: 30}}, NextSearches: none, NextDownloads: none, NextOutlinks: none, Disclosure: tens,
	}
	if diff := cmp.Diff(want, f); diff != "" {
		t.Error(diff)
	}
	funnel, err := s.Funnel(t.Context(), site, 2, d, d, nil)
	if err != nil || funnel.Steps[1].Visits != 20 || funnel.Steps[2].Visits != 20 || funnel.Steps[1].Dropped != 0 || funnel.Steps[2].OfFirst != 0.4 || funnel.Disclosure == nil {
		t.Errorf("%+v, %v", funnel, err)
	}
	if few, err := s.Funnel(t.Context(), site, 2, d, d, &storage.Filter{Dim: foule.DimCountry, Label: "XX"}); err != nil || !few.TooFew {
		t.Errorf("%+v, %v", few, err)
	}
	list, err := s.Speed(t.Context(), site, d, d)
	if err != nil {
		t.Fatal(err)
	}
	for _, sp := range list {
		for _, bar := range sp.Buckets {
			if bar.Hits%10 != 0 {
				t.Errorf("%s %s: %d", sp.Timing, bar.Label, bar.Hits)
			}
		}
	}
	if server := list[foule.TimingServer]; server.Timed != 100 || server.Average != 0.3 || server.P50 != 0.2 {
		t.Errorf("%+v", server)
	}
}

// TestLiveRounded: rounded live figures are of five minutes that are over, tell
// no minutes, and stand still until the next five.
func TestLiveRounded(t *testing.T) {
	now := time.Date(2026, 3, 12, 14, 33, 0, 0, time.UTC)
	minute := func(ago, n int64) storage.MinuteRow {
		return storage.MinuteRow{Site: 1, Minute: now.Unix()/60 - ago, Metrics: foule.Metrics{foule.Visits: n}}
	}
	s := open(t, storage.Batch{Minutes: []storage.MinuteRow{minute(0, 100), minute(4, 8), minute(8, 8), minute(9, 100), minute(33, 12), minute(34, 100)}})
	tens := &report.Disclosure{RoundedTo: 10, SmallestCell: 10}
	look := func(at time.Time) report.Live {
		t.Helper()
		live, err := s.Live(t.Context(), attackSite, at)
		if err != nil {
			t.Fatal(err)
		}
		return live
	}
	if diff := cmp.Diff(report.Live{Visitors5: 20, Visitors30: 130, Disclosure: tens}, look(now)); diff != "" {
		t.Error(diff)
	}
	b := storage.Batch{Token: "test/0/2", Minutes: []storage.MinuteRow{minute(4, 90)}}
	if err := s.Store.(storage.Writer).Apply(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	if live := look(now.Add(time.Minute)); live.Visitors5 != 20 {
		t.Errorf("%d within the same five minutes", live.Visitors5)
	}
	if live := look(now.Add(2 * time.Minute)); live.Visitors5 != 100 {
		t.Errorf("%d in the next five minutes", live.Visitors5)
	}
	if live := look(now.Add(time.Hour)); live.Visitors5 != 0 || live.Visitors30 != 0 {
		t.Errorf("%+v when nobody is there", live)
	}
}

// TestByDayOnly: where figures leave rounded, who came does not stand by hour.
func TestByDayOnly(t *testing.T) {
	s := open(t, storage.Batch{})
	fr := &storage.Filter{Dim: foule.DimCountry, Label: "FR"}
	for field, q := range map[string]report.Question{
		"grain":  {Report: "countries", Grain: report.GrainHour},
		"grain ": {Report: "totals", Grain: report.GrainHour, Filter: fr},
		"filter": {Report: "server-hours", Filter: fr},
	} {
		q.Site = attackSite
		var bad *report.BadQuestion
		if _, err := s.Ask(t.Context(), q); !errors.As(err, &bad) || bad.Field != field[:len(bad.Field)] {
			t.Errorf("%s by %q: %v", q.Report, q.Grain, err)
		}
		q.Site.Privacy.Rounded = false
		if _, err := s.Ask(t.Context(), q); err != nil {
			t.Errorf("%s by %q of exact figures: %v", q.Report, q.Grain, err)
		}
	}
	q := report.Question{Site: attackSite, Report: "countries", Grain: report.GrainDay, To: 900}
	var bad *report.BadQuestion
	s = open(t, storage.Batch{Days: []storage.DayRow{{Site: 1, Day: 1, Metrics: visits(50, 1)}, {Site: 1, Day: 1, Dim: foule.DimCountry, Label: "FR", Metrics: visits(50, 1)}}})
	if _, err := s.Ask(t.Context(), q); !errors.As(err, &bad) || bad.Field != "grain" {
		t.Errorf("nine hundred tables: %v", err)
	}
}
