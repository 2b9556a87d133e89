package rest

import (
	"net/http"

	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
)

func (a *API) listConversations(r request) error {
	if r.id("userId") != r.caller.ID {
		return errNotYou
	}
	limit, err := r.limit()
	if err != nil {
		return err
	}
	list, next, err := a.people.Conversations(r.caller, r.query("cursor"), limit)
	if err != nil {
		return err
	}
	if next != "" {
		r.linkNext("cursor", next)
	}
	return r.JSON(http.StatusOK, list)
}

func (a *API) conversation(r request) error {
	if r.id("userId") != r.caller.ID {
		return errNotYou
	}
	conversation, err := a.people.Conversation(r.caller, r.id("conversationId"))
	if err != nil {
		return err
	}
	return r.JSON(http.StatusOK, conversation)
}

func (a *API) createConversation(r request) error {
	var body struct {
		Participants []protocol.ID `json:"participants"`
		Title        string        `json:"title"`
	}
	if err := r.decode(&body); err != nil {
		return err
	}
	conversation, created, err := a.people.CreateConversation(r.caller,
		messagerie.NewConversation{Participants: body.Participants, Title: body.Title})
	if err != nil {
		return err
	}
	status := http.StatusOK
	if created {
		status = http.StatusCreated
	}
	return r.JSON(status, conversation)
}

func (a *API) updateConversation(r request) error {
	var body struct {
		Title *string `json:"title"`
		Muted *bool   `json:"muted"`
	}
	if err := r.decode(&body); err != nil {
		return err
	}
	conversation, err := a.people.UpdateConversation(r.caller, r.id("conversationId"),
		messagerie.ConversationChange{Title: body.Title, Muted: body.Muted})
	if err != nil {
		return err
	}
	return r.JSON(http.StatusOK, conversation)
}

func (a *API) markAsRead(r request) error {
	var body struct {
		MessageID protocol.ID `json:"message_id"`
	}
	if err := r.decodeOptional(&body); err != nil {
		return err
	}
	if err := a.people.MarkRead(r.caller.ID, r.id("conversationId"), body.MessageID); err != nil {
		return err
	}
	return r.NoContent(http.StatusNoContent)
}

type participantsBody struct {
	Participants []protocol.ID `json:"participants"`
}

func (a *API) addParticipants(r request) error {
	var body participantsBody
	if err := r.decode(&body); err != nil {
		return err
	}
	conversation, err := a.people.AddParticipants(r.caller, r.id("conversationId"), body.Participants)
	if err != nil {
		return err
	}
	return r.JSON(http.StatusOK, conversation)
}

func (a *API) removeParticipants(r request) error {
	var body participantsBody
	if err := r.decode(&body); err != nil {
		return err
	}
	if err := a.people.RemoveParticipants(r.caller, r.id("conversationId"), body.Participants); err != nil {
		return err
	}
	return r.NoContent(http.StatusNoContent)
}
