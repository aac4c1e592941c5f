package auth

import (
	"hash/maphash"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// limitSlots bounds the memory of a rate limit: keys are spread over so many
// slots by a hash that nobody outside can predict, and share a slot's allowance
// where they meet.
const limitSlots = 1 << 16

// slot gives the rate limit's key for some words. It holds neither of them.
func (a *Auth) slot(words ...string) string {
	var h maphash.Hash
	h.SetSeed(a.seed)
	for _, w := range words {
		h.WriteString(w)
		h.WriteByte(0)
	}
	return strconv.FormatUint(h.Sum64()%limitSlots, 10)
}

// network gives the network a request came from, as wide as one customer may
// well own: /24 or /48.
func (a *Auth) network(r *http.Request) string {
	addr := a.clientAddr(r)
	if !addr.IsValid() {
		return "" // a unix socket; all of its clients share one allowance
	}
	bits := 24
	if addr.Is6() {
		bits = 48
	}
	prefix, _ := addr.Prefix(bits) // fails for more bits than there are
	return prefix.String()
}

// clientAddr gives the address of the client: the peer's, or, behind believed
// proxies, the last one in X-Forwarded-For that is not such a proxy's.
func (a *Auth) clientAddr(r *http.Request) netip.Addr {
	peer, ok := a.fromProxy(r)
	if !ok {
		return peer
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		addr, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			return peer
		}
		peer = addr.Unmap().WithZone("")
		if !a.trusted(peer) {
			return peer
		}
	}
	return peer
}

// fromProxy gives the peer's address and whether it is a believed proxy's.
func (a *Auth) fromProxy(r *http.Request) (netip.Addr, bool) {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}, false
	}
	addr := peer.Addr().Unmap().WithZone("")
	return addr, a.trusted(addr)
}

func (a *Auth) trusted(addr netip.Addr) bool {
	return slices.ContainsFunc(a.Proxies, func(p netip.Prefix) bool { return p.Contains(addr) })
}

// isHTTPS says whether the browser spoke TLS, to us or to a believed proxy.
func (a *Auth) isHTTPS(r *http.Request) bool {
	if r.TLS != nil {
		return true
	}
	_, ok := a.fromProxy(r)
	return ok && strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https")
}
