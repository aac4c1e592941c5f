package scrub

import "unicode/utf8"

// classes says what each byte can be part of.
var classes = func() (t [256]uint8) {
	for c := range t {
		switch b := byte(c); {
		case b >= '0' && b <= '9':
			t[c] = isAlnum | isDigit | isHex
		case b|0x20 >= 'a' && b|0x20 <= 'f':
			t[c] = isAlnum | isHex
		case b|0x20 >= 'g' && b|0x20 <= 'z':
			t[c] = isAlnum
		}
	}
	for _, c := range "-_+" {
		t[c] |= isJoint
	}
	return t
}()

// begins says at which bytes a find of each kind is recognised: bit k is kind k.
var begins = func() (t [256]uint16) {
	for c := range t {
		class := classes[c]
		for k, ok := range [numKinds]bool{
			session: c == ';',
			email:   c == '@',
			jwt:     c == 'e',
			iban:    class&isAlnum != 0 && class&isDigit == 0,
			card:    class&isDigit != 0,
			ipv4:    class&isDigit != 0,
			ipv6:    class&isHex != 0,
			token:   class&(isAlnum|isJoint) != 0,
			phone:   class&isDigit != 0 || c == '+' || c == '(',
		} {
			if ok {
				t[c] |= 1 << k
			}
		}
	}
	return t
}()

const (
	isAlnum uint8 = 1 << iota
	isDigit
	isHex
	isJoint // between the parts of a slug or inside a token
)

// view is a text as a person reads it: percent escapes decoded, also twice
// encoded ones, and the blanks and hyphens of typography as plain ones. Its
// indexes count decoded bytes; offset leads back to the text.
type view struct {
	s       string
	n       int
	done    int // what lies before has been copied or replaced already
	path    bool
	decoded []byte   // nil: s itself
	offsets []uint16 // of each decoded byte in s
}

// buffers is room for a decoded view, to stand on the stack.
type buffers struct {
	bytes   [maxInput + maxInput/4]byte
	offsets [maxInput + maxInput/4]uint16
}

// viewOf makes the view of a text; without room it is the text as it stands.
func viewOf(s string, path bool, room *buffers) view {
	v := view{s: s, n: len(s), path: path}
	if room == nil {
		return v
	}
	v.decoded, v.offsets = room.bytes[:0], room.offsets[:0]
	for i := 0; i < len(s); {
		c, size := unit(s[i:])
		v.decoded = append(v.decoded, c)
		v.offsets = append(v.offsets, uint16(i))
		i += size
	}
	v.n = len(v.decoded)
	return v
}

// unit reads one byte of a view from the head of s and says how much of s it takes.
func unit(s string) (c byte, size int) {
	if s[0] == '%' && len(s) >= 3 && classes[s[1]]&classes[s[2]]&isHex != 0 {
		c, size = unhex(s[1])<<4|unhex(s[2]), 3
		for c == '%' && len(s) >= size+2 && classes[s[size]]&classes[s[size+1]]&isHex != 0 {
			c, size = unhex(s[size])<<4|unhex(s[size+1]), size+2
		}
		return c, size
	}
	if s[0] >= utf8.RuneSelf {
		switch r, n := utf8.DecodeRuneInString(s); r {
		case '\u00a0', '\u2007', '\u2009', '\u202f':
			return ' ', n
		case '\u2010', '\u2011', '\u2012', '\u2013':
			return '-', n
		}
	}
	return s[0], 1
}

func unhex(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}

// at gives the byte at i: 0 outside the text, and the end of a placeholder for
// all that lies before the last find's end.
func (v *view) at(i int) byte {
	switch {
	case i < 0 || i >= v.n:
		return 0
	case i < v.done:
		return ']'
	case v.decoded != nil:
		return v.decoded[i]
	}
	return v.s[i]
}

// is says whether the byte at i has one of the classes.
func (v *view) is(i int, class uint8) bool { return classes[v.at(i)]&class != 0 }

// offset gives the place in the text of the byte at i.
func (v *view) offset(i int) int {
	switch {
	case i >= v.n:
		return len(v.s)
	case v.decoded != nil:
		return int(v.offsets[i])
	}
	return i
}

// letter says whether a letter is at i; all that is not ASCII counts as one.
func (v *view) letter(i int) bool {
	c := v.at(i)
	return c >= utf8.RuneSelf || classes[c]&isAlnum != 0 && classes[c]&isDigit == 0
}

// wordChar says whether a letter or digit is at i.
func (v *view) wordChar(i int) bool { return v.at(i) >= utf8.RuneSelf || v.is(i, isAlnum) }

// hasPrefix compares at i, ignoring the case of ASCII letters; prefix is lower case.
func (v *view) hasPrefix(i int, prefix string) bool {
	for j := range len(prefix) {
		c := v.at(i + j)
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		if c != prefix[j] {
			return false
		}
	}
	return true
}

// hasSuffix says whether the text before end ends in suffix, ignoring case.
func (v *view) hasSuffix(end int, suffix string) bool {
	return end >= len(suffix) && v.hasPrefix(end-len(suffix), suffix)
}

// run gives the end of the bytes of a class that begin at i.
func (v *view) run(i int, class uint8) int {
	for v.is(i, class) {
		i++
	}
	return i
}
