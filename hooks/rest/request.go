package rest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"github.com/pocketbase/pocketbase/tools/router"

	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
)

// id reads a number of the path; 0, which nothing has, for anything else.
func (r request) id(name string) protocol.ID { return protocol.ParseID(r.Request.PathValue(name)) }

func (r request) query(name string) string { return r.Request.URL.Query().Get(name) }

func (r request) has(name string) bool { return r.Request.URL.Query().Has(name) }

// limit reads ?limit=; 0 when there is none.
func (r request) limit() (int, error) {
	if !r.has("limit") {
		return 0, nil
	}
	limit, err := strconv.Atoi(r.query("limit"))
	if err != nil || limit < 1 {
		return 0, badField("limit", "limit is a number from 1.")
	}
	return limit, nil
}

// cursor reads ?before= or ?after=; 0 when there is none.
func (r request) cursor(name string) (protocol.ID, error) {
	id := protocol.ParseID(r.query(name))
	if id == 0 && r.has(name) && r.query(name) != "0" {
		return 0, badField(name, name+" is the id of a message.")
	}
	return id, nil
}

// linkNext names the next page (RFC 8288): this one's address with another cursor.
func (r request) linkNext(cursor, value string) {
	next := url.URL{Path: r.Request.URL.Path}
	query := r.Request.URL.Query()
	query.Set(cursor, value)
	next.RawQuery = query.Encode()
	r.Response.Header().Set("Link", fmt.Sprintf(`<%s>; rel="next"`, next.String()))
}

// decode reads a JSON object. Unknown fields are ignored.
func (r request) decode(into any) error { return r.read(into, false) }

// decodeOptional also takes an empty body.
func (r request) decodeOptional(into any) error { return r.read(into, true) }

func (r request) read(into any, optional bool) error {
	data, err := io.ReadAll(r.Request.Body)
	var apiErr *router.ApiError
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &apiErr), errors.As(err, &tooLarge):
		return errTooLarge
	case err != nil:
		return badField("body", "The body couldn't be read.")
	case len(data) == 0 && optional:
		return nil
	}
	err = json.Unmarshal(data, into)
	var mistyped *json.UnmarshalTypeError
	var refused *messagerie.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refused):
		return refused
	case errors.As(err, &mistyped) && mistyped.Field != "":
		return badField(mistyped.Field, fmt.Sprintf("%s can't be a %s.", mistyped.Field, mistyped.Value))
	}
	return badField("body", "The body isn't a JSON object.")
}

var errTooLarge = &messagerie.Error{Kind: protocol.CodeTooLarge, Message: "The body is too large."}

// badField refuses one field of a request.
func badField(name, message string) error {
	return &messagerie.Error{Kind: protocol.CodeInvalidRequest, Message: message, Data: map[string]any{name: message}}
}
