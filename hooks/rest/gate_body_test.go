package rest_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"messagerie/hooks/protocol"
)

// connection is a connection to the server, for requests that no client would make.
type connection struct {
	net.Conn
	responses *bufio.Reader
}

func (s school) connection(t *testing.T) connection {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	return connection{conn, bufio.NewReader(conn)}
}

// ask sends part of a request and reads the head of the response.
func (c connection) ask(t *testing.T, request string) *http.Response {
	t.Helper()
	if err := c.SetDeadline(time.Now().Add(30 * time.Second)); err != nil { // a response that never comes fails the test
		t.Fatal(err)
	}
	if _, err := io.WriteString(c, request); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(c.responses, nil)
	if err != nil {
		t.Fatalf("%.80q: %v", request, err)
	}
	return resp
}

// largeBodies are the head and the first byte of a body of 32 MB.
var largeBodies = map[string]string{
	"with its length": "Content-Length: 33554432\r\n\r\n{",
	"in chunks":       "Transfer-Encoding: chunked\r\n\r\n2000000\r\n{",
	"once it may be":  "Expect: 100-continue\r\nContent-Length: 33554432\r\n\r\n",
}

// What comes after the first byte is never sent: a handler that reads it waits for ever.
func TestGate_respondsBeforeALargeBodyIsSent(t *testing.T) {
	s := newSchool(t)
	const create = "/api/collections/messages/records"
	for _, c := range []struct {
		method, path, token string
		status              int
	}{
		{"POST", create, "", 401}, {"POST", create, s.claire.Token, 403}, {"GET", create, "", 401}, {"POST", "/api/realtime", "", 401},
		{"POST", "/api/backups/upload", "", 401}, {"PUT", "/api/collections/import", s.claire.Token, 403},
		{"POST", "/api/batch", s.Superuser(), 403}, {"POST", "/api/messagerie/conversations/create", "", 401},
		{"POST", "/api/email/send/", "", 401}, {"POST", "/ws/chat/1", "", 404}, {"POST", "/api/nothing", "", 404}, {"POST", "/c/1", "", 404},
		{"GET", "/api/health", "", 200}, {"POST", "/api/messagerie/me/sign-out-everywhere/", "", 200},
	} {
		for name, body := range largeBodies {
			if strings.Contains(c.path, "sign-out") {
				c.token = s.SignIn(s.Find("users", s.jerome.ID)).Token
			}
			conn := s.connection(t)
			resp := conn.ask(t, fmt.Sprintf("%s %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: %s\r\n%s",
				c.method, c.path, c.token, body))
			if resp.StatusCode != c.status {
				t.Errorf("%s %s %s: %s, want %d", c.method, c.path, name, resp.Status, c.status)
			}
			if !resp.Close {
				t.Errorf("%s %s %s: the rest of the body would be taken for another request", c.method, c.path, name)
			}
			conn.Close()
		}
	}
}

// endlessJSON is an object whose only value never ends. It takes no memory.
type endlessJSON struct{ begun bool }

func (j *endlessJSON) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	if !j.begun {
		copy(p, `{"content":"`)
		j.begun = true
	}
	return len(p), nil
}

func TestGate_aLargeBodyThatIsRefusedTakesNoMemory(t *testing.T) {
	s := newSchool(t)
	const size = 32 << 20
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for _, path := range []string{"/api/collections/messages/records", "/api/collections/users/auth-with-password", "/api/realtime"} {
		for _, chunked := range []bool{false, true} {
			req, err := http.NewRequest("POST", s.URL+path, io.LimitReader(&endlessJSON{}, size))
			if err != nil {
				t.Fatal(err)
			}
			if !chunked {
				req.ContentLength = size
			}
			req.Header.Set("Content-Type", "application/json")
			if resp := s.Send(req); resp.StatusCode < 400 {
				t.Errorf("%s: %s", path, resp.Status)
			}
		}
	}
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 16<<20 {
		t.Errorf("six bodies of 32 MB took %d MB", grown>>20)
	}
}

func TestGate_boundsABodyHoweverItIsSent(t *testing.T) {
	s := newSchool(t)
	s.ConfigureMail()
	large := strings.Repeat("a", 64<<10)
	var parts bytes.Buffer
	form := multipart.NewWriter(&parts)
	for name, value := range map[string]string{"identity": s.claire.Email, "password": large} {
		if err := form.WriteField(name, value); err != nil {
			t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	json := fmt.Sprintf(`{"identity":%q,"password":%q}`, s.claire.Email, large)
	for _, path := range []string{"auth-with-password", "request-password-reset", "confirm-password-reset", "records/" + s.claire.ID.RecordID()} {
		method := "POST"
		if strings.HasPrefix(path, "records") {
			method = "PATCH"
		}
		for kind, body := range map[string]string{
			"application/json": json, form.FormDataContentType(): parts.String(),
			"application/x-www-form-urlencoded": "identity=x&password=" + large,
		} {
			for name, reader := range map[string]io.Reader{"with its length": strings.NewReader(body), "in chunks": io.MultiReader(strings.NewReader(body))} {
				req, err := http.NewRequest(method, s.URL+"/api/collections/users/"+path, reader)
				if err != nil {
					t.Fatal(err)
				}
				req.Header.Set("Content-Type", kind)
				req.Header.Set("Authorization", s.claire.Token)
				if resp := s.Send(req); resp.StatusCode != 413 {
					t.Errorf("%s as %s %s: status %d: %s", path, kind, name, resp.StatusCode, resp.Body)
				} else {
					resp.Refused(413, protocol.CodeTooLarge)
				}
			}
		}
	}
}

// A compressed body isn't decompressed, as it might become huge.
func TestGate_doesNotDecompressBodies(t *testing.T) {
	s := newSchool(t)
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	if _, err := io.Copy(writer, io.LimitReader(&endlessJSON{}, 5<<20)); err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequest("POST", s.URL+"/api/collections/users/auth-with-password", &packed)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Content-Encoding", "gzip")
	s.Send(req).Refused(400, protocol.CodeInvalidRequest)
}

func TestHeaders_areBounded(t *testing.T) {
	s := newSchool(t)
	conn := s.connection(t)
	defer conn.Close()
	resp := conn.ask(t, "GET /api/health HTTP/1.1\r\nHost: x\r\nCookie: a="+strings.Repeat("a", 100<<10)+"\r\n\r\n")
	if resp.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("100 KB of headers: %s", resp.Status)
	}
}

// A refusal keeps the connection open for the next request: people whose token is void log in.
func TestGate_keepsTheConnectionOfASmallRequest(t *testing.T) {
	s := newSchool(t)
	conn := s.connection(t)
	defer conn.Close()
	for range 3 {
		for _, path := range []string{messagesPath(s.conversation), "/api/collections/messages/records", "/api/health", "/api/messagerie/school"} {
			resp := conn.ask(t, "POST "+path+" HTTP/1.1\r\nHost: x\r\nContent-Length: 15\r\n\r\n{\"content\":\"a\"}")
			if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.Close {
				t.Errorf("%s ends the connection: %v", path, err)
			}
		}
	}
}

// A body that doesn't arrive in time is given up, and isn't taken for a request when it does.
func TestGate_bodiesThatComeTooLateAtOnceAreNoSecondRequests(t *testing.T) {
	s := newSchool(t)
	const smuggled = "GET /api/health HTTP/1.1\r\nHost: x\r\n\r\n"
	for _, path := range []string{"/api/collections/messages/records", "/api/messagerie/school", "/api/nothing", createPath} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			conn := s.connection(t)
			defer conn.Close()
			resp := conn.ask(t, fmt.Sprintf("POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n{", path, len(smuggled)+1))
			if _, err := io.Copy(io.Discard, resp.Body); err != nil || !resp.Close {
				t.Errorf("the connection goes on after %s: %v", resp.Status, err)
			}
			_, _ = io.WriteString(conn, smuggled)
			if second, err := http.ReadResponse(conn.responses, nil); err == nil {
				t.Errorf("after %s came %s", resp.Status, second.Status)
			}
		})
	}
}
