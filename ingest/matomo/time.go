package matomo

import (
	"math"
	"strings"
	"time"
)

const (
	// freeAge is how old a hit may be without a token.
	freeAge = 24 * 3600
	// maxAge is when Matomo takes the time for an error: about 20 years.
	maxAge = 20 * 365 * 24 * 3600
)

// when gives the time of the hit: cdt less cdo, unless that is nonsense, in
// the future or very long ago; then now. The past has to be proven.
func (p *Params) when(now time.Time, auth bool) (time.Time, *Error) {
	seconds, given := parseTime(p.Cdt)
	if p.Cdt == "" && p.Cdo != 0 {
		seconds, given = now.Unix(), true
	}
	if !given || p.Cdo < -maxAge || p.Cdo > maxAge {
		return now, nil
	}
	seconds -= max(p.Cdo, -p.Cdo)
	age := now.Unix() - seconds
	switch {
	case age <= 0 || age >= maxAge:
		return now, nil
	case age >= freeAge && !auth:
		return time.Time{}, errOldTime
	}
	return time.Unix(seconds, 0).UTC(), nil
}

// parseTime reads the forms of cdt as Unix seconds: a number, or a date and
// time in UTC or with an offset. Fractions of a second are dropped.
func parseTime(s string) (seconds int64, ok bool) {
	if f, ok := parseFloat(s); ok {
		return int64(f), math.Abs(f) < 1<<40
	}
	var year, month, day, hour, minute, second int
	r := timeReader{rest: s, ok: true}
	year = r.number(4)
	r.skip("-")
	month = r.number(2)
	r.skip("-")
	day = r.number(2)
	offset := 0
	if r.ok && r.rest != "" {
		r.skip(" Tt")
		hour = r.number(2)
		r.skip(":")
		minute = r.number(2)
		if r.take(":") {
			second = r.number(2)
			r.fraction()
		}
		offset = r.offset()
	}
	inRange := month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month) &&
		hour <= 24 && minute <= 59 && second <= 60
	if !r.ok || r.rest != "" || !inRange {
		return 0, false
	}
	return time.Date(year, time.Month(month), day, hour, minute, second, 0, time.UTC).Unix() - int64(offset), true
}

func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// timeReader reads a date from front to back; ok falls with the first fault.
type timeReader struct {
	rest string
	ok   bool
}

// number reads exactly n digits.
func (r *timeReader) number(n int) (v int) {
	if !r.ok || len(r.rest) < n {
		r.ok = false
		return 0
	}
	for _, c := range []byte(r.rest[:n]) {
		if c < '0' || c > '9' {
			r.ok = false
			return 0
		}
		v = v*10 + int(c-'0')
	}
	r.rest = r.rest[n:]
	return v
}

// take steps over one byte of set if it is next.
func (r *timeReader) take(set string) bool {
	if !r.ok || r.rest == "" || strings.IndexByte(set, r.rest[0]) < 0 {
		return false
	}
	r.rest = r.rest[1:]
	return true
}

func (r *timeReader) skip(set string) {
	if !r.take(set) {
		r.ok = false
	}
}

func (r *timeReader) fraction() {
	if r.take(".,") {
		r.number(1)
		r.rest = strings.TrimLeft(r.rest, "0123456789")
	}
}

// offset reads Z, UTC, +hh, +hhmm or +hh:mm as seconds east, also behind
// blanks. A plus that was not escaped has become a blank: blanks in front of
// digits stand for it.
func (r *timeReader) offset() int {
	rest := strings.TrimLeft(r.rest, " ")
	blanks := len(rest) < len(r.rest)
	r.rest = rest
	if rest == "" || rest == "Z" || rest == "z" || rest == "UTC" || rest == "GMT" {
		r.rest = ""
		return 0
	}
	sign := 1
	switch {
	case r.take("-"):
		sign = -1
	case r.take("+"):
	case !blanks:
		r.ok = false
	}
	hours, minutes := r.number(2), 0
	if colon := r.take(":"); colon || r.rest != "" {
		minutes = r.number(2)
	}
	if hours > 15 || minutes > 59 {
		r.ok = false
	}
	return sign * (hours*3600 + minutes*60)
}
