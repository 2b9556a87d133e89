package apptest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
)

// counter numbers the people of all tests, so that no two have the same address.
var counter atomic.Int64

// Response is a response whose body has been read to the end.
type Response struct {
	*http.Response
	Body []byte

	app *App
}

// Get makes a GET request as a person.
func (a *App) Get(as Person, path string) *Response { return a.Do(as.Token, "GET", path, nil) }

// Post sends a value as JSON; a string is sent as it is.
func (a *App) Post(as Person, path string, body any) *Response {
	return a.Do(as.Token, "POST", path, body)
}

// Do makes a request with a token, "" for none.
func (a *App) Do(token, method, path string, body any) *Response {
	a.t.Helper()
	var reader io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		reader = strings.NewReader(b)
	default:
		data, err := json.Marshal(b)
		if err != nil {
			a.t.Fatal(err)
		}
		reader = bytes.NewReader(data)
	}
	req, err := http.NewRequest(method, a.URL+path, reader)
	if err != nil {
		a.t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if reader != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return a.Send(req)
}

// Send makes a request that a test has built by itself. Redirects aren't followed.
func (a *App) Send(req *http.Request) *Response {
	a.t.Helper()
	client := http.Client{
		Transport:     a.over,
		Timeout:       time.Minute, // a response that never comes, or never ends, fails the test
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	resp, err := client.Do(req)
	if err != nil {
		a.t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		a.t.Fatal(err)
	}
	return &Response{Response: resp, Body: data, app: a}
}

// OK fails the test if the status is another one.
func (r *Response) OK(status int) *Response {
	r.app.t.Helper()
	if r.StatusCode != status {
		r.app.t.Fatalf("%s %s: status %d, want %d: %s", r.Request.Method, r.Request.URL.Path, r.StatusCode, status, r.Body)
	}
	return r
}

// Into decodes the body.
func (r *Response) Into(value any) *Response {
	r.app.t.Helper()
	if err := json.Unmarshal(r.Body, value); err != nil {
		r.app.t.Fatalf("decode %s: %v", r.Body, err)
	}
	return r
}

// Refused fails the test unless this is an error in the contract's form.
func (r *Response) Refused(status int, code string) protocol.Error {
	r.app.t.Helper()
	r.OK(status)
	var body protocol.Error
	decoder := json.NewDecoder(bytes.NewReader(r.Body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&body); err != nil {
		r.app.t.Fatalf("error body %s: %v", r.Body, err)
	}
	if body.Status != status || body.Code != code || body.Message == "" || body.Data == nil {
		r.app.t.Fatalf("%s %s: error %s, want status %d and code %s", r.Request.Method, r.Request.URL.Path, r.Body, status, code)
	}
	return body
}

// Superuser creates an administrator of the dashboard and returns a token.
func (a *App) Superuser() string {
	a.t.Helper()
	record := a.Create(core.CollectionNameSuperusers, map[string]any{
		"email": "admin@ecole.example", "password": Password})
	token, err := record.NewAuthToken()
	if err != nil {
		a.t.Fatal(err)
	}
	return token
}
