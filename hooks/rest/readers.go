package rest

import "net/http"

func (a *API) readerRoutes() []route {
	return []route{
		{"GET", "/messagerie/messages/{conversationId}/{messageId}/readers", people, nil, a.listReaders},
	}
}

// listReaders returns a page of who has read a message.
func (a *API) listReaders(r request) error {
	limit, err := r.limit()
	if err != nil {
		return err
	}
	page, next, err := a.conversations.Readers(r.caller, r.id("conversationId"), r.id("messageId"), r.query("cursor"), limit)
	if err != nil {
		return err
	}
	if next != "" {
		r.linkNext("cursor", next)
	}
	return r.JSON(http.StatusOK, page)
}
