package apptest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"messagerie/hooks/protocol"
)

// patience bounds every wait, so that a frame that never comes fails the test.
const patience = 10 * time.Second

// Socket is a client's socket. From the first frame that a test asks for, it is read
// in the background, as a browser does: this also responds to the server's pings.
type Socket struct {
	Conn *websocket.Conn
	t    testing.TB

	reading sync.Once
	frames  chan []byte
	err     error // why frames was closed
}

func (s *Socket) read() {
	defer close(s.frames)
	for {
		_, data, err := s.Conn.ReadMessage()
		if err != nil {
			s.err = err
			return
		}
		s.frames <- data
	}
}

// Frames is every frame that arrives, until the connection ends.
func (s *Socket) Frames() <-chan []byte {
	s.reading.Do(func() {
		s.frames = make(chan []byte, 1<<16)
		go s.read()
	})
	return s.frames
}

// Frame waits for a frame; it returns nil once the connection has ended.
func (s *Socket) Frame() []byte {
	s.t.Helper()
	select {
	case data := <-s.Frames():
		return data
	case <-time.After(patience):
		s.t.Fatal("no frame came")
		return nil
	}
}

// Dial opens a person's socket, waits for the list and returns it.
func (a *App) Dial(as Person) (*Socket, protocol.ConversationsList) {
	a.t.Helper()
	s, resp, err := a.TryDial(as, fmt.Sprintf("/ws/chat/%d/", as.ID), nil)
	if err != nil {
		a.t.Fatalf("dial: %v (%v)", err, resp)
	}
	var list protocol.ConversationsList
	s.Expect(protocol.TypeConversationsList, &list)
	return s, list
}

// TryDial opens a socket that may be refused.
func (a *App) TryDial(as Person, path string, header http.Header) (*Socket, *http.Response, error) {
	a.t.Helper()
	if header == nil {
		header = http.Header{}
	}
	if as.Token != "" {
		header.Set("Authorization", "Bearer "+as.Token)
	}
	conn, resp, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(a.URL, "http")+path, header)
	if err != nil {
		return nil, resp, err
	}
	a.t.Cleanup(func() { conn.Close() })
	return &Socket{Conn: conn, t: a.t}, resp, nil
}

// Send sends a value as JSON; a string is sent as it is.
func (s *Socket) Send(frame any) {
	s.t.Helper()
	data, isText := frame.(string)
	if !isText {
		encoded, err := json.Marshal(frame)
		if err != nil {
			s.t.Fatal(err)
		}
		data = string(encoded)
	}
	if err := s.Conn.WriteMessage(websocket.TextMessage, []byte(data)); err != nil {
		s.t.Fatal("send:", err)
	}
}

// Next waits for a frame of any type.
func (s *Socket) Next() (kind string, data []byte) {
	s.t.Helper()
	data = s.Frame()
	if data == nil {
		s.t.Fatal("read:", s.err)
	}
	var frame struct {
		Type string `json:"type"`
	}
	if err := json.Unmarshal(data, &frame); err != nil {
		s.t.Fatalf("frame %s: %v", data, err)
	}
	return frame.Type, data
}

// Expect waits for a frame of a type and skips others: frames that a test isn't about
// may come at any time. Into may be nil.
func (s *Socket) Expect(kind string, into any) []byte {
	s.t.Helper()
	for {
		got, data := s.Next()
		if got != kind {
			continue
		}
		if into != nil {
			if err := json.Unmarshal(data, into); err != nil {
				s.t.Fatalf("frame %s: %v", data, err)
			}
		}
		return data
	}
}

// ExpectNone makes sure that no frame of a type is under way: a pong comes after
// everything that was sent before the ping.
func (s *Socket) ExpectNone(kind string) {
	s.t.Helper()
	s.Send(`{"type":"ping"}`)
	for {
		got, data := s.Next()
		switch got {
		case kind:
			s.t.Fatalf("unexpected %s", data)
		case protocol.TypePong:
			return
		}
	}
}

// ExpectRefusal waits for an error frame with a code.
func (s *Socket) ExpectRefusal(code string) protocol.ErrorFrame {
	s.t.Helper()
	var frame protocol.ErrorFrame
	s.Expect(protocol.TypeError, &frame)
	if frame.Code != code || frame.Message == "" {
		s.t.Fatalf("error %+v, want code %s", frame, code)
	}
	return frame
}

// ExpectClose waits for the end of the connection and checks its close code.
func (s *Socket) ExpectClose(code int) {
	s.t.Helper()
	for s.Frame() != nil {
	}
	var closed *websocket.CloseError
	if !errors.As(s.err, &closed) || closed.Code != code {
		s.t.Fatalf("the socket ended with %v, want code %d", s.err, code)
	}
}

// Says sends a message and waits for its receipt.
func (s *Socket) Says(conversation protocol.ID, content string) protocol.Message {
	s.t.Helper()
	clientID := fmt.Sprintf("test-%d", counter.Add(1))
	s.Send(protocol.ClientFrame{
		Type: protocol.TypeChatMessage, ConversationID: conversation, Message: content, ClientID: clientID})
	for {
		var frame protocol.MessageFrame
		s.Expect(protocol.TypeNewMessage, &frame)
		if frame.Message.ClientID == clientID {
			return frame.Message
		}
	}
}
