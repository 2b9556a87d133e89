package rest

import (
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/refusal"
)

// refuseResetWithoutMail refuses all password resets while no mail can be sent: PocketBase
// responds before it tries to send the link.
func (a *API) refuseResetWithoutMail(e *core.RequestEvent) error {
	if e.Request.Pattern == "POST /api/collections/{collection}/request-password-reset" && !a.mail.SendsLinks() {
		return refusal.MailUnavailable
	}
	return e.Next()
}
