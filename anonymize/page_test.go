package anonymize

import (
	"net/netip"
	"strings"
	"testing"
	"unicode/utf8"

	"foule.eu/foule"
)

func TestTruncation(t *testing.T) {
	for _, row := range []struct {
		t        Truncation
		ip, want string
	}{
		{DefaultTruncation, "203.0.113.197", "203.0.113.0"},
		{DefaultTruncation, "255.255.255.255", "255.255.255.0"},
		{DefaultTruncation, "2001:db8:77aa:bb01:cc02:dd03:ee04:ff05", "2001:db8:77aa::"},
		{DefaultTruncation, "::ffff:203.0.113.197", "203.0.113.0"},
		{DefaultTruncation, "fe80::1:2%eth0", "fe80::"},
		{DefaultTruncation, "::1", "::"},
		{Truncation{16, 32}, "203.0.113.197", "203.0.0.0"},
		{Truncation{16, 32}, "2001:db8:77aa:bb01::1", "2001:db8::"},
		{Truncation{16, 32}, "::ffff:203.0.113.197", "203.0.0.0"},
	} {
		if got := row.t.Apply(netip.MustParseAddr(row.ip)); got.String() != row.want {
			t.Errorf("%v of %s is %s, want %s", row.t, row.ip, got, row.want)
		}
	}
	if got := DefaultTruncation.Apply(netip.Addr{}); got.IsValid() {
		t.Errorf("no address becomes %s", got)
	}
}

func TestSplitURL(t *testing.T) {
	for _, row := range []struct {
		raw  string
		want address
		ok   bool
	}{
		{"https://Example.ORG/Path?q=1#f", address{"example.org", "/Path", "q=1", "f"}, true},
		{"//example.org", address{host: "example.org"}, true},
		{"https://user:pass@example.org:8443/p", address{host: "example.org", path: "/p"}, true},
		{"https://user:p@ss@example.org/p", address{host: "example.org", path: "/p"}, true},
		{"https://[2001:db8::1]:8080/p", address{host: "[2001:db8::1]", path: "/p"}, true},
		{"https://[2001:db8::1]/p", address{host: "[2001:db8::1]", path: "/p"}, true},
		{"https://example.org?a=b", address{host: "example.org", query: "a=b"}, true},
		{"https://example.org#/route?a=b", address{host: "example.org", fragment: "/route?a=b"}, true},
		{"android-app://com.example.app/screen", address{host: "com.example.app", path: "/screen"}, true},
		{"https://example.org//a//b", address{host: "example.org", path: "//a//b"}, true},
		{"", address{}, false},
		{"example.org/path", address{}, false},
		{"/path//more", address{}, false},
		{"?u=https://example.org", address{}, false},
		{"javascript:alert(1)", address{}, false},
		{"javascript:x//y", address{}, false},
		{"data:text/html,//x", address{}, false},
	} {
		got, ok := splitURL(row.raw)
		if got != row.want || ok != row.ok {
			t.Errorf("splitURL(%q) = %+v, %t; want %+v, %t", row.raw, got, ok, row.want, row.ok)
		}
	}
}

func TestPageLabel(t *testing.T) {
	plain := foule.Site{}
	query := foule.Site{KeepQuery: []string{"id", "tag", "utm_source", "gclid"}}
	hash := foule.Site{KeepFragment: true, KeepQuery: []string{"id"}}
	for _, row := range []struct {
		name  string
		site  foule.Site
		url   string
		label string
	}{
		{"no path", plain, "https://example.org", "/"},
		{"case and slashes stay", plain, "https://example.org/A//b/", "/A//b/"},
		{"query and fragment go", plain, "https://example.org/p?a=1#f", "/p"},
		{"user info and port go", plain, "https://user:pass@example.org:8443/p", "/p"},
		{"matrix parameters go", plain, "https://example.org/p;v=1/q;w=2", "/p"},
		{"a session id goes", plain, "https://example.org/p;jsessionid=0A1B2C3D", "/p"},
		{"escapes are read", plain, "https://example.org/caf%C3%A9%20noir", "/café noir"},
		{"escapes with a meaning stay", plain, "https://example.org/a%2Fb%3Fc%23d%25e%26f%0A", "/a%2Fb%3Fc%23d%25e%26f%0A"},
		{"broken escapes stay", plain, "https://example.org/50%/x%zz%e", "/50%/x%zz%e"},
		{"escapes that are no UTF-8 stay", plain, "https://example.org/%ff%fe", "/%ff%fe"},
		{"an e-mail", plain, "https://example.org/u/jane.doe%40example.net/x", "/u/[email]/x"},
		{"kept parameters, in order and as sent", query, "https://example.org/p?z=1&tag=b%20c&id=7&tag=a+b", "/p?tag=b%20c&id=7&tag=a+b"},
		{"kept arrays and empty values", query, "https://example.org/p?tag[]=1&tag%5B%5D=2&id=&id", "/p?tag[]=1&tag%5B%5D=2&id=&id"},
		{"names mind their case", query, "https://example.org/p?ID=7", "/p"},
		{"campaigns and click ids never stay", query, "https://example.org/p?utm_source=x&gclid=y&id=1", "/p?id=1"},
		{"campaigns of a kept fragment never stay", hash, "https://example.org/p#utm_campaign=x", "/p"},
		{"nor do click ids, whatever else stands there", hash, "https://example.org/p#section&GCLID=1&b=2", "/p#section&b=2"},
		{"nor what stands before its own parameters", hash, "https://example.org/p#mtm_kwd=x?id=1", "/p?id=1"},
		{"an e-mail in a kept parameter", query, "https://example.org/p?id=jane.doe%40example.net", "/p?id=[email]"},
		{"the fragment of a hash-routed site", hash, "https://example.org/app?x=1#/users/list", "/app#/users/list"},
		{"with its query", hash, "https://example.org/app#/users?id=7&x=1", "/app#/users?id=7"},
		{"a bare #", hash, "https://example.org/app#", "/app"},
		{"an e-mail in the fragment", hash, "https://example.org/#/u/jane.doe@example.net", "/#/u/[email]"},
	} {
		a, ok := splitURL(row.url)
		if !ok {
			t.Fatalf("%s: no URL", row.name)
		}
		if got := compile(t, row.site).page(a); got != row.label {
			t.Errorf("%s: %s is %q, want %q", row.name, row.url, got, row.label)
		}
	}
}

func TestTarget(t *testing.T) {
	for _, row := range [][2]string{
		{"https://user:pass@Example.com:8080/a.pdf?sid=1#p=2", "example.com/a.pdf"},
		{"https://example.com", "example.com/"},
		{"https://example.com/u/jane.doe@example.net", "example.com/u/[email]"},
		{"https://203.0.113.9/a", "[ip]/a"},
		{"files/a.pdf?sid=secret#part", "files/a.pdf"},
		{"mailto:jane.doe@example.net?subject=x", "mailto:[email]"},
	} {
		if got := (&Site{}).target(row[0]); got != row[1] {
			t.Errorf("target(%q) = %q, want %q", row[0], got, row[1])
		}
	}
}

func TestQueryValue(t *testing.T) {
	for _, row := range [][3]string{
		{"q=shoes", "q", "shoes"},
		{"Q=shoes", "q", "shoes"},
		{"q[]=one&q[]=two", "q", "one"},
		{"q=&q=second", "q", "second"},
		{"q=red+shoes%21", "q", "red shoes!"},
		{"xq=1&q2=3", "q", ""},
		{"q=%ff", "q", "\uFFFD"},
		{"", "q", ""},
	} {
		if got := queryValue(row[0], row[1]); got != row[2] {
			t.Errorf("queryValue(%q, %q) = %q, want %q", row[0], row[1], got, row[2])
		}
	}
}

func TestResolution(t *testing.T) {
	for in, want := range map[string]string{
		"1920x1080": "1920x1080", "390x844": "390x844", "": "", "unknown": "", "0x0": "", "1920x": "", "x": "", "1920x1080x2": "", "1920X1080": "",
		"jane@x": "", "123456x1": "", "-19x20": "",
	} {
		if got := resolution(in); got != want {
			t.Errorf("resolution(%q) = %q, want %q", in, got, want)
		}
	}
}

// FuzzPage: whatever a URL is, its labels are fit to be labels and hold neither
// query, user info nor fragment.
func FuzzPage(f *testing.F) {
	for _, s := range []string{
		"https://user:pass@example.org:8443/p;v=1?a=1#f", "//x", "https://example.org/caf%C3%A9%20noir", "https://example.org/%ff%fe", "a//b",
		"https://[2001:db8::1]:8080/p", "https://example.org/app#/users?id=7&x=1", "https://example.org/a%2Fb%3Fc%23d%25e%26f%0A", "::////@:?#",
	} {
		f.Add(s)
	}
	plain, kept := compile(f, foule.Site{}), compile(f, foule.Site{KeepQuery: []string{"id"}, KeepFragment: true})
	f.Fuzz(func(t *testing.T, raw string) {
		a, ok := splitURL(raw)
		if !ok {
			return
		}
		if strings.ContainsAny(a.host, "/?#@") || strings.ContainsAny(a.path, "?#") || strings.Contains(a.query, "#") || a.path != "" && a.path[0] != '/' {
			t.Errorf("splitURL(%q) = %+v", raw, a)
		}
		for _, label := range []string{plain.page(a), kept.page(a), plain.hostAndPath(a), plain.target(raw)} {
			if len(label) > foule.MaxLabelBytes || !utf8.ValidString(label) || strings.ContainsAny(label, "\x00\r\n") {
				t.Errorf("%q has the label %q", raw, label)
			}
		}
		if label := plain.page(a); strings.ContainsAny(label, "?#") {
			t.Errorf("%q has the label %q", raw, label)
		}
	})
}
