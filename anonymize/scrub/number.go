package scrub

import "strings"

// number is a row of digits, perhaps in groups.
type number struct {
	digits [maxDigits]byte
	count  int
	sizes  [maxGroups]int
	ends   [maxGroups]int  // where each group ends in the view
	gaps   [maxGroups]byte // first character of the gap after each group; 0 if no group follows
	groups int
	end    int
}

const (
	maxDigits = 20
	maxGroups = 8
	maxGap    = 3 // ") -" and the like
)

// number reads the digits at i and the groups that follow over gaps of the
// given characters. Of more than it has room for it keeps the whole groups that
// fit.
func (v *view) number(i int, gaps string) (n number) {
	for {
		start := i
		for ; v.is(i, isDigit); i++ {
			if n.count == maxDigits {
				n.count -= i - start
				return n
			}
			n.digits[n.count] = v.at(i)
			n.count++
		}
		n.sizes[n.groups], n.ends[n.groups] = i-start, i
		n.groups++
		n.end = i
		next := i
		for next < i+maxGap && next < v.n && strings.IndexByte(gaps, v.at(next)) >= 0 {
			next++
		}
		if next == i || !v.is(next, isDigit) {
			return n
		}
		n.gaps[n.groups-1] = v.at(i)
		if n.groups == maxGroups {
			return n
		}
		i = next
	}
}

// noDatePart is how many digits are no part of a date.
const noDatePart = 9

// startsNumber says whether no letter, digit or decimal point stands before i.
func (v *view) startsNumber(i int) bool {
	switch gap := v.at(i - 1); gap {
	case '.', ',', '-', '_', '/':
		if !v.is(i-2, isDigit) || gap == '/' && v.path {
			return true
		}
		return v.run(i, isDigit)-i >= noDatePart && (gap == '/' || i-1-v.back(i-1, isDigit) >= noDatePart)
	}
	return !v.wordChar(i - 1)
}

// endsNumber says whether no letter, digit or further decimals follow at end.
func (v *view) endsNumber(end int) bool {
	if v.wordChar(end) || v.at(end) == '@' {
		return false
	}
	switch gap := v.at(end); gap {
	case '.', ',', '-', '_', '/':
		if !v.is(end+1, isDigit) || gap == '/' && v.path {
			return true
		}
		return end-v.back(end, isDigit) >= noDatePart && (gap == '/' || v.run(end+1, isDigit)-end-1 >= noDatePart)
	}
	return true
}

func (n *number) dropGroup() {
	n.groups--
	n.count -= n.sizes[n.groups]
	if n.groups > 0 {
		n.end = n.ends[n.groups-1]
	}
}

func (n *number) pairs() bool {
	for _, size := range n.sizes[:n.groups] {
		if size != 2 {
			return false
		}
	}
	return true
}

// pair gives the value of the two digits at i.
func (n *number) pair(i int) int { return int(n.digits[i]-'0')*10 + int(n.digits[i+1]-'0') }

// drawn says whether pairs are in rising order up to 50: a lottery draw, a list
// of counties.
func (n *number) drawn() bool {
	for i := 2; i < n.count; i += 2 {
		if n.pair(i) <= n.pair(i-2) {
			return false
		}
	}
	return n.pair(n.count-2) <= 50
}

// dates says whether the groups are days, months, hours, minutes and at least
// one year, in any order.
func (n *number) dates() bool {
	years, i := 0, 0
	for _, size := range n.sizes[:n.groups] {
		switch {
		case size == 4 && (n.pair(i) == 19 || n.pair(i) == 20):
			years++
		case size == 1, size == 2 && n.pair(i) < 60:
		default:
			return false
		}
		i += size
	}
	return years > 0 && n.groups > 1
}

// isbn10 says whether ten digits are a book's number (ISO 2108:1992).
func (n *number) isbn10() bool {
	sum := 0
	for i, d := range n.digits[:10] {
		sum += (10 - i) * int(d-'0')
	}
	return sum%11 == 0
}

// upc says whether twelve digits are an article's number (GS1).
func (n *number) upc() bool { return gs1(n.digits[:12]) }

// ean says whether thirteen digits are an article's number (GS1).
func (n *number) ean() bool { return gs1(n.digits[:13]) }

// gs1 checks the check digit of an article's number: from the end every other
// digit counts three times.
func gs1(digits []byte) bool {
	sum := 0
	for i := range digits {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			d *= 3
		}
		sum += d
	}
	return sum%10 == 0
}
