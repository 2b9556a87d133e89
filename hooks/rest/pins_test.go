package rest_test

import (
	"fmt"
	"slices"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
)

func pinPath(m protocol.Message) string {
	return conversationPath(m.ConversationID) + "pins/" + m.ID.String() + "/"
}

func (s school) pin(as apptest.Person, m protocol.Message) *apptest.Response {
	return s.Do(as.Token, "PUT", pinPath(m), nil)
}

func (s school) unpin(as apptest.Person, m protocol.Message) *apptest.Response {
	return s.Do(as.Token, "DELETE", pinPath(m), nil)
}

// pinned makes sure that everybody in a conversation sees these messages pinned, in the list and alone.
func (s school) pinned(t *testing.T, conversation protocol.ID, want ...protocol.Message) {
	t.Helper()
	var wanted []protocol.ID
	for _, m := range want {
		wanted = append(wanted, m.ID)
	}
	for _, as := range []apptest.Person{s.claire, s.jerome} {
		var alone protocol.Conversation
		s.Get(as, conversationsPath(as)+conversation.String()+"/").OK(200).Into(&alone)
		for _, seen := range []protocol.Conversation{s.seen(t, as, conversation), alone} {
			if seen.PinnedMessages == nil || !slices.Equal(seen.PinnedMessages, wanted) {
				t.Errorf("%s sees %v pinned, want %v", as.Email, seen.PinnedMessages, wanted)
			}
		}
	}
}

func TestPins_areAddedOnceAndRemovedOnce(t *testing.T) {
	s := newSchool(t)
	first, second := s.Says(s.claire, s.conversation, "Bonjour"), s.Says(s.jerome, s.conversation, "Le code est 1234")
	s.pinned(t, s.conversation)
	for range 2 { // again changes nothing
		s.pin(s.jerome, second).OK(204)
	}
	s.pin(s.claire, first).OK(204)
	s.pin(s.claire, second).OK(204) // pinned by the other already
	s.pinned(t, s.conversation, second, first)
	for range 2 {
		s.unpin(s.claire, second).OK(204) // whoever pinned it
	}
	s.pinned(t, s.conversation, first)
	s.pin(s.claire, second).OK(204)
	s.pinned(t, s.conversation, first, second)
}

func TestPins_refusals(t *testing.T) {
	s := newSchool(t)
	sent := s.Says(s.claire, s.conversation, "Bonjour")
	elsewhere := s.Says(s.claire, s.Conversation(s.claire, s.outsider), "Ailleurs")
	s.pin(s.outsider, sent).Refused(403, protocol.CodeNotParticipant)
	inOther, missing := sent, sent
	inOther.ID, missing.ID = elsewhere.ID, 4711
	for _, m := range []protocol.Message{inOther, missing} {
		s.pin(s.jerome, m).Refused(404, protocol.CodeNotFound)
		s.unpin(s.jerome, m).Refused(404, protocol.CodeNotFound)
	}
	s.Do(s.claire.Token, "DELETE", messagePath(sent), nil).OK(204)
	s.pin(s.jerome, sent).Refused(409, protocol.CodeMessageDeleted)
	s.unpin(s.jerome, sent).OK(204) // it isn't pinned
	if n := s.Count("pins"); n != 0 {
		t.Errorf("%d are stored", n)
	}
}

// In a group pins are for those who may rename it; can says so, and what closes writing closes pinning.
func TestPins_ofAGroupAreForThoseWhoManageIt(t *testing.T) {
	s := newSchool(t)
	group := s.Conversation(s.jerome, s.claire, s.outsider) // created by a parent, with a teacher
	sent := s.Says(s.outsider, group, "Bonjour")
	may := func(as apptest.Person, code string) {
		t.Helper()
		if can := s.seen(t, as, group).Can.Pin; can != (code == "") {
			t.Errorf("%s: can.pin is %v, refused with %q", as.Email, can, code)
		}
		if code == "" {
			s.pin(as, sent).OK(204)
			s.unpin(as, sent).OK(204)
			return
		}
		s.pin(as, sent).Refused(403, code)
		s.unpin(as, sent).Refused(403, code)
	}
	may(s.jerome, "")
	may(s.claire, "")
	may(s.outsider, protocol.CodeForbidden)
	s.Do(s.claire.Token, "PATCH", conversationPath(group), object{"posting": protocol.PostingStaff}).OK(200)
	may(s.claire, "")
	may(s.jerome, protocol.CodeStaffOnly)
	s.Create("pauses", object{"establishment": s.college.RecordID(), "roles": []string{protocol.RoleTeacher}})
	may(s.claire, protocol.CodePaused)
}

func TestPins_areLimited(t *testing.T) {
	s := newSchool(t)
	var all []protocol.Message
	for i := range protocol.MaxPinnedMessages + 1 {
		all = append(all, s.Says(s.claire, s.conversation, fmt.Sprint("Message ", i)))
	}
	last := all[protocol.MaxPinnedMessages]
	for _, m := range all[:protocol.MaxPinnedMessages] {
		s.pin(s.claire, m).OK(204)
	}
	s.pin(s.jerome, last).Refused(409, protocol.CodeTooManyPins)
	s.pin(s.jerome, all[0]).OK(204) // it is pinned already
	s.unpin(s.jerome, all[0]).OK(204)
	s.pin(s.jerome, last).OK(204)
}

func TestPins_goWithTheirMessageAndStayWithoutTheirPerson(t *testing.T) {
	s := newSchool(t)
	group := s.Conversation(s.claire, s.jerome, s.outsider)
	deleted, removed, stays := s.Says(s.claire, group, "un"), s.Says(s.claire, group, "deux"), s.Says(s.claire, group, "trois")
	teacher := s.Person(s.college, protocol.RoleTeacher, "Paul", "Roy")
	s.Post(s.claire, participantsPath(group), participants(teacher)).OK(200)
	for _, m := range []protocol.Message{deleted, removed, stays} {
		s.pin(teacher, m).OK(204)
	}
	s.Do(s.claire.Token, "DELETE", messagePath(deleted), nil).OK(204)
	s.pinned(t, group, removed, stays)
	s.Do(s.Superuser(), "DELETE", "/api/collections/messages/records/"+removed.ID.RecordID(), nil).OK(204)
	s.pinned(t, group, stays)
	if err := s.Delete(teacher.Record); err != nil {
		t.Fatal(err)
	}
	s.pinned(t, group, stays)
	if err := s.Delete(s.Find("conversations", group)); err != nil {
		t.Fatal(err)
	}
	if n := s.Count("pins"); n != 0 {
		t.Errorf("%d are left of a deleted conversation", n)
	}
}

func TestPins_ofTheDashboardFollowTheRules(t *testing.T) {
	s := newSchool(t)
	admin, records := s.Superuser(), "/api/collections/pins/records"
	sent, other := s.Says(s.claire, s.conversation, "Bonjour"), s.Says(s.claire, s.conversation, "Bonsoir")
	var created struct {
		ID           string `json:"id"`
		Conversation string `json:"conversation"`
	}
	s.Do(admin, "POST", records, object{"message": sent.ID.RecordID()}).OK(200).Into(&created)
	if created.Conversation != s.conversation.RecordID() {
		t.Errorf("its conversation is %q", created.Conversation)
	}
	s.pinned(t, s.conversation, sent)
	s.Do(admin, "POST", records, object{"message": sent.ID.RecordID()}).OK(400) // once
	s.Do(admin, "POST", records, object{"message": "0000000000004711"}).OK(400)
	s.Do(admin, "PATCH", records+"/"+created.ID, object{"message": other.ID.RecordID()}).OK(400)
	s.Do(admin, "DELETE", records+"/"+created.ID, nil).OK(204)
	s.pinned(t, s.conversation)
}
