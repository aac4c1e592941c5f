package referrer

import (
	"slices"
	"strings"
	"testing"
)

func TestSpamList(t *testing.T) {
	l, err := ReadSpamList(strings.NewReader("# made up\nWWW.Buttons.example\n\n seo.example  # twice\nseo.example\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got := l.Hosts(); !slices.Equal(got, []string{"buttons.example", "seo.example"}) {
		t.Errorf("hosts: %v", got)
	}
	for ref, want := range map[string]bool{
		"https://buttons.example/x": true, "http://a.b.seo.example": true, "https://notseo.example/": false, "seo.example": false, "": false,
	} {
		if l.Has(ref) != want {
			t.Errorf("Has(%q) = %v", ref, !want)
		}
	}
	var none *SpamList
	if none.Has("https://seo.example/") || none.Hosts() != nil {
		t.Error("an absent list has hosts")
	}
	for _, text := range []string{"", "# nothing", "no host", "a b.example", "localhost", "https://seo.example/"} {
		if _, err := ReadSpamList(strings.NewReader(text)); err == nil {
			t.Errorf("%q is taken for a list", text)
		}
	}
}
