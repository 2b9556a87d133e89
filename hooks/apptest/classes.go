package apptest

import (
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
)

// Year is the school year of all classes.
const Year = "2026-2027"

// Class creates a class with students.
func (a *App) Class(establishment protocol.ID, name string, students ...Person) protocol.ID {
	a.t.Helper()
	class := protocol.ParseID(a.Create("classes", map[string]any{
		"name": name, "year": Year, "establishment": establishment.RecordID()}).Id)
	for _, student := range students {
		a.Enroll(class, student, protocol.InClassStudent)
	}
	return class
}

// Enroll puts a person into a class.
func (a *App) Enroll(class protocol.ID, person Person, role string) *core.Record {
	a.t.Helper()
	return a.Create("enrollments", map[string]any{"class": class.RecordID(), "user": person.ID.RecordID(), "role": role})
}

// Guardian makes a person responsible for students.
func (a *App) Guardian(guardian Person, relation string, students ...Person) (guardianships []*core.Record) {
	a.t.Helper()
	for _, student := range students {
		guardianships = append(guardianships, a.Create("guardianships", map[string]any{
			"guardian": guardian.ID.RecordID(), "student": student.ID.RecordID(), "relation": relation, "legal": true}))
	}
	return guardianships
}

// Change sets fields of a record and saves it, as the dashboard would.
func (a *App) Change(collection string, id protocol.ID, fields map[string]any) {
	a.t.Helper()
	record := a.Find(collection, id)
	record.Load(fields)
	if err := a.Save(record); err != nil {
		a.t.Fatalf("change %s %d: %v", collection, id, err)
	}
}

// Remove deletes a record as the dashboard would.
func (a *App) Remove(collection string, id protocol.ID) {
	a.t.Helper()
	if err := a.Delete(a.Find(collection, id)); err != nil {
		a.t.Fatalf("delete %s %d: %v", collection, id, err)
	}
}
