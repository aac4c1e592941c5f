package canary

import (
	"crypto/rand"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"foule.eu/foule"
)

// Plan is what is sent to a collector, and what is looked for afterwards. The
// markers of a plan are its own: no other has them.
type Plan struct {
	Markers
	// Probes are requests. They can be sent again and again; those of Counting have
	// to be sent once at least.
	Probes []Probe
	// Counting are the hits whose labels have to turn up in the store.
	Counting []Probe
	// Garbage is what is no HTTP at all, to be written to a connection as it is.
	Garbage []string
	// Tag stands in every text that may be found nowhere, and in no other: a word to
	// search other places for, such as a server's logs.
	Tag string

	Options
	keep string // stands in every text that is counted
	from string // address of hits that are about something else
	site foule.Site
	host string // of the site's pages
}

// Options say to what kind of collector a plan will be sent.
type Options struct {
	Token   string // may write to every site
	Sharers int    // visitors who have to share a label before the store holds it: the setting k
	Header  string // in which the collector believes this machine about the client's address
}

// NewPlan gives a plan without sites.
func NewPlan(o Options) *Plan {
	o.Sharers = max(o.Sharers, 1)
	p := &Plan{Tag: "zq" + letters(8), keep: "ok" + letters(8), Options: o}
	p.Secret("valid-token", o.Token)
	p.from = p.addr("from", ipv4())
	return p
}

// letters is a random word: no digits, so that no scrubbing takes it for a token.
func letters(n int) string {
	b := make([]byte, n)
	rand.Read(b)
	for i := range b {
		b[i] = 'a' + b[i]%26
	}
	return string(b)
}

func digits(n int) string {
	b := make([]byte, n)
	rand.Read(b)
	for i := range b {
		b[i] = '1' + b[i]%9
	}
	return string(b)
}

func hexadecimal(n int) string {
	b := make([]byte, (n+1)/2)
	rand.Read(b)
	return fmt.Sprintf("%x", b)[:n]
}

// Add plans the hits of a site, as its settings are.
func (p *Plan) Add(site foule.Site) {
	p.site, p.host = site, hostOf(site)
	p.count()
	for _, plan := range []func(){p.identities, p.headers, p.links, p.persons, p.addresses, p.leftOut, p.refused, p.beyond, p.others, p.uncollected} {
		plan()
	}
}

// hostOf is a host whose pages the site counts.
func hostOf(s foule.Site) string {
	if len(s.Hosts) == 0 {
		return "example.org"
	}
	if wild, ok := strings.CutPrefix(s.Hosts[0], "*."); ok {
		return "www." + wild
	}
	return s.Hosts[0]
}

// never plants a word that may be found nowhere.
func (p *Plan) never(k Kind, name string) string { return p.word(k, Never, name) }

func (p *Plan) word(k Kind, c Class, name string) string {
	tag := p.Tag
	if c == Kept || c == Chosen {
		tag = p.keep
	}
	return p.Text(k, c, name, int(p.site.ID), "canary"+name+number(int(p.site.ID))+tag)
}

// number writes a number in letters.
func number(n int) string {
	b := []byte{'a'}
	for ; n > 0; n /= 26 {
		b = append(b, 'a'+byte(n%26))
	}
	return string(b)
}

// given plants a text that is not of the plan's making.
func (p *Plan) given(k Kind, name, text string) string {
	return p.Text(k, Never, name, int(p.site.ID), text)
}

// inQuery plants the value of a parameter of a page's URL: never to be found,
// unless the site keeps the parameter or takes it for one of its search.
func (p *Plan) inQuery(param string) string {
	class := Never
	if !click(param) && slices.Contains(p.site.KeepQuery, param) || slices.Contains(p.searched(), param) {
		class = Chosen
	}
	return p.word(Query, class, "query"+lettersOf(param))
}

// searched are the parameters that the site takes for those of its search.
func (p *Plan) searched() []string {
	if p.site.NoSiteSearch {
		return nil
	}
	if len(p.site.SearchParams) == 0 {
		return []string{"q", "query", "s", "search", "searchword", "k", "keyword", "keywords"}
	}
	return slices.Concat(p.site.SearchParams, p.site.SearchCategoryParams)
}

// click says that a parameter is one that a site cannot keep.
func click(param string) bool { return param == "gclid" || param == "fbclid" }

func lettersOf(s string) string {
	return strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' {
			return r
		}
		return -1
	}, strings.ToLower(s))
}

// hit is a page view of the site with more parameters.
func (p *Plan) hit(more ...string) url.Values {
	q := url.Values{"idsite": {fmt.Sprint(p.site.ID)}, "rec": {"1"}, "send_image": {"0"}, "url": {p.page("/")}}
	for i := 0; i < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return q
}

func (p *Plan) page(path string) string { return "https://" + p.host + path }

// add plans requests. Those that say nothing of their client's address come from
// one that an operator who leaves out its own machines does not leave out.
func (p *Plan) add(list ...Probe) {
	for i := range list {
		one := &list[i]
		if one.Status == 0 {
			one.Status = 204
		}
		if one.Headers[p.Header] == "" && one.Peer == "" {
			headers := map[string]string{p.Header: p.from}
			maps.Copy(headers, one.Headers)
			one.Headers = headers
		}
	}
	p.Probes = append(p.Probes, list...)
}
