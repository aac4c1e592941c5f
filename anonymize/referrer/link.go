package referrer

import (
	"strings"
	"unicode/utf8"
)

// link is a referrer URL taken apart. Its parts share the URL's memory.
type link struct {
	host     string // lower case, without user info, port and trailing dot; of an app its package name
	path     string // begins with "/" or is empty; ends before matrix parameters
	query    string // without "?"
	fragment string // without "#"
}

// maxHostBytes is the longest host name there is (RFC 1035).
const maxHostBytes = 253

// parseLink takes a URL apart; ok is false if it does not look like one:
// scheme://host… or //host… with a host made of letters, digits, "-", "_", "."
// and non-ASCII characters, or an IPv6 address in brackets.
func parseLink(ref string) (l link, ok bool) {
	rest, ok := cutScheme(strings.TrimSpace(ref))
	if !ok {
		return link{}, false
	}
	end := 0
	for end < len(rest) && rest[end] != '/' && rest[end] != '?' && rest[end] != '#' && rest[end] != '\\' {
		end++
	}
	host, rest := rest[:end], rest[end:]
	if i := strings.LastIndexByte(host, '@'); i >= 0 {
		host = host[i+1:]
	}
	if l.host, ok = cleanHost(host); !ok {
		return link{}, false
	}
	if len(rest) <= 1 { // what most browsers send
		l.path = strings.TrimRight(rest, "?#")
		return l, true
	}
	rest, l.fragment, _ = strings.Cut(rest, "#")
	rest, l.query, _ = strings.Cut(rest, "?")
	l.path, _, _ = strings.Cut(rest, ";")
	return l, true
}

func cutScheme(s string) (rest string, ok bool) {
	if rest, ok = strings.CutPrefix(s, "https://"); ok {
		return rest, true
	}
	i := strings.Index(s, "//")
	if i == 0 {
		return s[2:], true
	}
	if i < 2 || s[i-1] != ':' {
		return "", false
	}
	scheme := s[:i-1]
	for j := range len(scheme) {
		c := scheme[j] | 0x20
		if (c < 'a' || c > 'z') && (j == 0 || !strings.ContainsRune("0123456789+-.", rune(scheme[j]))) {
			return "", false
		}
	}
	switch {
	case strings.EqualFold(scheme, "javascript"), strings.EqualFold(scheme, "vbscript"), strings.EqualFold(scheme, "data"):
		return "", false
	}
	return s[i+2:], true
}

func cleanHost(host string) (string, bool) {
	if strings.HasPrefix(host, "[") {
		i := strings.IndexByte(host, ']')
		if i < 0 || strings.Trim(host[1:i], "0123456789abcdefABCDEF:.") != "" {
			return "", false
		}
		return strings.ToLower(host[:i+1]), i > 1
	}
	if i := strings.IndexByte(host, ':'); i >= 0 {
		host = host[:i]
	}
	host = strings.TrimSuffix(host, ".")
	if host == "" || len(host) > maxHostBytes || host[0] == '.' {
		return "", false
	}
	plain := true
	for i := range len(host) {
		c := host[i]
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '.', c == '-', c == '_':
		case c >= 'A' && c <= 'Z', c >= utf8.RuneSelf:
			plain = false
		default:
			return "", false
		}
	}
	if plain {
		return host, true
	}
	return strings.ToLower(host), utf8.ValidString(host)
}
