package device

import (
	"os"
	"strings"
	"testing"
)

// scanSlowly is what automaton.scan promises, in the plainest way.
func scanSlowly(s string) (found matches) {
	s = strings.ToLower(s)
	tables := [...]string{botTable: "bots", browserTable: "browsers", systemTable: "systems", deviceTable: "devices"}
	for id, table := range tables {
		rule := uint16(0)
		rows(table, func(c [4]string) {
			if tableID(id) == botTable && strings.HasPrefix(c[0], "[") {
				return
			}
			rule++
			if found[id].rule != 0 {
				return
			}
			if end := findSlowly(s, strings.ToLower(c[0])); end > 0 {
				found[id] = match{rule, end}
			}
		})
	}
	return found
}

func findSlowly(s, rule string) (end int) {
	rule, atStart := strings.CutPrefix(rule, "^")
	rule, wordStart := strings.CutPrefix(rule, "<")
	rule, wordEnd := strings.CutSuffix(rule, ">")
	for i := 0; i+len(rule) <= len(s); i++ {
		end := i + len(rule)
		switch {
		case s[i:end] != rule, atStart && i > 0:
		case wordStart && i > 0 && isWord(s[i-1]), wordEnd && end < len(s) && isWord(s[end]):
		default:
			return end
		}
	}
	return 0
}

func TestScanFindsTheFirstRuleOfEachTable(t *testing.T) {
	text, err := os.ReadFile("testdata/agents.txt")
	if err != nil {
		t.Fatal(err)
	}
	k := known()
	check := func(ua string) {
		if got, want := k.scan(ua), scanSlowly(ua); got != want {
			t.Errorf("%s\ngot  %v\nwant %v", ua, got, want)
		}
	}
	for line := range strings.Lines(string(text)) {
		check(strings.TrimSpace(line))
	}
	for _, tt := range botTests {
		check(tt.ua)
		check("x" + tt.ua + "x" + strings.ToUpper(tt.ua))
	}
}

func TestModels(t *testing.T) {
	m := new(models)
	m.add("SM-", deviceKind{brand: "any"})
	m.add("SM-T", deviceKind{brand: "tablet"})
	m.add("A0##$", deviceKind{brand: "digits"})
	m.add("@@@-L#", deviceKind{brand: "letters"})
	tests := []struct{ code, want string }{
		{"SM-A536B", "any"}, {"sm-t505", "tablet"}, {"SM", ""}, {"", ""},
		{"A063", "digits"}, {"A0634", ""}, {"A06x", ""},
		{"ELE-L29", "letters"}, {"EL2-L29", ""}, {"ELE-Lx", ""},
	}
	for _, tt := range tests {
		if k, ok := m.find(tt.code); k.brand != tt.want || ok != (tt.want != "") {
			t.Errorf("%q: got %q, %v, want %q", tt.code, k.brand, ok, tt.want)
		}
	}
}

func TestVersion(t *testing.T) {
	tests := []struct{ in, text, major string }{
		{"17_3_1 like", "17.3", "17"}, {"/122.0.0.0", "122.0", "122"}, {" 10", "10", "10"}, {"10.", "10", "10"},
		{"", "", ""}, {"x", "", ""}, {"-4.0", "4.0", "4"}, {"123456.1", "", ""}, {"1.123456", "1", "1"}, {"007.05", "7.5", "7"},
	}
	for _, tt := range tests {
		if v := parseVersion(tt.in); v.text() != tt.text || v.majorText() != tt.major {
			t.Errorf("%q: got %q and %q, want %q and %q", tt.in, v.text(), v.majorText(), tt.text, tt.major)
		}
	}
}
