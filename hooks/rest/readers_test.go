package rest_test

import (
	"fmt"
	"maps"
	"testing"
	"time"

	"messagerie/hooks/apptest"
	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
)

func readersPath(m protocol.Message) string {
	return messagesPath(m.ConversationID) + m.ID.String() + "/readers/"
}

// readers returns what has become of a message for each of the others, as "status" or "status time".
func (s school) readers(as apptest.Person, m protocol.Message) map[protocol.ID]string {
	var page []protocol.MessageReader
	s.Get(as, readersPath(m)).OK(200).Into(&page)
	became := map[protocol.ID]string{}
	for _, reader := range page {
		became[reader.UserID] = reader.Status
		if reader.ReadAt != nil {
			became[reader.UserID] += " " + *reader.ReadAt
		}
	}
	return became
}

// A marker knows when it has moved last: the messages that it has passed then have that time, those before have none.
func TestReaders_haveATimeOnlyWhereItIsKnown(t *testing.T) {
	s := newSchool(t)
	group := s.Conversation(s.claire, s.jerome, s.outsider)
	read := func(who apptest.Person) {
		t.Helper()
		s.Post(who, conversationPath(group)+"read/", nil).OK(204)
	}
	first := s.Says(s.claire, group, "Un")
	read(s.jerome)
	begun := time.Now().Add(-time.Second)
	second, third := s.Says(s.claire, group, "Deux"), s.Says(s.claire, group, "Trois")
	read(s.jerome)
	read(s.jerome) // again: nothing has moved
	if err := s.Conversations.MarkDelivered([]messagerie.Delivered{{Conversation: group, User: s.outsider.ID, UpTo: second.ID}}); err != nil {
		t.Fatal(err)
	}
	if got := s.readers(s.claire, first); got[s.jerome.ID] != "read" {
		t.Errorf("the first was %q, want read at an unknown time", got[s.jerome.ID])
	}
	for _, m := range []protocol.Message{second, third} {
		var at time.Time
		got := s.readers(s.claire, m)
		status, when, _ := cut(got[s.jerome.ID])
		at, err := time.Parse(time.RFC3339, when)
		if status != "read" || err != nil || at.Before(begun) || at.After(time.Now().Add(time.Second)) {
			t.Errorf("%q was %q", m.Content, got[s.jerome.ID])
		}
	}
	if got := s.readers(s.claire, second)[s.outsider.ID]; got != "delivered" {
		t.Errorf("the second was %q to the one whom it has reached", got)
	}
	if got := s.readers(s.claire, third); got[s.outsider.ID] != "sent" || len(got) != 2 {
		t.Errorf("the third was %v", got)
	}
}

// The marker of somebody who joins begins at the newest message, which they needn't have read.
func TestReaders_areThoseWhoWereThere(t *testing.T) {
	s := newSchool(t)
	group := s.createGroup(s.claire, "Sortie", s.jerome, s.outsider)
	before := s.Says(s.claire, group, "Rendez-vous annulé")
	nina := s.Person(s.college, protocol.RoleTeacher, "Nina", "Neuve")
	s.Post(s.claire, participantsPath(group), participants(nina)).OK(200)
	after := s.Says(s.claire, group, "Rendez-vous demain")
	for m, want := range map[*protocol.Message]map[protocol.ID]string{
		&before: {s.jerome.ID: "sent", s.outsider.ID: "sent"},
		&after:  {s.jerome.ID: "sent", s.outsider.ID: "sent", nina.ID: "sent"},
	} {
		if got := s.readers(s.claire, *m); !maps.Equal(got, want) {
			t.Errorf("the readers of %q are %v, want %v", m.Content, got, want)
		}
		for _, receipt := range s.seen(t, s.claire, group).Receipts {
			_, wasThere := want[receipt.UserID]
			if receipt.UserID != s.claire.ID && receipt.Joined < m.ID != wasThere {
				t.Errorf("%d joined at %d, %q was sent at %d", receipt.UserID, receipt.Joined, m.Content, m.ID)
			}
		}
	}
}

func cut(text string) (status, when string, ok bool) {
	var n int
	n, err := fmt.Sscan(text, &status, &when)
	return status, when, err == nil && n == 2
}

// What is read at night is seen by others in the morning, and never when it was.
func TestReaders_keepQuietHours(t *testing.T) {
	s := newSchool(t)
	clock := time.Date(2026, 11, 30, 21, 0, 0, 0, time.UTC)
	s.People.SetClock(func() time.Time { return clock })
	s.Change("establishments", s.college, object{"quiet": protocol.QuietDefer, "quiet_days": []string{}})
	group := s.Conversation(s.claire, s.jerome, s.outsider)
	record := s.Create("messages", object{"conversation": group.RecordID(), "sender": s.claire.ID.RecordID(), "content": "Bonne nuit"})
	sent := protocol.Message{ID: protocol.ParseID(record.Id), ConversationID: group}
	s.Post(s.jerome, conversationPath(group)+"read/", nil).OK(204)
	if got := s.readers(s.claire, sent)[s.jerome.ID]; got != "sent" {
		t.Errorf("at night it was %q", got)
	}
	clock = clock.Add(12 * time.Hour)
	if got := s.readers(s.claire, sent)[s.jerome.ID]; got != "read" {
		t.Errorf("in the morning it was %q, want read without a time", got)
	}
}

func TestReaders_areToldToTheAuthorAlone(t *testing.T) {
	s := newSchool(t)
	group := s.Conversation(s.claire, s.jerome, s.outsider)
	sent := s.Says(s.jerome, group, "Bonjour")
	s.Get(s.claire, readersPath(sent)).Refused(403, protocol.CodeForbidden)
	s.Get(s.outsider, readersPath(protocol.Message{ID: sent.ID, ConversationID: s.conversation})).Refused(403, protocol.CodeNotParticipant)
	s.Get(s.claire, readersPath(protocol.Message{ID: sent.ID, ConversationID: s.conversation})).OK(404)
	var first, rest []protocol.MessageReader
	resp := s.Get(s.jerome, readersPath(sent)+"?limit=1").OK(200).Into(&first)
	if resp.Header.Get("Link") == "" || len(first) != 1 {
		t.Fatalf("a page of one has %v, the next %q", first, resp.Header.Get("Link"))
	}
	s.Get(s.jerome, readersPath(sent)+"?cursor="+first[0].UserID.String()).OK(200).Into(&rest)
	if len(rest) != 1 || rest[0].UserID == first[0].UserID {
		t.Errorf("then came %v", rest)
	}
}
