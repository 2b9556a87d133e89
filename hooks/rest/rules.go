package rest

import (
	"net/http"

	"messagerie/hooks/protocol"
)

// rulesRoutes are for the administration of an establishment.
func (a *API) rulesRoutes() []route {
	return []route{
		{"GET", "/messagerie/rules/{establishmentId}", people, nil, a.rules},
		{"PATCH", "/messagerie/rules/{establishmentId}", people, protocol.RulesChange{}, a.editRules},
		{"POST", "/messagerie/rules/{establishmentId}/preview", people, protocol.RulesChange{}, a.previewRules},
		{"POST", "/messagerie/pauses/{establishmentId}", people, protocol.PauseRequest{}, a.beginPause},
		{"PATCH", "/messagerie/pauses/{establishmentId}/{pauseId}", people, protocol.PauseChange{}, a.editPause},
		{"DELETE", "/messagerie/pauses/{establishmentId}/{pauseId}", people, nil, a.liftPause},
		{"POST", "/messagerie/sign-out/{establishmentId}", people, protocol.SignOutRequest{}, a.signOutRoles},
	}
}

func (a *API) rules(r request) error {
	rules, err := a.people.RulesFor(r.caller, r.id("establishmentId"))
	if err != nil {
		return err
	}
	return r.JSON(http.StatusOK, rules)
}

func (a *API) editRules(r request) error {
	var body protocol.RulesChange
	if err := r.decode(&body); err != nil {
		return err
	}
	rules, err := a.people.EditRules(r.caller, r.id("establishmentId"), body)
	if err != nil {
		return err
	}
	return r.JSON(http.StatusOK, rules)
}

func (a *API) previewRules(r request) error {
	var body protocol.RulesChange
	if err := r.decode(&body); err != nil {
		return err
	}
	preview, err := a.conversations.PreviewRules(r.caller, r.id("establishmentId"), body)
	if err != nil {
		return err
	}
	return r.JSON(http.StatusOK, preview)
}

func (a *API) beginPause(r request) error {
	var body protocol.PauseRequest
	if err := r.decode(&body); err != nil {
		return err
	}
	pause, err := a.people.BeginPause(r.caller, r.id("establishmentId"), body)
	if err != nil {
		return err
	}
	return r.JSON(http.StatusCreated, pause)
}

func (a *API) editPause(r request) error {
	var body protocol.PauseChange
	if err := r.decode(&body); err != nil {
		return err
	}
	pause, err := a.people.EditPause(r.caller, r.id("establishmentId"), r.id("pauseId"), body)
	if err != nil {
		return err
	}
	return r.JSON(http.StatusOK, pause)
}

func (a *API) liftPause(r request) error {
	if err := a.people.LiftPause(r.caller, r.id("establishmentId"), r.id("pauseId")); err != nil {
		return err
	}
	return r.NoContent(http.StatusNoContent)
}

func (a *API) signOutRoles(r request) error {
	var body protocol.SignOutRequest
	if err := r.decode(&body); err != nil {
		return err
	}
	people, err := a.people.SignOutRoles(r.caller, r.id("establishmentId"), body.Roles)
	if err != nil {
		return err
	}
	return r.JSON(http.StatusOK, protocol.SignedOut{SignedOut: people})
}
