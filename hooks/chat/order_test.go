package chat_test

import (
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/apptest"
	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
)

// withoutFrameLimit lifts the rate limit that a loop in a test would run into.
func withoutFrameLimit(c *config.Config) {
	c.Limits.FramesPerSecond, c.Limits.FramesBurst = 100_000, 100_000
}

// Sockets, REST and the dashboard write into one conversation at once: everybody gets the messages
// in one order, that of the ids, and the history agrees.
func TestOrder_isOneForAll_whereverMessagesComeFrom(t *testing.T) {
	const each = 60
	app := apptest.New(t, withoutFrameLimit)
	school := app.Establishment("École")
	a := app.Person(school, protocol.RoleTeacher, "A", "A")
	b := app.Person(school, protocol.RoleTeacher, "B", "B")
	conversation := app.Conversation(a, b)
	admin := app.Superuser()
	listeners := []*apptest.Socket{}
	for _, person := range []apptest.Person{a, a, b} {
		socket, _ := app.Dial(person)
		listeners = append(listeners, socket)
	}

	var writers sync.WaitGroup
	for _, person := range []apptest.Person{a, b} {
		socket, _ := app.Dial(person)
		writers.Go(func() {
			for i := range each {
				socket.Send(protocol.ClientFrame{Type: protocol.TypeChatMessage,
					ConversationID: conversation, Message: "socket " + strconv.Itoa(i)})
			}
		})
	}
	writers.Go(func() {
		for i := range each {
			app.Post(a, fmt.Sprintf("/api/messagerie/messages/%d/", conversation),
				map[string]any{"content": "rest " + strconv.Itoa(i)}).OK(201)
		}
	})
	writers.Go(func() {
		for i := range each {
			app.Do(admin, "POST", "/api/collections/messages/records", map[string]any{
				"conversation": conversation.RecordID(), "sender": b.ID.RecordID(),
				"content": "dashboard " + strconv.Itoa(i)}).OK(200)
		}
	})
	writers.Wait()

	var received [][]protocol.ID
	for _, socket := range listeners {
		var ids []protocol.ID
		for len(ids) < 4*each {
			var frame protocol.MessageFrame
			socket.Expect(protocol.TypeNewMessage, &frame)
			ids = append(ids, frame.Message.ID)
		}
		received = append(received, ids)
	}
	if !slices.IsSorted(received[0]) {
		t.Error("the frames don't come in the order of ids")
	}
	for i, ids := range received[1:] {
		if !slices.Equal(ids, received[0]) {
			t.Errorf("listener %d has another order", i+1)
		}
	}
	if history := historyOf(app, a, conversation, 0); !slices.Equal(history, received[0]) {
		t.Errorf("the history has %d messages in another order than the %d frames", len(history), len(received[0]))
	}
}

// A client needn't wait for its receipts: its messages are stored in order, and its markers take
// effect after them.
func TestFrames_sentWithoutWaiting_keepTheirOrder(t *testing.T) {
	const messages = 100 // more than a socket may have in flight
	s := newSchool(t, withoutFrameLimit)
	sender, _ := s.Dial(s.claire)
	receiver, _ := s.Dial(s.jerome)
	for i := range messages {
		sender.Send(fmt.Sprintf(`{"type":"chat_message","conversation_id":%d,"message":"%d"}`, s.conversation, i))
	}
	sender.Send(fmt.Sprintf(`{"type":"mark_as_read","conversation_id":%d}`, s.conversation))
	var last protocol.ID
	for i := range messages {
		var frame protocol.MessageFrame
		receiver.Expect(protocol.TypeNewMessage, &frame)
		if frame.Message.Content != strconv.Itoa(i) || frame.Message.ID <= last {
			t.Fatalf("message %d is %q, number %d after %d", i, frame.Message.Content, frame.Message.ID, last)
		}
		last = frame.Message.ID
	}
	var read protocol.MessagesReadFrame
	receiver.Expect(protocol.TypeMessagesRead, &read)
	if read.MessageID != last {
		t.Errorf("read up to %d, want the last message, %d", read.MessageID, last)
	}
}

// A client that connects while others write gets every message once: from its list, its frames and
// ?after=.
func TestConnect_whileMessagesFlow_missesNone(t *testing.T) {
	const messages, rounds = 300, 20
	s := newSchool(t)
	var writing sync.WaitGroup
	writing.Go(func() {
		for i := range messages {
			s.Says(s.claire, s.conversation, strconv.Itoa(i))
		}
	})
	for range rounds {
		socket, list := s.Dial(s.jerome)
		var last protocol.ID
		if message := list.Conversations[0].LastMessage; message != nil {
			last = message.ID
		}
		socket.Send(`{"type":"ping"}`)
		received := []protocol.ID{}
		for {
			kind, data := socket.Next()
			if kind == protocol.TypePong {
				break
			}
			if id, _, _, ok := protocol.NewMessageIDs(data); ok && id > last {
				received = append(received, id)
			}
		}
		stored := historyOf(s.App, s.jerome, s.conversation, last)
		if len(stored) < len(received) || !slices.Equal(stored[:len(received)], received) {
			t.Fatalf("after %d the socket got %v, stored are %v", last, received, stored)
		}
		socket.Conn.Close()
	}
	writing.Wait()
}

// historyOf returns the ids of all messages after one, page by page.
func historyOf(app *apptest.App, as apptest.Person, conversation, after protocol.ID) []protocol.ID {
	ids := []protocol.ID{}
	for {
		var page []protocol.Message
		app.Get(as, fmt.Sprintf("/api/messagerie/messages/%d/?limit=200&after=%d", conversation, after)).OK(200).Into(&page)
		for _, message := range page {
			ids = append(ids, message.ID)
		}
		if len(page) < 200 {
			return ids
		}
		after = ids[len(ids)-1]
	}
}

// Frames behind a marker are handled while the marker waits for the disk.
func TestMarkAsRead_doesNotHoldUpOtherFrames(t *testing.T) {
	s := newSchool(t)
	claire, _ := s.Dial(s.claire)
	jerome, _ := s.Dial(s.jerome)
	claire.Says(s.conversation, "Bonjour")
	jerome.Expect(protocol.TypeNewMessage, nil)
	written := make(chan struct{})
	var write sync.Once
	defer write.Do(func() { close(written) })
	s.OnRecordUpdateExecute("participants").BindFunc(func(e *core.RecordEvent) error {
		<-written
		return e.Next()
	})
	jerome.Send(protocol.ClientFrame{Type: protocol.TypeMarkAsRead, ConversationID: s.conversation})
	jerome.Send(protocol.ClientFrame{Type: "nonsense"})
	jerome.Expect(protocol.TypeError, nil)
	jerome.Send(protocol.ClientFrame{Type: protocol.TypeChatMessage, ConversationID: s.conversation, Message: "Lu."})
	write.Do(func() { close(written) })

	var order []string
	for len(order) < 2 {
		if kind, _ := claire.Next(); kind == protocol.TypeMessagesRead || kind == protocol.TypeNewMessage {
			order = append(order, kind)
		}
	}
	if want := []string{protocol.TypeMessagesRead, protocol.TypeNewMessage}; !slices.Equal(order, want) {
		t.Errorf("got %v, want %v", order, want)
	}
}
