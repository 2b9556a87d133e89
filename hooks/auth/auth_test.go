package auth_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/auth"
	"messagerie/hooks/protocol"
)

func newPerson(t *testing.T) (*apptest.App, apptest.Person) {
	t.Helper()
	app := apptest.New(t)
	return app, app.Person(app.Establishment("Collège"), protocol.RoleTeacher, "Claire", "Martin")
}

// logs returns the rows of PocketBase's log that mention a path. A refused request is
// counted, and the first of its kind is logged as an example.
func logs(t *testing.T, app *apptest.App, of string) (rows []string) {
	t.Helper()
	for range 1000 { // the line of a request is written after its response
		app.Log.Flush()
		if err := app.AuxDB().NewQuery("SELECT message || ' ' || data FROM _logs").Column(&rows); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(strings.Join(rows, "\n"), of) {
			return rows
		}
		runtime.Gosched()
	}
	t.Fatalf("nothing of %s in %q", of, rows)
	return nil
}

func TestToken_inTheQueryReachesNoLog(t *testing.T) {
	app, claire := newPerson(t)
	// A socket that is let in leaves no line of its own.
	if _, _, err := app.TryDial(apptest.Person{}, fmt.Sprintf("/ws/chat/%d/?token=%s", claire.ID, claire.Token), nil); err != nil {
		t.Fatal(err)
	}
	for i, path := range []string{
		fmt.Sprintf("/ws/chat/4711/?mark=%%s&token=%s", claire.Token),
		fmt.Sprintf("/ws/nothing/?mark=%%s&token=%s", claire.Token),
		fmt.Sprintf("/api/messagerie/me/?mark=%%s&token=%s", claire.Token),
		fmt.Sprintf("/api/messagerie/me/?mark=%%s&tok%%%%65n=%s", claire.Token),
		fmt.Sprintf("/api/nothing?mark=%%s&token=a&token=%s", claire.Token),
	} {
		mark := fmt.Sprintf("mark%dend", i)
		path = fmt.Sprintf(path, mark)
		app.Do("", "GET", path, nil)
		for _, row := range logs(t, app, mark) {
			if strings.Contains(row, claire.Token) {
				t.Errorf("%s is logged as %s", path, row)
			}
		}
	}
	// What can't be parsed isn't logged at all.
	app.Do("", "GET", "/ws/nothing/?a=%zz&token="+claire.Token, nil)
	app.Do("", "GET", "/ws/nothing/?a;token="+claire.Token, nil)
	logs(t, app, "/ws/nothing/")
	app.Do("", "GET", "/api/nothing?mark=theend", nil)
	for _, row := range logs(t, app, "theend") {
		if strings.Contains(row, claire.Token) {
			t.Errorf("logged: %s", row)
		}
	}
}

func TestOrigin_isTheServersOwnOrAListedOne(t *testing.T) {
	allowed := []string{"https://intranet.example", "http://localhost:5173"}
	for origin, want := range map[string]bool{
		"":                                   true, // a program
		"https://ecole.example":              true,
		"http://ecole.example":               true,
		"https://ECOLE.example":              true,
		"https://intranet.example":           true,
		"HTTPS://intranet.EXAMPLE":           true,
		"http://localhost:5173":              true,
		"http://localhost":                   false,
		"https://ecole.example:8443":         false,
		"https://ecole.example.evil.example": false,
		"https://evil.example/ecole.example": false,
		"https://ecole.example@evil.example": false,
		"https://intranet.example.evil":      false,
		"http://intranet.example":            false,
		"null":                               false,
		"ecole.example":                      false,
		"https://":                           false,
		"://":                                false,
	} {
		r := httptest.NewRequest("GET", "https://ecole.example/ws/chat/1/", nil)
		if origin != "" {
			r.Header.Set("Origin", origin)
		}
		if got := auth.OriginAllowed(r, allowed); got != want {
			t.Errorf("%q: allowed %v, want %v", origin, got, want)
		}
	}
}

func TestToken_opensASocketHoweverItIsSent(t *testing.T) {
	app, claire := newPerson(t)
	path := fmt.Sprintf("/ws/chat/%d/", claire.ID)
	stranger := apptest.Person{}
	for name, c := range map[string]struct {
		path   string
		header http.Header
		status int
	}{
		"none":                  {path, nil, 401},
		"the header":            {path, http.Header{"Authorization": {"Bearer " + claire.Token}}, 101},
		"the raw header":        {path, http.Header{"Authorization": {claire.Token}}, 101},
		"the subprotocol":       {path, http.Header{"Sec-Websocket-Protocol": {"messagerie, " + claire.Token}}, 101},
		"two lines of it":       {path, http.Header{"Sec-Websocket-Protocol": {"messagerie", claire.Token}}, 101},
		"a subprotocol alone":   {path, http.Header{"Sec-Websocket-Protocol": {"messagerie"}}, 401},
		"another subprotocol":   {path, http.Header{"Sec-Websocket-Protocol": {"chat, " + claire.Token}}, 401},
		"the query":             {path + "?token=" + claire.Token, nil, 101},
		"the query, no slash":   {strings.TrimSuffix(path, "/") + "?a=b&token=" + claire.Token, nil, 101},
		"a wrong one":           {path + "?token=nonsense", nil, 401},
		"that of somebody else": {"/ws/chat/4711/?token=" + claire.Token, nil, 403},
	} {
		_, resp, _ := app.TryDial(stranger, c.path, c.header)
		if resp == nil || resp.StatusCode != c.status {
			t.Errorf("%s: %v, want %d", name, resp, c.status)
			continue
		}
		if got := resp.Header.Get("Sec-Websocket-Protocol"); strings.Contains(got, claire.Token) {
			t.Errorf("%s: the token comes back", name)
		}
	}
}

func TestDisabled_refusesLogInsAndVoidsTokens(t *testing.T) {
	app, claire := newPerson(t)
	signIn := func() *apptest.Response {
		return app.Do("", "POST", "/api/collections/users/auth-with-password", map[string]any{"identity": claire.Email, "password": apptest.Password})
	}
	signIn().OK(200)
	record := app.Find("users", claire.ID)
	record.Set("disabled", true)
	if err := app.Save(record); err != nil {
		t.Fatal(err)
	}
	if resp := signIn(); resp.StatusCode < 400 {
		t.Errorf("signing in: %d %s", resp.StatusCode, resp.Body)
	}
	app.Get(claire, "/api/messagerie/me/").Refused(401, protocol.CodeUnauthorized)
	app.Do(claire.Token, "POST", "/api/collections/users/auth-refresh", nil).OK(401)
	// Even with a token of today's key.
	app.Get(app.SignIn(record), "/api/messagerie/me/").Refused(401, protocol.CodeUnauthorized)

	record.Set("disabled", false)
	if err := app.Save(record); err != nil {
		t.Fatal(err)
	}
	app.Get(claire, "/api/messagerie/me/").Refused(401, protocol.CodeUnauthorized) // the old one stays void
	signIn().OK(200)
}

// Each change is a save, and hashes the password that comes along.
func TestProfile_canBeChangedALimitedNumberOfTimes(t *testing.T) {
	app, claire := newPerson(t)
	own := "/api/collections/users/records/" + claire.Record.Id
	for i := range 30 {
		body := map[string]any{"emailVisibility": i%2 == 0}
		if i%3 == 0 { // refused, but hashed before that
			body = map[string]any{"password": "another password", "passwordConfirm": "another password"}
		}
		app.Do(claire.Token, "PATCH", own, body)
	}
	resp := app.Do(claire.Token, "PATCH", own, map[string]any{"emailVisibility": true})
	resp.Refused(429, protocol.CodeTooManyRequests)
	if seconds, err := strconv.Atoi(resp.Header.Get("Retry-After")); err != nil || seconds < 1 || seconds > 600 {
		t.Errorf("Retry-After is %q", resp.Header.Get("Retry-After"))
	}
	app.Do(app.Superuser(), "PATCH", own, map[string]any{"emailVisibility": true}).OK(200)
	app.Get(claire, "/api/messagerie/me/").OK(200)
}
