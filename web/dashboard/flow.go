package dashboard

import (
	"cmp"
	"net/http"

	"foule.eu/foule"
	"foule.eu/foule/report"
	"foule.eu/foule/storage"
)

// flowPage shows what led to a page and what followed it.
type flowPage struct {
	Toolbar                      toolbar
	Back, Label, Visit           string
	Views, Loops, Entries, Exits string
	Before, After                []flowPart
	Unfiltered                   bool
}

// flowPart is one kind of way to or from the page.
type flowPart struct {
	Title string
	Rows  []flowLine
}

type flowLine struct {
	Label, Href, Hits, Bar string
	Other                  bool
}

func (s *server) flow(w http.ResponseWriter, r *http.Request) error {
	v, err := s.view(r)
	if err != nil {
		return err
	}
	page := cmp.Or(r.URL.Query().Get("of"), "/")
	v.query.Set("of", page)
	if !report.HasFlows(&v.Site) {
		return storage.ErrNotFound
	}
	f, err := s.Report.Flow(r.Context(), v.Site, page, v.Range.From, v.Range.To)
	if err != nil {
		return err
	}
	l := localeOf(r)
	body := flowPage{
		Toolbar: v.toolbar(l), Back: v.to(v.sitePath("/reports/pages")), Label: page, Visit: pageAddress(&v.Site, foule.DimPage, page),
		Unfiltered: v.Filter != nil, Views: v.count(l, f.Views), Loops: v.count(l, f.Loops), Entries: v.count(l, f.Entries), Exits: v.count(l, f.Exits),
	}
	body.Before = l.flowParts(v, []flowSource{
		{"flow.channels", foule.DimChannel, f.Channels}, {"flow.previous", foule.DimPage, f.PreviousPages}, {"flow.searches", foule.DimSearch, f.PreviousSearches},
	})
	body.After = l.flowParts(v, []flowSource{
		{"flow.next", foule.DimPage, f.NextPages}, {"flow.searches", foule.DimSearch, f.NextSearches},
		{"flow.downloads", foule.DimDownload, f.NextDownloads}, {"flow.outlinks", foule.DimOutlink, f.NextOutlinks},
	})
	return s.render(w, r, "flow", l.T("flow.of", "page", page), &v.Site, body)
}

type flowSource struct {
	title string
	dim   foule.Dimension
	rows  []report.FlowRow
}

// flowParts draws the parts that have anything, each with bars to its largest.
func (l *locale) flowParts(v *view, sources []flowSource) (parts []flowPart) {
	for _, src := range sources {
		var most int64
		for _, row := range src.rows {
			most = max(most, row.Hits)
		}
		part := flowPart{Title: l.T(src.title)}
		for _, row := range src.rows {
			line := flowLine{
				Label: l.label(&v.Site, src.dim, row.Label).Main, Hits: l.Int(row.Hits),
				Bar: barOf(float64(row.Hits) / float64(max(most, 1))), Other: row.Label == foule.Other,
			}
			if src.dim == foule.DimPage && !line.Other {
				line.Href = v.to(v.sitePath("/flow"), "of", row.Label)
			}
			part.Rows = append(part.Rows, line)
		}
		if len(part.Rows) > 0 {
			parts = append(parts, part)
		}
	}
	return parts
}
