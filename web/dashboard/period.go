package dashboard

import (
	"fmt"
	"slices"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/report"
)

// span is a run of days, both inclusive.
type span struct{ From, To foule.Day }

func (s span) days() int { return int(s.To-s.From) + 1 }

const (
	periodDefault = "30d"
	periodCustom  = "custom"
)

// presetSpan gives a preset's days, none of them after today.
func presetSpan(period string, today foule.Day) (span, bool) {
	if !slices.Contains(report.Presets(), period) {
		return span{}, false
	}
	from, to, err := report.ParseRange(period, today)
	return span{from, to}, err == nil
}

// grains lists the widths of bucket that suit a span and the one to start with;
// hours only if there are any.
func grains(s span, hours bool) (offered []report.Grain, start report.Grain) {
	n := s.days()
	if n <= 7 && hours {
		offered = append(offered, report.GrainHour)
	}
	if (n > 1 || !hours) && n <= 400 {
		offered = append(offered, report.GrainDay)
	}
	if n >= 14 {
		offered = append(offered, report.GrainWeek)
	}
	if n >= 60 {
		offered = append(offered, report.GrainMonth)
	}
	switch {
	case n == 1 && hours:
		return offered, report.GrainHour
	case n <= 92:
		return offered, report.GrainDay
	case n <= 400:
		return offered, report.GrainWeek
	}
	return offered, report.GrainMonth
}

// bucket is one step along the time axis.
type bucket struct {
	Key  string // as report.Row.Bucket
	Name string // in full, for the tooltip
	Axis string // short, for the axis
	Open bool   // not over yet
	Next bool   // not begun yet
}

// buckets lists every bucket of a span, also those without data.
func (l *locale) buckets(s span, grain report.Grain, now time.Time) []bucket {
	today := foule.DayOf(now, now.Location())
	var out []bucket
	switch grain {
	case report.GrainHour:
		for d := s.From; d <= s.To; d++ {
			for h := range 24 {
				b := bucket{Key: fmt.Sprintf("%sT%02d", d, h), Axis: l.Hour(h), Name: l.Hour(h)}
				if s.days() > 1 {
					b.Name = l.WeekdayDay(d) + ", " + l.Hour(h)
					b.Axis = l.DayMonth(d)
				}
				b.Open = d == today && h == now.Hour()
				b.Next = d > today || d == today && h > now.Hour()
				out = append(out, b)
			}
		}
	case report.GrainWeek:
		for d := s.From.Monday(); d <= s.To; d += 7 {
			out = append(out, bucket{
				Key: d.String(), Axis: l.DayMonth(d), Name: l.T("week.of", "days", l.Days(max(d, s.From), min(d+6, s.To))),
				Open: d <= today && today <= d+6, Next: d > today,
			})
		}
	case report.GrainMonth:
		for m := s.From.Month(); m <= s.To.Month(); m++ {
			out = append(out, bucket{
				Key: m.String(), Axis: l.MonthShort(m), Name: l.Month(m),
				Open: m == today.Month(), Next: m > today.Month(),
			})
		}
	default:
		for d := s.From; d <= s.To; d++ {
			out = append(out, bucket{Key: d.String(), Axis: l.DayMonth(d), Name: l.WeekdayDay(d), Open: d == today, Next: d > today})
		}
	}
	return out
}
