package rest_test

import (
	"slices"
	"strings"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
)

func (s school) members(t *testing.T, as apptest.Person, id protocol.ID) []protocol.ID {
	t.Helper()
	return userIDs(s.seen(t, as, id).Participants)
}

func TestTitle_canBeChangedByTheGroupsCreatorAndByStaff(t *testing.T) {
	s := newSchool(t)
	group := s.Conversation(s.jerome, s.claire, s.outsider)
	for _, c := range []struct {
		who    apptest.Person
		title  string
		status int
		code   string
	}{
		{s.jerome, "  La mienne ", 200, ""},
		{s.claire, "Celle de l'école", 200, ""},
		{s.claire, "", 200, ""},
		{s.outsider, "Non", 403, protocol.CodeForbidden},
		{s.claire, strings.Repeat("é", 201), 400, protocol.CodeTitleTooLong},
		{s.jerome, strings.Repeat("é", 200), 200, ""},
	} {
		resp := s.Do(c.who.Token, "PATCH", conversationPath(group), object{"title": c.title})
		if c.code != "" {
			resp.Refused(c.status, c.code)
			continue
		}
		var changed protocol.Conversation
		resp.OK(200).Into(&changed)
		if changed.Title != strings.TrimSpace(c.title) || s.seen(t, s.outsider, group).Title != changed.Title {
			t.Errorf("the title is %q, want %q", changed.Title, c.title)
		}
	}
	refused := s.Do(s.claire.Token, "PATCH", conversationPath(s.conversation), object{"title": "À deux"}).Refused(400, protocol.CodeNotAGroup)
	if refused.Data["conversation"] == nil {
		t.Errorf("data %v doesn't name the field", refused.Data)
	}
	if title := s.seen(t, s.claire, s.conversation).Title; title != "" {
		t.Errorf("a direct conversation is called %q", title)
	}
}

func TestChange_ofTitleAndMutedIsAtomic(t *testing.T) {
	s := newSchool(t)
	group := s.Conversation(s.jerome, s.claire, s.outsider)
	s.Do(s.outsider.Token, "PATCH", conversationPath(group), object{"title": "Non", "muted": true}).Refused(403, protocol.CodeForbidden)
	s.Do(s.jerome.Token, "PATCH", conversationPath(group), object{"title": strings.Repeat("x", 201), "muted": true}).OK(400)
	for _, who := range []apptest.Person{s.outsider, s.jerome} {
		if c := s.seen(t, who, group); c.Muted || c.Title != "" {
			t.Errorf("half of it was saved: %+v", c)
		}
	}
}

func TestParticipants_areAddedToAGroup(t *testing.T) {
	s := newSchool(t)
	fourth := s.Person(s.college, protocol.RoleStudent, "Qua", "Trième")
	group := s.Conversation(s.jerome, s.claire, s.outsider)
	var changed protocol.Conversation
	s.Post(s.jerome, participantsPath(group), participants(fourth, s.claire, fourth)).OK(200).Into(&changed)
	want := ids(s.claire, s.jerome, s.outsider, fourth)
	if got := userIDs(changed.Participants); !slices.Equal(got, want) || !slices.Equal(s.members(t, fourth, group), want) {
		t.Errorf("the group has %v, want %v", got, want)
	}
	s.Post(fourth, messagesPath(group), object{"content": "Merci"}).OK(201)
}

func TestParticipants_refusalsToAdd(t *testing.T) {
	s := newSchool(t)
	disabled := s.Person(s.college, protocol.RoleStudent, "Eva", "Partie")
	disabled.Record.Set("disabled", true)
	if err := s.Save(disabled.Record); err != nil {
		t.Fatal(err)
	}
	fourth := s.Person(s.college, protocol.RoleStudent, "Qua", "Trième")
	group := s.Conversation(s.jerome, s.claire, s.outsider)
	s.Post(s.claire, participantsPath(s.conversation), participants(fourth)).Refused(400, protocol.CodeNotAGroup)
	s.Post(s.outsider, participantsPath(group), participants(fourth)).Refused(403, protocol.CodeForbidden)
	s.Post(fourth, participantsPath(group), participants(fourth)).Refused(403, protocol.CodeNotParticipant)
	s.Post(s.claire, participantsPath(group), participants(s.stranger)).Refused(403, protocol.CodeNoSharedEstablishment)
	s.Post(s.claire, participantsPath(group), participants(disabled)).Refused(400, protocol.CodeUnknownParticipants)
	unknown := s.Post(s.claire, participantsPath(group), object{"participants": []int{4711, int(fourth.ID)}}).Refused(400, protocol.CodeUnknownParticipants)
	if named, ok := unknown.Data["participants"].([]any); !ok || len(named) != 1 || named[0] != 4711.0 {
		t.Errorf("data %v doesn't name 4711", unknown.Data)
	}
	if got := s.members(t, s.claire, group); !slices.Equal(got, ids(s.claire, s.jerome, s.outsider)) {
		t.Errorf("the group became %v", got)
	}
}

func TestParticipants_leaveAndAreRemoved(t *testing.T) {
	s := newSchool(t)
	fourth := s.Person(s.college, protocol.RoleStudent, "Qua", "Trième")
	group := s.Conversation(s.jerome, s.claire, s.outsider, fourth)
	remove := func(as apptest.Person, who ...apptest.Person) *apptest.Response {
		return s.Do(as.Token, "DELETE", participantsPath(group), participants(who...))
	}
	remove(s.outsider, fourth).Refused(403, protocol.CodeForbidden)
	remove(s.outsider, s.outsider, fourth).Refused(403, protocol.CodeForbidden)
	s.Do(s.claire.Token, "DELETE", participantsPath(s.conversation), participants(s.claire)).Refused(400, protocol.CodeNotAGroup)

	remove(s.outsider, s.outsider).OK(204) // leaves
	s.Get(s.outsider, messagesPath(group)).Refused(403, protocol.CodeNotParticipant)
	if slices.Contains(conversationIDs(s.list(t, s.outsider)), group) {
		t.Error("the person who left still has it in the list")
	}
	remove(s.jerome, fourth, s.stranger).OK(204) // one who isn't a participant is ignored
	remove(s.claire, s.jerome).OK(204)           // staff, although he created it
	if got := s.members(t, s.claire, group); !slices.Equal(got, ids(s.claire)) {
		t.Errorf("the group has %v", got)
	}
	s.Says(s.claire, group, "toute seule")
	remove(s.claire, s.claire).OK(204)
}

func TestGroup_staysAGroupWhenTwoAreLeft(t *testing.T) {
	s := newSchool(t)
	group := s.Conversation(s.claire, s.jerome, s.outsider)
	s.Do(s.outsider.Token, "DELETE", participantsPath(group), participants(s.outsider)).OK(204)
	var direct protocol.Conversation
	s.Post(s.claire, createPath, participants(s.jerome)).OK(200).Into(&direct)
	if direct.ConversationID != s.conversation || s.seen(t, s.claire, group).Kind != protocol.KindGroup {
		t.Errorf("the pair's conversation is %d, want %d", direct.ConversationID, s.conversation)
	}
}

func TestParticipants_areNoMoreThanAGroupHolds(t *testing.T) {
	s := newSchool(t)
	group := s.Conversation(s.claire, s.jerome, s.outsider)
	ids := make([]int, 251)
	for i := range ids {
		ids[i] = i + 1
	}
	for _, method := range []string{"POST", "DELETE"} {
		s.Do(s.claire.Token, method, participantsPath(group), object{"participants": ids}).Refused(400, protocol.CodeTooManyParticipants)
	}
	s.Do(s.claire.Token, "DELETE", participantsPath(group), object{"participants": ids[:250]}).OK(204)
	s.Post(s.claire, createPath, object{"participants": ids}).Refused(400, protocol.CodeTooManyParticipants)
}
