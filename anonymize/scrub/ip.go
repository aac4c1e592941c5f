package scrub

import "net/netip"

// ipv4 finds a dotted address at i. Four numbers up to 255 could also be a
// version; those after a letter (v1.2.3.4) and in names of files
// (app-1.2.3.4.zip) stay, others are not worth the risk.
func (v *view) ipv4(i int) (end int) {
	if v.wordChar(i-1) && (!v.hasSuffix(i, "ip") || v.wordChar(i-len("ip")-1)) || v.at(i-1) == '.' {
		return 0
	}
	begin, first := i, 0
	long, zeroed := 0, false // parts of three digits; a zero at the head of one
	for part := range 4 {
		start, value := i, 0
		for v.is(i, isDigit) && i-start < 3 {
			value = value*10 + int(v.at(i)-'0')
			i++
		}
		if i == start || value > 255 {
			return 0
		}
		zeroed = zeroed || i-start > 1 && v.at(start) == '0'
		if i-start == 3 {
			long++
		}
		if part == 0 {
			first = value
		}
		if part == 3 {
			break
		}
		if v.at(i) != '.' {
			return 0
		}
		i++
	}
	if zeroed && long < 4 { // 203.000.113.007, but not 1.02.3.004
		return 0
	}
	if v.wordChar(i) || v.at(i) == '.' && v.is(i+1, isDigit) {
		return 0
	}
	if v.at(i) == '.' && v.fileEnding(i+1) && v.is(begin-1, isJoint) && v.wordChar(begin-2) && first < minFirstInFile {
		return 0
	}
	return i
}

// minFirstInFile is the first number from which four in the name of a file are
// an address rather than the file's version.
const minFirstInFile = 30

// fileEnding says whether the ending of a file stands at i: before it stands a
// version.
func (v *view) fileEnding(i int) bool {
	for _, e := range [...]string{"txt", "md", "html", "htm", "pdf", "zip", "gz", "bz2", "xz", "tar", "tgz", "7z", "exe", "log", "csv", "msi", "dmg", "pkg",
		"deb", "rpm", "apk", "jar", "war", "iso", "img", "whl", "js", "css", "json", "xml"} {
		if v.hasPrefix(i, e) && !v.wordChar(i+len(e)) {
			return true
		}
	}
	return false
}

// maxIPv6 is the length of the longest way to write an IPv6 address.
const maxIPv6 = len("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255")

// ipv6 finds an address at i that begins as those in use do: 2xxx or 3xxx
// (global), fcxx, fdxx, fexx (local). So times, MAC addresses and Some::Name stay.
func (v *view) ipv6(i int) (end int) {
	if c := v.at(i) | 0x20; c != '2'|0x20 && c != '3'|0x20 && c != 'f' || v.wordChar(i-1) || v.at(i-1) == ':' {
		return 0
	}
	var text [maxIPv6]byte
	n, colons := 0, 0
	for end = i; n < maxIPv6 && (v.is(end, isHex) || v.at(end) == ':' || v.at(end) == '.'); end++ {
		if v.at(end) == ':' {
			colons++
		}
		text[n] = v.at(end)
		n++
	}
	for n > 0 && (text[n-1] == '.' || text[n-1] == ':' && (n < 2 || text[n-2] != ':')) {
		n, end = n-1, end-1
	}
	if colons < 2 || n < 6 || text[4] != ':' || v.wordChar(end) {
		return 0
	}
	if _, err := netip.ParseAddr(string(text[:n])); err != nil {
		return 0
	}
	return end
}

// mac finds a network card's address at i: six pairs of hexadecimal digits, or
// three fours with dots. One letter at least keeps times and dates out.
func (v *view) mac(i int) (end int) {
	size, gap, groups := 2, v.at(i+2), 6
	if gap != ':' && gap != '-' {
		if size, gap, groups = 4, '.', 3; v.at(i+4) != gap {
			return 0
		}
	}
	if v.wordChar(i-1) || v.is(i-1, isJoint) || v.at(i-1) == ':' || v.at(i-1) == '.' {
		return 0
	}
	letters := false
	for group := range groups {
		if group > 0 {
			if v.at(i) != gap {
				return 0
			}
			i++
		}
		for range size {
			if !v.is(i, isHex) {
				return 0
			}
			letters = letters || !v.is(i, isDigit)
			i++
		}
	}
	if !letters || v.wordChar(i) || v.at(i) == gap && v.wordChar(i+1) {
		return 0
	}
	return i
}
