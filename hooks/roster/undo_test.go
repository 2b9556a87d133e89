package roster_test

import (
	"fmt"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
	"messagerie/hooks/roster"
)

// many is a school of more people than fit into a portion.
func many(n int) roster.Roster {
	r := roster.Roster{Complete: everybody, Classes: []roster.Class{{Name: "6e A"}}}
	for i := range n {
		key, adult := fmt.Sprint("s", i), fmt.Sprint("p", i)
		r.People = append(r.People, student(key, fmt.Sprint("Élève ", i), "Petit", "2014-01-01"), parent(adult, fmt.Sprint("Parent ", i), "Petit", ""))
		r.Enrollments = append(r.Enrollments, in(key, "6e A"))
		r.Guardianships = append(r.Guardianships, of(adult, key))
	}
	return r
}

func TestUndo_bringsEverythingBack(t *testing.T) {
	s := newSchool(t)
	first := s.imports(family())
	before := s.dump()
	r := many(50)
	r.People = append(r.People, family().People[0])
	r.Enrollments = append(r.Enrollments, in("yasmine", "6e A"))
	second := s.imports(r)
	if s.dump() == before {
		t.Fatal("the second import changes nothing")
	}
	if err := s.Rosters.Undo(s.college, first.ID); !hasCode(err, protocol.CodePlanOutdated) {
		t.Errorf("undo of the one before: %v", err)
	}
	s.undo(second)
	if after := s.dump(); after != before {
		t.Errorf("it was\n%s\nand is\n%s", before, after)
	}
	if err := s.Rosters.Undo(s.college, second.ID); err != nil {
		t.Errorf("a second time: %v", err)
	}
	if err := s.Rosters.Apply(s.college, second.ID, nil); !hasCode(err, protocol.CodePlanOutdated) {
		t.Errorf("applied after the undo: %v", err)
	}
	s.undo(first)
	if s.Count("users") != 1 || s.Count("classes") != 0 {
		t.Errorf("%d people, %d classes are left", s.Count("users"), s.Count("classes"))
	}
}

func TestUndo_keepsWhatPeopleHaveDoneSince(t *testing.T) {
	s := newSchool(t)
	s.imports(family())
	r := family()
	r.Complete = nil
	r.People = append(r.People, parent("neuf", "Karim", "Neuf", ""), parent("seul", "Paul", "Seul", ""))
	r.Guardianships = append(r.Guardianships, of("neuf", "adam"))
	plan := s.imports(r)
	karim := s.SignIn(s.person("Karim", "Neuf"))
	s.Says(s.admin, s.Conversation(s.admin, karim), "Bonjour")
	s.undo(plan)
	if kept := s.person("Karim", "Neuf"); !kept.GetBool("disabled") || kept.GetDateTime("left_at").IsZero() {
		t.Error("somebody with a conversation isn't disabled")
	}
	if gone := s.people("Paul", "Seul"); len(gone) != 0 {
		t.Error("somebody without a conversation is still there")
	}
}

func TestUndo_keepsAnAddressThatWasChangedSince(t *testing.T) {
	s := newSchool(t)
	s.imports(family())
	r := family()
	r.People[3].Email = "c.martin@ecole.example"
	plan := s.imports(r)
	s.change(s.person("Claire", "Martin"), "email", "claire@chez-moi.example")
	s.undo(plan)
	if got := s.person("Claire", "Martin"); got.Email() != "claire@chez-moi.example" || got.GetString("imported_email") != "claire@ecole.example" {
		t.Errorf("Claire is %v", got)
	}
}

func TestRecover_takesBackAnImportThatWasInterrupted(t *testing.T) {
	s := newSchool(t)
	s.imports(family())
	before := s.dump()
	plan := s.plan(many(100))
	if err := s.Rosters.ApplyPortions(s.college, plan.ID, 3); err != nil {
		t.Fatal(err)
	}
	if s.Count("users") <= 5+roster.PortionSteps {
		t.Fatalf("only %d people are there", s.Count("users"))
	}
	if err := s.Rosters.Apply(s.college, s.plan(family()).ID, nil); !hasCode(err, protocol.CodePlanOutdated) {
		t.Errorf("another import meanwhile: %v", err)
	}
	s.Stop()
	again := schoolAt(t, s, s.Dir)
	again.get(plan.ID, protocol.RosterFailed)
	if after := again.dump(); after != before {
		t.Errorf("it was\n%s\nand is\n%s", before, after)
	}
	again.apply(again.plan(many(100)), nil)
}

// schoolAt is the same school on a server that was started again.
func schoolAt(t *testing.T, s *school, dir string) *school {
	t.Helper()
	return &school{App: apptest.Open(t, dir), t: t, college: s.college, admin: s.admin}
}

func TestApply_takesEverythingBackIfAPortionFails(t *testing.T) {
	s := newSchool(t)
	s.imports(family())
	before := s.dump()
	r := many(100)
	r.People[150].Role = "janitor" // which no reader returns, and the schema refuses
	plan := s.plan(r)
	if err := s.Rosters.ApplyNow(s.college, plan.ID); err == nil {
		t.Fatal("the import is applied")
	}
	s.get(plan.ID, protocol.RosterFailed)
	if after := s.dump(); after != before {
		t.Errorf("it was\n%s\nand is\n%s", before, after)
	}
}

func TestPlans_areKeptForAWhile(t *testing.T) {
	s := newSchool(t)
	applied := s.imports(family())
	for range roster.Kept + 3 {
		s.plan(many(1))
	}
	plans, err := s.Rosters.List(s.college)
	if err != nil || len(plans) != roster.Kept+1 || plans[len(plans)-1].ID != applied.ID {
		t.Fatalf("%d plans are kept: %v", len(plans), err)
	}
	if got := s.Count("roster_portions"); got != 2*roster.Kept+1 { // what is removed, and the rest
		t.Errorf("%d portions are kept", got)
	}
	s.undo(applied)
}
