package scrub

import (
	"slices"
	"strings"
	"unicode/utf8"

	"foule.eu/foule"
)

// Label makes a text fit to be a label: control characters, line breaks, marks
// that turn the direction of writing and what else shows nothing removed,
// trimmed, what is not UTF-8 replaced by U+FFFD, cut at [foule.MaxLabelBytes] on a rune boundary. It gives
// back the same string, without allocating, when there is nothing to do; what it
// gives is its own label.
func Label(s string) string {
	if !clean(s) {
		s = strings.Map(printable, strings.ToValidUTF8(s, "\uFFFD"))
	}
	s = strings.TrimSpace(s)
	if len(s) <= foule.MaxLabelBytes {
		return s
	}
	s = cut(s, foule.MaxLabelBytes)
	// Half an escape would show as rubbish, and half a placeholder as text.
	if i := strings.LastIndexByte(s, '%'); i >= 0 && i >= len(s)-2 {
		s = s[:i]
	}
	if i := strings.LastIndexByte(s, '['); i >= 0 && slices.ContainsFunc(marks, func(mark string) bool { return len(s)-i < len(mark) && strings.HasPrefix(mark, s[i:]) }) {
		s = s[:i]
	}
	return strings.TrimSpace(s)
}

// clean says whether a text has nothing in it that printable would drop.
func clean(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] == 0x7f {
			return false
		}
		if s[i] >= utf8.RuneSelf {
			return cleanRunes(s[i:])
		}
	}
	return true
}

func cleanRunes(s string) bool {
	for i, r := range s {
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(s[i:]); size == 1 {
				return false
			}
		}
		if printable(r) < 0 {
			return false
		}
	}
	return true
}

// printable is a mapping for strings.Map. What joins emoji and the letters of some
// scripts shows, though it is nothing by itself.
func printable(r rune) rune {
	if invisible(r) && r != '\u200c' && r != '\u200d' && (r < '\ufe00' || r > '\ufe0f') {
		return -1
	}
	return r
}

// cut shortens s to at most n bytes without breaking a character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for i := n; i > n-utf8.UTFMax && i > 0; i-- {
		if utf8.RuneStart(s[i]) {
			return s[:i]
		}
	}
	return s[:n]
}
