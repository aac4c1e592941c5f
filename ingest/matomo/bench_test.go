package matomo

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func BenchmarkDecodeQuery(b *testing.B) {
	b.ReportAllocs()
	b.SetBytes(int64(len(typical)))
	var p Params
	for b.Loop() {
		DecodeQuery(typical, &p)
	}
}

// BenchmarkParseQuery is the standard library's way to a map, to compare with.
func BenchmarkParseQuery(b *testing.B) {
	b.ReportAllocs()
	b.SetBytes(int64(len(typical)))
	for b.Loop() {
		if _, err := url.ParseQuery(typical); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRead is a whole beacon: headers, query, rules.
func BenchmarkRead(b *testing.B) {
	b.ReportAllocs()
	r := httptest.NewRequest("POST", "/matomo.php?"+typical, nil)
	for name, value := range map[string]string{
		"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:123.0) Gecko/20100101 Firefox/123.0", "Accept-Language": "fr-FR,fr;q=0.9",
		"Content-Type": "text/plain;charset=UTF-8", "Origin": "https://www.example.org", "Referer": "https://www.example.org/",
		"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Accept": "*/*", "Accept-Encoding": "gzip, deflate, br",
	} {
		r.Header.Set(name, value)
	}
	for b.Loop() {
		req, err := Read(r, DefaultLimits)
		if err != nil {
			b.Fatal(err)
		}
		if _, fault := req.Hits[0].Resolve(testNow, false); fault != nil {
			b.Fatal(fault)
		}
	}
}

// BenchmarkBulk is a bulk of fifty hits, the most that matomo.js sends.
func BenchmarkBulk(b *testing.B) {
	b.ReportAllocs()
	body := `{"requests":[` + strings.TrimSuffix(strings.Repeat(`"?`+typical+`",`, 50), ",") + `]}`
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		req, err := Read(request("POST", "/matomo.php", body), DefaultLimits)
		if err != nil {
			b.Fatal(err)
		}
		if len(req.Hits) != 50 {
			b.Fatalf("%d hits", len(req.Hits))
		}
	}
}
