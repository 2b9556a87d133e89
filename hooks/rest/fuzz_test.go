package rest_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
)

// fuzzedSchool is a server on which one teacher asks for whatever a fuzzer has found.
func fuzzedSchool(f *testing.F) (app *apptest.App, college protocol.ID, claire apptest.Person, conversation protocol.ID) {
	app = apptest.New(f, func(cfg *config.Config) {
		cfg.Limits.RequestsPerSecond, cfg.Limits.RequestsBurst = 100_000, 100_000
	})
	college = app.Establishment("Collège Jean-Moulin")
	claire = app.Person(college, protocol.RoleTeacher, "Claire", "Martin")
	conversation = app.Conversation(claire, app.Person(college, protocol.RoleParent, "Jérôme", "Lefèvre"))
	for i := range 5 {
		app.Says(claire, conversation, fmt.Sprint("Bonjour ", i))
	}
	return app, college, claire, conversation
}

// answered makes a request, and fails the test unless it is granted or refused with a code, by one that still serves.
func answered(t *testing.T, req *http.Request, token, what string) {
	req.Header.Set("Authorization", token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if resp.StatusCode < 300 {
		return
	}
	var refused protocol.Error
	if err := json.Unmarshal(body, &refused); err != nil || refused.Code == "" || resp.StatusCode >= 500 {
		t.Fatalf("%s: status %d: %s", what, resp.StatusCode, body)
	}
}

// Whatever stands in the query of a list or a search, it is a page or a refusal.
func FuzzQuery(f *testing.F) {
	app, college, claire, conversation := fuzzedSchool(f)
	paths := []string{
		messagesPath(conversation), conversationsPath(claire), "/api/messagerie/find/", "/api/messagerie/search/" + college.String() + "/",
		"/api/messagerie/classes/" + college.String() + "/", "/api/messagerie/scheduled/", conversationPath(conversation),
	}
	for i, query := range []string{
		"before=7&limit=3", "after=0&limit=200", "before=1&after=1", "limit=-1", "limit=99999999999999999999", "before=%00", "cursor=cGlubmVkfHwx",
		"cursor=MjAyNi0xMS0zMCAwNzowMDowMC4wMDBafDAwMDAwMDAwMDAwMDAwMDc", "q=bonjour&has=link&from=2026-01-01T00:00:00Z&to=9999-12-31T23:59:59Z",
		"q=%22%20OR%20*&sender_id=1&conversation_id=2", "q=é&role=student&class=7", "q=%ff%fe", "%zz&;=1", "q=" + strings.Repeat("a+", 90), "fields=*&expand=x",
	} {
		f.Add(uint8(i), query)
	}
	f.Fuzz(func(t *testing.T, path uint8, query string) {
		req, err := http.NewRequest("GET", app.URL+paths[int(path)%len(paths)], nil)
		if err != nil {
			t.Fatal(err)
		}
		if strings.ContainsFunc(query, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '#' }) {
			return // no URL has them
		}
		req.URL.RawQuery = query
		answered(t, req, claire.Token, req.URL.String())
	})
}

// Whatever a body holds, it is carried out or refused.
func FuzzBody(f *testing.F) {
	app, _, claire, conversation := fuzzedSchool(f)
	routes := []struct{ method, path string }{
		{"POST", messagesPath(conversation)}, {"POST", createPath}, {"PATCH", conversationPath(conversation)}, {"POST", participantsPath(conversation)},
		{"PATCH", "/api/messagerie/me/"}, {"POST", "/api/email/send/"}, {"POST", conversationPath(conversation) + "read/"}, {"POST", "/api/messagerie/welcome/"},
	}
	for i, body := range []string{
		`{"content":"a","client_id":"b","reply_to":1e3,"attachments":[1],"mentions":[2],"deliver_at":"2026-12-01T07:00:00+01:00"}`,
		`{"participants":[1,2,3],"title":"t","class_id":1,"audience":["parent"]}`, `{"title":"x","muted":true,"archived":null,"muted_until":"x","posting":"staff"}`,
		`{"participants":[null]}`, `{"quiet":{"from":"20:00","to":"07:00","days":["saturday"]}}`, `{"recipients":["a@b.fr",1],"subject":"s","content":"<p>"}`,
		`{"message_id":-1}`, `{"username":"a","code":"b","password":"c"}`, `null`, `[]`, "\xff\xfe", `{"a":1}{`, `{"content":"\ud800\u0000"}`,
	} {
		f.Add(uint8(i), []byte(body))
	}
	f.Fuzz(func(t *testing.T, route uint8, body []byte) {
		r := routes[int(route)%len(routes)]
		req, err := http.NewRequest(r.method, app.URL+r.path, strings.NewReader(string(body)))
		if err != nil {
			t.Fatal(err)
		}
		answered(t, req, claire.Token, fmt.Sprintf("%s %s with %q", r.method, r.path, body))
	})
}
