package messagerie_test

import (
	"fmt"
	"reflect"
	"testing"

	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
)

func TestDeletingAPerson_keepsWhatTheyWrote(t *testing.T) {
	throughBothAPIs(t, func(t *testing.T, s *testSchool, api recordAPI) {
		path := fmt.Sprintf("/api/messagerie/messages/%d/", s.group)
		for _, author := range []string{s.jerome.Token, s.lea.Token} { // both use the same client_ids
			s.Do(author, "POST", path, object{"content": "Bonjour", "client_id": "c-1"}).OK(201)
			s.Do(author, "POST", path, object{"content": "Bonsoir", "client_id": "c-2"}).OK(201)
			s.Do(author, "POST", path, object{"content": "sans nom"}).OK(201)
		}
		s.Says(s.claire, s.group, "de Claire")
		for _, gone := range []string{s.jerome.Record.Id, s.lea.Record.Id} {
			if !api.delete("users", gone) {
				t.Fatalf("%s can't be deleted", gone)
			}
		}
		var history []protocol.Message
		s.Get(s.claire, path).OK(200).Into(&history)
		if len(history) != 7 {
			t.Fatalf("%d messages are left", len(history))
		}
		for i, m := range history {
			if i < 6 && (m.SenderID != 0 || m.ClientID != "" || m.Content == "" || m.Deleted || m.EditedAt != nil) ||
				i == 6 && m.SenderID != s.claire.ID {
				t.Errorf("message %d became %+v", i, m)
			}
		}
		for _, conversation := range []protocol.ID{s.group, s.direct} {
			p, err := s.Conversations.Participants(conversation)
			if err != nil || len(p.Members) != 1 || p.Members[0].User != s.claire.ID {
				t.Errorf("conversation %d has %+v (%v)", conversation, p, err)
			}
		}
		s.Says(s.claire, s.group, "Il y a quelqu'un ?") // people who join later can read it
		s.Post(s.claire, fmt.Sprintf("/api/messagerie/messages/%d/", s.direct), object{"content": "Et ici ?"}).Refused(403, protocol.CodeRecipientGone)
		s.Do(s.jerome.Token, "GET", path, nil).Refused(401, protocol.CodeUnauthorized)
	})
}

func TestDeletingAPerson_findsWhatTheyWroteWhereTheyNoLongerTakePart(t *testing.T) {
	h := newHarness(t, nil)
	a, b, gone := h.person("A"), h.person("B"), h.person("Parti")
	left, removed, silent := h.conversation(a, b, gone), h.conversation(b, a, gone), h.conversation(a, gone)
	const many = 1001 // more than a page
	for range many {
		h.says(gone, left, "")
	}
	h.says(gone, removed, "c-1")
	h.says(a, silent, "")
	if err := h.conversations.RemoveParticipants(gone, left, []protocol.ID{gone.ID}); err != nil {
		t.Fatal(err)
	}
	if err := h.conversations.RemoveParticipants(b, removed, []protocol.ID{gone.ID}); err != nil {
		t.Fatal(err)
	}
	if err := h.deleteOne("users", gone.ID); err != nil {
		t.Fatal(err)
	}
	if named := h.column("SELECT id FROM messages WHERE sender = {:s}", object{"s": gone.ID.RecordID()}); len(named) > 0 {
		t.Errorf("%d messages still name them", len(named))
	}
	if kept := h.column("SELECT id FROM messages WHERE sender = ''", nil); len(kept) != many+1 {
		t.Errorf("%d messages are kept, want %d", len(kept), many+1)
	}
	if authors := h.column("SELECT sender FROM message_authors", nil); len(authors) != 1 || authors[0] != a.ID.RecordID() {
		t.Errorf("the authors are %v", authors)
	}
}

func TestDeletingAConversation_leavesNothingOfIt(t *testing.T) {
	h := newHarness(t, nil)
	a, b := h.person("A"), h.person("B")
	kept, gone := h.conversation(a, b), h.conversation(a, b, h.person("C"))
	h.says(a, kept, "")
	for i := range 300 {
		h.says(a, gone, fmt.Sprint(i))
	}
	if err := h.deleteOne("conversations", gone); err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"messages", "participants", "message_authors"} {
		if left := h.column("SELECT conversation FROM "+table+" WHERE conversation = {:c}", object{"c": gone.RecordID()}); len(left) > 0 {
			t.Errorf("%d rows of %s are left", len(left), table)
		}
	}
	if p, err := h.conversations.Participants(gone); p != nil || err != nil {
		t.Errorf("it is still cached: %+v %v", p, err)
	}
	if err := h.conversations.Check(gone, a.ID); err == nil {
		t.Error("somebody still takes part")
	}
	page, err := h.conversations.Conversations(a, "", 10)
	list := page.Conversations
	if err != nil || len(list) != 1 || list[0].ConversationID != kept || list[0].LastMessage == nil {
		t.Errorf("the list is %+v (%v)", list, err)
	}
	if _, _, err := h.conversations.SendMessage(messagerie.NewMessage{Conversation: gone, Sender: a.ID, Content: "x"}); err == nil {
		t.Error("a message was stored in it")
	}
}

func TestDeletingAMessage_bringsTheOneBeforeBackToTheList(t *testing.T) {
	throughBothAPIs(t, func(t *testing.T, s *testSchool, api recordAPI) {
		first := s.Says(s.claire, s.direct, "un")
		second := s.Says(s.claire, s.direct, "deux")
		var reply protocol.Message
		s.Do(s.jerome.Token, "POST", fmt.Sprintf("/api/messagerie/messages/%d/", s.direct), object{"content": "oui", "reply_to": second.ID}).OK(201).Into(&reply)
		for _, gone := range []protocol.ID{reply.ID, second.ID} {
			if !api.delete("messages", gone.RecordID()) {
				t.Fatal("can't be deleted")
			}
		}
		var list []protocol.Conversation
		s.Get(s.jerome, fmt.Sprintf("/api/messagerie/conversations/%d/", s.jerome.ID)).OK(200).Into(&list)
		for _, c := range list {
			if c.ConversationID == s.direct && (c.LastMessage == nil || !reflect.DeepEqual(*c.LastMessage, first) || c.UnreadCount != 1) {
				t.Errorf("listed as %+v with %+v", c, c.LastMessage)
			}
		}
	})
}
