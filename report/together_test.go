package report_test

import (
	"context"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"foule.eu/foule"
	"foule.eu/foule/report"
	"foule.eu/foule/storage"
)

// counted counts what is asked of a store.
type counted struct {
	storage.Reader
	mu     sync.Mutex
	tables map[string]int // by dimension; guarded by mu
}

func (c *counted) Table(ctx context.Context, q storage.TableQuery) (storage.TableResult, error) {
	c.mu.Lock()
	c.tables[q.Dim.String()]++
	c.mu.Unlock()
	return c.Reader.Table(ctx, q)
}

// Questions of one page ask for the sums that they have in common once, and say
// what they say alone.
func TestTogether(t *testing.T) {
	s := open(t, audience(t))
	d := day(t, "2026-03-09")
	fr := &storage.Filter{Dim: foule.DimCountry, Label: "FR"}
	var questions []report.Question
	for _, q := range []report.Question{
		{Report: "totals", Grain: report.GrainDay}, {Report: "totals", Filter: fr}, {Report: "countries"}, {Report: "pages"}, {Report: "browsers"},
		{Report: "browsers", Filter: fr}, {Report: "systems", Filter: fr},
	} {
		q.Site, q.From, q.To = paris, d, d+3
		questions = append(questions, q)
	}
	type figures struct {
		Totals, Other foule.Metrics
		Rows          []report.Row
	}
	ask := func(ctx context.Context, q report.Question) figures {
		a, err := s.Ask(ctx, q)
		if err != nil {
			t.Error(err)
			return figures{}
		}
		return figures{a.Totals, a.Other, a.Rows}
	}
	var alone []figures
	for _, q := range questions {
		alone = append(alone, ask(context.Background(), q))
	}

	store := &counted{Reader: s.Store, tables: map[string]int{}}
	s.Store = store
	ctx := report.Together(context.Background())
	together := make([]figures, len(questions))
	var wg sync.WaitGroup
	for i, q := range questions {
		wg.Go(func() { together[i] = ask(ctx, q) })
	}
	wg.Wait()
	if diff := cmp.Diff(alone, together); diff != "" {
		t.Errorf("together (-alone +together):\n%s", diff)
	}
	// Of the countries: the report, and the one that is filtered by. Of the devices:
	// whether the two filtered reports are empty because too few visitors share the filter.
	want := map[string]int{"": 1, "country": 2, "page": 1, "browser": 2, "system": 1, "device": 2}
	if diff := cmp.Diff(want, store.tables); diff != "" {
		t.Errorf("asked of the store (-want +got):\n%s", diff)
	}
}

// A question that is broken off takes nothing from the others of its page.
func TestTogetherBrokenOff(t *testing.T) {
	s := open(t, audience(t))
	d := day(t, "2026-03-09")
	page := report.Together(context.Background())
	gone, cancel := context.WithCancel(page)
	cancel()
	if _, err := s.Ask(gone, report.Question{Site: paris, From: d, To: d + 3, Report: "countries"}); err == nil {
		t.Error("a question that was broken off is answered")
	}
	a, err := s.Ask(page, report.Question{Site: paris, From: d, To: d + 3, Report: "countries"})
	if err != nil || a.Totals[foule.Visits] != 10 {
		t.Errorf("the next one: %v, %v", a, err)
	}
}
