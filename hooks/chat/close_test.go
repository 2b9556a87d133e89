package chat_test

import (
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"messagerie/hooks/apptest"
	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
)

// eventually polls for what no frame announces.
func eventually(t *testing.T, holds func() bool) {
	t.Helper()
	deadline := time.After(10 * time.Second)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatal("timed out")
		}
	}
}

func TestClose_tooManyFrames(t *testing.T) {
	app := apptest.New(t, func(c *config.Config) { c.Limits.FramesPerSecond, c.Limits.FramesBurst = 1, 5 })
	person := app.Person(app.Establishment("École"), protocol.RoleTeacher, "A", "A")
	socket, _ := app.Dial(person)
	for range 20 {
		if socket.Conn.WriteMessage(websocket.TextMessage, []byte(`{"type":"ping"}`)) != nil {
			break // the server has hung up already
		}
	}
	socket.ExpectClose(protocol.CloseTooManyFrames)
}

func TestClose_frameTooLarge(t *testing.T) {
	s := newSchool(t)
	socket, _ := s.Dial(s.claire)
	socket.Send(`{"type":"ping","filler":"` + strings.Repeat("x", 64<<10) + `"}`)
	socket.ExpectClose(websocket.CloseMessageTooBig)
}

func TestClose_whenTheTokenIsRevoked(t *testing.T) {
	for name, c := range map[string]struct {
		change func(s testSchool)
		code   int
	}{
		"password": {func(s testSchool) {
			record := s.Find("users", s.claire.ID)
			record.SetPassword("another long password")
			s.save(record)
		}, protocol.CloseUnauthorized},
		"address": {func(s testSchool) {
			record := s.Find("users", s.claire.ID)
			record.SetEmail("new@ecole.example")
			s.save(record)
		}, protocol.CloseUnauthorized},
		"disabled": {func(s testSchool) {
			record := s.Find("users", s.claire.ID)
			record.Set("disabled", true)
			s.save(record)
		}, protocol.CloseAccountDisabled},
		"deleted": {func(s testSchool) {
			if err := s.Delete(s.Find("users", s.claire.ID)); err != nil {
				panic(err)
			}
		}, protocol.CloseUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSchool(t)
			socket, _ := s.Dial(s.claire)
			other, _ := s.Dial(s.jerome)
			c.change(s)
			socket.ExpectClose(c.code)
			other.ExpectNone(protocol.TypeError)
			if _, resp, err := s.TryDial(s.claire, "/ws/chat/"+s.claire.ID.String()+"/", nil); err == nil || resp.StatusCode != 401 {
				t.Errorf("the old token still opens a socket: %v", resp)
			}
		})
	}
}

func (s testSchool) save(record interface {
	TableName() string
	PK() any
	LastSavedPK() any
	IsNew() bool
	MarkAsNew()
	MarkAsNotNew()
}) {
	if err := s.Save(record); err != nil {
		panic(err)
	}
}

func TestClose_whenTheServerStops_sendsTheLastFrames(t *testing.T) {
	s := newSchool(t)
	claire, _ := s.Dial(s.claire)
	jerome, _ := s.Dial(s.jerome)
	sent := claire.Says(s.conversation, "Bonsoir")
	s.Stop()
	var got protocol.MessageFrame
	jerome.Expect(protocol.TypeNewMessage, &got)
	if got.Message.ID != sent.ID {
		t.Errorf("got %+v", got)
	}
	jerome.ExpectClose(protocol.CloseGoingAway)
	claire.ExpectClose(protocol.CloseGoingAway)

	again := apptest.Open(t, s.Dir)
	record := again.Find("messages", sent.ID)
	if record.GetString("content") != "Bonsoir" {
		t.Errorf("after the restart the message reads %q", record.GetString("content"))
	}
}

// The queue is bounded in bytes as well: with the longest possible frames, a client that doesn't
// read is cut before the queue holds as many frames as it may.
func TestClose_tooSlow_byBytes(t *testing.T) {
	const messages = 250
	s := newSchool(t)
	narrow := websocket.Dialer{NetDial: func(network, address string) (net.Conn, error) {
		conn, err := net.Dial(network, address)
		if err == nil {
			err = conn.(*net.TCPConn).SetReadBuffer(128 << 10) // or the kernel would buffer megabytes
		}
		return conn, err
	}}
	slow, _, err := narrow.Dial("ws"+strings.TrimPrefix(s.URL, "http")+"/ws/chat/"+s.jerome.ID.String()+"/",
		http.Header{"Authorization": {"Bearer " + s.jerome.Token}})
	if err != nil {
		t.Fatal(err)
	}
	defer slow.Close()
	text := strings.Repeat("👋", 10_000)
	for range messages {
		s.Says(s.claire, s.conversation, text)
	}
	received := 0
	for {
		if err := slow.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
			t.Fatal(err)
		}
		if _, _, err := slow.ReadMessage(); err != nil {
			break
		}
		received++
	}
	if received > messages {
		t.Fatalf("the slow socket received its list and all %d messages: it wasn't cut", messages)
	}
	t.Logf("%d of %d frames were sent", received, messages+1)
}

// A client that doesn't read is cut. When it reconnects, it finds everything it has missed.
func TestClose_tooSlow_losesNothing(t *testing.T) {
	s := newSchool(t)
	slow, _, err := s.TryDial(s.jerome, "/ws/chat/"+s.jerome.ID.String()+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	// More than the kernel's buffers and the socket's queue can hold.
	text := strings.Repeat("é", 9_000)
	var last protocol.Message
	for range 700 {
		last = s.Says(s.claire, s.conversation, text)
	}
	received := 0
	for {
		if err := slow.Conn.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
			t.Fatal(err)
		}
		if _, _, err := slow.Conn.ReadMessage(); err != nil {
			break
		}
		received++
	}
	if received >= 700 {
		t.Fatalf("the slow socket received all %d frames: it wasn't cut", received)
	}
	_, list := s.Dial(s.jerome)
	if got := list.Conversations[0]; got.UnreadCount != 700 || got.LastMessage.ID != last.ID {
		t.Errorf("after reconnecting: %d unread, last %d, want 700 and %d", got.UnreadCount, got.LastMessage.ID, last.ID)
	}
}
