package rest

import (
	"fmt"
	"net/url"
	"strconv"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/school"
)

// request is an authenticated request, except on routes for anyone, where only RequestEvent is set.
type request struct {
	*core.RequestEvent
	caller     school.Person
	parameters url.Values       // of the query, none longer than its limit
	fields     []protocol.Field // of the body
}

// maxQuery is the longest query in bytes: enough for the longest search, escaped. It also
// bounds PocketBase's own parameters, such as fields.
const maxQuery = 4 << 10

// parameters returns those of the query, or a refusal if one is too long.
func (a *API) parameters(e *core.RequestEvent) (url.Values, error) {
	parameters := e.Request.URL.Query()
	for name, values := range parameters {
		limit, ok := a.limits[name]
		if ok && !limit.Allows(values[0]) {
			return nil, refusal.Invalid(name, "%s is too long: %s.", name, limit)
		}
	}
	if len(e.Request.URL.RawQuery) > maxQuery {
		return nil, refusal.Invalid("query", "The query is too long: at most %d bytes.", maxQuery)
	}
	return parameters, nil
}

// id returns a number from the path; 0, which is no id, if it isn't one.
func (r request) id(name string) protocol.ID { return protocol.ParseID(r.Request.PathValue(name)) }

func (r request) query(name string) string { return r.parameters.Get(name) }

func (r request) has(name string) bool { return r.parameters.Has(name) }

// limit returns ?limit=, or 0 without one.
func (r request) limit() (int, error) {
	if !r.has("limit") {
		return 0, nil
	}
	limit, err := strconv.Atoi(r.query("limit"))
	if err != nil || limit < 1 {
		return 0, refusal.Invalid("limit", "limit must be a number of at least 1.")
	}
	return limit, nil
}

// cursor returns ?before= or ?after=, or 0 without one.
func (r request) cursor(name string) (protocol.ID, error) {
	id := protocol.ParseID(r.query(name))
	if id == 0 && r.has(name) && r.query(name) != "0" {
		return 0, refusal.Invalid(name, "%s must be the id of a message.", name)
	}
	return id, nil
}

// linkNext sets the Link header (RFC 8288) to the next page: this URL with another cursor.
func (r request) linkNext(cursor, value string) { r.linkNextAt(r.Request.URL.Path, cursor, value) }

// linkNextAt is linkNext for a list whose pages are at another path.
func (r request) linkNextAt(path, cursor, value string) {
	next := url.URL{Path: path}
	query := r.Request.URL.Query()
	query.Set(cursor, value)
	next.RawQuery = query.Encode()
	r.Response.Header().Set("Link", fmt.Sprintf(`<%s>; rel="next"`, next.String()))
}
