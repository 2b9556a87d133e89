package chat_test

import (
	"testing"
	"time"

	"messagerie/hooks/apptest"
	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
)

func typing(kind string, conversation protocol.ID) protocol.ClientFrame {
	return protocol.ClientFrame{Type: kind, ConversationID: conversation}
}

func TestTyping_reachesOnlyTheOthers(t *testing.T) {
	s := newSchool(t)
	claire, _ := s.Dial(s.claire)
	laptop, _ := s.Dial(s.claire)
	jerome, _ := s.Dial(s.jerome)
	claire.Send(typing(protocol.TypeTypingStart, s.conversation))
	var frame protocol.TypingFrame
	jerome.Expect(protocol.TypeTypingStart, &frame)
	if frame.UserID != s.claire.ID || frame.ConversationID != s.conversation {
		t.Errorf("got %+v", frame)
	}
	claire.ExpectNone(protocol.TypeTypingStart)
	laptop.ExpectNone(protocol.TypeTypingStart)
}

func TestTyping_isPassedOnOnceASecond(t *testing.T) {
	s := newSchool(t)
	claire, _ := s.Dial(s.claire)
	jerome, _ := s.Dial(s.jerome)
	for range 5 {
		claire.Send(typing(protocol.TypeTypingStart, s.conversation))
	}
	claire.ExpectNone(protocol.TypeError) // all five were handled
	jerome.Expect(protocol.TypeTypingStart, nil)
	jerome.ExpectNone(protocol.TypeTypingStart)
}

func TestTypingStop_thatFollowsAtOnce_isNotLost(t *testing.T) {
	s := newSchool(t)
	claire, _ := s.Dial(s.claire)
	jerome, _ := s.Dial(s.jerome)
	claire.Send(typing(protocol.TypeTypingStart, s.conversation))
	claire.Send(typing(protocol.TypeTypingStop, s.conversation))
	jerome.Expect(protocol.TypeTypingStart, nil)
	jerome.Expect(protocol.TypeTypingStop, nil)
}

func TestTypingStop_comesByItself(t *testing.T) {
	for name, end := range map[string]func(*apptest.Socket, protocol.ID){
		"when the typist goes silent": func(*apptest.Socket, protocol.ID) {},
		"when the message is sent":    func(s *apptest.Socket, conversation protocol.ID) { s.Says(conversation, "voilà") },
		"when the typist disconnects": func(s *apptest.Socket, _ protocol.ID) { s.Conn.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			timeout := 10 * time.Minute
			if name == "when the typist goes silent" {
				timeout = 50 * time.Millisecond
			}
			app := apptest.New(t, func(c *config.Config) { c.Limits.TypingTimeout = timeout })
			school := app.Establishment("École")
			a := app.Person(school, protocol.RoleTeacher, "A", "A")
			b := app.Person(school, protocol.RoleTeacher, "B", "B")
			conversation := app.Conversation(a, b)
			typist, _ := app.Dial(a)
			other, _ := app.Dial(b)
			typist.Send(typing(protocol.TypeTypingStart, conversation))
			other.Expect(protocol.TypeTypingStart, nil)
			end(typist, conversation)
			other.Expect(protocol.TypeTypingStop, nil)
		})
	}
}

func TestJoin_choosesWhoseTypingASocketGets(t *testing.T) {
	s := newSchool(t)
	other := s.Conversation(s.jerome, s.outsider)
	jerome, _ := s.Dial(s.jerome)
	claire, _ := s.Dial(s.claire)
	lea, _ := s.Dial(s.outsider)

	jerome.Send(typing(protocol.TypeJoinConversation, other))
	jerome.Expect(protocol.TypeConversationJoined, nil)
	claire.Send(typing(protocol.TypeTypingStart, s.conversation))
	lea.Send(typing(protocol.TypeTypingStart, other))
	var frame protocol.TypingFrame
	jerome.Expect(protocol.TypeTypingStart, &frame)
	if frame.ConversationID != other {
		t.Errorf("got typing of conversation %d, joined %d", frame.ConversationID, other)
	}
	jerome.ExpectNone(protocol.TypeTypingStart)
	// Messages still come from all conversations.
	claire.Says(s.conversation, "Bonjour")
	jerome.Expect(protocol.TypeNewMessage, nil)
}

func TestTypingStop_followsAMessageFromAnotherDevice(t *testing.T) {
	s := newSchool(t)
	phone, _ := s.Dial(s.claire)
	jerome, _ := s.Dial(s.jerome)
	phone.Send(typing(protocol.TypeTypingStart, s.conversation))
	jerome.Expect(protocol.TypeTypingStart, nil)
	s.Says(s.claire, s.conversation, "envoyé d'ailleurs")
	jerome.Expect(protocol.TypeTypingStop, nil)
}

func TestTypingStop_waitsForThePersonsOtherDevice(t *testing.T) {
	s := newSchool(t)
	phone, _ := s.Dial(s.claire)
	laptop, _ := s.Dial(s.claire)
	jerome, _ := s.Dial(s.jerome)
	for _, socket := range []*apptest.Socket{phone, laptop} {
		socket.Send(typing(protocol.TypeTypingStart, s.conversation))
		jerome.Expect(protocol.TypeTypingStart, nil)
	}
	phone.Conn.Close()
	laptop.ExpectNone(protocol.TypeError)
	jerome.ExpectNone(protocol.TypeTypingStop)
	laptop.Conn.Close()
	jerome.Expect(protocol.TypeTypingStop, nil)
}
