package rest_test

import (
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
)

// state returns how somebody sees a message in the history and, if it is the last one,
// makes sure that the list agrees.
func (s school) state(t *testing.T, who apptest.Person, m protocol.Message) (status string, isRead bool) {
	t.Helper()
	for _, seen := range s.history(t, who, m.ConversationID) {
		if seen.ID != m.ID {
			continue
		}
		if last := s.seen(t, who, m.ConversationID).LastMessage; last.ID == m.ID && (last.Status != seen.Status || last.IsRead != seen.IsRead) {
			t.Errorf("the list has %+v, the history %+v", last, seen)
		}
		return seen.Status, seen.IsRead
	}
	t.Fatalf("message %d isn't there", m.ID)
	return "", false
}

func TestStatus_goesFromSentToDeliveredToRead(t *testing.T) {
	s := newSchool(t)
	group := s.Conversation(s.claire, s.jerome, s.outsider)
	sent := s.Says(s.claire, group, "Bonjour")
	expect := func(who apptest.Person, status string, isRead bool) {
		t.Helper()
		if gotStatus, gotRead := s.state(t, who, sent); gotStatus != status || gotRead != isRead {
			t.Errorf("seen as %s, read %v; want %s, %v", gotStatus, gotRead, status, isRead)
		}
	}
	deliver := func(who apptest.Person) {
		t.Helper()
		if err := s.Conversations.MarkDelivered([]messagerie.Delivered{{Conversation: group, User: who.ID, UpTo: sent.ID}}); err != nil {
			t.Fatal(err)
		}
	}
	read := func(who apptest.Person) {
		t.Helper()
		s.Post(who, conversationPath(group)+"read/", nil).OK(204)
	}
	expect(s.claire, protocol.StatusSent, false)
	deliver(s.jerome)
	expect(s.claire, protocol.StatusSent, false)
	read(s.outsider) // reading implies receiving
	expect(s.claire, protocol.StatusDelivered, false)
	expect(s.outsider, protocol.StatusDelivered, true)
	expect(s.jerome, protocol.StatusDelivered, false)
	read(s.jerome)
	expect(s.claire, protocol.StatusRead, true)
	expect(s.jerome, protocol.StatusRead, true)

	for _, receipt := range s.seen(t, s.claire, group).Receipts {
		want := sent.ID
		if receipt.UserID == s.claire.ID {
			want = 0
		}
		if receipt.LastRead != want || receipt.LastDelivered != want {
			t.Errorf("receipt %+v, want %d", receipt, want)
		}
	}
}

func TestRead_neverMovesBack(t *testing.T) {
	s := newSchool(t)
	one, two := s.Says(s.claire, s.conversation, "un"), s.Says(s.claire, s.conversation, "deux")
	marker := func() protocol.ID {
		for _, receipt := range s.seen(t, s.jerome, s.conversation).Receipts {
			if receipt.UserID == s.jerome.ID {
				return receipt.LastRead
			}
		}
		return 0
	}
	path := conversationPath(s.conversation) + "read/"
	for _, step := range []struct {
		body any
		want protocol.ID
	}{
		{object{"message_id": one.ID}, one.ID},
		{object{"message_id": 1}, one.ID},
		{object{}, two.ID},
		{object{"message_id": one.ID}, two.ID},
		{object{"message_id": nil}, two.ID},
		{nil, two.ID},
		{object{"message_id": protocol.MaxID}, two.ID}, // no further than the newest
	} {
		if resp := s.Post(s.jerome, path, step.body).OK(204); len(resp.Body) > 0 {
			t.Errorf("a body: %s", resp.Body)
		}
		if got := marker(); got != step.want {
			t.Errorf("after %v the marker is %d, want %d", step.body, got, step.want)
		}
	}
	three := s.Says(s.claire, s.conversation, "trois")
	if status, _ := s.state(t, s.claire, three); status == protocol.StatusRead {
		t.Error("a message is read before it was written")
	}
}

func TestRead_refusals(t *testing.T) {
	s := newSchool(t)
	path := conversationPath(s.conversation) + "read/"
	s.Post(s.jerome, path, nil).OK(204) // having nothing to read isn't an error
	s.Post(s.jerome, path, object{"message_id": 4711}).Refused(400, protocol.CodeInvalidMessageID)
	s.Post(s.jerome, path, object{"message_id": -1}).Refused(400, protocol.CodeInvalidMessageID)
	s.Post(s.jerome, path, object{"message_id": "1"}).Refused(400, protocol.CodeInvalidRequest)
	s.Post(s.jerome, path, `{"message_id":`).Refused(400, protocol.CodeInvalidRequest)
}

func TestMuted_affectsOnlyOneself(t *testing.T) {
	s := newSchool(t)
	var muted protocol.Conversation
	s.Do(s.jerome.Token, "PATCH", conversationPath(s.conversation), object{"muted": true}).OK(200).Into(&muted)
	if !muted.Muted || !s.seen(t, s.jerome, s.conversation).Muted || s.seen(t, s.claire, s.conversation).Muted {
		t.Error("muted for the wrong person")
	}
	s.Do(s.jerome.Token, "PATCH", conversationPath(s.conversation), object{}).OK(200).Into(&muted)
	if !muted.Muted {
		t.Error("an empty change changed it")
	}
	s.Do(s.jerome.Token, "PATCH", conversationPath(s.conversation), object{"muted": false}).OK(200).Into(&muted)
	if muted.Muted {
		t.Error("still muted")
	}
}
