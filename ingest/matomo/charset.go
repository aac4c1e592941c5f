package matomo

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
)

// reencodeQuery rewrites the query of a page URL from the page's charset to
// UTF-8. Browsers escape the query of a link in the charset of the page that
// holds it, but a path always as UTF-8.
func reencodeQuery(url, charset string) string {
	if charset == "" {
		return url
	}
	end := strings.IndexByte(url, '#')
	if end < 0 {
		end = len(url)
	}
	start := strings.IndexByte(url[:end], '?') + 1
	if start == 0 || strings.IndexByte(url[start:end], '%') < 0 {
		return url
	}
	from := charsetByName(charset)
	if from == nil {
		return url
	}
	var b strings.Builder
	b.WriteString(url[:start])
	query := url[start:end]
	for query != "" {
		i := strings.IndexAny(query, "&=")
		if i < 0 {
			i = len(query)
		}
		b.WriteString(reencodePart(query[:i], from))
		if query = query[i:]; query != "" {
			b.WriteByte(query[0])
			query = query[1:]
		}
	}
	b.WriteString(url[end:])
	return b.String()
}

// charsetByName knows the names that browsers know. Charsets that do not
// contain ASCII, and the one we want anyway, are nothing to convert from.
func charsetByName(name string) encoding.Encoding {
	from, err := htmlindex.Get(name)
	if err != nil {
		return nil
	}
	switch canonical, _ := htmlindex.Name(from); canonical {
	case "", "utf-8", "utf-16be", "utf-16le", "replacement":
		return nil
	}
	return from
}

// reencodePart rewrites one name or value. If its bytes are valid UTF-8
// already it stays as sent: matomo.js names a charset even where the browser
// wrote UTF-8, and text in other charsets is hardly ever valid UTF-8.
func reencodePart(part string, from encoding.Encoding) string {
	var d decoder
	raw, _ := d.unescape(part)
	if utf8.ValidString(raw) {
		return part
	}
	text, err := from.NewDecoder().String(raw)
	if err != nil {
		return part
	}
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(text) {
		switch c := text[i]; {
		case c == ' ':
			b.WriteByte('+')
		case isLetter(c) || c >= '0' && c <= '9' || strings.IndexByte("-_.~", c) >= 0:
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
	}
	return b.String()
}
