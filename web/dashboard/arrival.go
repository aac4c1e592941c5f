package dashboard

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/report"
)

// arrival is what has become of a site's hits: enough to see whether the script
// is in its place, and if not, what keeps the hits away. Sums only.
type arrival struct {
	OK     bool
	Status string
	Left   []leftOut // what was left out today, the most frequent first
	Asks   string    // what the reader's own browser asks, and so is not counted for; "" for nothing
}

// leftOut is a reason why hits were not counted, and what can be done.
type leftOut struct{ Reason, Count, Why string }

// quietDays is how long a site may be without a page view before the page asks
// whether the script is still there.
const quietDays = 7

func (s *server) arrival(ctx context.Context, l *locale, site *foule.Site) (arrival, error) {
	loc, err := time.LoadLocation(site.Timezone)
	if err != nil {
		return arrival{}, fmt.Errorf("dashboard: zone of site %d: %w", site.ID, err)
	}
	today := foule.DayOf(s.Now(), loc)
	now, err := s.views(ctx, site, today, today)
	if err != nil {
		return arrival{}, err
	}
	lately, err := s.views(ctx, site, today-quietDays+1, today)
	if err != nil {
		return arrival{}, err
	}
	first, last, any, err := s.Report.DataRange(ctx, site.ID)
	if err != nil {
		return arrival{}, err
	}
	a := arrival{OK: lately > 0}
	switch {
	case now > 0:
		a.Status = l.N("install.received", now)
	case lately > 0:
		a.Status = l.N("install.lately", lately)
	case any && last > today-quietDays && report.DisclosureOf(site) != nil: // too few to be shown, but some
		a.OK, a.Status = true, l.T("install.few")
	case any && first <= today-quietDays:
		a.Status = l.T("install.quiet")
	default:
		a.Status = l.T("install.waiting")
	}
	if a.OK {
		return a, nil
	}
	a.Left, err = s.leftOut(ctx, l, site, today)
	return a, err
}

// views counts the page views of some days.
func (s *server) views(ctx context.Context, site *foule.Site, from, to foule.Day) (int64, error) {
	a, err := s.Report.Ask(ctx, report.Question{Site: *site, From: from, To: to, Grain: report.GrainTotal, Report: totalsReport})
	if err != nil {
		return 0, err
	}
	return a.Totals[foule.Hits], nil
}

func (s *server) leftOut(ctx context.Context, l *locale, site *foule.Site, day foule.Day) ([]leftOut, error) {
	a, err := s.Report.Ask(ctx, report.Question{Site: *site, From: day, To: day, Grain: report.GrainTotal, Report: "excluded"})
	if err != nil {
		return nil, err
	}
	var out []leftOut
	for i := range a.Rows {
		row := &a.Rows[i]
		why, _ := l.has("why." + row.Label)
		out = append(out, leftOut{
			Reason: l.label(site, foule.DimExcluded, row.Label).Main, Count: l.Int(row.Metrics[foule.Hits]), Why: why,
		})
	}
	return out, nil
}

// ownWish says what the reader's own browser asks of every site: with it, his
// own visits never arrive.
func ownWish(l *locale, site *foule.Site, h http.Header) string {
	switch {
	case h.Get("Sec-Gpc") == "1":
		return l.T("install.own.gpc")
	case h.Get("Dnt") == "1" && !site.IgnoreDNT:
		return l.T("install.own.dnt")
	}
	return ""
}
