// Package scrub keeps people out of labels. It stands at the end of anonymize,
// where a hit's free texts (paths, titles, search terms, event and campaign
// labels) become labels that a store will keep: in comes what a site wrote or a
// visitor typed, out goes the same with a placeholder for all that looks like a
// person's: [email], [phone], [ip], [card], [iban], and [token] for what a
// machine gives out to tell people apart. It forgets what stood there.
//
// It goes by looks alone. What has the shape of a phone number is taken for
// one; years, dates, prices, versions, product numbers and slugs are meant to
// stay (testdata/innocent.txt shows what must). Names and street addresses have
// no shape and pass: a site must not put them into its URLs.
//
// Start reading at [Text] and [Path]; every kind of find has a file of its own.
package scrub

import (
	"strings"
	"unicode/utf8"

	"foule.eu/foule"
)

// maxInput is how much of a text is looked at; the rest is dropped. Labels keep
// far less, so all that is kept has been looked at in its surroundings.
const maxInput = 4 * foule.MaxLabelBytes

// Text scrubs free text: a title, a search term, a label. It gives back the same
// string, without allocating, when there is nothing to replace. The result is
// valid UTF-8, and scrubbing it again changes nothing.
func Text(s string) string { return scrub(s, false) }

// Path scrubs a URL path or a query value, percent-encoded or not. It differs
// from [Text] in that "/" parts what belongs together, and session ids in
// matrix parameters (;jsessionid=…) are cut out.
func Path(p string) string { return scrub(p, true) }

func scrub(s string, path bool) string {
	if len(s) > maxInput {
		s = cut(s, maxInput)
	}
	f := survey(s, path)
	if f.highBytes && !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
		f = survey(s, path)
	}
	// A replacement gives its neighbours new surroundings, so look again until
	// nothing changes. It ends: each one eats more than it leaves of "@", digits, session ids
	// and long runs.
	for {
		before := s
		if len(s) > maxInput {
			s = cut(s, maxInput)
		}
		switch {
		case !f.suspicious():
		case f.decode:
			s = sweepDecoded(s, &f, path)
		default:
			s = sweep(s, &f, path, nil)
		}
		if s == before {
			return s
		}
		f = survey(s, path)
	}
}

// sweep looks once for each kind. room is for texts that have to be decoded.
func sweep(s string, f *features, path bool, room *buffers) string {
	v := viewOf(s, path, room)
	for k := range numKinds {
		if !f.mayHold(k, &v) {
			continue
		}
		if t, found := v.replace(k); found {
			s = t
			v = viewOf(s, path, room)
		}
	}
	return s
}

func sweepDecoded(s string, f *features, path bool) string {
	var room buffers
	return sweep(s, f, path, &room)
}

// kind is what a find is. They are looked for in this order: the certain ones
// first, phone numbers, which could be part of any other, last.
type kind uint8

const (
	session kind = iota
	email
	jwt
	iban
	card
	ipv4
	ipv6
	token
	phone
	numKinds
)

var placeholders = [numKinds]string{
	session: "", email: "[email]", jwt: "[token]", iban: "[iban]", card: "[card]",
	ipv4: "[ip]", ipv6: "[ip]", token: "[token]", phone: "[phone]",
}

// features are what one quick pass over a text learns, to rule finds out.
type features struct {
	digits, colons, dots int
	number               int  // most digits in a row, gaps allowed
	tokens, jwts         bool // a run of letters, digits and joints has the build of one
	at, semicolon        bool
	highBytes            bool // bytes that are not ASCII
	decode               bool // such bytes or escapes
}

// survey makes the pass, over decoded bytes.
func survey(s string, path bool) (f features) {
	run, part, joints := 0, 0, 0
	number, gap := 0, 0
	longest := 0
	for i := 0; i < len(s); {
		c, size := s[i], 1
		if c == '%' {
			c, size = unit(s[i:])
			f.decode = true
		}
		i += size
		class := classes[c]
		if class&isAlnum != 0 {
			run++
			part++
			if class&isDigit != 0 {
				f.digits++
				number++
				gap = 0
				f.number = max(f.number, number)
			} else {
				number = 0
			}
			continue
		}
		if gap++; gap > maxGap || c == '/' && path {
			number = 0
		}
		f.tokens = f.tokens || part >= minToken || part == 12 && run >= 36 // a UUID's last part
		part = 0
		if class&isJoint != 0 {
			run++
			joints++
			continue
		}
		f.tokens = f.tokens || run >= minToken && joints*10 <= run
		longest = max(longest, run)
		run, joints = 0, 0
		switch {
		case c == '@':
			f.at = true
		case c == ':':
			f.colons++
		case c == '.':
			f.dots++
		case c == ';':
			f.semicolon = true
		case c >= utf8.RuneSelf:
			f.highBytes = true
		}
	}
	longest = max(longest, run)
	f.tokens = f.tokens || part >= minToken || part == 12 && run >= 36 || run >= minToken && joints*10 <= run
	f.jwts = longest >= minJWTHead && (f.decode || strings.Contains(s, "eyJ"))
	f.decode = f.decode || f.highBytes
	return f
}

// suspicious says whether any kind is possible at all.
func (f *features) suspicious() bool {
	return f.at || f.semicolon || f.jwts || f.tokens || f.number >= minPhoneDigits ||
		f.digits >= minIBANDigits || f.colons >= 2 || f.dots >= 3 && f.digits >= 4
}

func (f *features) mayHold(k kind, v *view) bool {
	switch k {
	case session:
		return v.path && f.semicolon
	case email:
		return f.at
	case jwt:
		return f.jwts
	case iban:
		return f.digits >= minIBANDigits
	case card:
		return f.number >= minCardDigits
	case ipv4:
		return f.dots >= 3 && f.digits >= 4
	case ipv6:
		return f.colons >= 2
	case token:
		return f.tokens
	case phone:
		return f.number >= minPhoneDigits
	}
	return false
}

// replace puts k's placeholder in place of each find of that kind.
func (v *view) replace(k kind) (s string, found bool) {
	var out []byte
	for i := 0; i < v.n; {
		if begins[v.at(i)]>>k&1 == 0 {
			i++
			continue
		}
		start, end := v.find(k, i)
		if end <= i {
			i++
			continue
		}
		out = append(out, v.s[v.offset(v.done):v.offset(start)]...)
		out = append(out, placeholders[k]...)
		i, v.done, found = end, end, true
	}
	if !found {
		return "", false
	}
	return string(append(out, v.s[v.offset(v.done):]...)), true
}

// find looks for a find of kind k that is recognised at i, though it may begin
// before; end is 0 if there is none.
func (v *view) find(k kind, i int) (start, end int) {
	switch k {
	case session:
		return i, v.session(i)
	case email:
		return v.email(i)
	case jwt:
		return i, v.jwt(i)
	case iban:
		return i, v.iban(i)
	case card:
		return i, v.card(i)
	case ipv4:
		return i, v.ipv4(i)
	case ipv6:
		return i, v.ipv6(i)
	case token:
		return v.token(i)
	default:
		return i, v.phone(i)
	}
}
