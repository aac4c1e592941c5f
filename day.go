package foule

import (
	"fmt"
	"time"
)

// Day is a calendar day in a site's own time zone, counted in days since
// 1970-01-01. It carries no zone: two sites in two zones share the value for
// "the 12th of March 2025" although those days do not cover the same hours.
type Day int32

// DayOf gives the calendar day of t in loc.
func DayOf(t time.Time, loc *time.Location) Day {
	y, m, d := t.In(loc).Date()
	return DayFromDate(y, m, d)
}

// DayFromDate gives the day of a civil date; out-of-range values are
// normalised as time.Date does.
func DayFromDate(year int, month time.Month, day int) Day {
	return Day(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// ParseDay reads YYYY-MM-DD.
func ParseDay(s string) (Day, error) {
	t, err := time.Parse("2006-01-02", s)
	if err != nil {
		return 0, fmt.Errorf("day %q: want YYYY-MM-DD", s)
	}
	return Day(t.Unix() / 86400), nil
}

// Date gives the civil date.
func (d Day) Date() (year int, month time.Month, day int) { return d.utc().Date() }

// Weekday gives the day of the week.
func (d Day) Weekday() time.Weekday { return d.utc().Weekday() }

// String writes YYYY-MM-DD.
func (d Day) String() string { return d.utc().Format("2006-01-02") }

// Month gives the month the day lies in.
func (d Day) Month() Month {
	y, m, _ := d.Date()
	return Month(y*12 + int(m) - 1)
}

// Monday gives the first day of the day's ISO week.
func (d Day) Monday() Day {
	return d - Day((int(d.Weekday())+6)%7)
}

// Start gives the instant at which the day begins in loc: midnight or, where
// the clock skips midnight, the first instant after the gap.
func (d Day) Start(loc *time.Location) time.Time {
	y, m, day := d.Date()
	t := time.Date(y, m, day, 0, 0, 0, 0, loc)
	if DayOf(t, loc) == d {
		return t
	}
	_, before := t.Zone()
	_, after := t.Add(3 * time.Hour).Zone()
	return time.Date(y, m, day, 0, 0, 0, 0, time.FixedZone("", before)).In(loc).Add(time.Duration(max(0, before-after)) * time.Second)
}

func (d Day) utc() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// Month is a calendar month, counted as year*12 + month-1.
type Month int32

// First gives the month's first day.
func (m Month) First() Day { return DayFromDate(int(m)/12, time.Month(int(m)%12+1), 1) }

// Last gives the month's last day.
func (m Month) Last() Day { return (m + 1).First() - 1 }

// String writes YYYY-MM.
func (m Month) String() string { return fmt.Sprintf("%04d-%02d", int(m)/12, int(m)%12+1) }
