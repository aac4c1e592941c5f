package dashboard

import (
	"net/http"
	"strconv"

	"foule.eu/foule"
	"foule.eu/foule/report"
	"foule.eu/foule/storage"
)

// speedPage shows how long pages take to load.
type speedPage struct {
	Toolbar    toolbar
	Back       string
	Rows       []speedRow
	Bars       []speedBar // of the whole load
	Pages      []speedLine
	Unfiltered bool
	Consented  bool // of visits with consent alone
}

type speedRow struct {
	Name, Timed, Average, P50, P75, P95 string
	Whole                               bool
}

// speedBar is a column of the histogram, in hundredths of its box.
type speedBar struct{ X, Y, Height, Middle, Name, Hits, Axis string }

type speedLine struct{ Page, Flow, Average, Timed, Bar string }

// slowest is how many pages are listed.
const slowest = 20

func (s *server) speed(w http.ResponseWriter, r *http.Request) error {
	v, err := s.view(r)
	if err != nil {
		return err
	}
	if report.CollectionOf(&v.Site, foule.DimTiming) == report.Dropped {
		return storage.ErrNotFound
	}
	list, err := s.Report.Speed(r.Context(), v.Site, v.Range.From, v.Range.To)
	if err != nil {
		return err
	}
	l := localeOf(r)
	page := speedPage{Toolbar: v.toolbar(l), Back: v.to(v.sitePath("")), Unfiltered: v.Filter != nil, Consented: report.CollectionOf(&v.Site, foule.DimTiming) == report.ConsentOnly}
	for _, sp := range list {
		if sp.Timed == 0 {
			continue
		}
		row := speedRow{
			Name: l.T("timing." + sp.Timing), Timed: l.Int(sp.Timed), Average: l.millis(sp.Average),
			P50: l.millis(sp.P50), P75: l.millis(sp.P75), P95: l.millis(sp.P95), Whole: sp.Timing == foule.TimingLoad,
		}
		page.Rows = append(page.Rows, row)
		if row.Whole {
			page.Bars = l.speedBars(sp.Buckets)
		}
	}
	if page.Pages, err = s.slowPages(r, l, v); err != nil {
		return err
	}
	return s.render(w, r, "speed", l.T("panel.speed"), &v.Site, page)
}

// millis writes seconds, short ones in milliseconds.
func (l *locale) millis(seconds float64) string {
	if seconds < 1 {
		return l.Int(int64(seconds*1000+0.5)) + "\u202fms"
	}
	return l.Float(seconds, 2) + "\u202fs"
}

func (l *locale) speedBars(buckets []report.SpeedBucket) []speedBar {
	var most int64
	for _, b := range buckets {
		most = max(most, b.Hits)
	}
	bars := make([]speedBar, len(buckets))
	for i, b := range buckets {
		height := 100 * float64(b.Hits) / float64(max(most, 1))
		bars[i] = speedBar{
			X: hundredths((float64(i) + 0.1) / float64(len(buckets)) * 100), Y: hundredths(100 - height), Height: hundredths(height),
			Middle: hundredths((float64(i) + 0.5) / float64(len(buckets)) * 100),
			Name:   l.upTo(b.Label), Hits: l.Int(b.Hits),
		}
		if i%3 == 0 {
			bars[i].Axis = l.bound(b.Label)
		}
	}
	return bars
}

func hundredths(x float64) string { return strconv.FormatFloat(x, 'f', 2, 64) }

// slowPages lists the pages that take longest; those that too few visitors
// loaded have no name to be listed by.
func (s *server) slowPages(r *http.Request, l *locale, v *view) ([]speedLine, error) {
	if report.CollectionOf(&v.Site, foule.DimTiming) != report.Collected {
		return nil, nil
	}
	a, err := s.Report.Ask(r.Context(), report.Question{
		Site: v.Site, From: v.Range.From, To: v.Range.To, Report: "page-timings", Sort: "avg_seconds", Limit: slowest,
		Filter: &storage.Filter{Dim: foule.DimTiming, Label: foule.TimingLoad},
	})
	if err != nil {
		return nil, err
	}
	avg, _ := a.Report.Column("avg_seconds")
	var lines []speedLine
	var most float64
	for i := range a.Rows {
		m := &a.Rows[i].Metrics
		most = max(most, avg.Of(m))
		lines = append(lines, speedLine{Page: l.label(&v.Site, foule.DimPage, a.Rows[i].Label).Main, Flow: v.to(v.sitePath("/flow"), "of", a.Rows[i].Label), Average: l.millis(avg.Of(m)), Timed: l.Int(m[foule.ValueCount])})
	}
	for i := range a.Rows {
		lines[i].Bar = barOf(avg.Of(&a.Rows[i].Metrics) / max(most, 0.001))
	}
	return lines, nil
}
