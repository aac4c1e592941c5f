package report_test

import (
	"context"
	"fmt"
	"testing"

	"foule.eu/foule"
	"foule.eu/foule/report"
	"foule.eu/foule/storage"
)

// BenchmarkAsk asks for a page of pages and a chart over ninety days of a site
// with a thousand pages.
func BenchmarkAsk(b *testing.B) {
	const days, pages = 90, 1000
	var batch storage.Batch
	for d := range foule.Day(days) {
		batch.Days = append(batch.Days, storage.DayRow{Site: 1, Day: d, Metrics: visits(5000, 2000)})
		for p := range int64(pages) {
			batch.Days = append(batch.Days, storage.DayRow{Site: 1, Day: d, Dim: foule.DimPage, Label: fmt.Sprintf("/page/%d", p), Metrics: visits(p+1, p/2)})
		}
	}
	service := open(b, batch)
	rounded := paris
	rounded.Privacy.Rounded = true
	for _, bench := range []struct {
		name string
		q    report.Question
	}{
		{"chart", report.Question{Report: "totals", Grain: report.GrainDay}},
		{"counter", report.Question{Report: "pages"}},
		{"ratio", report.Question{Report: "pages", Sort: "exit_rate"}},
		{"search", report.Question{Report: "pages", Search: "99"}},
		{"rounded/chart", report.Question{Report: "totals", Grain: report.GrainDay, Site: rounded}},
		{"rounded/counter", report.Question{Report: "pages", Site: rounded}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			if bench.q.To = days - 1; bench.q.Site.ID == 0 {
				bench.q.Site = paris
			}
			for b.Loop() {
				if _, err := service.Ask(context.Background(), bench.q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
