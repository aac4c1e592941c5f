package storagetest

import (
	"cmp"
	"slices"
	"strings"

	"foule.eu/foule"
	"foule.eu/foule/storage"
)

// model is a store made of maps: slow, small, and right by inspection.
type model struct {
	days    map[dayKey]foule.Metrics
	hours   map[hourKey]foule.Metrics
	minutes map[int64]foule.Metrics
}

type dayKey struct {
	day     foule.Day
	dim     foule.Dimension
	label   string
	by      foule.Dimension
	byLabel string
}

type hourKey struct {
	hour  int64
	dim   foule.Dimension
	label string
}

func newModel() *model {
	return &model{map[dayKey]foule.Metrics{}, map[hourKey]foule.Metrics{}, map[int64]foule.Metrics{}}
}

func addTo[K comparable](rows map[K]foule.Metrics, k K, m foule.Metrics) {
	sum := rows[k]
	sum.Add(&m)
	if rows[k] = sum; sum.IsZero() {
		delete(rows, k)
	}
}

func keyOf(r storage.DayRow) dayKey { return dayKey{r.Day, r.Dim, r.Label, r.By, r.ByLabel} }

func (m *model) apply(b *storage.Batch) {
	for _, r := range b.Days {
		addTo(m.days, keyOf(r), r.Metrics)
	}
	for _, r := range b.Hours {
		addTo(m.hours, hourKey{r.Hour, r.Dim, r.Label}, r.Metrics)
	}
	for _, r := range b.Minutes {
		addTo(m.minutes, r.Minute, r.Metrics)
	}
}

// asked says whether a row stands under the filter of a question.
func (k dayKey) asked(f *storage.Filter) bool {
	if f == nil {
		return k.by == foule.DimTotal
	}
	return k.by == f.Dim && k.byLabel == f.Label
}

func (m *model) table(q storage.TableQuery) (res storage.TableResult) {
	sums := map[string]foule.Metrics{}
	for k, row := range m.days {
		if k.dim == q.Dim && k.asked(q.Filter) && q.From <= k.day && k.day <= q.To {
			addTo(sums, k.label, row)
		}
	}
	narrowed := q.Search != "" || q.Label != nil
	for label, sum := range sums {
		switch {
		case label == foule.Other && narrowed:
			continue
		case label == foule.Other:
			res.Other = sum
		case label == "" && q.HideEmpty,
			!strings.Contains(asciiLower(label), asciiLower(q.Search)),
			q.Label != nil && label != *q.Label:
			continue
		default:
			res.Rows = append(res.Rows, storage.Row{Label: label, Metrics: sum})
		}
		res.Sum.Add(&sum)
	}
	res.RowCount = len(res.Rows)
	slices.SortFunc(res.Rows, func(a, b storage.Row) int { return compareRows(q, a, b) })
	res.Rows = res.Rows[min(q.Offset, len(res.Rows)):]
	if q.Limit > 0 {
		res.Rows = res.Rows[:min(q.Limit, len(res.Rows))]
	}
	return res
}

func compareRows(q storage.TableQuery, a, b storage.Row) int {
	byLabel, sign := cmp.Compare(a.Label, b.Label), -1
	if q.Ascending {
		sign = 1
	}
	if q.SortLabel {
		return sign * byLabel
	}
	return cmp.Or(sign*cmp.Compare(a.Metrics[q.Sort], b.Metrics[q.Sort]), byLabel)
}

func asciiLower(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + ('a' - 'A')
		}
		return r
	}, s)
}

func (m *model) series(q storage.SeriesQuery) []storage.Point {
	sums := map[int64]foule.Metrics{}
	if q.Grain == storage.GrainHour {
		for k, row := range m.hours {
			if k.dim == q.Dim && k.label == q.Label && q.FromHour <= k.hour && k.hour <= q.ToHour {
				addTo(sums, k.hour, row)
			}
		}
	} else {
		for k, row := range m.days {
			if k.dim != q.Dim || k.label != q.Label || !k.asked(q.Filter) || k.day < q.From || k.day > q.To {
				continue
			}
			bucket := int64(k.day)
			if q.Grain == storage.GrainMonth {
				bucket = int64(k.day.Month())
			}
			addTo(sums, bucket, row)
		}
	}
	var points []storage.Point
	for bucket, sum := range sums {
		points = append(points, storage.Point{Bucket: bucket, Metrics: sum})
	}
	slices.SortFunc(points, func(a, b storage.Point) int { return cmp.Compare(a.Bucket, b.Bucket) })
	return points
}

func (m *model) minuteRows(site foule.SiteID, from, to int64) (rows []storage.MinuteRow) {
	for minute, row := range m.minutes {
		if from <= minute && minute < to {
			rows = append(rows, storage.MinuteRow{Site: site, Minute: minute, Metrics: row})
		}
	}
	slices.SortFunc(rows, func(a, b storage.MinuteRow) int { return cmp.Compare(a.Minute, b.Minute) })
	return rows
}

// erase moves what stands under labels into foule.Other.
func (m *model) erase(match storage.LabelMatch) {
	days, hours := map[dayKey]foule.Metrics{}, map[hourKey]foule.Metrics{}
	for k, row := range m.days {
		under := match.Matches(k.by, k.byLabel)
		if under {
			k.byLabel = foule.Other
		}
		if k.dim != foule.DimTotal && (under || match.Matches(k.dim, k.label)) {
			k.label = foule.Other
		}
		addTo(days, k, row)
	}
	for k, row := range m.hours {
		if match.Matches(k.dim, k.label) {
			k.label = foule.Other
		}
		addTo(hours, k, row)
	}
	m.days, m.hours = days, hours
}
