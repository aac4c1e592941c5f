package report

import (
	"context"
	"fmt"
	"strconv"

	"foule.eu/foule"
	"foule.eu/foule/storage"
)

// FunnelStep is how many visits reached a step of a funnel, having made those
// before it.
type FunnelStep struct {
	Name             string
	Visits, Visitors int64
	Dropped          int64   // visits that came here and not to the next step
	OfFirst          float64 // share of the visits that began, 0 to 1
	OfPrevious       float64 // share of the visits that reached the step before
}

// FunnelAnswer is a funnel, step by step.
type FunnelAnswer struct {
	Funnel foule.Funnel
	Steps  []FunnelStep
	// TooFew is set when the filter's label has too few visitors to be shown filtered.
	TooFew bool

	ConsentOnly bool        // as of an Answer
	Disclosure  *Disclosure // as of an Answer
}

// Funnel counts the steps of one of the site's funnels; storage.ErrNotFound if
// it has none of that number. filter may be nil.
func (s *Service) Funnel(ctx context.Context, site foule.Site, id uint32, from, to foule.Day, filter *storage.Filter) (*FunnelAnswer, error) {
	a := &FunnelAnswer{}
	for _, f := range site.Funnels {
		if f.ID == id {
			a.Funnel = f
		}
	}
	if a.Funnel.ID == 0 {
		return nil, fmt.Errorf("report: funnel %d of site %d: %w", id, site.ID, storage.ErrNotFound)
	}
	table, err := s.Ask(ctx, Question{Site: site, From: from, To: to, Report: "funnel-steps", Filter: filter, Search: strconv.Itoa(int(id)) + "/", Limit: MaxLimit})
	if err != nil {
		return nil, err
	}
	a.TooFew, a.ConsentOnly, a.Disclosure = table.TooFew, table.ConsentOnly, table.Disclosure
	for i, step := range a.Funnel.Steps {
		st := FunnelStep{Name: step.Name}
		label := fmt.Sprintf("%d/%d", id, i+1)
		for j := range table.Rows {
			if table.Rows[j].Label == label {
				st.Visits, st.Visitors = table.Rows[j].Metrics[foule.Visits], table.Rows[j].Metrics[foule.Visitors]
			}
		}
		a.Steps = append(a.Steps, st)
	}
	a.shares()
	return a, nil
}

// shares fills in what follows from the steps' visits.
func (a *FunnelAnswer) shares() {
	for i := range a.Steps {
		st := &a.Steps[i]
		st.OfFirst = share(st.Visits, a.Steps[0].Visits)
		st.OfPrevious = st.OfFirst
		if i > 0 {
			before := &a.Steps[i-1]
			st.OfPrevious = share(st.Visits, before.Visits)
			before.Dropped = before.Visits - st.Visits
		}
	}
}

func share(part, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}
