package auth

import (
	"crypto/tls"
	"net/http/httptest"
	"net/netip"
	"testing"
)

var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}

func TestNetwork(t *testing.T) {
	a := &Auth{Proxies: append(loopback, netip.MustParsePrefix("10.0.0.0/8"))}
	for _, row := range []struct {
		name, peer string
		forwarded  []string
		want       string
	}{
		{"no proxy", "192.0.2.7:4711", nil, "192.0.2.0/24"},
		{"a stranger's header", "192.0.2.7:4711", []string{"198.51.100.1"}, "192.0.2.0/24"},
		{"one proxy", "127.0.0.1:4711", []string{"198.51.100.1"}, "198.51.100.0/24"},
		{"two proxies", "127.0.0.1:4711", []string{"198.51.100.1, 10.1.2.3"}, "198.51.100.0/24"},
		{"two headers", "127.0.0.1:4711", []string{"203.0.113.9", "198.51.100.1"}, "198.51.100.0/24"},
		{"a client that lies", "127.0.0.1:4711", []string{"203.0.113.9, 198.51.100.1"}, "198.51.100.0/24"},
		{"nonsense", "127.0.0.1:4711", []string{"unknown"}, "127.0.0.0/24"},
		{"no header", "127.0.0.1:4711", nil, "127.0.0.0/24"},
		{"IPv6", "[2001:db8:1:2::3]:4711", nil, "2001:db8:1::/48"},
		{"IPv4 in IPv6", "[::ffff:192.0.2.7]:4711", nil, "192.0.2.0/24"},
		{"a unix socket", "@", nil, ""},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = row.peer
		for _, f := range row.forwarded {
			r.Header.Add("X-Forwarded-For", f)
		}
		if got := a.network(r); got != row.want {
			t.Errorf("%s: %q, want %q", row.name, got, row.want)
		}
	}
}

func TestIsHTTPS(t *testing.T) {
	a := &Auth{Proxies: loopback}
	for _, row := range []struct {
		name, peer, proto string
		tls               bool
		want              bool
	}{
		{"plain", "192.0.2.7:4711", "", false, false},
		{"our own TLS", "192.0.2.7:4711", "", true, true},
		{"a proxy's TLS", "127.0.0.1:4711", "https", false, true},
		{"a proxy without", "127.0.0.1:4711", "http", false, false},
		{"a stranger's word", "192.0.2.7:4711", "https", false, false},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = row.peer
		r.Header.Set("X-Forwarded-Proto", row.proto)
		if row.tls {
			r.TLS = &tls.ConnectionState{}
		}
		if got := a.isHTTPS(r); got != row.want {
			t.Errorf("%s: %v, want %v", row.name, got, row.want)
		}
	}
}
