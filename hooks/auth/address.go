package auth

import (
	"net/netip"

	"github.com/pocketbase/pocketbase/core"
)

// Address is where a request comes from, as limits count it: one IPv4 address, or the /64
// of an IPv6 address: a subscriber has all addresses of one.
func Address(e *core.RequestEvent) netip.Prefix {
	address, err := netip.ParseAddr(e.RealIP())
	if err != nil {
		return netip.Prefix{} // addresses that can't be parsed count as one
	}
	address = address.Unmap()
	bits := address.BitLen()
	if address.Is6() {
		bits = 64
	}
	prefix, err := address.WithZone("").Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return prefix
}
