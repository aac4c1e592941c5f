package accesslog

import (
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var at = time.Date(2026, 3, 12, 9, 5, 7, 0, time.UTC)

var lineCases = []struct {
	name, format string
	lines        []string // the last one is what is looked at
	want         Record
	ok, bad      bool
}{
	{"nginx and Apache, combined", "combined", []string{`203.0.113.9 - - [12/Mar/2026:10:05:07 +0100] "GET /shop/?q=a%20b HTTP/1.1" 200 512 "https://www.google.com/" "Mozilla/5.0 (X11) \"Fire\x66ox\""`},
		Record{Time: at, IP: netip.MustParseAddr("203.0.113.9"), Method: "GET", Path: "/shop/", Query: "q=a%20b", Status: 200, Referrer: "https://www.google.com/", UserAgent: `Mozilla/5.0 (X11) "Firefox"`}, true, false},
	{"common, without referrer and agent", "combined", []string{`2001:db8::1 - bob [12/Mar/2026:09:05:07 +0000] "POST /x HTTP/2.0" 302 -`},
		Record{Time: at, IP: netip.MustParseAddr("2001:db8::1"), Method: "POST", Path: "/x", Status: 302}, true, false},
	{"Apache with the host in front", "combined", []string{`WWW.example.org:443 203.0.113.9 - - [12/Mar/2026:09:05:07 +0000] "GET / HTTP/1.1" 200 5 "-" "-"`},
		Record{Time: at, IP: netip.MustParseAddr("203.0.113.9"), Host: "www.example.org", Method: "GET", Path: "/", Status: 200}, true, false},
	{"a whole URL and a fragment", "combined", []string{`::ffff:203.0.113.9 - - [12/Mar/2026:09:05:07 +0000] "GET https://example.org/a#top HTTP/1.1" 200 5`},
		Record{Time: at, IP: netip.MustParseAddr("203.0.113.9"), Host: "example.org", Method: "GET", Path: "/a", Status: 200}, true, false},
	{"a blank in the path", "combined", []string{`203.0.113.9 - - [12/Mar/2026:09:05:07 +0000] "GET /a b HTTP/1.1" 200 5`},
		Record{Time: at, IP: netip.MustParseAddr("203.0.113.9"), Method: "GET", Path: "/a b", Status: 200}, true, false},
	{"an empty line", "combined", []string{""}, Record{}, false, false},
	{"no address", "combined", []string{`- - - [12/Mar/2026:09:05:07 +0000] "GET / HTTP/1.1" 200 5`}, Record{}, false, true},
	{"a date that is none", "combined", []string{`203.0.113.9 - - [32/Mar/2026:09:05:07 +0000] "GET / HTTP/1.1" 200 5`}, Record{}, false, true},
	{"cut in the middle", "combined", []string{`203.0.113.9 - - [12/Mar/2026:09:05:07 +0000] "GET / HT`}, Record{}, false, true},

	{"Caddy", "caddy", []string{`{"level":"info","ts":1773306307.25,"logger":"http.log.access","msg":"handled request","request":{"remote_ip":"10.0.0.1","remote_port":"4","client_ip":"203.0.113.9","proto":"HTTP/2.0","method":"GET","host":"Example.org:443","uri":"/a?b=c","headers":{"User-Agent":["curl/8"],"Referer":["https://t.co/x"]}},"status":200,"size":5}`},
		Record{Time: at, IP: netip.MustParseAddr("203.0.113.9"), Host: "example.org", Method: "GET", Path: "/a", Query: "b=c", Status: 200, Referrer: "https://t.co/x", UserAgent: "curl/8"}, true, false},
	{"Caddy before 2.5, times as text", "caddy", []string{`{"ts":"2026-03-12T09:05:07.000Z","request":{"remote_addr":"203.0.113.9:5000","method":"GET","host":"a.example","uri":"/"},"status":304}`},
		Record{Time: at, IP: netip.MustParseAddr("203.0.113.9"), Host: "a.example", Method: "GET", Path: "/", Status: 304}, true, false},
	{"another message of Caddy's", "caddy", []string{`{"level":"info","ts":1773306307,"msg":"serving initial configuration"}`}, Record{}, false, false},
	{"no JSON", "caddy", []string{`{"ts":`}, Record{}, false, true},

	{"CloudFront", "w3c", []string{"#Version: 1.0", "#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header",
		"2026-03-12\t09:05:07\tFRA2\t512\t203.0.113.9\tGET\td1.cloudfront.net\t/a.html\t200\thttps://example.net/\tMozilla/5.0%2520(X11)%2520Firefox\tq=1\t-\tHit\tid\texample.org"},
		Record{Time: at, IP: netip.MustParseAddr("203.0.113.9"), Host: "example.org", Method: "GET", Path: "/a.html", Query: "q=1", Status: 200, Referrer: "https://example.net/", UserAgent: "Mozilla/5.0 (X11) Firefox"}, true, false},
	{"IIS", "w3c", []string{"#Fields: date time cs-method cs-uri-stem cs-uri-query c-ip cs(User-Agent) cs(Referer) sc-status",
		"2026-03-12 09:05:07 GET /a - 203.0.113.9 Mozilla/5.0+(X11) - 200"},
		Record{Time: at, IP: netip.MustParseAddr("203.0.113.9"), Method: "GET", Path: "/a", Status: 200, UserAgent: "Mozilla/5.0 (X11)"}, true, false},
	{"columns that are not named", "w3c", []string{"2026-03-12\t09:05:07"}, Record{}, false, true},
}

func TestFormats(t *testing.T) {
	for _, tt := range lineCases {
		f := Detect(tt.format, "")
		var got Record
		var ok bool
		var err error
		for _, line := range tt.lines {
			got, ok, err = f.Parse(line)
		}
		if ok != tt.ok || (err != nil) != tt.bad {
			t.Errorf("%s: ok %v, error %v", tt.name, ok, err)
		}
		same := cmp.Options{cmpopts.EquateComparable(netip.Addr{}), cmp.Comparer(func(a, b time.Time) bool { return a.Truncate(time.Second).Equal(b) })}
		if diff := cmp.Diff(got, tt.want, same); tt.ok && diff != "" {
			t.Errorf("%s: got -, want +\n%s", tt.name, diff)
		}
	}
}

func TestDetect(t *testing.T) {
	for _, tt := range lineCases {
		if !tt.ok {
			continue
		}
		if f := Detect("auto", tt.lines[0]); f == nil || f.Name() != tt.format {
			t.Errorf("%s: detected %v, want %s", tt.name, f, tt.format)
		}
	}
	for _, line := range []string{"", "hello", `"quoted"`} {
		if f := Detect("auto", line); f != nil {
			t.Errorf("%q is taken for %s", line, f.Name())
		}
	}
	if Detect("nonsense", "x") != nil {
		t.Error("a format that is none")
	}
}

func TestKind(t *testing.T) {
	for _, tt := range []struct {
		method, path string
		status       int
		want         Kind
	}{
		{"GET", "/", 200, Page}, {"GET", "/a.html", 304, Page}, {"GET", "/v1.2/notes", 200, Page}, {"GET", "/manual.PDF", 206, Download},
		{"GET", "/app.js", 200, Part}, {"GET", "/feed.xml", 200, Part}, {"GET", "/", 404, Failed}, {"GET", "/", 301, Failed},
		{"POST", "/", 200, Other}, {"HEAD", "/", 200, Other},
	} {
		r := Record{Method: tt.method, Path: tt.path, Status: tt.status}
		if got := r.Kind(); got != tt.want {
			t.Errorf("%s %s %d: kind %d, want %d", tt.method, tt.path, tt.status, got, tt.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, tt := range lineCases {
		f.Add(tt.lines[0])
		f.Add(tt.lines[len(tt.lines)-1])
	}
	f.Fuzz(func(t *testing.T, line string) {
		for _, format := range []Format{combined{}, caddy{}, &w3c{fields: []string{"date", "time", "c-ip", "cs-method", "cs-uri-stem", "sc-status"}}} {
			if r, ok, err := format.Parse(line); ok && (err != nil || !r.IP.IsValid() || r.Time.IsZero()) {
				t.Errorf("%s: %+v, %v", format.Name(), r, err)
			}
		}
	})
}
