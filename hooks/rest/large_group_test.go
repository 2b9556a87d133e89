package rest_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
)

func TestLargeGroup_isPartialInListsAndWholeByItself(t *testing.T) {
	s := newSchool(t)
	people := []apptest.Person{s.claire, s.jerome}
	for i := range 58 {
		people = append(people, s.Person(s.college, protocol.RoleStudent, "Élève", fmt.Sprint("Numéro", i)))
	}
	var created protocol.Conversation
	s.Post(s.claire, createPath, object{"participants": ids(people...), "title": "Sortie"}).OK(201).Into(&created)
	last := people[59]
	s.Says(last, created.ConversationID, "Bonjour")
	whole := func(what string, c protocol.Conversation) {
		t.Helper()
		if got := userIDs(c.Participants); !slices.Equal(got, ids(people...)) || len(c.Receipts) != 60 || c.ParticipantCount != 60 {
			t.Errorf("%s: %d participants, %d receipts, of %d", what, len(got), len(c.Receipts), c.ParticipantCount)
		}
	}
	path := conversationsPath(s.jerome) + created.ConversationID.String() + "/"
	var one, muted protocol.Conversation
	whole("created", created)
	s.Get(s.jerome, path).OK(200).Into(&one)
	whole("asked for", one)
	s.Do(s.jerome.Token, "PATCH", conversationPath(created.ConversationID), object{"muted": true}).OK(200).Into(&muted)
	whole("muted", muted)

	listed := s.seen(t, s.jerome, created.ConversationID)
	if listed.ParticipantCount != 60 || len(listed.Participants) != 50 || len(listed.Receipts) != 50 ||
		listed.Participants[0].ID != s.jerome.ID || listed.Participants[1].ID != last.ID {
		t.Errorf("listed with %d of %d, first %+v", len(listed.Participants), listed.ParticipantCount, listed.Participants[:2])
	}

	var paged []protocol.User
	pages := 0
	for page := path + "?limit=25"; page != ""; pages++ {
		var part protocol.Conversation
		resp := s.Get(s.jerome, page).OK(200).Into(&part)
		paged, page = append(paged, part.Participants...), next(t, resp)
	}
	if pages != 3 || !reflect.DeepEqual(paged, one.Participants) {
		t.Errorf("%d pages with %d participants", pages, len(paged))
	}
	for query, field := range map[string]string{"?limit=0": "limit", "?cursor=x": "cursor", "?cursor=": ""} {
		resp := s.Get(s.jerome, path+query)
		if field == "" {
			resp.OK(200)
		} else if refused := resp.Refused(400, protocol.CodeInvalidRequest); refused.Data[field] == nil {
			t.Errorf("%s: data %v doesn't name %s", query, refused.Data, field)
		}
	}
	s.Get(s.outsider, conversationsPath(s.outsider)+created.ConversationID.String()+"/?limit=5").Refused(403, protocol.CodeNotParticipant)
}

// A page ends at its size in bytes as well, and the Link header continues from there.
func TestList_isPagedByBytesToo(t *testing.T) {
	s := newSchool(t)
	want := []protocol.ID{s.conversation}
	for range 30 {
		c := s.Conversation(s.claire, s.jerome, s.outsider)
		s.Says(s.jerome, c, strings.Repeat("é", 10_000))
		want = append([]protocol.ID{c}, want...)
	}
	got, pages := s.walk(t, s.claire, conversationsPath(s.claire))
	if !slices.Equal(got, want) || pages != 3 {
		t.Errorf("%d pages with %v, want %v", pages, got, want)
	}
	_, list := s.Dial(s.claire)
	if n := len(list.Conversations); list.Complete || n == 0 || n >= 30 {
		t.Errorf("the frame has %d conversations, complete: %v", n, list.Complete)
	}
}

func TestPeopleWhoHaveLeft_areNamedInTheRefusal(t *testing.T) {
	s := newSchool(t)
	second := s.Person(s.college, protocol.RoleStudent, "Tom", "Second")
	group := s.Conversation(s.jerome, s.outsider, second, s.claire)
	for _, person := range []apptest.Person{s.outsider, second} {
		s.Do(person.Token, "DELETE", participantsPath(group), participants(person)).OK(204)
	}
	refused := s.Post(s.jerome, participantsPath(group), participants(s.outsider, s.claire)).Refused(403, protocol.CodeHasLeft)
	if named, ok := refused.Data["participants"].([]any); !ok || len(named) != 1 || named[0] != float64(s.outsider.ID) {
		t.Errorf("data %v doesn't name %d", refused.Data, s.outsider.ID)
	}
	s.Post(s.claire, participantsPath(group), participants(s.outsider)).OK(200)
	s.Post(s.jerome, participantsPath(group), participants(second)).Refused(403, protocol.CodeHasLeft)
}

// If a group's creator has left, somebody else manages it.
func TestGroup_isManagedAfterItsCreatorHasLeft(t *testing.T) {
	s := newSchool(t)
	second := s.Person(s.college, protocol.RoleStudent, "Tom", "Second")
	group := s.Conversation(s.outsider, s.jerome, second)
	s.Do(s.jerome.Token, "PATCH", conversationPath(group), object{"title": "Non"}).Refused(403, protocol.CodeForbidden)
	s.Do(s.outsider.Token, "DELETE", participantsPath(group), participants(s.outsider)).OK(204)
	if c := s.seen(t, second, group); c.ManagedBy != s.jerome.ID || c.Can != (protocol.Can{Leave: true}) {
		t.Errorf("managed by %d, may %+v", c.ManagedBy, c.Can)
	}
	s.Do(second.Token, "PATCH", conversationPath(group), object{"title": "Non"}).Refused(403, protocol.CodeForbidden)
	s.Do(s.jerome.Token, "PATCH", conversationPath(group), object{"title": "Oui"}).OK(200)
	s.Do(s.jerome.Token, "DELETE", participantsPath(group), participants(second)).OK(204)
}

func TestResponses_leaveTextAsItIs(t *testing.T) {
	s := newSchool(t)
	settings := s.Settings()
	settings.Meta.AppName = "Collège <A> & B"
	if err := s.Save(settings); err != nil {
		t.Fatal(err)
	}
	text := "<b>1 < 2 & 3 > 2</b>"
	path := messagesPath(s.conversation)
	for what, body := range map[string][]byte{
		"sent":    s.Post(s.claire, path, object{"content": text}).OK(201).Body,
		"history": s.Get(s.jerome, path).OK(200).Body,
		"list":    s.Get(s.jerome, conversationsPath(s.jerome)).OK(200).Body,
		"picked":  s.Get(s.jerome, conversationsPath(s.jerome)+"?fields=last_message.content").OK(200).Body,
		"one":     s.Get(s.jerome, conversationsPath(s.jerome)+s.conversation.String()+"/").OK(200).Body,
	} {
		if !strings.Contains(string(body), `"content":"`+text+`"`) {
			t.Errorf("%s: %s", what, body)
		}
	}
	if body := string(s.Do("", "GET", "/api/messagerie/school/", nil).OK(200).Body); !strings.Contains(body, "Collège <A> & B") {
		t.Errorf("school: %s", body)
	}
	if body := string(s.Get(s.claire, "/api/messagerie/conversations/"+s.claire.ID.String()+"/?cursor=%3C&limit=x").OK(400).Body); strings.Contains(body, `\u00`) {
		t.Errorf("refused: %s", body)
	}
}

// As everywhere in PocketBase, ?fields= leaves the others out.
func TestResponses_haveTheRequestedFields(t *testing.T) {
	s := newSchool(t)
	for path, want := range map[string]string{
		conversationsPath(s.claire) + "?fields=conversation_id,muted":                                `[{"conversation_id":%d,"muted":false}]`,
		conversationsPath(s.claire) + s.conversation.String() + "/?fields=kind,participant_count":    `{"kind":"direct","participant_count":2}`,
		conversationsPath(s.claire) + s.conversation.String() + "/?limit=1&fields=participants.role": `{"participants":[{"role":"teacher"}]}`,
	} {
		if strings.Contains(want, "%d") {
			want = fmt.Sprintf(want, s.conversation)
		}
		if body := string(s.Get(s.claire, path).OK(200).Body); body != want {
			t.Errorf("%s returns %s, want %s", path, body, want)
		}
	}
}
