package school_test

import (
	"errors"
	"testing"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
)

// refused fails unless saving a record with fields is refused beside a field with a code.
func (f *families) refused(collection string, fields map[string]any, field, code string) {
	f.t.Helper()
	c, err := f.FindCollectionByNameOrId(collection)
	if err != nil {
		f.t.Fatal(err)
	}
	record := core.NewRecord(c)
	record.Load(fields)
	err = f.Save(record)
	var faults validation.Errors
	if !errors.As(err, &faults) {
		f.t.Errorf("%s %v: %v, want %s beside %s", collection, fields, err, code, field)
		return
	}
	var coded interface{ Code() string }
	if !errors.As(faults[field], &coded) || coded.Code() != code {
		f.t.Errorf("%s %v: %v, want %s beside %s", collection, fields, faults, code, field)
	}
}

type object = map[string]any

func TestClass_hasASchoolYearAndKeepsItsEstablishment(t *testing.T) {
	f := newFamilies(t)
	class := func(year string) object {
		return object{"name": "3e A", "establishment": f.college.RecordID(), "year": year}
	}
	for year, code := range map[string]string{
		"2026-2028": protocol.CodeInvalidRequest, "2027-2026": protocol.CodeInvalidRequest,
		"2026": "validation_invalid_format", "26-27": "validation_invalid_format", "": "validation_required",
	} {
		f.refused("classes", class(year), "year", code)
	}
	f.Create("classes", class("2026-2027"))
	f.Create("classes", class("2027-2028"))
	record := f.Find("classes", f.fifth)
	record.Set("establishment", f.ecole.RecordID())
	if err := f.Save(record); err == nil {
		t.Error("a class with its students moved to another school")
	}
}

// Somebody whose role changes is in no class in which the new one can't be, but archived classes
// keep who was in them.
func TestEnrollment_endsWithTheRole(t *testing.T) {
	f := newFamilies(t)
	old := f.Class(f.college, "5e A")
	f.Enroll(old, f.claire, protocol.InClassTeacher)
	f.Change("classes", old, object{"archived": true})
	before := f.Count("enrollments")
	f.Change("users", f.claire.ID, object{"role": protocol.RoleStaff})
	if got := f.Count("enrollments"); got != before {
		t.Fatalf("as staff she is in %d fewer classes", before-got)
	}
	f.Change("users", f.claire.ID, object{"role": protocol.RoleParent})
	if got := f.Count("enrollments"); got != before-1 {
		t.Errorf("as a parent she is in %d fewer classes, want 1", before-got)
	}
	if got := f.seen(f.claire, f.director); got != "" {
		t.Errorf("she is shown with %q", got)
	}
}

func TestEnrollment_isOfTheRightPeople(t *testing.T) {
	f := newFamilies(t)
	enrollment := func(user core.Model, role string) object {
		return object{"class": f.fifth.RecordID(), "user": user.PK(), "role": role}
	}
	f.refused("enrollments", enrollment(f.adam.Record, protocol.InClassStudent), "user", protocol.CodeNotInEstablishment)
	f.refused("enrollments", enrollment(f.director.Record, protocol.InClassTeacher), "user", protocol.CodeNotInEstablishment)
	f.refused("enrollments", enrollment(f.zoe.Record, protocol.InClassStudent), "user", protocol.CodeAlreadyEnrolled)
	f.refused("enrollments", enrollment(f.claire.Record, protocol.InClassTeacher), "user", protocol.CodeAlreadyEnrolled)
	f.refused("enrollments", enrollment(f.bob.Record, protocol.InClassTeacher), "role", protocol.CodeNotATeacher)
	f.refused("enrollments", enrollment(f.omar.Record, protocol.InClassHeadTeacher), "role", protocol.CodeNotATeacher)
	f.refused("enrollments", enrollment(f.omar.Record, protocol.InClassStudent), "role", protocol.CodeNotAStudent)
	f.refused("enrollments", object{"class": f.fifth.RecordID(), "user": "0000000000000404", "role": "student"}, "user", "validation_missing_rel_records")

	// A change is checked as well, and the record itself isn't the second one.
	record := f.Find("enrollments", f.enrollmentOf(f.zoe))
	record.Set("role", protocol.InClassTeacher)
	if err := f.Save(record); err == nil {
		t.Error("a student teaches")
	}
	f.Change("enrollments", f.enrollmentOf(f.claire), object{"role": protocol.InClassTeacher})
}

func TestGuardianship_isOfTheRightPeople(t *testing.T) {
	f := newFamilies(t)
	guardianship := func(guardian, student core.Model) object {
		return object{"guardian": guardian.PK(), "student": student.PK()}
	}
	f.refused("guardianships", guardianship(f.bob.Record, f.bob.Record), "guardian", protocol.CodeOwnGuardian)
	f.refused("guardianships", guardianship(f.omar.Record, f.thomas.Record), "student", protocol.CodeNotAStudent)
	f.refused("guardianships", guardianship(f.omar.Record, f.adam.Record), "guardian", protocol.CodeNoSharedEstablishment)
	f.refused("guardianships", guardianship(f.omar.Record, f.yasmine.Record), "guardian", "validation_not_unique")
	f.Guardian(f.claire, protocol.RelationMother, f.bob) // a teacher who is a parent
}

func TestUsername_isDrawnFromTheNames(t *testing.T) {
	f := newFamilies(t)
	for _, c := range []struct{ first, last, want string }{
		{"Zoë", "Marchand", "zoe.marchand"},
		{"ZOÉ", "marchand", "zoe.marchand2"},
		{"Zoe", "Marchand", "zoe.marchand3"},
		{"Jean-Baptiste", "N'Guyen", "jean-baptiste.nguyen"},
		{"Maëlle", "Le Goff", "maelle.legoff"},
		{"Lætitia", "Cœur", "laetitia.coeur"},
		{"", "Li", "li1"},
		{"محمد", "علي", "compte"},
		{"Anne-Sophie-Marie-Thérèse-Élisabeth", "de La Tour d'Auvergne-Lauraguais du Perche", "anne-sophie-marie-therese.delatourdauvergnelauraguai"},
	} {
		got := f.drawn(c.first, c.last)
		if got != c.want {
			t.Errorf("%s %s is called %q, want %q", c.first, c.last, got, c.want)
		}
		f.Create("users", object{"last_name": c.last + "x", "role": "student", "username": got, "password": "correct horse battery"})
	}
}

func (f *families) drawn(first, last string) string {
	f.t.Helper()
	username, err := school.DrawUsername(f.App, first, last)
	if err != nil {
		f.t.Fatal(err)
	}
	return username
}
