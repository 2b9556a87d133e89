package roster_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/roster"
)

func TestImport_createsPeopleClassesAndFamilies(t *testing.T) {
	s := newSchool(t)
	plan := s.plan(family())
	if plan.State != protocol.RosterPlanned || s.Count("users") != 1 || s.Count("classes") != 0 {
		t.Fatalf("planning has changed something, or the state is %s", plan.State)
	}
	want := protocol.RosterCounts{
		People: protocol.RosterPeopleCounts{Created: 4}, Classes: protocol.RosterClassCounts{RosterRowCounts: protocol.RosterRowCounts{Created: 2}},
		Enrollments: protocol.RosterRowCounts{Created: 3}, Guardianships: protocol.RosterRowCounts{Created: 2}}
	if plan.Counts != want || len(plan.Changes) != 11 {
		t.Fatalf("planned %+v with %d changes, want %+v", plan.Counts, len(plan.Changes), want)
	}
	if done := s.apply(plan, nil); done.Progress != 1 || !done.CanUndo || done.AppliedAt == nil {
		t.Errorf("applied, it is %+v", done)
	}
	yasmine, fatima := s.person("Yasmine", "Benali"), s.person("Fatima", "Benali")
	if yasmine.GetString("username") != "yasmine.benali" || yasmine.Email() != "" || yasmine.GetBool("temporary_password") {
		t.Errorf("Yasmine is %v", yasmine)
	}
	if fatima.Email() != "fatima@famille.example" || fatima.GetString("username") != "" {
		t.Errorf("Fatima is %v", fatima)
	}
	for _, person := range []*core.Record{yasmine, fatima} {
		if hash := person.GetString("password:hash"); hash == "" || person.ValidatePassword("") || person.GetString("tokenKey") == "" {
			t.Errorf("%s has the password %q", person.Id, hash)
		}
	}
	if yasmine.TokenKey() == fatima.TokenKey() {
		t.Error("people share a key for tokens")
	}
	if s.Count("enrollments") != 3 || s.Count("guardianships") != 2 || s.Count("classes") != 2 {
		t.Error("not everything is there")
	}
}

func TestImport_aSecondTimeChangesNothing(t *testing.T) {
	for _, format := range []string{roster.FormatONDE, roster.FormatSIECLE, roster.FormatTable} {
		s := newSchool(t)
		r := family()
		r.Format = format
		if format == roster.FormatSIECLE {
			for i := range r.People {
				r.People[i].ExternalID = fmt.Sprint("p", i)
			}
		}
		// People of whom only the name is known, homonyms among them, and twins.
		r.People = append(r.People, teacher("paul", "Paul", "Durand", ""), parent("a", "Marie", "Petit", ""), parent("b", "Marie", "Petit", ""),
			student("c", "Léo", "Petit", "2015-01-01"), student("d", "Léa", "Petit", "2015-01-01"))
		r.Guardianships = append(r.Guardianships, of("a", "c"), of("b", "d"))
		s.imports(r)
		before := s.dump()
		plan := s.plan(r)
		if len(plan.Changes) != 0 || len(plan.Problems) != 0 || plan.Counts.People != (protocol.RosterPeopleCounts{Unchanged: 9}) {
			t.Errorf("%s: a second time there are %+v, %+v, %v", format, plan.Counts, plan.Changes, plan.Problems)
		}
		s.apply(plan, nil)
		if after := s.dump(); after != before {
			t.Errorf("%s: it was\n%s\nand is\n%s", format, before, after)
		}
	}
}

func TestImport_movesStudentsAndDisablesWhoLeaves(t *testing.T) {
	s := newSchool(t)
	s.imports(family())
	r := family()
	r.People = slices.DeleteFunc(r.People, func(p roster.Person) bool { return p.Key == "adam" })
	r.Enrollments = []roster.Enrollment{in("yasmine", "4e A"), {Person: "claire", Class: "5e B", Role: protocol.InClassHeadTeacher}}
	r.Guardianships = r.Guardianships[:1]
	plan := s.imports(r)
	if c := plan.Counts.People; c.Leaving != 1 || c.ChangingClass != 1 || c.Unchanged != 3 {
		t.Errorf("planned %+v", plan.Counts)
	}
	adam := s.person("Adam", "Benali")
	if !adam.GetBool("disabled") || adam.GetDateTime("left_at").IsZero() || s.person("Agnès", "Directrice").GetBool("disabled") {
		t.Error("the wrong people have left")
	}
	if s.Count("enrollments") != 2 || s.Count("users") != 5 {
		t.Errorf("%d enrollments, %d people", s.Count("enrollments"), s.Count("users"))
	}

	plan = s.imports(family())
	if c := plan.Counts.People; c.Returning != 1 {
		t.Errorf("planned %+v", plan.Counts)
	}
	adam = s.person("Adam", "Benali")
	if adam.GetBool("disabled") || !adam.GetDateTime("left_at").IsZero() {
		t.Error("Adam isn't back")
	}
}

func TestImport_leavesAloneWhomTheFilesNeedntName(t *testing.T) {
	s := newSchool(t)
	s.imports(family())
	r := roster.Roster{Complete: []string{protocol.RoleStudent}, People: family().People[:1], Enrollments: family().Enrollments[:1]}
	plan := s.plan(r)
	if c := plan.Counts; c.People.Leaving != 1 || c.Guardianships.Removed != 0 || c.Enrollments.Removed != 1 {
		t.Errorf("planned %+v", c)
	}
	plan = s.plan(roster.Roster{People: family().People[:1]})
	if len(plan.Changes) != 0 {
		t.Errorf("files that aren't complete change %+v", plan.Changes)
	}
}

func TestImport_warnsIfManyLeave(t *testing.T) {
	s := newSchool(t)
	var r roster.Roster
	for i := range 30 {
		r.People = append(r.People, student(fmt.Sprint(i), fmt.Sprint("Élève ", i), "Petit", "2014-01-01"))
	}
	s.imports(r)
	r.Complete = []string{protocol.RoleStudent}
	r.People = r.People[:21]
	if plan := s.plan(r); plan.Counts.People.Leaving != 9 || len(plan.Problems) != 0 {
		t.Errorf("%d of 30 leave: %v", plan.Counts.People.Leaving, plan.Problems)
	}
	r.People = r.People[:20]
	if plan := s.plan(r); plan.Counts.People.Leaving != 10 || !slices.Equal(codes(plan), []string{roster.ProblemManyLeaving}) {
		t.Errorf("%d of 30 leave: %v", plan.Counts.People.Leaving, plan.Problems)
	}
}

func TestImport_keepsAnAddressThatSomebodyHasChanged(t *testing.T) {
	s := newSchool(t)
	r := family()
	s.imports(r)
	s.change(s.person("Fatima", "Benali"), "email", "fatima@chez-moi.example")
	plan := s.plan(r)
	if len(plan.Changes) != 0 || len(plan.Problems) != 0 {
		t.Fatalf("her own address leads to %+v, %v", plan.Changes, plan.Problems)
	}
	r.People[2].Email = "f.benali@famille.example"
	r.People[3].Email = "c.martin@ecole.example"
	s.imports(r)
	if got := s.person("Fatima", "Benali").Email(); got != "fatima@chez-moi.example" {
		t.Errorf("her address is now %s", got)
	}
	if got := s.person("Claire", "Martin").Email(); got != "c.martin@ecole.example" {
		t.Errorf("the address that nobody has changed is %s", got)
	}
	again := s.plan(r)
	if len(again.Changes) != 0 {
		t.Errorf("again there is %+v", again.Changes)
	}
}

func TestImport_givesASharedAddressToOnePerson(t *testing.T) {
	s := newSchool(t)
	r := roster.Roster{People: []roster.Person{
		parent("a", "Marie", "Petit", "petit@famille.example"), parent("b", "Jean", "Petit", "Petit@famille.example")}}
	plan := s.imports(r)
	if !slices.Equal(codes(plan), []string{roster.ProblemAddressTaken}) {
		t.Errorf("the problems are %v", plan.Problems)
	}
	if s.person("Marie", "Petit").Email() == "" || s.person("Jean", "Petit").GetString("username") != "jean.petit" {
		t.Error("the address isn't Marie's, or Jean has no username")
	}
	if again := s.plan(r); len(again.Changes) != 0 {
		t.Errorf("again there is %+v", again.Changes)
	}
}

func TestImport_numbersUsernamesThatAreTaken(t *testing.T) {
	s := newSchool(t)
	s.imports(roster.Roster{People: []roster.Person{
		student("a", "Zoë", "Le Goff", "2014-01-01"), student("b", "Zoe", "Le-Goff", "2014-01-02"), student("c", "زينب", "العربي", "2014-01-03")}})
	var names []string
	for _, record := range append(append(s.people("Zoë", "Le Goff"), s.people("Zoe", "Le-Goff")...), s.people("زينب", "العربي")...) {
		names = append(names, record.GetString("username"))
	}
	long := student("d", "Lou", "Petit", "2014-01-04")
	long.Username = strings.Repeat("l", 60)
	other := student("e", "Lou", "Grand", "2014-01-05")
	other.Username = strings.ToUpper(long.Username)
	s.imports(roster.Roster{People: []roster.Person{long, other}})
	if got := s.person("Lou", "Grand").GetString("username"); got != other.Username[:59]+"2" {
		t.Errorf("the longest username is %s where it is taken", got)
	}
	if !slices.Equal(names, []string{"zoe.legoff", "zoe.legoff2", "compte"}) {
		t.Errorf("the usernames are %q", names)
	}
}

func TestImport_keepsAccentsThatTheFileLacks(t *testing.T) {
	s := newSchool(t)
	s.imports(roster.Roster{People: []roster.Person{student("a", "Hélène", "Cœur", "2014-01-01")}})
	if plan := s.plan(roster.Roster{People: []roster.Person{student("a", "Helene", "Cœur", "2014-01-01")}}); len(plan.Changes) != 0 {
		t.Errorf("planned %+v", plan.Changes)
	}
	s.imports(roster.Roster{People: []roster.Person{student("a", "Hélêne", "Cœur", "2014-01-01")}})
	s.person("Hélêne", "Cœur")
}

func TestImport_ofATeacherWhoIsAParentKeepsOneAccount(t *testing.T) {
	s := newSchool(t)
	s.imports(family())
	r := roster.Roster{People: []roster.Person{
		parent("p", "Claire", "Martin", "claire@ecole.example"), student("s", "Lou", "Martin", "2015-02-03")},
		Guardianships: []roster.Guardianship{of("p", "s")}}
	plan := s.imports(r)
	claire := s.person("Claire", "Martin")
	if claire.GetString("role") != protocol.RoleTeacher || plan.Counts.Guardianships.Created != 1 {
		t.Errorf("Claire is %v after %+v", claire, plan.Counts)
	}
	// Files that name both sides, in rows of their own.
	both := family()
	both.People = append(both.People, r.People...)
	both.Guardianships = append(both.Guardianships, r.Guardianships...)
	if plan := s.plan(both); plan.Counts.People.Created != 0 || plan.Counts.People.Unchanged != 5 || plan.Counts.Guardianships.Removed != 0 {
		t.Errorf("planned %+v", plan.Counts)
	}
	fresh := newSchool(t)
	fresh.imports(both)
	if got := fresh.person("Claire", "Martin").GetString("role"); got != protocol.RoleTeacher {
		t.Errorf("in a new school Claire is %s", got)
	}

	// A teacher who no longer works here stays as a parent.
	plan = s.imports(roster.Roster{Complete: []string{protocol.RoleTeacher}, People: []roster.Person{teacher("x", "Nouvelle", "Venue", "")}})
	if got := s.person("Claire", "Martin"); got.GetString("role") != protocol.RoleParent || got.GetBool("disabled") || plan.Counts.People.Leaving != 0 {
		t.Errorf("Claire is %v after %+v", got, plan.Counts)
	}
	if plan.Counts.Enrollments.Removed != 1 || s.Count("enrollments") != 2 {
		t.Errorf("she still teaches: %+v", plan.Counts.Enrollments)
	}
	s.undo(plan)
	if got := s.Count("enrollments"); got != 3 {
		t.Errorf("after the undo there are %d enrollments", got)
	}
}

func TestApply_refusesAnOutdatedPlan(t *testing.T) {
	s := newSchool(t)
	s.imports(family())
	outdated := roster.Roster{People: []roster.Person{student("n", "Nina", "Neuve", "2014-01-01")}}
	for name, change := range map[string]func(){
		"a name":       func() { s.change(s.person("Fatima", "Benali"), "role", protocol.RoleStaff) },
		"somebody new": func() { s.Person(s.college, protocol.RoleParent, "Jean", "Neuf") },
		"a class": func() {
			s.Create("classes", map[string]any{"name": "6e C", "year": year, "establishment": s.college.RecordID()})
		},
		"a family": func() {
			record, err := s.FindFirstRecordByData("guardianships", "guardian", s.person("Fatima", "Benali").Id)
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Delete(record); err != nil {
				t.Fatal(err)
			}
		},
	} {
		plan := s.plan(outdated)
		change()
		err := s.Rosters.Apply(s.college, plan.ID, nil)
		if !hasCode(err, protocol.CodePlanOutdated) {
			t.Errorf("after %s: %v", name, err)
		}
	}
	plan := s.plan(outdated)
	s.change(s.person("Fatima", "Benali"), "locale", "en") // what people do by themselves
	s.Person(s.Establishment("Lycée"), protocol.RoleParent, "Paul", "Ailleurs")
	s.apply(plan, nil)
	if err := s.Rosters.Apply(s.college, plan.ID, nil); err != nil {
		t.Errorf("a second time: %v", err)
	}
}

func hasCode(err error, code string) bool {
	var coded interface{ Code() string }
	return errors.As(err, &coded) && coded.Code() == code
}

func TestPlan_readsOneImportAtATime(t *testing.T) {
	s := newSchool(t)
	unlock := s.Rosters.LockReading()
	_, err := s.Rosters.Plan(s.admin.ID, s.college, nil, roster.Options{})
	if !hasCode(err, protocol.CodeTooManyRequests) {
		t.Errorf("a second one: %v", err)
	}
	unlock()
	if _, err = s.Rosters.Plan(s.admin.ID, s.college, nil, roster.Options{}); hasCode(err, protocol.CodeTooManyRequests) {
		t.Errorf("after the first one: %v", err)
	}
}

// With a field that isn't among them, an import of many people would be slow.
func TestPersonColumns_areTheFieldsOfPeople(t *testing.T) {
	users, err := newSchool(t).FindCollectionByNameOrId("users")
	if err != nil {
		t.Fatal(err)
	}
	names := slices.Sorted(slices.Values(users.Fields.FieldNames()))
	if want := slices.Sorted(slices.Values(append([]string{"id"}, roster.PersonColumns...))); !slices.Equal(names, want) {
		t.Errorf("people have the fields %q, want %q", names, want)
	}
}

// The fast path is closed while somebody else listens to saves: people are the same either way.
func TestImport_isTheSameWithoutTheFastPath(t *testing.T) {
	fast, slow := newSchool(t), newSchool(t)
	heard := 0
	slow.OnRecordAfterCreateSuccess("users").BindFunc(func(e *core.RecordEvent) error {
		heard++
		return e.Next()
	})
	fast.imports(family())
	slow.imports(family())
	if heard != 4 {
		t.Errorf("%d saves were heard", heard)
	}
	for _, name := range []string{"Yasmine", "Adam", "Fatima"} {
		a, b := fast.person(name, "Benali"), slow.person(name, "Benali")
		for _, field := range a.Collection().Fields.FieldNames() {
			if slices.Contains([]string{"id", "created", "updated", "password", "tokenKey", "establishments"}, field) {
				if got := len(a.GetString(field)); got != len(b.GetString(field)) {
					t.Errorf("%s has a %s of %d characters, want %d", name, field, got, len(b.GetString(field)))
				}
			} else if a.GetString(field) != b.GetString(field) {
				t.Errorf("%s of %s is %q, want %q", field, name, a.GetString(field), b.GetString(field))
			}
		}
	}
}
