package scrub

import "strings"

// number is a row of digits, perhaps in groups.
type number struct {
	digits   [maxDigits]byte
	count    int
	sizes    [maxGroups]int
	ends     [maxGroups]int  // where each group ends in the view
	gaps     [maxGroups]byte // first character of the gap after each group; 0 if no group follows
	groups   int
	end      int
	overflow bool // there are more digits than fit
}

// minPhoneDigits is the length of the shortest number that passes for a phone's.
const minPhoneDigits = 7

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
				n.overflow = true
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
			n.overflow = true
			return n
		}
		i = next
	}
}

// startsNumber says whether no letter, digit or decimal point stands before i.
func (v *view) startsNumber(i int) bool {
	switch v.at(i - 1) {
	case '.', ',', '-', '_', '/':
		return !v.is(i-2, isDigit) || v.at(i-1) == '/' && v.path
	}
	return !v.wordChar(i - 1)
}

// endsNumber says whether no letter, digit or further decimals follow at end.
func (v *view) endsNumber(end int) bool {
	if v.wordChar(end) || v.at(end) == '@' {
		return false
	}
	switch v.at(end) {
	case '.', ',', '-', '_', '/':
		return !v.is(end+1, isDigit) || v.at(end) == '/' && v.path
	}
	return true
}

// phone finds a phone number at i: with "+" or 00 and a country, or written as
// in Europe (a leading zero) or North America (3-3-4). Of groups that a blank
// divides, the longest row of them that makes a number is taken.
func (v *view) phone(i int) (end int) {
	first := i
	plus, bracket := false, false
	if v.at(first) == '+' {
		plus = true
		first++
	}
	if v.at(first) == '(' {
		bracket = true
		first++
	}
	if !v.is(first, isDigit) || !v.startsNumber(i) {
		return 0
	}
	gaps := " .-/()"
	if v.path {
		gaps = " .-()+"
	}
	n := v.number(first, gaps)
	if n.count < minPhoneDigits {
		return 0
	}
	c := context{plus: plus, bracket: bracket, slug: v.afterSlug(i), named: v.after(i, phoneWords), book: v.after(i, bookWords)}
	for ; n.groups > 0; n.dropGroup() {
		if g := n.gaps[n.groups-1]; g != 0 && g != ' ' && g != '+' {
			continue
		}
		if n.gaps[n.groups-1] == 0 && !v.endsNumber(n.end) {
			continue
		}
		if c.isPhone(&n) {
			return n.end
		}
	}
	return 0
}

func (n *number) dropGroup() {
	n.groups--
	n.count -= n.sizes[n.groups]
	if n.groups > 0 {
		n.end = n.ends[n.groups-1]
	}
}

// afterSlug says whether the number is part of a slug: "ref-0123".
func (v *view) afterSlug(i int) bool {
	return (v.at(i-1) == '-' || v.at(i-1) == '_') && v.wordChar(i-2)
}

// Words before a number that say what it is.
var (
	phoneWords = []string{"tel", "tél", "phone", "telefon", "callto", "whatsapp", "gsm", "fax"}
	bookWords  = []string{"isbn", "isbn10", "ean", "gtin", "upc"}
)

// after says whether one of the words stands before i, over blanks and the like.
func (v *view) after(i int, words []string) bool {
	for i > 0 && strings.IndexByte(" :=.-", v.at(i-1)) >= 0 {
		i--
	}
	for _, w := range words {
		if v.hasSuffix(i, w) && !v.wordChar(i-len(w)-1) {
			return true
		}
	}
	return false
}

// context is what stands around a number.
type context struct {
	plus, bracket, slug, named, book bool
}

func (c context) isPhone(n *number) bool {
	switch {
	case c.book || n.dates():
		return false
	case c.plus:
		return n.count >= 8 && n.count <= 15 && n.digits[0] != '0'
	case c.named && n.count >= 7 && n.count <= 15:
		return true
	case n.digits[0] == '0' && n.count > 2 && n.digits[1] == '0':
		return n.international()
	case n.digits[0] == '0':
		return n.european(c.slug)
	}
	return n.american(c.bracket)
}

// international judges digits that begin with 00: a country's code and number.
// Zero-padded ids begin like that too, so lengths are held narrow.
func (n *number) international() bool {
	switch n.digits[2] {
	case '0':
		return false
	case '1', '7':
		return n.count == 2+11
	}
	return n.count >= 2+10 && n.count <= 2+13
}

// european judges digits that begin with one zero: the trunk prefix.
func (n *number) european(slug bool) bool {
	if n.groups == 1 {
		switch n.count {
		case 10: // French; could be a book, but 06 and 07 are mobiles
			return n.digits[1] == '6' || n.digits[1] == '7' || !n.isbn10()
		case 11:
			return !slug
		case 12:
			return !slug && !n.upc()
		}
		return false
	}
	if n.pairs() {
		return n.count == 10 && !n.drawn()
	}
	if slug || n.count < 9 || n.count > 12 || n.sizes[0] < 2 || n.sizes[0] > 5 || n.sizes[0] == 5 && n.sizes[1] == 5 {
		return false
	}
	for _, size := range n.sizes[1:n.groups] {
		if size < 2 {
			return false
		}
	}
	return true
}

// american judges digits in groups of 3-3-4, after a 1 or not.
func (n *number) american(bracket bool) bool {
	digits, sizes := n.digits[:n.count], n.sizes[:n.groups]
	gap := n.gaps[0]
	if len(sizes) == 4 && sizes[0] == 1 && digits[0] == '1' {
		digits, sizes, gap = digits[1:], sizes[1:], n.gaps[1]
	}
	return len(sizes) == 3 && sizes[0] == 3 && sizes[1] == 3 && sizes[2] == 4 &&
		digits[0] >= '2' && digits[3] >= '2' && (bracket || gap != ' ' && gap != '+')
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
func (n *number) upc() bool {
	sum := 0
	for i, d := range n.digits[:12] {
		if i%2 == 0 {
			sum += 3 * int(d-'0')
		} else {
			sum += int(d - '0')
		}
	}
	return sum%10 == 0
}
