package scrub

import (
	"strings"
	"testing"
	"unicode/utf8"

	"foule.eu/foule"
)

var labelTests = []struct{ name, in, want string }{
	{"empty", "", ""},
	{"plain", "Home", "Home"},
	{"trimmed", "  Home\t ", "Home"},
	{"no-break spaces", "\u00a0Home\u00a0", "Home"},
	{"line breaks and NUL", "a\r\nb\x00c", "abc"},
	{"C1 control", "a\u0085b", "ab"},
	{"line separator", "a\u2028b", "ab"},
	{"right-to-left override", "a\u202Egpj.exe", "agpj.exe"},
	{"left-to-right mark", "a\u200eb", "ab"},
	{"blank without width, soft hyphen", "a\u200bb\u00adc", "abc"},
	{"sign and its picture", "☎\ufe0f", "☎\ufe0f"},
	{"not UTF-8", "a\xffb", "a\uFFFDb"},
	{"replacement character stays", "a\uFFFDb", "a\uFFFDb"},
	{"emoji joined", "👩\u200d🚀", "👩\u200d🚀"},
	{"as long as may be", strings.Repeat("a", 512), strings.Repeat("a", 512)},
	{"too long", strings.Repeat("a", 513), strings.Repeat("a", 512)},
	{"cut before a rune", strings.Repeat("a", 511) + "é", strings.Repeat("a", 511)},
	{"cut after a rune", strings.Repeat("é", 300), strings.Repeat("é", 256)},
	{"cut in an escape", strings.Repeat("a", 510) + "%C3%A9", strings.Repeat("a", 510)},
	{"cut in a placeholder", strings.Repeat("a", 508) + "[email]", strings.Repeat("a", 508)},
	{"cut behind a placeholder", strings.Repeat("a", 505) + "[email]b", strings.Repeat("a", 505) + "[email]"},
	{"blank at the cut", strings.Repeat("a", 511) + " b", strings.Repeat("a", 511)},
}

func TestLabel(t *testing.T) {
	for _, tt := range labelTests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Label(tt.in); got != tt.want {
				t.Errorf("Label(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func FuzzLabel(f *testing.F) {
	for _, tt := range labelTests {
		f.Add(tt.in)
	}
	f.Fuzz(func(t *testing.T, in string) {
		got := Label(in)
		if len(got) > foule.MaxLabelBytes || !utf8.ValidString(got) || strings.ContainsAny(got, "\x00\r\n") {
			t.Errorf("Label(%q) = %q", in, got)
		}
		if again := Label(got); again != got {
			t.Errorf("Label(%q) = %q, again %q", in, got, again)
		}
	})
}
