package chat_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"messagerie/hooks/config"
	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
)

func TestFrames_haveTheShapeOfTheirSamples(t *testing.T) {
	s := newSchool(t)
	claire, _ := s.Dial(s.claire)
	jerome, _ := s.Dial(s.jerome)

	first := claire.Says(s.conversation, "Bonjour")
	sameFields(t, "new_message", jerome.Expect(protocol.TypeNewMessage, nil))
	sameFields(t, "messages_delivered", claire.Expect(protocol.TypeMessagesDelivered, nil))

	jerome.Send(fmt.Sprintf(`{"type":"join_conversation","conversation_id":%d}`, s.conversation))
	sameFields(t, "conversation_joined", jerome.Expect(protocol.TypeConversationJoined, nil))
	jerome.Send(fmt.Sprintf(`{"type":"typing_start","conversation_id":%d}`, s.conversation))
	sameFields(t, "typing_start", claire.Expect(protocol.TypeTypingStart, nil))
	jerome.Send(fmt.Sprintf(`{"type":"typing_stop","conversation_id":%d}`, s.conversation))
	sameFields(t, "typing_stop", claire.Expect(protocol.TypeTypingStop, nil))
	jerome.Send(fmt.Sprintf(`{"type":"mark_as_read","conversation_id":%d}`, s.conversation))
	sameFields(t, "messages_read", claire.Expect(protocol.TypeMessagesRead, nil))
	jerome.Send(`{"type":"ping"}`)
	sameFields(t, "pong", jerome.Expect(protocol.TypePong, nil))

	address := fmt.Sprintf("/api/messagerie/messages/%d/%d/", s.conversation, first.ID)
	s.Do(s.jerome.Token, "PUT", reactionPath(first, "👍"), nil).OK(204)
	sameFields(t, "message_reactions", claire.Expect(protocol.TypeMessageReactions, nil))
	s.Do(s.claire.Token, "PUT", fmt.Sprintf("/api/messagerie/conversations/%d/pins/%d/", s.conversation, first.ID), nil).OK(204)
	sameFields(t, "message_pins", jerome.Expect(protocol.TypeMessagePins, nil))
	s.Do(s.claire.Token, "PATCH", address, map[string]any{"content": "Bonsoir"}).OK(200)
	sameFields(t, "message_updated", jerome.Expect(protocol.TypeMessageUpdated, nil))
	s.Do(s.Superuser(), "DELETE", "/api/collections/messages/records/"+first.ID.RecordID(), nil).OK(204)
	sameFields(t, "message_deleted", jerome.Expect(protocol.TypeMessageDeleted, nil))

	claire.Send(fmt.Sprintf(`{"type":"chat_message","conversation_id":%d,"message":"","client_id":"c"}`, s.conversation))
	sameFields(t, "error", claire.Expect(protocol.TypeError, nil))
}

func TestBadFrames_areRefusedWithTheirCode_andNothingIsStored(t *testing.T) {
	s := newSchool(t)
	elsewhere := s.Says(s.claire, s.Conversation(s.claire, s.outsider), "ailleurs")
	socket, _ := s.Dial(s.jerome)
	before := s.Count("messages")
	in := func(format string) string { return strings.ReplaceAll(format, "%c", s.conversation.String()) }
	for frame, code := range map[string]string{
		``:                    protocol.CodeInvalidRequest,
		`{`:                   protocol.CodeInvalidRequest,
		`null`:                protocol.CodeUnknownType,
		`[]`:                  protocol.CodeInvalidRequest,
		`"chat_message"`:      protocol.CodeInvalidRequest,
		`{}`:                  protocol.CodeUnknownType,
		`{"type":"shout"}`:    protocol.CodeUnknownType,
		`{"type":7}`:          protocol.CodeInvalidRequest,
		"\xff\xfe{\"type\":1": protocol.CodeInvalidRequest,
		`{"type":"chat_message","conversation_id":"7","message":"a"}`:                                                  protocol.CodeInvalidRequest,
		`{"type":"chat_message","conversation_id":1.5,"message":"a"}`:                                                  protocol.CodeInvalidRequest,
		`{"type":"chat_message","conversation_id":1e99,"message":"a"}`:                                                 protocol.CodeInvalidRequest,
		in(`{"type":"chat_message","conversation_id":%c,"message":7}`):                                                 protocol.CodeInvalidRequest,
		`{"type":"chat_message","message":"a"}`:                                                                        protocol.CodeNotParticipant,
		`{"type":"chat_message","conversation_id":-1,"message":"a"}`:                                                   protocol.CodeNotParticipant,
		`{"type":"chat_message","conversation_id":1,"message":"a"}`:                                                    protocol.CodeNotParticipant,
		in(`{"type":"chat_message","conversation_id":%c}`):                                                             protocol.CodeContentEmpty,
		in(`{"type":"chat_message","conversation_id":%c,"message":" \n"}`):                                             protocol.CodeContentEmpty,
		in(`{"type":"chat_message","conversation_id":%c,"message":"\u200b\u2060"}`):                                    protocol.CodeContentEmpty,
		in(`{"type":"chat_message","conversation_id":%c,"message":"` + strings.Repeat("é", 10_001) + `"}`):             protocol.CodeContentTooLong,
		in(`{"type":"chat_message","conversation_id":%c,"message":"a","client_id":"` + strings.Repeat("x", 65) + `"}`): protocol.CodeClientIDTooLong,
		in(`{"type":"chat_message","conversation_id":%c,"message":"a","reply_to":1}`):                                  protocol.CodeInvalidReplyTo,
		in(`{"type":"chat_message","conversation_id":%c,"message":"a","reply_to":` + elsewhere.ID.String() + `}`):      protocol.CodeInvalidReplyTo,
		in(`{"type":"chat_message","conversation_id":%c,"message":"a","mentions":[1]}`):                                protocol.CodeInvalidMentions,
		in(`{"type":"chat_message","conversation_id":%c,"message":"a","mentions":["7"]}`):                              protocol.CodeInvalidRequest,
		in(`{"type":"chat_message","conversation_id":%c,"message":"a","mentions":[` + s.outsider.ID.String() + `]}`):   protocol.CodeInvalidMentions,
		`{"type":"mark_as_read","conversation_id":1}`:                                                                  protocol.CodeNotParticipant,
		in(`{"type":"mark_as_read","conversation_id":%c,"message_id":1}`):                                              protocol.CodeInvalidMessageID,
		`{"type":"join_conversation","conversation_id":1}`:                                                             protocol.CodeNotParticipant,
		`{"type":"typing_start","conversation_id":1}`:                                                                  protocol.CodeNotParticipant,
		`{"type":"typing_stop"}`: protocol.CodeNotParticipant,
		fmt.Sprintf(`{"type":"typing_start","conversation_id":%d}`, elsewhere.ConversationID): protocol.CodeNotParticipant,
	} {
		socket.Send(frame)
		if got := socket.ExpectRefusal(code); strings.Contains(frame, "chat_message") && strings.Contains(frame, s.conversation.String()) &&
			got.ConversationID != s.conversation {
			t.Errorf("%.80s: the refusal names conversation %d", frame, got.ConversationID)
		}
	}
	if after := s.Count("messages"); after != before {
		t.Errorf("%d messages were stored", after-before)
	}
	socket.Says(s.conversation, "still here")
}

func TestBinaryFrame_isRefused(t *testing.T) {
	s := newSchool(t)
	socket, _ := s.Dial(s.jerome)
	if err := socket.Conn.WriteMessage(2, []byte(`{"type":"ping"}`)); err != nil {
		t.Fatal(err)
	}
	socket.ExpectRefusal(protocol.CodeInvalidRequest)
}

func TestChatMessage_acceptsExactlyTheLimit(t *testing.T) {
	s := newSchool(t)
	socket, _ := s.Dial(s.claire)
	long := strings.Repeat("é", 10_000)
	if got := socket.Says(s.conversation, long); got.Content != long {
		t.Errorf("%d characters were stored", len([]rune(got.Content)))
	}
}

func TestChatMessage_isStoredOncePerClientID_andEachRepetitionIsAnswered(t *testing.T) {
	s := newSchool(t)
	claire, _ := s.Dial(s.claire)
	jerome, _ := s.Dial(s.jerome)
	frame := protocol.ClientFrame{
		Type: protocol.TypeChatMessage, ConversationID: s.conversation, Message: "une fois", ClientID: "c-1"}
	var first, second protocol.MessageFrame
	claire.Send(frame)
	claire.Expect(protocol.TypeNewMessage, &first)
	frame.Message = "deux fois"
	claire.Send(frame)
	claire.Expect(protocol.TypeNewMessage, &second)
	if second.Message.ID != first.Message.ID || second.Message.Content != "une fois" {
		t.Errorf("the repetition returns %+v", second.Message)
	}
	jerome.Expect(protocol.TypeNewMessage, nil)
	jerome.ExpectNone(protocol.TypeNewMessage)

	// In another conversation it isn't a repetition, and is refused.
	elsewhere := s.Conversation(s.claire, s.outsider)
	claire.Send(protocol.ClientFrame{
		Type: protocol.TypeChatMessage, ConversationID: elsewhere, Message: "autre chose", ClientID: "c-1"})
	if refused := claire.ExpectRefusal(protocol.CodeClientIDReused); refused.ClientID != "c-1" {
		t.Errorf("the refusal names %q", refused.ClientID)
	}

	// Another sender's "c-1" is another message.
	jerome.Send(frame)
	var other protocol.MessageFrame
	jerome.Expect(protocol.TypeNewMessage, &other)
	if other.Message.ID == first.Message.ID || s.Count("messages") != 2 {
		t.Errorf("got %+v, %d stored", other.Message, s.Count("messages"))
	}
}

func TestReplyTo_isSentWithTheMessage(t *testing.T) {
	s := newSchool(t)
	claire, _ := s.Dial(s.claire)
	question := claire.Says(s.conversation, "À quelle heure ?")
	claire.Send(protocol.ClientFrame{Type: protocol.TypeChatMessage, ConversationID: s.conversation,
		Message: "À 18 h.", ReplyTo: question.ID})
	var reply protocol.MessageFrame
	claire.Expect(protocol.TypeNewMessage, &reply)
	if reply.Message.ReplyTo == nil || *reply.Message.ReplyTo != question.ID {
		t.Errorf("reply_to is %v", reply.Message.ReplyTo)
	}
}

func TestMarkAsRead_reachesEverybody_andNeverMovesBack(t *testing.T) {
	s := newSchool(t)
	claire, _ := s.Dial(s.claire)
	jerome, _ := s.Dial(s.jerome)
	phone, _ := s.Dial(s.jerome)
	first := claire.Says(s.conversation, "un")
	second := claire.Says(s.conversation, "deux")

	jerome.Send(protocol.ClientFrame{Type: protocol.TypeMarkAsRead, ConversationID: s.conversation, MessageID: second.ID})
	var read protocol.MessagesReadFrame
	for _, socket := range []interface {
		Expect(string, any) []byte
	}{claire, phone, jerome} {
		socket.Expect(protocol.TypeMessagesRead, &read)
		if read.MessageID != second.ID || read.UserID != s.jerome.ID || read.Timestamp == "" {
			t.Errorf("got %+v", read)
		}
	}
	jerome.Send(protocol.ClientFrame{Type: protocol.TypeMarkAsRead, ConversationID: s.conversation, MessageID: first.ID})
	jerome.ExpectNone(protocol.TypeMessagesRead)

	_, list := s.Dial(s.claire)
	if last := list.Conversations[0].LastMessage; !last.IsRead || last.Status != protocol.StatusRead {
		t.Errorf("the sender sees %+v", last)
	}
	_, list = s.Dial(s.jerome)
	if list.Conversations[0].UnreadCount != 0 {
		t.Errorf("%d are unread", list.Conversations[0].UnreadCount)
	}
}

func TestDelivered_isWhatADeviceHasReceived(t *testing.T) {
	s := newSchool(t)
	claire, _ := s.Dial(s.claire)
	sent := claire.Says(s.conversation, "Vous me recevez ?")
	if sent.Status != protocol.StatusSent {
		t.Errorf("status %q with nobody there", sent.Status)
	}
	s.Dial(s.jerome)
	var delivered protocol.MessagesDeliveredFrame
	claire.Expect(protocol.TypeMessagesDelivered, &delivered)
	if delivered.UserID != s.jerome.ID || delivered.MessageID != sent.ID {
		t.Errorf("got %+v", delivered)
	}
	_, list := s.Dial(s.claire)
	if got := list.Conversations[0].LastMessage.Status; got != protocol.StatusDelivered {
		t.Errorf("status %q", got)
	}
}

// Every text field of a frame has a limit; one without a limit fails here.
func TestClientFrame_isBoundedFieldByField(t *testing.T) {
	s := newSchool(t)
	socket, _ := s.Dial(s.claire)
	limits := messagerie.LimitsOf(config.Default().Limits)
	for _, field := range limits.Of(protocol.ClientFrame{}) {
		if field.Limit == (protocol.Limit{}) {
			continue // a number, or Of would have panicked
		}
		frame := map[string]any{"type": protocol.TypeChatMessage, "conversation_id": s.conversation, "message": "Bonjour"}
		if field.Limit.Items > 0 {
			frame[field.Name] = slices.Repeat([]int{7}, field.Limit.Items+1)
			socket.Send(frame)
			socket.ExpectRefusal(field.Limit.Code)
			continue
		}
		frame[field.Name] = strings.Repeat("x", field.Limit.Characters+1)
		socket.Send(frame)
		if refused := socket.ExpectRefusal(field.Limit.Code); !strings.HasPrefix(refused.Message, field.Name+" is too long") {
			t.Errorf("%s is refused with %+v", field.Name, refused)
		}
	}
	// Nor is a client_id that is too long echoed.
	for _, frame := range []string{`{"type":"ping","client_id":"%s"}`, `{"type":7,"client_id":"%s"}`, `{"type":"nothing","client_id":"%s"}`} {
		socket.Send(fmt.Sprintf(frame, strings.Repeat("<", 10_000)))
		kind, data := socket.Next()
		if kind == protocol.TypeConversationsList { // of the conversations that newSchool has just created
			_, data = socket.Next()
		}
		if len(data) > 500 || !strings.Contains(string(data), `"error"`) {
			t.Errorf("%d bytes are returned: %.200s", len(data), data)
		}
	}
	if got := s.Count("messages"); got != 0 {
		t.Errorf("%d messages are stored", got)
	}
}
