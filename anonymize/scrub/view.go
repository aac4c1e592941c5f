package scrub

import (
	"unicode"
	"unicode/utf8"
)

const (
	isAlnum uint8 = 1 << iota
	isDigit
	isHex
	isUpper
	isJoint // between the parts of a slug or inside a token
	isOdd   // part of an escape or of a character that may be written otherwise
	isBlank
)

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
		case b < 0x20, b == 0x7f:
			t[c] = isOdd
		}
		if c >= 'A' && c <= 'Z' {
			t[c] |= isUpper
		}
	}
	for _, c := range "-_+" {
		t[c] |= isJoint
	}
	for _, c := range []byte("%&\\\xc2\xcd\xd8\xd9\xdb\xe0\xe1\xe2\xe3\xef\xf0") {
		t[c] |= isOdd
	}
	t[' '] = isBlank
	return t
}()

// begins says at which bytes a find of each kind is recognised: bit k is kind k.
var begins = func() (t [256]uint32) {
	for c := range t {
		class := classes[c]
		letter := class&isAlnum != 0 && class&isDigit == 0
		for k, ok := range [numKinds]bool{
			session:  c == ';',
			userInfo: c == ':',
			query:    c == ':' || c == '?',
			email:    c == '@',
			spelled:  c == '@' || c|0x20 == 'a',
			encoded:  class&isAlnum != 0,
			jwt:      c == 'e',
			iban:     letter,
			card:     class&isDigit != 0,
			nir:      c == '1' || c == '2' || c == '7' || c == '8',
			ipv4:     class&isDigit != 0,
			ipv6:     class&isHex != 0,
			mac:      class&isHex != 0,
			place:    class&isDigit != 0 || c == '-',
			token:    class&(isAlnum|isJoint) != 0,
			phone:    class&isDigit != 0 || c == '+' || c == '(',
			secret:   c == '=' || c == ':',
		} {
			if ok {
				t[c] |= 1 << k
			}
		}
	}
	return t
}()

// view is a text as a person reads it ([buffers.decode]). Its indexes count
// decoded bytes; offset leads back to the text.
type view struct {
	s       string
	text    []byte // decoded
	n       int
	done    int // what lies before has been copied or replaced already
	mode    mode
	path    bool     // of either mode
	offsets []uint16 // of each decoded byte in s; nil: as they stand
}

// viewOf makes the view of a text in a room, which it takes up.
func viewOf(s string, m mode, room *buffers) view {
	v := view{s: s, mode: m, path: m != inText}
	if odd(s) {
		v.text, v.offsets = room.decode(s)
	} else {
		v.text = room.bytes[:copy(room.bytes[:], s)]
	}
	v.n = len(v.text)
	return v
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
	if uint(i) >= uint(len(v.text)) {
		return 0
	}
	if i < v.done {
		return ']'
	}
	return v.text[i]
}

// is says whether the byte at i has one of the classes.
func (v *view) is(i int, class uint8) bool { return classes[v.at(i)]&class != 0 }

// offset gives the place in the text of the byte at i.
func (v *view) offset(i int) int {
	switch {
	case i >= v.n:
		return len(v.s)
	case v.offsets != nil:
		return int(v.offsets[i])
	}
	return i
}

// letter says whether a letter is at i, of any script.
func (v *view) letter(i int) bool {
	if v.at(i) >= utf8.RuneSelf {
		return v.foreign(i)
	}
	return v.is(i, isAlnum) && !v.is(i, isDigit)
}

// wordChar says whether a letter or digit is at i, of any script.
func (v *view) wordChar(i int) bool {
	if v.at(i) >= utf8.RuneSelf {
		return v.foreign(i)
	}
	return v.is(i, isAlnum)
}

// foreign says whether the character beyond ASCII of which a byte is at i is a
// letter, and no sign or picture.
func (v *view) foreign(i int) bool {
	for j := 0; j < utf8.UTFMax-1 && !utf8.RuneStart(v.at(i)); j++ {
		i--
	}
	var b [utf8.UTFMax]byte
	for j := range b {
		b[j] = v.at(i + j)
	}
	r, _ := utf8.DecodeRune(b[:])
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r) || r == utf8.RuneError
}

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

// word gives the length of the word at i if it is one of the words, else 0.
func (v *view) word(i int, words []string) int {
	for _, w := range words {
		if v.hasPrefix(i, w) && !v.wordChar(i+len(w)) {
			return len(w)
		}
	}
	return 0
}

// run gives the end of the bytes of a class that begin at i.
func (v *view) run(i int, class uint8) int {
	for v.is(i, class) {
		i++
	}
	return i
}

// back gives the beginning of the bytes of a class that end before i.
func (v *view) back(i int, class uint8) int {
	for v.is(i-1, class) {
		i--
	}
	return i
}
