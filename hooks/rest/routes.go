// Package rest is the HTTP side of the contract: the table of routes, handlers
// that decode, ask and encode, and the one place where a refusal becomes a status.
package rest

import (
	"net/http"
	"strings"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/auth"
	"messagerie/hooks/email"
	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
)

// API answers the requests of the contract.
type API struct {
	people *messagerie.Service
	outbox *email.Outbox
}

// New makes the API.
func New(people *messagerie.Service, outbox *email.Outbox) *API {
	return &API{people: people, outbox: outbox}
}

// request is one request of somebody who is known.
type request struct {
	*core.RequestEvent
	caller messagerie.Person
}

// maxBody bounds a request: a full-length message, or the largest letter, escaped.
const maxBody = 8 << 20

// compressed is for lists: fifty conversations may be 200 KB, of the same names again and
// again. What fits into one packet gains nothing.
var compressed = apis.GzipWithConfig(apis.GzipConfig{MinLength: 1400})

// Mount adds the routes. Each answers with and without its trailing slash.
func (a *API) Mount(se *core.ServeEvent) {
	se.Router.Bind(endConnectionAfterLargeBody(), auth.TakeTokenFromURL(), answerErrors())
	api := se.Router.Group("/api").Bind(apis.BodyLimit(maxBody), compressed)
	for _, route := range []struct {
		method, path string
		handle       func(request) error
	}{
		{"GET", "/messagerie/me", a.me},
		{"POST", "/messagerie/me/sign-out-everywhere", a.signOutEverywhere},
		{"GET", "/messagerie/search/{establishmentId}", a.search},
		{"GET", "/messagerie/conversations/{userId}", a.listConversations},
		{"GET", "/messagerie/conversations/{userId}/{conversationId}", a.conversation},
		{"POST", "/messagerie/conversations/create", a.createConversation},
		{"PATCH", "/messagerie/conversations/{conversationId}", a.updateConversation},
		{"POST", "/messagerie/conversations/{conversationId}/read", a.markAsRead},
		{"POST", "/messagerie/conversations/{conversationId}/participants", a.addParticipants},
		{"DELETE", "/messagerie/conversations/{conversationId}/participants", a.removeParticipants},
		{"GET", "/messagerie/messages/{conversationId}", a.listMessages},
		{"POST", "/messagerie/messages/{conversationId}", a.sendMessage},
		{"PATCH", "/messagerie/messages/{conversationId}/{messageId}", a.editMessage},
		{"DELETE", "/messagerie/messages/{conversationId}/{messageId}", a.deleteMessage},
		{"POST", "/email/send", a.sendEmail},
		{"GET", "/email/search-recipients/{establishmentId}", a.searchEmailRecipients},
	} {
		handle := authenticated(route.handle)
		api.Route(route.method, route.path, handle)
		api.Route(route.method, route.path+"/{$}", handle)
	}
	api.GET("/messagerie/school", a.school)
	api.GET("/messagerie/school/{$}", a.school)
	// What no route knows is JSON, too, rather than the client's page.
	for _, path := range []string{"/api/", "/ws/"} {
		se.Router.Route("", path, func(*core.RequestEvent) error { return errNoRoute })
	}
	se.Router.BindFunc(func(e *core.RequestEvent) error {
		if err := closedDoor(e.Request.URL.Path); err != nil {
			return err
		}
		return e.Next()
	})
}

// closedDoor refuses what PocketBase offers and this server can't: raw SQL passes by
// every rule and announcement, a batch by the writer and so by the order of
// messages. And an address is the school's to change: people could take one that
// imitates somebody's, have letters sent anywhere, or learn which ones are taken.
func closedDoor(path string) error {
	switch {
	case path == "/api/sql":
		return errSQL
	case path == "/api/batch":
		return errBatch
	case strings.HasSuffix(path, "/request-email-change"), strings.HasSuffix(path, "/confirm-email-change"):
		if !strings.HasPrefix(path, "/api/collections/"+core.CollectionNameSuperusers+"/") {
			return errAddress
		}
	}
	return nil
}

// authenticated lets people of the school in, and keeps their answers out of caches.
func authenticated(handle func(request) error) func(*core.RequestEvent) error {
	return func(e *core.RequestEvent) error {
		caller, ok := auth.Caller(e)
		if !ok {
			return errUnauthorized
		}
		e.Response.Header().Set("Cache-Control", "no-store")
		return handle(request{RequestEvent: e, caller: caller})
	}
}

func (a *API) me(r request) error {
	me, err := a.people.Me(r.caller)
	if err != nil {
		return err
	}
	return r.JSON(http.StatusOK, me)
}

// school is for everybody: the log-in page shows it.
func (a *API) school(e *core.RequestEvent) error {
	school, err := a.people.School()
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, school)
}

func (a *API) signOutEverywhere(r request) error {
	token, err := a.people.SignOutEverywhere(r.caller.ID)
	if err != nil {
		return err
	}
	return r.JSON(http.StatusOK, token)
}

func (a *API) search(r request) error {
	users, err := a.people.Search(r.caller, r.id("establishmentId"), r.query("q"))
	if err != nil {
		return err
	}
	return r.JSON(http.StatusOK, users)
}

func (a *API) sendEmail(r request) error {
	var body struct {
		Recipients []email.Recipient `json:"recipients"`
		Subject    string            `json:"subject"`
		Content    string            `json:"content"`
	}
	if err := r.decode(&body); err != nil {
		return err
	}
	accepted, err := a.outbox.Send(r.caller, email.Letter(body))
	if err != nil {
		return err
	}
	return r.JSON(http.StatusAccepted, accepted)
}

func (a *API) searchEmailRecipients(r request) error {
	users, err := a.outbox.SearchRecipients(r.caller, r.id("establishmentId"), r.query("q"))
	if err != nil {
		return err
	}
	return r.JSON(http.StatusOK, users)
}

var (
	errUnauthorized = &messagerie.Error{Kind: protocol.CodeUnauthorized, Message: "A valid token is needed."}
	errNotYou       = &messagerie.Error{Kind: protocol.CodeNotYourAccount, Message: "These are somebody else's conversations."}
	errNoRoute      = &messagerie.Error{Kind: protocol.CodeNotFound, Message: "There is nothing at this address."}
	errBatch        = &messagerie.Error{Kind: protocol.CodeForbidden, Message: "Batches are closed: they would pass by the order of messages."}
	errAddress      = &messagerie.Error{Kind: protocol.CodeForbidden, Message: "The school changes addresses."}
	errSQL          = &messagerie.Error{Kind: protocol.CodeForbidden, Message: "The SQL console is closed: it would pass by the rules of this server."}
)
