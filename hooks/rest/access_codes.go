package rest

import (
	"net/http"
	"strings"

	"github.com/pocketbase/ozzo-validation/v4/is"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/mails"
	"github.com/pocketbase/pocketbase/tools/routine"

	"messagerie/hooks/email"
	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/school"
)

func (a *API) accessCodeRoutes() []route {
	return []route{
		{"POST", "/messagerie/access-codes/{establishmentId}", people, protocol.AccessCodesRequest{}, a.makeAccessCodes},
		{"POST", "/messagerie/invitations/{establishmentId}", people, protocol.InvitationsRequest{}, a.invite},
		{"POST", "/messagerie/invitations/{establishmentId}/audience", people, protocol.AccessCodesRequest{}, a.countInvitations},
		{"POST", "/messagerie/welcome", anyone, protocol.WelcomeRequest{}, a.welcome},
	}
}

func (a *API) makeAccessCodes(r request) error {
	var body protocol.AccessCodesRequest
	if err := r.decode(&body); err != nil {
		return err
	}
	codes, err := a.people.AccessCodes(r.caller, r.id("establishmentId"),
		school.Selection{Users: body.Users, Class: body.ClassID, Role: body.Role})
	if err != nil {
		return err
	}
	return r.JSON(http.StatusOK, codes)
}

func (a *API) invite(r request) error {
	var body protocol.InvitationsRequest
	if err := r.decode(&body); err != nil {
		return err
	}
	invited, err := a.mail.Invite(r.caller, r.id("establishmentId"), email.Wanted{
		Selection: school.Selection{Users: body.Users, Class: body.ClassID, Role: body.Role}, Again: body.Again})
	if err != nil {
		return err
	}
	return r.JSON(http.StatusAccepted, invited)
}

func (a *API) countInvitations(r request) error {
	var body protocol.AccessCodesRequest
	if err := r.decode(&body); err != nil {
		return err
	}
	counts, err := a.mail.CountInvitations(r.caller, r.id("establishmentId"),
		school.Selection{Users: body.Users, Class: body.ClassID, Role: body.Role})
	if err != nil {
		return err
	}
	return r.JSON(http.StatusOK, counts)
}

// welcome logs somebody in by an access code, with the password that they choose. The response is
// that of a log-in.
func (a *API) welcome(r request) error {
	var body protocol.WelcomeRequest
	if err := r.decode(&body); err != nil {
		return err
	}
	identity, address := strings.TrimSpace(body.Username), strings.TrimSpace(body.Email)
	if address != "" && is.EmailFormat.Validate(address) != nil {
		return refusal.Invalid("email", "This isn't an e-mail address.")
	}
	invitation, err := a.people.InvitationOf(identity)
	if err != nil {
		return err
	}
	var record *core.Record
	err = a.logins.Guess(r.RequestEvent, invitation.User.RecordID(), invitation.Secret(), identity, func() error {
		if !a.people.Opens(invitation, body.Code) {
			return school.ErrInvalidAccessCode
		}
		record, err = a.people.Accept(invitation, body.Password)
		return err
	})
	if err != nil {
		return err
	}
	r.Response.Header().Set("Cache-Control", "no-store")
	var meta any
	if address != "" && !strings.EqualFold(address, record.Email()) {
		meta = protocol.WelcomeMeta{Email: a.confirmAddress(r.App, record, address)}
	}
	return apis.RecordAuthResponse(r.RequestEvent, record, "", meta)
}

// confirmAddress sends a mail whose link makes the address the person's. It says the same of an
// address that somebody has: nobody learns whose it is.
func (a *API) confirmAddress(app core.App, record *core.Record, address string) string {
	if !a.mail.SendsLinks() {
		return protocol.EmailUnavailable
	}
	if _, err := app.FindAuthRecordByEmail(record.Collection(), address); err == nil {
		return protocol.EmailToConfirm
	}
	person := record.Clone()
	routine.FireAndForget(func() { // a mail server may take its time
		if err := mails.SendRecordChangeEmail(app, person, address); err != nil {
			app.Logger().Error("The mail that confirms an address wasn't sent.", "user", person.Id, "error", err)
		}
	})
	return protocol.EmailToConfirm
}
