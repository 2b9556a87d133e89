package rest

import (
	"net/netip"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"messagerie/hooks/auth"
	"messagerie/hooks/config"
	"messagerie/hooks/ratelimit"
	"messagerie/hooks/refusal"
)

// How many people and visitors are counted at a time, in 10 MB at most.
const (
	countedPeople   = 50_000
	countedVisitors = 20_000
)

// requestLimiter limits the rate of requests of each person, and of strangers by the network
// that they come from. So a school behind one address has as many requests as it has people,
// and nobody uses up somebody else's.
type requestLimiter struct {
	people   *ratelimit.Limiter[string] // by the account's id
	visitors *ratelimit.Limiter[visit]
}

// visit is a request of a stranger. Each route has a limit of its own: a stranger who floods one
// leaves the others to those behind the same address.
type visit struct {
	from  netip.Prefix
	route string
}

func newRequestLimiter(limits config.Limits) *requestLimiter {
	return &requestLimiter{
		people: ratelimit.New[string](ratelimit.Rate{
			Burst: limits.RequestsBurst, Every: time.Second / time.Duration(limits.RequestsPerSecond)}, countedPeople),
		visitors: ratelimit.New[visit](ratelimit.Rate{
			Burst: limits.VisitorRequestsPerMinute, Every: time.Minute / time.Duration(limits.VisitorRequestsPerMinute)}, countedVisitors),
	}
}

// limit runs right after the token has been checked, before anything else is done.
func (l *requestLimiter) limit() *hook.Handler[*core.RequestEvent] {
	return &hook.Handler[*core.RequestEvent]{
		Id:       "messagerieLimitRequests",
		Priority: apis.DefaultRateLimitMiddlewarePriority - 8,
		Func: func(e *core.RequestEvent) error {
			if wait, ok := l.take(e); !ok {
				leaveUnread(e)
				return refusal.TooManyRequests(wait, "Too many requests.")
			}
			return e.Next()
		},
	}
}

func (l *requestLimiter) take(e *core.RequestEvent) (wait time.Duration, ok bool) {
	path := e.Request.URL.Path
	switch {
	case !strings.HasPrefix(path, "/api/") && !strings.HasPrefix(path, "/ws/"):
		return 0, true // the client's own files
	case e.HasSuperuserAuth():
		return 0, true // the dashboard, and imports
	case e.Auth != nil:
		return l.people.Take(e.Auth.Id, 1)
	case strings.HasSuffix(path, "/auth-with-password"):
		return 0, true // those that fail are counted: see auth.BindLogins
	}
	// Both slashes are one.
	return l.visitors.Take(visit{auth.Address(e), strings.TrimSuffix(e.Request.Pattern, "/{$}")}, 1)
}
