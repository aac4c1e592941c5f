package device

import (
	"strconv"
	"strings"
)

// maxVersionDigits bounds each part of a version, so that no user agent can
// smuggle a long text (or many labels) through a number.
const maxVersionDigits = 5

// version is a version number's first two parts; minor is -1 when absent, major when there is no number at all.
type version struct{ major, minor int }

// parseVersion reads a version at the start of s, behind at most one separator.
func parseVersion(s string) version {
	if s != "" && strings.IndexByte(" /-_:@v", s[0]) >= 0 {
		s = s[1:]
	}
	major, s := parseNumber(s)
	if major < 0 || s == "" || s[0] != '.' && s[0] != '_' {
		return version{major, -1}
	}
	minor, _ := parseNumber(s[1:])
	return version{major, minor}
}

// parseNumber reads a decimal number, and gives what follows it; -1 when there is none or it is too long.
func parseNumber(s string) (int, string) {
	n, i := 0, 0
	for i < len(s) && isDigit(s[i]) {
		if i == maxVersionDigits {
			return -1, ""
		}
		n = n*10 + int(s[i]-'0')
		i++
	}
	if i == 0 {
		return -1, s
	}
	return n, s[i:]
}

// withoutZero drops a minor version of zero.
func (v version) withoutZero() version {
	if v.minor == 0 {
		v.minor = -1
	}
	return v
}

// majorText is the major version; "" when unknown.
func (v version) majorText() string {
	if v.major < 0 {
		return ""
	}
	return strconv.Itoa(v.major)
}

// text is "major.minor", or "major" alone when there is no minor version.
func (v version) text() string {
	if v.major < 0 || v.minor < 0 {
		return v.majorText()
	}
	var b [2*maxVersionDigits + 1]byte
	out := strconv.AppendInt(b[:0], int64(v.major), 10)
	out = strconv.AppendInt(append(out, '.'), int64(v.minor), 10)
	return string(out)
}

// after gives what follows the first occurrence of token in s; "" when there is none.
func after(s, token string) string {
	if i := strings.Index(s, token); i >= 0 {
		return s[i+len(token):]
	}
	return ""
}
