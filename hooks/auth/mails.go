package auth

import (
	"net/http"
	"net/netip"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/ratelimit"
)

// How many mails strangers can have sent: to one person, and from one network, which is
// shared by everybody who has forgotten a password on the first day of school.
var (
	mailsPerAccount = ratelimit.Rate{Burst: 3, Every: 15 * time.Minute}
	mailsPerNetwork = ratelimit.Rate{Burst: 300, Every: 10 * time.Second}
)

// limitedKeys is how many accounts and networks are remembered.
const limitedKeys = 10_000

// BindMailLimits limits the mails with a link for a new password or with a one-time code.
// PocketBase's own limit checks whether one was sent, and so lets through all that are
// requested at the same time.
func BindMailLimits(app core.App) {
	limits := mailLimits{
		accounts: ratelimit.New[string](mailsPerAccount, limitedKeys),
		networks: ratelimit.New[netip.Prefix](mailsPerNetwork, limitedKeys),
	}
	app.OnRecordRequestPasswordResetRequest().BindFunc(func(e *core.RecordRequestPasswordResetRequestEvent) error {
		if !limits.allow(e.RequestEvent, e.Record) {
			return e.NoContent(http.StatusNoContent)
		}
		return e.Next()
	})
	app.OnRecordRequestOTPRequest().BindFunc(func(e *core.RecordCreateOTPRequestEvent) error {
		if e.Record != nil && !limits.allow(e.RequestEvent, e.Record) {
			return e.JSON(http.StatusOK, map[string]string{"otpId": core.GenerateDefaultRandomId()})
		}
		return e.Next()
	})
}

type mailLimits struct {
	accounts *ratelimit.Limiter[string]
	networks *ratelimit.Limiter[netip.Prefix]
}

// allow reports whether a mail to an account may be sent. The caller gets the same response either
// way, and for an address that nobody has, so that it reveals nothing about the account. An
// address that nobody has costs nothing: nobody can use up what a school shares.
func (l mailLimits) allow(e *core.RequestEvent, account *core.Record) bool {
	if e.HasSuperuserAuth() {
		return true
	}
	if _, ok := l.accounts.Take(account.Id, 1); !ok {
		return false
	}
	if _, ok := l.networks.Take(Address(e), 1); !ok {
		l.accounts.Give(account.Id, 1)
		e.App.Logger().Warn("Too many password resets were requested from one network.", "network", Address(e).String())
		return false
	}
	return true
}
