package report

import (
	"context"
	"fmt"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/storage"
)

// lines are labels by time, a line for each.
type lines struct {
	timeline
	labels []string
	points [][]storage.Point
}

// lines asks the store for labels by the question's grain.
func (s *Service) lines(ctx context.Context, p *plan, labels []string) (*lines, error) {
	loc, err := location(p.Site)
	if err != nil {
		return nil, err
	}
	l := &lines{timeline: newTimeline(p.Grain, p.From, p.To, loc), labels: labels}
	q := l.query
	q.Site, q.Dim, q.Filter = p.Site.ID, p.dim, p.filter
	if p.Grain == GrainMonth {
		q.To = p.until
	}
	l.points, err = s.Store.SeriesOf(ctx, q, labels)
	return l, err
}

// into replaces the answer's rows, one for each label, by one for each label and
// time bucket, label by label, without gaps.
func (l *lines) into(p *plan, a *Answer) {
	rows := make([]Row, 0, len(l.labels)*len(l.texts))
	for i, label := range l.labels {
		if p.report.Dim == foule.DimTotal {
			label = ""
		}
		rows = append(rows, l.fill(label, l.points[i])...)
	}
	if p.label != nil || p.dim == foule.DimTotal {
		a.RowCount = len(l.labels)
	}
	a.Rows, a.RowCount = rows, a.RowCount*len(l.texts)
	a.Other = foule.Metrics{} // has no buckets here; ask for its label to see them
}

// knownLabels gives the labels that become lines where the question says so: the
// one that was asked for, seen or not. Otherwise those of the page of rows do.
func (p *plan) knownLabels() (labels []string, known bool) {
	switch {
	case p.never:
		return nil, true
	case p.label != nil:
		return []string{*p.label}, true
	case p.dim == foule.DimTotal:
		return []string{""}, true
	}
	return nil, false
}

// seriesLabels gives the labels that become lines.
func seriesLabels(p *plan, rows []Row) []string {
	labels, known := p.knownLabels()
	if known {
		return labels
	}
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
