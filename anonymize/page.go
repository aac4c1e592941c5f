package anonymize

import (
	"strings"
	"unicode/utf8"
)

// address is a URL taken apart; its parts are as sent. Scheme, user info and
// port are not kept.
type address struct {
	host            string // lower case
	path            string
	query, fragment string
}

// splitURL takes a URL apart as Matomo accepts it (tracking.md §8): any scheme,
// or "//host". ok is false for anything else, javascript: and data: included.
func splitURL(raw string) (a address, ok bool) {
	i := strings.Index(raw, "//")
	if i < 0 || i == 1 || i > 1 && raw[i-1] != ':' || strings.ContainsAny(raw[:i], "/?#") {
		return address{}, false
	}
	rest := raw[i+2:]
	rest, a.fragment, _ = strings.Cut(rest, "#")
	rest, a.query, _ = strings.Cut(rest, "?")
	authority := rest
	if j := strings.IndexByte(rest, '/'); j >= 0 {
		authority, a.path = rest[:j], rest[j:]
	}
	if j := strings.LastIndexByte(authority, '@'); j >= 0 {
		authority = authority[j+1:]
	}
	if j := strings.LastIndexByte(authority, ':'); j >= 0 && !strings.HasSuffix(authority, "]") {
		authority = authority[:j]
	}
	a.host = strings.ToLower(authority)
	return a, true
}

// plainPath is the path as sent, without matrix parameters, which are like a query.
func (a *address) plainPath() string {
	path, _, _ := strings.Cut(a.path, ";")
	if path == "" {
		return "/"
	}
	return path
}

// unescape decodes percent escapes for reading. Escapes of characters that
// mean something in a URL (/ ? # % & and control characters) stay, and so does
// a text that would not be UTF-8.
func unescape(s string) string {
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if c := fromHex(s[i+1])<<4 | fromHex(s[i+2]); fromHex(s[i+1]) < 16 && fromHex(s[i+2]) < 16 && mayDecode(c) {
				b = append(b, c)
				i += 2
				continue
			}
		}
		b = append(b, s[i])
	}
	if !utf8.Valid(b) {
		return s
	}
	return string(b)
}

func mayDecode(c byte) bool {
	return c >= 0x20 && c != 0x7f && c != '/' && c != '?' && c != '#' && c != '%' && c != '&'
}

// fromHex gives 0xff for what is no hexadecimal digit.
func fromHex(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10
	}
	return 0xff
}

// queryValue finds the first non-empty value of a parameter, ignoring the
// case of its name, and decodes it; "+" is a blank.
func queryValue(query, name string) string {
	for query != "" {
		var pair string
		pair, query, _ = strings.Cut(query, "&")
		key, value, _ := strings.Cut(pair, "=")
		if value == "" || !strings.EqualFold(strings.TrimSuffix(key, "[]"), name) {
			continue
		}
		return decodeValue(value)
	}
	return ""
}

func decodeValue(value string) string {
	value = strings.ReplaceAll(value, "+", " ")
	b := make([]byte, 0, len(value))
	for i := 0; i < len(value); i++ {
		c := value[i]
		if c == '%' && i+2 < len(value) && fromHex(value[i+1]) < 16 && fromHex(value[i+2]) < 16 {
			c = fromHex(value[i+1])<<4 | fromHex(value[i+2])
			i += 2
		}
		b = append(b, c)
	}
	return strings.ToValidUTF8(string(b), "\uFFFD")
}
