package rest

import (
	"net/http"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
)

// serverProblemRoutes are for the administration.
func (a *API) serverProblemRoutes() []route {
	return []route{
		{"GET", "/messagerie/server-problems", people, nil, a.serverProblems},
	}
}

var errNotAdministration = refusal.New(protocol.CodeForbidden, "This is for the administration of an establishment.")

// serverProblems lists what is wrong with the server itself: the disk, the backups, mail.
func (a *API) serverProblems(r request) error {
	if r.caller.Role != protocol.RoleAdmin {
		return errNotAdministration
	}
	return r.JSON(http.StatusOK, a.problems())
}
