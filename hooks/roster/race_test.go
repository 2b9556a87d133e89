package roster_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"messagerie/hooks/protocol"
	"messagerie/hooks/roster"
)

// portions are the record ids of all portions.
func (s *school) portions() (ids []string) {
	s.t.Helper()
	if err := s.DB().Select("id").From("roster_portions").OrderBy("id").Column(&ids); err != nil {
		s.t.Fatal(err)
	}
	return ids
}

// planWithAQuestion plans an import of a teacher who may be there already. Its key is claire.
func (s *school) planWithAQuestion() protocol.RosterPlan {
	s.t.Helper()
	s.Person(s.college, protocol.RoleTeacher, "Claire", "Martin")
	r := family()
	r.People[3].Email = ""
	plan := s.plan(r)
	question(s.t, plan)
	return plan
}

func TestApply_withDecisionsReplacesNoImportThatHasBegun(t *testing.T) {
	s := newSchool(t)
	plan := s.planWithAQuestion()
	before := s.portions()
	s.Rosters.SetNow(func() time.Time { // read while the plan is made again
		if err := s.Rosters.ApplyPortions(s.college, plan.ID, 0); err != nil {
			t.Error("apply without decisions:", err)
		}
		return time.Date(2026, 10, 1, 8, 0, 0, 0, time.UTC)
	})
	if err := s.Rosters.Apply(s.college, plan.ID, roster.Decisions{"claire": 0}); !hasCode(err, protocol.CodePlanOutdated) {
		t.Errorf("apply with decisions: %v", err)
	}
	s.get(plan.ID, protocol.RosterApplying)
	if after := s.portions(); len(before) == 0 || !slices.Equal(before, after) {
		t.Errorf("the portions were %q and are %q", before, after)
	}
}

// Two administrators answer the question of one plan differently: one answer counts, whole.
func TestApply_ofTwoWhoDecideAtOnceFollowsOne(t *testing.T) {
	s := newSchool(t)
	plan := s.planWithAQuestion()
	claire := protocol.ParseID(s.person("Claire", "Martin").Id)
	errs := make([]error, 2)
	var wait sync.WaitGroup
	for i, decision := range []protocol.ID{0, claire} {
		wait.Go(func() { errs[i] = s.Rosters.Apply(s.college, plan.ID, roster.Decisions{"claire": decision}) })
	}
	wait.Wait()
	s.Rosters.Wait()
	s.get(plan.ID, protocol.RosterApplied)
	for _, err := range errs {
		if err != nil && !hasCode(err, protocol.CodePlanOutdated) && !hasCode(err, protocol.CodeTooManyRequests) {
			t.Error(err)
		}
	}
	accounts := len(s.people("Claire", "Martin")) // two if she was decided to be somebody new
	if s.Count("enrollments") != 3 || s.Count("users") != 1+3+accounts || accounts > 2 {
		t.Errorf("%d people, %d of them Claire, are in %d classes", s.Count("users"), accounts, s.Count("enrollments"))
	}
}

func TestApply_refusesAPlanThatIsBeingReplaced(t *testing.T) {
	s := newSchool(t)
	plan := s.plan(family())
	err := s.Rosters.ApplyAfter(s.college, plan.ID, func() {
		record, err := s.FindRecordById("roster_imports", plan.ID.RecordID())
		if err != nil {
			t.Fatal(err)
		}
		s.change(record, "fingerprint", "")
	})
	if !hasCode(err, protocol.CodePlanOutdated) {
		t.Errorf("apply: %v", err)
	}
	s.get(plan.ID, protocol.RosterPlanned)
}

func TestPlans_areKeptWhoseImportHasBegunMeanwhile(t *testing.T) {
	s := newSchool(t)
	begun := s.plan(family())
	if err := s.Rosters.ApplyPortions(s.college, begun.ID, 1); err != nil {
		t.Fatal(err)
	}
	before := s.portions()
	if err := s.Rosters.Delete(begun.ID); err != nil {
		t.Fatal(err)
	}
	s.get(begun.ID, protocol.RosterApplying)
	if after := s.portions(); len(before) == 0 || !slices.Equal(before, after) {
		t.Errorf("the portions were %q and are %q", before, after)
	}
	other := newSchool(t)
	applied, planned := other.imports(family()), other.plan(many(1))
	for _, id := range []protocol.ID{applied.ID, planned.ID} {
		if err := other.Rosters.Delete(id); err != nil {
			t.Fatal(err)
		}
	}
	if plans, err := other.Rosters.List(other.college); err != nil || len(plans) != 1 || plans[0].ID != applied.ID {
		t.Errorf("kept %+v: %v", plans, err)
	}
	other.undo(applied)
}
