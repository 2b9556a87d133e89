package chat_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"messagerie/hooks/apptest"
	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
)

func TestConnect_acceptsTheTokenInEveryPlace(t *testing.T) {
	s := newSchool(t)
	nobody := apptest.Person{ID: s.claire.ID}
	address := fmt.Sprintf("/ws/chat/%d/", s.claire.ID)
	for name, try := range map[string]struct {
		as     apptest.Person
		path   string
		header http.Header
	}{
		"Authorization":             {as: s.claire, path: address},
		"without a trailing slash":  {as: s.claire, path: strings.TrimSuffix(address, "/")},
		"raw Authorization":         {nobody, address, http.Header{"Authorization": {s.claire.Token}}},
		"Sec-WebSocket-Protocol":    {nobody, address, http.Header{"Sec-WebSocket-Protocol": {"messagerie, " + s.claire.Token}}},
		"query":                     {as: nobody, path: address + "?token=" + s.claire.Token},
		"query of a padded user id": {as: nobody, path: "/ws/chat/" + s.claire.ID.RecordID() + "/?token=" + s.claire.Token},
	} {
		t.Run(name, func(t *testing.T) {
			socket, resp, err := s.TryDial(try.as, try.path, try.header)
			if err != nil {
				t.Fatalf("dial: %v (%v)", err, resp)
			}
			socket.Expect(protocol.TypeConversationsList, nil)
			if got := resp.Header.Get("Sec-WebSocket-Protocol"); strings.Contains(got, s.claire.Token) {
				t.Errorf("the response contains the token: %q", got)
			}
		})
	}
}

// As with PocketBase's own realtime: when many reconnect at once, a line for each would be a sixth
// of the work. Refusals are logged.
func TestConnect_logsOnlyRefusals(t *testing.T) {
	s := newSchool(t)
	address := fmt.Sprintf("/ws/chat/%d/", s.claire.ID)
	socket, _ := s.Dial(s.claire)
	_ = socket.Conn.Close()
	if _, _, err := s.TryDial(s.jerome, address, nil); err == nil {
		t.Fatal("a socket of somebody else was opened")
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+address, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header = http.Header{"Authorization": {"Bearer " + s.claire.Token},
		"Connection": {"Upgrade"}, "Upgrade": {"websocket"}, "Sec-Websocket-Version": {"8"}}
	if resp := s.Send(request); resp.StatusCode != http.StatusBadRequest {
		t.Errorf("an old version gets the status %d", resp.StatusCode)
	}
	s.Log.Flush()
	var lines []string
	if err := s.AuxDB().Select("data").From("_logs").Where(dbx.Like("data", "/ws/chat/")).Column(&lines); err != nil {
		t.Fatal(err)
	}
	// Refusals are counted; the socket that was opened has no line.
	all := strings.Join(lines, "\n")
	for _, counted := range []string{`"403 not_your_account":{"count":1,`, `"400 invalid_request":{"count":1,`} {
		if len(lines) != 1 || !strings.Contains(all, counted) {
			t.Errorf("logged without %s: %s", counted, all)
		}
	}
}

func TestConnect_refusesBeforeTheUpgrade(t *testing.T) {
	s := newSchool(t)
	mine := fmt.Sprintf("/ws/chat/%d/", s.claire.ID)
	for name, try := range map[string]struct {
		as     apptest.Person
		path   string
		header http.Header
		status int
		code   string
	}{
		"no token":          {apptest.Person{}, mine, nil, 401, protocol.CodeUnauthorized},
		"bad token":         {apptest.Person{Token: "abc"}, mine, nil, 401, protocol.CodeUnauthorized},
		"superuser's token": {apptest.Person{Token: s.Superuser()}, mine, nil, 401, protocol.CodeUnauthorized},
		"somebody else":     {s.jerome, mine, nil, 403, protocol.CodeNotYourAccount},
		"not a number":      {s.claire, "/ws/chat/abc/", nil, 403, protocol.CodeNotYourAccount},
		"foreign page":      {s.claire, mine, http.Header{"Origin": {"https://evil.example"}}, 403, protocol.CodeOriginNotAllowed},
		"opaque page":       {s.claire, mine, http.Header{"Origin": {"null"}}, 403, protocol.CodeOriginNotAllowed},
		"unknown address":   {s.claire, "/ws/other/", nil, 404, protocol.CodeNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			_, resp, err := s.TryDial(try.as, try.path, try.header)
			if err == nil {
				t.Fatal("connected")
			}
			var refused protocol.Error
			if err := json.NewDecoder(resp.Body).Decode(&refused); err != nil {
				t.Fatal(err)
			}
			if resp.StatusCode != try.status || refused.Code != try.code {
				t.Errorf("got %d %+v, want %d %s", resp.StatusCode, refused, try.status, try.code)
			}
		})
	}
}

func TestConnect_acceptsPagesOfItsOwnHostAndOfTheListedOrigins(t *testing.T) {
	app := apptest.New(t, func(c *config.Config) { c.Server.AllowedOrigins = []string{"https://ent.example"} })
	person := app.Person(app.Establishment("École"), protocol.RoleTeacher, "Claire", "Martin")
	for _, origin := range []string{app.URL, "https://ent.example"} {
		_, resp, err := app.TryDial(person, fmt.Sprintf("/ws/chat/%d/", person.ID), http.Header{"Origin": {origin}})
		if err != nil {
			t.Errorf("%s: %v (%v)", origin, err, resp)
		}
	}
}

func TestConnect_limitsTheSocketsOfAPerson(t *testing.T) {
	app := apptest.New(t, func(c *config.Config) { c.Limits.SocketsPerUser = 2 })
	person := app.Person(app.Establishment("École"), protocol.RoleTeacher, "Claire", "Martin")
	first, _ := app.Dial(person)
	app.Dial(person)
	_, resp, err := app.TryDial(person, fmt.Sprintf("/ws/chat/%d/", person.ID), nil)
	if err == nil || resp.StatusCode != 429 || resp.Header.Get("Retry-After") == "" {
		t.Fatalf("a third socket: %v, %v", err, resp)
	}
	// A page only learns that the handshake failed; a plain request returns the reason.
	refused := app.Get(person, fmt.Sprintf("/ws/chat/%d/", person.ID)).Refused(429, protocol.CodeTooManySockets)
	if refused.Data["limit"] != 2.0 {
		t.Errorf("the refusal names %v as the limit", refused.Data["limit"])
	}
	// A slot is free again once the server has noticed that the socket was closed.
	if err := first.Conn.Close(); err != nil {
		t.Fatal(err)
	}
	eventually(t, func() bool {
		_, _, err := app.TryDial(person, fmt.Sprintf("/ws/chat/%d/", person.ID), nil)
		return err == nil
	})
}

func TestConnect_tellsAPlainRequestWhetherASocketWouldBeAccepted(t *testing.T) {
	s := newSchool(t)
	s.Dial(s.claire)
	address := fmt.Sprintf("/ws/chat/%d/", s.claire.ID)
	s.Get(s.claire, address).OK(204)
	s.Get(s.jerome, address).Refused(403, protocol.CodeNotYourAccount)

	stripped, err := http.NewRequest(http.MethodGet, s.URL+address, nil)
	if err != nil {
		t.Fatal(err)
	}
	stripped.Header.Set("Authorization", "Bearer "+s.claire.Token)
	stripped.Header.Set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
	s.Send(stripped).Refused(400, protocol.CodeInvalidRequest)
}

func TestConnect_sendsTheListFirst_inTheShapeOfTheSample(t *testing.T) {
	s := newSchool(t)
	s.Says(s.claire, s.conversation, "Bonjour")
	socket, _, err := s.TryDial(s.jerome, fmt.Sprintf("/ws/chat/%d/", s.jerome.ID), nil)
	if err != nil {
		t.Fatal(err)
	}
	kind, data := socket.Next()
	if kind != protocol.TypeConversationsList {
		t.Fatalf("the first frame is %s", data)
	}
	sameFields(t, "conversations_list", data)
	var list protocol.ConversationsList
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	got := list.Conversations[0]
	if got.UnreadCount != 1 || got.LastMessage.Content != "Bonjour" || len(got.Participants) != 2 {
		t.Errorf("got %+v", got)
	}
}

// sameFields checks that a frame has the fields of its sample, no more and no fewer.
func sameFields(t *testing.T, sample string, frame []byte) {
	t.Helper()
	want, err := os.ReadFile("../protocol/testdata/server/" + sample + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var wantValue, gotValue any
	if err := json.Unmarshal(want, &wantValue); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(frame, &gotValue); err != nil {
		t.Fatal(err)
	}
	if w, g := fieldsOf(wantValue), fieldsOf(gotValue); !reflect.DeepEqual(w, g) {
		t.Errorf("%s has the fields %v, its sample %v", sample, g, w)
	}
}

// fieldsOf returns the field names of a value; of an array, those of its first element.
func fieldsOf(value any) any {
	switch v := value.(type) {
	case map[string]any:
		fields := map[string]any{}
		for name, inner := range v {
			fields[name] = nil
			switch inner.(type) {
			case map[string]any, []any:
				fields[name] = fieldsOf(inner)
			}
		}
		return fields
	case []any:
		if len(v) == 0 {
			return nil
		}
		return fieldsOf(v[0])
	}
	return nil
}
