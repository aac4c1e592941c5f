package scrub

import (
	"testing"
	"unicode/utf8"

	"foule.eu/foule"
)

// FuzzRules: whatever comes, a label is valid and bounded, and nothing in it but
// placeholders matches a rule.
func FuzzRules(f *testing.F) {
	rules, err := CompileRules([]string{`KD-\d+`, `(?i)jean`, `\p{Lu}{3}`, `mail|e`})
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{"", "KD-1", "/K%44-12/x", "ＪＥＡＮ", "J\u200bean", "bob@example.org KD-5", "[email]", "[removed]", "KD\x00-1", "K\u00adD-1", "KD-", "JeJeanan", "\xff", "%4b%44%2d7"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		for _, label := range []string{rules.Label(rules.Text(in)), rules.Label(rules.Path(in))} {
			if !utf8.ValidString(label) || len(label) > foule.MaxLabelBytes {
				t.Errorf("%q becomes %q", in, label)
			}
			for _, piece := range Pieces(label) {
				if piece.Kind == "" && rules.Match(piece.Text) {
					t.Errorf("%q becomes %q, in which %q matches", in, label, piece.Text)
				}
			}
		}
	})
}
