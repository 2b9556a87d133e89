package rest_test

import (
	"fmt"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
)

// moves puts somebody into other establishments, as an administrator does in the dashboard.
func (s school) moves(t *testing.T, who apptest.Person, to ...protocol.ID) {
	t.Helper()
	s.changes(t, who, "establishments", func() (records []string) {
		for _, id := range to {
			records = append(records, id.RecordID())
		}
		return records
	}())
}

func (s school) changes(t *testing.T, who apptest.Person, field string, value any) {
	t.Helper()
	record := s.Find("users", who.ID)
	record.Set(field, value)
	if err := s.Save(record); err != nil {
		t.Fatal(err)
	}
}

// People who have left the establishment can read their conversations, but change nothing.
func TestLeftEstablishment_isCheckedOnEveryChange(t *testing.T) {
	s := newSchool(t)
	pupil := s.Person(s.college, protocol.RoleStudent, "Tom", "Roy")
	group := s.Conversation(s.claire, s.jerome, s.outsider)
	sent, others := s.Says(s.claire, group, "Bonjour"), s.Says(s.jerome, group, "Bonjour Madame")
	s.moves(t, s.claire, s.lycee)

	for name, resp := range map[string]*apptest.Response{
		"write":  s.Post(s.claire, messagesPath(group), object{"content": "Encore moi", "client_id": "1"}),
		"reply":  s.Post(s.claire, messagesPath(group), object{"content": "Encore moi", "reply_to": others.ID}),
		"edit":   s.Do(s.claire.Token, "PATCH", messagePath(sent), object{"content": "Bonsoir"}),
		"delete": s.Do(s.claire.Token, "DELETE", messagePath(sent), nil),
		"rename": s.Do(s.claire.Token, "PATCH", conversationPath(group), object{"title": "À moi"}),
		"add":    s.Post(s.claire, participantsPath(group), participants(pupil)),
		"remove": s.Do(s.claire.Token, "DELETE", participantsPath(group), participants(s.jerome)),
		"search": s.Get(s.claire, s.searchPath("le")),
		"begin":  s.Post(s.claire, messagesPath(s.conversation), object{"content": "Encore moi"}),
	} {
		if resp.StatusCode != 403 {
			t.Errorf("%s: status %d", name, resp.StatusCode)
			continue
		}
		resp.Refused(403, protocol.CodeNotInEstablishment)
	}
	s.Post(s.claire, createPath, participants(pupil)).Refused(403, protocol.CodeNoSharedEstablishment)
	var letter protocol.EmailAccepted
	s.Post(s.claire, "/api/email/send/", object{"recipients": ids(pupil), "subject": "x", "content": "x"}).OK(202).Into(&letter)
	if letter.Accepted != 0 {
		t.Error("a letter left for the old establishment")
	}
	s.Get(s.claire, fmt.Sprintf("/api/email/search-recipients/%d/?q=roy", s.college)).Refused(403, protocol.CodeNotInEstablishment)
	if got := s.history(t, s.claire, group); len(got) != 2 || got[0].Content != "Bonjour" || got[0].Deleted {
		t.Errorf("the history became %+v", got)
	}

	// What they may do: read, mute, leave.
	if c := s.seen(t, s.claire, group); c.Title != "" || len(c.Participants) != 3 {
		t.Errorf("the group became %+v", c)
	}
	s.Post(s.claire, conversationPath(group)+"read/", nil).OK(204)
	s.Do(s.claire.Token, "PATCH", conversationPath(group), object{"muted": true}).OK(200)
	s.Do(s.claire.Token, "DELETE", participantsPath(group), participants(s.claire)).OK(204)

	s.moves(t, s.claire, s.lycee, s.college)
	s.Post(s.claire, messagesPath(s.conversation), object{"content": "De retour"}).OK(201)
}

// A message that its recipient can't read isn't accepted.
func TestRecipient_whoIsGoneCantBeWrittenTo(t *testing.T) {
	gone := map[string]func(*testing.T, school){
		"moved":    func(t *testing.T, s school) { s.moves(t, s.jerome, s.lycee) },
		"disabled": func(t *testing.T, s school) { s.changes(t, s.jerome, "disabled", true) },
		"deleted": func(t *testing.T, s school) {
			if err := s.Delete(s.Find("users", s.jerome.ID)); err != nil {
				t.Fatal(err)
			}
		},
	}
	for name, goes := range gone {
		t.Run(name, func(t *testing.T) {
			s := newSchool(t)
			sent, second := s.Says(s.claire, s.conversation, "Bonjour"), s.Says(s.claire, s.conversation, "Pardon")
			group := s.Conversation(s.claire, s.jerome, s.outsider)
			goes(t, s)
			s.Post(s.claire, messagesPath(s.conversation), object{"content": "Êtes-vous là ?"}).Refused(403, protocol.CodeRecipientGone)
			s.Do(s.claire.Token, "PATCH", messagePath(sent), object{"content": "Bonsoir"}).Refused(403, protocol.CodeRecipientGone)
			s.Do(s.claire.Token, "DELETE", messagePath(second), nil).OK(204)
			s.Post(s.claire, messagesPath(group), object{"content": "Aux autres"}).OK(201)
			if got := s.history(t, s.claire, s.conversation); len(got) != 2 || got[0].Content != "Bonjour" || !got[1].Deleted {
				t.Errorf("the history became %+v", got)
			}
			if name == "moved" {
				s.Post(s.jerome, messagesPath(s.conversation), object{"content": "x"}).Refused(403, protocol.CodeNotInEstablishment)
			}
		})
	}
}

// A pair has one conversation: it can be used as long as both share any establishment.
func TestPair_canWriteWhileTheyShareAnyEstablishment(t *testing.T) {
	s := newSchool(t)
	s.moves(t, s.claire, s.lycee)
	s.moves(t, s.jerome, s.lycee)
	s.Post(s.claire, messagesPath(s.conversation), object{"content": "Bonjour"}).OK(201)
	s.Post(s.jerome, messagesPath(s.conversation), object{"content": "Bonjour"}).OK(201)
}

// What the dashboard writes isn't refused.
func TestLeftEstablishment_doesNotRestrictTheDashboard(t *testing.T) {
	s := newSchool(t)
	s.moves(t, s.claire, s.lycee)
	s.Do(s.Superuser(), "POST", "/api/collections/messages/records", object{"conversation": s.conversation.RecordID(),
		"sender": s.claire.ID.RecordID(), "content": "Message repris"}).OK(200)
	if _, _, err := s.Conversations.SendMessage(messagerie.NewMessage{Conversation: s.conversation, Sender: s.claire.ID, Content: "x"}); err == nil {
		t.Error("the person may write")
	}
}
