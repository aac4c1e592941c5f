package matomo

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestDocumented: the page for people names every parameter that is read, and
// every one that the package comment says is dropped.
func TestDocumented(t *testing.T) {
	doc, err := os.ReadFile("../../docs/tracking-api.md")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("params.go")
	if err != nil {
		t.Fatal(err)
	}
	names := 0
	for _, list := range regexp.MustCompile(`(?s)case ("[a-z_0-9]+"(?:,\s*"[a-zA-Z_0-9]+")*):`).FindAllStringSubmatch(string(source), -1) {
		for _, name := range regexp.MustCompile(`"(\w+)"`).FindAllStringSubmatch(list[1], -1) {
			names++
			if !strings.Contains(string(doc), "`"+name[1]+"`") {
				t.Errorf("docs/tracking-api.md does not name %s", name[1])
			}
		}
	}
	if names < 80 {
		t.Errorf("only %d names found in params.go: is the pattern right?", names)
	}
	comment, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	_, dropped, ok := strings.Cut(string(comment), "Not read at all: ")
	dropped, _, _ = strings.Cut(dropped, "the parameters of")
	if !ok {
		t.Fatal("the package comment lists no dropped parameters")
	}
	for _, name := range regexp.MustCompile(`\w+`).FindAllString(strings.ReplaceAll(dropped, "//", ""), -1) {
		if !strings.Contains(string(doc), "`"+name+"`") {
			t.Errorf("docs/tracking-api.md does not name %s, which is dropped", name)
		}
	}
}
