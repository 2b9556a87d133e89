package rest_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
)

// mentions sends a message that mentions people.
func (s school) mentions(as apptest.Person, conversation protocol.ID, people ...protocol.ID) *apptest.Response {
	return s.Post(as, messagesPath(conversation), object{"content": "@Jérôme vous venez ?", "client_id": fmt.Sprint(len(people)), "mentions": people})
}

func TestMentions_areOfPeopleInTheConversationEachOnce(t *testing.T) {
	s := newSchool(t)
	var sent, again, edited protocol.Message
	jerome, claire := s.jerome.ID, s.claire.ID
	want := []protocol.ID{jerome, claire}
	s.mentions(s.claire, s.conversation, jerome, claire, jerome).OK(201).Into(&sent)
	s.mentions(s.claire, s.conversation, jerome, claire, jerome).OK(200).Into(&again)
	s.Do(s.claire.Token, "PATCH", messagePath(sent), object{"content": "Merci à tous"}).OK(200).Into(&edited)
	for name, got := range map[string][]protocol.ID{
		"sent": sent.Mentions, "sent again": again.Mentions, "edited": edited.Mentions,
		"in a page": s.history(t, s.jerome, s.conversation)[0].Mentions, "in a list": s.seen(t, s.jerome, s.conversation).LastMessage.Mentions,
	} {
		if !slices.Equal(got, want) {
			t.Errorf("%s, it mentions %v", name, got)
		}
	}
	if plain := s.Says(s.claire, s.conversation, "x"); plain.Mentions == nil || len(plain.Mentions) != 0 {
		t.Errorf("without any: %v", plain.Mentions)
	}
	s.Do(s.claire.Token, "DELETE", messagePath(sent), nil).OK(204)
	if deleted := s.history(t, s.jerome, s.conversation)[0]; len(deleted.Mentions) != 0 || deleted.Mentions == nil {
		t.Errorf("deleted, it mentions %v", deleted.Mentions)
	}
}

func TestMentions_ofOthersAreRefused(t *testing.T) {
	s := newSchool(t)
	for _, people := range [][]protocol.ID{{s.outsider.ID}, {s.jerome.ID, s.outsider.ID}, {4711}, {0}, {-1}} {
		refused := s.mentions(s.claire, s.conversation, people...).Refused(400, protocol.CodeInvalidMentions)
		if refused.Data["mentions"] == nil {
			t.Errorf("the field isn't named: %+v", refused)
		}
	}
	s.mentions(s.claire, s.conversation, slices.Repeat([]protocol.ID{s.jerome.ID}, protocol.MaxMentions)...).OK(201)
	s.mentions(s.claire, s.conversation, slices.Repeat([]protocol.ID{s.jerome.ID}, protocol.MaxMentions+1)...).Refused(400, protocol.CodeInvalidMentions)
	if n := s.Count("messages"); n != 1 {
		t.Errorf("%d messages are stored", n)
	}
	// The dashboard keeps to it as well, and can't add any later.
	admin, records := s.Superuser(), "/api/collections/messages/records"
	message := object{"conversation": s.conversation.RecordID(), "sender": s.claire.ID.RecordID(), "content": "Bonjour", "mentions": s.outsider.ID.RecordID()}
	s.Do(admin, "POST", records, message).OK(400)
	message["mentions"] = "Jérôme"
	s.Do(admin, "POST", records, message).OK(400)
	message["mentions"] = s.jerome.ID.String() // fewer digits than are stored
	var created struct {
		ID       string `json:"id"`
		Mentions string `json:"mentions"`
	}
	s.Do(admin, "POST", records, message).OK(200).Into(&created)
	if created.Mentions != s.jerome.ID.RecordID() {
		t.Errorf("stored as %q", created.Mentions)
	}
	s.Do(admin, "PATCH", records+"/"+created.ID, object{"mentions": ""}).OK(400)
}

// What is muted stays in the archive whatever is written, unless it mentions the person.
func TestMentions_reachTheirPersonThroughMute(t *testing.T) {
	s := newSchool(t)
	group := s.Conversation(s.claire, s.jerome, s.outsider)
	socket, _ := s.Dial(s.jerome)
	for _, as := range []apptest.Person{s.jerome, s.outsider} {
		s.Do(as.Token, "PATCH", conversationPath(group), object{"archived": true, "muted": true}).OK(200)
	}
	s.Says(s.claire, group, "Bonjour")
	if !s.seen(t, s.jerome, group).Archived {
		t.Fatal("muted, it has come back already")
	}
	s.mentions(s.claire, group, s.jerome.ID).OK(201)
	if seen := s.seen(t, s.jerome, group); seen.Archived || !seen.Muted {
		t.Errorf("mentioned, it is %+v", seen)
	}
	for isArchived := true; isArchived; { // his sockets are told
		var list protocol.ConversationsList
		socket.Expect(protocol.TypeConversationsList, &list)
		for _, c := range list.Conversations {
			isArchived = isArchived && (c.ConversationID != group || c.Archived)
		}
	}
	if !s.seen(t, s.outsider, group).Archived {
		t.Error("it has come back for somebody else")
	}
	// By another way than the fast path.
	s.Create("messages", object{"conversation": group.RecordID(), "sender": s.claire.ID.RecordID(), "content": "@Léa", "mentions": s.outsider.ID.RecordID()})
	if s.seen(t, s.outsider, group).Archived {
		t.Error("mentioned in the dashboard, it hasn't come back")
	}
}

// A scheduled message mentions those who still take part when it is delivered.
func TestMentions_ofScheduledMessages(t *testing.T) {
	s := newSchool(t)
	group := s.Conversation(s.claire, s.jerome, s.outsider)
	later := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	send := func(people ...protocol.ID) *apptest.Response {
		return s.Post(s.claire, messagesPath(group), object{"content": "@tous", "mentions": people, "deliver_at": later})
	}
	send(4711).Refused(400, protocol.CodeInvalidMentions)
	var scheduled protocol.Scheduled
	send(s.jerome.ID, s.outsider.ID).OK(202).Into(&scheduled)
	if !slices.Equal(scheduled.Mentions, []protocol.ID{s.jerome.ID, s.outsider.ID}) {
		t.Errorf("it is to mention %v", scheduled.Mentions)
	}
	s.Do(s.claire.Token, "DELETE", participantsPath(group), participants(s.outsider)).OK(204)
	s.Do(s.claire.Token, "PATCH", "/api/messagerie/scheduled/"+scheduled.ID.String()+"/", object{"deliver_at": "2020-01-01T00:00:00Z"}).OK(200)
	if _, err := s.Conversations.DeliverDue(); err != nil {
		t.Fatal(err)
	}
	history := s.history(t, s.claire, group)
	if len(history) != 1 || !slices.Equal(history[0].Mentions, []protocol.ID{s.jerome.ID}) {
		t.Errorf("delivered: %+v", history)
	}
}
