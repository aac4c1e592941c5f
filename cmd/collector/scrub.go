package main

import (
	"context"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/anonymize"
	"foule.eu/foule/anonymize/scrub"
	"foule.eu/foule/web/dashboard"
)

// tryScrubbing lets the dashboard show what would be kept of texts, by the very
// pipeline that hits go through.
func tryScrubbing(p *anonymize.Pipeline) dashboard.TryFunc {
	return func(ctx context.Context, site foule.Site, sample string, texts []string) ([]dashboard.Tried, error) {
		compiled, err := anonymize.CompileSite(site)
		if err != nil {
			return nil, err
		}
		tried := make([]dashboard.Tried, len(texts))
		for i, text := range texts {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			kept := p.Try(compiled, anonymize.Sample(sample), text, time.Now())
			tried[i] = dashboard.Tried{Sent: text, Reason: kept.Reason}
			for _, label := range kept.Labels {
				l := dashboard.TriedLabel{Dim: label.Dim}
				for _, piece := range scrub.Pieces(label.Text) {
					l.Pieces = append(l.Pieces, dashboard.Piece(piece))
				}
				tried[i].Labels = append(tried[i].Labels, l)
			}
		}
		return tried, nil
	}
}
