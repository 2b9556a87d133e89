package rest_test

import (
	"fmt"
	"testing"

	"messagerie/hooks/protocol"
	"messagerie/hooks/roster"
)

func TestYearEnd_isProposedPlannedAndApplied(t *testing.T) {
	s := newSchool(t)
	admin := s.Person(s.college, protocol.RoleAdmin, "Agnès", "Directrice")
	zoe := s.Person(s.college, protocol.RoleStudent, "Zoé", "Petit")
	class := s.Class(s.college, "6e A", zoe)
	s.Change("classes", class, map[string]any{"year": "2021-2022"})
	path := rosterPath(s.college) + "year-end/"

	proposed := decoded(t, s.Get(admin, path).OK(200).Body)
	sameShape(t, "year_end", proposed, sample(t, "year_end"))
	var proposal protocol.YearEnd
	s.Get(admin, path+"?year=2022-2023").OK(200).Into(&proposal)
	if len(proposal.Classes) != 1 || proposal.Classes[0].ID != class || proposal.Classes[0].Becomes != "5e A" {
		t.Fatalf("proposed %+v", proposal)
	}
	if s.Get(admin, path+"?year=2021-2022").OK(200).Into(&proposal); len(proposal.Classes) != 0 {
		t.Errorf("for the year of its classes %+v is proposed", proposal.Classes)
	}
	body := object{"year": "2022-2023", "classes": []object{{"id": class, "action": "promoted", "becomes": "5e B"}}}
	var plan protocol.RosterPlan
	s.Post(admin, path, body).OK(201).Into(&plan)
	if plan.Format != roster.FormatYearEnd || plan.Counts.People.ChangingClass != 1 || plan.Counts.Classes.Archived != 1 {
		t.Errorf("planned %+v", plan)
	}
	s.Post(admin, planPath(s.college, plan.ID)+"apply/", nil).OK(202)
	s.Rosters.Wait()
	var classes []protocol.ClassSummary
	if s.Get(admin, fmt.Sprintf("/api/messagerie/classes/%d/", s.college)).OK(200).Into(&classes); len(classes) != 1 || classes[0].Name != "5e B" || classes[0].Students != 1 {
		t.Errorf("the classes are %+v", classes)
	}
	s.Post(admin, planPath(s.college, plan.ID)+"undo/", nil).OK(202)
	s.Rosters.Wait()

	s.Post(admin, path, object{"year": "2022-2023", "classes": "all"}).Refused(400, protocol.CodeInvalidRequest)
	s.Post(admin, path, object{"year": "2022-2023", "classes": []object{{"id": 12, "action": "leaving"}}}).Refused(404, protocol.CodeUnknownClass)
}

func TestYearEnd_isForTheAdministrationOfTheEstablishment(t *testing.T) {
	s := newSchool(t)
	admin := s.Person(s.college, protocol.RoleAdmin, "Agnès", "Directrice")
	for _, method := range []string{"GET", "POST"} {
		s.Do(s.claire.Token, method, rosterPath(s.college)+"year-end/", object{}).Refused(403, protocol.CodeForbidden)
		s.Do(admin.Token, method, rosterPath(s.lycee)+"year-end/", object{}).Refused(403, protocol.CodeNotInEstablishment)
	}
}
