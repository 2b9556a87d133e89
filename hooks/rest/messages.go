package rest

import (
	"net/http"

	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
)

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
		return badField("after", "Ask either for what is before a message or for what is after one.")
	}
	page := messagerie.Page{Before: before, After: after, FromStart: r.has("after"), Limit: limit}
	list, more, err := a.people.Messages(r.caller.ID, r.id("conversationId"), page)
	if err != nil {
		return err
	}
	if more && page.FromStart {
		r.linkNext("after", list[len(list)-1].ID.String())
	} else if more {
		r.linkNext("before", list[0].ID.String())
	}
	return r.JSON(http.StatusOK, list)
}

func (a *API) sendMessage(r request) error {
	var body struct {
		Content  string      `json:"content"`
		ClientID string      `json:"client_id"`
		ReplyTo  protocol.ID `json:"reply_to"`
	}
	if err := r.decode(&body); err != nil {
		return err
	}
	message, again, err := a.people.SendMessage(messagerie.NewMessage{
		Conversation: r.id("conversationId"),
		Sender:       r.caller.ID,
		Content:      body.Content,
		ClientID:     body.ClientID,
		ReplyTo:      body.ReplyTo,
	})
	if err != nil {
		return err
	}
	status := http.StatusCreated
	if again {
		status = http.StatusOK
	}
	return r.JSON(status, message)
}

func (a *API) editMessage(r request) error {
	var body struct {
		Content string `json:"content"`
	}
	if err := r.decode(&body); err != nil {
		return err
	}
	message, err := a.people.EditMessage(r.caller.ID, r.id("conversationId"), r.id("messageId"), body.Content)
	if err != nil {
		return err
	}
	return r.JSON(http.StatusOK, message)
}

func (a *API) deleteMessage(r request) error {
	if err := a.people.DeleteMessage(r.caller.ID, r.id("conversationId"), r.id("messageId")); err != nil {
		return err
	}
	return r.NoContent(http.StatusNoContent)
}
