package scrub

import "strings"

// minPhoneDigits is the length of the shortest number that passes for a phone's.
const minPhoneDigits = 7

// phone finds a phone number at i: with "+" or 00 and a country, or written as
// in Europe (a leading zero) or North America (3-3-4). Of groups that a blank
// divides, the longest row of them that makes a number is taken.
func (v *view) phone(i int) (end int) {
	first := i
	plus, bracket := false, false
	for first < i+3 && !v.is(first, isDigit) {
		plus = plus || v.at(first) == '+'
		bracket = bracket || v.at(first) == '('
		first++
	}
	if !v.is(first, isDigit) || first > i && !plus && !bracket || !v.startsNumber(i) && !v.after(i, phoneWords) {
		return 0
	}
	gaps := " .-/()_"
	if v.path {
		gaps = " .-()+_"
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
		if c.lone = v.lone(i, n.end); c.isPhone(&n) {
			return n.end
		}
	}
	return 0
}

// lone says whether nothing else stands in the text, the part of a path or the
// value than what is between start and end.
func (v *view) lone(start, end int) bool {
	start, end = v.back(start, isBlank), v.run(end, isBlank)
	before, after := v.at(start-1), v.at(end)
	return (start == 0 || before == '=' || before == '/' && v.path) && (end >= v.n || after == '&' || after == '/' && v.path)
}

// afterSlug says whether the number is part of a slug: "ref-0123".
func (v *view) afterSlug(i int) bool {
	return (v.at(i-1) == '-' || v.at(i-1) == '_') && v.wordChar(i-2)
}

// Words before a number that say what it is.
var (
	phoneWords = []string{"tel", "tél", "phone", "telefon", "callto", "whatsapp", "gsm", "fax",
		"téléphone", "telephone", "mobile", "portable", "handy", "cell", "sms"}
	bookWords = []string{"isbn", "isbn10", "ean", "gtin", "upc"}
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
	plus, bracket, slug, named, book, lone bool
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
	return n.abroad(c.lone) || n.american(c.bracket)
}

// abroad judges digits that begin with a country's code whose "+" was lost, as
// when it was sent unescaped: in groups of their own, or standing alone.
func (n *number) abroad(lone bool) bool {
	for _, c := range countries {
		rest := n.count - len(c.code)
		if string(n.digits[:len(c.code)]) != c.code || rest < c.min || rest > c.max || n.digits[len(c.code)] == '0' && n.groups == 1 {
			continue
		}
		if n.groups == 1 {
			return lone && !(n.count == 12 && n.upc()) && !(n.count == 13 && n.ean())
		}
		return n.sizes[0] == len(c.code) && n.groups >= 4 && n.smallGroups()
	}
	return false
}

// countries have numbers of 11 digits and more with their code; shorter ones
// could be anything. North America's look like any number of its length.
var countries = []struct {
	code     string
	min, max int // digits after the code
}{
	{"33", 9, 10}, {"32", 9, 9}, {"41", 9, 9}, {"352", 8, 9}, {"377", 8, 9}, {"44", 10, 10}, {"353", 9, 9}, {"49", 10, 11}, {"43", 10, 11},
	{"31", 9, 9}, {"34", 9, 9}, {"351", 9, 9}, {"39", 9, 10}, {"30", 10, 10}, {"45", 9, 9}, {"46", 9, 9}, {"47", 9, 9}, {"48", 9, 9}, {"420", 9, 9},
	{"212", 9, 9}, {"213", 9, 9}, {"216", 8, 8}, {"221", 9, 9}, {"225", 10, 10}, {"237", 9, 9}, {"262", 9, 9}, {"590", 9, 9}, {"594", 9, 9}, {"596", 9, 9},
	{"91", 10, 10}, {"55", 10, 11},
}

// smallGroups says whether all groups after the first are of at most four digits.
func (n *number) smallGroups() bool {
	for _, size := range n.sizes[1:n.groups] {
		if size > 4 {
			return false
		}
	}
	return true
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
	if n.sizes[0] == 1 && n.groups >= 4 && n.count == 10 && !slug { // 0 639 98 00 12
		return true
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
