// Package rest is the HTTP side of the contract: a file for each resource, which begins with
// its routes; who may use each route of this server, and with how large a body (access.go);
// and the one place that maps refusals to statuses (errors.go).
package rest

import (
	"runtime"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"messagerie/hooks/attachments"
	"messagerie/hooks/auth"
	"messagerie/hooks/closures"
	"messagerie/hooks/config"
	"messagerie/hooks/email"
	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/roster"
	"messagerie/hooks/school"
	"messagerie/hooks/search"
)

// API serves the requests of the contract.
type API struct {
	About protocol.About // what everybody may read about this server

	people        *school.Service
	conversations *messagerie.Service
	mail          *email.Queue
	logins        *auth.Logins
	rosters       *roster.Service
	closures      *closures.Service
	messages      *search.Service
	attachments   *attachments.Service
	ready         func() error // why nothing can be stored now
	problems      func() []protocol.ServerProblem
	limits        protocol.Limits
	requests      *requestLimiter
	refusals      *refusalDelay
	perPerson     *concurrency
	transfers     *concurrency // of files, likewise of each person
	largePages    *concurrency // of everybody together
	pageDefault   int
	pageMax       int
}

// New creates the API.
func New(
	people *school.Service, conversations *messagerie.Service, mail *email.Queue, logins *auth.Logins,
	rosters *roster.Service, closed *closures.Service, messages *search.Service, files *attachments.Service,
	ready func() error, problems func() []protocol.ServerProblem, limits config.Limits,
) *API {
	return &API{
		people: people, conversations: conversations, mail: mail, logins: logins, rosters: rosters, closures: closed, messages: messages, attachments: files, ready: ready, problems: problems,
		limits:   messagerie.LimitsOf(limits),
		requests: newRequestLimiter(limits), refusals: newRefusalDelay(), perPerson: newConcurrency(maxConcurrent), transfers: newConcurrency(maxConcurrent),
		largePages: newConcurrency(max(1, runtime.NumCPU()-1)), pageDefault: limits.PageDefault, pageMax: limits.PageMax,
	}
}

// route is a method and a path of the contract, below /api, with and without a trailing
// slash. The gate takes from here who may use it, and with how large a body.
type route struct {
	method, path string
	who          who // people, or anyone, whose requests have no caller
	body         any // a value of its body's shape, or an upload; nil if it takes none
	handle       func(request) error
}

// isTransfer reports whether the route receives or sends files of messages.
func (r route) isTransfer() bool { return strings.HasPrefix(r.path, "/messagerie/attachments/") }

// routes returns all routes of the contract. Each resource's are at the top of its file.
func (a *API) routes() []route {
	return slices.Concat(a.readyRoutes(), a.schoolRoutes(), a.peopleRoutes(), a.loginRoutes(), a.accessCodeRoutes(), a.conversationRoutes(),
		a.participantRoutes(), a.messageRoutes(), a.reactionRoutes(), a.pinRoutes(), a.eventRoutes(), a.readerRoutes(), a.attachmentRoutes(), a.findRoutes(), a.scheduledRoutes(),
		a.mailRoutes(), a.serverProblemRoutes(), a.rosterRoutes(), a.yearEndRoutes(), a.closureRoutes(), a.rulesRoutes())
}

// Mount adds the routes, and the gate in front of every route of the server.
func (a *API) Mount(se *core.ServeEvent) {
	limitConnections(se.Server)
	se.Router.Bind(endConnectionAfterUnreadBody(), auth.ReadProxyHeaders(), auth.TakeTokenFromURL(a.people),
		auth.LoadCallerFromMemory(a.people), writeErrors(), a.refusals.delay(), a.requests.limit(), guardDashboard(), gate(a.access(), a.people))
	api := se.Router.Group("/api").Bind(compressResponses())
	for _, r := range a.routes() {
		handle := a.handler(r)
		for _, path := range []string{r.path, r.path + "/{$}"} {
			added := api.Route(r.method, path, handle)
			if r.isTransfer() { // a range is of the file itself
				added.Unbind(compressResponses().Id)
			}
		}
	}
	// For an unknown path the response is a JSON error rather than the client's page.
	for _, path := range []string{"/api/", "/ws/"} {
		se.Router.Route("", path, func(*core.RequestEvent) error { return refusal.NotFound })
	}
	se.Router.BindFunc(a.refuseResetWithoutMail)
}

// compressResponses is for lists: fifty conversations may be 200 KB, with the same names over
// and over. Anything that fits into one packet gains nothing.
func compressResponses() *hook.Handler[*core.RequestEvent] {
	compress := apis.GzipWithConfig(apis.GzipConfig{MinLength: 1400})
	compress.Id = "messagerieCompressResponses" // PocketBase's id is unbound in web/gzip.go
	return compress
}

func (a *API) handler(r route) func(*core.RequestEvent) error {
	var fields []protocol.Field
	if _, isUpload := r.body.(upload); r.body != nil && !isUpload {
		fields = a.limits.Of(r.body)
	}
	if r.who == anyone {
		return func(e *core.RequestEvent) error { return r.handle(request{RequestEvent: e, fields: fields}) }
	}
	return a.authenticated(r, fields)
}

// authenticated calls the handler for people of the school, for at most maxConcurrent requests of
// one person at a time, and keeps the responses out of caches.
func (a *API) authenticated(r route, fields []protocol.Field) func(*core.RequestEvent) error {
	return func(e *core.RequestEvent) error {
		caller, ok := auth.Caller(e)
		if !ok {
			return refusal.Unauthorized
		}
		parameters, err := a.parameters(e)
		if err != nil {
			return err
		}
		slots := a.perPerson
		if r.isTransfer() { // it may take long, and nobody should wait for a message meanwhile
			slots = a.transfers
		}
		release, err := slots.acquire(e.Request.Context(), caller.ID)
		if err != nil {
			return err
		}
		defer release()
		e.Response.Header().Set("Cache-Control", "no-store")
		if caller, err = a.people.WithTies(caller); err != nil {
			return err
		}
		return r.handle(request{RequestEvent: e, caller: caller, parameters: parameters, fields: fields})
	}
}
