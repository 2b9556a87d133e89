package rest_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"messagerie/hooks/protocol"
)

func TestBody_thatIsMalformedIsRefusedWithItsField(t *testing.T) {
	s := newSchool(t)
	group := s.Conversation(s.claire, s.jerome, s.outsider)
	sent := s.Says(s.claire, group, "Bonjour")
	stored := func() int {
		return s.Count("messages") + s.Count("conversations") + s.Count("participants") + s.Count("emails")
	}
	before := stored()
	type bad struct{ body, field string }
	notJSON := []bad{
		{"", "body"}, {"{", "body"}, {"nonsense", "body"}, {`[]`, "body"}, {`"text"`, "body"}, {`12`, "body"}, {`true`, "body"},
		{`{"a":1}{"a":2}`, "body"}, {"\xff\xfe", "body"}, {strings.Repeat("[", 4_000), "body"},
	}
	for _, c := range []struct {
		method, path string
		bodies       []bad
	}{
		{"POST", createPath, []bad{
			{`{"participants":"1"}`, "participants"}, {`{"participants":1}`, "participants"}, {`{"participants":["1"]}`, "participants"},
			{`{"participants":[1.5]}`, "participants"}, {`{"participants":[1e400]}`, "participants"}, {`{"participants":{}}`, "participants"},
			{`{"participants":[99999999999999999999]}`, "participants"}, {`{"participants":null}`, "participants"},
			{`{"participants":[null]}`, "participants"}, {`{"title":1}`, "title"}, {`{}`, "participants"}, {`null`, "participants"},
		}},
		{"POST", messagesPath(group), []bad{
			{`{"content":1}`, "content"}, {`{"content":null}`, "content"}, {`{"content":["a"]}`, "content"}, {`{"content":{"a":1}}`, "content"},
			{`{"content":"a","client_id":1}`, "client_id"}, {`{"content":"a","reply_to":"1"}`, "reply_to"},
			{`{"content":"a","reply_to":1.5}`, "reply_to"}, {`{"content":"a","reply_to":99999999999999999999}`, "reply_to"}, {`null`, "content"},
		}},
		{"PATCH", messagePath(sent), []bad{{`{"content":1}`, "content"}, {`{}`, "content"}, {`null`, "content"}}},
		{"PATCH", conversationPath(group), []bad{{`{"title":1}`, "title"}, {`{"muted":"true"}`, "muted"}, {`{"muted":1}`, "muted"}}},
		{"POST", participantsPath(group), []bad{{`{"participants":["1"]}`, "participants"}, {`{"participants":[-1]}`, "participants"}}},
		{"DELETE", participantsPath(group), []bad{{`{"participants":"1"}`, "participants"}}},
		{"POST", "/api/email/send/", []bad{{`{"recipients":1}`, "recipients"}, {`{"subject":1}`, "subject"}, {`{"content":[]}`, "content"}}},
	} {
		for _, b := range append(c.bodies, notJSON...) {
			resp := s.Do(s.claire.Token, c.method, c.path, b.body)
			if resp.StatusCode != 400 {
				t.Errorf("%s %s with %.60q: status %d: %.200s", c.method, c.path, b.body, resp.StatusCode, resp.Body)
				continue
			}
			var refused protocol.Error
			if resp.Into(&refused); refused.Data[b.field] == nil {
				t.Errorf("%s %s with %.60q: %v doesn't name %s", c.method, c.path, b.body, refused, b.field)
			}
		}
	}
	if got := stored(); got != before {
		t.Errorf("%d records were stored", got-before)
	}
}

func TestBody_ofAnyContentTypeIsReadAsJSON(t *testing.T) {
	s := newSchool(t)
	for _, kind := range []string{"", "text/plain", "application/json; charset=utf-8", "application/x-www-form-urlencoded", "multipart/form-data"} {
		req, err := http.NewRequest("POST", s.URL+messagesPath(s.conversation), strings.NewReader(`{"content":"Bonjour"}`))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", s.claire.Token)
		if kind != "" {
			req.Header.Set("Content-Type", kind)
		}
		if resp := s.Send(req); resp.StatusCode != 201 {
			t.Errorf("%q: status %d %s", kind, resp.StatusCode, resp.Body)
		}
	}
}

func TestBody_thatIsTooLargeIsRefused(t *testing.T) {
	s := newSchool(t)
	for path, limit := range map[string]int{messagesPath(s.conversation): 130 << 10, createPath: 20 << 10,
		conversationPath(s.conversation) + "read/": 5 << 10, "/api/email/send/": 7_900_000} {
		for name, body := range map[string]io.Reader{
			"with its length": strings.NewReader(strings.Repeat(" ", 10*limit)),
			// Of what it doesn't want to read, the server takes another 256 KiB.
			"in chunks": io.MultiReader(strings.NewReader(strings.Repeat(" ", limit))),
		} {
			req, err := http.NewRequest("POST", s.URL+path, body)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Authorization", s.claire.Token)
			req.Header.Set("Expect", "100-continue")
			if refused := s.Send(req); refused.StatusCode != 413 {
				t.Errorf("%s %s: status %d: %.200s", path, name, refused.StatusCode, refused.Body)
			} else {
				refused.Refused(413, protocol.CodeTooLarge)
			}
		}
	}
}

// A refused request whose body looks like another request.
func TestBody_refusedAtOnceIsNotASecondRequest(t *testing.T) {
	s := newSchool(t)
	smuggled := "GET /api/health HTTP/1.1\r\nHost: x\r\n\r\n"
	padding := strings.Repeat("a", 256<<10+4096)
	for name, body := range map[string]string{
		"with its length": fmt.Sprintf("Content-Length: %d\r\n\r\n%s%s", len(padding)+len(smuggled), padding, smuggled),
		"in chunks":       fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n%s%s", len(padding)+len(smuggled), padding, smuggled),
	} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		// The server may stop listening before all is sent.
		go func() { _, _ = io.WriteString(conn, "POST "+createPath+" HTTP/1.1\r\nHost: x\r\n"+body) }()
		responses := bufio.NewReader(conn)
		first, err := http.ReadResponse(responses, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, first.Body)
		if second, err := http.ReadResponse(responses, nil); err == nil || first.StatusCode != 401 {
			t.Errorf("%s: after %s came %v", name, first.Status, second)
		}
		conn.Close()
	}
}

func TestUnknownAddresses_areJSON(t *testing.T) {
	s := newSchool(t)
	for _, path := range []string{
		"/api/", "/api/nothing", "/api/messagerie/", "/api/messagerie/nothing/", "/api/messagerie/conversations/",
		"/api/messagerie/messages/1/2/3/", "/api/messagerie/me/more", "/api/email/", "/ws/", "/ws/chat/", "/ws/nothing/1/", "/api/v1/%00/",
	} {
		for _, method := range []string{"GET", "POST", "PUT", "DELETE", "PATCH"} {
			resp := s.Do(s.claire.Token, method, path, nil)
			if resp.StatusCode != 404 || !strings.HasPrefix(resp.Header.Get("Content-Type"), "application/json") {
				t.Errorf("%s %s: status %d, %s", method, path, resp.StatusCode, resp.Header.Get("Content-Type"))
				continue
			}
			resp.Refused(404, protocol.CodeNotFound)
		}
	}
	// Neither does an address exist with a method that it doesn't have.
	for method, path := range map[string]string{"PUT": messagesPath(s.conversation), "POST": "/api/messagerie/me/", "DELETE": createPath} {
		s.Do(s.claire.Token, method, path, nil).Refused(404, protocol.CodeNotFound)
	}
}

// All kinds of errors whose messages a careless server would pass on.
func TestErrors_revealNoInternals(t *testing.T) {
	s := newSchool(t)
	innards := []string{"goroutine", ".go:", "SELECT", "sql:", "SQL", "sqlite", "constraint", "UNIQUE", "/work", "/tmp", "panic", "json:", "strconv"}
	check := func(resp []byte) {
		t.Helper()
		for _, word := range innards {
			if strings.Contains(string(resp), word) {
				t.Errorf("%q in %s", word, resp)
			}
		}
	}
	for _, body := range []string{"", "{", `{"content":1}`, `{"participants":["x"]}`, `{"reply_to":"'"}`, "\xff"} {
		for _, path := range []string{createPath, messagesPath(s.conversation), conversationPath(s.conversation) + "read/",
			participantsPath(s.conversation), "/api/email/send/", "/api/collections/users/auth-with-password", "/api/collections/users/records"} {
			check(s.Do(s.claire.Token, "POST", path, body).Body)
		}
	}
	for _, path := range []string{s.searchPath(`"' OR 1=1 --`), conversationsPath(s.claire) + "?cursor=%27&limit=x", "/api/collections/messages/records?filter=%27",
		"/api/messagerie/messages/%27/", "/api/collections/users/records?sort=nothing"} {
		check(s.Get(s.claire, path).Body)
	}
	// A broken database is a fault of the server, and only logged.
	if _, err := s.DB().NewQuery("ALTER TABLE messages RENAME COLUMN content TO contents").Execute(); err != nil {
		t.Fatal(err)
	}
	resp := s.Get(s.claire, messagesPath(s.conversation))
	resp.Refused(500, protocol.CodeInternal)
	check(resp.Body)
	resp = s.Post(s.claire, messagesPath(s.conversation), object{"content": "Bonjour"})
	resp.Refused(500, protocol.CodeInternal)
	check(resp.Body)
}
