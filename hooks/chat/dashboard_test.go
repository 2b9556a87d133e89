package chat_test

import (
	"reflect"
	"testing"

	"messagerie/hooks/protocol"
)

// The dashboard uses the superuser's record API.
func TestDashboard_reachesTheOpenSocketsAtOnce(t *testing.T) {
	s := newSchool(t)
	admin := s.Superuser()
	claire, _ := s.Dial(s.claire)
	jerome, _ := s.Dial(s.jerome)
	lea, _ := s.Dial(s.outsider)
	records := func(collection string) string { return "/api/collections/" + collection + "/records" }

	// A message created by an administrator.
	var created struct {
		ID string `json:"id"`
	}
	s.Do(admin, "POST", records("messages"), map[string]any{
		"conversation": s.conversation.RecordID(), "sender": s.jerome.ID.RecordID(), "content": " Bonjour ",
	}).OK(200).Into(&created)
	message := records("messages") + "/" + created.ID
	var frame protocol.MessageFrame
	claire.Expect(protocol.TypeNewMessage, &frame)
	if frame.Message.Content != "Bonjour" || frame.Message.ID.RecordID() != created.ID || frame.Message.SenderID != s.jerome.ID {
		t.Errorf("got %+v", frame.Message)
	}

	s.Do(admin, "PATCH", message, map[string]any{"content": "Bonsoir"}).OK(200)
	claire.Expect(protocol.TypeMessageUpdated, &frame)
	if frame.Message.Content != "Bonsoir" || frame.Message.EditedAt == nil {
		t.Errorf("got %+v", frame.Message)
	}

	s.Do(admin, "PATCH", message, map[string]any{"deleted": true}).OK(200)
	var gone protocol.MessageDeletedFrame
	claire.Expect(protocol.TypeMessageDeleted, &gone)
	if gone.Removed || gone.MessageID.RecordID() != created.ID || s.Find("messages", gone.MessageID).GetString("content") != "" {
		t.Errorf("got %+v", gone)
	}

	// Restored, it counts as unread again: a new list is sent.
	s.Do(admin, "PATCH", message, map[string]any{"deleted": false, "content": "Rebonsoir"}).OK(200)
	claire.Expect(protocol.TypeMessageUpdated, nil)
	expectList(t, claire, func(list protocol.ConversationsList) bool { return list.Conversations[0].UnreadCount == 1 })

	s.Do(admin, "DELETE", message, nil).OK(204)
	claire.Expect(protocol.TypeMessageDeleted, &gone)
	expectList(t, claire, func(list protocol.ConversationsList) bool { return list.Conversations[0].LastMessage == nil })
	if !gone.Removed {
		t.Errorf("got %+v", gone)
	}

	// Somebody's name.
	s.Do(admin, "PATCH", records("users")+"/"+s.jerome.ID.RecordID(), map[string]any{"first_name": "Jérémie"}).OK(200)
	expectList(t, claire, func(list protocol.ConversationsList) bool {
		for _, p := range list.Conversations[0].Participants {
			if p.FirstName == "Jérémie" {
				return true
			}
		}
		return false
	})

	// A group, and who is in it.
	group := s.Conversation(s.claire, s.jerome, s.outsider)
	expectList(t, lea, func(list protocol.ConversationsList) bool { return len(list.Conversations) == 1 })
	s.Do(admin, "PATCH", records("conversations")+"/"+group.RecordID(), map[string]any{"title": "5e B"}).OK(200)
	expectList(t, lea, func(list protocol.ConversationsList) bool { return list.Conversations[0].Title == "5e B" })
	var found struct {
		Items []struct {
			ID string `json:"id"`
		} `json:"items"`
	}
	s.Do(admin, "GET", records("participants")+"?filter=user='"+s.outsider.ID.RecordID()+"'", nil).OK(200).Into(&found)
	s.Do(admin, "DELETE", records("participants")+"/"+found.Items[0].ID, nil).OK(204)
	expectList(t, lea, func(list protocol.ConversationsList) bool { return len(list.Conversations) == 0 })
	claire.Says(group, "Entre nous")
	lea.ExpectNone(protocol.TypeNewMessage)

	s.Do(admin, "DELETE", records("conversations")+"/"+group.RecordID(), nil).OK(204)
	expectList(t, claire, func(list protocol.ConversationsList) bool { return len(list.Conversations) == 1 })
	expectList(t, jerome, func(list protocol.ConversationsList) bool { return len(list.Conversations) == 1 })
}

// expectList waits for a list that satisfies a condition; others may come before it.
func expectList(t *testing.T, socket interface{ Expect(string, any) []byte }, holds func(protocol.ConversationsList) bool) {
	t.Helper()
	for {
		var list protocol.ConversationsList
		socket.Expect(protocol.TypeConversationsList, &list)
		if holds(list) {
			return
		}
	}
}

func TestREST_changesReachTheSockets(t *testing.T) {
	s := newSchool(t)
	jerome, _ := s.Dial(s.jerome)
	var sent protocol.Message
	s.Post(s.claire, "/api/messagerie/messages/"+s.conversation.String()+"/",
		map[string]any{"content": "Par REST"}).OK(201).Into(&sent)
	var got protocol.MessageFrame
	jerome.Expect(protocol.TypeNewMessage, &got)
	if !reflect.DeepEqual(got.Message, sent) {
		t.Errorf("the socket got %+v, the REST response was %+v", got.Message, sent)
	}
	s.Post(s.jerome, "/api/messagerie/conversations/"+s.conversation.String()+"/read/", nil).OK(204)
	var read protocol.MessagesReadFrame
	jerome.Expect(protocol.TypeMessagesRead, &read)
	if read.MessageID != sent.ID {
		t.Errorf("read up to %d, want %d", read.MessageID, sent.ID)
	}
}

func TestNewConversation_isSentToItsParticipants(t *testing.T) {
	s := newSchool(t)
	lea, list := s.Dial(s.outsider)
	if len(list.Conversations) != 0 {
		t.Fatalf("list %+v", list)
	}
	opened := s.Conversation(s.claire, s.outsider)
	expectList(t, lea, func(list protocol.ConversationsList) bool {
		return len(list.Conversations) == 1 && list.Conversations[0].ConversationID == opened
	})
}
