package roster_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/apptest"
	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
	"messagerie/hooks/roster"
)

// school is an establishment with somebody who imports.
type school struct {
	*apptest.App
	t       *testing.T
	college protocol.ID
	admin   apptest.Person
}

const year = "2026-2027"

func newSchool(t *testing.T, changes ...func(*config.Config)) *school {
	t.Helper()
	return schoolOf(t, apptest.New(t, changes...))
}

func schoolOf(t *testing.T, app *apptest.App) *school {
	t.Helper()
	s := &school{App: app, t: t, college: app.Establishment("Collège Jean-Moulin")}
	s.admin = app.Person(s.college, protocol.RoleAdmin, "Agnès", "Directrice")
	app.Rosters.SetNow(func() time.Time { return time.Date(2026, 10, 1, 8, 0, 0, 0, time.UTC) })
	return s
}

// plan plans an import.
func (s *school) plan(r roster.Roster) protocol.RosterPlan {
	s.t.Helper()
	if r.Format == "" {
		r.Format = roster.FormatTable
	}
	if r.Year == "" {
		r.Year = year
	}
	id, err := s.Rosters.PlanRoster(s.admin.ID, s.college, &r)
	if err != nil {
		s.t.Fatal("plan:", err)
	}
	return s.get(id, protocol.RosterPlanned)
}

// apply applies a plan, with the decisions in pairs of a key and an id.
func (s *school) apply(plan protocol.RosterPlan, decisions roster.Decisions) protocol.RosterPlan {
	s.t.Helper()
	if err := s.Rosters.Apply(s.college, plan.ID, decisions); err != nil {
		s.t.Fatal("apply:", err)
	}
	s.Rosters.Wait()
	return s.get(plan.ID, protocol.RosterApplied)
}

// undo undoes an import.
func (s *school) undo(plan protocol.RosterPlan) {
	s.t.Helper()
	if err := s.Rosters.Undo(s.college, plan.ID); err != nil {
		s.t.Fatal("undo:", err)
	}
	s.Rosters.Wait()
	s.get(plan.ID, protocol.RosterUndone)
}

// get returns a plan, which has to have a state.
func (s *school) get(id protocol.ID, state string) protocol.RosterPlan {
	s.t.Helper()
	plan, _, err := s.Rosters.Get(s.college, id, roster.Page{Limit: 200})
	if err != nil {
		s.t.Fatal(err)
	}
	if plan.State != state {
		s.t.Fatalf("the import is %s, want %s", plan.State, state)
	}
	return plan
}

func (s *school) imports(r roster.Roster) protocol.RosterPlan {
	s.t.Helper()
	return s.apply(s.plan(r), nil)
}

// person returns the only account of a name.
func (s *school) person(first, last string) *core.Record {
	s.t.Helper()
	all := s.people(first, last)
	if len(all) != 1 {
		s.t.Fatalf("%d people are called %s %s", len(all), first, last)
	}
	return all[0]
}

func (s *school) people(first, last string) []*core.Record {
	s.t.Helper()
	records, err := s.FindAllRecords("users", dbx.HashExp{"first_name": first, "last_name": last})
	if err != nil {
		s.t.Fatal(err)
	}
	return records
}

// change sets a field of a record as the dashboard would.
func (s *school) change(record *core.Record, field string, value any) {
	s.t.Helper()
	record.Set(field, value)
	if err := s.Save(record); err != nil {
		s.t.Fatal(err)
	}
}

// dump returns every row that imports change, without what each save renews.
func (s *school) dump() string {
	s.t.Helper()
	var lines []string
	for _, collection := range []string{"users", "classes", "enrollments", "guardianships"} {
		records, err := s.FindAllRecords(collection)
		if err != nil {
			s.t.Fatal(err)
		}
		for _, record := range records {
			line := collection + " " + record.Id
			for _, field := range record.Collection().Fields {
				if name := field.GetName(); name != "updated" && name != "tokenKey" {
					line += fmt.Sprintf(" %s=%v", name, record.GetString(name))
				}
			}
			lines = append(lines, line)
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// codes are those of a plan's problems.
func codes(plan protocol.RosterPlan) (found []string) {
	for _, p := range plan.Problems {
		found = append(found, p.Code)
	}
	return found
}

func student(key, first, last, born string) roster.Person {
	return roster.Person{Key: key, FirstName: first, LastName: last, BirthDate: born, Role: protocol.RoleStudent}
}

func parent(key, first, last, email string) roster.Person {
	return roster.Person{Key: key, FirstName: first, LastName: last, Email: email, Role: protocol.RoleParent}
}

func teacher(key, first, last, email string) roster.Person {
	return roster.Person{Key: key, FirstName: first, LastName: last, Email: email, Role: protocol.RoleTeacher}
}

// in is a student in a class.
func in(key, class string) roster.Enrollment {
	return roster.Enrollment{Person: key, Class: class, Role: protocol.InClassStudent}
}

func of(guardian, student string) roster.Guardianship {
	return roster.Guardianship{Guardian: guardian, Student: student, Legal: true}
}

var everybody = []string{protocol.RoleTeacher, protocol.RoleStaff, protocol.RoleParent, protocol.RoleStudent}

// family is a small school: a class, its teacher, two children and their mother.
func family() roster.Roster {
	return roster.Roster{
		Complete: everybody,
		People: []roster.Person{
			student("yasmine", "Yasmine", "Benali", "2014-03-21"), student("adam", "Adam", "Benali", "2016-05-02"),
			parent("fatima", "Fatima", "Benali", "fatima@famille.example"), teacher("claire", "Claire", "Martin", "claire@ecole.example"),
		},
		Classes:       []roster.Class{{Name: "5e B", Level: "5e"}, {Name: "CM1", Level: "CM1"}},
		Enrollments:   []roster.Enrollment{in("yasmine", "5e B"), in("adam", "CM1"), {Person: "claire", Class: "5e B", Role: protocol.InClassHeadTeacher}},
		Guardianships: []roster.Guardianship{of("fatima", "yasmine"), of("fatima", "adam")},
	}
}
