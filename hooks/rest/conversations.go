package rest

import (
	"net/http"

	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/school"
)

func (a *API) conversationRoutes() []route {
	return []route{
		{"GET", "/messagerie/conversations/{userId}", people, nil, a.listConversations},
		{"GET", "/messagerie/conversations/{userId}/{conversationId}", people, nil, a.conversation},
		{"POST", "/messagerie/conversations/create", people, protocol.ConversationRequest{}, a.createConversation},
		{"PATCH", "/messagerie/conversations/{conversationId}", people, protocol.ConversationChange{}, a.updateConversation},
		{"POST", "/messagerie/conversations/{conversationId}/read", people, protocol.ReadRequest{}, a.markAsRead},
	}
}

func (a *API) listConversations(r request) error {
	if r.id("userId") != r.caller.ID {
		return refusal.NotYourAccount
	}
	limit, err := r.limit()
	if err != nil {
		return err
	}
	page, err := a.conversations.Conversations(r.caller, r.query("cursor"), limit)
	if err != nil {
		return err
	}
	if page.Next != "" {
		r.linkNext("cursor", page.Next)
	}
	if r.has("fields") {
		return r.JSON(http.StatusOK, page.Conversations)
	}
	return sendEncoded(r.RequestEvent, http.StatusOK, page.JSON)
}

// conversation returns one with all its participants, or with the page of them that the query asks for.
func (a *API) conversation(r request) error {
	if r.id("userId") != r.caller.ID {
		return refusal.NotYourAccount
	}
	if !r.has("limit") && !r.has("cursor") {
		conversation, err := a.conversations.Conversation(r.caller, r.id("conversationId"))
		if err != nil {
			return err
		}
		return r.JSON(http.StatusOK, conversation)
	}
	limit, err := r.limit()
	if err != nil {
		return err
	}
	part, next, err := a.conversations.ConversationPart(r.caller, r.id("conversationId"), r.query("cursor"), limit)
	if err != nil {
		return err
	}
	if next != "" {
		r.linkNext("cursor", next)
	}
	return r.JSON(http.StatusOK, part)
}

func (a *API) createConversation(r request) error {
	var body protocol.ConversationRequest
	if err := r.decode(&body); err != nil {
		return err
	}
	conversation, created, err := a.conversations.CreateConversation(r.caller,
		messagerie.NewConversation{Participants: body.Participants, Title: body.Title, Class: body.ClassID, Audience: body.Audience})
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
	var body protocol.ConversationChange
	if err := r.decode(&body); err != nil {
		return err
	}
	own := messagerie.OwnChange{Muted: body.Muted, Archived: body.Archived, Pinned: body.Pinned, MarkedUnread: body.MarkedUnread}
	if body.MutedUntil != nil {
		until, err := school.ParseMomentOrNull("muted_until", body.MutedUntil)
		if err != nil {
			return err
		}
		own.MutedUntil = &until
	}
	conversation, err := a.conversations.UpdateConversation(r.caller, r.id("conversationId"),
		messagerie.ConversationChange{Title: body.Title, Posting: body.Posting, Own: own})
	if err != nil {
		return err
	}
	return r.JSON(http.StatusOK, conversation)
}

func (a *API) markAsRead(r request) error {
	var body protocol.ReadRequest
	if err := r.decodeOptional(&body); err != nil {
		return err
	}
	if err := a.conversations.MarkRead(r.caller.ID, r.id("conversationId"), body.MessageID); err != nil {
		return err
	}
	return r.NoContent(http.StatusNoContent)
}
