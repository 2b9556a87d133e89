package rest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
	"messagerie/hooks/rest"
)

// visit is a request, and the status of its response for everybody whom it may come from.
type visit struct {
	pattern string // of the row that lets it in, or of PocketBase's route
	path    string // the pattern's, where it is empty; ME is the caller's record
	body    any

	anonymous int // and somebody whose account is disabled, whatever their token
	people    each
	superuser int // who has no account in the school; 0 where it isn't asked, because it would change the server
}

// each has a status for every role in the order of asked, and one for an administrator of another establishment.
type each [6]int

var asked = []string{protocol.RoleStudent, protocol.RoleParent, protocol.RoleTeacher, protocol.RoleStaff, protocol.RoleAdmin}

func all(status int) each { return each{status, status, status, status, status, status} }

// here is a status for everybody of the establishment; others are refused.
func here(status int) each { return each{status, status, status, status, status, 403} }

// staff and administration are a status for those of the establishment; everybody else is refused.
func staff(status int) each          { return each{403, 403, status, status, status, 403} }
func administration(status int) each { return each{403, 403, 403, 403, status, 403} }

func (v visit) method() string {
	if method, _, ok := strings.Cut(v.pattern, " "); ok {
		return method
	}
	return "GET"
}

func (v visit) pathFor(as apptest.Person) string {
	path := v.path
	if path == "" {
		_, path, _ = strings.Cut(v.pattern, " ")
	}
	return strings.Replace(path, "/ME", "/"+as.ID.RecordID(), 1)
}

// openRoutes are those with a row. A superuser has no account in the school.
func (s school) openRoutes(t *testing.T, group protocol.ID) []visit {
	t.Helper()
	const collections = "/api/collections/"
	resetToken, err := s.Find("users", s.claire.ID).NewPasswordResetToken()
	if err != nil {
		t.Fatal(err)
	}
	login := object{"identity": s.claire.Email, "password": apptest.Password}
	wrong := object{"otpId": "x", "password": "x"}
	return []visit{
		{"/{path...}", "/c/1", nil, 200, all(200), 200},
		{"GET /assets/{path...}", "/assets/gone.js", nil, 404, all(404), 404},
		{"GET /aide", "/aide", nil, 200, all(200), 200},
		{"GET /aide/{page...}", "/aide/sauvegardes", nil, 200, all(200), 200},
		{"GET /_/{path...}", "/_/", nil, 200, all(200), 200},
		{"GET /_/extensions.js", "", nil, 200, all(200), 200},
		{"/api/", "/api/nothing", nil, 404, all(404), 404},
		{"/ws/", "/ws/nothing", nil, 404, all(404), 404},

		{"GET /ws/chat/{userId}", "/ws/chat/4711/", nil, 401, all(403), 401},
		{"GET /api/ready", "", nil, 200, all(200), 200},
		{"GET /api/messagerie/school", "", nil, 200, all(200), 200},
		{"GET /api/messagerie/me", "", nil, 401, all(200), 401},
		{"GET /api/messagerie/server-problems", "", nil, 401, each{403, 403, 403, 403, 200, 200}, 401},
		{"POST /api/messagerie/me/sign-out-everywhere", "", nil, 401, all(200), 401},
		{"POST /api/messagerie/me/password", "", object{}, 401, all(400), 401},
		{"GET /api/messagerie/devices", "", nil, 401, all(200), 401},
		{"DELETE /api/messagerie/devices/{deviceId}", "/api/messagerie/devices/1", nil, 401, all(404), 401},
		{"GET /api/messagerie/second-factor", "", nil, 401, all(200), 401},
		{"POST /api/messagerie/second-factor", "", ownPassword, 401, each{403, 403, 200, 200, 200, 200}, 401},
		{"POST /api/messagerie/second-factor/confirm", "", object{}, 401, each{404, 404, 400, 400, 400, 400}, 401},
		{"DELETE /api/messagerie/second-factor", "", object{}, 401, all(400), 401},
		{"POST /api/messagerie/second-factor/log-in", "", object{}, 400, all(400), 400},
		{"GET /api/messagerie/search/{establishmentId}", s.searchPath("le"), nil, 401, here(200), 401},
		{"GET /api/messagerie/classes/{establishmentId}", fmt.Sprintf("/api/messagerie/classes/%d", s.college), nil, 401, here(200), 401},
		{"POST /api/messagerie/access-codes/{establishmentId}", fmt.Sprintf("/api/messagerie/access-codes/%d", s.college), object{"users": []int{404}}, 401, administration(400), 401},
		{"POST /api/messagerie/invitations/{establishmentId}", fmt.Sprintf("/api/messagerie/invitations/%d", s.college), object{"users": []int{404}}, 401, administration(400), 401},
		{"POST /api/messagerie/invitations/{establishmentId}/audience", fmt.Sprintf("/api/messagerie/invitations/%d/audience", s.college), object{"role": "student"}, 401, administration(200), 401},
		{"POST /api/messagerie/welcome", "", object{}, 400, all(400), 400},
		{"GET /api/messagerie/conversations/{userId}", "/api/messagerie/conversations/4711", nil, 401, all(403), 401},
		{"GET /api/messagerie/conversations/{userId}/{conversationId}", "/api/messagerie/conversations/4711/1", nil, 401, all(403), 401},
		{"POST /api/messagerie/conversations/create", "", object{"participants": []int{}}, 401, all(400), 401},
		{"PATCH /api/messagerie/conversations/{conversationId}", conversationPath(group), object{"muted": true}, 401, here(200), 401},
		{"POST /api/messagerie/conversations/{conversationId}/read", conversationPath(group) + "read", nil, 401, here(204), 401},
		{"POST /api/messagerie/conversations/{conversationId}/participants", participantsPath(group), object{"participants": []int{}}, 401, staff(200), 401},
		{"DELETE /api/messagerie/conversations/{conversationId}/participants", participantsPath(group), object{"participants": []int{}}, 401, staff(204), 401},
		{"GET /api/messagerie/messages/{conversationId}", messagesPath(group), nil, 401, here(200), 401},
		{"POST /api/messagerie/messages/{conversationId}", messagesPath(group), object{"content": "Bonjour"}, 401, here(201), 401},
		{"PATCH /api/messagerie/messages/{conversationId}/{messageId}", messagesPath(group) + "1", object{"content": "x"}, 401, here(404), 401},
		{"DELETE /api/messagerie/messages/{conversationId}/{messageId}", messagesPath(group) + "1", nil, 401, here(404), 401},
		{"GET /api/messagerie/find", "/api/messagerie/find?q=bonjour", nil, 401, all(200), 401},
		{"PUT /api/messagerie/messages/{conversationId}/{messageId}/reactions/{emoji}", messagesPath(group) + "1/reactions/%F0%9F%91%8D", nil, 401, here(404), 401},
		{"DELETE /api/messagerie/messages/{conversationId}/{messageId}/reactions/{emoji}", messagesPath(group) + "1/reactions/%F0%9F%91%8D", nil, 401, here(404), 401},
		{"GET /api/messagerie/messages/{conversationId}/{messageId}/history", messagesPath(group) + "1/history", nil, 401, here(404), 401},
		{"GET /api/messagerie/conversations/{conversationId}/events", conversationPath(group) + "events", nil, 401, here(200), 401},
		{"GET /api/messagerie/messages/{conversationId}/{messageId}/readers", messagesPath(group) + "1/readers", nil, 401, here(404), 401},
		{"PUT /api/messagerie/conversations/{conversationId}/pins/{messageId}", conversationPath(group) + "pins/1", nil, 401, staff(404), 401},
		{"DELETE /api/messagerie/conversations/{conversationId}/pins/{messageId}", conversationPath(group) + "pins/1", nil, 401, staff(404), 401},
		{"POST /api/messagerie/attachments/{conversationId}", attachmentPath(group), object{}, 401, each{400, 400, 400, 400, 400, 404}, 401},
		{"GET /api/messagerie/attachments/{attachmentId}", attachmentPath(1), nil, 401, all(404), 401},
		{"PATCH /api/messagerie/me", "", object{"quiet": nil}, 401, all(200), 401},
		{"GET /api/messagerie/scheduled", "", nil, 401, all(200), 401},
		{"PATCH /api/messagerie/scheduled/{scheduledId}", "/api/messagerie/scheduled/1", object{"content": "x"}, 401, all(404), 401},
		{"DELETE /api/messagerie/scheduled/{scheduledId}", "/api/messagerie/scheduled/1", nil, 401, all(404), 401},
		{"POST /api/email/send", "", object{"recipients": []int{}}, 401, each{403, 403, 400, 400, 400, 400}, 401},
		{"GET /api/email/search-recipients/{establishmentId}", fmt.Sprintf("/api/email/search-recipients/%d?q=le", s.college), nil, 401, staff(200), 401},

		{"GET /api/messagerie/rules/{establishmentId}", fmt.Sprintf("/api/messagerie/rules/%d", s.college), nil, 401, administration(200), 401}, // for the administration
		{"PATCH /api/messagerie/rules/{establishmentId}", fmt.Sprintf("/api/messagerie/rules/%d", s.college), object{}, 401, administration(200), 401},
		{"POST /api/messagerie/rules/{establishmentId}/preview", fmt.Sprintf("/api/messagerie/rules/%d/preview", s.college), object{}, 401, administration(200), 401},
		{"POST /api/messagerie/pauses/{establishmentId}", fmt.Sprintf("/api/messagerie/pauses/%d", s.college), object{}, 401, administration(400), 401},
		{"PATCH /api/messagerie/pauses/{establishmentId}/{pauseId}", fmt.Sprintf("/api/messagerie/pauses/%d/1", s.college), object{}, 401, administration(404), 401},
		{"DELETE /api/messagerie/pauses/{establishmentId}/{pauseId}", fmt.Sprintf("/api/messagerie/pauses/%d/1", s.college), nil, 401, administration(404), 401},
		{"POST /api/messagerie/sign-out/{establishmentId}", fmt.Sprintf("/api/messagerie/sign-out/%d", s.college), object{}, 401, administration(400), 401},
		{"POST /api/messagerie/closures/{establishmentId}", fmt.Sprintf("/api/messagerie/closures/%d", s.college), object{}, 401, administration(400), 401},
		{"DELETE /api/messagerie/closures/{establishmentId}/{closureId}", fmt.Sprintf("/api/messagerie/closures/%d/1", s.college), nil, 401, administration(404), 401},
		{"GET /api/messagerie/roster/{establishmentId}", rosterPath(s.college), nil, 401, administration(200), 401}, // for the administration
		{"POST /api/messagerie/roster/{establishmentId}", rosterPath(s.college), nil, 401, administration(400), 401},
		{"GET /api/messagerie/roster/{establishmentId}/{planId}", planPath(s.college, 1), nil, 401, administration(404), 401},
		{"POST /api/messagerie/roster/{establishmentId}/{planId}/apply", planPath(s.college, 1) + "apply", nil, 401, administration(404), 401},
		{"POST /api/messagerie/roster/{establishmentId}/{planId}/undo", planPath(s.college, 1) + "undo", nil, 401, administration(404), 401},
		{"GET /api/messagerie/roster/{establishmentId}/year-end", rosterPath(s.college) + "year-end", nil, 401, administration(200), 401},
		{"POST /api/messagerie/roster/{establishmentId}/year-end", rosterPath(s.college) + "year-end", object{}, 401, administration(400), 401},

		{"GET /api/health", "", nil, 200, all(200), 200},
		{"GET /metrics", "", nil, 404, all(404), 404},
		{"GET /api/collections/{collection}/auth-methods", collections + "_superusers/auth-methods", nil, 200, all(200), 200},
		{"POST /api/collections/{collection}/auth-with-password", collections + "users/auth-with-password", login, 200, all(200), 200},
		{"POST /api/collections/{collection}/auth-with-oauth2", collections + "users/auth-with-oauth2", object{"provider": "oidc", "code": "x"}, 403, all(403), 403}, // off
		{"POST /api/collections/{collection}/request-password-reset", collections + "users/request-password-reset", object{"email": "x@y.example"}, 204, all(204), 204},
		{"POST /api/collections/{collection}/confirm-password-reset", collections + "users/confirm-password-reset",
			object{"token": resetToken, "password": "short", "passwordConfirm": "short"}, 400, all(400), 400},
		{"POST /api/collections/{collection}/request-otp", collections + "_superusers/request-otp", object{"email": "x@y.example"}, 403, all(403), 403}, // off
		{"POST /api/collections/{collection}/auth-with-otp", collections + "_superusers/auth-with-otp", wrong, 403, all(403), 403},
		{"POST /api/collections/{collection}/auth-refresh", collections + "users/auth-refresh", nil, 401, all(200), 403},
		{"PATCH /api/collections/{collection}/records/{id}", collections + "users/records/ME", object{"locale": "en"}, 401, all(200), 200},
		{"POST /api/files/token", "", nil, 401, all(200), 200},
		{"GET /api/files/{collection}/{recordId}/{filename}", "/api/files/establishments/1/logo.png", nil, 404, all(404), 404},
		{"GET /api/backups/{key}", "/api/backups/school.zip", nil, 403, all(403), 403}, // the key is a file token

		{"POST /api/backups/{key}/restore", "/api/backups/x/restore", nil, 403, all(403), 403},
		{"POST /api/sql", "", object{"query": "SELECT 1"}, 403, all(403), 403},
		{"POST /api/batch", "", object{"requests": []object{}}, 403, all(403), 403},
		{"POST /api/collections/{collection}/request-email-change", collections + "users/request-email-change", object{"newEmail": "x@y.example"}, 403, all(403), 403},
		{"POST /api/collections/{collection}/confirm-email-change", collections + "users/confirm-email-change", object{"token": "x"}, 400, all(400), 400},
		{"POST /api/collections/{collection}/request-verification", collections + "users/request-verification", object{"email": s.claire.Email}, 403, all(403), 403},
		{"POST /api/collections/{collection}/confirm-verification", collections + "users/confirm-verification", object{"token": "x"}, 403, all(403), 403},
	}
}

// superusersRoutes are those without a row.
func superusersRoutes() (visits []visit) {
	for _, route := range []string{
		"GET /api/realtime", "HEAD /api/realtime", "POST /api/realtime",
		"GET /api/oauth2-redirect", "POST /api/oauth2-redirect",
		"GET /api/settings", "PATCH /api/settings", "POST /api/settings/test/s3", "POST /api/settings/test/email",
		"POST /api/settings/apple/generate-client-secret",
		"GET /api/collections", "POST /api/collections", "GET /api/collections/users", "PATCH /api/collections/users",
		"DELETE /api/collections/users", "DELETE /api/collections/users/truncate", "PUT /api/collections/import",
		"GET /api/collections/meta/scaffolds", "GET /api/collections/meta/oauth2-providers", "POST /api/collections/meta/dry-run-view",
		"GET /api/collections/messages/records", "HEAD /api/collections/messages/records", "POST /api/collections/messages/records",
		"GET /api/collections/messages/records/1", "PATCH /api/collections/messages/records/1", "DELETE /api/collections/messages/records/1",
		"GET /api/collections/users/records", "POST /api/collections/users/records", "DELETE /api/collections/users/records/1",
		"PATCH /api/collections/_superusers/records/1", "PATCH /api/collections/_pb_users_auth_x/records/1",
		"GET /api/collections/_otps/records", "GET /api/collections/_externalAuths/records",
		"POST /api/collections/users/request-otp", "POST /api/collections/users/auth-with-otp",
		"POST /api/collections/users/impersonate/1", "POST /api/collections/_superusers/impersonate/1",
		"POST /api/collections/_superusers/auth-refresh", "POST /api/collections/_superusers/auth-with-oauth2",
		"POST /api/collections/_superusers/request-email-change", "POST /api/collections/_superusers/confirm-email-change",
		"POST /api/collections/messages/auth-with-password", "GET /api/collections/nothing/auth-methods",
		"GET /api/logs", "GET /api/logs/stats", "GET /api/logs/1",
		"GET /api/backups", "POST /api/backups", "POST /api/backups/upload", "DELETE /api/backups/x",
		"GET /api/crons", "POST /api/crons/__pbLogsCleanup__",
	} {
		visits = append(visits, visit{pattern: route, body: object{}, anonymous: 401, people: all(403)})
	}
	return visits
}

// A new route that is listed nowhere fails here: it gets a row, or is added to the superusers'
// routes above.
func TestGate_knowsEveryRouteOfTheRouter(t *testing.T) {
	routes := apptest.New(t).Routes()
	mux := http.NewServeMux()
	for _, pattern := range routes {
		mux.HandleFunc(pattern, http.NotFound)
	}
	closed := map[string]bool{}
	for _, v := range superusersRoutes() {
		_, path, _ := strings.Cut(v.pattern, " ")
		_, pattern := mux.Handler(httptest.NewRequest(v.method(), path, nil))
		closed[pattern] = true
	}
	rows := rest.AccessPatterns()
	for _, pattern := range routes {
		if !closed[pattern] && !slices.Contains(rows, strings.TrimSuffix(pattern, "/{$}")) {
			t.Errorf("no row says who may use %s", pattern)
		}
	}
	for _, row := range rows {
		if !slices.Contains(routes, row) {
			t.Errorf("there is a row for %s, but no such route", row)
		}
	}
}

// Everybody who may come, at every route.
func TestGate_letsInThoseListedAndNobodyElse(t *testing.T) {
	s := newSchool(t)
	s.ConfigureMail()
	superuser := s.Superuser()
	if !slices.Equal(slices.Sorted(slices.Values(asked)), slices.Sorted(slices.Values(protocol.Roles))) {
		t.Fatalf("the roles are %v", protocol.Roles)
	}
	people := map[string]apptest.Person{}
	for _, role := range asked {
		people[role] = s.Person(s.college, role, "Camille", role)
	}
	group := s.Conversation(s.claire, s.jerome, people["admin"], people["teacher"], people["staff"], people["parent"], people["student"])
	elsewhere, disabled := s.Person(s.lycee, protocol.RoleAdmin, "Camille", "Elsewhere"), s.disabled(t)
	open := s.openRoutes(t, group)
	for _, pattern := range rest.AccessPatterns() {
		if !slices.ContainsFunc(open, func(v visit) bool { return v.pattern == pattern }) {
			t.Errorf("no test for %s", pattern)
		}
	}
	for _, v := range append(open, superusersRoutes()...) {
		ask := func(who, token string, as apptest.Person, want int) {
			t.Helper()
			if resp := s.Do(token, v.method(), v.pathFor(as), v.body); resp.StatusCode != want {
				t.Errorf("%s for %s: status %d, want %d: %.200s", v.pattern, who, resp.StatusCode, want, resp.Body)
			}
		}
		ask("nobody", "", s.claire, v.anonymous)
		ask("somebody disabled", disabled.Token, disabled, v.anonymous)
		for i, role := range asked {
			person := s.SignIn(s.Find("users", people[role].ID)) // one visit signs out everywhere
			ask("a "+role, person.Token, person, v.people[i])
		}
		person := s.SignIn(s.Find("users", elsewhere.ID))
		ask("another establishment", person.Token, person, v.people[len(asked)])
		if v.superuser != 0 {
			ask("a superuser", superuser, s.claire, v.superuser)
		}
	}
}

// disabled is an administrator whose account was disabled, with a token made since: so it is the account that is refused.
func (s school) disabled(t *testing.T) apptest.Person {
	t.Helper()
	record := s.Find("users", s.Person(s.college, protocol.RoleAdmin, "Camille", "Disabled").ID)
	record.Set("disabled", true)
	if err := s.Save(record); err != nil {
		t.Fatal(err)
	}
	return s.SignIn(s.Find("users", protocol.ParseID(record.Id)))
}

func TestGate_letsSuperusersInEverywhereElse(t *testing.T) {
	s := newSchool(t)
	superuser := s.Superuser()
	for _, path := range []string{"/api/collections", "/api/settings", "/api/logs", "/api/backups", "/api/crons", "/api/collections/messages/records",
		"/api/collections/users/records/" + s.claire.ID.RecordID(), "/api/collections/meta/scaffolds"} {
		s.Do(superuser, "GET", path, nil).OK(200)
	}
	s.Do(superuser, "POST", "/api/collections/_superusers/auth-refresh", nil).OK(200)
	s.Do(superuser, "POST", "/api/collections/users/impersonate/"+s.claire.ID.RecordID(), object{"duration": 60}).OK(200)
	s.Do(superuser, "POST", "/api/realtime", object{"clientId": "x", "subscriptions": []string{"*"}}).OK(404) // there is no such client
}

// A path can be written in many ways, and the router may accept more of them than the gate.
func TestGate_matchesPathsAsTheRouterDoes(t *testing.T) {
	s := newSchool(t)
	for _, path := range []string{
		"/api/realtime", "//api/realtime", "/api//realtime", "/./api/realtime", "/x/../api/realtime", "/api/x/../realtime", "/%61pi/realtime",
		"/api/%72ealtime", "/api/realtime/", "/api/realtime//", "/API/realtime", "/api/Realtime", "/api%2frealtime", "/api/realtime%2f",
		"/api/%2e/realtime", "/api/%2e%2e/api/realtime", "/api/realtime%00", "/api/realtime;x", "/api/realtime?x", "/api/realtime%3fx", "/api\\realtime",
		"/ws/../api/realtime", "/_/../api/realtime", "/assets/../api/realtime", "http://localhost/api/realtime",
	} {
		for _, method := range []string{"GET", "HEAD", "POST", "OPTIONS", "TRACE", "PUT", "get", "CONNECT", "PROPFIND"} {
			for _, headers := range []string{"", "X-HTTP-Method-Override: GET\r\n", "Upgrade: websocket\r\nConnection: Upgrade\r\n", "Origin: https://evil.example\r\n"} {
				resp := s.raw(t, fmt.Sprintf("%s %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n", method, path, headers))
				kind := resp.Header.Get("Content-Type")
				switch {
				case resp.StatusCode >= 300:
				case strings.HasPrefix(kind, "text/html"): // the client, which finds nothing there
				default:
					t.Errorf("%s %s with %q: %s, %s", method, path, headers, resp.Status, kind)
				}
			}
		}
	}
}

// raw sends what no client would, and returns the head of the response.
func (s school) raw(t *testing.T, request string) *http.Response {
	t.Helper()
	conn := s.connection(t)
	defer conn.Close()
	return conn.ask(t, request)
}
