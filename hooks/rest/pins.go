package rest

import "net/http"

func (a *API) pinRoutes() []route {
	const path = "/messagerie/conversations/{conversationId}/pins/{messageId}"
	return []route{
		{"PUT", path, people, nil, a.pinMessage},
		{"DELETE", path, people, nil, a.unpinMessage},
	}
}

func (a *API) pinMessage(r request) error {
	if err := a.conversations.PinMessage(r.caller, r.id("conversationId"), r.id("messageId")); err != nil {
		return err
	}
	return r.NoContent(http.StatusNoContent)
}

func (a *API) unpinMessage(r request) error {
	if err := a.conversations.UnpinMessage(r.caller, r.id("conversationId"), r.id("messageId")); err != nil {
		return err
	}
	return r.NoContent(http.StatusNoContent)
}
