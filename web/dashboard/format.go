package dashboard

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"golang.org/x/text/currency"

	"foule.eu/foule"
	"foule.eu/foule/report"
)

const (
	thinSpace  = "\u202f" // narrow no-break space: French groups and units
	minus      = "\u2212"
	noFigure   = "–"
	rangeDash  = "–"
	secsInMin  = 60
	secsInHour = 3600
)

// Int writes a whole number with the language's groups of three.
func (l *locale) Int(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = minus, digits[1:]
	}
	sep := ","
	if l.Lang == "fr" {
		sep = thinSpace
	}
	var b strings.Builder
	b.WriteString(sign)
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(sep)
		}
		b.WriteRune(d)
	}
	return b.String()
}

// Float writes a number with so many decimals.
func (l *locale) Float(x float64, decimals int) string {
	s := strconv.FormatFloat(math.Abs(x), 'f', decimals, 64)
	whole, frac, _ := strings.Cut(s, ".")
	n, _ := strconv.ParseInt(whole, 10, 64) // digits only, of a sum that fits 63 bits
	out := l.Int(n)
	if frac != "" {
		point := "."
		if l.Lang == "fr" {
			point = ","
		}
		out += point + frac
	}
	if x < 0 && strings.Trim(s, "0.") != "" {
		out = minus + out
	}
	return out
}

// Compact writes a number for an axis: 950, 1.2k, 12k, 3.4M.
func (l *locale) Compact(x float64) string {
	unit := ""
	switch {
	case math.Abs(x) >= 999_500_000:
		x, unit = x/1e9, "G"
	case math.Abs(x) >= 999_500:
		x, unit = x/1e6, "M"
	case math.Abs(x) >= 1000:
		x, unit = x/1e3, "k"
	}
	decimals := 0
	if rounded := math.Round(x*10) / 10; math.Abs(x) < 100 && rounded != math.Trunc(rounded) {
		decimals = 1
	}
	out := l.Float(x, decimals)
	if unit == "" {
		return out
	}
	if l.Lang == "fr" {
		return out + thinSpace + unit
	}
	return out + unit
}

// Percent writes a ratio (0 to 1) as a percentage: one decimal below ten, none
// for 0 and above.
func (l *locale) Percent(ratio float64) string {
	p := ratio * 100
	decimals := 0
	if a := math.Abs(p); a > 0 && a < 9.95 {
		decimals = 1
	}
	if l.Lang == "fr" {
		return l.Float(p, decimals) + thinSpace + "%"
	}
	return l.Float(p, decimals) + "%"
}

// Duration writes seconds as people say them: 45 s, 2 min 05 s, 1 h 02 min.
func (l *locale) Duration(seconds float64) string {
	n := int64(math.Round(seconds))
	switch {
	case n < secsInMin:
		return l.T("duration.s", "s", n)
	case n < secsInHour:
		return l.T("duration.ms", "m", n/secsInMin, "s", fmt.Sprintf("%02d", n%secsInMin))
	}
	return l.T("duration.hm", "h", l.Int(n/secsInHour), "m", fmt.Sprintf("%02d", n%secsInHour/secsInMin))
}

var currencySigns = map[string]string{"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"}

// Money writes an amount of a currency's major unit; code is ISO 4217, "" is EUR.
func (l *locale) Money(x float64, code string) string {
	if code == "" {
		code = "EUR"
	}
	decimals := 2
	if unit, err := currency.ParseISO(code); err == nil {
		decimals, _ = currency.Standard.Rounding(unit)
	}
	sign, known := currencySigns[code]
	if l.Lang == "fr" {
		if !known {
			sign = code
		}
		return l.Float(x, decimals) + "\u00a0" + sign
	}
	if !known {
		return code + "\u00a0" + l.Float(x, decimals)
	}
	return sign + l.Float(x, decimals)
}

// Value writes a figure in its unit.
func (l *locale) Value(x float64, unit report.Unit, currencyCode string) string {
	switch unit {
	case report.UnitSeconds:
		return l.Duration(x)
	case report.UnitRatio:
		return l.Percent(x)
	case report.UnitMoney:
		return l.Money(x, currencyCode)
	case report.UnitNumber:
		return l.Float(x, 1)
	}
	return l.Int(int64(math.Round(x)))
}

// Day writes a date: 12 Mar 2026, 12 mars 2026, 1er mars 2026.
func (l *locale) Day(d foule.Day) string {
	y, _, _ := d.Date()
	return l.T("date.dmy", "dm", l.DayMonth(d), "y", y)
}

// DayMonth writes a date without its year.
func (l *locale) DayMonth(d foule.Day) string {
	_, m, day := d.Date()
	return l.T("date.dm", "d", l.dayNumber(day), "m", l.T(fmt.Sprintf("month.short.%d", m)))
}

// WeekdayDay writes a date with its weekday.
func (l *locale) WeekdayDay(d foule.Day) string {
	return l.T("date.wdmy", "w", l.T(fmt.Sprintf("weekday.%d", d.Weekday())), "dmy", l.Day(d))
}

// Month writes a month and its year.
func (l *locale) Month(m foule.Month) string {
	y, month, _ := m.First().Date()
	return l.T("date.my", "m", l.T(fmt.Sprintf("month.%d", month)), "y", y)
}

// MonthShort writes a month for an axis, with the year in January.
func (l *locale) MonthShort(m foule.Month) string {
	y, month, _ := m.First().Date()
	short := l.T(fmt.Sprintf("month.short.%d", month))
	if month == 1 {
		return l.T("date.my", "m", short, "y", y)
	}
	return short
}

// Days writes a span of days, both inclusive, without saying month or year twice.
func (l *locale) Days(from, to foule.Day) string {
	y1, _, _ := from.Date()
	y2, m, last := to.Date()
	switch {
	case from == to:
		return l.WeekdayDay(from)
	case from.Month() == to.Month():
		_, _, first := from.Date()
		my := l.T("date.my", "m", l.T(fmt.Sprintf("month.short.%d", m)), "y", y2)
		return l.T("date.days", "from", l.dayNumber(first), "to", last, "my", my)
	case y1 == y2:
		return l.DayMonth(from) + " " + rangeDash + " " + l.Day(to)
	}
	return l.Day(from) + " " + rangeDash + " " + l.Day(to)
}

func (l *locale) dayNumber(day int) string {
	if l.Lang == "fr" && day == 1 {
		return "1er"
	}
	return strconv.Itoa(day)
}

// Hour writes an hour of the day: 14:00, 14 h.
func (l *locale) Hour(h int) string {
	return l.T("hour", "h", fmt.Sprintf("%02d", h))
}
