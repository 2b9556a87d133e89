package chat_test

import (
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
)

// Who somebody is stands beside the name: everybody who sees them gets a new list.
func TestClassesAndFamilies_reachTheOpenSocketsAtOnce(t *testing.T) {
	s := newSchool(t)
	claire, _ := s.Dial(s.claire)
	jerome, _ := s.Dial(s.jerome)
	expect := func(what string, socket *apptest.Socket, of apptest.Person, fits func(protocol.User) bool) {
		t.Helper()
		t.Log(what)
		expectList(t, socket, func(list protocol.ConversationsList) bool {
			for _, p := range list.Conversations[0].Participants {
				if p.ID == of.ID {
					return fits(p)
				}
			}
			return false
		})
	}
	guardianship := s.Guardian(s.jerome, protocol.RelationFather, s.outsider)[0]
	isFather := func(p protocol.User) bool { return len(p.Children) == 1 && p.Children[0].Relation == "father" }
	expect("a guardian", claire, s.jerome, isFather)
	expect("a guardian", jerome, s.jerome, isFather)

	class := s.Class(s.college, "5e B", s.outsider)
	expect("the child's class", claire, s.jerome, func(p protocol.User) bool { return len(p.Children) == 1 && len(p.Children[0].Classes) == 1 })
	s.Enroll(class, s.claire, protocol.InClassTeacher)
	expect("a teacher", jerome, s.claire, func(p protocol.User) bool { return len(p.Classes) == 1 && p.Classes[0].Name == "5e B" })
	s.Change("classes", class, map[string]any{"name": "5e C"})
	expect("another name", jerome, s.claire, func(p protocol.User) bool { return len(p.Classes) == 1 && p.Classes[0].Name == "5e C" })
	s.Change("users", s.outsider.ID, map[string]any{"first_name": "Lia"})
	expect("the child's name", claire, s.jerome, func(p protocol.User) bool { return len(p.Children) == 1 && p.Children[0].FirstName == "Lia" })
	s.Remove("classes", class)
	expect("no class", jerome, s.claire, func(p protocol.User) bool { return len(p.Classes) == 0 })
	s.Remove("guardianships", protocol.ParseID(guardianship.Id))
	expect("no guardian", claire, s.jerome, func(p protocol.User) bool { return len(p.Children) == 0 })
}
