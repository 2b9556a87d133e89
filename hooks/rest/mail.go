package rest

import (
	"net/http"

	"messagerie/hooks/email"
	"messagerie/hooks/protocol"
)

func (a *API) mailRoutes() []route {
	return []route{
		{"POST", "/email/send", people, protocol.LetterRequest{}, a.sendEmail},
		{"GET", "/email/search-recipients/{establishmentId}", people, nil, a.searchEmailRecipients},
	}
}

// sendEmail checks the role before it reads the body, which may be the largest of all.
func (a *API) sendEmail(r request) error {
	if err := a.mail.MaySend(r.caller); err != nil {
		return err
	}
	var body protocol.LetterRequest
	if err := r.decode(&body); err != nil {
		return err
	}
	accepted, err := a.mail.Send(r.caller, email.Letter{
		Recipients: email.Recipients(body.Recipients), Subject: body.Subject, Content: body.Content, Format: body.Format})
	if err != nil {
		return err
	}
	return r.JSON(http.StatusAccepted, accepted)
}

func (a *API) searchEmailRecipients(r request) error {
	users, err := a.mail.SearchRecipients(r.caller, r.id("establishmentId"), r.query("q"))
	if err != nil {
		return err
	}
	return r.JSON(http.StatusOK, users)
}
