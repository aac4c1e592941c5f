package scrub

import "unicode/utf8"

// email finds an address around the "@" at i: a local part of the usual
// characters, a domain with a dot, and a last label that is no number and no
// picture's ending (lodash@4.17.21, logo@2x.png), or an address in place of the
// domain. The local part may stand in quotes. A handle (@someone) is none.
func (v *view) email(i int) (start, end int) {
	start = i
	if v.at(i-1) == '"' {
		start = v.quoted(i)
	}
	for v.localChar(start - 1) {
		start--
	}
	for start < i && !v.wordChar(start) && v.at(start) != '"' {
		start++
	}
	if start == i {
		return 0, 0
	}
	if end = v.domain(i + 1); end == 0 {
		end = v.ipv4(i + 1)
	}
	if end == 0 && v.at(i+1) == '[' {
		if end = max(v.ipv4(i+2), v.ipv6(i+2)); end > 0 && v.at(end) == ']' {
			end++
		}
	}
	return start, end
}

// maxQuoted is how long a local part in quotes may be.
const maxQuoted = 66

// quoted gives the beginning of the quoted text that ends before i, or i.
func (v *view) quoted(i int) (start int) {
	for start = i - 2; start >= 0 && start > i-maxQuoted; start-- {
		if v.at(start) == '"' && start < i-2 {
			return start
		}
	}
	return i
}

func (v *view) localChar(i int) bool {
	switch v.at(i) {
	case '.', '-', '_', '+', '\'', '~':
		return true
	}
	return v.wordChar(i)
}

// domain gives the end of a domain name with at least two labels that begins at
// i, or 0.
func (v *view) domain(i int) (end int) {
	labels, last := 0, i
	for {
		j := i
		for v.wordChar(j) || v.at(j) == '-' || v.at(j) == '_' {
			j++
		}
		for j > i && (v.at(j-1) == '-' || v.at(j-1) == '_') {
			j--
		}
		if j == i {
			break
		}
		labels, last, end = labels+1, i, j
		if v.at(j) != '.' {
			break
		}
		i = j + 1
	}
	if labels < 2 || end-last < 2 || !v.allLetters(last, end) || v.pictureEnding(last, end) {
		return 0
	}
	return end
}

// allLetters accepts a top-level domain: letters, or punycode.
func (v *view) allLetters(i, end int) bool {
	if v.hasPrefix(i, "xn--") {
		return true
	}
	for ; i < end; i++ {
		if !v.letter(i) && v.at(i) < utf8.RuneSelf {
			return false
		}
	}
	return true
}

func (v *view) pictureEnding(i, end int) bool {
	for _, e := range [...]string{"png", "jpg", "jpeg", "gif", "webp", "avif", "svg"} {
		if end-i == len(e) && v.hasPrefix(i, e) {
			return true
		}
	}
	return false
}
