package rest_test

import (
	"reflect"
	"strings"
	"sync"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
)

func TestSend_storesAndReturnsTheMessage(t *testing.T) {
	s := newSchool(t)
	var first, sent protocol.Message
	s.Post(s.jerome, messagesPath(s.conversation), object{"content": "Bonjour", "unknown": "field"}).OK(201).Into(&first)
	s.Post(s.claire, messagesPath(s.conversation),
		object{"content": " \n Bonjour\tà tous 👋 \u00a0", "client_id": "c-1", "reply_to": first.ID}).OK(201).Into(&sent)
	want := protocol.Message{ID: sent.ID, ConversationID: s.conversation, SenderID: s.claire.ID, Content: "Bonjour\tà tous 👋",
		Timestamp: sent.Timestamp, ClientID: "c-1", Status: protocol.StatusSent, ReplyTo: &first.ID, Reactions: []protocol.Reaction{}, Attachments: []protocol.Attachment{}, Mentions: []protocol.ID{}}
	if sent.ReplyTo == nil || *sent.ReplyTo != first.ID {
		t.Fatalf("reply_to is %v", sent.ReplyTo)
	}
	want.ReplyTo = sent.ReplyTo
	if !reflect.DeepEqual(sent, want) || sent.ID <= first.ID {
		t.Errorf("got %+v, want %+v", sent, want)
	}
	stored := s.history(t, s.claire, s.conversation)
	if len(stored) != 2 || stored[1].ID != sent.ID || stored[1].Content != want.Content || *stored[1].ReplyTo != first.ID {
		t.Errorf("stored %+v", stored)
	}
}

func TestSend_withTheSameClientIDIsStoredOnce(t *testing.T) {
	s := newSchool(t)
	body := object{"content": "Bonjour", "client_id": "tél-1"}
	var first, again protocol.Message
	s.Post(s.claire, messagesPath(s.conversation), body).OK(201).Into(&first)
	body["content"] = "autre chose"
	s.Post(s.claire, messagesPath(s.conversation), body).OK(200).Into(&again)
	if !reflect.DeepEqual(again, first) {
		t.Errorf("repeated: %+v, want %+v", again, first)
	}
	// Somebody else's device may have used the same one.
	s.Post(s.jerome, messagesPath(s.conversation), body).OK(201)
	// Messages without one are all stored.
	for range 2 {
		s.Post(s.claire, messagesPath(s.conversation), object{"content": "x", "client_id": ""}).OK(201)
	}
	if got := s.Count("messages"); got != 4 {
		t.Errorf("%d messages stored, want 4", got)
	}
}

func TestSend_ofOneClientIDAtOnceIsStoredOnce(t *testing.T) {
	s := newSchool(t)
	responses := make([]*apptest.Response, 20)
	var wait sync.WaitGroup
	for i := range responses {
		wait.Go(func() {
			responses[i] = s.Post(s.claire, messagesPath(s.conversation), object{"content": "Bonjour", "client_id": "c"})
		})
	}
	wait.Wait()
	created := 0
	var want protocol.Message
	responses[0].Into(&want)
	for _, resp := range responses {
		var got protocol.Message
		if resp.Into(&got); !reflect.DeepEqual(got, want) || resp.StatusCode > 201 {
			t.Errorf("status %d: %s", resp.StatusCode, resp.Body)
		}
		created += resp.StatusCode - 200
	}
	if created != 1 || s.Count("messages") != 1 {
		t.Errorf("%d created, %d stored", created, s.Count("messages"))
	}
}

func TestSend_refusals(t *testing.T) {
	s := newSchool(t)
	group := s.Conversation(s.claire, s.jerome, s.outsider)
	elsewhere := s.Says(s.claire, group, "ailleurs")
	removed := s.Says(s.claire, s.conversation, "retiré")
	if err := s.Delete(s.Find("messages", removed.ID)); err != nil {
		t.Fatal(err)
	}
	before := s.Count("messages")
	for name, c := range map[string]struct {
		body        object
		code, field string
	}{
		"no content":         {object{}, protocol.CodeContentEmpty, "content"},
		"empty":              {object{"content": ""}, protocol.CodeContentEmpty, "content"},
		"white space":        {object{"content": " \n\t\u00a0\u2003"}, protocol.CodeContentEmpty, "content"},
		"NUL":                {object{"content": "\x00"}, protocol.CodeContentEmpty, "content"},
		"too long":           {object{"content": strings.Repeat("é", 10_001)}, protocol.CodeContentTooLong, "content"},
		"long client_id":     {object{"content": "x", "client_id": strings.Repeat("é", 65)}, protocol.CodeClientIDTooLong, "client_id"},
		"reply elsewhere":    {object{"content": "x", "reply_to": elsewhere.ID}, protocol.CodeInvalidReplyTo, "reply_to"},
		"reply to nothing":   {object{"content": "x", "reply_to": 4711}, protocol.CodeInvalidReplyTo, "reply_to"},
		"reply to removed":   {object{"content": "x", "reply_to": removed.ID}, protocol.CodeInvalidReplyTo, "reply_to"},
		"reply to a minus":   {object{"content": "x", "reply_to": -1}, protocol.CodeInvalidReplyTo, "reply_to"},
		"reply past the end": {object{"content": "x", "reply_to": protocol.MaxID + 1}, protocol.CodeInvalidReplyTo, "reply_to"},
	} {
		refused := s.Post(s.claire, messagesPath(s.conversation), c.body).Refused(400, c.code)
		if refused.Data[c.field] == nil {
			t.Errorf("%s: data %v doesn't name %s", name, refused.Data, c.field)
		}
	}
	if got := s.Count("messages"); got != before {
		t.Errorf("%d messages were stored", got-before)
	}
}

func TestContent_isCountedInCharactersAfterTrimming(t *testing.T) {
	s := newSchool(t)
	for _, c := range []string{"é", "👋"} {
		full := strings.Repeat(c, 10_000)
		var sent protocol.Message
		s.Post(s.claire, messagesPath(s.conversation), object{"content": "  " + full + "\n"}).OK(201).Into(&sent)
		if sent.Content != full {
			t.Errorf("%d bytes came back of %d", len(sent.Content), len(full))
		}
		s.Do(s.claire.Token, "PATCH", messagePath(sent), object{"content": full + c}).Refused(400, protocol.CodeContentTooLong)
	}
	s.Post(s.claire, messagesPath(s.conversation), object{"content": "x", "client_id": strings.Repeat("é", 64)}).OK(201)
}

func TestEdit_changesOnesOwnMessage(t *testing.T) {
	s := newSchool(t)
	sent := s.Says(s.claire, s.conversation, "Bnojour")
	var edited protocol.Message
	s.Do(s.claire.Token, "PATCH", messagePath(sent), object{"content": "  Bonjour "}).OK(200).Into(&edited)
	if edited.EditedAt == nil || edited.Content != "Bonjour" || edited.ID != sent.ID || edited.Timestamp != sent.Timestamp || edited.Deleted {
		t.Errorf("edited: %+v", edited)
	}
	if got := s.history(t, s.jerome, s.conversation)[0]; got.Content != "Bonjour" || got.EditedAt == nil || *got.EditedAt != *edited.EditedAt {
		t.Errorf("the reader sees %+v", got)
	}
	for _, content := range []string{"", "  ", strings.Repeat("x", 10_001)} {
		s.Do(s.claire.Token, "PATCH", messagePath(sent), object{"content": content}).OK(400)
	}
}

func TestEditAndDelete_refusals(t *testing.T) {
	s := newSchool(t)
	group := s.Conversation(s.claire, s.jerome, s.outsider)
	sent := s.Says(s.claire, s.conversation, "Bonjour")
	elsewhere := sent
	elsewhere.ConversationID = group
	missing := sent
	missing.ID = 4711
	for _, method := range []string{"PATCH", "DELETE"} {
		body := object{"content": "x"}
		s.Do(s.jerome.Token, method, messagePath(sent), body).Refused(403, protocol.CodeNotYourMessage)
		s.Do(s.outsider.Token, method, messagePath(sent), body).Refused(403, protocol.CodeNotParticipant)
		s.Do(s.claire.Token, method, messagePath(elsewhere), body).Refused(404, protocol.CodeNotFound)
		s.Do(s.claire.Token, method, messagePath(missing), body).Refused(404, protocol.CodeNotFound)
		s.Do(s.claire.Token, method, messagesPath(s.conversation)+"abc/", body).Refused(404, protocol.CodeNotFound)
	}
	if got := s.history(t, s.claire, s.conversation); len(got) != 1 || !reflect.DeepEqual(got[0], sent) {
		t.Errorf("became %+v", got)
	}
}

func TestDelete_leavesATombstone(t *testing.T) {
	s := newSchool(t)
	first := s.Says(s.claire, s.conversation, "Bonjour")
	sent := s.Says(s.claire, s.conversation, "à effacer")
	s.Do(s.claire.Token, "DELETE", messagePath(sent), nil).OK(204)
	s.Do(s.claire.Token, "DELETE", messagePath(sent), nil).OK(204)
	want := sent
	want.Content, want.Deleted, want.EditedBy = "", true, protocol.ByAuthor
	for _, who := range []apptest.Person{s.claire, s.jerome} {
		got := s.history(t, who, s.conversation)
		if len(got) != 2 || !reflect.DeepEqual(got[0], first) || !reflect.DeepEqual(got[1], want) {
			t.Errorf("the history is %+v, want %+v last", got, want)
		}
	}
	if c := s.seen(t, s.jerome, s.conversation); c.LastMessage == nil || !reflect.DeepEqual(*c.LastMessage, want) || c.UnreadCount != 1 {
		t.Errorf("listed as %+v", c)
	}
	s.Do(s.claire.Token, "PATCH", messagePath(sent), object{"content": "revenu"}).Refused(409, protocol.CodeMessageDeleted)
	if stored := s.Find("messages", sent.ID).GetString("content"); stored != "" {
		t.Errorf("%q is still stored", stored)
	}
}
