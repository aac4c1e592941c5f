package matomo

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
)

// roomy lets hostile input in, so that it is the decoder that has to cope.
var roomy = Limits{MaxURLBytes: 8 << 20, MaxBodyBytes: 8 << 20, MaxInflatedBytes: 8 << 20, MaxBulkHits: 1 << 20}

// TestHostile: whatever comes is answered, for memory in proportion to its
// size. That time is in proportion too is for BenchmarkHostile to show.
func TestHostile(t *testing.T) {
	for _, tt := range hostileCases {
		t.Run(tt.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := Read(tt.in(), tt.limits)
			runtime.ReadMemStats(&after)
			if got := reason(err); got != tt.want {
				t.Errorf("got %q (%v), want %q", got, err, tt.want)
			}
			if used := int64(after.TotalAlloc - before.TotalAlloc); used > tt.most {
				t.Errorf("allocated %d bytes, want at most %d", used, tt.most)
			}
		})
	}
}

func post(body string, headers ...string) func() *http.Request {
	return func() *http.Request { return request("POST", "/matomo.php", body, headers...) }
}

func get(query string) func() *http.Request {
	r := request("GET", "/matomo.php", "")
	r.URL.RawQuery = query
	return func() *http.Request { return r }
}

func bulkOf(n int, element string) string {
	return `{"requests":[` + strings.TrimSuffix(strings.Repeat(element+",", n), ",") + `]}`
}

func bomb(n int) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = io.CopyN(w, zeros{}, int64(n))
	_ = w.Close()
	return b.String()
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

var hostileCases = []struct {
	name   string
	in     func() *http.Request
	limits Limits
	want   string // reason
	most   int64  // bytes allocated, the making of the request included
}{
	{"2 MB of URL", get("idsite=1&url=" + strings.Repeat("a", 2<<20)), DefaultLimits, "url-size", 64 << 10},
	{"2 MB of escapes in a URL", get("idsite=1&url=" + strings.Repeat("%00", 700_000)), roomy, "", 8 << 20},
	{"9 MB of body", post("idsite=1&url=" + strings.Repeat("a", 9<<20)), DefaultLimits, "body-size", 64 << 10},
	{"1 MB of body", post("idsite=1&url=" + strings.Repeat("a", 1<<20)), DefaultLimits, "", 8 << 20},
	{"2 MB of invalid UTF-8", post("action_name=" + strings.Repeat("%ff", 700_000)), roomy, "", 64 << 20},
	{"2 MB of broken escapes", post("url=" + strings.Repeat("%", 2<<20)), roomy, "", 32 << 20},
	{"100,000 repeated names", get(strings.TrimSuffix(strings.Repeat("url=%41&e_c=+&", 100_000), "&")), roomy, "", 8 << 20},
	{"100,000 categories", get(strings.Repeat("search_cat[]=%41&", 100_000)), roomy, "", 8 << 20},
	{"100,000 unknown names", get(strings.Repeat("%25%32%35=1&", 100_000)), roomy, "", 8 << 20},
	{"deeply escaped name", get("%" + strings.Repeat("25", 500_000) + "=1"), roomy, "", 8 << 20},
	{"10,001 hits", post(bulkOf(10_001, `"?idsite=1&rec=1"`)), DefaultLimits, "bulk-size", 64 << 20},
	{"10,000 hits allowed", post(bulkOf(10_000, `"?idsite=1&rec=1&url=http:\/\/a%2F"`)), roomy, "", 64 << 20},
	{"300,000 empty elements", post(bulkOf(300_000, `""`)), DefaultLimits, "", 16 << 20},
	{"500,000 deep", post(`{"requests":` + strings.Repeat("[", 500_000)), DefaultLimits, "bulk-json", 8 << 20},
	{"500,000 deep beside", post(`{"requests":[],"x":` + strings.Repeat(`{"a":`, 200_000)), DefaultLimits, "bulk-json", 8 << 20},
	{"deep in an element", post(`{"requests":[{"url":` + strings.Repeat("[", 400_000) + strings.Repeat("]", 400_000) + "}]}"), DefaultLimits, "bulk-json", 8 << 20},
	{"1 MB of escapes", post(`{"requests":["?url=` + strings.Repeat(`\u0025`, 170_000) + `"]}`), DefaultLimits, "", 16 << 20},
	{"1 MB without an end", post(`{"requests":["` + strings.Repeat("a", 1_000_000)), DefaultLimits, "bulk-json", 8 << 20},
	{"gzip bomb", post(bomb(64<<20), "Content-Encoding: gzip"), DefaultLimits, "body-size", 64 << 20},
	{"1 MB of cookies", func() *http.Request {
		return request("GET", "/?idsite=1", "", "Cookie: "+strings.Repeat("a=b; ", 200_000))
	}, DefaultLimits, "", 8 << 20},
	{"many parts", post(strings.Repeat("--x\r\nContent-Disposition: form-data; name=\"url\"\r\n\r\n1\r\n", 15_000)+"--x--",
		"Content-Type: multipart/form-data; boundary=x"), DefaultLimits, "", 64 << 20},
	{"a charset of a long query", get("cs=gb18030&url=http://a/?" + strings.Repeat("%25e9=%25e9%26", 4000)), DefaultLimits, "", 8 << 20},
}

// BenchmarkHostile decodes hostile input of two sizes: the time per byte has
// to stay the same.
func BenchmarkHostile(b *testing.B) {
	inputs := []struct {
		name string
		make func(n int) string
	}{
		{"repeated names", func(n int) string { return strings.Repeat("url=%41&e_c=+&", n/14) }},
		{"categories", func(n int) string { return strings.Repeat("search_cat[]=%41&", n/17) }},
		{"escapes", func(n int) string { return "url=" + strings.Repeat("%00", n/3) }},
		{"deeply escaped name", func(n int) string { return "%" + strings.Repeat("25", n/2) + "=1" }},
		{"blanks", func(n int) string { return "url=" + strings.Repeat("+", n) }},
	}
	for _, in := range inputs {
		for _, n := range []int{100_000, 1_000_000} {
			raw := in.make(n)
			b.Run(fmt.Sprintf("%s/%d", in.name, n), func(b *testing.B) {
				b.SetBytes(int64(len(raw)))
				var p Params
				for b.Loop() {
					DecodeQuery(raw, &p)
				}
			})
		}
	}
}
