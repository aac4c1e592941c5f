package device

// models finds the brand and type of an Android model by the beginning of its
// code, in either case. The longest pattern wins; of equals, the later one.
type models struct {
	byFirst [256][]modelRule // by the code's first byte, lower case; longest pattern first
}

type modelRule struct {
	pattern string
	kind    deviceKind
}

// add enters a pattern: "#" is any digit, "@" any letter, a trailing "$" the code's end.
func (m *models) add(pattern string, k deviceKind) {
	switch c := pattern[0]; c {
	case '@':
		for c := byte('a'); c <= 'z'; c++ {
			m.insert(c, modelRule{pattern, k})
		}
	case '#':
		for c := byte('0'); c <= '9'; c++ {
			m.insert(c, modelRule{pattern, k})
		}
	default:
		m.insert(lower(c), modelRule{pattern, k})
	}
}

func (m *models) insert(first byte, r modelRule) {
	rules := m.byFirst[first]
	at := 0
	for at < len(rules) && len(rules[at].pattern) > len(r.pattern) {
		at++
	}
	rules = append(rules, modelRule{})
	copy(rules[at+1:], rules[at:])
	rules[at] = r
	m.byFirst[first] = rules
}

func (m *models) find(code string) (deviceKind, bool) {
	if code == "" {
		return deviceKind{}, false
	}
	for _, r := range m.byFirst[lower(code[0])] {
		if r.fits(code) {
			return r.kind, true
		}
	}
	return deviceKind{}, false
}

func (r *modelRule) fits(code string) bool {
	for i := 0; i < len(r.pattern); i++ {
		p := r.pattern[i]
		if p == '$' {
			return len(code) == i
		}
		if i >= len(code) {
			return false
		}
		c := code[i]
		switch p {
		case '#':
			if !isDigit(c) {
				return false
			}
		case '@':
			if !isLetter(c) {
				return false
			}
		default:
			if lower(p) != lower(c) {
				return false
			}
		}
	}
	return true
}
