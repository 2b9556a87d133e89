package logs_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/apptest"
	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
)

func asJSON(c *config.Config) { c.Logs.Format = "json" }

// stderrLine waits for the first line on standard error that has these values.
func stderrLine(t *testing.T, app *apptest.App, want object) object {
	t.Helper()
	for range 1000 {
		app.Log.Flush()
	lines:
		for text := range strings.Lines(app.Err.String()) {
			var line object
			if err := json.Unmarshal([]byte(text), &line); err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			for key, value := range want {
				if line[key] != value {
					continue lines
				}
			}
			return line
		}
	}
	t.Fatalf("there is no line with %v:\n%s", want, app.Err)
	return nil
}

func TestRefusedRequest_hasALineWithItsStatusItsIDAndItsCaller(t *testing.T) {
	app, claire := newSchool(t, asJSON)
	resp := app.Get(claire, "/api/messagerie/messages/77/?limit=3")
	resp.Refused(403, protocol.CodeNotParticipant)
	line := stderrLine(t, app, object{"status": 403.0})
	want := object{"level": "WARN", "msg": "request refused", "method": "GET", "path": "/api/messagerie/messages/77/",
		"code": protocol.CodeNotParticipant, "user": claire.Record.Id, "request_id": resp.Header.Get("X-Request-Id")}
	for key, value := range want {
		if line[key] != value || value == "" {
			t.Errorf("%s is %v, want %v", key, line[key], value)
		}
	}
	app.Get(claire, "/api/messagerie/me/").OK(200)
	app.Log.Flush()
	if strings.Contains(app.Err.String(), "/me/") {
		t.Error("a request that succeeded has a line")
	}
}

func TestRequestID_ofAnotherIsKeptFromATrustedProxyOnly(t *testing.T) {
	app, _ := newSchool(t)
	ask := func(id string) string {
		req, err := http.NewRequest("GET", app.URL+"/api/health", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Request-Id", id)
		return app.Send(req).OK(200).Header.Get("X-Request-Id")
	}
	if got := ask("from-a-visitor"); got == "from-a-visitor" || len(got) != 16 {
		t.Errorf("without a proxy the id is %q", got)
	}
	app.Configure(func(s *core.Settings) { s.TrustedProxy.Headers = []string{"X-Forwarded-For"} })
	if got := ask("from-the-proxy"); got != "from-the-proxy" {
		t.Errorf("behind a proxy the id is %q", got)
	}
	for _, bad := range []string{"", "a b", strings.Repeat("x", 65), `"quoted"`} {
		if got := ask(bad); got == bad || len(got) != 16 {
			t.Errorf("%q became %q", bad, got)
		}
	}
}

func TestRefusedSocketsAndFrames_haveALine(t *testing.T) {
	app, claire := newSchool(t, asJSON, func(c *config.Config) { c.Limits.FramesBurst = 2 })
	if _, _, err := app.TryDial(claire, "/ws/chat/1/?token=secret-of-somebody", nil); err == nil {
		t.Fatal("let in")
	}
	stderrLine(t, app, object{"path": "/ws/chat/1/", "status": 403.0, "code": protocol.CodeNotYourAccount, "user": claire.Record.Id})
	socket, _ := app.Dial(claire)
	socket.Send(`{"type":"chat_message","conversation_id":9,"message":"très secret"}`)
	socket.ExpectRefusal(protocol.CodeNotParticipant)
	frame := stderrLine(t, app, object{"msg": "frame refused", "code": protocol.CodeNotParticipant, "user": claire.Record.Id})
	if id, _ := frame["request_id"].(string); id == "" {
		t.Error("the frame's line doesn't name the request of its socket")
	}
	for range 10 {
		_ = socket.Conn.WriteJSON(protocol.ClientFrame{Type: protocol.TypePing}) // it is closed meanwhile
	}
	socket.ExpectClose(protocol.CloseTooManyFrames)
	stderrLine(t, app, object{"msg": "socket refused", "code": "4029", "request_id": frame["request_id"]})
	if strings.Contains(app.Err.String(), "secret") {
		t.Errorf("a token or content is in the log:\n%s", app.Err)
	}
}

func TestLog_hasNoContentNamesAddressesOrTokens(t *testing.T) {
	app := apptest.New(t, func(c *config.Config) { c.Logs.Level = "debug" })
	college := app.Establishment("Collège")
	claire := app.Person(college, protocol.RoleTeacher, "Claire", "Martin")
	conversation := app.Conversation(claire, app.Person(college, protocol.RoleParent, "Jérôme", "Dupont"))
	app.OnRecordCreateExecute("messages").BindFunc(func(*core.RecordEvent) error {
		return errors.New("the disk is broken for jerome@ecole.example with token=abc.def")
	})
	admin := app.Superuser()
	var file struct{ Token string }
	app.Do(admin, "POST", "/api/files/token", nil).OK(200).Into(&file)
	app.Do("", "GET", "/api/backups/none.zip?token="+file.Token, nil)
	app.Do(admin, "GET", "/api/backups/none.zip?token="+file.Token, nil)
	app.Do(admin, "GET", "/api/collections/users/records?filter=last_name~'Dupont'", nil).OK(200)
	app.Get(claire, fmt.Sprintf("/api/messagerie/search/%d/?q=Dupont", college))
	app.Get(claire, "/api/messagerie/none/bulletin.pdf").OK(404)
	app.Post(claire, fmt.Sprintf("/api/messagerie/messages/%d/", conversation), object{"content": "Léa est malade"}).OK(500)
	app.Do("", "POST", "/api/collections/users/auth-with-password", object{"identity": "jerome@ecole.example", "password": "motdepasse"}).OK(400)
	app.Logger().Error("Sending to jerome@ecole.example failed.", "error", "550 jerome@ecole.example: no such user")
	request(t, app, "/api/collections/users/records")
	request(t, app, "/api/backups/none.zip")
	stored := ""
	for _, kind := range []string{"request", "summary"} {
		for _, l := range lines(t, app, kind) {
			stored += l.Message + l.Raw
		}
	}
	for _, private := range []string{file.Token, "Dupont", "malade", "motdepasse"} {
		if strings.Contains(stored, private) {
			t.Errorf("the dashboard's log has %q: %s", private, stored)
		}
	}
	for _, private := range []string{file.Token, "Dupont", "malade", "motdepasse", "bulletin", "jerome", "abc.def", claire.Token} {
		if strings.Contains(app.Err.String(), private) {
			t.Errorf("standard error has %q:\n%s", private, app.Err)
		}
	}
	if !strings.Contains(app.Err.String(), "the disk is broken") || !strings.Contains(app.Err.String(), "Sending to …@… failed.") {
		t.Errorf("standard error lacks the faults:\n%s", app.Err)
	}
}
