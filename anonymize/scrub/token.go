package scrub

const (
	// minToken is the shortest token. What is shorter is left to stand: product
	// numbers, video ids, short hashes.
	minToken = 20
	// minJWTHead is the shortest first part of a JSON web token worth the name.
	minJWTHead = 17
)

// jwt finds a JSON web token at i: base64 of "{"…, a dot and more of the same.
func (v *view) jwt(i int) (end int) {
	if v.at(i+1) != 'y' || v.at(i+2) != 'J' || v.wordChar(i-1) || v.is(i-1, isJoint) {
		return 0
	}
	head := v.run(i, isAlnum|isJoint)
	if head-i < minJWTHead || v.at(head) != '.' {
		return 0
	}
	end = v.run(head+1, isAlnum|isJoint)
	if end-head < 4 {
		return 0
	}
	if v.at(end) == '.' {
		end = v.run(end+1, isAlnum|isJoint)
	}
	return end
}

// token finds a random-looking text in the run of letters, digits, "-", "_" and
// "+" that begins at i: a UUID, a part that [view.random] takes for random, or a
// whole run that is dense with changes of class (base64url).
func (v *view) token(i int) (start, end int) {
	if v.is(i-1, isAlnum|isJoint) {
		if v.uuid(i) {
			return i, i + 36
		}
		if v.is(i-1, isJoint) && v.is(i, isAlnum) {
			return i, v.randomPart(i)
		}
		return 0, 0
	}
	run := v.run(i, isAlnum|isJoint)
	if run-i < minToken {
		return 0, 0
	}
	if v.key(i, run) {
		return i, run
	}
	if v.uuid(i) {
		return i, i + 36
	}
	if v.randomRun(i, run) {
		for v.at(run) == '=' { // padding
			run++
		}
		return i, run
	}
	return i, v.randomPart(i)
}

// keyPrefixes are what well-known services begin their keys with.
var keyPrefixes = []string{"akia", "asia", "ghp_", "gho_", "ghs_", "github_pat_", "glpat-", "sk_live_", "sk_test_", "pk_live_", "rk_live_", "xoxb-", "xoxp-", "aiza", "sk-ant-", "sk-proj-", "whsec_", "cus_"}

// key says whether a run is a well-known service's key: its prefix, and behind
// it no words.
func (v *view) key(i, end int) bool {
	for _, p := range keyPrefixes {
		if !v.hasPrefix(i, p) || end-i-len(p) < 14 {
			continue
		}
		m := v.mix(i+len(p), end)
		return m.digits > 0 && m.joints*8 <= end-i && m.worded*2 < end-i
	}
	return false
}

// randomPart gives the end of a random part (a run of letters and digits) at i, or 0.
func (v *view) randomPart(i int) (end int) {
	end = v.run(i, isAlnum)
	if end-i < minToken || !v.random(i, end) {
		return 0
	}
	for v.at(end) == '=' {
		end++
	}
	return end
}

// mixture counts what a piece of text is made of.
type mixture struct {
	lower, upper, digits, joints int
	// changes between lower case, upper case and digits from one character to the
	// next; that from upper to lower case, as in CamelCase, is none.
	changes int
	// worded counts the lower-case letters that stand four and more in a row, as
	// they do in words.
	worded int
}

func (v *view) mix(i, end int) (m mixture) {
	before, row := byte(0), 0
	for ; i < end; i++ {
		class := byte(0)
		switch c := v.at(i); {
		case c >= 'a' && c <= 'z':
			class = 'a'
			m.lower++
		case c >= 'A' && c <= 'Z':
			class = 'A'
			m.upper++
		case c >= '0' && c <= '9':
			class = '0'
			m.digits++
		default:
			m.joints++
		}
		if class != 0 && before != 0 && class != before && !(before == 'A' && class == 'a') {
			m.changes++
		}
		if row++; class != before {
			row = 1
		}
		switch {
		case class != 'a' || row < 4:
		case row == 4:
			m.worded += 4
		default:
			m.worded++
		}
		before = class
	}
	return m
}

// isCamel says whether the text is words of mixed case, as names in programs are.
func (m *mixture) isCamel() bool { return m.upper > 0 && m.worded*5 >= 2*(m.lower+m.upper+m.digits) }

// random judges a run of 20 and more letters and digits: hexadecimal, nearly all
// digits, digits strewn among letters, or mixed case without words. A word with
// a date at its end is none of these.
func (v *view) random(i, end int) bool {
	m, n := v.mix(i, end), end-i
	switch {
	case m.digits >= 2 && (m.digits*5 >= 4*n || v.run(i, isHex) == end):
		return true
	case m.isCamel():
		return false
	case m.lower == 0: // base32 has few digits
		return m.digits >= 2 && m.changes*8 >= n
	case m.upper == 0:
		return m.digits >= 2 && m.changes*6 >= n
	}
	return m.changes*5 >= n && (m.digits > 0 || m.worded*6 < n)
}

// randomRun judges a run with few joints: base64url has one in 32 characters, a
// slug one in six.
func (v *view) randomRun(i, end int) bool {
	m, n := v.mix(i, end), end-i
	return m.joints > 0 && m.joints*10 <= n && m.lower > 0 && m.upper > 0 && m.digits > 0 && m.changes*5 >= n && !m.isCamel()
}

// uuid says whether 8-4-4-4-12 hexadecimal digits stand at i.
func (v *view) uuid(i int) bool {
	if v.is(i-1, isAlnum) || v.is(i+36, isAlnum) {
		return false
	}
	for j := range 36 {
		switch j {
		case 8, 13, 18, 23:
			if c := v.at(i + j); c != v.at(i+8) || c != '-' && c != '_' {
				return false
			}
		default:
			if !v.is(i+j, isHex) {
				return false
			}
		}
	}
	return true
}

// session finds a session id in a matrix parameter at i: ";jsessionid=…" up to
// the end of the path segment.
func (v *view) session(i int) (end int) {
	for _, name := range [...]string{"jsessionid=", "phpsessid=", "sessionid=", "session=", "sessid=", "sid="} {
		if v.hasPrefix(i+1, name) {
			end = i + 1 + len(name)
			for end < v.n && v.at(end) != '/' && v.at(end) != '?' && v.at(end) != ';' && v.at(end) != '#' && v.at(end) != '&' {
				end++
			}
			return end
		}
	}
	return 0
}
