package rest_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
)

func eventsPath(conversation protocol.ID) string { return conversationPath(conversation) + "events/" }

// happened returns what happened in a group, each as "kind cause actor: people (count) title" by first names.
func (s school) happened(as apptest.Person, conversation protocol.ID) (lines []string) {
	var events []protocol.ConversationEvent
	s.Get(as, eventsPath(conversation)).OK(200).Into(&events)
	for _, e := range events {
		var words []string
		for _, word := range []string{e.Kind, e.Cause} {
			if word != "" {
				words = append(words, word)
			}
		}
		if e.Actor != nil {
			words = append(words, "by "+e.Actor.FirstName)
		}
		for _, person := range e.People {
			words = append(words, person.FirstName)
		}
		if e.Count != len(e.People) {
			words = append(words, fmt.Sprint(e.Count))
		}
		if e.Title != "" {
			words = append(words, "« "+e.Title+" »")
		}
		lines = append(lines, strings.Join(words, " "))
	}
	return lines
}

func (s school) expectEvents(t *testing.T, as apptest.Person, conversation protocol.ID, want ...string) {
	t.Helper()
	if got := s.happened(as, conversation); !slices.Equal(got, want) {
		t.Errorf("it happened:\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func (s school) createGroup(as apptest.Person, title string, others ...apptest.Person) protocol.ID {
	var created protocol.Conversation
	body := participants(others...)
	body["title"] = title
	s.Post(as, "/api/messagerie/conversations/create/", body).OK(201).Into(&created)
	return created.ConversationID
}

func TestEvents_tellWhoCreatedRenamedAddedRemovedAndLeft(t *testing.T) {
	s := newSchool(t)
	nina, paul := s.Person(s.college, protocol.RoleTeacher, "Nina", "Neuve"), s.Person(s.college, protocol.RoleTeacher, "Paul", "Petit")
	group := s.createGroup(s.claire, "Sortie", s.jerome, s.outsider)
	s.Do(s.claire.Token, "PATCH", conversationPath(group), object{"title": "Musée"}).OK(200)
	s.Do(s.claire.Token, "PATCH", conversationPath(group), object{"title": "Musée"}).OK(200) // nothing has changed
	s.Post(s.claire, participantsPath(group), participants(nina, paul)).OK(200)
	s.Do(s.claire.Token, "DELETE", participantsPath(group), participants(paul)).OK(204)
	s.Do(nina.Token, "DELETE", participantsPath(group), participants(nina)).OK(204)
	s.expectEvents(t, s.jerome, group, "created by Claire", "renamed by Claire « Musée »", "added by Claire Nina Paul", "removed by Claire Paul", "left Nina")
	s.Get(nina, eventsPath(group)).Refused(403, protocol.CodeNotParticipant) // she has left
	s.expectEvents(t, s.claire, s.conversation)                              // a direct one has none
}

func TestEvents_haveTheirPlaceAmongTheMessages(t *testing.T) {
	s := newSchool(t)
	group := s.createGroup(s.claire, "Sortie", s.jerome, s.outsider)
	before := s.Says(s.claire, group, "Bonjour")
	nina := s.Person(s.college, protocol.RoleTeacher, "Nina", "Neuve")
	s.Post(s.claire, participantsPath(group), participants(nina)).OK(200)
	after := s.Says(nina, group, "Merci")
	var events []protocol.ConversationEvent
	s.Get(nina, eventsPath(group)).OK(200).Into(&events) // she reads what was before, as with messages
	if len(events) != 2 || events[0].ID >= before.ID || events[1].ID <= before.ID || events[1].ID >= after.ID {
		t.Errorf("events %+v, messages %d and %d", events, before.ID, after.ID)
	}
	if _, err := time.Parse(time.RFC3339, events[0].Timestamp); err != nil {
		t.Error(err)
	}
}

func TestEvents_ofAClassAreOneLineADay(t *testing.T) {
	s := newClassSchool(t)
	class := s.group(t, s.claire).ConversationID
	for i := range 15 {
		s.Enroll(s.fifth, s.Person(s.college, protocol.RoleStudent, fmt.Sprintf("Élève%02d", i), "Neuf"), protocol.InClassStudent)
		s.Says(s.claire, class, "Bienvenue") // what is in between doesn't matter
	}
	s.Change("users", s.zoe.ID, object{"disabled": true})
	s.Change("classes", s.fifth, object{"name": "5e Z"})
	got := s.happened(s.claire, class)
	if len(got) != 4 || got[0] != "created by Claire" || !strings.HasPrefix(got[1], "joined class Élève00 Élève01") || !strings.HasSuffix(got[1], " 15") ||
		got[2] != "left class Zoë" || !strings.HasPrefix(got[3], "renamed class « 5e Z") {
		t.Errorf("it happened:\n%s", strings.Join(got, "\n"))
	}
}

func TestEvents_ofTheDashboard(t *testing.T) {
	s := newSchool(t)
	group := s.createGroup(s.claire, "Sortie", s.jerome, s.outsider)
	nina := s.Person(s.college, protocol.RoleTeacher, "Nina", "Neuve")
	super := s.Superuser()
	var added struct {
		ID string `json:"id"`
	}
	s.Do(super, "POST", "/api/collections/participants/records", object{"conversation": group.RecordID(), "user": nina.ID.RecordID()}).OK(200).Into(&added)
	s.Do(super, "PATCH", "/api/collections/conversations/records/"+group.RecordID(), object{"title": "Musée"}).OK(200)
	s.Do(super, "DELETE", "/api/collections/participants/records/"+added.ID, nil).OK(204)
	s.expectEvents(t, s.claire, group, "created by Claire", "added administration Nina", "renamed administration « Musée »", "removed administration Nina")
	s.Do(super, "POST", "/api/collections/conversation_events/records", object{"conversation": group.RecordID(), "kind": "left"}).OK(400)
}

// What the dashboard changes is stored with its event, or not at all.
func TestEvents_ofTheDashboardAreStoredWithTheChange(t *testing.T) {
	s := newSchool(t)
	group := s.createGroup(s.claire, "Sortie", s.jerome, s.outsider)
	nina, super := s.Person(s.college, protocol.RoleTeacher, "Nina", "Neuve"), s.Superuser()
	jerome, err := s.FindFirstRecordByFilter("participants", "conversation = {:c} && user = {:u}", dbx.Params{"c": group.RecordID(), "u": s.jerome.ID.RecordID()})
	if err != nil {
		t.Fatal(err)
	}
	s.OnRecordCreate("conversation_events").BindFunc(func(*core.RecordEvent) error { return errors.New("the disk is full") })
	participants := s.Count("participants")
	for _, resp := range []*apptest.Response{
		s.Do(super, "POST", "/api/collections/participants/records", object{"conversation": group.RecordID(), "user": nina.ID.RecordID()}),
		s.Do(super, "DELETE", "/api/collections/participants/records/"+jerome.Id, nil),
		s.Do(super, "PATCH", "/api/collections/conversations/records/"+group.RecordID(), object{"title": "Musée"}),
	} {
		if resp.StatusCode < 400 {
			t.Errorf("a change without its event: %d %s", resp.StatusCode, resp.Body)
		}
	}
	if n, title := s.Count("participants"), s.Find("conversations", group).GetString("title"); n != participants || title != "Sortie" {
		t.Errorf("%d participants of %d, in %q", n, participants, title)
	}
}

// What happened to somebody goes with their account; what they did stays without their name.
func TestEvents_ofDeletedPeople(t *testing.T) {
	s := newSchool(t)
	nina := s.Person(s.college, protocol.RoleTeacher, "Nina", "Neuve")
	group := s.createGroup(s.claire, "Sortie", s.jerome, s.outsider)
	s.Post(s.claire, participantsPath(group), participants(nina)).OK(200)
	s.Do(nina.Token, "PATCH", conversationPath(group), object{"title": "Musée"}).OK(200)
	s.Remove("users", nina.ID)
	s.expectEvents(t, s.claire, group, "created by Claire", "renamed « Musée »")
	s.Remove("conversations", group)
	if n := s.Count("conversation_events"); n != 0 {
		t.Errorf("%d events are left of a deleted group", n)
	}
}

func TestEvents_arePaged(t *testing.T) {
	s := newSchool(t)
	group := s.createGroup(s.claire, "Sortie", s.jerome, s.outsider)
	for range 2 { // not alike, so not one event
		s.Post(s.claire, participantsPath(group), participants(s.Person(s.college, protocol.RoleTeacher, "Nina", "Neuve"))).OK(200)
		s.Do(s.claire.Token, "PATCH", conversationPath(group), object{"title": "Titre " + fmt.Sprint(s.Count("users"))}).OK(200)
	}
	var newest, older []protocol.ConversationEvent
	resp := s.Get(s.claire, eventsPath(group)+"?limit=2").OK(200).Into(&newest)
	next := resp.Header.Get("Link")
	s.Get(s.claire, next[1:strings.Index(next, ">")]).OK(200).Into(&older)
	if len(newest) != 2 || len(older) != 2 || older[1].ID >= newest[0].ID {
		t.Errorf("pages %v, %v", older, newest)
	}
	s.Get(s.claire, eventsPath(group)+"?before=x").OK(400)
}

// What is told as one line is told whole: its place and its count don't depend on where a page ends.
func TestEvents_areNotSplitByPages(t *testing.T) {
	s := newClassSchool(t)
	class := s.group(t, s.claire).ConversationID
	join := func(names ...string) {
		for _, name := range names {
			s.Enroll(s.fifth, s.Person(s.college, protocol.RoleStudent, name, "Neuf"), protocol.InClassStudent)
		}
	}
	join("Un", "Deux", "Trois")
	var all []protocol.ConversationEvent
	for range 2 { // as the class grows
		join("Quatre", "Cinq", "Six")
		s.Get(s.claire, eventsPath(class)).OK(200).Into(&all)
		for limit := range 10 {
			s.expectPages(t, class, limit+1, all)
		}
	}
	s.Change("classes", s.fifth, object{"name": "5e Z"})
	join("Sept", "Huit")
	s.Get(s.claire, eventsPath(class)).OK(200).Into(&all)
	if len(all) != 3 {
		t.Fatalf("it happened: %+v", all)
	}
	for limit := range 12 {
		s.expectPages(t, class, limit+1, all)
	}
}

// An event of more changes than are read before a page goes on in the next one.
func TestEvents_ofVeryManyChangesArePaged(t *testing.T) {
	s := newSchool(t)
	group := s.createGroup(s.claire, "Sortie", s.jerome, s.outsider)
	const changes = 1200
	_, err := s.DB().NewQuery(`WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < {:changes})
		INSERT INTO conversation_events (id, conversation, kind, cause, user, created)
		SELECT printf('%016d', {:group} + 100000000 + i), {:conversation}, 'joined', 'class', printf('%016d', i), '2026-11-30 08:00:00.000Z' FROM n`).
		Bind(dbx.Params{"changes": changes, "group": group, "conversation": group.RecordID()}).Execute()
	if err != nil {
		t.Fatal(err)
	}
	people, pages := 0, s.eventPages(s.claire, group, 10)
	for _, event := range slices.Concat(pages...) {
		people += event.Count
	}
	if people != changes || len(pages) != 4 { // the creation is on the oldest
		t.Errorf("%d of %d are told of, in %d pages", people, changes, len(pages))
	}
}

// eventPages reads the events of a group in pages, the oldest first.
func (s school) eventPages(as apptest.Person, group protocol.ID, limit int) (pages [][]protocol.ConversationEvent) {
	for path := fmt.Sprint(eventsPath(group), "?limit=", limit); path != ""; {
		var page []protocol.ConversationEvent
		next := s.Get(as, path).OK(200).Into(&page).Header.Get("Link")
		pages = append([][]protocol.ConversationEvent{page}, pages...)
		path = ""
		if next != "" {
			path = next[1:strings.Index(next, ">")]
		}
	}
	return pages
}

func (s school) expectPages(t *testing.T, group protocol.ID, limit int, want []protocol.ConversationEvent) {
	t.Helper()
	got := slices.Concat(s.eventPages(s.claire, group, limit)...)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("pages of %d have %+v, want %+v", limit, got, want)
	}
}

func TestEvents_areToldToOpenSockets(t *testing.T) {
	s := newSchool(t)
	group := s.createGroup(s.claire, "Sortie", s.jerome, s.outsider)
	jerome, _ := s.Dial(s.jerome)
	s.Do(s.claire.Token, "PATCH", conversationPath(group), object{"title": "Musée"}).OK(200)
	var told protocol.ConversationEventsFrame
	jerome.Expect(protocol.TypeConversationEvents, &told)
	if told.ConversationID != group {
		t.Errorf("told of %d, want %d", told.ConversationID, group)
	}
}
