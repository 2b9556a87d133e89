package school_test

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/apptest"
	"messagerie/hooks/apptest/plainapp"
	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
	"messagerie/hooks/store"
)

// families are two schools. In the collège, 5e B has the head teacher Claire and the students
// Yasmine and Zoë. Fatima and Omar are Yasmine's parents, and Fatima has Adam in the école as well.
type families struct {
	*apptest.App
	t                                                                    *testing.T
	college, ecole, fifth, cm1                                           protocol.ID
	claire, director, fatima, omar, thomas, yasmine, adam, zoe, bob, eve apptest.Person
}

func newFamilies(t *testing.T) *families {
	t.Helper()
	app := apptest.New(t)
	f := &families{App: app, t: t, college: app.Establishment("Collège"), ecole: app.Establishment("École")}
	f.claire = app.Person(f.college, protocol.RoleTeacher, "Claire", "Martin")
	f.director = app.Person(f.ecole, protocol.RoleAdmin, "Benoît", "Châtelain")
	f.fatima = app.Person(f.college, protocol.RoleParent, "Fatima", "Benali")
	f.omar = app.Person(f.college, protocol.RoleParent, "Omar", "Benali")
	f.thomas = app.Person(f.college, protocol.RoleParent, "Thomas", "Marchand")
	f.yasmine = app.Person(f.college, protocol.RoleStudent, "Yasmine", "Benali")
	f.adam = app.Person(f.ecole, protocol.RoleStudent, "Adam", "Benali")
	f.zoe = app.Person(f.college, protocol.RoleStudent, "Zoë", "Marchand")
	f.bob = app.Person(f.college, protocol.RoleStudent, "Bob", "Ami")
	f.eve = app.Person(f.college, protocol.RoleStudent, "Ève", "Autre")
	app.Change("users", f.fatima.ID, map[string]any{"establishments": []string{f.college.RecordID(), f.ecole.RecordID()}})
	f.fifth, f.cm1 = app.Class(f.college, "5e B", f.yasmine, f.zoe), app.Class(f.ecole, "CM1", f.adam)
	app.Enroll(f.fifth, f.claire, protocol.InClassHeadTeacher)
	app.Guardian(f.fatima, protocol.RelationMother, f.yasmine, f.adam)
	app.Guardian(f.omar, protocol.RelationFather, f.yasmine)
	app.Guardian(f.thomas, "", f.zoe)
	return f
}

func (f *families) account(p apptest.Person) school.Person {
	f.t.Helper()
	account, err := f.People.Account(p.ID)
	if err != nil || account == nil {
		f.t.Fatal(p.ID, err)
	}
	return account.Person
}

// seen is what the viewer sees of a person's ties: "5e B*; Yasmine (5e B)", where the star is for
// a head teacher.
func (f *families) seen(person, viewer apptest.Person) string {
	f.t.Helper()
	user := f.account(person).For(f.account(viewer))
	text := classNames(user.Classes)
	for _, child := range user.Children {
		text += fmt.Sprintf("; %s %s(%s)", child.FirstName, child.Relation, classNames(child.Classes))
	}
	return text
}

func classNames(classes []protocol.Class) string {
	var names []string
	for _, c := range classes {
		name := c.Name
		if c.Head {
			name += "*"
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

func TestFor_showsClassesAndChildrenToThoseWhoMaySeeThem(t *testing.T) {
	f := newFamilies(t)
	for _, c := range []struct {
		what           string
		person, viewer apptest.Person
		want           string
	}{
		{"a teacher's classes, to a parent", f.claire, f.thomas, "5e B*"},
		{"a teacher's classes, to a student", f.claire, f.bob, "5e B*"},
		{"a student's classes, to the teacher", f.yasmine, f.claire, "5e B"},
		{"a student's classes, to the student", f.yasmine, f.yasmine, "5e B"},
		{"a student's classes, to a guardian", f.yasmine, f.omar, "5e B"},
		{"a student's classes, to another parent", f.yasmine, f.thomas, ""},
		{"a student's classes, to a classmate", f.yasmine, f.zoe, ""},
		{"a student's classes, to staff of another school", f.yasmine, f.director, ""},
		{"a mother's children, to herself", f.fatima, f.fatima, "; Adam mother(CM1); Yasmine mother(5e B)"},
		{"a mother's children, to the father of one", f.fatima, f.omar, "; Yasmine mother(5e B)"},
		{"a mother's children, to the teacher of one", f.fatima, f.claire, "; Yasmine mother(5e B)"},
		{"a mother's children, to the director of the other", f.fatima, f.director, "; Adam mother(CM1)"},
		{"a mother's children, to another parent", f.fatima, f.thomas, ""},
		{"a mother's children, to a student", f.fatima, f.zoe, ""},
		{"a father's child, without a relation", f.thomas, f.claire, "; Zoë (5e B)"},
		{"nobody's", f.bob, f.claire, ""},
	} {
		if got := f.seen(c.person, c.viewer); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}

func TestFor_ofATeacherWhoIsAParentShowsBoth(t *testing.T) {
	f := newFamilies(t)
	f.Guardian(f.claire, protocol.RelationMother, f.bob)
	f.Enroll(f.Class(f.college, "4e A"), f.claire, protocol.InClassTeacher)
	if got := f.seen(f.claire, f.claire); got != "4e A, 5e B*; Bob mother()" {
		t.Errorf("to herself she is %q", got)
	}
	if got := f.seen(f.claire, f.thomas); got != "4e A, 5e B*" {
		t.Errorf("to a parent she is %q", got)
	}
}

// Each change is seen by the next reader: none of what it touches stays in the cache.
func TestAccounts_followEveryChangeOfClassesAndFamilies(t *testing.T) {
	f := newFamilies(t)
	sees := func(after string, person, viewer apptest.Person, want string) {
		t.Helper()
		if got := f.seen(person, viewer); got != want {
			t.Errorf("%s: %q, want %q", after, got, want)
		}
	}
	sees("at first", f.omar, f.claire, "; Yasmine father(5e B)")
	sees("at first", f.bob, f.claire, "")

	f.Change("classes", f.fifth, map[string]any{"name": "  5e\nC "})
	sees("the class renamed", f.omar, f.claire, "; Yasmine father(5e C)")
	sees("the class renamed", f.claire, f.thomas, "5e C*")
	sees("the class renamed", f.zoe, f.zoe, "5e C")

	f.Change("classes", f.fifth, map[string]any{"archived": true})
	sees("the class archived", f.omar, f.claire, "; Yasmine father()")
	sees("the class archived", f.claire, f.thomas, "")
	f.Change("classes", f.fifth, map[string]any{"archived": false})
	sees("the class brought back", f.claire, f.thomas, "5e C*")

	enrollment := f.Enroll(f.fifth, f.bob, protocol.InClassStudent)
	sees("enrolled", f.bob, f.claire, "5e C")
	f.Change("enrollments", protocol.ParseID(enrollment.Id), map[string]any{"user": f.eve.ID.RecordID()})
	sees("enrolled no longer", f.bob, f.claire, "")
	f.Remove("enrollments", f.enrollmentOf(f.yasmine))
	sees("out of the class", f.yasmine, f.claire, "")
	sees("out of the class", f.omar, f.claire, "; Yasmine father()")

	f.Change("users", f.yasmine.ID, map[string]any{"first_name": "Jasmine"})
	sees("the child renamed", f.omar, f.claire, "; Jasmine father()")
	f.Change("users", f.yasmine.ID, map[string]any{"disabled": true})
	sees("the child gone", f.omar, f.claire, "")
	f.Change("users", f.yasmine.ID, map[string]any{"disabled": false})
	sees("the child back", f.omar, f.claire, "; Jasmine father()")

	guardianship := f.Guardian(f.thomas, protocol.RelationGuardian, f.yasmine)[0]
	sees("another guardian", f.thomas, f.claire, "; Jasmine guardian(); Zoë (5e C)")
	f.Change("guardianships", protocol.ParseID(guardianship.Id), map[string]any{"guardian": f.omar.ID.RecordID(), "student": f.bob.ID.RecordID()})
	sees("the guardianship passed on", f.thomas, f.claire, "; Zoë (5e C)")
	sees("the guardianship passed on", f.omar, f.claire, "; Bob guardian(); Jasmine father()")
	f.Remove("guardianships", protocol.ParseID(guardianship.Id))
	sees("the guardianship ended", f.omar, f.claire, "; Jasmine father()")

	f.Remove("users", f.yasmine.ID)
	sees("the child deleted", f.omar, f.claire, "")
	f.Remove("classes", f.fifth)
	sees("the class deleted", f.zoe, f.claire, "")
	sees("the class deleted", f.claire, f.thomas, "")
	sees("the class deleted", f.thomas, f.claire, "; Zoë ()")
	if f.Count("enrollments") != 1 || f.Count("guardianships") != 2 {
		t.Errorf("%d enrollments and %d guardianships are left", f.Count("enrollments"), f.Count("guardianships"))
	}
}

func (f *families) enrollmentOf(p apptest.Person) protocol.ID {
	f.t.Helper()
	record, err := f.FindFirstRecordByData("enrollments", "user", p.Record.Id)
	if err != nil {
		f.t.Fatal(err)
	}
	return protocol.ParseID(record.Id)
}

func TestClasses_ofACallerAreTheirOwnAndTheirChildrens(t *testing.T) {
	f := newFamilies(t)
	for _, c := range []struct {
		who  apptest.Person
		want []protocol.ID
	}{
		{f.fatima, []protocol.ID{f.fifth, f.cm1}}, {f.omar, []protocol.ID{f.fifth}}, {f.zoe, []protocol.ID{f.fifth}}, {f.bob, nil},
	} {
		got := f.account(c.who).Classes()
		if want := slices.Sorted(slices.Values(c.want)); !slices.Equal(got, want) {
			t.Errorf("%s has %v, want %v", c.who.Email, got, want)
		}
	}
}

// However many people are loaded, the database is asked three times.
func TestAccounts_loadManyPeopleByThreeQueries(t *testing.T) {
	f := newFamilies(t)
	people := []protocol.ID{f.claire.ID, f.fatima.ID, f.omar.ID}
	for i := range 40 {
		child, parent := f.Person(f.college, protocol.RoleStudent, "Enfant", fmt.Sprint(i)), f.Person(f.college, protocol.RoleParent, "Parent", fmt.Sprint(i))
		f.Enroll(f.fifth, child, protocol.InClassStudent)
		f.Guardian(parent, protocol.RelationMother, child)
		people = append(people, child.ID, parent.ID)
	}
	f.Stop()
	var queries []string
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: f.Dir, DBConnect: func(path string) (*dbx.DB, error) {
		db, err := store.Connect(path)
		if err == nil {
			db.QueryLogFunc = func(_ context.Context, _ time.Duration, statement string, _ *sql.Rows, _ error) {
				queries = append(queries, statement)
			}
		}
		return db, err
	}})
	service := school.New(app, store.New(app), config.Default().Limits)
	if err := app.Bootstrap(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := plainapp.Terminate(app); err != nil {
			t.Error(err)
		}
	}()
	queries = nil
	accounts, err := service.Accounts(people)
	if err != nil || len(accounts) != len(people) || len(queries) != 3 {
		t.Errorf("%d of %d people by %d queries: %v", len(accounts), len(people), len(queries), err)
	}
}
