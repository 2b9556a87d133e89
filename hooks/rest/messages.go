package rest

import (
	"net/http"

	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/school"
)

func (a *API) messageRoutes() []route {
	return []route{
		{"GET", "/messagerie/messages/{conversationId}", people, nil, a.listMessages},
		{"POST", "/messagerie/messages/{conversationId}", people, protocol.MessageRequest{}, a.sendMessage},
		{"PATCH", "/messagerie/messages/{conversationId}/{messageId}", people, protocol.EditRequest{}, a.editMessage},
		{"DELETE", "/messagerie/messages/{conversationId}/{messageId}", people, nil, a.deleteMessage},
		{"GET", "/messagerie/messages/{conversationId}/{messageId}/history", people, nil, a.history},
	}
}

func (a *API) listMessages(r request) error {
	limit, err := r.limit()
	if err != nil {
		return err
	}
	before, err := r.cursor("before")
	if err != nil {
		return err
	}
	after, err := r.cursor("after")
	if err != nil {
		return err
	}
	if before != 0 && r.has("after") {
		return refusal.Invalid("after", "Use either before or after, not both.")
	}
	page := messagerie.Page{Before: before, After: after, FromStart: r.has("after"), Limit: limit}
	data, err := a.encodedPage(r, page)
	if err != nil {
		return err
	}
	return sendEncoded(r.RequestEvent, http.StatusOK, data)
}

// encodedPage reads and encodes a page. Large ones have up to a megabyte and take turns, so that
// many of them leave processor time for messages.
func (a *API) encodedPage(r request, page messagerie.Page) ([]byte, error) {
	if err := a.conversations.SpendOnPage(r.caller); err != nil {
		return nil, err
	}
	release, err := a.turnFor(r, page.Limit)
	if err != nil {
		return nil, err
	}
	defer release()
	list, more, err := a.conversations.Messages(r.caller.ID, r.id("conversationId"), page)
	if err != nil {
		return nil, err
	}
	if more && page.FromStart {
		r.linkNext("after", list[len(list)-1].ID.String())
	} else if more {
		r.linkNext("before", list[0].ID.String())
	}
	return r.encode(http.StatusOK, list)
}

// turnFor waits for what a page of up to so many long texts costs: as many requests as it is times as long as others, and
// its turn among large ones, if it is one. release ends the turn.
func (a *API) turnFor(r request, limit int) (release func(), err error) {
	if limit <= a.pageDefault {
		return func() {}, nil
	}
	times := (min(limit, a.pageMax) + a.pageDefault - 1) / a.pageDefault
	if err := a.requests.waitForPage(r.Request.Context(), r.Auth.Id, times); err != nil {
		return nil, err
	}
	return a.largePages.acquire(r.Request.Context(), 0)
}

func (a *API) sendMessage(r request) error {
	var body protocol.MessageRequest
	if err := r.decode(&body); err != nil {
		return err
	}
	deliverAt, err := school.ParseMoment("deliver_at", body.DeliverAt)
	if err != nil {
		return err
	}
	sent, again, err := a.conversations.SendMessage(messagerie.NewMessage{
		Conversation: r.id("conversationId"),
		Sender:       r.caller.ID,
		Content:      body.Content,
		ClientID:     body.ClientID,
		ReplyTo:      body.ReplyTo,
		DeliverAt:    deliverAt,
		Urgent:       body.Urgent,
		Attachments:  body.Attachments,
		Mentions:     body.Mentions,
	})
	if err != nil {
		return err
	}
	if sent.Scheduled != nil {
		return r.JSON(http.StatusAccepted, sent.Scheduled)
	}
	status := http.StatusCreated
	if again {
		status = http.StatusOK
	}
	return r.JSON(status, sent.Message)
}

func (a *API) editMessage(r request) error {
	var body protocol.EditRequest
	if err := r.decode(&body); err != nil {
		return err
	}
	message, err := a.conversations.EditMessage(r.caller.ID, r.id("conversationId"), r.id("messageId"), body.Content)
	if err != nil {
		return err
	}
	return r.JSON(http.StatusOK, message)
}

func (a *API) deleteMessage(r request) error {
	if err := a.conversations.DeleteMessage(r.caller.ID, r.id("conversationId"), r.id("messageId")); err != nil {
		return err
	}
	return r.NoContent(http.StatusNoContent)
}

// history returns a page of what a message said before its edits.
func (a *API) history(r request) error {
	limit, err := r.limit()
	if err != nil {
		return err
	}
	if err := a.conversations.SpendOnPage(r.caller); err != nil {
		return err
	}
	release, err := a.turnFor(r, limit)
	if err != nil {
		return err
	}
	defer release()
	page, next, err := a.conversations.History(r.caller, r.id("conversationId"), r.id("messageId"), r.query("cursor"), limit)
	if err != nil {
		return err
	}
	if next != "" {
		r.linkNext("cursor", next)
	}
	return r.JSON(http.StatusOK, page)
}
