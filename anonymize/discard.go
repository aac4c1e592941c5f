package anonymize

import (
	"strings"

	"foule.eu/foule"
	"foule.eu/foule/anonymize/referrer"
)

// discarded notes what of the URLs goes no further: parameters of the page's,
// by name if they are known for telling people or campaigns apart, and all of
// the referrer's together.
func (s *Site) discarded(w *wants, page *address, referrer string, dropped *foule.Dropped) {
	if page.query != "" {
		s.discardedNames(w, page.query, foule.DroppedQuery, dropped)
	}
	if page.fragment != "" { // rarely parameters: only names that are known count
		_, after, ok := strings.Cut(page.fragment, "?")
		if !ok {
			after = page.fragment
		}
		s.discardedNames(w, after, "", dropped)
	}
	if _, query, ok := strings.Cut(referrer, "?"); ok && query != "" && query[0] != '#' {
		dropped.Add(foule.DroppedReferrerQuery)
	}
}

func (s *Site) discardedNames(w *wants, query, others string, dropped *foule.Dropped) {
	for query != "" {
		var pair string
		pair, query, _ = strings.Cut(query, "&")
		name, _, _ := strings.Cut(pair, "=")
		name = strings.TrimSuffix(unescape(name), "[]")
		switch known := queryName(name); {
		case known != "" && w.used.Has(known):
		case known != "":
			dropped.Add(known)
		case name != "" && others != "" && !s.reads(w, name):
			dropped.Add(others)
		}
	}
}

// reads says whether the site does something with a page's parameter of no known name.
func (s *Site) reads(w *wants, name string) bool {
	switch {
	case s.keepQuery[name], strings.EqualFold(name, "ignore_referrer"), strings.EqualFold(name, "ignore_referer"):
		return true
	case !w.searches:
		return false
	}
	for _, params := range [][]string{s.searchParams, s.searchCats} {
		for _, p := range params {
			if strings.EqualFold(p, name) {
				return true
			}
		}
	}
	return false
}

// queryNames are the names of foule.Dropped that tell people or campaigns apart
// in a page's URL; others may mean anything there.
var queryNames = func() map[string]string {
	names := map[string]string{}
	for n := range foule.NumDropped {
		if name := foule.DroppedName(n); referrer.IsClickOrCampaignParam(name) {
			names[name] = name
		}
	}
	return names
}()

// queryName gives the name of foule.Dropped that a page's parameter has, in any
// case, "" if it is no such name.
func queryName(name string) string {
	var lower [20]byte // more than the longest has
	if len(name) > len(lower) {
		return ""
	}
	for i := range len(name) {
		c := name[i]
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		lower[i] = c
	}
	return queryNames[string(lower[:len(name)])]
}
