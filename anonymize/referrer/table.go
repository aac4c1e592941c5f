package referrer

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"foule.eu/foule"
)

//go:embed data/*.txt
var data embed.FS

// sources is the table of all known hosts; nothing changes it once it is built.
var sources = loadTable()

// source is one line of a data file.
type source struct {
	name    string
	channel foule.Channel
	spam    bool
	params  []string // query parameters that carry the keyword
	rank    int      // of the file: where two know a host, the lower wins
}

// rule ties a host pattern to a source. The grammar of a pattern is
//
//	[reach] host [".*"] ["/" path] ["?" [param "=" value]]
//
// A path matches itself and what lies below it. A parameter must be in the
// query with that value; a bare "?" asks for any of the source's keyword
// parameters, for hosts that are more than a search engine (a portal's own
// articles are no search results).
type rule struct {
	src          *source
	reach        reach
	path         string
	param, value string
	keyed        bool
}

// reach says which hosts in front of the pattern's host are meant too.
type reach uint8

const (
	reachSelf    reach = iota // www, www2, m: the same site (search.txt)
	reachCountry              // "*.": also a country label (fr.)
	reachAll                  // ".": also every sub-domain (all other files)
)

// table finds rules by host. In stems stand the patterns "host.*", under host.
type table struct {
	hosts, stems map[string][]rule
}

func loadTable() *table {
	t := &table{hosts: make(map[string][]rule, 1<<13), stems: make(map[string][]rule, 1<<6)}
	for rank, f := range []struct {
		file    string
		channel foule.Channel
		reach   reach
	}{
		{"spam", foule.ChannelWebsite, reachAll},
		{"ai", foule.ChannelAI, reachAll},
		{"search", foule.ChannelSearch, reachSelf},
		{"social", foule.ChannelSocial, reachAll},
		{"email", foule.ChannelEmail, reachAll},
	} {
		text, err := data.ReadFile("data/" + f.file + ".txt")
		if err != nil {
			panic(err)
		}
		for line := range strings.Lines(string(text)) {
			if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
				continue
			}
			src, patterns := parseLine(line, f.file)
			src.channel, src.rank = f.channel, rank
			for _, p := range patterns {
				t.add(src, p, f.reach)
			}
		}
	}
	t.sort()
	return t
}

// parseLine reads "host" of the spam file, "name | params | hosts" of the
// search file and "name | hosts" of the others.
func parseLine(line, file string) (*source, []string) {
	if file == "spam" {
		return &source{spam: true}, []string{line}
	}
	fields := strings.Split(line, "|")
	for i := range fields {
		fields[i] = strings.TrimSpace(fields[i])
	}
	src := &source{name: fields[0]}
	if file == "search" {
		if fields[1] != "" {
			src.params = strings.Split(fields[1], ",")
		}
		fields = fields[1:]
	}
	if len(fields) != 2 {
		panic(fmt.Sprintf("referrer: data/%s.txt: line %q: wrong number of fields", file, line))
	}
	return src, strings.Fields(fields[1])
}

func (t *table) add(src *source, pattern string, natural reach) {
	r := rule{src: src, reach: natural}
	host, query, ok := strings.Cut(pattern, "?")
	if r.param, r.value, _ = strings.Cut(query, "="); ok && query == "" {
		r.keyed = true
	}
	if i := strings.IndexByte(host, '/'); i >= 0 {
		host, r.path = host[:i], host[i:]
	}
	switch {
	case strings.HasPrefix(host, "*."):
		host, r.reach = host[2:], reachCountry
	case strings.HasPrefix(host, "."):
		host, r.reach = host[1:], reachAll
	}
	if stem, ok := strings.CutSuffix(host, ".*"); ok {
		t.stems[stem] = append(t.stems[stem], r)
		host = stem + ".com" // so that the commonest ending is found at once
	}
	t.hosts[host] = append(t.hosts[host], r)
}

// sort puts the rules of a host in the order in which they are to be tried:
// by file, then the narrower before the wider.
func (t *table) sort() {
	width := func(r rule) int {
		w := -len(r.path)
		if r.param != "" || r.keyed {
			w -= 1 << 8
		}
		return w
	}
	for _, m := range []map[string][]rule{t.hosts, t.stems} {
		for _, rules := range m {
			slices.SortStableFunc(rules, func(a, b rule) int {
				if a.src.rank != b.src.rank {
					return a.src.rank - b.src.rank
				}
				return width(a) - width(b)
			})
		}
	}
}

// find gives the source of the longest known host that l's host is or lies
// under; nil if there is none.
func (t *table) find(l *link) *source {
	if src := lookUp(t.hosts, l.host, l); src != nil {
		return src
	}
	if stem, ok := cutEnding(l.host); ok {
		return lookUp(t.stems, stem, l)
	}
	return nil
}

func lookUp(m map[string][]rule, host string, l *link) *source {
	for start := 0; ; {
		if rules := m[host[start:]]; rules != nil {
			need := reachFor(host[:start])
			for i := range rules {
				if r := &rules[i]; r.reach >= need && r.accepts(l) {
					return r.src
				}
			}
		}
		dot := strings.IndexByte(host[start:], '.')
		if dot < 0 {
			return nil
		}
		start += dot + 1
	}
}

// reachFor gives the reach that a rule needs to cover what stands in front of
// its host, dot included.
func reachFor(front string) reach {
	switch {
	case front == "", front == "www.", front == "m.":
		return reachSelf
	case front[0] == 'w' && strings.Trim(strings.TrimLeft(front, "w"), "0123456789") == ".":
		return reachSelf // ww2., www4.
	case len(front) == 3:
		return reachCountry
	}
	return reachAll
}

// accepts says whether the rule, whose host is known to fit, agrees with the
// rest of the link.
func (r *rule) accepts(l *link) bool {
	if r.path != "" {
		if rest, ok := strings.CutPrefix(l.path, r.path); !ok || rest != "" && rest[0] != '/' {
			return false
		}
	}
	if r.param != "" && param(l.query, r.param) != r.value {
		return false
	}
	return !r.keyed || r.src.keyword(l) != ""
}

// cutEnding takes a country's ending off a host: ".fr", ".co.uk", ".com.br", or ".com".
func cutEnding(host string) (stem string, ok bool) {
	i := strings.LastIndexByte(host, '.')
	if i <= 0 {
		return "", false
	}
	stem, ending := host[:i], host[i+1:]
	if len(ending) != 2 {
		return stem, ending == "com"
	}
	if j := strings.LastIndexByte(stem, '.'); j > 0 {
		switch stem[j+1:] {
		case "co", "com", "org", "net", "edu":
			stem = stem[:j]
		}
	}
	return stem, true
}
