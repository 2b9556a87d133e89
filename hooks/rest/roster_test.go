package rest_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
	"messagerie/hooks/roster"
)

func rosterPath(establishment protocol.ID) string {
	return fmt.Sprintf("/api/messagerie/roster/%d/", establishment)
}

func planPath(establishment, plan protocol.ID) string {
	return fmt.Sprintf("%s%d/", rosterPath(establishment), plan)
}

// newPupils is a roster of students who aren't there yet.
func newPupils(count int) *roster.Roster {
	r := &roster.Roster{Format: roster.FormatTable, Year: "2026-2027"}
	for i := range count {
		key := fmt.Sprint("s", i)
		r.People = append(r.People, roster.Person{Key: key, FirstName: fmt.Sprint("Élève ", i), LastName: "Petit", Role: protocol.RoleStudent})
		r.Enrollments = append(r.Enrollments, roster.Enrollment{Person: key, Class: "6e A", Role: protocol.InClassStudent})
	}
	return r
}

// upload posts files by their names.
func (s school) upload(t *testing.T, as apptest.Person, path string, files map[string]string) *apptest.Response {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, content := range files {
		part, err := form.CreateFormFile("files", name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequest("POST", s.URL+path, &body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+as.Token)
	req.Header.Set("Content-Type", form.FormDataContentType())
	return s.Send(req)
}

func TestRoster_isForTheAdministrationOfTheEstablishment(t *testing.T) {
	s := newSchool(t)
	admin := s.Person(s.college, protocol.RoleAdmin, "Agnès", "Directrice")
	id, err := s.Rosters.PlanRoster(admin.ID, s.college, newPupils(1))
	if err != nil {
		t.Fatal(err)
	}
	paths := map[string]string{rosterPath(s.college): "GET", planPath(s.college, id): "GET",
		planPath(s.college, id) + "apply/": "POST", planPath(s.college, id) + "undo/": "POST"}
	elsewhere := s.Person(s.lycee, protocol.RoleAdmin, "Paule", "Proviseure")
	for path, method := range paths {
		for _, role := range []string{protocol.RoleTeacher, protocol.RoleStaff, protocol.RoleParent, protocol.RoleStudent} {
			s.Do(s.Person(s.college, role, "Camille", role).Token, method, path, nil).Refused(403, protocol.CodeForbidden)
		}
		s.Do(elsewhere.Token, method, path, nil).Refused(403, protocol.CodeNotInEstablishment)
		path = strings.Replace(path, fmt.Sprint("/", s.college, "/"), fmt.Sprint("/", s.lycee, "/"), 1)
		s.Do(admin.Token, method, path, nil).Refused(403, protocol.CodeNotInEstablishment)
		if strings.Contains(path, id.String()) {
			s.Do(elsewhere.Token, method, path, nil).Refused(404, protocol.CodeNotFound)
		}
	}
	files := map[string]string{"eleves.csv": "Nom;Prénom\nPetit;Zoé\n"}
	s.upload(t, s.claire, rosterPath(s.college), files).Refused(403, protocol.CodeForbidden)
	s.upload(t, elsewhere, rosterPath(s.college), files).Refused(403, protocol.CodeNotInEstablishment)
}

// Nothing of the body is read for somebody who may not import.
func TestRoster_checksTheCallerBeforeTheBody(t *testing.T) {
	s := newSchool(t)
	large := map[string]string{"eleves.csv": strings.Repeat("x", 33<<20)}
	s.upload(t, s.claire, rosterPath(s.college), large).Refused(413, protocol.CodeTooLarge) // by its length
	admin := s.Person(s.college, protocol.RoleAdmin, "Agnès", "Directrice")
	s.upload(t, admin, rosterPath(s.college), large).Refused(413, protocol.CodeTooLarge)
	body := &countedBody{}
	body.left.Store(8 << 20)
	req, err := http.NewRequest("POST", s.URL+rosterPath(s.college), body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.claire.Token)
	req.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	s.Send(req).Refused(403, protocol.CodeForbidden)
	if left := body.left.Load(); left < 1<<20 {
		t.Errorf("the body was read, but for %d bytes", left)
	}
}

// countedBody is a body of unknown length. The client may still read it when the response is there.
type countedBody struct{ left atomic.Int64 }

func (b *countedBody) Read(p []byte) (int, error) {
	n := min(len(p), int(b.left.Load()))
	if n == 0 {
		return 0, fmt.Errorf("the whole body was read")
	}
	b.left.Add(-int64(n))
	return n, nil
}

func TestRoster_refusesWhatItCantRead(t *testing.T) {
	s := newSchool(t)
	admin := s.Person(s.college, protocol.RoleAdmin, "Agnès", "Directrice")
	path := rosterPath(s.college)
	s.Post(admin, path, object{"files": "x"}).Refused(400, protocol.CodeInvalidRequest)
	s.upload(t, admin, path, nil).Refused(400, protocol.CodeInvalidRequest)
	s.upload(t, admin, path, map[string]string{"photo.png": "\x89PNG\r\n\x1a\n\x00\x00"}).Refused(400, protocol.CodeUnreadableFile)
	if got := s.Count("roster_imports"); got != 0 {
		t.Errorf("%d imports are planned", got)
	}
}

func TestRoster_anOutdatedPlanIsAConflict(t *testing.T) {
	s := newSchool(t)
	admin := s.Person(s.college, protocol.RoleAdmin, "Agnès", "Directrice")
	id, err := s.Rosters.PlanRoster(admin.ID, s.college, newPupils(1))
	if err != nil {
		t.Fatal(err)
	}
	s.Person(s.college, protocol.RoleParent, "Jean", "Neuf")
	s.Post(admin, planPath(s.college, id)+"apply/", nil).Refused(409, protocol.CodePlanOutdated)
	s.Post(admin, planPath(s.college, id)+"undo/", nil).Refused(409, protocol.CodePlanOutdated)
}

// What people chose themselves stays: with their password they log in, and find their conversations.
func TestRoster_keepsPasswordsAndConversations(t *testing.T) {
	s := newSchool(t)
	admin := s.Person(s.college, protocol.RoleAdmin, "Agnès", "Directrice")
	said := s.Says(s.claire, s.conversation, "Bonjour")
	r := &roster.Roster{Format: roster.FormatTable, Year: "2026-2027", People: []roster.Person{
		{Key: "claire", FirstName: "Claire-Marie", LastName: "Martin", Email: s.claire.Email, Role: protocol.RoleTeacher}}}
	id, err := s.Rosters.PlanRoster(admin.ID, s.college, r)
	if err != nil {
		t.Fatal(err)
	}
	var plan protocol.RosterPlan
	s.Get(admin, planPath(s.college, id)).OK(200).Into(&plan)
	answers := object{}
	for _, problem := range plan.Problems {
		answers[problem.Key] = s.claire.ID
	}
	s.Post(admin, planPath(s.college, id)+"apply/", object{"decisions": answers}).OK(202)
	s.Rosters.Wait()
	if got := s.Find("users", s.claire.ID).GetString("first_name"); got != "Claire-Marie" {
		t.Fatalf("the import hasn't changed her: %s", got)
	}
	s.Do("", "POST", "/api/collections/users/auth-with-password", object{"identity": s.claire.Email, "password": apptest.Password}).OK(200)
	var kept []protocol.Message
	if s.Get(s.claire, messagesPath(s.conversation)).OK(200).Into(&kept); len(kept) != 1 || kept[0].ID != said.ID {
		t.Errorf("her messages are %+v", kept)
	}
}

func TestRoster_planIsPagedAppliedAndUndone(t *testing.T) {
	s := newSchool(t)
	admin := s.Person(s.college, protocol.RoleAdmin, "Agnès", "Directrice")
	id, err := s.Rosters.PlanRoster(admin.ID, s.college, newPupils(150))
	if err != nil {
		t.Fatal(err)
	}
	path := planPath(s.college, id)
	seen := map[string]int{}
	for next := path + "?limit=70"; next != ""; {
		resp := s.Get(admin, next).OK(200)
		var page protocol.RosterPlan
		resp.Into(&page)
		if len(page.Changes) > 70 {
			t.Errorf("a page has %d changes", len(page.Changes))
		}
		for _, c := range page.Changes {
			seen[c.Kind+fmt.Sprint(c.After["first_name"], c.After["user"])]++
		}
		next, _, _ = strings.Cut(strings.TrimPrefix(resp.Header.Get("Link"), "<"), ">")
	}
	if len(seen) != 301 {
		t.Errorf("the pages have %d different changes, want 301", len(seen))
	}
	var classes protocol.RosterPlan
	if s.Get(admin, path+"?kind=classes&action=created").OK(200).Into(&classes); len(classes.Changes) != 1 {
		t.Errorf("classes: %+v", classes.Changes)
	}
	s.Get(admin, path+"?cursor=x").Refused(400, protocol.CodeInvalidRequest)
	sameShape(t, "plan", decoded(t, s.Get(admin, path+"?limit=1").Body).(map[string]any)["counts"], sample(t, "roster_plan").(map[string]any)["counts"])

	s.Post(admin, path+"apply/", object{"decisions": object{"nobody": "new"}}).Refused(400, protocol.CodeInvalidRequest)
	if link := s.Post(admin, path+"apply/", nil).OK(202).Header.Get("Link"); !strings.HasPrefix(link, "<"+path+"?cursor=") {
		t.Errorf("the next page is at %q", link)
	}
	s.Rosters.Wait()
	var applied protocol.RosterPlan
	if s.Get(admin, path).OK(200).Into(&applied); applied.State != protocol.RosterApplied || applied.Progress != 1 || !applied.CanUndo {
		t.Errorf("applied, it is %+v", applied)
	}
	s.Post(admin, path+"undo/", nil).OK(202)
	s.Rosters.Wait()
	var all []protocol.RosterPlan
	if s.Get(admin, rosterPath(s.college)).OK(200).Into(&all); len(all) != 1 || all[0].State != protocol.RosterUndone {
		t.Errorf("undone, there is %+v", all)
	}
	s.Post(admin, path+"apply/", nil).Refused(409, protocol.CodePlanOutdated)
	if got := s.Count("users"); got != 5 {
		t.Errorf("%d people are left", got)
	}
}

// While an import changes people and classes in the background, and is undone, others ask for them.
func TestRoster_isAppliedAndUndoneAtOnceWithRequests(t *testing.T) {
	s := newSchool(t)
	admin, other := s.Person(s.college, protocol.RoleAdmin, "Agnès", "Directrice"), s.Person(s.college, protocol.RoleAdmin, "Léon", "Directeur")
	office := s.Person(s.college, protocol.RoleStaff, "Lise", "Bureau")
	id, err := s.Rosters.PlanRoster(admin.ID, s.college, newPupils(150))
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct{ action, state string }{{"apply", protocol.RosterApplied}, {"undo", protocol.RosterUndone}} {
		var asking sync.WaitGroup
		for path, as := range map[string]apptest.Person{
			planPath(s.college, id): admin, rosterPath(s.college): other,
			s.searchPath("petit"): s.claire, fmt.Sprintf("/api/messagerie/classes/%d/", s.college): office,
		} {
			asking.Go(func() {
				for range 60 {
					s.Get(as, path).OK(200)
				}
			})
		}
		s.run(t, admin, protocol.RosterPlan{ID: id}, step.action, step.state)
		asking.Wait()
	}
}
