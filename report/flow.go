package report

import (
	"context"
	"fmt"

	"foule.eu/foule"
	"foule.eu/foule/privacy"
	"foule.eu/foule/storage"
)

// Flow is what led to a page and what followed it, in page views (Matomo's
// Transitions). What too few visitors share stands under foule.Other.
type Flow struct {
	Page  string
	Views int64 // of the page
	Loops int64 // views that followed a view of the same page
	// Entries and Exits are visits that began and ended here.
	Entries, Exits int64

	PreviousPages, PreviousSearches []FlowRow
	// Channels brought the visits that began here; their Hits are visits.
	Channels                                             []FlowRow
	NextPages, NextSearches, NextDownloads, NextOutlinks []FlowRow

	Disclosure *Disclosure // as of an Answer
}

// FlowRow is one way to or from a page.
type FlowRow struct {
	Label string
	Hits  int64
}

// maxFlow bounds the rows of each part of a flow.
const maxFlow = 100

// Flow answers for one page by its label.
func (s *Service) Flow(ctx context.Context, site foule.Site, page string, from, to foule.Day) (*Flow, error) {
	if err := checkRange(from, to); err != nil {
		return nil, err
	}
	if err := checkFlows(&site); err != nil {
		return nil, err
	}
	f := &Flow{Page: page, Disclosure: DisclosureOf(&site)}
	table, err := s.tableOf(ctx, &site, from, to, storage.TableQuery{Dim: foule.DimPage, Label: &page})
	if err != nil {
		return nil, fmt.Errorf("report: flow of site %d: %w", site.ID, err)
	}
	f.Views, f.Entries, f.Exits = table.Sum[foule.Hits], table.Sum[foule.Entries], table.Sum[foule.Exits]
	for _, part := range []struct {
		into *[]FlowRow
		dim  foule.Dimension
		by   foule.Dimension
		of   foule.Metric
	}{
		{&f.PreviousPages, foule.DimPreviousPage, foule.DimPage, foule.Hits},
		{&f.PreviousSearches, foule.DimPreviousSearch, foule.DimPage, foule.Hits},
		{&f.Channels, foule.DimChannel, foule.DimEntryPage, foule.Visits},
		{&f.NextPages, foule.DimNextPage, foule.DimPage, foule.Hits},
		{&f.NextSearches, foule.DimSearch, foule.DimPage, foule.Hits},
		{&f.NextDownloads, foule.DimDownload, foule.DimPage, foule.Hits},
		{&f.NextOutlinks, foule.DimOutlink, foule.DimPage, foule.Hits},
	} {
		*part.into = []FlowRow{}
		if CollectionOf(&site, part.dim) != Collected {
			continue
		}
		t, err := s.tableOf(ctx, &site, from, to, storage.TableQuery{Dim: part.dim, Filter: &storage.Filter{Dim: part.by, Label: page}, Sort: part.of, Limit: maxFlow})
		if err != nil {
			return nil, fmt.Errorf("report: flow of site %d: %w", site.ID, err)
		}
		*part.into = f.rows(&t, part.dim, part.of)
	}
	return f, nil
}

// checkFlows refuses where a site does not count what surrounds a page, or
// counts it of other visits than the page itself.
func checkFlows(site *foule.Site) error {
	policy := privacy.Of(site)
	for _, dim := range []foule.Dimension{foule.DimPage, foule.DimNextPage} {
		switch how, missing := collectionOf(&policy, dim); how {
		case Dropped:
			return refuse(&policy, "report", missing)
		case ConsentOnly:
			return bad("report", "this site counts it for visits with consent only, and the page for all")
		}
	}
	return nil
}

// HasFlows says whether [Service.Flow] answers for a site.
func HasFlows(site *foule.Site) bool { return checkFlows(site) == nil }

// tableOf gives a table over a range as it may leave: the store's, or where
// figures leave rounded the sum of the range's blocks.
func (s *Service) tableOf(ctx context.Context, site *foule.Site, from, to foule.Day, q storage.TableQuery) (storage.TableResult, error) {
	if DisclosureOf(site) != nil {
		return s.tableRounded(ctx, site, from, to, q)
	}
	q.Site, q.From, q.To = site.ID, from, to
	return s.Store.Table(ctx, q)
}

// rows gives a part's rows, the page's loops apart, with what has no label of
// its own last.
func (f *Flow) rows(t *storage.TableResult, dim foule.Dimension, of foule.Metric) []FlowRow {
	rows := []FlowRow{}
	for i := range t.Rows {
		row := FlowRow{t.Rows[i].Label, t.Rows[i].Metrics[of]}
		switch {
		case row.Label == f.Page && dim == foule.DimNextPage:
			f.Loops = row.Hits
		case row.Label == f.Page && dim == foule.DimPreviousPage:
		case row.Hits != 0:
			rows = append(rows, row)
		}
	}
	if other := t.Other[of]; other != 0 {
		rows = append(rows, FlowRow{foule.Other, other})
	}
	return rows
}
