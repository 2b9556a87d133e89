package rest_test

import (
	"fmt"
	"strings"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
)

// earlier returns what a message said before, with who wrote it.
func (s school) earlier(as apptest.Person, m protocol.Message, query string) (all []protocol.EarlierContent, texts string) {
	s.Get(as, messagePath(m)+"history/"+query).OK(200).Into(&all)
	for _, one := range all {
		texts += fmt.Sprintf("%s(%s) ", one.Content, one.EditedBy)
	}
	return all, strings.TrimSpace(texts)
}

func (s school) edits(as apptest.Person, m protocol.Message, content string) *apptest.Response {
	return s.Do(as.Token, "PATCH", messagePath(m), object{"content": content})
}

func TestHistory_hasWhatAMessageSaidBeforeEachEdit(t *testing.T) {
	s := newSchool(t)
	sent := s.Says(s.claire, s.conversation, "un")
	if _, texts := s.earlier(s.claire, sent, ""); texts != "" {
		t.Errorf("before any edit: %s", texts)
	}
	var edited protocol.Message
	s.edits(s.claire, sent, "deux").OK(200).Into(&edited)
	s.edits(s.claire, sent, "deux").OK(200) // the same text
	s.Change("messages", sent.ID, object{"content": "trois"})
	s.edits(s.claire, sent, "quatre").OK(200)
	all, texts := s.earlier(s.claire, sent, "")
	if want := "un() deux(author) trois(administration)"; texts != want {
		t.Fatalf("the history is %s, want %s", texts, want)
	}
	if all[0].Timestamp != sent.Timestamp || edited.EditedAt == nil || all[1].Timestamp != *edited.EditedAt {
		t.Errorf("written at %+v, sent at %s, edited at %v", all, sent.Timestamp, edited.EditedAt)
	}
}

// A record that the dashboard has loaded a while ago is stale: what its save replaces is kept all the same.
func TestHistory_hasWhatAnEditByTwoAtOnceReplaces(t *testing.T) {
	s := newSchool(t)
	sent := s.Says(s.claire, s.conversation, "un")
	loaded := s.Find("messages", sent.ID)
	s.edits(s.claire, sent, "deux").OK(200)
	loaded.Set("content", "trois")
	if err := s.Save(loaded); err != nil {
		t.Fatal(err)
	}
	if _, texts := s.earlier(s.claire, sent, ""); texts != "un() deux(author)" {
		t.Errorf("the history is %s", texts)
	}
}

// Moderators are the administrators of the establishment, where they take part.
func TestHistory_isForTheAuthorAndModerators(t *testing.T) {
	s := newSchool(t)
	head := s.Person(s.college, protocol.RoleAdmin, "Hélène", "Durand")
	foreign := s.Person(s.lycee, protocol.RoleAdmin, "Paul", "Roy")
	group := s.Conversation(s.claire, s.jerome, head)
	s.Create("participants", object{"conversation": group.RecordID(), "user": foreign.ID.RecordID()})
	sent := s.Says(s.jerome, group, "un")
	other := s.Says(s.claire, s.conversation, "ailleurs")
	s.edits(s.jerome, sent, "deux").OK(200)
	path := messagePath(sent) + "history/"
	s.Get(s.jerome, path).OK(200)
	s.Get(head, path).OK(200)
	s.Get(s.claire, path).Refused(403, protocol.CodeForbidden) // a teacher who manages the group
	s.Get(foreign, path).Refused(403, protocol.CodeForbidden)
	s.Get(s.outsider, path).Refused(403, protocol.CodeNotParticipant)
	s.Get(head, messagePath(other)+"history/").Refused(403, protocol.CodeNotParticipant)
	other.ConversationID = group
	s.Get(head, messagePath(other)+"history/").Refused(404, protocol.CodeNotFound)
	s.Get(s.jerome, path+"?cursor=x").Refused(400, protocol.CodeInvalidRequest)
}

func TestHistory_comesInPages(t *testing.T) {
	s := newSchool(t)
	sent := s.Says(s.claire, s.conversation, "0")
	for i := range 5 {
		s.edits(s.claire, sent, fmt.Sprint(i+1)).OK(200)
	}
	if pages := s.pages(t, s.claire, messagePath(sent)+"history/?limit=2"); fmt.Sprint(len(pages)) != "3" || len(pages[0]) != 2 || len(pages[2]) != 1 {
		t.Errorf("the pages are %v", pages)
	}
	// A page ends before it becomes too large.
	long := s.Says(s.claire, s.conversation, "0")
	for i := range 60 {
		s.edits(s.claire, long, strings.Repeat("👋", 9_990)+fmt.Sprint(i)).OK(200)
	}
	pages := s.pages(t, s.claire, messagePath(long)+"history/?limit=200")
	if len(pages) < 2 || len(pages) > 4 {
		t.Errorf("2.4 MB come in %d pages", len(pages))
	}
}

func TestHistory_losesNothingToItsLimit(t *testing.T) {
	s := newSchool(t)
	sent := s.Says(s.claire, s.conversation, "0")
	for i := range protocol.MaxEdits {
		s.edits(s.claire, sent, fmt.Sprint(i+1)).OK(200)
	}
	s.edits(s.claire, sent, "encore").Refused(409, protocol.CodeTooManyEdits)
	s.edits(s.claire, sent, fmt.Sprint(protocol.MaxEdits)).OK(200) // as it is
	s.Change("messages", sent.ID, object{"content": "par l'administration"})
	if all, _ := s.earlier(s.claire, sent, "?limit=200"); len(all) != protocol.MaxEdits+1 || all[0].Content != "0" {
		t.Errorf("%d are left, beginning with %+v", len(all), all[0])
	}
	s.Do(s.claire.Token, "DELETE", messagePath(sent), nil).OK(204)
}

func TestHistory_goesWithItsMessageAndItsAuthor(t *testing.T) {
	s := newSchool(t)
	head := s.Person(s.college, protocol.RoleAdmin, "Hélène", "Durand")
	group := s.Conversation(s.claire, s.jerome, head)
	deleted, removed, authors := s.Says(s.jerome, group, "un"), s.Says(s.jerome, group, "un"), s.Says(s.claire, group, "un")
	for _, m := range []protocol.Message{deleted, removed} {
		s.edits(s.jerome, m, "deux").OK(200)
	}
	s.edits(s.claire, authors, "deux").OK(200)
	left := func(want int) {
		t.Helper()
		if n := s.Count("message_edits"); n != want {
			t.Errorf("%d are stored, want %d", n, want)
		}
	}
	left(3)
	s.Do(s.jerome.Token, "DELETE", messagePath(deleted), nil).OK(204)
	left(2)
	if all, _ := s.earlier(head, deleted, ""); all == nil || len(all) != 0 {
		t.Errorf("deleted, it has %+v", all)
	}
	s.Change("messages", deleted.ID, object{"deleted": false, "content": "rétabli"}) // there is nothing to keep
	left(2)
	s.Do(s.Superuser(), "DELETE", "/api/collections/messages/records/"+removed.ID.RecordID(), nil).OK(204)
	left(1)
	if err := s.Delete(s.claire.Record); err != nil {
		t.Fatal(err)
	}
	left(0)
	if _, texts := s.earlier(head, authors, ""); texts != "" {
		t.Errorf("without its author it has %s", texts)
	}
}

func TestHistory_isWrittenByTheServerAlone(t *testing.T) {
	s := newSchool(t)
	sent := s.Says(s.claire, s.conversation, "un")
	s.edits(s.claire, sent, "deux").OK(200)
	all, _ := s.earlier(s.claire, sent, "")
	admin, records := s.Superuser(), "/api/collections/message_edits/records"
	s.Do(admin, "POST", records, object{"message": sent.ID.RecordID(), "content": "x", "written": "2026-01-01 00:00:00.000Z"}).OK(400)
	s.Do(admin, "PATCH", records+"/"+all[0].ID.RecordID(), object{"content": "x"}).OK(400)
	s.Get(s.claire, records).Refused(403, protocol.CodeForbidden)
}
