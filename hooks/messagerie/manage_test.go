package messagerie_test

import (
	"errors"
	"testing"

	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
)

// setFields saves fields of a record, as the dashboard does.
func (h *harness) setFields(collection string, id protocol.ID, fields object) {
	h.t.Helper()
	record, err := h.FindRecordById(collection, id.RecordID())
	if err != nil {
		h.t.Fatal(err)
	}
	record.Load(fields)
	if err := h.Save(record); err != nil {
		h.t.Fatal(err)
	}
}

func (h *harness) personAs(role, last string) school.Person {
	h.t.Helper()
	person := h.person(last)
	h.setFields("users", person.ID, object{"role": role})
	person.Role = role
	return person
}

// managed checks who manages a group, and that everybody's permissions are as shown.
func (h *harness) managed(what string, group, manager protocol.ID, may ...school.Person) {
	h.t.Helper()
	p, err := h.conversations.Participants(group)
	if err != nil {
		h.t.Fatal(err)
	}
	allowed := map[protocol.ID]bool{}
	for _, person := range may {
		allowed[person.ID] = true
	}
	for _, member := range p.Members {
		person := h.services.person(h.t, member.User)
		c, err := h.conversations.Conversation(person, group)
		if err != nil {
			h.t.Fatal(err)
		}
		want := protocol.Can{Rename: allowed[person.ID], Add: allowed[person.ID], Remove: allowed[person.ID], Leave: true,
			Posting: person.IsStaff() && person.Belongs(h.school), Pin: allowed[person.ID]}
		if c.ManagedBy != manager || c.Can != want {
			h.t.Errorf("%s: %s sees it managed by %d and may %+v, want %d and %+v", what, person.LastName, c.ManagedBy, c.Can, manager, want)
		}
		title := "Titre de " + person.LastName
		_, err = h.conversations.UpdateConversation(person, group, messagerie.ConversationChange{Title: &title})
		expected := messagerie.ErrForbidden
		if !person.Belongs(h.school) {
			expected = messagerie.ErrLeftSchool
		}
		if want.Rename != (err == nil) || err != nil && !errors.Is(err, expected) {
			h.t.Errorf("%s: %s renames it: %v", what, person.LastName, err)
		}
	}
}

func TestManager_isTheCreatorThenStaffThenTheFirstToJoin(t *testing.T) {
	h := newHarness(t, nil)
	pupil, parent := h.personAs(protocol.RoleStudent, "Pupil"), h.personAs(protocol.RoleParent, "Parent")
	other, teacher := h.personAs(protocol.RoleStudent, "Other"), h.personAs(protocol.RoleTeacher, "Teacher")
	group := h.conversation(pupil, parent, other)
	h.managed("created", group, pupil.ID, pupil)

	h.setFields("users", pupil.ID, object{"disabled": true})
	h.managed("its creator is disabled", group, parent.ID, parent)
	h.setFields("users", pupil.ID, object{"disabled": false})
	h.managed("its creator is back", group, pupil.ID, pupil)

	if err := h.conversations.RemoveParticipants(pupil, group, []protocol.ID{pupil.ID}); err != nil {
		t.Fatal(err)
	}
	h.managed("its creator has left", group, parent.ID, parent)

	if _, err := h.conversations.AddParticipants(parent, group, []protocol.ID{teacher.ID}); err != nil {
		t.Fatal(err)
	}
	h.managed("there is staff in it", group, teacher.ID, teacher)
	h.setFields("users", other.ID, object{"role": protocol.RoleStaff})
	h.managed("another one is staff now", group, other.ID, other, teacher)

	lycee := h.create("establishments", object{"name": "Lycée", "contacts": protocol.ContactsOpen}).Id
	for _, gone := range []school.Person{other, teacher} {
		h.setFields("users", gone.ID, object{"establishments": []string{lycee}})
	}
	h.managed("its staff is of another school", group, parent.ID, parent)
	h.setFields("users", teacher.ID, object{"establishments": []string{lycee, h.school.RecordID()}})
	h.managed("one teaches at both", group, teacher.ID, teacher)

	if err := h.deleteOne("users", pupil.ID); err != nil {
		t.Fatal(err)
	}
	h.managed("its creator is deleted", group, teacher.ID, teacher)
}

// A list doesn't name everybody in a large group, and perhaps not its manager.
func TestManager_ofALargeGroupNeedntBeNamed(t *testing.T) {
	h := newHarness(t, nil)
	group, people := h.largeGroup()
	for i, person := range people {
		role := protocol.RoleParent
		if i == 57 {
			role = protocol.RoleTeacher
		}
		h.setFields("users", person.ID, object{"role": role})
	}
	if err := h.conversations.RemoveParticipants(people[0], group, []protocol.ID{people[0].ID}); err != nil {
		t.Fatal(err)
	}
	for viewer, may := range map[int]bool{1: false, 57: true} {
		person := h.services.person(t, people[viewer].ID)
		if _, c := h.named(person, people); c.ManagedBy != people[57].ID || c.Can.Rename != may {
			t.Errorf("%d sees it managed by %d and may %+v", viewer, c.ManagedBy, c.Can)
		}
	}
}

func TestDirectConversation_isManagedByNobody(t *testing.T) {
	h := newHarness(t, nil)
	teacher, parent := h.person("Teacher"), h.personAs(protocol.RoleParent, "Parent")
	direct := h.conversation(teacher, parent)
	c, err := h.conversations.Conversation(teacher, direct)
	if err != nil || c.ManagedBy != 0 || c.Can != (protocol.Can{Pin: true}) {
		t.Errorf("managed by %d, may %+v: %v", c.ManagedBy, c.Can, err)
	}
}
