package auth

import (
	"strings"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/security"

	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
)

// keyPerson is where a request keeps its caller.
const keyPerson = "messageriePerson"

// LoadCallerFromMemory identifies the caller of a socket or of our own routes without querying the database, as
// PocketBase would for each request: half of the work of one that is refused. A token that it doesn't accept is left to
// PocketBase, which checks again. The record that it sets holds the id and the token key only: it is for handlers that
// call Caller, and must not be saved.
func LoadCallerFromMemory(people *school.Service) *hook.Handler[*core.RequestEvent] {
	return &hook.Handler[*core.RequestEvent]{
		Id:       "messagerieLoadCallerFromMemory",
		Priority: apis.DefaultLoadAuthTokenMiddlewarePriority - 1,
		Func: func(e *core.RequestEvent) error {
			if e.Auth == nil && isOurs(e.Request.URL.Path) {
				loadCaller(e, people)
			}
			return e.Next()
		},
	}
}

// isOurs reports whether a path is of the contract's routes: PocketBase's own handlers need the whole record.
func isOurs(path string) bool {
	return strings.HasPrefix(path, "/ws/") || strings.HasPrefix(path, "/api/messagerie/") || strings.HasPrefix(path, "/api/email/")
}

func loadCaller(e *core.RequestEvent, people *school.Service) {
	users, err := e.App.FindCachedCollectionByNameOrId("users")
	if err != nil {
		return
	}
	token := bearer(e.Request)
	claims, err := security.ParseUnverifiedJWT(token)
	if err != nil || claims[core.TokenClaimType] != core.TokenTypeAuth || claims[core.TokenClaimCollectionId] != users.Id {
		return
	}
	id, _ := claims[core.TokenClaimId].(string)
	account, err := people.Account(protocol.ParseID(id))
	if err != nil || account == nil || account.TokenKey == "" || account.Disabled || account.ID.RecordID() != id {
		return
	}
	if _, err := security.ParseJWT(token, account.TokenKey+users.AuthToken.Secret); err != nil {
		return
	}
	e.Auth = core.NewRecord(users)
	e.Auth.Id = id
	e.Auth.SetTokenKey(account.TokenKey)
	e.Set(keyPerson, account.Person)
}
