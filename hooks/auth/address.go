package auth

import (
	"net/netip"

	"github.com/pocketbase/pocketbase/core"
)

// IP is the network address of a visitor; the zero value if it can't be parsed.
func IP(e *core.RequestEvent) netip.Addr {
	address, err := netip.ParseAddr(e.RealIP())
	if err != nil {
		return netip.Addr{}
	}
	return address.Unmap().WithZone("")
}

// Address is where a request comes from, as limits count it: one IPv4 address, or the /64
// of an IPv6 address: a subscriber has all addresses of one.
func Address(e *core.RequestEvent) netip.Prefix {
	address := IP(e)
	if !address.IsValid() {
		return netip.Prefix{} // addresses that can't be parsed count as one
	}
	bits := address.BitLen()
	if address.Is6() {
		bits = 64
	}
	prefix, err := address.Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return prefix
}
