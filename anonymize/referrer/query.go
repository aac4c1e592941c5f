package referrer

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxValueRunes is how much of a campaign value or keyword Matomo keeps.
const maxValueRunes = 255

// cutPair takes the first name=value pair off a query string; both stay
// encoded. A pair from a link whose "&" was written as "&amp;" loses the rest
// of that entity.
func cutPair(query string) (name, value, rest string) {
	pair, rest, _ := strings.Cut(query, "&")
	name, value, _ = strings.Cut(strings.TrimPrefix(pair, "amp;"), "=")
	return name, value, rest
}

// param gives the raw value of the first parameter of that name which has one.
func param(query, name string) string {
	for query != "" {
		n, v, rest := cutPair(query)
		if n == name && v != "" {
			return v
		}
		query = rest
	}
	return ""
}

// decodeValue decodes a raw query value ("+" is a blank, a broken "%" stands for
// itself), replaces what is not UTF-8, drops control characters and trims.
func decodeValue(raw string) string {
	b := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		switch {
		case c == '+':
			c = ' '
		case c == '%' && i+2 < len(raw) && isHex(raw[i+1]) && isHex(raw[i+2]):
			c = unhex(raw[i+1])<<4 | unhex(raw[i+2])
			i += 2
		}
		b = append(b, c)
	}
	var out strings.Builder
	out.Grow(len(b))
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		b = b[size:]
		if !unicode.IsControl(r) {
			out.WriteRune(r)
		}
	}
	return strings.TrimSpace(out.String())
}

// Fold writes a campaign value or keyword the way Matomo compares and keeps it:
// in lower case, trimmed, at most 255 characters.
func Fold(value string) string {
	value = strings.ToLower(strings.TrimSpace(value))
	for i, n := 0, 0; i < len(value); n++ {
		if n == maxValueRunes {
			return strings.TrimSpace(value[:i])
		}
		_, size := utf8.DecodeRuneInString(value[i:])
		i += size
	}
	return value
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f'
}

func unhex(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}
