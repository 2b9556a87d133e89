package chat_test

import (
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
)

// newStuckSchool returns a school whose disk blocks every message until release is called.
func newStuckSchool(t *testing.T) (s testSchool, release func()) {
	t.Helper()
	s = newSchool(t, withoutFrameLimit)
	written := make(chan struct{})
	release = sync.OnceFunc(func() { close(written) })
	t.Cleanup(release)
	s.OnRecordCreateExecute("messages").BindFunc(func(e *core.RecordEvent) error {
		<-written
		return e.Next()
	})
	return s, release
}

func (s testSchool) chatFrame(content string) protocol.ClientFrame {
	return protocol.ClientFrame{Type: protocol.TypeChatMessage, ConversationID: s.conversation, Message: content}
}

func TestPing_isAnsweredWhileMessagesWaitForTheDisk(t *testing.T) {
	for name, before := range map[string][]string{
		"a message":               {"chat"},
		"frames that refer to it": {"chat", "typing_start", "mark_as_read", "chat", "join_conversation"},
		"more than may be stored": slices.Repeat([]string{"chat"}, 40),
		"many of each":            slices.Repeat([]string{"chat", "typing_stop", "mark_as_read"}, 40),
	} {
		t.Run(name, func(t *testing.T) {
			s, release := newStuckSchool(t)
			claire, _ := s.Dial(s.claire)
			messages := 0
			for _, kind := range before {
				if kind == "chat" {
					claire.Send(s.chatFrame(strconv.Itoa(messages)))
					messages++
					continue
				}
				claire.Send(protocol.ClientFrame{Type: kind, ConversationID: s.conversation})
			}
			pong := make(chan struct{}, 1)
			claire.Conn.SetPongHandler(func(string) error {
				pong <- struct{}{}
				return nil
			})
			if err := claire.Conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(time.Second)); err != nil {
				t.Fatal(err)
			}
			claire.Send(`{"type":"ping"}`)
			claire.Expect(protocol.TypePong, nil)
			select {
			case <-pong:
			default:
				t.Error("the protocol's ping had no pong before the client's ping frame had one")
			}
			release()
			for n := range messages {
				var got protocol.MessageFrame
				claire.Expect(protocol.TypeNewMessage, &got)
				if got.Message.Content != strconv.Itoa(n) {
					t.Fatalf("message %d reads %q", n, got.Message.Content)
				}
			}
		})
	}
}

// Frames behind waiting messages keep their order.
func TestInbox_keepsTheOrderOfASocketsFrames(t *testing.T) {
	const rounds = 30
	s, release := newStuckSchool(t)
	claire, _ := s.Dial(s.claire)
	jerome, _ := s.Dial(s.jerome)
	other := s.Conversation(s.claire, s.outsider)
	for n := range rounds {
		claire.Send(s.chatFrame(strconv.Itoa(2 * n)))
		claire.Send(s.chatFrame(strconv.Itoa(2*n + 1)))
		claire.Send(protocol.ClientFrame{Type: protocol.TypeJoinConversation, ConversationID: other})
	}
	claire.Send(protocol.ClientFrame{Type: protocol.TypeMarkAsRead, ConversationID: s.conversation})
	claire.Send(`{"type":"ping"}`)
	claire.Expect(protocol.TypePong, nil)
	release()

	var received []string
	for len(received) < 3*rounds {
		switch kind, data := claire.Next(); kind {
		case protocol.TypeNewMessage:
			received = append(received, kind)
		case protocol.TypeConversationJoined:
			received = append(received, kind)
		case protocol.TypeError:
			t.Fatalf("refused: %s", data)
		}
	}
	for n, kind := range received {
		if joined := n%3 == 2; joined != (kind == protocol.TypeConversationJoined) {
			t.Fatalf("frame %d is a %s: %v", n, kind, received)
		}
	}
	var last protocol.ID
	for n := range 2 * rounds {
		var got protocol.MessageFrame
		jerome.Expect(protocol.TypeNewMessage, &got)
		if last = got.Message.ID; got.Message.Content != strconv.Itoa(n) {
			t.Fatalf("message %d reads %q", n, got.Message.Content)
		}
	}
	var read protocol.MessagesReadFrame
	jerome.Expect(protocol.TypeMessagesRead, &read)
	if read.MessageID != last {
		t.Errorf("read up to %d, want %d", read.MessageID, last)
	}
}

// Messages sent just before the socket was closed are stored, though they had to wait.
func TestInbox_outlivesItsSocket(t *testing.T) {
	const messages = 60
	s, release := newStuckSchool(t)
	claire, _ := s.Dial(s.claire)
	jerome, _ := s.Dial(s.jerome)
	for n := range messages {
		claire.Send(s.chatFrame(strconv.Itoa(n)))
	}
	claire.Send(`{"type":"ping"}`)
	claire.Expect(protocol.TypePong, nil)
	claire.Conn.Close()
	release()
	for n := range messages {
		var got protocol.MessageFrame
		jerome.Expect(protocol.TypeNewMessage, &got)
		if got.Message.Content != strconv.Itoa(n) {
			t.Fatalf("message %d reads %q", n, got.Message.Content)
		}
	}
}

// When the writer's queue is full, pings still get their pongs.
func TestPing_isAnsweredWhileTheWholeSchoolWaits(t *testing.T) {
	const people, devices, each = 4, 10, 32
	s, release := newStuckSchool(t)
	sockets := map[*apptest.Socket]protocol.ID{}
	for n := range people {
		person := s.Person(s.college, protocol.RoleParent, "Parent", strconv.Itoa(n))
		conversation := s.Conversation(person, s.claire)
		for range devices {
			socket, _ := s.Dial(person)
			sockets[socket] = conversation
		}
	}
	for socket, conversation := range sockets {
		for range each {
			socket.Send(protocol.ClientFrame{Type: protocol.TypeChatMessage, ConversationID: conversation, Message: "Bonjour"})
		}
	}
	for socket := range sockets {
		socket.Send(`{"type":"ping"}`)
		socket.Expect(protocol.TypePong, nil)
	}
	release()
	eventually(t, func() bool { return s.Count("messages") == people*devices*each })
}
