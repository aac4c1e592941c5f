// Package scrub keeps people out of labels. It stands at the end of anonymize,
// where a hit's free texts (paths, titles, search terms, event and campaign
// labels) become labels that a store will keep: in comes what a site wrote or a
// visitor typed, out goes the same with a placeholder for all that looks like a
// person's: [email], [phone], [ip], [mac], [place], [card], [iban], [nir],
// [secret] for what follows password= and the like, and [token] for what a
// machine gives out to tell people apart. Of a URL within a text, user, query and
// fragment go without a trace. It forgets what stood there.
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
func Text(s string) string { return scrub(s, inText) }

// Path scrubs a URL path or a query value, percent-encoded or not. It differs
// from [Text] in that "/" parts what belongs together, and session ids in
// matrix parameters (;jsessionid=…) are cut out.
func Path(p string) string { return scrub(p, inPath) }

// mode is what kind of text something is found in.
type mode uint8

const (
	inText        mode = iota
	inPath             // "/" parts what belongs together
	inWrittenPath      // a path that somebody wrote down, perhaps with its query
)

func scrub(s string, m mode) string {
	if m == inText && strings.HasPrefix(s, "/") {
		m = inWrittenPath
	}
	s = cut(s, maxInput)
	if !utf8.ValidString(s) {
		s = cut(strings.ToValidUTF8(s, "\uFFFD"), maxInput)
	}
	if !odd(s) {
		if f := survey(s, m); !f.suspicious() {
			return s
		}
	}
	room := rooms.Get().(*buffers)
	defer rooms.Put(room)
	// A replacement gives its neighbours new surroundings, so look again until
	// nothing changes.
	for range maxRounds {
		before := s
		if s = sweep(s, m, room); s == before {
			return s
		}
	}
	return Removed
}

// maxRounds is how often a text is looked at. Few need more than two; what is not
// done after so many was made to keep us busy, and is removed whole.
const maxRounds = 10

// sweep looks once for each kind.
func sweep(s string, m mode, room *buffers) string {
	v := viewOf(s, m, room)
	f := survey(v.text, m)
	for k := range numKinds {
		if !f.mayHold(k, m) {
			continue
		}
		if t, found := v.replace(k); found {
			s = cut(t, maxInput)
			v = viewOf(s, m, room)
		}
	}
	return s
}

// kind is what a find is. They are looked for in this order: the certain ones
// first, phone numbers, which could be part of any other, last.
type kind uint8

const (
	session kind = iota
	userInfo
	query
	email
	spelled
	jwt
	encoded
	iban
	card
	nir
	ipv4
	ipv6
	mac
	place
	token
	phone
	secret
	numKinds
)

var placeholders = [numKinds]string{
	session: "", userInfo: "", query: "", email: "[email]", spelled: "[email]", encoded: "[token]", jwt: "[token]",
	iban: "[iban]", card: "[card]", nir: "[nir]", ipv4: "[ip]", ipv6: "[ip]", mac: "[mac]", place: "[place]",
	token: "[token]", phone: "[phone]", secret: "[secret]",
}

// replace puts k's placeholder in place of each find of that kind.
func (v *view) replace(k kind) (s string, found bool) {
	var out []byte
	for i := 0; i < len(v.text); {
		if begins[v.text[i]]>>k&1 == 0 {
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
// before or after; end is 0 if there is none.
func (v *view) find(k kind, i int) (start, end int) {
	switch k {
	case session:
		return i, v.session(i)
	case userInfo:
		return v.userInfo(i)
	case query:
		return v.query(i)
	case email:
		return v.email(i)
	case spelled:
		return v.spelled(i)
	case encoded:
		return i, v.encoded(i)
	case jwt:
		return i, v.jwt(i)
	case iban:
		return i, v.iban(i)
	case card:
		return i, v.card(i)
	case nir:
		return i, v.nir(i)
	case ipv4:
		return i, v.ipv4(i)
	case ipv6:
		return i, v.ipv6(i)
	case mac:
		return i, v.mac(i)
	case place:
		return i, v.place(i)
	case token:
		return v.token(i)
	case phone:
		return i, v.phone(i)
	default:
		return v.secret(i)
	}
}
