package sqlite

import "foule.eu/foule"

// part is a run of whole months, or of days, whose sum is added to an answer
// (sign 1) or taken from it (sign -1).
type part struct {
	months   bool
	from, to int64 // foule.Month or foule.Day, both inclusive
	sign     int64
}

// plan cuts a range of days into parts, with as few rows to read as it can:
// whole months come from the roll-up, and so does a month of which more days
// are asked than not, less the days that are not asked. Days after lastDay
// have no rows and cost nothing, so a range that ends today takes the current
// month from the roll-up as it is.
func plan(from, to, lastDay foule.Day) []part {
	if to < from {
		return nil
	}
	var parts []part
	first, last := from.Month(), to.Month()
	lo, hi := first, last // the months taken from the roll-up
	if whole, days := planMonth(first, from, min(to, first.Last()), lastDay); !whole {
		lo, parts = first+1, append(parts, days...)
	} else {
		parts = append(parts, days...)
	}
	if last != first {
		whole, days := planMonth(last, last.First(), to, lastDay)
		if !whole {
			hi = last - 1
		}
		parts = append(parts, days...)
	}
	if lo <= hi {
		parts = append(parts, part{true, int64(lo), int64(hi), 1})
	}
	return parts
}

// rollUpCost is what a month's roll-up has more rows than a single day, about.
const rollUpCost = 3

// planMonth decides whether a month of which the days from a to b are asked is
// taken whole, and which days are to be added or taken away.
func planMonth(m foule.Month, a, b, lastDay foule.Day) (whole bool, days []part) {
	before := dayPart(m.First(), a-1, lastDay, -1)
	after := dayPart(b+1, m.Last(), lastDay, -1)
	inside := dayPart(a, b, lastDay, 1)
	if a == m.First() && b == m.Last() || width(before)+width(after)+rollUpCost <= width(inside) {
		return true, append(before, after...)
	}
	return false, inside
}

// dayPart gives the days from a to b as a part, none if there are no rows in it.
func dayPart(a, b, lastDay foule.Day, sign int64) []part {
	if b = min(b, lastDay); b < a {
		return nil
	}
	return []part{{false, int64(a), int64(b), sign}}
}

func width(parts []part) int64 {
	var n int64
	for _, p := range parts {
		n += p.to - p.from + 1
	}
	return n
}
