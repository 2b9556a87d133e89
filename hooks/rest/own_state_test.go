package rest_test

import (
	"testing"
	"time"

	"messagerie/hooks/protocol"
)

// Another socket of the same person gets what becomes of a conversation, nobody else's does.
func TestOwnState_reachesOnesOtherSockets(t *testing.T) {
	s := newSchool(t)
	other, _ := s.Dial(s.jerome)
	claires, _ := s.Dial(s.claire)
	told := func() (seen protocol.Conversation) {
		t.Helper()
		var list protocol.ConversationsList
		other.Expect(protocol.TypeConversationsList, &list)
		for _, c := range list.Conversations {
			if c.ConversationID == s.conversation {
				seen = c
			}
		}
		return seen
	}
	change := func(body object) *protocol.Conversation {
		t.Helper()
		var changed protocol.Conversation
		s.Do(s.jerome.Token, "PATCH", conversationPath(s.conversation), body).OK(200).Into(&changed)
		return &changed
	}
	change(object{"pinned": true})
	if !told().Pinned {
		t.Error("it isn't pinned there")
	}
	change(object{"archived": true, "marked_unread": true})
	if seen := told(); !seen.Archived || !seen.MarkedUnread || seen.Pinned {
		t.Errorf("there it is %+v", seen)
	}
	s.Post(s.jerome, conversationPath(s.conversation)+"read/", nil).OK(204)
	if told().MarkedUnread {
		t.Error("opened, it is still marked there")
	}
	claires.ExpectNone(protocol.TypeConversationsList)

	s.Says(s.claire, s.conversation, "Bonjour")
	if told().Archived {
		t.Error("a message doesn't bring it back there")
	}
	until := time.Now().Add(time.Second)
	change(object{"muted_until": until.UTC().Format(time.RFC3339Nano)})
	for told().Muted { // once, or not at all on a slow machine
	}
	if time.Now().Before(until) {
		t.Error("the mute ends early")
	}
}

func TestOwnState_refusals(t *testing.T) {
	s := newSchool(t)
	patch := func(body any, status int, code string) {
		t.Helper()
		s.Do(s.jerome.Token, "PATCH", conversationPath(s.conversation), body).Refused(status, code)
	}
	patch(object{"muted_until": "demain"}, 400, protocol.CodeInvalidRequest)
	patch(object{"muted_until": 5}, 400, protocol.CodeInvalidRequest)
	patch(object{"muted_until": "2020-01-01T00:00:00Z"}, 400, protocol.CodeInvalidRequest)
	patch(object{"pinned": true, "archived": true}, 400, protocol.CodeInvalidRequest)
	patch(object{"pinned": "yes"}, 400, protocol.CodeInvalidRequest)
	s.Do(s.outsider.Token, "PATCH", conversationPath(s.conversation), object{"pinned": true}).Refused(403, protocol.CodeNotParticipant)
	var unmuted protocol.Conversation
	s.Do(s.jerome.Token, "PATCH", conversationPath(s.conversation), object{"muted_until": nil}).OK(200).Into(&unmuted)
	if unmuted.Muted {
		t.Error("null mutes")
	}
}

func TestPinned_oneMoreThanMayBeIsRefused(t *testing.T) {
	s := newSchool(t)
	var created protocol.Conversation
	for range protocol.MaxPinnedConversations {
		s.Post(s.claire, createPath, object{"participants": []protocol.ID{s.jerome.ID, s.outsider.ID}}).OK(201).Into(&created)
		s.Do(s.claire.Token, "PATCH", conversationPath(created.ConversationID), object{"pinned": true}).OK(200)
	}
	s.Do(s.claire.Token, "PATCH", conversationPath(s.conversation), object{"pinned": true}).Refused(409, protocol.CodeTooManyPinned)
}
