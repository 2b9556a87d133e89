// Package auth determines who is calling, and from which pages: it takes the token from
// wherever a browser could put it, and out of the URL before anything logs it.
package auth

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/security"

	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
)

// Subprotocol is the WebSocket subprotocol that carries the token of a browser,
// which can set no header: "messagerie, <token>". The server responds with the
// first of the two, never with the token.
const Subprotocol = "messagerie"

// TakeTokenFromURL moves the token of a WebSocket request from the query or the
// subprotocol into the Authorization header, before PocketBase's activity logger
// sees the address. The query of a request for a message's file may have PocketBase's file token, good for minutes.
// A token in the query of any other request is dropped.
func TakeTokenFromURL(people *school.Service) *hook.Handler[*core.RequestEvent] {
	return &hook.Handler[*core.RequestEvent]{
		Id:       "messagerieTakeTokenFromURL",
		Priority: apis.DefaultCorsMiddlewarePriority - 10,
		Func: func(e *core.RequestEvent) error {
			token := takeQueryToken(e.Request)
			if token != "" && isForFile(e.Request) {
				var err error
				if e.Auth, err = holderOfFileToken(e.App, people, token); err != nil {
					return err
				}
			}
			if !strings.HasPrefix(e.Request.URL.Path, "/ws/") {
				return e.Next()
			}
			if offered := subprotocolToken(e.Request); offered != "" {
				token = offered
			}
			if token != "" && e.Request.Header.Get("Authorization") == "" {
				e.Request.Header.Set("Authorization", "Bearer "+token)
			}
			return e.Next()
		},
	}
}

// isForFile reports whether a request may carry a file token: an element of a page, such as a picture or a film, has
// no header for another one.
func isForFile(r *http.Request) bool {
	return (r.Method == http.MethodGet || r.Method == http.MethodHead) &&
		strings.HasPrefix(r.URL.Path, "/api/messagerie/attachments/") && r.Header.Get("Authorization") == ""
}

// takeQueryToken removes ?token= from everywhere a logger could find it.
// PocketBase's own downloads, of files and backups, are the two places where it
// belongs: there it is another token, good for minutes.
func takeQueryToken(r *http.Request) string {
	if r.URL.RawQuery == "" ||
		strings.HasPrefix(r.URL.Path, "/api/files/") || strings.HasPrefix(r.URL.Path, "/api/backups/") {
		return ""
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err == nil && !query.Has("token") {
		return ""
	}
	// Parts that can't be read are left out, too: one of them may be a token.
	token := query.Get("token")
	query.Del("token")
	r.URL.RawQuery = query.Encode()
	r.RequestURI = r.URL.RequestURI()
	return token
}

// subprotocolToken reads "messagerie, <token>" and leaves only the name of the
// subprotocol in the request.
func subprotocolToken(r *http.Request) string {
	var offered []string
	for _, line := range r.Header.Values("Sec-WebSocket-Protocol") {
		for _, name := range strings.Split(line, ",") {
			offered = append(offered, strings.TrimSpace(name))
		}
	}
	i := slices.Index(offered, Subprotocol)
	if i < 0 || i+1 >= len(offered) {
		return ""
	}
	r.Header.Set("Sec-WebSocket-Protocol", Subprotocol)
	return offered[i+1]
}

// Caller is the person whose token a request carries. ok is false without a valid
// one; a superuser isn't a person of the school.
func Caller(e *core.RequestEvent) (caller school.Person, ok bool) {
	if e.Auth == nil || e.Auth.Collection().Name != "users" || e.Auth.GetBool("disabled") {
		return school.Person{}, false
	}
	if known, ok := e.Get(keyPerson).(school.Person); ok {
		return known, true
	}
	caller = school.PersonOf(e.Auth)
	e.Set(keyPerson, caller)
	return caller, true
}

// StillValid checks once more whether the caller's account, password and device are those
// that the token was checked against.
func StillValid(e *core.RequestEvent, people *school.Service) (bool, error) {
	if valid, err := people.HoldsTokenKey(protocol.ParseID(e.Auth.Id), e.Auth.TokenKey()); err != nil || !valid {
		return false, err
	}
	return isOnDevice(e, people)
}

// TokenExpiry is when the token of a request that has a caller expires.
func TokenExpiry(e *core.RequestEvent) time.Time {
	claims, err := security.ParseUnverifiedJWT(bearer(e.Request)) // verified when the caller was loaded
	if err != nil {
		return time.Time{}
	}
	expiry, err := claims.GetExpirationTime()
	if err != nil || expiry == nil {
		return time.Time{}
	}
	return expiry.Time
}

// bearer is the token of a request, with or without the word before it.
func bearer(r *http.Request) string {
	token := strings.TrimSpace(r.Header.Get("Authorization"))
	if len(token) > 7 && strings.EqualFold(token[:7], "Bearer ") {
		return token[7:]
	}
	return token
}

// OriginAllowed reports whether a browser page of that origin may open a socket: one
// of this host, or one that the configuration lists. Programs send no Origin.
func OriginAllowed(r *http.Request, allowed []string) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	if slices.ContainsFunc(allowed, func(a string) bool { return strings.EqualFold(a, origin) }) {
		return true
	}
	return strings.EqualFold(origin, "http://"+r.Host) || strings.EqualFold(origin, "https://"+r.Host)
}
