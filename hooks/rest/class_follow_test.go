package rest_test

import (
	"fmt"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
)

// Whoever saves, and whatever they save: those who join or leave the class join or leave the group.
func TestClassGroup_followsItsClass(t *testing.T) {
	s := newClassSchool(t)
	class, parents := s.group(t, s.claire).ConversationID, s.group(t, s.claire, "parent").ConversationID
	nina := s.Person(s.college, protocol.RoleStudent, "Nina", "Nouvelle")
	nadia := s.Person(s.college, protocol.RoleParent, "Nadia", "Nouvelle")
	s.Guardian(nadia, "", nina)
	s.expect(t, "before", parents, "Claire", "Jérôme", "Thomas")

	enrollment := s.Enroll(s.fifth, nina, protocol.InClassStudent)
	s.expect(t, "a new student", class, "Claire", "Léa", "Nina", "Zoë")
	s.expect(t, "a new student", parents, "Claire", "Jérôme", "Nadia", "Thomas")
	s.Change("enrollments", protocol.ParseID(enrollment.Id), object{"class": s.fourth.RecordID()})
	s.expect(t, "moved to another class", class, "Claire", "Léa", "Zoë")
	s.expect(t, "moved to another class", parents, "Claire", "Jérôme", "Thomas")
	s.Change("enrollments", protocol.ParseID(enrollment.Id), object{"class": s.fifth.RecordID()})
	s.Remove("enrollments", protocol.ParseID(enrollment.Id))
	s.expect(t, "out of the class", class, "Claire", "Léa", "Zoë")

	other := s.Person(s.college, protocol.RoleParent, "Olga", "Autre")
	guardianship := s.Guardian(other, "", s.zoe)[0]
	s.expect(t, "another guardian", parents, "Claire", "Jérôme", "Olga", "Thomas")
	s.Remove("guardianships", protocol.ParseID(guardianship.Id))
	s.expect(t, "no longer a guardian", parents, "Claire", "Jérôme", "Thomas")
	s.Guardian(s.thomas, "", s.outsider) // of a second student of the class
	s.Change("users", s.zoe.ID, object{"disabled": true})
	s.expect(t, "a student has left", class, "Claire", "Léa")
	s.expect(t, "a student has left", parents, "Claire", "Jérôme", "Thomas")
	s.Change("users", s.zoe.ID, object{"disabled": false})
	s.expect(t, "the student is back", class, "Claire", "Léa", "Zoë")
	s.Change("users", s.jerome.ID, object{"establishments": []string{s.lycee.RecordID()}})
	s.expect(t, "a parent in another school", parents, "Claire", "Thomas")

	s.Enroll(s.fifth, s.karim, protocol.InClassTeacher)
	s.expect(t, "another teacher", parents, "Claire", "Karim", "Thomas")
	s.Remove("users", s.zoe.ID)
	s.expect(t, "a student deleted", class, "Claire", "Karim", "Léa")
	s.Change("users", s.karim.ID, object{"disabled": true})
	s.expect(t, "a teacher disabled", class, "Claire", "Léa")
}

func TestClassGroup_followsAnImportAllOrNothing(t *testing.T) {
	s := newClassSchool(t)
	class := s.group(t, s.claire).ConversationID
	nina := s.Person(s.college, protocol.RoleStudent, "Nina", "Nouvelle")
	failed := fmt.Errorf("the import failed")
	enroll := func(end error) error {
		return s.Records.Transaction(func(tx core.App) error {
			collection, err := tx.FindCachedCollectionByNameOrId("enrollments")
			if err != nil {
				return err
			}
			record := core.NewRecord(collection)
			record.Load(object{"class": s.fifth.RecordID(), "user": nina.ID.RecordID(), "role": "student"})
			if err := tx.Save(record); err != nil {
				return err
			}
			return end
		})
	}
	if err := enroll(failed); err == nil {
		t.Fatal("it was stored")
	}
	s.expect(t, "rolled back", class, "Claire", "Léa", "Zoë")
	if err := enroll(nil); err != nil {
		t.Fatal(err)
	}
	s.expect(t, "committed", class, "Claire", "Léa", "Nina", "Zoë")
	if got := s.Count("participants"); got != 2+4 {
		t.Errorf("%d participants are stored: somebody is in the group twice", got)
	}
}

func TestClassGroup_ofAnArchivedClassIsReadByAllAndWrittenToByStaff(t *testing.T) {
	s := newClassSchool(t)
	class := s.group(t, s.claire).ConversationID
	said := s.Says(s.zoe, class, "Au revoir")
	s.Change("classes", s.fifth, object{"archived": true})
	s.Post(s.zoe, messagesPath(class), object{"content": "Encore là ?"}).Refused(403, protocol.CodeStaffOnly)
	s.Do(s.zoe.Token, "PATCH", messagePath(said), object{"content": "Adieu"}).Refused(403, protocol.CodeStaffOnly)
	s.Post(s.claire, messagesPath(class), object{"content": "Bonnes vacances"}).OK(201)
	if got := s.seen(t, s.zoe, class); got.CanWrite || got.CannotWrite != protocol.CodeStaffOnly || got.Posting != protocol.PostingStaff {
		t.Errorf("she sees %+v", got)
	}
	var read []protocol.Message
	if s.Get(s.zoe, messagesPath(class)).OK(200).Into(&read); len(read) != 2 {
		t.Errorf("she reads %+v", read)
	}
	s.Do(s.zoe.Token, "DELETE", messagePath(said), nil).OK(204)
	s.Change("classes", s.fifth, object{"archived": false})
	s.Post(s.zoe, messagesPath(class), object{"content": "Me revoilà"}).OK(201)
}

// Somebody who works at the school and is a parent as well is in the group of the parents as one of them.
func TestClassGroup_ofParentsIsLeftByStaffWithTheirChild(t *testing.T) {
	s := newClassSchool(t)
	class, parents := s.group(t, s.claire).ConversationID, s.group(t, s.claire, "parent").ConversationID
	s.Post(s.claire, participantsPath(class), participants(s.karim)).OK(200) // by hand, in the group without parents
	guardianship := s.Guardian(s.karim, protocol.RelationFather, s.zoe)[0]
	s.expect(t, "with a child", parents, "Claire", "Jérôme", "Karim", "Thomas")
	s.Remove("guardianships", protocol.ParseID(guardianship.Id))
	s.expect(t, "no longer responsible", parents, "Claire", "Jérôme", "Thomas")
	s.Guardian(s.karim, protocol.RelationFather, s.zoe)
	s.Remove("enrollments", s.enrollment(t, s.zoe))
	s.expect(t, "the child has left the class", parents, "Claire", "Jérôme")
	s.expect(t, "by hand", class, "Claire", "Karim", "Léa")
}

// A student was taken out of the class while it was archived.
func TestClassGroup_followsAgainWhomTheClassHasNow(t *testing.T) {
	s := newClassSchool(t)
	class := s.group(t, s.claire).ConversationID
	s.Change("classes", s.fifth, object{"archived": true})
	s.Remove("enrollments", s.enrollment(t, s.zoe))
	s.expect(t, "archived", class, "Claire", "Léa", "Zoë")
	s.Change("classes", s.fifth, object{"archived": false})
	s.expect(t, "brought back", class, "Claire", "Léa")
}

func TestClassGroup_ofAnArchivedClassIsManagedLikeAnyOther(t *testing.T) {
	s := newClassSchool(t)
	class, parents := s.group(t, s.claire).ConversationID, s.group(t, s.claire, "parent").ConversationID
	s.Do(s.claire.Token, "PATCH", conversationPath(parents), object{"title": "Les parents"}).OK(200)
	s.Change("classes", s.fifth, object{"name": "5e B 2026"})
	if got := s.seen(t, s.zoe, class).Title; got != "5e B 2026" {
		t.Errorf("the group of the renamed class is called %q", got)
	}
	if got := s.seen(t, s.thomas, parents).Title; got != "Les parents" {
		t.Errorf("a title that somebody chose is %q now", got)
	}
	s.Change("classes", s.fifth, object{"archived": true})
	s.Remove("enrollments", s.enrollment(t, s.zoe))
	s.expect(t, "archived", class, "Claire", "Léa", "Zoë")
	if got := s.seen(t, s.zoe, class); !got.Can.Leave || got.ClassID != s.fifth {
		t.Errorf("in the archived group she can %+v", got.Can)
	}
	s.Do(s.zoe.Token, "DELETE", participantsPath(class), participants(s.zoe)).OK(204)
	s.Post(s.claire, participantsPath(class), participants(s.karim)).OK(200)
	s.Change("classes", s.fifth, object{"archived": false})
	s.Enroll(s.fifth, s.zoe, protocol.InClassStudent)
	s.expect(t, "brought back", class, "Claire", "Karim", "Léa")

	s.Remove("classes", s.fifth)
	s.expect(t, "deleted", parents, "Claire", "Jérôme", "Thomas")
	if got := s.seen(t, s.thomas, parents); got.ClassID != 0 || len(got.Audience) != 0 || !got.Can.Leave {
		t.Errorf("without its class the group is %+v", got)
	}
}
