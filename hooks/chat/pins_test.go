package chat_test

import (
	"fmt"
	"slices"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
)

func TestPins_reachEverySocketOfEveryParticipant(t *testing.T) {
	s := newSchool(t)
	claire, _ := s.Dial(s.claire)
	phone, _ := s.Dial(s.jerome)
	laptop, _ := s.Dial(s.jerome)
	outsider, _ := s.Dial(s.outsider)
	sent := claire.Says(s.conversation, "La sortie est confirmée.")
	expect := func(messages ...protocol.ID) {
		t.Helper()
		for name, socket := range map[string]*apptest.Socket{"claire": claire, "phone": phone, "laptop": laptop} {
			var got protocol.MessagePinsFrame
			socket.Expect(protocol.TypeMessagePins, &got)
			if got.ConversationID != s.conversation || got.PinnedMessages == nil || !slices.Equal(got.PinnedMessages, messages) {
				t.Errorf("%s got %+v, want %v", name, got, messages)
			}
		}
	}
	path := fmt.Sprintf("/api/messagerie/conversations/%d/pins/%d/", s.conversation, sent.ID)
	s.Do(s.jerome.Token, "PUT", path, nil).OK(204)
	expect(sent.ID)
	s.Do(s.claire.Token, "PUT", path, nil).OK(204) // again: nothing has changed
	s.Do(s.claire.Token, "DELETE", path, nil).OK(204)
	expect()
	s.Create("pins", map[string]any{"message": sent.ID.RecordID()})
	expect(sent.ID)
	s.Do(s.claire.Token, "DELETE", fmt.Sprintf("/api/messagerie/messages/%d/%d/", s.conversation, sent.ID), nil).OK(204)
	expect()
	outsider.ExpectNone(protocol.TypeMessagePins)
}

func TestMentions_areInTheFramesOfTheirMessage(t *testing.T) {
	s := newSchool(t)
	claire, _ := s.Dial(s.claire)
	jerome, _ := s.Dial(s.jerome)
	frame := protocol.ClientFrame{Type: protocol.TypeChatMessage, ConversationID: s.conversation, Message: "@Jérôme ?", ClientID: "c",
		Mentions: []protocol.ID{s.jerome.ID, s.jerome.ID}}
	for _, expected := range [][]*apptest.Socket{{claire, jerome}, {claire}} { // the second time it is sent again
		claire.Send(frame)
		for _, socket := range expected {
			var got protocol.MessageFrame
			socket.Expect(protocol.TypeNewMessage, &got)
			if !slices.Equal(got.Message.Mentions, []protocol.ID{s.jerome.ID}) {
				t.Errorf("it mentions %v", got.Message.Mentions)
			}
		}
	}
	var sent protocol.Message
	s.Post(s.claire, fmt.Sprintf("/api/messagerie/messages/%d/", s.conversation), map[string]any{"content": "x", "client_id": "c"}).OK(200).Into(&sent)
	s.Do(s.claire.Token, "PATCH", fmt.Sprintf("/api/messagerie/messages/%d/%d/", s.conversation, sent.ID), map[string]any{"content": "Merci"}).OK(200)
	var updated protocol.MessageFrame
	jerome.Expect(protocol.TypeMessageUpdated, &updated)
	if !slices.Equal(updated.Message.Mentions, []protocol.ID{s.jerome.ID}) {
		t.Errorf("edited, it mentions %v", updated.Message.Mentions)
	}
}
