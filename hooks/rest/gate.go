package rest

import (
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"messagerie/hooks/auth"
	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/school"
)

// gate checks every request, PocketBase's included, right after the token has been checked
// and before any of the body is read.
func gate(rows []access, people *school.Service) *hook.Handler[*core.RequestEvent] {
	byPattern := make(map[string]access, len(rows))
	for _, row := range rows {
		byPattern[row.pattern] = row
	}
	return &hook.Handler[*core.RequestEvent]{
		Id:       "messagerieGate",
		Priority: apis.DefaultRateLimitMiddlewarePriority - 5,
		Func: func(e *core.RequestEvent) error {
			// The router's own pattern, so that no spelling of a path matches one route there
			// and another here.
			row := byPattern[strings.TrimSuffix(e.Request.Pattern, "/{$}")]
			if !row.appliesTo(e) {
				row = access{}
			}
			err := row.check(e)
			if err == nil && row.who != anyone {
				err = checkSecondFactor(e, row, people)
			}
			if err != nil {
				leaveUnread(e)
				return err
			}
			if e.HasSuperuserAuth() {
				return e.Next()
			}
			return nextWithBody(e, row.bytes)
		},
	}
}

// appliesTo reports whether the row is for the collection that the path names.
func (a access) appliesTo(e *core.RequestEvent) bool {
	if a.of == nil {
		return true
	}
	collection, err := e.App.FindCachedCollectionByNameOrId(e.Request.PathValue("collection"))
	return err == nil && slices.Contains(a.of, collection.Name)
}

// check refuses a caller who may not use the route.
func (a access) check(e *core.RequestEvent) error {
	if a.who == nobody {
		return refusal.New(protocol.CodeForbidden, "%s", a.reason)
	}
	if a.who == anyone || e.HasSuperuserAuth() {
		return nil
	}
	_, isPerson := auth.Caller(e)
	switch {
	case !isPerson:
		return refusal.Unauthorized
	case a.who == superusers:
		return refusal.Forbidden
	}
	return nil
}

// checkSecondFactor refuses people whose role requires a second factor that they haven't set up.
func checkSecondFactor(e *core.RequestEvent, row access, people *school.Service) error {
	caller, isPerson := auth.Caller(e)
	if !isPerson || beforeSecondFactor[row.pattern] {
		return nil
	}
	state, err := people.SecondFactorState(caller)
	if err == nil && state == protocol.SecondFactorRequired {
		err = school.ErrSecondFactorRequired
	}
	return err
}
