package rest

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"messagerie/hooks/auth"
)

// guardDashboard keeps the dashboard, and everything that superusers log in with, to the network addresses of
// PocketBase's setting (dashboard.allowed_addresses). PocketBase itself refuses their tokens from elsewhere, but only after
// it has compared the password: whoever guesses would learn that it was right.
func guardDashboard() *hook.Handler[*core.RequestEvent] {
	return &hook.Handler[*core.RequestEvent]{
		Id:       "messagerieGuardDashboard",
		Priority: apis.DefaultRateLimitMiddlewarePriority - 6, // before the gate
		Func: func(e *core.RequestEvent) error {
			allowed := e.App.Settings().SuperuserIPs
			if len(allowed) > 0 && isForSuperusers(e) && !isListed(allowed, auth.IP(e)) {
				leaveUnread(e)
				return e.ForbiddenError("The dashboard can't be used from this network address.", nil)
			}
			return e.Next()
		},
	}
}

// isForSuperusers reports whether a request is for a file of the dashboard, or for the accounts of superusers.
func isForSuperusers(e *core.RequestEvent) bool {
	_, path, _ := strings.Cut(e.Request.Pattern, " ")
	return strings.HasPrefix(path, "/_/") || access{of: ofTheDashboard}.appliesTo(e)
}

// isListed reports whether an address is in one of the networks.
func isListed(networks []string, address netip.Addr) bool {
	return slices.ContainsFunc(networks, func(listed string) bool {
		if single, err := netip.ParseAddr(listed); err == nil {
			return single.Unmap() == address
		}
		network, err := netip.ParsePrefix(listed)
		return err == nil && network.Contains(address)
	})
}
