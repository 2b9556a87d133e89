package chat_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"messagerie/hooks/protocol"
)

// A client that doesn't read can't be sent a close frame, but its frames are ignored all the same.
func TestDisabled_isIgnoredEvenIfItsSocketIsStuck(t *testing.T) {
	s := newSchool(t)
	stuck, _, err := s.TryDial(s.jerome, "/ws/chat/"+s.jerome.ID.String()+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Repeat("é", 9_000)
	for range 300 { // more than the kernel's buffers take, fewer than the queue
		s.Says(s.claire, s.conversation, text)
	}
	record := s.Find("users", s.jerome.ID)
	record.Set("disabled", true)
	s.save(record)
	before := s.Count("messages")
	for range 20 {
		if stuck.Conn.WriteMessage(websocket.TextMessage, []byte(chat(s.conversation, "encore moi"))) != nil {
			break
		}
	}
	ended := make(chan struct{})
	go func() { // reads the rest, until the server has hung up
		defer close(ended)
		for {
			if _, _, err := stuck.Conn.ReadMessage(); err != nil {
				return
			}
		}
	}()
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		t.Fatal("the socket is still open")
	}
	if after := s.Count("messages"); after != before {
		t.Errorf("%d messages of a closed account were stored", after-before)
	}
}

func TestClose_whenAllTokensAreRevoked(t *testing.T) {
	s := newSchool(t)
	claire, _ := s.Dial(s.claire)
	jerome, _ := s.Dial(s.jerome)
	s.Do(s.Superuser(), "PATCH", "/api/collections/users", map[string]any{
		"authToken": map[string]any{"secret": strings.Repeat("another secret ", 4), "duration": 86400}}).OK(200)
	claire.ExpectClose(protocol.CloseUnauthorized)
	jerome.ExpectClose(protocol.CloseUnauthorized)
}

func TestPings_ofTheClientAreAnsweredAndLimited(t *testing.T) {
	s := newSchool(t)
	socket, _, err := s.TryDial(s.claire, "/ws/chat/"+s.claire.ID.String()+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	answers := 0
	socket.Conn.SetPongHandler(func(data string) error {
		if data == "hello" {
			answers++
		}
		return nil
	})
	for range 200 {
		if socket.Conn.WriteControl(websocket.PingMessage, []byte("hello"), time.Now().Add(time.Second)) != nil {
			break // the server has hung up already
		}
	}
	socket.ExpectClose(protocol.CloseTooManyFrames)
	if answers == 0 || answers > 150 {
		t.Errorf("%d of 200 pings were answered", answers)
	}
}

// A client gets the close frame even if the server hasn't read everything it sent.
func TestClose_reachesAFloodingClient(t *testing.T) {
	s := newSchool(t)
	ping := []byte{0x89, 0x80, 0, 0, 0, 0} // masked, and empty
	flood := bytes.Repeat(ping, 100_000)
	for range 20 {
		socket, _ := s.Dial(s.claire)
		go func() { _, _ = socket.Conn.NetConn().Write(flood) }() // fails once the server has hung up
		socket.ExpectClose(protocol.CloseTooManyFrames)
	}
}

// Ten dead sockets, such as a phone leaves behind when it changes networks, don't lock their person
// out for long.
func TestConnect_replacesDeadSockets(t *testing.T) {
	s := newSchool(t)
	address := "/ws/chat/" + s.claire.ID.String() + "/"
	for range 10 {
		if _, _, err := s.TryDial(s.claire, address, nil); err != nil { // never read, so no pong is sent
			t.Fatal(err)
		}
	}
	if _, _, err := s.TryDial(s.claire, address, nil); err == nil {
		t.Fatal("an eleventh socket was accepted at once")
	}
	tries := time.NewTicker(500 * time.Millisecond)
	defer tries.Stop()
	for range 18 { // nine seconds; without a check dead sockets stay for sixty
		<-tries.C
		if _, _, err := s.TryDial(s.claire, address, nil); err == nil {
			return
		}
	}
	t.Error("no socket was accepted")
}

func TestConnect_limitsHowOftenSocketsAreOpened(t *testing.T) {
	s := newSchool(t)
	refused := 0
	for range 60 {
		socket, resp, err := s.TryDial(s.claire, "/ws/chat/"+s.claire.ID.String()+"/", nil)
		if err != nil {
			if resp.StatusCode != 429 || resp.Header.Get("Retry-After") == "" {
				t.Fatalf("refused with %v", resp)
			}
			refused++
			continue
		}
		socket.Conn.Close()
	}
	if refused < 20 {
		t.Errorf("of 60 sockets in a row %d were refused", refused)
	}
	s.Dial(s.jerome) // others aren't limited by that
}

func chat(conversation protocol.ID, message string) string {
	return `{"type":"chat_message","conversation_id":` + conversation.String() + `,"message":"` + message + `"}`
}
