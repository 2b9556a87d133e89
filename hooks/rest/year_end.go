package rest

import (
	"net/http"

	"messagerie/hooks/protocol"
	"messagerie/hooks/roster"
)

func (a *API) yearEndRoutes() []route {
	return []route{
		{"GET", "/messagerie/roster/{establishmentId}/year-end", people, nil, a.proposeYearEnd},
		{"POST", "/messagerie/roster/{establishmentId}/year-end", people, protocol.YearEndRequest{}, a.planYearEnd},
	}
}

func (a *API) proposeYearEnd(r request) error {
	establishment := r.id("establishmentId")
	if err := roster.MayImport(r.caller, establishment); err != nil {
		return err
	}
	proposal, err := a.rosters.ProposeYearEnd(establishment, r.query("year"))
	if err != nil {
		return err
	}
	return r.JSON(http.StatusOK, proposal)
}

// planYearEnd plans the end of the school year: the plan is applied and undone like an import.
func (a *API) planYearEnd(r request) error {
	establishment := r.id("establishmentId")
	if err := roster.MayImport(r.caller, establishment); err != nil {
		return err
	}
	var body protocol.YearEndRequest
	if err := r.decode(&body); err != nil {
		return err
	}
	decided, err := roster.YearEndOf(body)
	if err != nil {
		return err
	}
	plan, err := a.rosters.PlanYearEnd(r.caller.ID, establishment, decided)
	if err != nil {
		return err
	}
	return a.sendPlan(r, http.StatusCreated, establishment, plan)
}
