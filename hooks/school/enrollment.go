package school

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/store"
)

// bindEnrollments checks who is put into a class, and announces it.
func (s *Service) bindEnrollments() {
	s.app.OnRecordCreate("enrollments").Bind(store.Handler(store.PriorityRule, s.saveEnrollment))
	s.app.OnRecordUpdate("enrollments").Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		before := e.Record.Original().GetString("user")
		if err := s.saveEnrollment(e); err != nil || before == e.Record.GetString("user") {
			return err
		}
		return s.announceTies(e.App, before)
	}))
	s.app.OnRecordDelete("enrollments").Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		if err := e.Next(); err != nil {
			return err
		}
		return s.announceTies(e.App, e.Record.GetString("user"))
	}))
	s.app.OnRecordUpdate("users").Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		before := e.Record.Original().GetString("role")
		if err := e.Next(); err != nil || before == e.Record.GetString("role") {
			return err
		}
		return removeUnfitting(e.App, e.Record)
	}))
}

// FitsInClass reports whether somebody with a role in the school can have a role in a class.
func FitsInClass(role, inClass string) bool {
	if inClass == protocol.InClassStudent {
		return role == protocol.RoleStudent
	}
	return (Person{Role: role}).IsStaff()
}

// removeUnfitting removes somebody whose role has changed from the classes where they can't be any more.
// Classes that are archived keep who was in them.
func removeUnfitting(tx core.App, person *core.Record) error {
	enrollments, err := tx.FindRecordsByFilter("enrollments", "user = {:user} && class.archived = false", "", 0, 0, dbx.Params{"user": person.Id})
	if err != nil {
		return fmt.Errorf("find enrollments: %w", err)
	}
	for _, enrollment := range enrollments {
		if FitsInClass(person.GetString("role"), enrollment.GetString("role")) {
			continue
		}
		if err := tx.Delete(enrollment); err != nil {
			return fmt.Errorf("remove enrollment: %w", err)
		}
	}
	return nil
}

func (s *Service) saveEnrollment(e *core.RecordEvent) error {
	if err := checkEnrollment(e.App, e.Record); err != nil {
		return err
	}
	if err := e.Next(); err != nil {
		return err
	}
	return s.announceTies(e.App, e.Record.GetString("user"))
}

const enrollmentSQL = `SELECT u.role,
	EXISTS (SELECT 1 FROM json_each(u.establishments) WHERE value = c.establishment) AS belongs,
	EXISTS (SELECT 1 FROM enrollments WHERE class = c.id AND user = u.id AND id != {:id}) AS twice
	FROM classes c, users u WHERE c.id = {:class} AND u.id = {:user}`

// checkEnrollment applies to everybody who is put into a class, however they are.
func checkEnrollment(tx core.App, record *core.Record) error {
	var found struct {
		Role    string `db:"role"`
		Belongs bool   `db:"belongs"`
		Twice   bool   `db:"twice"`
	}
	err := tx.ConcurrentDB().NewQuery(enrollmentSQL).Bind(dbx.Params{
		"id": record.Id, "class": record.GetString("class"), "user": record.GetString("user")}).One(&found)
	if isNoRows(err) {
		return nil // the relations' own checks name the field
	}
	if err != nil {
		return fmt.Errorf("check enrollment: %w", err)
	}
	inClass := record.GetString("role")
	switch {
	case !found.Belongs:
		return refusal.OnField("user", refusal.New(protocol.CodeNotInEstablishment, "This person doesn't belong to the establishment of the class."))
	case found.Twice:
		return refusal.OnField("user", refusal.New(protocol.CodeAlreadyEnrolled, "This person is in the class already."))
	case FitsInClass(found.Role, inClass):
		return nil
	case inClass == protocol.InClassStudent:
		return refusal.OnField("role", refusal.New(protocol.CodeNotAStudent, "Only somebody whose role is student can be a student of a class."))
	}
	return refusal.OnField("role", refusal.New(protocol.CodeNotATeacher, "Only somebody who works at the school can teach in a class."))
}
