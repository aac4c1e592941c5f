package anonymize

import "net/netip"

// Truncation says how much of an address is kept, in bits.
type Truncation struct{ IPv4, IPv6 int }

// DefaultTruncation keeps what audience measurement needs: /24 leaves all
// countries and nearly all cities of IPv4 recognisable, /48 those of IPv6.
var DefaultTruncation = Truncation{IPv4: 24, IPv6: 48}

// Apply zeroes what is not kept. An IPv4-mapped address counts as IPv4. The
// zero Addr stays what it is.
func (t Truncation) Apply(ip netip.Addr) netip.Addr {
	ip = ip.Unmap().WithZone("")
	bits := t.IPv4
	if ip.Is6() {
		bits = t.IPv6
	}
	p, err := ip.Prefix(bits)
	if err != nil {
		return netip.Addr{}
	}
	return p.Addr()
}
