package auth

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"
)

// limitConfirmations counts the passwords that come with the link for a new address like those
// of log-ins to the same account: a link for a mistyped address is in a stranger's hands.
// PocketBase compares the password before any of its hooks run, so this is a middleware. It runs
// after the gate.
func (l *Logins) limitConfirmations() *hook.Handler[*core.RequestEvent] {
	return &hook.Handler[*core.RequestEvent]{
		Id: "messagerieLimitConfirmations",
		Func: func(e *core.RequestEvent) error {
			if e.Request.Pattern != "POST /api/collections/{collection}/confirm-email-change" {
				return e.Next()
			}
			return l.confirm(e)
		},
	}
}

func (l *Logins) confirm(e *core.RequestEvent) error {
	var form struct { // what PocketBase reads
		Token    string `form:"token" json:"token"`
		Password string `form:"password" json:"password"`
	}
	if err := e.BindBody(&form); err != nil { // PocketBase would go on behind what was read
		return e.BadRequestError("An error occurred while loading the submitted data.", err)
	}
	if body, ok := e.Request.Body.(router.Rereader); ok { // XML isn't read to its end
		body.Reread()
	}
	account, err := e.App.FindAuthRecordByToken(form.Token, core.TokenTypeEmailChange)
	if err != nil || form.Password == "" {
		return e.Next() // refused without a comparison
	}
	attempt, done, err := l.begin(e, l.guesses.accountOf(account))
	if err != nil {
		return err
	}
	defer attempt.end()
	defer done()
	err = e.Next()
	switch {
	case err == nil:
		attempt.succeeded()
	case !isRefusal(err): // a fault of the server
		attempt.cancel()
	}
	return err
}
