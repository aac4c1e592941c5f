package matomo

import (
	"math"
	"net/netip"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxAmount bounds event values and revenues: nothing real is larger, and the
// thousandths of it still leave an int64 room to sum.
const maxAmount = 1e12

// parseInt accepts what PHP writes back the same: no sign but a minus, no
// leading zero, no blank, nothing but digits, within 64 bits.
func parseInt(s string) (int64, bool) {
	digits := strings.TrimPrefix(s, "-")
	if digits == "" || digits[0] == '+' || digits[0] == '-' || digits[0] == '0' && s != "0" {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}

// intOr is parseInt with a default.
func (d *decoder) intOr(raw string, or int64) int64 {
	if n, ok := parseInt(d.text(raw)); ok {
		return n
	}
	return or
}

// parseFloat accepts plain and scientific notation with a dot; comma,
// currency, hexadecimal, NaN and infinity are no numbers.
func parseFloat(s string) (float64, bool) {
	for i := 0; i < len(s); i++ {
		if c := s[i]; (c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E' {
			return 0, false
		}
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil
}

// amount is a value or a sum of money.
func (d *decoder) amount(raw string) (float64, bool) {
	s := d.label(raw)
	if s == "" {
		return 0, false
	}
	f, ok := parseFloat(s)
	if !ok || math.Abs(f) > maxAmount {
		return 0, false
	}
	return f, true
}

// trim cuts what PHP's trim cuts.
func trim(s string) string {
	for s != "" && isBlank(s[0]) {
		s = s[1:]
	}
	for s != "" && isBlank(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}

func isBlank(c byte) bool {
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0 || c == '\v'
}

// cut keeps at most n runes.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

func isVisitorID(s string) bool {
	if len(s) != 16 {
		return false
	}
	for i := range len(s) {
		if unhex[s[i]] > 15 {
			return false
		}
	}
	return true
}

// parseAddr reads an address; some proxies add the port. An unreadable one
// gives the zero Addr.
func parseAddr(s string) netip.Addr {
	addr, err := netip.ParseAddr(s)
	if err != nil {
		withPort, err := netip.ParseAddrPort(s)
		if err != nil {
			return netip.Addr{}
		}
		addr = withPort.Addr()
	}
	return addr.Unmap().WithZone("")
}

// countryCode gives the upper-case ISO code, "" for what cannot be one.
func countryCode(s string) string {
	if len(s) != 2 || !isLetter(s[0]) || !isLetter(s[1]) {
		return ""
	}
	return strings.ToUpper(s)
}

// regionCode gives the second part of an ISO 3166-2 code, upper case.
func regionCode(s string) string {
	if len(s) > 3 {
		return ""
	}
	for i := range len(s) {
		if !isLetter(s[i]) && (s[i] < '0' || s[i] > '9') {
			return ""
		}
	}
	return strings.ToUpper(s)
}

func isLetter(c byte) bool { return c < utf8.RuneSelf && 'a' <= c|0x20 && c|0x20 <= 'z' }
