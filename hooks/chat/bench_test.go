package chat_test

import (
	"encoding/json"
	"strconv"
	"testing"

	"github.com/gorilla/websocket"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
)

// One message at a time, from a socket through a commit to both people's sockets.
func BenchmarkMessage_socketToSockets(b *testing.B) {
	s := newSchool(b, withoutFrameLimit)
	sender, _ := s.Dial(s.claire)
	receiver, _ := s.Dial(s.jerome)
	frame := chatFrame(b, s.conversation, "Bonjour, Léa sera absente demain matin, merci de noter.")
	b.ReportAllocs()
	for b.Loop() {
		sender.Send(frame)
		sender.Expect(protocol.TypeNewMessage, nil)
		receiver.Expect(protocol.TypeNewMessage, nil)
	}
}

// Many at once, as at eight o'clock: a hundred pairs, each with one message in flight. The figure
// is the time per message, which share commits.
func BenchmarkMessage_hundredPairs(b *testing.B) {
	const pairs = 100
	app := apptest.New(b, withoutFrameLimit)
	school := app.Establishment("École")
	type pair struct {
		sender, receiver *apptest.Socket
		frame            string
	}
	var all []pair
	for i := range pairs {
		a := app.Person(school, protocol.RoleTeacher, "A", strconv.Itoa(i))
		c := app.Person(school, protocol.RoleParent, "B", strconv.Itoa(i))
		conversation := app.Conversation(a, c)
		sender, _ := app.Dial(a)
		receiver, _ := app.Dial(c)
		all = append(all, pair{sender, receiver, chatFrame(b, conversation, "Bonjour "+strconv.Itoa(i))})
	}
	work := make(chan struct{})
	done := make(chan struct{})
	for _, p := range all {
		go func() {
			for range work {
				if p.sender.Conn.WriteMessage(websocket.TextMessage, []byte(p.frame)) != nil {
					return
				}
				p.sender.Expect(protocol.TypeNewMessage, nil)
				p.receiver.Expect(protocol.TypeNewMessage, nil)
				done <- struct{}{}
			}
		}()
	}
	b.ReportAllocs()
	b.ResetTimer()
	sent, received := 0, 0
	for received < b.N {
		if sent < b.N {
			select {
			case work <- struct{}{}:
				sent++
			case <-done:
				received++
			}
			continue
		}
		<-done
		received++
	}
	close(work)
}

// Two people who reply at once: each marks the message as read, and writes back.
func BenchmarkMessage_readAndReplied(b *testing.B) {
	s := newSchool(b, withoutFrameLimit)
	one, _ := s.Dial(s.claire)
	other, _ := s.Dial(s.jerome)
	frame := chatFrame(b, s.conversation, "Bonjour, Léa sera absente demain matin, merci de noter.")
	one.Send(frame)
	b.ReportAllocs()
	for b.Loop() {
		one.Expect(protocol.TypeNewMessage, nil)
		other.Expect(protocol.TypeNewMessage, nil)
		other.Send(protocol.ClientFrame{Type: protocol.TypeMarkAsRead, ConversationID: s.conversation})
		other.Send(frame)
		one, other = other, one
	}
}

// One message at a time in a group of thirty, until all thirty sockets have it.
func BenchmarkMessage_groupOf30(b *testing.B) {
	app := apptest.New(b, withoutFrameLimit)
	school := app.Establishment("École")
	people := make([]apptest.Person, 30)
	sockets := make([]*apptest.Socket, len(people))
	for i := range people {
		people[i] = app.Person(school, protocol.RoleParent, "Parent", strconv.Itoa(i))
		sockets[i], _ = app.Dial(people[i])
	}
	frame := chatFrame(b, app.Conversation(people...), "Bonjour à tous")
	b.ReportAllocs()
	for b.Loop() {
		sockets[0].Send(frame)
		for _, socket := range sockets {
			socket.Expect(protocol.TypeNewMessage, nil)
		}
	}
}

func chatFrame(b testing.TB, conversation protocol.ID, content string) string {
	b.Helper()
	data, err := json.Marshal(map[string]any{
		"type": protocol.TypeChatMessage, "conversation_id": conversation, "message": content})
	if err != nil {
		b.Fatal(err)
	}
	return string(data)
}
