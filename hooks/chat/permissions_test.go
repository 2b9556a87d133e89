package chat_test

import (
	"strings"
	"testing"

	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
)

// Everything that changes people's permissions in a group is sent to the sockets.
func TestPermissions_reachTheOpenSockets(t *testing.T) {
	s := newSchool(t)
	college := school.PersonOf(s.claire.Record).Establishments[0]
	second := s.Person(college, protocol.RoleParent, "Fatima", "Benali")
	group := s.Conversation(s.jerome, second, s.outsider)
	fatima, list := s.Dial(second)
	if c := list.Conversations[0]; c.ManagedBy != s.jerome.ID || c.Can != (protocol.Can{Leave: true}) {
		t.Fatalf("at first it is managed by %d, and Fatima may %+v", c.ManagedBy, c.Can)
	}
	expect := func(manager protocol.ID, may bool) {
		t.Helper()
		want := protocol.Can{Rename: may, Add: may, Remove: may, Leave: true, Pin: may}
		expectList(t, fatima, func(list protocol.ConversationsList) bool {
			can := list.Conversations[0].Can
			can.Posting = false // of staff, whoever manages the group
			return list.Conversations[0].ManagedBy == manager && can == want
		})
	}
	change := func(user protocol.ID, field string, value any) {
		t.Helper()
		record := s.Find("users", user)
		record.Set(field, value)
		s.save(record)
	}
	s.Do(s.jerome.Token, "DELETE", "/api/messagerie/conversations/"+group.String()+"/participants/",
		map[string]any{"participants": []protocol.ID{s.jerome.ID}}).OK(204)
	expect(s.outsider.ID, false) // of the first participants, the one with the oldest account
	change(second.ID, "role", protocol.RoleStaff)
	expect(second.ID, true)
	change(second.ID, "role", protocol.RoleParent)
	expect(s.outsider.ID, false)
	change(s.outsider.ID, "disabled", true)
	expect(second.ID, true)
	change(s.outsider.ID, "disabled", false)
	expect(s.outsider.ID, false)
	change(s.outsider.ID, "establishments", []string{s.Establishment("Lycée").RecordID()})
	expect(second.ID, true)
	change(second.ID, "establishments", []string{})
	expect(0, false)
	change(second.ID, "establishments", []string{college.RecordID()})
	expect(second.ID, true)
	record := s.Find("conversations", group)
	record.Set("establishment", s.Establishment("École").RecordID())
	s.save(record)
	expect(0, false)
}

func TestFrames_leaveTextAsItIs(t *testing.T) {
	s := newSchool(t)
	claire, _ := s.Dial(s.claire)
	text := strings.Repeat("<", 9_990)
	claire.Send(map[string]any{"type": protocol.TypeChatMessage, "conversation_id": s.conversation, "message": text})
	if frame := claire.Expect(protocol.TypeNewMessage, nil); !strings.Contains(string(frame), text) || len(frame) > 10_500 {
		t.Errorf("the frame of %d characters takes %d bytes", len(text), len(frame))
	}
	_, list := s.Dial(s.claire)
	if got := list.Conversations[0].LastMessage.Content; got != text {
		t.Errorf("the list has %d characters", len(got))
	}
	s.Do(s.claire.Token, "PATCH", "/api/messagerie/messages/"+s.conversation.String()+"/"+list.Conversations[0].LastMessage.ID.String()+"/",
		map[string]any{"content": "1 < 2 & 3 > 2"}).OK(200)
	if frame := claire.Expect(protocol.TypeMessageUpdated, nil); !strings.Contains(string(frame), "1 < 2 & 3 > 2") {
		t.Errorf("edited: %s", frame)
	}
	again, _, err := s.TryDial(s.claire, "/ws/chat/"+s.claire.ID.String()+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	if frame := again.Expect(protocol.TypeConversationsList, nil); !strings.Contains(string(frame), "1 < 2 & 3 > 2") {
		t.Errorf("the list is %s", frame)
	}
}
