package report_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	_ "time/tzdata"

	"github.com/google/go-cmp/cmp"

	"foule.eu/foule"
	"foule.eu/foule/report"
	"foule.eu/foule/storage"
	"foule.eu/foule/storage/sqlite"
)

var paris = foule.Site{ID: 1, Timezone: "Europe/Paris"}

// open makes a service over a fresh store that holds the batch.
func open(t testing.TB, b storage.Batch) *report.Service {
	t.Helper()
	store, err := sqlite.Open(filepath.Join(t.TempDir(), "foule.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	b.Token = "test/0/1"
	if err := store.Apply(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	return report.New(store)
}

// visits makes the counters of so many visits, bounces among them.
func visits(n, bounces int64) foule.Metrics {
	return foule.Metrics{foule.Visitors: n, foule.Visits: n, foule.Hits: 2 * n, foule.Bounces: bounces}
}

// audience is four days of one site: the 9th to the 12th of March 2026.
func audience(t *testing.T) storage.Batch {
	d := day(t, "2026-03-09")
	row := func(day foule.Day, dim foule.Dimension, label string, m foule.Metrics) storage.DayRow {
		return storage.DayRow{Site: 1, Day: day, Dim: dim, Label: label, Metrics: m}
	}
	fr := func(day foule.Day, dim foule.Dimension, label string, m foule.Metrics) storage.DayRow {
		r := row(day, dim, label, m)
		r.By, r.ByLabel = foule.DimCountry, "FR"
		return r
	}
	return storage.Batch{Days: []storage.DayRow{
		row(d, foule.DimTotal, "", visits(6, 3)),
		row(d+3, foule.DimTotal, "", visits(4, 1)),
		row(d, foule.DimCountry, "FR", visits(4, 2)),
		row(d, foule.DimCountry, "BE", visits(1, 1)),
		row(d, foule.DimCountry, foule.Other, visits(1, 0)),
		row(d+3, foule.DimCountry, "FR", visits(3, 0)),
		row(d+3, foule.DimCountry, "DE", visits(1, 1)),
		row(d, foule.DimDeviceType, "desktop", visits(6, 3)),
		row(d+3, foule.DimDeviceType, "desktop", visits(4, 1)),
		fr(d, foule.DimDeviceType, "desktop", visits(4, 2)),
		fr(d+3, foule.DimDeviceType, "desktop", visits(3, 0)),
		row(d, foule.DimCampaign, "", visits(5, 3)),
		row(d, foule.DimCampaign, "spring", visits(1, 0)),
		row(d+3, foule.DimCampaign, "", visits(4, 1)),
		row(d, foule.DimServerHour, "09", visits(6, 3)),
		row(d+3, foule.DimServerHour, "14", visits(4, 1)),
		row(d, foule.DimDownload, "a.org/one.pdf", foule.Metrics{foule.Hits: 3, foule.Visits: 2, foule.Visitors: 2}),
		row(d, foule.DimDownload, "a.org/two.pdf", foule.Metrics{foule.Hits: 1, foule.Visits: 1, foule.Visitors: 1}),
		row(d, foule.DimExcluded, "bot", foule.Metrics{foule.Hits: 9}),
	}}
}

// rendered writes an answer as lines: bucket, label, visits, hits, bounces.
func rendered(a *report.Answer) []string {
	var lines []string
	line := func(head string, m *foule.Metrics) {
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %d %d %d", head, m[foule.Visits], m[foule.Hits], m[foule.Bounces])))
	}
	for _, r := range a.Rows {
		line(strings.TrimSpace(r.Bucket+" "+r.Label), &r.Metrics)
	}
	if !a.Other.IsZero() {
		line("other:", &a.Other)
	}
	line(fmt.Sprintf("of %d rows:", a.RowCount), &a.Totals)
	if a.TooFew {
		lines = append(lines, "too few")
	}
	return lines
}

func label(s string) *string { return &s }

func TestAsk(t *testing.T) {
	service := open(t, audience(t))
	fr := &storage.Filter{Dim: foule.DimCountry, Label: "FR"}
	be := &storage.Filter{Dim: foule.DimCountry, Label: "BE"}
	for _, row := range []struct {
		name string
		q    report.Question
		want []string
	}{
		{"the totals", report.Question{Report: "totals"}, []string{
			"10 20 4", "of 1 rows: 10 20 4"}},
		{"the totals of a filter", report.Question{Report: "totals", Filter: fr}, []string{
			"7 14 2", "of 1 rows: 7 14 2"}},
		{"labels by the default sort", report.Question{Report: "countries"}, []string{
			"FR 7 14 2", "BE 1 2 1", "DE 1 2 1", "other: 1 2 0", "of 3 rows: 10 20 4"}},
		{"a page of labels", report.Question{Report: "countries", Limit: 1, Offset: 1}, []string{
			"BE 1 2 1", "other: 1 2 0", "of 3 rows: 10 20 4"}},
		{"a ratio, downwards", report.Question{Report: "countries", Sort: "bounce_rate"}, []string{
			"BE 1 2 1", "DE 1 2 1", "FR 7 14 2", "other: 1 2 0", "of 3 rows: 10 20 4"}},
		{"a page of a ratio, upwards", report.Question{Report: "countries", Sort: "bounce_rate", Asc: true, Limit: 2, Offset: 1}, []string{
			"BE 1 2 1", "DE 1 2 1", "other: 1 2 0", "of 3 rows: 10 20 4"}},
		{"beyond the last page of a ratio", report.Question{Report: "countries", Sort: "bounce_rate", Offset: 7}, []string{
			"other: 1 2 0", "of 3 rows: 10 20 4"}},
		{"by label", report.Question{Report: "countries", Sort: "label", Asc: true}, []string{
			"BE 1 2 1", "DE 1 2 1", "FR 7 14 2", "other: 1 2 0", "of 3 rows: 10 20 4"}},
		{"a search", report.Question{Report: "countries", Search: "e"}, []string{
			"BE 1 2 1", "DE 1 2 1", "of 2 rows: 10 20 4"}},
		{"one label", report.Question{Report: "countries", Label: label("BE")}, []string{
			"BE 1 2 1", "of 1 rows: 10 20 4"}},
		{"visits without a campaign are hidden", report.Question{Report: "campaigns"}, []string{
			"spring 1 2 0", "of 1 rows: 10 20 4"}},
		{"unless they are asked for", report.Question{Report: "campaigns", Label: label("")}, []string{
			"9 18 4", "of 1 rows: 10 20 4"}},
		{"a filtered report", report.Question{Report: "devices", Filter: fr}, []string{
			"desktop 7 14 2", "of 1 rows: 7 14 2"}},
		{"a filter on its own dimension", report.Question{Report: "countries", Filter: fr}, []string{
			"FR 7 14 2", "of 1 rows: 7 14 2"}},
		{"a label that the filter excludes", report.Question{Report: "countries", Filter: fr, Label: label("BE")}, []string{
			"of 0 rows: 7 14 2"}},
		{"a filter that too few share", report.Question{Report: "devices", Filter: be}, []string{
			"of 0 rows: 1 2 1", "too few"}},
		{"nobody did it", report.Question{Report: "outlinks", Filter: fr}, []string{
			"of 0 rows: 7 0 2"}},
		{"hits of actions have a sum of their own", report.Question{Report: "downloads", Search: "two"}, []string{
			"a.org/two.pdf 1 1 0", "of 1 rows: 10 4 4"}},
		{"left out", report.Question{Report: "excluded"}, []string{
			"bot 0 9 0", "of 1 rows: 10 9 4"}},
		{"by week, zeros included", report.Question{Report: "totals", Grain: report.GrainWeek, From: day(t, "2026-03-06")}, []string{
			"2026-03-02 0 0 0", "2026-03-09 10 20 4", "of 2 rows: 10 20 4"}},
		{"by month", report.Question{Report: "totals", Grain: report.GrainMonth, From: day(t, "2026-02-20")}, []string{
			"2026-02 0 0 0", "2026-03 10 20 4", "of 2 rows: 10 20 4"}},
		{"labels by day", report.Question{Report: "countries", Grain: report.GrainDay, Limit: 2, From: day(t, "2026-03-11")}, []string{
			"2026-03-11 FR 0 0 0", "2026-03-12 FR 3 6 0", "2026-03-11 DE 0 0 0", "2026-03-12 DE 1 2 1", "of 4 rows: 4 8 1"}},
		{"one label by day", report.Question{Report: "devices", Grain: report.GrainDay, Label: label("desktop"), Filter: fr, From: day(t, "2026-03-11")}, []string{
			"2026-03-11 desktop 0 0 0", "2026-03-12 desktop 3 6 0", "of 2 rows: 3 6 0"}},
	} {
		row.q.Site = paris
		if row.q.From == 0 {
			row.q.From = day(t, "2026-03-09")
		}
		row.q.To = day(t, "2026-03-12")
		a, err := service.Ask(context.Background(), row.q)
		if err != nil {
			t.Errorf("%s: %v", row.name, err)
			continue
		}
		if diff := cmp.Diff(row.want, rendered(a)); diff != "" {
			t.Errorf("%s: -want +got\n%s", row.name, diff)
		}
	}
}

func TestOrderedLabels(t *testing.T) {
	service := open(t, audience(t))
	ask := func(q report.Question) []report.Row {
		t.Helper()
		q.Site, q.Report, q.From, q.To = paris, "server-hours", day(t, "2026-03-09"), day(t, "2026-03-12")
		a, err := service.Ask(context.Background(), q)
		if err != nil {
			t.Fatal(err)
		}
		if a.RowCount != len(a.Rows) {
			t.Errorf("%d rows of %d", len(a.Rows), a.RowCount)
		}
		return a.Rows
	}
	hours := ask(report.Question{Limit: 5})
	if len(hours) != 24 {
		t.Fatalf("a day of %d hours", len(hours))
	}
	for i, h := range hours {
		want := map[int]int64{9: 6, 14: 4}[i]
		if h.Label != fmt.Sprintf("%02d", i) || h.Metrics[foule.Visits] != want {
			t.Errorf("hour %d is %q with %d visits, want %d", i, h.Label, h.Metrics[foule.Visits], want)
		}
	}
	if back := ask(report.Question{Sort: "label"}); back[0].Label != "23" {
		t.Errorf("downwards begins with %q", back[0].Label)
	}
	if busy := ask(report.Question{Sort: "visits"}); len(busy) != 2 || busy[0].Label != "09" {
		t.Errorf("by visits: %v", busy)
	}
}

func TestBadQuestions(t *testing.T) {
	service := open(t, storage.Batch{})
	for _, row := range []struct {
		field string
		q     report.Question
	}{
		{"report", report.Question{Report: "nonsense"}},
		{"grain", report.Question{Report: "totals", Grain: "minute"}},
		{"grain", report.Question{Report: "totals", Grain: report.GrainHour, To: 62}},
		{"grain", report.Question{Report: "pages", Grain: report.GrainHour}},
		{"to", report.Question{Report: "totals", From: 1}},
		{"from", report.Question{Report: "totals", To: report.MaxDays}},
		{"label", report.Question{Report: "totals", Label: label("")}},
		{"search", report.Question{Report: "totals", Search: "a"}},
		{"filter", report.Question{Report: "pages", Filter: &storage.Filter{Dim: foule.DimCity, Label: "FR/Paris"}}},
		{"filter", report.Question{Report: "devices", Filter: &storage.Filter{Dim: foule.DimCountry, Label: foule.Other}}},
		{"filter", report.Question{Report: "excluded", Filter: &storage.Filter{Dim: foule.DimCountry, Label: "FR"}}},
		{"filter", report.Question{Report: "devices", Grain: report.GrainHour, Filter: &storage.Filter{Dim: foule.DimCountry, Label: "FR"}}},
		{"sort", report.Question{Report: "pages", Sort: "converted_visits"}},
		{"limit", report.Question{Report: "pages", Limit: report.MaxLimit + 1}},
		{"limit", report.Question{Report: "pages", Limit: -1}},
		{"limit", report.Question{Report: "pages", Grain: report.GrainDay, Limit: report.MaxSeries + 1}},
		{"offset", report.Question{Report: "pages", Offset: -1}},
	} {
		row.q.Site = paris
		_, err := service.Ask(context.Background(), row.q)
		var bad *report.BadQuestion
		if !errors.As(err, &bad) || bad.Field != row.field {
			t.Errorf("%+v gives %v; want a fault of %s", row.q, err, row.field)
		}
	}
}
