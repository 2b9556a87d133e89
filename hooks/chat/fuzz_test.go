package chat_test

import (
	"bytes"
	"testing"

	"github.com/gorilla/websocket"

	"messagerie/hooks/config"
)

// Whatever a frame holds, the socket stays open and the next frame is answered; nothing is an internal error.
func FuzzFrame(f *testing.F) {
	s := newSchool(f, func(cfg *config.Config) { cfg.Limits.FramesPerSecond, cfg.Limits.FramesBurst = 1e6, 1e6 })
	socket, _ := s.Dial(s.claire)
	id := s.conversation.String()
	for _, frame := range []string{
		`{"type":"chat_message","conversation_id":` + id + `,"message":"Bonjour","client_id":"a","reply_to":1,"mentions":[1],"attachments":[2],"urgent":true}`,
		`{"type":"chat_message","conversation_id":` + id + `,"message":"demain","client_id":"b","deliver_at":"2026-12-01T07:00:00Z"}`,
		`{"type":"mark_as_read","conversation_id":` + id + `,"message_id":1e3}`, `{"type":"typing_start","conversation_id":` + id + `}`,
		`{"type":"typing_stop","conversation_id":-1}`, `{"type":"join_conversation","conversation_id":` + id + `}`, `{"type":"ping"}`,
		``, `null`, `[]`, `{"type":7}`, "\xff\xfe", `{"conversation_id":{},"client_id":[]}`, `{"type":"chat_message","message":"\ud800"}`,
	} {
		f.Add([]byte(frame))
	}
	f.Fuzz(func(t *testing.T, frame []byte) {
		if len(frame) > 1<<15 {
			return // frames that are too long close the socket
		}
		for _, data := range [][]byte{frame, []byte(`{"type":"ping"}`)} {
			if err := socket.Conn.WriteMessage(websocket.TextMessage, data); err != nil {
				t.Fatalf("after %q: %v", frame, err)
			}
		}
		for {
			data, isOpen := <-socket.Frames()
			if !isOpen {
				t.Fatalf("%q has closed the socket", frame)
			}
			if bytes.Contains(data, []byte(`"code":"internal"`)) {
				t.Fatalf("%q is answered with %s", frame, data)
			}
			if bytes.Contains(data, []byte(`{"type":"pong"`)) {
				return
			}
		}
	})
}
