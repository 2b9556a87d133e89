package messagerie_test

import (
	"errors"
	"slices"
	"testing"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/school"
)

func TestDeparture_canBeUndoneByStaffOnly(t *testing.T) {
	h := newHarness(t, nil)
	pupil, other := h.personAs(protocol.RoleStudent, "Pupil"), h.personAs(protocol.RoleStudent, "Other")
	third, fourth := h.personAs(protocol.RoleStudent, "Third"), h.personAs(protocol.RoleStudent, "Fourth")
	teacher := h.personAs(protocol.RoleTeacher, "Teacher")
	group := h.conversation(pupil, other, third, teacher)
	leave := func(person school.Person) {
		t.Helper()
		if err := h.conversations.RemoveParticipants(person, group, []protocol.ID{person.ID}); err != nil {
			t.Fatal(err)
		}
	}
	add := func(caller school.Person, users ...school.Person) error {
		var ids []protocol.ID
		for _, user := range users {
			ids = append(ids, user.ID)
		}
		_, err := h.conversations.AddParticipants(caller, group, ids)
		return err
	}
	refused := func(what string, err error, want ...protocol.ID) {
		t.Helper()
		var got *refusal.Error
		if !errors.As(err, &got) || got.Code() != protocol.CodeHasLeft {
			t.Fatalf("%s: %v", what, err)
		}
		if named, _ := got.Data["participants"].([]protocol.ID); !slices.Equal(named, want) {
			t.Errorf("%s: it names %v, want %v", what, named, want)
		}
	}
	isIn := func(what string, person school.Person, want bool) {
		t.Helper()
		if err := h.conversations.Check(group, person.ID); (err == nil) != want {
			t.Errorf("%s: in the group: %v", what, err)
		}
	}

	leave(other)
	leave(third)
	refused("another pupil adds them", add(pupil, other), other.ID)
	refused("… with others", add(pupil, fourth, third, other), slices.Sorted(slices.Values([]protocol.ID{other.ID, third.ID}))...)
	isIn("all or nothing", fourth, false)
	isIn("refused", other, false)
	if err := add(pupil, fourth); err != nil {
		t.Errorf("somebody else can't be added: %v", err)
	}
	if err := add(teacher, other); err != nil {
		t.Errorf("a teacher can't add them: %v", err)
	}
	isIn("after the teacher", other, true)
	refused("the other one", add(pupil, third), third.ID)

	// Somebody who was removed hasn't left.
	if err := h.conversations.RemoveParticipants(pupil, group, []protocol.ID{other.ID}); err != nil {
		t.Fatal(err)
	}
	if err := add(pupil, other); err != nil {
		t.Errorf("somebody whom the caller removed can't be added again: %v", err)
	}

	// Leaving again is recorded again, also when others are removed in the same call.
	leave(other)
	refused("after leaving again", add(pupil, other), other.ID)
	if err := h.conversations.RemoveParticipants(teacher, group, []protocol.ID{teacher.ID, fourth.ID}); err != nil {
		t.Fatal(err)
	}
	refused("a teacher who has left", add(pupil, teacher), teacher.ID)
	if err := add(pupil, fourth); err != nil {
		t.Errorf("somebody whom the teacher removed with herself can't be added again: %v", err)
	}

	// An administrator may add them in the dashboard, or delete the departures.
	h.create("participants", object{"conversation": group.RecordID(), "user": third.ID.RecordID()})
	isIn("after the dashboard", third, true)
	for _, id := range h.column("SELECT id FROM departures", nil) {
		if err := h.deleteOne("departures", protocol.ParseID(id)); err != nil {
			t.Fatal(err)
		}
	}
	if err := add(pupil, other, teacher); err != nil {
		t.Errorf("refused after the departures were deleted: %v", err)
	}
	if left := h.column("SELECT id FROM departures", nil); len(left) > 0 {
		t.Errorf("%d departures are left", len(left))
	}
}

func TestDepartures_areDeletedWithThePersonAndTheConversation(t *testing.T) {
	h := newHarness(t, nil)
	a, b, c := h.person("A"), h.person("B"), h.person("C")
	one, other := h.conversation(a, b, c), h.conversation(a, b, c)
	for _, group := range []protocol.ID{one, other} {
		for _, person := range []school.Person{b, c} {
			if err := h.conversations.RemoveParticipants(person, group, []protocol.ID{person.ID}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := errors.Join(h.deleteOne("users", b.ID), h.deleteOne("conversations", one)); err != nil {
		t.Fatal(err)
	}
	if left := h.column("SELECT conversation || user FROM departures", nil); !slices.Equal(left, []string{other.RecordID() + c.ID.RecordID()}) {
		t.Errorf("there are %v", left)
	}
}
