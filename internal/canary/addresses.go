package canary

import (
	"crypto/rand"
	"fmt"
	"strings"
)

// ipv4 is an address of the network for tests of devices (RFC 2544), in the
// form a.b.c.d with large c and d, which no counter of a small store reaches.
func ipv4() string {
	b := make([]byte, 3)
	rand.Read(b)
	return fmt.Sprintf("198.%d.%d.%d", 18+b[0]%2, 129+b[1]%120, 129+b[2]%120)
}

// ipv6 is an address of the network for documentation (RFC 3849).
func ipv6() string {
	b := make([]byte, 12)
	rand.Read(b)
	for i := range b {
		b[i] |= 0x81 // no group begins with a zero, nor is one
	}
	var groups []string
	for i := 0; i < len(b); i += 2 {
		groups = append(groups, fmt.Sprintf("%02x%02x", b[i], b[i+1]))
	}
	return "2001:db8:" + strings.Join(groups, ":")
}

// addr plants an address. What is left of one without its last byte may stand
// in an access log only.
func (p *Plan) addr(name, address string) string {
	site := int(p.site.ID)
	if i := strings.LastIndexByte(address, '.'); i > 0 {
		p.Text(Prefix, Truncated, name, site, address[:i+1])
	}
	return p.Addr(name, site, address)
}

// forwarding are the headers in which proxies tell of the client.
var forwarding = []string{
	"Cf-Connecting-Ip", "X-Real-Ip", "True-Client-Ip", "Forwarded", "Via", "X-Cluster-Client-Ip", "X-Client-Ip", "Fastly-Client-Ip",
	"X-Original-Forwarded-For", "X-Forwarded", "Forwarded-For", "X-Remote-Addr", "Cf-Connecting-Ipv6", "Fly-Client-Ip", "X-Appengine-User-Ip", "X-Azure-Clientip",
}

// addresses come in every way that an address can come.
func (p *Plan) addresses() {
	p.add(
		Probe{Query: p.hit("cip", p.addr("cip", ipv4()), "token_auth", p.Token)},
		Probe{Query: p.hit("cip", p.addr("cip6", ipv6()), "token_auth", p.Token)},
		Probe{Query: p.hit("cip", "::ffff:"+p.addr("cip-mapped", ipv4()), "token_auth", p.Token)},
		Probe{Query: p.hit("cip", p.never(Address, "cip"), "token_auth", p.Token)},
	)
	for i, ip := range []string{ipv4(), ipv6(), ipv4()} {
		p.add(Probe{Query: p.hit(), Headers: map[string]string{"X-Forwarded-For": "10.1.2.3, " + p.addr(fmt.Sprint("forwarded-for-", i), ip)}})
	}
	for _, name := range forwarding {
		ip := p.addr(strings.ToLower(name), ipv4())
		p.add(Probe{Query: p.hit(), Headers: map[string]string{name: ip}},
			Probe{Query: p.hit(), Headers: map[string]string{name: "for=" + ip}})
	}
	p.add(Probe{Query: p.hit(), Headers: map[string]string{"X-Forwarded-For": p.never(Header, "forwarded") + ", " + p.addr("forwarded-for-last", ipv4())}})
}

// Peers plans hits that come from addresses of this machine's own network, each
// a marker: the addresses of connections. Only Linux has more of them than one.
func (p *Plan) Peers() {
	for i := range 3 {
		b := make([]byte, 3)
		rand.Read(b)
		peer := fmt.Sprintf("127.%d.%d.%d", 129+b[0]%120, 129+b[1]%120, 129+b[2]%120)
		p.addr(fmt.Sprint("connection-", i), peer)
		p.add(Probe{Query: p.hit(), Peer: peer},
			Probe{Query: p.hit("idsite", p.never(Malformed, "frompeer")), Peer: peer, Status: 400},
			Probe{Path: "/optout", Peer: peer, Status: 200})
	}
}
