package auth

import (
	"net/http"
	"net/netip"
	"strings"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
)

// ReadProxyHeaders leaves one bare address in each header in which a trusted proxy passes
// the visitor's, which is the form that RequestEvent.RealIP understands. Some proxies add a
// port or brackets, or a line of their own. RealIP skips what it can't parse, and would go
// on to what the visitor has sent.
func ReadProxyHeaders() *hook.Handler[*core.RequestEvent] {
	return &hook.Handler[*core.RequestEvent]{
		Id:       "messagerieReadProxyHeaders",
		Priority: apis.DefaultCorsMiddlewarePriority - 15,
		Func: func(e *core.RequestEvent) error {
			trusted := e.App.Settings().TrustedProxy
			for _, name := range trusted.Headers {
				readProxyHeader(e.Request.Header, name, trusted.UseLeftmostIP)
			}
			return e.Next()
		},
	}
}

// readProxyHeader leaves the visitor's address, or no header where the proxy names none.
func readProxyHeader(header http.Header, name string, leftmost bool) {
	// Several lines are one list (RFC 9110, 5.3).
	var listed []string
	for _, line := range header.Values(name) {
		for item := range strings.SplitSeq(line, ",") {
			if item = strings.Trim(item, " \t\""); item != "" {
				listed = append(listed, item)
			}
		}
	}
	header.Del(name)
	if !leftmost && len(listed) > 1 {
		listed = listed[len(listed)-1:] // the ones before it were sent to the proxy
	}
	for _, item := range listed {
		if address, ok := parseAddress(item); ok {
			header.Set(name, address.String())
			return
		}
	}
}

// parseAddress reads an address with or without a port and brackets.
func parseAddress(s string) (netip.Addr, bool) {
	address, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(s, "["), "]"))
	if err != nil {
		var withPort netip.AddrPort
		if withPort, err = netip.ParseAddrPort(s); err != nil {
			return netip.Addr{}, false
		}
		address = withPort.Addr()
	}
	return address.Unmap().WithZone(""), true
}
