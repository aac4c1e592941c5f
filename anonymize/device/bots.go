package device

import "strings"

// person is the section of the bot table that shields people from the rest of it.
const person = "person"

// unidentified is an agent that no browser of a person sends, but that says no name we know.
var unidentified = bot{"Unidentified agent", "other"}

// noAgent is a request without user agent or client hints: browsers always send one.
var noAgent = bot{"No user agent", "other"}

// bot says which bot the agent is; false for a person.
func (a *agent) bot() (bot, bool) {
	if m := a.found[botTable]; m.rule != 0 {
		b := a.bots[m.rule-1]
		return b, b.kind != person
	}
	if a.isContactable() || a.isPoseur() || a.isUnknown() {
		return unidentified, true
	}
	return bot{}, false
}

// isContactable says whether the agent gives a web or mail address, as those
// of well-behaved robots do and those of browsers do not.
func (a *agent) isContactable() bool {
	return strings.Contains(a.text, "://") || strings.Contains(a.text, "www.") || hasMailAddress(a.text)
}

func hasMailAddress(s string) bool {
	for {
		at := strings.IndexByte(s, '@')
		if at < 0 {
			return false
		}
		before, behind := s[:at], s[at+1:]
		if before != "" && isWord(before[len(before)-1]) && behind != "" && isLetter(behind[0]) {
			host := strings.TrimLeft(behind, hostBytes)
			if strings.Contains(behind[:len(behind)-len(host)], ".") {
				return true
			}
		}
		s = behind
	}
}

const hostBytes = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-"

// isPoseur says whether the agent calls itself compatible with a browser. The
// only real browsers to do so are Internet Explorer and Konqueror.
func (a *agent) isPoseur() bool {
	return strings.Contains(a.text, "compatible;") &&
		!strings.Contains(a.text, "MSIE") && !strings.Contains(a.text, "Konqueror")
}

// isUnknown says whether the agent is in no form that browsers or apps use:
// neither the browsers' "Mozilla/5.0 (system) engine browser" nor an app that
// names a phone, tablet or television.
func (a *agent) isUnknown() bool {
	named := a.found[browserTable].rule != 0
	if strings.HasPrefix(a.text, "Mozilla/") || strings.HasPrefix(a.text, "Opera/") {
		return !named || a.os == "" && a.found[deviceTable].rule == 0
	}
	if a.found[deviceTable].rule != 0 {
		return false
	}
	switch a.usualType(a.os) {
	case "desktop": // a mail program or text browser, but not a name of its own before a browser's
		return !named || strings.Contains(a.text, "Mozilla/")
	case "":
		return a.os == "" && !named
	}
	return false
}
