// Package storagetest is where the behaviour of a store is written down: a
// suite of tests that every engine passes.
//
// It stands beside the engines, outside a hit's journey: it puts Batches in at
// one end of a store, asks Queries at the other and compares with what package
// storage promises. An engine's own test calls [Run] and adds what only that
// engine can do wrong; [Retention] is what it has to forget. Last comes a property test, which plays random batches
// and queries against the engine and against a few maps ([model]).
package storagetest

import (
	"context"
	"testing"

	"foule.eu/foule"
	"foule.eu/foule/storage"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// Open gives an empty store, and a function that closes the store and opens
// again what it left. The store open last is closed in a cleanup of t.
type Open func(t *testing.T) (s storage.Store, reopen func() storage.Store)

// Option changes what Run asks of an engine.
type Option func(*options)

type options struct{ noTokens string }

// WithoutTokens leaves out what sends a batch twice, for an engine that cannot
// know it again; why names the engine and is shown.
func WithoutTokens(why string) Option {
	return func(o *options) { o.noTokens = why }
}

// Run runs the suite against an engine. Each test opens a store of its own.
func Run(t *testing.T, open Open, with ...Option) {
	var o options
	for _, option := range with {
		option(&o)
	}
	again := o.noTokens == ""
	needsTokens := func(test func(*testing.T, storage.Store)) func(*testing.T, storage.Store) {
		if again {
			return test
		}
		return func(t *testing.T, _ storage.Store) { t.Skip("sends a batch twice: ", o.noTokens) }
	}
	for _, c := range []struct {
		name string
		test func(t *testing.T, s storage.Store)
	}{
		{"apply/same token twice", needsTokens(tokenTwice)},
		{"apply/equal batches", equalBatches},
		{"apply/tokens in any order", needsTokens(tokensInAnyOrder)},
		{"apply/negative deltas", negativeDeltas},
		{"apply/zero rows vanish", zeroRowsVanish},
		{"apply/every metric", everyMetric},
		{"apply/many rows", manyRows},
		{"apply/labels", hostileLabels},
		{"apply/cancelled", cancelledApply},
		{"apply/while reading", applyWhileReading},
		{"table/total", tableOfTotal},
		{"table/sites apart", sitesApart},
		{"table/ranges", tableRanges},
		{"table/filter", tableFilter},
		{"table/other", tableOther},
		{"table/hide empty", tableHideEmpty},
		{"table/search", tableSearch},
		{"table/label", tableLabel},
		{"table/sort", tableSort},
		{"table/pages", tablePages},
		{"table/nothing", tableOfNothing},
		{"table/cancelled", cancelledRead},
		{"series/days", seriesDays},
		{"series/months", seriesMonths},
		{"series/of labels", seriesOf},
		{"series/hours", seriesHours},
		{"minutes", minutes},
		{"data range", dataRange},
		{"settings/sites", settingsSites},
		{"settings/goals", settingsGoals},
		{"settings/users", settingsUsers},
		{"settings/sessions", settingsSessions},
		{"settings/tokens", settingsTokens},
		{"settings/meta", settingsMeta},
		{"move/parts", moveParts},
		{"move/sites", moveSites},
		{"move/accounts", moveAccounts},
		{"move/erasures", moveErasures},
		{"erase/site", eraseSite},
		{"erase/range", eraseRange},
		{"erase/today", eraseToday},
		{"erase/label", eraseLabel},
		{"erase/find", eraseFind},
		{"erase/late", eraseLate},
		{"erase/nonsense", eraseNonsense},
		{"erase/trail", eraseTrail},
		{"erase/like the model", eraseLikeModel},
		{"like the model", func(t *testing.T, s storage.Store) { likeModel(t, s, again) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, _ := open(t)
			c.test(t, s)
		})
	}
	t.Run("reopen", func(t *testing.T) { keptAcrossReopen(t, open, again) })
}

// The tests count on one site; its id needs no entry in the settings.
const site foule.SiteID = 7

// crowd is n visits by as many visitors with two page views each: counters
// enough to tell rows apart.
func crowd(n int64) (m foule.Metrics) {
	m[foule.Visits], m[foule.Visitors], m[foule.Hits] = n, n, 2*n
	return m
}

func day(t *testing.T, s string) foule.Day {
	t.Helper()
	d, err := foule.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// plain is a row of the plain report.
func plain(d foule.Day, dim foule.Dimension, label string, m foule.Metrics) storage.DayRow {
	return storage.DayRow{Site: site, Day: d, Dim: dim, Label: label, Metrics: m}
}

// under is the part of a row that fell under a filter.
func under(r storage.DayRow, by foule.Dimension, label string) storage.DayRow {
	r.By, r.ByLabel = by, label
	return r
}

func apply(t *testing.T, s storage.Store, token string, rows ...storage.DayRow) {
	t.Helper()
	applyBatch(t, s, &storage.Batch{Token: token, Days: rows})
}

func applyBatch(t *testing.T, s storage.Store, b *storage.Batch) {
	t.Helper()
	if err := s.Apply(context.Background(), b); err != nil {
		t.Fatalf("Apply(%s): %v", b.Token, err)
	}
}

func table(t *testing.T, s storage.Store, q storage.TableQuery) storage.TableResult {
	t.Helper()
	res, err := s.Table(context.Background(), q)
	if err != nil {
		t.Fatalf("Table(%+v): %v", q, err)
	}
	return res
}

func series(t *testing.T, s storage.Store, q storage.SeriesQuery) []storage.Point {
	t.Helper()
	points, err := storage.Series(context.Background(), s, q)
	if err != nil {
		t.Fatalf("Series(%+v): %v", q, err)
	}
	return points
}

// visitsBy reduces rows to what most tests are about.
func visitsBy(rows []storage.Row) map[string]int64 {
	got := map[string]int64{}
	for _, r := range rows {
		got[r.Label] = r.Metrics[foule.Visits]
	}
	return got
}

func labels(rows []storage.Row) []string {
	var got []string
	for _, r := range rows {
		got = append(got, r.Label)
	}
	return got
}

// same compares whole values; a nil slice is as good as an empty one.
func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}
