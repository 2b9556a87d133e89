package rest

import "github.com/pocketbase/pocketbase/core"

// access is who may use a route, and with how large a body. Superusers may use every route
// except those for nobody; PocketBase limits their bodies.
type access struct {
	pattern string // of the router, without the {$} of a trailing slash
	who     who
	bytes   int64 // of the body; nothing of a larger one is read

	of     []string // the collections that {collection} may name; nil for all
	reason string   // for nobody: the message of the refusal
}

// who is a group of callers.
type who int

const (
	superusers who = iota // the zero value: for routes without a row
	people                // everybody with an account in the school
	anyone
	nobody
)

// Sizes of bodies. Without one the handler gets an empty body, whatever is sent.
const (
	none = 0
	form = 8 << 10 // a log-in, a profile: passwords and addresses have at most 255 characters
)

var (
	accounts       = []string{"users", core.CollectionNameSuperusers}
	ofThePeople    = []string{"users"}
	ofTheDashboard = []string{core.CollectionNameSuperusers}
)

// access lists every route that isn't for superusers only: those of the contract, whose rows
// are beside their handlers, and all others of this server.
func (a *API) access() []access {
	rows := otherAccess()
	for _, r := range a.routes() {
		row := access{pattern: r.method + " /api" + r.path, who: r.who}
		if size, isUpload := r.body.(upload); isUpload {
			row.bytes = int64(size)
		} else if r.body != nil {
			row.bytes = a.limits.MaxBody(r.body)
		}
		rows = append(rows, row)
	}
	return rows
}

// otherAccess lists the routes that aren't declared in this package, most of them PocketBase's.
// A route without a row is for superusers only.
func otherAccess() []access {
	return []access{
		// The client, the dashboard and the documents, as files, and the client's sockets.
		{pattern: "/{path...}", who: anyone},
		{pattern: "GET /assets/{path...}", who: anyone},
		{pattern: "GET /aide", who: anyone},
		{pattern: "GET /aide/{page...}", who: anyone},
		{pattern: "GET /_/{path...}", who: anyone},
		{pattern: "GET /_/extensions.js", who: anyone},
		{pattern: "GET /ws/chat/{userId}", who: people},
		{pattern: "GET /metrics", who: anyone}, // asks for its own token
		// Unknown paths: 404.
		{pattern: "/api/", who: anyone},
		{pattern: "/ws/", who: anyone},

		// PocketBase's routes that people need, and superusers before they are logged in.
		{pattern: "GET /api/health", who: anyone},
		{pattern: "GET /api/collections/{collection}/auth-methods", who: anyone, of: accounts},
		{pattern: "POST /api/collections/{collection}/auth-with-password", who: anyone, bytes: form, of: accounts},
		{pattern: "POST /api/collections/{collection}/auth-with-oauth2", who: anyone, bytes: form, of: ofThePeople},
		{pattern: "POST /api/collections/{collection}/request-password-reset", who: anyone, bytes: form, of: accounts},
		{pattern: "POST /api/collections/{collection}/confirm-password-reset", who: anyone, bytes: form, of: accounts},
		{pattern: "POST /api/collections/{collection}/confirm-email-change", who: anyone, bytes: form, of: ofThePeople}, // of an address given on welcome
		{pattern: "POST /api/collections/{collection}/request-otp", who: anyone, bytes: form, of: ofTheDashboard},
		{pattern: "POST /api/collections/{collection}/auth-with-otp", who: anyone, bytes: form, of: ofTheDashboard},
		{pattern: "POST /api/collections/{collection}/auth-refresh", who: people, of: ofThePeople},
		{pattern: "PATCH /api/collections/{collection}/records/{id}", who: people, bytes: form, of: ofThePeople}, // only one's own: by the collection's rule
		{pattern: "POST /api/files/token", who: people},
		{pattern: "GET /api/files/{collection}/{recordId}/{filename}", who: anyone}, // PocketBase requires a file token for protected ones
		{pattern: "GET /api/backups/{key}", who: anyone},                            // PocketBase requires a superuser's file token

		// Routes that would bypass the rules of this server, or that it doesn't need.
		{pattern: "POST /api/backups/{key}/restore", who: nobody,
			reason: "A backup is restored while the server is stopped: messagerie restore FILE."},
		{pattern: "POST /api/sql", who: nobody,
			reason: "The SQL console is closed: it would bypass the rules of this server."},
		{pattern: "POST /api/batch", who: nobody,
			reason: "Batches are closed: they would break the order of messages."},
		{pattern: "POST /api/collections/{collection}/request-email-change", who: nobody, of: ofThePeople, reason: schoolsAddress},
		{pattern: "POST /api/collections/{collection}/request-verification", who: nobody, reason: unverified},
		{pattern: "POST /api/collections/{collection}/confirm-verification", who: nobody, reason: unverified},
	}
}

const (
	// People could choose an address that imitates somebody's, have letters sent anywhere,
	// or find out which ones are taken.
	schoolsAddress = "E-mail addresses are changed by the school."
	unverified     = "E-mail addresses aren't verified: the school enters them."
)
