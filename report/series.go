package report

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"foule.eu/foule"
	"foule.eu/foule/storage"
)

// series replaces the answer's rows, one for each label, by one for each label
// and time bucket, label by label, without gaps.
func (s *Service) series(ctx context.Context, p *plan, a *Answer) error {
	loc, err := location(p.Site)
	if err != nil {
		return err
	}
	line := newTimeline(p.Grain, p.From, p.To, loc)
	if p.Grain == GrainMonth {
		line.query.To = p.until
	}
	labels := seriesLabels(p, a.Rows)
	points := make([][]storage.Point, len(labels))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(maxAtOnce)
	for i, label := range labels {
		q := line.query
		q.Site, q.Dim, q.Label, q.Filter = p.Site.ID, p.dim, label, p.filter
		g.Go(func() (err error) { points[i], err = s.Store.Series(ctx, q); return err })
	}
	if err := g.Wait(); err != nil {
		return err
	}
	rows := make([]Row, 0, len(labels)*len(line.texts))
	for i, label := range labels {
		if p.report.Dim == foule.DimTotal {
			label = ""
		}
		rows = append(rows, line.fill(label, points[i])...)
	}
	if p.label != nil || p.dim == foule.DimTotal {
		a.RowCount = len(labels)
	}
	a.Rows, a.RowCount = rows, a.RowCount*len(line.texts)
	a.Other = foule.Metrics{} // has no buckets here; ask for its label to see them
	return nil
}

// maxAtOnce bounds the series of one question that the store is asked at the
// same time: others ask it too.
const maxAtOnce = 4

// seriesLabels gives the labels that become series: the one that was asked
// for, seen or not, or those of the page of rows.
func seriesLabels(p *plan, rows []Row) []string {
	if p.never {
		return nil
	}
	if p.label != nil {
		return []string{*p.label}
	}
	labels := make([]string, 0, len(rows))
	for _, row := range rows[:min(len(rows), MaxSeries)] {
		labels = append(labels, row.Label)
	}
	return labels
}

// timeline is the range cut into buckets.
type timeline struct {
	query storage.SeriesQuery // what to ask the store: grain and range
	texts []string            // of the buckets, in order
	place func(bucket int64) int
}

func newTimeline(grain Grain, from, to foule.Day, loc *time.Location) timeline {
	switch grain {
	case GrainHour:
		return hourly(from, to, loc)
	case GrainWeek:
		return daily(from, to, from.Monday(), 7)
	case GrainMonth:
		return monthly(from, to)
	}
	return daily(from, to, from, 1)
}

// daily makes buckets of so many days, the first beginning at start, which may
// lie before the range.
func daily(from, to, start foule.Day, width int) timeline {
	l := timeline{query: storage.SeriesQuery{Grain: storage.GrainDay, From: from, To: to}}
	for d := start; d <= to; d += foule.Day(width) {
		l.texts = append(l.texts, d.String())
	}
	l.place = func(day int64) int { return int(day-int64(start)) / width }
	return l
}

func monthly(from, to foule.Day) timeline {
	l := timeline{query: storage.SeriesQuery{Grain: storage.GrainMonth, From: from, To: to}}
	first := from.Month()
	for m := first; m <= to.Month(); m++ {
		l.texts = append(l.texts, m.String())
	}
	l.place = func(month int64) int { return int(month - int64(first)) }
	return l
}

// hourly makes a bucket for each hour that the site's clock shows. The store
// counts by hours of UTC; where a zone is off by half an hour, such an hour
// belongs to the local one that holds its middle.
func hourly(from, to foule.Day, loc *time.Location) timeline {
	local := func(hour int64) time.Time { return time.Unix(hour*3600+1800, 0).In(loc) }
	first, last := int64(from)*24-widestZone, (int64(to)+1)*24+widestZone
	for foule.DayOf(local(first), loc) < from {
		first++
	}
	for foule.DayOf(local(last), loc) > to {
		last--
	}
	l := timeline{query: storage.SeriesQuery{Grain: storage.GrainHour, From: from, To: to, FromHour: first, ToHour: last}}
	places := make([]int, 0, last-first+1)
	for hour := first; hour <= last; hour++ {
		text := local(hour).Format("2006-01-02T15")
		// The clock goes forward but for the one hour that it shows twice, and then
		// the two follow each other.
		if n := len(l.texts); n == 0 || l.texts[n-1] != text {
			l.texts = append(l.texts, text)
		}
		places = append(places, len(l.texts)-1)
	}
	l.place = func(hour int64) int { return places[hour-first] }
	return l
}

// widestZone is more hours than any zone is away from UTC.
const widestZone = 24

// fill makes a row of each bucket, of zeros where there is no point.
func (l *timeline) fill(label string, points []storage.Point) []Row {
	rows := make([]Row, len(l.texts))
	for i, text := range l.texts {
		rows[i] = Row{Label: label, Bucket: text}
	}
	for i := range points {
		rows[l.place(points[i].Bucket)].Add(&points[i].Metrics)
	}
	return rows
}

func location(site foule.Site) (*time.Location, error) {
	loc, err := time.LoadLocation(site.Timezone)
	if err != nil {
		return nil, fmt.Errorf("time zone of site %d: %w", site.ID, err)
	}
	return loc, nil
}
