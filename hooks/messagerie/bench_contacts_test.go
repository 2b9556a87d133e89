package messagerie_test

import (
	"fmt"
	"testing"

	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
)

// What each message is asked: whether its author may write, with the rules and without.
func BenchmarkMayWrite(b *testing.B) {
	for _, size := range []int{2, 30, 250} {
		h := newHarness(b, nil)
		people := h.personAs(protocol.RoleTeacher, "0")
		student := h.personAs(protocol.RoleStudent, "enfant")
		class := h.create("classes", object{"name": "5e", "year": "2026-2027", "establishment": h.school.RecordID()}).Id
		h.create("enrollments", object{"class": class, "user": student.ID.RecordID(), "role": protocol.InClassStudent})
		h.create("enrollments", object{"class": class, "user": people.ID.RecordID(), "role": protocol.InClassTeacher})
		members := []protocol.ID{people.ID}
		for i := range size - 1 {
			parent := h.personAs(protocol.RoleParent, fmt.Sprint(i+1))
			h.create("guardianships", object{"guardian": parent.ID.RecordID(), "student": student.ID.RecordID(), "legal": true})
			members = append(members, parent.ID)
		}
		all := make([]school.Person, len(members))
		for i, id := range members {
			all[i] = h.services.person(b, id)
		}
		conversation := h.conversation(all...)
		for _, contacts := range protocol.Contacts {
			h.setFields("establishments", h.school, object{"contacts": contacts})
			b.Run(fmt.Sprint(size, "/", contacts), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if err := h.conversations.MayWrite(conversation, people.ID); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
