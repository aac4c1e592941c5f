package dashboard

import (
	"time"

	"foule.eu/foule"
)

// Lag is how far the figures are behind the hits that the collector has
// acknowledged. The zero value is not at all.
type Lag struct {
	Failing bool      // the store refuses new counts at present
	AsOf    time.Time // every hit until then is in the figures; zero if all are
	Bytes   int64     // of hits that wait in the journal
}

// late is how old the oldest missing hit is before a page says so: counts are
// written every few seconds, and every ten under load.
const late = time.Minute

// lagText says in words how far a site's figures are behind; "" if they are not.
func (s *server) lagText(l *locale, site *foule.Site) string {
	if s.Lag == nil {
		return ""
	}
	lag, now := s.Lag(), s.Now()
	if lag.AsOf.IsZero() || !lag.Failing && now.Sub(lag.AsOf) < late {
		return ""
	}
	loc := zoneOf(site)
	key := "lag.behind"
	if lag.Failing {
		key = "lag.failing"
	}
	return l.T(key, "time", l.Moment(lag.AsOf.In(loc), now.In(loc)), "size", l.Megabytes(lag.Bytes))
}

// Moment is a time of day, with its day unless that is now's.
func (l *locale) Moment(at, now time.Time) string {
	day, today := foule.DayOf(at, at.Location()), foule.DayOf(now, now.Location())
	clock := at.Format("15:04")
	switch {
	case day == today:
		return clock
	case day.Month()/12 == today.Month()/12: // of one year
		return l.T("moment", "day", l.DayMonth(day), "time", clock)
	}
	return l.T("moment", "day", l.Day(day), "time", clock)
}

// Megabytes is a size for people; it is never nothing.
func (l *locale) Megabytes(bytes int64) string {
	mb := float64(bytes) / 1e6
	switch {
	case mb < 0.1:
		return l.T("megabytes", "n", l.Float(0.1, 1))
	case mb < 10:
		return l.T("megabytes", "n", l.Float(mb, 1))
	}
	return l.T("megabytes", "n", l.Int(int64(mb+.5)))
}
