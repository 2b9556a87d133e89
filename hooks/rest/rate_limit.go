package rest

import (
	"context"
	"net/http"
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

// requestLimiter limits the rate of requests of each person, and of strangers by network
// address. So people behind one address don't share a limit, and nobody uses up somebody
// else's.
type requestLimiter struct {
	burst    int
	people   *ratelimit.Limiter[string] // by the account's id
	visitors *ratelimit.Limiter[visit]
}

// visit is a request of a stranger. Each route has its own limit: if a stranger floods one,
// people behind the same address can still use the others.
type visit struct {
	from  netip.Prefix
	route string
}

func newRequestLimiter(limits config.Limits) *requestLimiter {
	return &requestLimiter{
		burst: limits.RequestsBurst,
		people: ratelimit.New[string](ratelimit.Rate{
			Burst: limits.RequestsBurst, Every: time.Second / time.Duration(limits.RequestsPerSecond)}, countedPeople),
		visitors: ratelimit.New[visit](ratelimit.Rate{
			Burst: limits.VisitorRequestsPerMinute, Every: time.Minute / time.Duration(limits.VisitorRequestsPerMinute)}, countedVisitors),
	}
}

// limit runs right after the token has been checked, before everything else.
func (l *requestLimiter) limit() *hook.Handler[*core.RequestEvent] {
	return &hook.Handler[*core.RequestEvent]{
		Id:       "messagerieLimitRequests",
		Priority: apis.DefaultRateLimitMiddlewarePriority - 8,
		Func: func(e *core.RequestEvent) error {
			if e.Auth == nil && countsFailures[visitOf(e).route] {
				return l.limitMalformed(e)
			}
			if wait, ok := l.take(e); !ok {
				leaveUnread(e)
				return errRequests(wait)
			}
			return e.Next()
		},
	}
}

// countsFailures are the routes on which a stranger may succeed as often as they like: see auth.BindLogins and
// auth.BindProviders.
var countsFailures = map[string]bool{
	"POST /api/collections/{collection}/auth-with-password": true,
	"POST /api/collections/{collection}/auth-with-oauth2":   true,
}

// limitMalformed counts a log-in that is refused before it is an attempt, such as one without a name. Attempts that
// fail are counted elsewhere.
func (l *requestLimiter) limitMalformed(e *core.RequestEvent) error {
	err := e.Next()
	if err == nil || auth.IsAttempt(e) || errorBody(err, e.Request.Method).Status >= http.StatusInternalServerError {
		return err
	}
	if wait, ok := l.visitors.Take(visitOf(e), 1); !ok {
		return errRequests(wait)
	}
	return err
}

func errRequests(wait time.Duration) error {
	return refusal.TooManyRequests(wait, "Too many requests.")
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
	}
	return l.visitors.Take(visitOf(e), 1)
}

// waitForPage lets a page of messages that is longer than others cost as many requests as it is times as long, and
// waits until a person has them: a megabyte a page, fifty times a second, would take half a processor.
func (l *requestLimiter) waitForPage(ctx context.Context, account string, requests int) error {
	for {
		wait, ok := l.people.Take(account, min(requests-1, l.burst))
		if ok {
			return nil
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func visitOf(e *core.RequestEvent) visit {
	// The pattern with and without its slash is the same.
	return visit{auth.Address(e), strings.TrimSuffix(e.Request.Pattern, "/{$}")}
}
