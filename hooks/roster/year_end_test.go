package roster_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"messagerie/hooks/protocol"
	"messagerie/hooks/roster"
)

const nextYear = "2027-2028"

// primary is a school with a class of each of three levels, in July: Léo, who will leave, is the only child of Marie, but not
// that of Jean, who has Zoé and Max as well.
func primary(t *testing.T) *school {
	t.Helper()
	s := newSchool(t)
	s.imports(roster.Roster{
		People: []roster.Person{
			student("max", "Max", "Petit", "2018-01-01"), student("zoe", "Zoé", "Petit", "2017-01-01"), student("leo", "Léo", "Roux", "2016-01-01"),
			parent("jean", "Jean", "Petit", ""), parent("marie", "Marie", "Roux", ""), teacher("claire", "Claire", "Martin", ""),
		},
		Classes: []roster.Class{{Name: "CE2", Level: "CE2"}, {Name: "CM1", Level: "CM1"}, {Name: "CM2", Level: "CM2"}},
		Enrollments: []roster.Enrollment{in("max", "CE2"), in("zoe", "CM1"), in("leo", "CM2"),
			{Person: "claire", Class: "CM1", Role: protocol.InClassTeacher}},
		Guardianships: []roster.Guardianship{of("jean", "max"), of("jean", "zoe"), of("jean", "leo"), of("marie", "leo")},
	})
	s.Rosters.SetNow(func() time.Time { return time.Date(2027, 7, 5, 8, 0, 0, 0, time.UTC) })
	return s
}

func (s *school) propose() protocol.YearEnd {
	s.t.Helper()
	proposal, err := s.Rosters.ProposeYearEnd(s.college, "")
	if err != nil {
		s.t.Fatal("propose:", err)
	}
	return proposal
}

// planYearEnd plans as it was proposed, after changes.
func (s *school) planYearEnd(proposal protocol.YearEnd, changes ...func(*roster.YearEnd)) protocol.RosterPlan {
	s.t.Helper()
	decided := decide(s.t, proposal)
	for _, change := range changes {
		change(&decided)
	}
	id, err := s.Rosters.PlanYearEnd(s.admin.ID, s.college, decided)
	if err != nil {
		s.t.Fatal("plan:", err)
	}
	return s.get(id, protocol.RosterPlanned)
}

// decide sends a proposal back as a client does.
func decide(t *testing.T, proposal protocol.YearEnd) roster.YearEnd {
	t.Helper()
	classes, err := json.Marshal(proposal.Classes)
	if err != nil {
		t.Fatal(err)
	}
	decided, err := roster.YearEndOf(protocol.YearEndRequest{Year: proposal.Year, KeepTeachers: proposal.KeepTeachers, Classes: classes})
	if err != nil {
		t.Fatal(err)
	}
	return decided
}

// classesOf lists who is in classes that aren't archived: "Zoé CM2 2027-2028 student".
func (s *school) placesNow() (places []string) {
	s.t.Helper()
	err := s.DB().NewQuery(`SELECT u.first_name || ' ' || c.name || ' ' || c.year || ' ' || e.role FROM enrollments e
		JOIN classes c ON c.id = e.class JOIN users u ON u.id = e.user WHERE NOT c.archived`).Column(&places)
	if err != nil {
		s.t.Fatal(err)
	}
	slices.Sort(places)
	return places
}

// disabled are the first names of people whose account is disabled.
func (s *school) disabled() (names []string) {
	s.t.Helper()
	records, err := s.FindAllRecords("users", dbx.HashExp{"disabled": true})
	if err != nil {
		s.t.Fatal(err)
	}
	for _, record := range records {
		names = append(names, record.GetString("first_name"))
		if record.GetDateTime("left_at").IsZero() {
			s.t.Errorf("%s is disabled, but hasn't left", record.GetString("first_name"))
		}
	}
	slices.Sort(names)
	return names
}

func TestYearEnd_proposesWhatBecomesOfEachClass(t *testing.T) {
	s := primary(t)
	s.Class(s.college, "CE1-CE2")
	s.Class(s.college, "Chorale")
	s.Create("classes", map[string]any{"name": "CP", "year": nextYear, "establishment": s.college.RecordID()})
	proposal := s.propose()
	if proposal.Year != nextYear || proposal.HasImports || !proposal.KeepTeachers {
		t.Errorf("proposed %+v", proposal)
	}
	var got []string
	for _, c := range proposal.Classes {
		got = append(got, fmt.Sprintf("%s %d/%d %s %s", c.Name, c.Students, c.Teachers, c.Action, c.Becomes))
	}
	want := []string{"CE1-CE2 0/0 waiting ", "CE2 1/0 promoted CM1", "CM1 1/1 promoted CM2", "CM2 1/0 leaving ", "Chorale 0/0 waiting "}
	if !slices.Equal(got, want) {
		t.Errorf("proposed %q, want %q", got, want)
	}
}

func TestYearEnd_proposesToWaitWhereFilesWillHaveTheNewClasses(t *testing.T) {
	s := newSchool(t)
	s.imports(roster.Roster{Format: roster.FormatSIECLE,
		People:      []roster.Person{student("a", "Léo", "Roux", "2014-01-01"), student("b", "Zoé", "Petit", "2012-01-01"), student("c", "Lou", "Grand", "2011-01-01")},
		Enrollments: []roster.Enrollment{in("a", "6A"), in("b", "4 LES LIONS"), in("c", "3A")}})
	s.Rosters.SetNow(func() time.Time { return time.Date(2027, 7, 5, 8, 0, 0, 0, time.UTC) })
	proposal := s.propose()
	if !proposal.HasImports || proposal.KeepTeachers || len(proposal.Classes) != 3 {
		t.Fatalf("proposed %+v", proposal)
	}
	for i, want := range []protocol.YearEndDecision{
		{Action: protocol.YearEndWaiting, Becomes: "5A", BecomesLevel: "5e"},
		{Action: protocol.YearEndWaiting, Becomes: "3A", BecomesLevel: "3e"}, // the only class of that level
		{Action: protocol.YearEndLeaving},
	} {
		if got := proposal.Classes[i].YearEndDecision; got != want {
			t.Errorf("for %s %+v is proposed, want %+v", proposal.Classes[i].Name, got, want)
		}
	}
	s.apply(s.planYearEnd(proposal), nil)
	if got := s.propose(); len(got.Classes) != 0 || !got.HasImports {
		t.Errorf("afterwards %+v is proposed", got)
	}
}

func TestYearEnd_promotesClassesAndDisablesWhoLeaves(t *testing.T) {
	s := primary(t)
	before := s.dump()
	plan := s.planYearEnd(s.propose())
	if s.dump() != before {
		t.Fatal("planning has changed something")
	}
	c := plan.Counts
	if plan.Format != roster.FormatYearEnd || plan.Year != nextYear || c.People.Leaving != 2 || c.People.ChangingClass != 2 ||
		c.People.Unchanged != 5 || c.Classes.Archived != 3 || c.Classes.Created != 2 || c.Enrollments.Created != 3 {
		t.Errorf("planned %+v", plan)
	}
	if done := s.apply(plan, nil); !done.CanUndo {
		t.Error("it can't be undone")
	}
	if got, want := s.placesNow(), []string{"Claire CM1 2027-2028 teacher", "Max CM1 2027-2028 student", "Zoé CM2 2027-2028 student"}; !slices.Equal(got, want) {
		t.Errorf("in classes are %q, want %q", got, want)
	}
	if got := s.disabled(); !slices.Equal(got, []string{"Léo", "Marie"}) {
		t.Errorf("%q have left", got)
	}
	if s.Count("enrollments") != 7 {
		t.Error("the archived classes have lost their people")
	}

	applied := s.dump()
	again := s.planYearEnd(s.propose())
	if len(again.Changes) != 0 {
		t.Errorf("a second time changes %+v", again.Changes)
	}
	s.apply(again, nil)
	if s.dump() != applied {
		t.Error("a second time has changed something")
	}
	s.undo(again)
	s.undo(plan)
	if after := s.dump(); after != before {
		t.Errorf("it was\n%s\nand is\n%s", before, after)
	}
}

func TestYearEnd_keepsWhomTheAdministrationKeeps(t *testing.T) {
	s := primary(t)
	leo, zoe := protocol.ParseID(s.person("Léo", "Roux").Id), protocol.ParseID(s.person("Zoé", "Petit").Id)
	plan := s.apply(s.planYearEnd(s.propose(), func(y *roster.YearEnd) {
		y.Staying, y.KeepTeachers = []protocol.ID{leo, zoe}, false
	}), nil)
	if c := plan.Counts.People; c.Leaving != 0 || c.ChangingClass != 1 || c.WithoutClass != 2 {
		t.Errorf("planned %+v", c)
	}
	if got := s.placesNow(); len(s.disabled()) != 0 || !slices.Equal(got, []string{"Max CM1 2027-2028 student"}) {
		t.Errorf("in classes are %q, and %q have left", got, s.disabled())
	}
}

// A file of the next year may have come first.
func TestYearEnd_leavesStudentsWhereAnImportHasPutThem(t *testing.T) {
	s := primary(t)
	s.imports(roster.Roster{Year: nextYear,
		People:      []roster.Person{student("leo", "Léo", "Roux", "2016-01-01"), student("zoe", "Zoé", "Petit", "2017-01-01")},
		Enrollments: []roster.Enrollment{in("leo", "CM2"), in("zoe", "CM1")}})
	plan := s.apply(s.planYearEnd(s.propose()), nil)
	want := []string{"Claire CM1 2027-2028 teacher", "Léo CM2 2027-2028 student", "Max CM1 2027-2028 student", "Zoé CM1 2027-2028 student"}
	if got := s.placesNow(); !slices.Equal(got, want) || plan.Counts.People.Leaving != 0 || plan.Counts.Classes.Created != 0 {
		t.Errorf("in classes are %q after %+v", got, plan.Counts)
	}
}

func TestYearEnd_leavesOthersAlone(t *testing.T) {
	s := primary(t)
	ecole := s.Establishment("École des Lilas")
	other := s.Person(ecole, protocol.RoleStudent, "Ida", "Ailleurs")
	s.Class(ecole, "CM2", other)
	both := s.Person(s.college, protocol.RoleStudent, "Nour", "Deux")
	s.Change("users", both.ID, map[string]any{"establishments": []string{s.college.RecordID(), ecole.RecordID()}})
	s.Enroll(s.classNamed("CM2"), both, protocol.InClassStudent)
	// A teacher whose child leaves still works here.
	leo := s.person("Léo", "Roux")
	s.Create("guardianships", map[string]any{"guardian": s.person("Claire", "Martin").Id, "student": leo.Id})
	s.apply(s.planYearEnd(s.propose()), nil)
	if got := s.disabled(); !slices.Equal(got, []string{"Léo", "Marie"}) {
		t.Errorf("%q have left", got)
	}
	if got := s.person("Nour", "Deux").GetStringSlice("establishments"); !slices.Equal(got, []string{ecole.RecordID()}) {
		t.Errorf("somebody of two schools is in %q", got)
	}
	if !slices.Contains(s.placesNow(), "Ida CM2 2026-2027 student") {
		t.Error("a class of another establishment is archived")
	}
}

func (s *school) classNamed(name string) protocol.ID {
	s.t.Helper()
	record, err := s.FindFirstRecordByFilter("classes", "name = {:name} && establishment = {:of} && archived = false",
		dbx.Params{"name": name, "of": s.college.RecordID()})
	if err != nil {
		s.t.Fatal(err)
	}
	return protocol.ParseID(record.Id)
}

func TestYearEnd_refusesWhatItCantFollow(t *testing.T) {
	s := primary(t)
	proposal := s.propose()
	other := s.Class(s.Establishment("École des Lilas"), "CM2")
	for name, change := range map[string]func(*roster.YearEnd){
		"a class of another school": func(y *roster.YearEnd) { y.Classes[0].ID = other },
		"an unknown class":          func(y *roster.YearEnd) { y.Classes[0].ID = 12 },
		"no name":                   func(y *roster.YearEnd) { y.Classes[0].Becomes = " " },
		"a long name":               func(y *roster.YearEnd) { y.Classes[0].Becomes = strings.Repeat("x", 101) },
		"an unknown action":         func(y *roster.YearEnd) { y.Classes[0].Action = "sold" },
		"the same year":             func(y *roster.YearEnd) { y.Year = year },
		"a far year":                func(y *roster.YearEnd) { y.Year = "2028-2029" },
		"no year":                   func(y *roster.YearEnd) { y.Year = "" },
		"a long year":               func(y *roster.YearEnd) { y.Year = "2027-2029" },
	} {
		decided := decide(t, proposal)
		change(&decided)
		_, err := s.Rosters.PlanYearEnd(s.admin.ID, s.college, decided)
		if !hasCode(err, protocol.CodeInvalidRequest) && !hasCode(err, protocol.CodeUnknownClass) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := roster.YearEndOf(protocol.YearEndRequest{Classes: []byte(`{"id": 1}`)}); !hasCode(err, protocol.CodeInvalidRequest) {
		t.Errorf("classes that aren't a list: %v", err)
	}
	if _, err := s.Rosters.ProposeYearEnd(s.college, "x"); !hasCode(err, protocol.CodeInvalidRequest) {
		t.Errorf("a proposal for no year: %v", err)
	}
	plan := s.planYearEnd(proposal)
	s.Person(s.college, protocol.RoleParent, "Jean", "Neuf")
	if err := s.Rosters.Apply(s.college, plan.ID, nil); !hasCode(err, protocol.CodePlanOutdated) {
		t.Errorf("an outdated plan: %v", err)
	}
}

func TestYearEnd_killedWhileApplyingIsTakenBack(t *testing.T) {
	s := newSchool(t)
	r := many(100)
	r.Classes[0] = roster.Class{Name: "3e A"}
	for i := range r.Enrollments {
		r.Enrollments[i].Class = "3e A"
	}
	s.imports(r)
	s.Rosters.SetNow(func() time.Time { return time.Date(2027, 7, 5, 8, 0, 0, 0, time.UTC) })
	before := s.dump()
	plan := s.planYearEnd(s.propose())
	if plan.Counts.People.Leaving != 200 {
		t.Fatalf("planned %+v", plan.Counts)
	}
	if err := s.Rosters.ApplyPortions(s.college, plan.ID, 3); err != nil {
		t.Fatal(err)
	}
	if s.dump() == before {
		t.Fatal("nothing was applied")
	}
	s.Stop()
	again := schoolAt(t, s, s.Dir)
	again.get(plan.ID, protocol.RosterFailed)
	if after := again.dump(); after != before {
		t.Errorf("it was\n%s\nand is\n%s", before, after)
	}
}

// The group of a class keeps its people, those who leave as well, so that it can still be read.
func TestYearEnd_archivesTheGroupsOfItsClasses(t *testing.T) {
	s := primary(t)
	group := s.Create("conversations", map[string]any{"kind": protocol.KindGroup, "title": "CM2", "created_by": s.admin.ID.RecordID(),
		"establishment": s.college.RecordID(), "class": s.classNamed("CM2").RecordID(), "audience": []string{"student", "parent"}})
	members := func() (names []string) {
		records, err := s.FindAllRecords("participants", dbx.HashExp{"conversation": group.Id})
		if err != nil {
			t.Fatal(err)
		}
		for _, record := range records {
			names = append(names, s.Find("users", protocol.ParseID(record.GetString("user"))).GetString("first_name"))
		}
		slices.Sort(names)
		return names
	}
	plan := s.apply(s.planYearEnd(s.propose()), nil)
	if got := members(); !slices.Equal(got, []string{"Jean", "Léo", "Marie"}) {
		t.Errorf("in the group are %q", got)
	}
	record := s.Find("classes", protocol.ParseID(group.GetString("class")))
	if !record.GetBool("archived") {
		t.Error("the class isn't archived")
	}
	s.undo(plan)
	if got := members(); !slices.Equal(got, []string{"Jean", "Léo", "Marie"}) {
		t.Errorf("in the group that follows again are %q", got)
	}
}
