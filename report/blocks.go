package report

import "foule.eu/foule"

// block is a run of days whose figures are disclosed as one: a calendar month,
// an ISO week or a day.
type block struct{ from, to foule.Day }

// cut covers a range with blocks: whole months first, then whole weeks in what
// is left before and after them, then days. Ranges can overlap in a million ways
// and their differences would give single days away to the last visit; cut so,
// every range is a sum of the same few blocks and says no more than they do.
//
// A month or a week counts as whole once it is over: one that still grows would
// be another range every day. Days that have not come hold nothing.
func cut(from, to, today foule.Day) (blocks []block) {
	to = min(to, today)
	first, end := from.Month(), to.Month() // whole months are those from first to before end
	if from != first.First() {
		first++
	}
	if to == end.Last() && to < today {
		end++
	}
	if first >= end {
		return weeks(nil, from, to, today)
	}
	blocks = weeks(nil, from, first.First()-1, today)
	for m := first; m < end; m++ {
		blocks = append(blocks, block{m.First(), m.Last()})
	}
	return weeks(blocks, end.First(), to, today)
}

// weeks covers a range with whole weeks and days.
func weeks(blocks []block, from, to, today foule.Day) []block {
	for d := from; d <= to; {
		last := d
		if sunday := d + 6; d == d.Monday() && sunday <= to && sunday < today {
			last = sunday
		}
		blocks = append(blocks, block{d, last})
		d = last + 1
	}
	return blocks
}
