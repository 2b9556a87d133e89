package chat_test

import (
	"reflect"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
)

// testSchool has two people with a conversation, and a third who isn't in it.
type testSchool struct {
	*apptest.App
	claire, jerome, outsider apptest.Person
	college, conversation    protocol.ID
}

func newSchool(t testing.TB, changes ...func(*config.Config)) testSchool {
	t.Helper()
	app := apptest.New(t, changes...)
	college := app.Establishment("Collège Jean-Moulin")
	s := testSchool{
		App:      app,
		college:  college,
		claire:   app.Person(college, protocol.RoleTeacher, "Claire", "Martin"),
		jerome:   app.Person(college, protocol.RoleParent, "Jérôme", "Lefèvre"),
		outsider: app.Person(college, protocol.RoleStudent, "Léa", "Petit"),
	}
	s.conversation = app.Conversation(s.claire, s.jerome)
	return s
}

func TestChatMessage_reachesEverySocketOfEveryParticipant(t *testing.T) {
	s := newSchool(t)
	claire, list := s.Dial(s.claire)
	if len(list.Conversations) != 1 || list.Conversations[0].ConversationID != s.conversation {
		t.Fatalf("list %+v", list)
	}
	phone, _ := s.Dial(s.jerome)
	laptop, _ := s.Dial(s.jerome)
	outsider, _ := s.Dial(s.outsider)

	sent := claire.Says(s.conversation, "  Bonjour Jérôme ! 👋 \n")
	want := protocol.Message{
		ID: sent.ID, ConversationID: s.conversation, SenderID: s.claire.ID, Content: "Bonjour Jérôme ! 👋",
		Timestamp: sent.Timestamp, ClientID: sent.ClientID, Status: protocol.StatusSent, Reactions: []protocol.Reaction{}, Attachments: []protocol.Attachment{}, Mentions: []protocol.ID{},
	}
	if !reflect.DeepEqual(sent, want) {
		t.Errorf("the sender's receipt is %+v, want %+v", sent, want)
	}
	for name, socket := range map[string]*apptest.Socket{"phone": phone, "laptop": laptop} {
		var got protocol.MessageFrame
		socket.Expect(protocol.TypeNewMessage, &got)
		if !reflect.DeepEqual(got.Message, want) {
			t.Errorf("%s got %+v, want %+v", name, got.Message, want)
		}
	}
	outsider.ExpectNone(protocol.TypeNewMessage)
	if stored := s.Find("messages", sent.ID).GetString("content"); stored != want.Content {
		t.Errorf("stored %q", stored)
	}
}
