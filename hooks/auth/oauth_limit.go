package auth

import (
	"net/netip"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"messagerie/hooks/config"
	"messagerie/hooks/ratelimit"
	"messagerie/hooks/refusal"
)

// How many codes are exchanged at a time, and when to come back if that many are: each is two
// requests to the provider, which may be slow.
const (
	maxExchanges = 100
	exchangeWait = 5 * time.Second
)

// exchangeWindow is the time within which the exchanges that may fail come back.
const exchangeWindow = 30 * time.Minute

// exchanges limits the codes that strangers have this server exchange at a provider. As with
// passwords, only those that fail cost something. They are counted by address alone: a code
// can't be guessed, and says nothing about whose account it is for.
type exchanges struct {
	failures *ratelimit.Limiter[netip.Prefix]
	slots    chan struct{}
}

func newExchanges(limits config.Limits) *exchanges {
	return &exchanges{
		failures: ratelimit.New[netip.Prefix](ratelimit.Rate{
			Burst: limits.LoginFailuresPerAddress, Every: exchangeWindow / time.Duration(limits.LoginFailuresPerAddress)}, rememberedGuesses),
		slots: make(chan struct{}, maxExchanges),
	}
}

// limit runs after the gate, before anything of the body is read.
func (x *exchanges) limit() *hook.Handler[*core.RequestEvent] {
	return &hook.Handler[*core.RequestEvent]{
		Id: "messagerieLimitCodes",
		Func: func(e *core.RequestEvent) error {
			if e.Request.Pattern != "POST /api/collections/{collection}/auth-with-oauth2" {
				return e.Next()
			}
			from := Address(e)
			e.Set(keyAttempt, true)
			if wait, ok := x.failures.Take(from, 1); !ok {
				return errGuesses(wait)
			}
			select {
			case x.slots <- struct{}{}:
				defer func() { <-x.slots }()
			default:
				x.failures.Give(from, 1)
				return refusal.TooManyRequests(exchangeWait, "Too many people are logging in at the moment.")
			}
			err := e.Next()
			if err == nil {
				x.failures.Give(from, 1)
			}
			return err
		},
	}
}
