package matomo

import (
	"strings"
	"unicode/utf8"
)

// maxChunk is the largest buffer set aside at a time for decoded strings.
const maxChunk = 64 << 10

// arena hands out strings that share few allocations. Strings handed out stay
// valid when a new chunk is begun.
type arena struct {
	buf   strings.Builder
	chunk int // bytes to set aside at a time
}

// room gives a buffer that takes n more bytes without moving.
func (a *arena) room(n int) *strings.Builder {
	if a.buf.Cap()-a.buf.Len() < n {
		a.buf = strings.Builder{}
		a.buf.Grow(max(n, a.chunk))
	}
	return &a.buf
}

// DecodeQuery reads a urlencoded query into p and overwrites all that p held.
// It cannot fail: what is not understood is absent. Broken escapes stay as
// they are; of a repeated name the last value counts, as in PHP.
func DecodeQuery(raw string, p *Params) {
	p.clear()
	d := decoder{arena: arena{chunk: min(len(raw), maxChunk)}}
	d.query(raw, p)
}

// decoder turns pairs of wire name and value into fields of Params.
type decoder struct {
	arena
	plain bool // values come decoded (JSON, multipart), not urlencoded
	list  bool // search_cat was an array, of which the first element counts
	names int  // pairs with a name seen so far, known or not
}

// begin starts another source of pairs, which overrules the ones before.
func (d *decoder) begin(plain bool) { d.plain, d.list = plain, false }

func (d *decoder) query(raw string, p *Params) {
	d.begin(false)
	for raw != "" {
		pair := raw
		if i := strings.IndexByte(raw, '&'); i >= 0 {
			pair, raw = raw[:i], raw[i+1:]
		} else {
			raw = ""
		}
		name, value := pair, ""
		if i := strings.IndexByte(pair, '='); i >= 0 {
			name, value = pair[:i], pair[i+1:]
		}
		if name != "" {
			d.pair(name, value, p)
		}
	}
}

// pair hands a value to its field. Only a name that is not known as it stands
// is worth a closer look: it may be escaped, or name an array element as in
// PHP (search_cat[]).
func (d *decoder) pair(name, value string, p *Params) {
	d.names++
	if p.set(d, name, value) {
		return
	}
	plainName := name
	if !d.plain {
		plainName, _ = d.unescape(name)
	}
	if i := strings.IndexByte(plainName, '['); i > 0 && strings.IndexByte(plainName[i:], ']') > 0 {
		d.element(plainName[:i], value, p)
	} else if len(plainName) != len(name) {
		p.set(d, plainName, value)
	}
}

// element takes an array's element: an array counts as missing, only of
// search_cat the first element is used.
func (d *decoder) element(name, value string, p *Params) {
	if name != "search_cat" {
		p.set(d, name, "")
		return
	}
	if !d.list {
		p.set(d, name, value)
		d.list = true
	}
}

// text gives the decoded value of a pair, fit for anonymize.Hit.
func (d *decoder) text(raw string) string {
	s, odd := raw, true
	if !d.plain {
		s, odd = d.unescape(raw)
	}
	if s == "undefined" {
		return ""
	}
	if odd {
		s = clean(s)
	}
	return s
}

// label is text without the blanks around it.
func (d *decoder) label(raw string) string { return trim(d.text(raw)) }

// unescape resolves %xx and +; what is no escape stays as it is. A value
// without escapes is returned itself. odd says that the result has bytes which
// clean has to look at.
func (d *decoder) unescape(s string) (out string, odd bool) {
	var seen traits
	i := 0
	for ; i < len(s); i++ {
		t := traitsOf[s[i]]
		if t&escapes != 0 {
			break
		}
		seen |= t
	}
	if i == len(s) {
		return s, seen != 0
	}
	b := d.room(len(s))
	start := b.Len()
	b.WriteString(s[:i])
	var part [256]byte // written in pieces, because that is faster than by the byte
	n := 0
	for i < len(s) {
		c := s[i]
		i++
		if c == '+' {
			c = ' '
		} else if c == '%' && i+1 < len(s) {
			if high, low := unhex[s[i]], unhex[s[i+1]]; high|low < 16 {
				c = high<<4 | low
				i += 2
			}
		}
		seen |= traitsOf[c]
		part[n] = c
		if n++; n == len(part) {
			b.Write(part[:])
			n = 0
		}
	}
	b.Write(part[:n])
	return b.String()[start:], seen&odds != 0
}

// traits are what decoding has to know of a byte.
type traits uint8

const (
	escapes traits = 1 << iota // % and +
	odds                       // part of a rune beyond ASCII, NUL, line break
)

var traitsOf = func() (t [256]traits) {
	t['%'], t['+'] = escapes, escapes
	t[0], t['\n'], t['\r'] = odds, odds, odds
	for c := utf8.RuneSelf; c < len(t); c++ {
		t[c] = odds
	}
	return t
}()

// unhex gives the value of a hexadecimal digit, 16 for any other byte.
var unhex = func() (t [256]byte) {
	for i := range t {
		t[i] = 16
	}
	for i := range byte(10) {
		t['0'+i] = i
	}
	for i := range byte(6) {
		t['a'+i], t['A'+i] = 10+i, 10+i
	}
	return t
}()

// clean gives s as valid UTF-8 without NUL and line breaks; nearly always
// that is s itself.
func clean(s string) string {
	if strings.IndexByte(s, 0) >= 0 || strings.IndexByte(s, '\n') >= 0 || strings.IndexByte(s, '\r') >= 0 {
		return strings.Map(func(r rune) rune {
			if r == 0 || r == '\n' || r == '\r' {
				return -1
			}
			return r // invalid bytes come as U+FFFD
		}, s)
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}
