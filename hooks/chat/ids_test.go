package chat_test

import (
	"fmt"
	"strings"
	"testing"

	"messagerie/hooks/protocol"
)

func TestIDs_areJSONNumbersInEveryFrame(t *testing.T) {
	s := newSchool(t)
	socket, _ := s.Dial(s.jerome)
	first := s.Says(s.claire, s.conversation, "Bonjour")
	frames := map[string]struct {
		frame    string
		id       protocol.ID
		response string
	}{
		"conversation_id of a message": {`{"type":"chat_message","message":"a","client_id":"ID","conversation_id":%s}`, s.conversation, protocol.TypeNewMessage},
		"reply_to":                     {`{"type":"chat_message","message":"a","client_id":"ID","conversation_id":%c,"reply_to":%s}`, first.ID, protocol.TypeNewMessage},
		"conversation_id of a mark":    {`{"type":"mark_as_read","conversation_id":%s}`, s.conversation, protocol.TypePong},
		"message_id":                   {`{"type":"mark_as_read","conversation_id":%c,"message_id":%s}`, first.ID, protocol.TypePong},
		"conversation_id to join":      {`{"type":"join_conversation","conversation_id":%s}`, s.conversation, protocol.TypeConversationJoined},
		"conversation_id of typing":    {`{"type":"typing_start","conversation_id":%s}`, s.conversation, protocol.TypePong},
	}
	format := func(frame, id string) string {
		return strings.NewReplacer("%c", s.conversation.String(), "%s", id, "ID", id).Replace(frame)
	}
	for name, f := range frames {
		for _, id := range []string{f.id.String() + ".0", f.id.String() + "e0", f.id.String() + "0E-1"} {
			socket.Send(format(f.frame, id))
			socket.Send(`{"type":"ping"}`)
			for kind := ""; kind != f.response; {
				var data []byte
				if kind, data = socket.Next(); kind == protocol.TypeError {
					t.Fatalf("%s as %s: %s", name, id, data)
				}
			}
		}
		for _, id := range []string{f.id.String() + ".5", "1e400", `"` + f.id.String() + `"`, "[1]"} {
			socket.Send(strings.ReplaceAll(format(f.frame, id), `"client_id":"`+id, `"client_id":"x`))
			if refused := socket.ExpectRefusal(protocol.CodeInvalidRequest); !strings.Contains(refused.Message, strings.Fields(name)[0]) {
				t.Errorf("%s as %s: %q", name, id, refused.Message)
			}
		}
	}
}

// A refusal names the conversation and the message, whichever field is invalid.
func TestUnreadableFrame_isRefusedWithItsIDs(t *testing.T) {
	s := newSchool(t)
	socket, _ := s.Dial(s.jerome)
	for frame, conversation := range map[string]protocol.ID{
		`{"reply_to":1.5,"type":"chat_message","conversation_id":%d,"message":"a","client_id":"c-9"}`:  s.conversation,
		`{"message":7,"type":"chat_message","conversation_id":%d,"client_id":"c-9"}`:                   s.conversation,
		`{"conversation_id":"%d","type":"chat_message","message":"a","client_id":"c-9"}`:               0,
		`{"type":"chat_message","conversation_id":%d,"message":"a","client_id":"c-9","reply_to":true}`: s.conversation,
	} {
		socket.Send(fmt.Sprintf(frame, s.conversation))
		refused := socket.ExpectRefusal(protocol.CodeInvalidRequest)
		if refused.ClientID != "c-9" || refused.ConversationID != conversation {
			t.Errorf("%s: refused %+v", frame, refused)
		}
	}
}
