package referrer

import (
	"testing"

	"golang.org/x/text/language"
)

var languageTests = []struct{ in, want string }{
	// as Matomo counted the conformance hits
	{"de-DE,de;q=0.9,en;q=0.8", "de"},
	{"en-GB,en;q=0.9", "en-gb"},
	{"en-US,en;q=0.9", "en-us"},
	{"en-CA", "en-ca"},
	{"es-ES,es;q=0.9", "es"},
	{"fi", "fi"},
	{"fr-FR,fr;q=0.9", "fr"},
	{"it-IT,it;q=0.9", "it"},
	{"ja,en;q=0.5", "ja-jp"},
	{"ko-KR", "ko-kr"},
	{"nl-NL,nl;q=0.9", "nl"},
	{"pl-PL,pl;q=0.8", "pl"},
	{"pt-BR,pt;q=0.9", "pt-br"},
	{"ru-RU,ru;q=0.8", "ru"},
	{"sv-SE", "sv-se"},
	{"zh-CN,zh;q=0.9", "zh-cn"},

	{"fr", "fr"},
	{"en", "en"},
	{"zh", "zh"},
	{"sv", "sv-se"},
	{"sv-SV", "sv-sv"},
	{"fr-CA", "fr-ca"},
	{"FR-be", "fr-be"},
	{"de_AT", "de-at"},
	{"en_CA.UTF-8", "en-ca"},
	{" fr-CH , fr;q=0.9", "fr-ch"},
	{"fr;q=0, nl;q=0.5", "nl"},
	{"fr;q=0.0,nl", "nl"},
	{"fr;q=0.05,nl", "fr"},
	{"*", ""},
	{"*,fr", "fr"},
	{"", ""},
	{",,,", ""},
	{"C", ""},
	{"xx", ""},
	{"xx-FR,de", "de"},
	{"x-klingon", ""},
	{"i-default", ""},
	{"en-ZZ", "en"},
	{"en-XX", "en"},
	{"es-419", "es"},
	{"zh-Hans-CN", "zh-cn"},
	{"zh-Hant-HK", "zh-hk"},
	{"zh-Hant", "zh-tw"},
	{"zh-Hans", "zh-cn"},
	{"sr-Latn-RS", "sr-rs"},
	{"ca-valencia", "ca-es"},
	{"de-DE-u-co-phonebk", "de"},
	{"en-u-ca-us", "en"},
	{"fil-PH", "fil-ph"},
	{"gsw", "gsw"},
	{"english", ""},
	{"<script>", ""},
	{"fr\x00", ""},
	{"日本語", ""},
}

func TestLanguage(t *testing.T) {
	for _, tt := range languageTests {
		if got := Language(tt.in); got != tt.want {
			t.Errorf("Language(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

// TestLanguageHomes compares our homes of languages with those of Unicode's CLDR.
func TestLanguageHomes(t *testing.T) {
	for _, code := range []string{"ca", "cs", "da", "el", "et", "fa", "he", "ja", "ko", "ms", "nb", "nn", "bo", "sl", "sq", "sr", "sv", "uk"} {
		region, _ := language.Make(code).Region()
		want := language.MustParseRegion(homeOf(code, ""))
		if region != want {
			t.Errorf("homeOf(%q) = %s, CLDR says %s", code, want, region)
		}
	}
}

func FuzzLanguage(f *testing.F) {
	for _, tt := range languageTests {
		f.Add(tt.in)
	}
	f.Fuzz(func(t *testing.T, in string) {
		got := Language(in)
		if got == "" {
			return
		}
		if again := Language(got); again != got {
			t.Errorf("Language(%q) = %q, whose own label is %q", in, got, again)
		}
		if len(got) > 6 {
			t.Errorf("Language(%q) = %q is too long", in, got)
		}
	})
}

func BenchmarkLanguage(b *testing.B) {
	for _, in := range []string{"fr-FR,fr;q=0.9,en;q=0.8", "en-US,en;q=0.9", "zu-ZA"} {
		b.Run(in, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Language(in)
			}
		})
	}
}
