package rest

import (
	"net/http"

	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
)

func (a *API) scheduledRoutes() []route {
	return []route{
		{"GET", "/messagerie/scheduled", people, nil, a.listScheduled},
		{"PATCH", "/messagerie/scheduled/{scheduledId}", people, protocol.ScheduledChange{}, a.changeScheduled},
		{"DELETE", "/messagerie/scheduled/{scheduledId}", people, nil, a.cancelScheduled},
	}
}

func (a *API) listScheduled(r request) error {
	limit, err := r.limit()
	if err != nil {
		return err
	}
	page, next, err := a.conversations.Scheduled(r.caller.ID, r.query("cursor"), limit)
	if err != nil {
		return err
	}
	if next != "" {
		r.linkNext("cursor", next)
	}
	return r.JSON(http.StatusOK, page)
}

func (a *API) changeScheduled(r request) error {
	var body protocol.ScheduledChange
	if err := r.decode(&body); err != nil {
		return err
	}
	change := messagerie.ScheduledChange{Content: body.Content}
	if body.DeliverAt != nil {
		at, err := school.ParseMoment("deliver_at", *body.DeliverAt)
		if err != nil {
			return err
		}
		change.DeliverAt = &at
	}
	changed, err := a.conversations.ChangeScheduled(r.caller.ID, r.id("scheduledId"), change)
	if err != nil {
		return err
	}
	return r.JSON(http.StatusOK, changed)
}

func (a *API) cancelScheduled(r request) error {
	if err := a.conversations.CancelScheduled(r.caller.ID, r.id("scheduledId")); err != nil {
		return err
	}
	return r.NoContent(http.StatusNoContent)
}
