package geo

import (
	"bufio"
	"encoding/json"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/language"
)

func TestCountryOfLanguage(t *testing.T) {
	for _, c := range []struct{ tag, want string }{
		{"fr", "FR"},
		{"FR", "FR"},
		{"en", "US"},
		{"ja", "JP"},
		{"ko", "KR"},
		{"pt", "BR"},
		{"fil", "PH"},
		{"en-us", "US"},
		{"en-GB", "GB"},
		{"en_CA", "CA"},
		{"zh-cn", "CN"},
		{"zh", "CN"},
		{"zh-Hant", "TW"},
		{"zh_hant", "TW"},
		{"zh-hans", "CN"},
		{"zh-hant-hk", "HK"},
		{"sr-latn", "RS"},
		{"sr-latn-me", "ME"},
		{"sq-xk", "XK"},
		{"de-ch-1996", "CH"},
		{"de-1996", "DE"},
		{"sl-rozaj-it", "IT"},
		{"zh-yue-hk", "HK"},
		{"en-u-us", "US"},
		{"fr-x-de", "FR"},
		{"ar-u-nu-latn", "EG"},
		{"es-419", ""},
		{"en-001", ""},
		{"en-zz", ""},
		{"fr-eu", ""},
		{"xx", ""},
		{"eo", ""},
		{"", ""},
		{"-", ""},
		{"--fr", ""},
		{"*", ""},
		{"f", ""},
		{"français", ""},
		{"fr-", "FR"},
		{"fr--be", "FR"},
	} {
		if got := CountryOfLanguage(c.tag); got != c.want {
			t.Errorf("CountryOfLanguage(%q) = %q, want %q", c.tag, got, c.want)
		}
	}
}

// The table holds what CLDR says, as x/text has it.
func TestLanguagesFollowCLDR(t *testing.T) {
	for tag, got := range countryOfLanguage {
		want, _ := language.Make(tag).Region()
		if got != want.String() {
			t.Errorf("%s: %q, want %q", tag, got, want)
		}
	}
	if n := len(strings.Fields(languages)); n != len(countryOfLanguage) {
		t.Errorf("%d entries, %d different", n, len(countryOfLanguage))
	}
}

// A real Matomo without a database found these countries for the languages of
// these hits.
func TestCountriesAsMatomoGuessesThem(t *testing.T) {
	shared := os.Getenv("FOULE_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "shared")
	}
	hits, err := os.Open(filepath.Join(shared, "conformance", "hits.jsonl"))
	if err != nil {
		t.Skip("no recorded hits here: set FOULE_SHARED")
	}
	defer hits.Close()
	got := map[string]bool{}
	parameter := regexp.MustCompile(`[?&]lang=([^&"]+)`) // in a URL, a form or a list of URLs
	lines := bufio.NewScanner(hits)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		for _, m := range parameter.FindAllSubmatch(lines.Bytes(), -1) {
			accept, err := url.QueryUnescape(string(m[1]))
			if err != nil {
				t.Fatal(err)
			}
			first, _, _ := strings.Cut(accept, ",")
			got[strings.ToLower(CountryOfLanguage(first))] = true
		}
	}
	got["au"] = true // of the one hit that says so by the parameter country
	data, err := os.ReadFile(filepath.Join(shared, "conformance", "expected", "UserCountry.getCountry.json"))
	if err != nil {
		t.Fatal(err)
	}
	var rows []struct{ Code string }
	if err := json.Unmarshal(data, &rows); err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{}
	for _, r := range rows {
		want[r.Code] = true
	}
	if !maps.Equal(got, want) {
		t.Errorf("got %v, Matomo has %v", slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
	}
}

func FuzzCountryOfLanguage(f *testing.F) {
	for _, tag := range []string{"fr", "en-us", "zh-hant-hk", "es-419", "en-u-us", "fr--be", "yue-hans", "ÿÿ-_"} {
		f.Add(tag)
	}
	f.Fuzz(func(t *testing.T, tag string) {
		if got := CountryOfLanguage(tag); got != "" && Continent(got) == "" {
			t.Errorf("%q is no country", got)
		}
	})
}

func BenchmarkCountryOfLanguage(b *testing.B) {
	for _, tag := range []string{"en-us", "ja", "zh-hant"} {
		b.Run(tag, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				CountryOfLanguage(tag)
			}
		})
	}
}
