package rest

import (
	"net/http"

	"messagerie/hooks/messagerie"
)

func (a *API) reactionRoutes() []route {
	const path = "/messagerie/messages/{conversationId}/{messageId}/reactions/{emoji}"
	return []route{
		{"PUT", path, people, nil, a.addReaction},
		{"DELETE", path, people, nil, a.removeReaction},
	}
}

func (a *API) addReaction(r request) error {
	if err := a.conversations.AddReaction(r.reaction()); err != nil {
		return err
	}
	return r.NoContent(http.StatusNoContent)
}

func (a *API) removeReaction(r request) error {
	if err := a.conversations.RemoveReaction(r.reaction()); err != nil {
		return err
	}
	return r.NoContent(http.StatusNoContent)
}

// reaction returns the caller's reaction that the path names.
func (r request) reaction() messagerie.Reaction {
	return messagerie.Reaction{Conversation: r.id("conversationId"), Message: r.id("messageId"), User: r.caller.ID, Emoji: r.Request.PathValue("emoji")}
}
