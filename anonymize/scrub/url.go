package scrub

import "strings"

// userInfo finds the user, and perhaps password, of a URL whose "://" is at i.
func (v *view) userInfo(i int) (start, end int) {
	if !v.beginsURL(i) {
		return 0, 0
	}
	start = i + 3
	for j := start; j < v.n && strings.IndexByte(" /?#\"<>", v.at(j)) < 0; j++ {
		if v.at(j) == '@' {
			end = j + 1
		}
	}
	return start, end
}

// query finds what follows the path of a URL within a text: query and fragment,
// to its end. At i is the URL's "://", or in free text the "?" of an address
// without scheme.
func (v *view) query(i int) (start, end int) {
	switch {
	case v.at(i) == '?':
		if v.mode == inPath || !v.asks(i) {
			return 0, 0
		}
		start = i
	case v.beginsURL(i):
		for start = i + 3; start < v.n && !v.endsURL(start) && !v.beginsURL(start) && v.at(start) != '?' && v.at(start) != '#'; {
			start++
		}
	default:
		return 0, 0
	}
	if v.at(start) != '?' && v.at(start) != '#' {
		return 0, 0
	}
	for end = start; end < v.n && !v.endsURL(end); {
		end++
	}
	for end > start && strings.IndexByte(".,;:!?)]}'*", v.at(end-1)) >= 0 { // a sentence's
		end--
	}
	return start, end
}

// asks says whether the "?" at i begins a query: "a?name=…".
func (v *view) asks(i int) bool {
	if !v.wordChar(i-1) && v.at(i-1) != '/' {
		return false
	}
	j := i + 1
	for v.is(j, isAlnum|isJoint) || v.at(j) == '.' || v.at(j) == '[' || v.at(j) == ']' {
		j++
	}
	return j > i+1 && v.at(j) == '=' && j+1 < v.n && !v.is(j+1, isBlank)
}

// beginsURL says whether a URL's "://" is at i.
func (v *view) beginsURL(i int) bool { return v.at(i) == ':' && v.at(i+1) == '/' && v.at(i+2) == '/' }

func (v *view) endsURL(i int) bool {
	return strings.IndexByte(" \"<>|`", v.at(i)) >= 0 && !(v.path && v.at(i) == ' ')
}
