package rest

import (
	"net/http"

	"messagerie/hooks/protocol"
)

func (a *API) participantRoutes() []route {
	return []route{
		{"POST", "/messagerie/conversations/{conversationId}/participants", people, protocol.ParticipantsRequest{}, a.addParticipants},
		{"DELETE", "/messagerie/conversations/{conversationId}/participants", people, protocol.ParticipantsRequest{}, a.removeParticipants},
	}
}

func (a *API) addParticipants(r request) error {
	var body protocol.ParticipantsRequest
	if err := r.decode(&body); err != nil {
		return err
	}
	conversation, err := a.conversations.AddParticipants(r.caller, r.id("conversationId"), body.Participants)
	if err != nil {
		return err
	}
	return r.JSON(http.StatusOK, conversation)
}

func (a *API) removeParticipants(r request) error {
	var body protocol.ParticipantsRequest
	if err := r.decode(&body); err != nil {
		return err
	}
	if err := a.conversations.RemoveParticipants(r.caller, r.id("conversationId"), body.Participants); err != nil {
		return err
	}
	return r.NoContent(http.StatusNoContent)
}
