package roster_test

import (
	"fmt"
	"slices"
	"testing"

	"messagerie/hooks/protocol"
	"messagerie/hooks/roster"
)

// question returns the only question of a plan.
func question(t *testing.T, plan protocol.RosterPlan) protocol.RosterProblem {
	t.Helper()
	if !slices.Equal(codes(plan), []string{roster.ProblemNeedsDecision}) {
		t.Fatalf("the problems are %+v", plan.Problems)
	}
	return plan.Problems[0]
}

func TestMatch_recognisesBySurerSignsFirst(t *testing.T) {
	s := newSchool(t)
	schoolID := []string{s.college.RecordID()}
	byID := s.Create("users", map[string]any{"first_name": "A", "last_name": "Ancien", "role": "student", "username": "a.ancien",
		"password": "correct horse battery", "establishments": schoolID, "external_source": roster.FormatTable, "external_id": "7"})
	byINE := s.Create("users", map[string]any{"first_name": "Lou", "last_name": "Petit", "role": "student", "username": "lou.petit",
		"password": "correct horse battery", "establishments": schoolID, "ine": "0123456789A"})
	byDate := s.Create("users", map[string]any{"first_name": "Zoé", "last_name": "Le Goff", "role": "student", "username": "zoe.le-goff",
		"password": "correct horse battery", "establishments": schoolID, "birth_date": "2014-01-01"})
	byAddress := s.Person(s.college, protocol.RoleTeacher, "Anne", "Martin")

	people := []roster.Person{
		student("1", "B", "Nouveau", ""), student("2", "Louis", "Petit", ""), student("3", "Zoe", "Le Goff", "2014-01-01"),
		teacher("4", "Anne", "Durand", byAddress.Email)}
	people[0].ExternalID, people[1].INE = "7", "0123456789A"
	plan := s.imports(roster.Roster{People: people})
	if c := plan.Counts.People; c.Created != 0 || c.Updated != 3 || c.Unchanged != 1 || len(plan.Problems) != 0 {
		t.Errorf("planned %+v: %v", c, plan.Problems)
	}
	for id, want := range map[string]string{byID.Id: "Nouveau", byINE.Id: "Petit", byDate.Id: "Le Goff", byAddress.Record.Id: "Durand"} {
		if got := s.Find("users", protocol.ParseID(id)).GetString("last_name"); got != want {
			t.Errorf("%s is called %s, want %s", id, got, want)
		}
	}
}

func TestMatch_asksWhereOnlyTheNameSpeaksForIt(t *testing.T) {
	s := newSchool(t)
	claire := s.Person(s.college, protocol.RoleTeacher, "Claire", "Martin")
	r := family()
	r.People[3].Email = ""
	r.People[3].At = roster.Position{File: "enseignants.csv", Line: 2}
	plan := s.plan(r)
	asked := question(t, plan)
	if asked.File != "enseignants.csv" || asked.Line != 2 || asked.Key != "claire" || asked.Message == "" ||
		len(asked.Candidates) != 1 || asked.Candidates[0].ID != claire.ID {
		t.Errorf("asked %+v", asked)
	}
	if c := plan.Counts; c.People.Created != 3 || c.People.Leaving != 0 || c.Enrollments.Created != 2 {
		t.Errorf("planned %+v", c)
	}
	for name, wrong := range map[string]roster.Decisions{
		"another row": {"fatima": 0}, "another person": {"claire": s.admin.ID}, "nobody's id": {"claire": 4711}} {
		if err := s.Rosters.Apply(s.college, plan.ID, wrong); !hasCode(err, protocol.CodeInvalidRequest) {
			t.Errorf("%s: %v", name, err)
		}
	}
	done := s.apply(plan, roster.Decisions{"claire": claire.ID})
	if len(done.Problems) != 0 || done.Counts.People.Created != 3 || done.Counts.Enrollments.Created != 3 {
		t.Errorf("applied %+v: %v", done.Counts, done.Problems)
	}
	s.person("Claire", "Martin")
	if again := s.plan(r); len(again.Changes) != 0 || len(again.Problems) != 0 {
		t.Errorf("decided once, there is %+v: %v", again.Changes, again.Problems)
	}
}

func TestMatch_createsWhomADecisionCallsNew(t *testing.T) {
	s := newSchool(t)
	s.Person(s.college, protocol.RoleTeacher, "Claire", "Martin")
	r := family()
	r.People[3].Email = ""
	plan := s.plan(r)
	question(t, plan)
	decisions, err := roster.ParseDecisions([]byte(`{"claire":"new"}`))
	if err != nil {
		t.Fatal(err)
	}
	s.apply(plan, decisions)
	if got := len(s.people("Claire", "Martin")); got != 2 {
		t.Errorf("%d people are called Claire Martin", got)
	}
	// The one who isn't in the files leaves, now that it is clear.
	again := s.plan(r)
	if c := again.Counts.People; c.Created != 0 || c.Unchanged != 4 || len(again.Problems) != 0 {
		t.Errorf("decided once, there is %+v: %v", c, again.Problems)
	}
}

func TestMatch_tellsHomonymsApart(t *testing.T) {
	s := newSchool(t)
	namesakes := func(classOfFirst, classOfSecond string) roster.Roster {
		return roster.Roster{
			Complete:    everybody,
			People:      []roster.Person{student("1", "Lucas", "Martin", "2014-01-01"), student("2", "Lucas", "Martin", "2014-06-01"), student("3", "Lucas", "Martin", "2014-06-01")},
			Enrollments: []roster.Enrollment{in("1", "6e A"), in("2", classOfFirst), in("3", classOfSecond)},
		}
	}
	s.imports(namesakes("6e A", "6e B"))
	if plan := s.plan(namesakes("6e A", "6e B")); len(plan.Changes) != 0 || len(plan.Problems) != 0 {
		t.Errorf("again there is %+v, %v", plan.Changes, plan.Problems)
	}
	// Two who share even the birth date and change class can't be told apart.
	plan := s.plan(namesakes("5e A", "5e B"))
	if !slices.Equal(codes(plan), []string{roster.ProblemNeedsDecision, roster.ProblemNeedsDecision}) || plan.Counts.People.Leaving != 0 ||
		plan.Counts.Enrollments != (protocol.RosterRowCounts{Unchanged: 1}) {
		t.Errorf("planned %+v: %v", plan.Counts, plan.Problems)
	}
	s.apply(plan, nil)
	if s.Count("enrollments") != 3 || s.Count("users") != 4 {
		t.Error("rows without a decision have changed something")
	}
	father := s.plan(roster.Roster{People: []roster.Person{parent("f", "Lucas", "Martin", "")}})
	if father.Counts.People.Created != 1 || len(father.Problems) != 0 {
		t.Errorf("their father is taken for one of them: %+v", father.Problems)
	}
}

func TestMatch_claimsNobodyOfAnotherEstablishment(t *testing.T) {
	s := newSchool(t)
	lycee := s.Establishment("Lycée Rosa-Parks")
	there := s.Person(lycee, protocol.RoleTeacher, "Claire", "Martin")
	pupil := s.Person(lycee, protocol.RoleStudent, "Noé", "Petit")
	for field, value := range map[string]any{"ine": "123456789AB", "disabled": true, "left_at": "2026-07-04 00:00:00.000Z"} {
		s.change(s.Find("users", pupil.ID), field, value)
	}
	before := []map[string]any{s.Find("users", there.ID).FieldsData(), s.Find("users", pupil.ID).FieldsData()}
	r := family()
	r.People[3].FirstName, r.People[3].LastName, r.People[3].Email = "Claire", "Martin", there.Email
	r.People[0].INE = "123456789AB"
	plan := s.imports(r)
	if !slices.Equal(codes(plan), []string{roster.ProblemElsewhere, roster.ProblemElsewhere}) || plan.Counts.People.Created != 2 {
		t.Errorf("planned %+v with %v", plan.Counts, plan.Problems)
	}
	for i, id := range []protocol.ID{there.ID, pupil.ID} {
		if after := s.Find("users", id).FieldsData(); fmt.Sprint(after) != fmt.Sprint(before[i]) {
			t.Errorf("it was %v and is %v", before[i], after)
		}
	}
}

func TestMatch_keepsWhoIsInAnotherEstablishmentAsTheyAre(t *testing.T) {
	s := newSchool(t)
	lycee := s.Establishment("Lycée Rosa-Parks")
	there := s.Person(lycee, protocol.RoleTeacher, "Claire", "Martin")
	s.change(s.Find("users", there.ID), "establishments", []string{lycee.RecordID(), s.college.RecordID()}) // by the server's administration
	r := family()
	r.People[3].Email = there.Email
	r.People[3].LastName = "Autre"
	plan := s.imports(r)
	claire := s.Find("users", there.ID)
	if claire.GetString("last_name") != "Martin" || plan.Counts.People.Created != 3 || plan.Counts.Enrollments.Created != 3 {
		t.Errorf("Claire is %v after %+v: another school's person is changed", claire, plan.Counts)
	}
	if again := s.plan(r); len(again.Changes) != 0 {
		t.Errorf("again there is %+v", again.Changes)
	}
	r.People = r.People[:3]
	r.Enrollments = r.Enrollments[:2]
	if plan := s.imports(r); plan.Counts.People.Leaving != 1 || plan.Counts.Enrollments.Removed != 1 {
		t.Errorf("planned %+v", plan.Counts)
	}
	claire = s.Find("users", there.ID)
	if got := claire.GetStringSlice("establishments"); !slices.Equal(got, []string{lycee.RecordID()}) || claire.GetBool("disabled") {
		t.Errorf("Claire is in %v, disabled %v", got, claire.GetBool("disabled"))
	}
}

func TestMatch_neverTakesSomebodyElsesAccountByAnAddress(t *testing.T) {
	s := newSchool(t)
	lycee := s.Establishment("Lycée Rosa-Parks")
	principal := s.Person(lycee, protocol.RoleAdmin, "Paule", "Proviseure")
	before := s.Find("users", principal.ID).FieldsData()
	plan := s.plan(roster.Roster{People: []roster.Person{teacher("x", "Jean", "Filou", principal.Email)}})
	s.apply(plan, nil)
	after := s.Find("users", principal.ID).FieldsData()
	if before["updated"] != after["updated"] || s.person("Jean", "Filou").Email() != "" {
		t.Errorf("it was %v and is %v", before, after)
	}
}

func TestMatch_ignoresRowsThatStandTwice(t *testing.T) {
	s := newSchool(t)
	r := family()
	for i, id := range []string{"y", "a", "f", "c"} {
		r.People[i].ExternalID = id
	}
	twice := r.People[0]
	twice.Key = "again"
	r.People = append(r.People, twice)
	r.Enrollments = append(r.Enrollments, in("again", "Latin"))
	plan := s.imports(r)
	if plan.Counts.People.Created != 4 || plan.Counts.Enrollments.Created != 4 {
		t.Errorf("planned %+v", plan.Counts)
	}
}

func TestDecisions_areIDsOrNew(t *testing.T) {
	for _, wrong := range []string{`[]`, `{"a":"other"}`, `{"a":0}`, `{"a":null}`, `{"a":1.5}`, `"new"`} {
		if _, err := roster.ParseDecisions([]byte(wrong)); !hasCode(err, protocol.CodeInvalidRequest) {
			t.Errorf("%s: %v", wrong, err)
		}
	}
	decisions, err := roster.ParseDecisions([]byte(`{"a":7,"b":"new"}`))
	if err != nil || decisions["a"] != 7 || decisions["b"] != 0 || len(decisions) != 2 {
		t.Errorf("%v: %v", decisions, err)
	}
	if decisions, err := roster.ParseDecisions(nil); err != nil || decisions != nil {
		t.Errorf("%v: %v", decisions, err)
	}
}
