package scrub

import "strings"

const (
	// minEncoded is the length of the shortest address there is in base64.
	minEncoded = 8
	maxDecoded = 255
)

// encoded finds a word at i that holds something personal in base64, standard or
// URL-safe, padded or not.
func (v *view) encoded(i int) (end int) {
	if v.is(i-1, isAlnum) {
		return 0
	}
	for _, class := range [...]uint8{isAlnum | isJoint, isAlnum} {
		end = v.run(i, class)
		if end-i < minEncoded || !v.holdsSomebody(i, end) {
			continue
		}
		for v.at(end) == '=' {
			end++
		}
		return end
	}
	return 0
}

// holdsSomebody decodes a piece and looks whether there is anything to scrub in
// it. What is not ASCII text, as nearly every word, is given up at once.
func (v *view) holdsSomebody(i, end int) bool {
	var text [maxDecoded]byte
	n, bits, held := 0, 0, 0
	worth, digits := false, 0
	for ; i < end && n < maxDecoded; i++ {
		held = held<<6 | sextet(v.at(i))
		if bits += 6; bits < 8 {
			continue
		}
		bits -= 8
		c := byte(held >> bits)
		held &= 1<<bits - 1
		if c < ' ' || c > '~' {
			return false
		}
		if classes[c]&isDigit != 0 {
			digits++
		}
		worth = worth || c == '@' || c == ':' || digits >= minPhoneDigits
		text[n] = c
		n++
	}
	if !worth {
		return false
	}
	s := string(text[:n])
	return Text(s) != s || strings.HasPrefix(s, "{\"")
}

// sextet gives the value of a character of base64.
func sextet(c byte) int {
	switch {
	case c >= 'A' && c <= 'Z':
		return int(c - 'A')
	case c >= 'a' && c <= 'z':
		return int(c-'a') + 26
	case c >= '0' && c <= '9':
		return int(c-'0') + 52
	case c == '+' || c == '-':
		return 62
	}
	return 63
}
