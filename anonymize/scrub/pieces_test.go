package scrub

import (
	"reflect"
	"strings"
	"testing"
)

func TestPieces(t *testing.T) {
	for label, want := range map[string][]Piece{
		"":                        nil,
		"plain":                   {{"plain", ""}},
		"[email]":                 {{"[email]", "email"}},
		"to [email], [ip][phone]": {{"to ", ""}, {"[email]", "email"}, {", ", ""}, {"[ip]", "ip"}, {"[phone]", "phone"}},
		"[[removed]] [emails]":    {{"[", ""}, {"[removed]", "removed"}, {"] [emails]", ""}},
	} {
		got := Pieces(label)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %q, want %q", label, got, want)
		}
		var whole strings.Builder
		for _, p := range got {
			whole.WriteString(p.Text)
		}
		if whole.String() != label {
			t.Errorf("%q becomes %q", label, whole.String())
		}
	}
}
