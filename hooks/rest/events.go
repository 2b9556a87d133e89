package rest

import "net/http"

func (a *API) eventRoutes() []route {
	return []route{
		{"GET", "/messagerie/conversations/{conversationId}/events", people, nil, a.listEvents},
	}
}

// listEvents returns a page of what happened in a group besides messages.
func (a *API) listEvents(r request) error {
	limit, err := r.limit()
	if err != nil {
		return err
	}
	before, err := r.cursor("before")
	if err != nil {
		return err
	}
	events, next, err := a.conversations.ConversationEvents(r.caller.ID, r.id("conversationId"), before, limit)
	if err != nil {
		return err
	}
	if next != 0 {
		r.linkNext("before", next.String())
	}
	return r.JSON(http.StatusOK, events)
}
