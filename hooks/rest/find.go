package rest

import (
	"net/http"
	"time"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/school"
	"messagerie/hooks/search"
)

func (a *API) findRoutes() []route {
	return []route{{"GET", "/messagerie/find", people, nil, a.find}}
}

func (a *API) find(r request) error {
	wanted, err := r.wantedMessages()
	if err != nil {
		return err
	}
	page, err := a.messages.Find(r.Request.Context(), r.caller, wanted)
	if err != nil {
		return err
	}
	if page.Next != "" {
		r.linkNext("cursor", page.Next)
	}
	return r.JSON(http.StatusOK, page.Found)
}

func (r request) wantedMessages() (wanted search.Wanted, err error) {
	wanted = search.Wanted{Query: r.query("q"), Has: r.query("has"), Cursor: r.query("cursor")}
	if wanted.Limit, err = r.limit(); err != nil {
		return wanted, err
	}
	for name, id := range map[string]*protocol.ID{"conversation_id": &wanted.Conversation, "sender_id": &wanted.Sender} {
		if *id = protocol.ParseID(r.query(name)); *id == 0 && r.query(name) != "" {
			return wanted, refusal.Invalid(name, "%s must be an id.", name)
		}
	}
	for name, at := range map[string]*time.Time{"from": &wanted.From, "to": &wanted.To} {
		if *at, err = school.ParseMoment(name, r.query(name)); err != nil {
			return wanted, err
		}
	}
	return wanted, nil
}
