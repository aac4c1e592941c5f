package report

import (
	"fmt"
	"slices"

	"foule.eu/foule"
	"foule.eu/foule/privacy"
	"foule.eu/foule/storage"
)

// NotCollected refuses a question about what the site's policy does not count.
// Nothing of it leaves, not even what was counted before the policy was chosen.
type NotCollected struct {
	Field   string // the part of the question, as in BadQuestion
	Feature foule.Feature
	Rule    string       // the requirement behind it, as "C6"; "" if it is the operator's own choice
	Reason  privacy.Text // in both languages
}

// Error gives field and reason.
func (n *NotCollected) Error() string {
	text := fmt.Sprintf("%s: not collected on this site (%s): %s", n.Field, n.Feature, n.Reason.EN)
	if n.Rule != "" {
		text += " (" + n.Rule + ")"
	}
	return text
}

func refuse(policy *privacy.Policy, field string, f foule.Feature) error {
	n := &NotCollected{Field: field, Feature: f, Reason: privacy.Text{EN: "It is switched off in the site’s settings.", FR: "C’est désactivé dans les réglages du site."}}
	if pin, ok := policy.Preset.Pin(f); ok {
		n.Rule, n.Reason = pin.Rule, pin.Reason
	}
	return n
}

// Collection says whether a site counts something.
type Collection uint8

// The answers.
const (
	Collected   Collection = iota
	ConsentOnly            // of visits with consent alone
	Dropped                // not at all
)

// CollectionOf says whether a site counts what fills a dimension.
func CollectionOf(site *foule.Site, dim foule.Dimension) Collection {
	p := privacy.Of(site)
	c, _ := collectionOf(&p, dim)
	return c
}

// collectionOf also gives the feature that is missing.
func collectionOf(p *privacy.Policy, dim foule.Dimension) (worst Collection, missing foule.Feature) {
	for _, f := range privacy.Fills(dim) {
		switch {
		case !p.Collects(f, true):
			return Dropped, f
		case p.ConsentOnly(f):
			worst, missing = ConsentOnly, f
		}
	}
	return worst, missing
}

// consented is the filter under which everything is of visits with consent.
var consented = storage.Filter{Dim: foule.DimConsent, Label: "yes"}

// checkCollected holds the question against the site's policy: what is not
// counted is refused, and what is counted of visits with consent alone is
// answered of those alone, the totals included.
func (p *plan) checkCollected() error {
	policy := privacy.Of(&p.Site)
	for _, part := range []struct {
		field string
		dim   foule.Dimension
	}{{"report", p.report.Dim}, {"report", p.report.Under}, {"filter", p.filterDim()}} {
		how, missing := collectionOf(&policy, part.dim)
		switch {
		case how == Dropped:
			return refuse(&policy, part.field, missing)
		case how == Collected:
		case part.field == "filter":
			if p.Filter.Label == "" {
				return bad("filter", "only visits with consent are told apart by it; those without a label are of both kinds")
			}
			p.consentOnly = true
		case p.report.Under != foule.DimTotal:
			return bad("report", "this site counts it for visits with consent only, and what surrounds it for all")
		default:
			if err := p.askConsented(); err != nil {
				return err
			}
		}
	}
	p.consentOnly = p.consentOnly || p.Filter != nil && *p.Filter == consented
	p.columns = columnsLeft(&policy, p.report.Columns, p.consentOnly)
	return nil
}

// askConsented narrows the question to visits with consent.
func (p *plan) askConsented() error {
	p.consentOnly = true
	switch {
	case p.Filter != nil && *p.Filter == consented:
	case p.Filter != nil && p.Filter.Dim != p.dim:
		return bad("filter", "this site counts the report for visits with consent only, which is a filter already")
	case p.Filter == nil && p.dim.HasRowsUnder(foule.DimConsent):
		f := consented
		p.Filter, p.filter = &f, &f
	}
	return nil
}

func (p *plan) filterDim() foule.Dimension {
	if p.Filter == nil {
		return foule.DimTotal
	}
	return p.Filter.Dim
}

// columnsLeft leaves out what a site does not count that tells no visitors
// apart: visitors, bounces, durations and what is computed from them.
func columnsLeft(policy *privacy.Policy, all []Column, consentOnly bool) []Column {
	if policy.Collects(foule.FeatureVisitors, consentOnly) {
		return all
	}
	needs := func(c Column) bool {
		return slices.Contains(foule.OfVisitors, c.Sort) || c.derived && (slices.Contains(foule.OfVisitors, c.num) || slices.Contains(foule.OfVisitors, c.den))
	}
	return slices.DeleteFunc(slices.Clone(all), needs)
}

// Check says whether a question can be asked, and which columns its answer has.
func Check(q Question) ([]Column, error) {
	p, err := newPlan(q)
	if err != nil {
		return nil, err
	}
	return p.columns, nil
}

// strip takes the counters of columns that were left out off the answer.
func (p *plan) strip(a *Answer) {
	if len(a.Columns) == len(a.Report.Columns) {
		return
	}
	bare := func(m *foule.Metrics) {
		for _, k := range foule.OfVisitors {
			m[k] = 0
		}
	}
	bare(&a.Totals)
	bare(&a.Other)
	for i := range a.Rows {
		bare(&a.Rows[i].Metrics)
	}
}
