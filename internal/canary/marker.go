package canary

import "strings"

// Kind says what a marker stands for.
type Kind string

// The kinds of markers.
const (
	Address   Kind = "address"        // of the client, however it came
	Prefix    Kind = "address-prefix" // the first three bytes of one
	Agent     Kind = "user-agent"
	Hint      Kind = "client-hint"
	Language  Kind = "language"
	Visitor   Kind = "visitor-id"
	User      Kind = "user-id"
	Order     Kind = "order-id"
	Person    Kind = "personal-text" // an e-mail, a phone number, an address or a token within a label
	Token     Kind = "token"
	Cookie    Kind = "cookie"
	Header    Kind = "header"
	Referrer  Kind = "referrer" // what a referring address has beside host and path
	Query     Kind = "query"
	Fragment  Kind = "fragment"
	UserInfo  Kind = "user-info" // name and password within a URL
	Parameter Kind = "parameter" // of the tracking API, that is used for nothing or that nobody knows
	Place     Kind = "place"     // coordinates
	LeftOut   Kind = "left-out"  // whatever a hit says that is not counted
	Malformed Kind = "malformed" // whatever a request says that is refused
	Counted   Kind = "counted"   // a label

	// Uncollected is what the site leaves alone, though others would count it.
	Uncollected Kind = "uncollected"
	Key         Kind = "visitor-key"
)

// Class says where a marker may be found.
type Class uint8

const (
	// Never is for what tells people apart: it may be found nowhere.
	Never Class = iota
	// Truncated is for what is left of an address when its end is cut off: it may
	// stand in an access log, where the operator turned that on, and nowhere else.
	Truncated
	// Kept is for labels, which are counted by design: a search that does not find
	// them proves nothing.
	Kept
	// Chosen is for what is kept because a site's settings say so. It may be found,
	// and who reads the report should know.
	Chosen
)

// Marker is a text or an address that was planted.
type Marker struct {
	Kind  Kind
	Class Class
	Name  string // where it was planted, in a word
	Site  int    // to which site it was sent; 0 for any
	Text  string
}

// Find is a marker that turned up.
type Find struct {
	*Marker
	Form   string // plain, hexadecimal, …
	Offset int
	Around string // what stands there
}

// Markers are what was planted. They are not safe for concurrent use, but for
// [Markers.In] once all are planted.
type Markers struct {
	list          []*Marker
	exact, folded index
}

// List gives all markers.
func (m *Markers) List() []*Marker { return m.list }

// Text plants a text.
func (m *Markers) Text(k Kind, c Class, name string, site int, s string) string {
	mark := &Marker{Kind: k, Class: c, Name: name, Site: site, Text: s}
	m.list = append(m.list, mark)
	if c == Kept || c == Chosen {
		m.add(mark, plain(s)) // it is looked for to be found: where it is meant to be, it stands as it is
		return s
	}
	m.add(mark, texts(s))
	m.add(mark, hashed(s))
	return s
}

// Secret plants a token that is valid. The store holds its hash, by which it is
// known again; it is long and random, so nobody can try it out.
func (m *Markers) Secret(name, s string) {
	mark := &Marker{Kind: Token, Name: name, Text: s}
	m.list = append(m.list, mark)
	m.add(mark, texts(s))
}

// Addr plants an address, as text and as bytes. A text that holds it may be sent.
func (m *Markers) Addr(name string, site int, s string) string {
	mark := &Marker{Kind: Address, Name: name, Site: site, Text: s}
	m.list = append(m.list, mark)
	m.add(mark, addresses(s))
	return s
}

func (m *Markers) add(mark *Marker, needles []needle) {
	for _, n := range needles {
		n.marker = mark
		if n.folded {
			m.folded.add(n)
		} else {
			m.exact.add(n)
		}
	}
}

// In lists the markers that a content holds, once for each form.
func (m *Markers) In(content []byte) []Find {
	finds := m.exact.search(nil, content, content)
	return m.folded.search(finds, content, fold(content))
}

// Wrong leaves out of finds what may be where it was found. accessLog says that
// they were found in an access log.
func Wrong(finds []Find, accessLog bool) (wrong []Find) {
	for _, f := range finds {
		if f.Class == Never || f.Class == Truncated && !accessLog {
			wrong = append(wrong, f)
		}
	}
	return wrong
}

// String names a find without the marker's value.
func (f Find) String() string {
	return strings.Join([]string{string(f.Kind), f.Name, f.Form}, ", ")
}
