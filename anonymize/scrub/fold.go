package scrub

import (
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// buffers is room for a decoded view of a text of at most maxInput bytes.
type buffers struct {
	bytes   [maxInput]byte
	offsets [maxInput]uint16
}

var rooms = sync.Pool{New: func() any { return new(buffers) }}

// odd says whether a text may read otherwise than it stands: it has escapes,
// invisible characters, or characters that look like plain ones.
func odd(s string) bool {
	for i := range len(s) {
		if classes[s[i]]&isOdd != 0 && readsOtherwise(s[i:]) {
			return true
		}
	}
	return false
}

// readsOtherwise says whether the head of s may be an escape or an odd character.
// It knows the commonest that are not, so that most titles are read as they stand.
func readsOtherwise(s string) bool {
	if len(s) < 3 {
		return s[0] != '%' && s[0] != '&' && s[0] != '\\'
	}
	switch s[0] {
	case '%':
		return classes[s[1]]&isHex != 0 || s[1]|0x20 == 'u'
	case '&':
		return s[1] == '#' || s[1] == 'c'
	case '\\':
		return s[1] == 'u' || s[1] == 'x'
	case '\xc2':
		return s[1] != '\xab' && s[1] != '\xbb' && s[1] != '\xb0' // « » °
	case '\xe2':
		if s[1] == '\x80' {
			return s[2] != '\x99' && s[2] != '\x9c' && s[2] != '\x9d' && s[2] != '\xa6' // ’ “ ” …
		}
		return s[1:3] != "\x82\xac" // €
	}
	return true
}

// decode writes a text as a person reads it: escapes decoded, also those that
// were encoded twice, what is invisible left out, and digits, letters, blanks,
// hyphens and dots in other dress as plain ones. The result is never longer than
// the text. offsets says where in the text each byte of the result begins.
func (b *buffers) decode(s string) (text []byte, offsets []uint16) {
	n, again := 0, false
	put := func(c byte, from int) {
		b.bytes[n], b.offsets[n] = c, uint16(from)
		n++
	}
	for i := 0; i < len(s); {
		c := s[i]
		if classes[c]&isOdd == 0 {
			put(c, i)
			i++
			continue
		}
		if c != '%' && c != '&' && c != '\\' {
			r, size := utf8.DecodeRuneInString(s[i:])
			n += b.putPlain(n, r, s[i:i+size], i)
			i += size
			continue
		}
		if c, size := percent(s[i:]); size > 0 {
			put(c, i)
			again = again || classes[c]&isOdd != 0
			i += size
		} else if r, size := character(s[i:]); size > 0 {
			var piece [utf8.UTFMax]byte
			n += b.putPlain(n, r, string(piece[:utf8.EncodeRune(piece[:], r)]), i)
			i += size
		} else {
			put(c, i)
			i++
		}
	}
	if again { // an escape can be a part of an odd character, too
		n = b.fold(n)
	}
	return b.bytes[:n], b.offsets[:n]
}

// putPlain writes a character, whose bytes are given, in its plain form to place
// n of the view and says how many bytes that took.
func (b *buffers) putPlain(n int, r rune, bytes string, from int) int {
	plain := plainRune(r, bytes)
	switch {
	case plain == 0:
		return 0
	case plain < utf8.RuneSelf:
		b.bytes[n], b.offsets[n] = byte(plain), uint16(from)
		return 1
	}
	for j := range len(bytes) {
		b.bytes[n+j], b.offsets[n+j] = bytes[j], uint16(from)
	}
	return len(bytes)
}

// fold writes the odd characters among n bytes in their plain form, in place: no
// form is longer.
func (b *buffers) fold(n int) int {
	out := 0
	for i := 0; i < n; {
		c, from := b.bytes[i], int(b.offsets[i])
		if classes[c]&isOdd == 0 || c == '%' || c == '&' || c == '\\' {
			b.bytes[out], b.offsets[out] = c, uint16(from)
			out++
			i++
			continue
		}
		r, size := utf8.DecodeRune(b.bytes[i:n])
		var piece [utf8.UTFMax]byte
		out += b.putPlain(out, r, string(piece[:copy(piece[:], b.bytes[i:i+size])]), from)
		i += size
	}
	return out
}

// percent reads a byte's escape at the head of s: %40, %2540 and so on. size is
// 0 for none.
func percent(s string) (c byte, size int) {
	if len(s) < 3 || s[0] != '%' || hexes(s[1:3]) < 2 {
		return 0, 0
	}
	c, size = unhex(s[1])<<4|unhex(s[2]), 3
	for c == '%' && len(s) >= size+2 && hexes(s[size:size+2]) == 2 {
		c, size = unhex(s[size])<<4|unhex(s[size+1]), size+2
	}
	if c == '\t' || c == '\n' || c == '\r' {
		c = ' '
	}
	return c, size
}

// character reads a character's escape at the head of s: %u0040, \u0040, \x40,
// &#64;, &#x40; or &commat;.
func character(s string) (r rune, size int) {
	switch {
	case len(s) < 3:
		return 0, 0
	case s[0] == '&':
		return entity(s)
	case s[0] == '\\' && s[1] == 'x' && len(s) >= 4 && hexes(s[2:4]) == 2 && s[2] < '8':
		return rune(unhex(s[2])<<4 | unhex(s[3])), 4
	case s[1]|0x20 != 'u' || len(s) < 6 || hexes(s[2:6]) < 4:
		return 0, 0
	}
	for _, c := range []byte(s[2:6]) {
		r = r<<4 | rune(unhex(c))
	}
	return r, 6
}

// entity reads a character of HTML that somebody wrote as a number.
func entity(s string) (r rune, size int) {
	if strings.HasPrefix(s, "&commat;") {
		return '@', len("&commat;")
	}
	end := strings.IndexByte(s[:min(len(s), 9)], ';')
	if end < 4 || s[1] != '#' {
		return 0, 0
	}
	digits, base := s[2:end], rune(10)
	if digits[0]|0x20 == 'x' {
		digits, base = digits[1:], 16
	}
	for _, c := range []byte(digits) {
		if classes[c]&isHex == 0 || base == 10 && c > '9' {
			return 0, 0
		}
		r = r*base + rune(unhex(c))
	}
	if r < 0x20 || r >= utf8.RuneSelf { // others are nothing that is looked for
		return 0, 0
	}
	return r, end + 1
}

// hexes counts the hexadecimal digits that s begins with.
func hexes(s string) (n int) {
	for n < len(s) && classes[s[n]]&isHex != 0 {
		n++
	}
	return n
}

// plainRune gives the ASCII character that r, whose bytes are given, looks like:
// 0 if it shows nothing, r itself if it is like none.
func plainRune(r rune, bytes string) rune {
	switch {
	case invisible(r):
		return 0
	case r < utf8.RuneSelf:
		return r
	case r >= '\u2010' && r <= '\u2015', r == '\u2212':
		return '-'
	case r == '\u00b7', r == '\u3002', r == '\uff61', r == '\u2027':
		return '.'
	case r == '\u2044', r == '\u2215':
		return '/'
	}
	for _, zero := range [...]rune{0x660, 0x6f0, 0x966, 0x9e6} { // Arabic, Persian, Devanagari, Bengali
		if r >= zero && r < zero+10 {
			return '0' + r - zero
		}
	}
	if d := norm.NFKD.PropertiesString(bytes).Decomposition(); len(d) == 1 && d[0] < utf8.RuneSelf {
		return rune(d[0])
	}
	return r
}

// invisible says whether a character shows nothing: controls, soft hyphens,
// blanks without width, joiners, and marks that turn the direction of writing.
func invisible(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7f && r < 0xa0, r == '\u00ad', r == '\u034f', r == '\u061c', r == '\u180e', r == '\ufeff',
		r >= '\u200b' && r <= '\u200f', r >= '\u2028' && r <= '\u202e', r >= '\u2060' && r <= '\u206f', r >= '\ufe00' && r <= '\ufe0f':
		return true
	}
	return false
}
