package matomo

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// maxDepth bounds the nesting of JSON, as PHP does.
const maxDepth = 512

// scanner reads JSON from front to back. The first fault makes it bad and
// moves it to the end; what it gave from then on means nothing.
type scanner struct {
	arena
	s   string
	i   int
	bad bool
}

func (sc *scanner) fail() { sc.bad, sc.i = true, len(sc.s) }

// peek gives the next byte that is no white space, 0 at the end.
func (sc *scanner) peek() byte {
	for ; sc.i < len(sc.s); sc.i++ {
		switch c := sc.s[sc.i]; c {
		case ' ', '\t', '\n', '\r':
		default:
			return c
		}
	}
	return 0
}

func (sc *scanner) expect(c byte) {
	if sc.peek() != c {
		sc.fail()
		return
	}
	sc.i++
}

// more walks through the elements of an array or the members of an object:
// it steps over the opening byte or a comma and says whether an element
// follows, or over the closing byte.
func (sc *scanner) more(first *bool, closing byte) bool {
	if sc.bad {
		return false
	}
	c := sc.peek()
	switch {
	case *first:
		*first = false
		if c != closing {
			return true
		}
		sc.i++
	case c == ',':
		sc.i++
		return true
	case c == closing:
		sc.i++
	default:
		sc.fail()
	}
	return false
}

// key reads the name of a member and the colon behind it.
func (sc *scanner) key() string {
	if sc.peek() != '"' {
		sc.fail()
		return ""
	}
	name := sc.str()
	sc.expect(':')
	return name
}

// scalar reads a value as PHP would write it into a parameter: strings and
// numbers as they are, true as "1"; false, null, arrays and objects as "".
func (sc *scanner) scalar() string {
	switch c := sc.peek(); {
	case c == '"':
		return sc.str()
	case c == '-' || c >= '0' && c <= '9':
		return phpNumber(sc.number())
	case c == 't':
		sc.literal("true")
		return "1"
	default:
		sc.skip(maxDepth)
		return ""
	}
}

// skip steps over any value.
func (sc *scanner) skip(depth int) {
	if depth == 0 {
		sc.fail()
		return
	}
	switch c := sc.peek(); {
	case c == '"':
		sc.skipStr()
	case c == '{':
		sc.i++
		for first := true; sc.more(&first, '}'); {
			if sc.peek() != '"' {
				sc.fail()
				return
			}
			sc.skipStr()
			sc.expect(':')
			sc.skip(depth - 1)
		}
	case c == '[':
		sc.i++
		for first := true; sc.more(&first, ']'); {
			sc.skip(depth - 1)
		}
	case c == '-' || c >= '0' && c <= '9':
		sc.number()
	case c == 't':
		sc.literal("true")
	case c == 'f':
		sc.literal("false")
	case c == 'n':
		sc.literal("null")
	default:
		sc.fail()
	}
}

func (sc *scanner) literal(word string) {
	if !strings.HasPrefix(sc.s[sc.i:], word) {
		sc.fail()
		return
	}
	sc.i += len(word)
}

// number reads a JSON number and gives its text.
func (sc *scanner) number() string {
	start := sc.i
	if sc.s[sc.i] == '-' {
		sc.i++
	}
	whole := sc.digits()
	if whole == "" || whole[0] == '0' && len(whole) > 1 {
		sc.fail()
		return ""
	}
	if sc.at('.') {
		sc.i++
		if sc.digits() == "" {
			sc.fail()
			return ""
		}
	}
	if sc.at('e') || sc.at('E') {
		sc.i++
		if sc.at('+') || sc.at('-') {
			sc.i++
		}
		if sc.digits() == "" {
			sc.fail()
			return ""
		}
	}
	return sc.s[start:sc.i]
}

func (sc *scanner) at(c byte) bool { return sc.i < len(sc.s) && sc.s[sc.i] == c }

func (sc *scanner) digits() string {
	start := sc.i
	for sc.i < len(sc.s) && sc.s[sc.i] >= '0' && sc.s[sc.i] <= '9' {
		sc.i++
	}
	return sc.s[start:sc.i]
}

// phpNumber writes 1.0 and 1e3 as "1" and "1000", which then are ints.
func phpNumber(s string) string {
	if !strings.ContainsAny(s, ".eE") {
		return s
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f > 1e15 || f < -1e15 {
		return s
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// skipStr steps over a string and says whether it has escapes. Line breaks
// are let through, as Matomo removes them before it decodes.
func (sc *scanner) skipStr() (escaped bool) {
	sc.i++
	for sc.i < len(sc.s) {
		switch c := sc.s[sc.i]; {
		case c == '"':
			sc.i++
			return escaped
		case c == '\\':
			escaped = true
			if !sc.escape() {
				sc.fail()
				return false
			}
		case c < ' ' && c != '\n' && c != '\r':
			sc.fail()
			return false
		default:
			sc.i++
		}
	}
	sc.fail()
	return false
}

// escape steps over one escape if it is well formed.
func (sc *scanner) escape() bool {
	rest := sc.s[sc.i:]
	switch {
	case len(rest) < 2:
		return false
	case rest[1] == 'u':
		_, ok := hex4(rest)
		sc.i += 6
		return ok
	}
	sc.i += 2
	return unescaped(rest[1]) != 0
}

// unescaped gives the byte that a one-letter escape stands for, 0 for none.
func unescaped(c byte) byte {
	switch c {
	case '"', '\\', '/':
		return c
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return 0
}

// hex4 reads the digits of a \uXXXX at the front of s.
func hex4(s string) (rune, bool) {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return 0, false
	}
	var r rune
	for _, c := range []byte(s[2:6]) {
		if unhex[c] > 15 {
			return 0, false
		}
		r = r<<4 | rune(unhex[c])
	}
	return r, true
}

// str reads a string.
func (sc *scanner) str() string {
	start := sc.i + 1
	escaped := sc.skipStr()
	if sc.bad {
		return ""
	}
	s := sc.s[start : sc.i-1]
	if !escaped {
		return s
	}
	b := sc.room(len(s))
	begin := b.Len()
	for {
		run := strings.IndexByte(s, '\\')
		if run < 0 {
			b.WriteString(s)
			return b.String()[begin:]
		}
		b.WriteString(s[:run])
		s = s[run:]
		if s[1] != 'u' {
			b.WriteByte(unescaped(s[1]))
			s = s[2:]
			continue
		}
		r, _ := hex4(s)
		s = s[6:]
		if utf16.IsSurrogate(r) {
			// Half a pair is replaced; Matomo would refuse the whole bulk.
			low, _ := hex4(s)
			if r = utf16.DecodeRune(r, low); r != utf8.RuneError {
				s = s[6:]
			}
		}
		b.WriteRune(r)
	}
}
