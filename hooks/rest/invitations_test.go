package rest_test

import (
	"fmt"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
)

func (s classSchool) invitationsPath() string {
	return fmt.Sprintf("/api/messagerie/invitations/%d/", s.college)
}

func TestInvitations_tellWhatBecameOfEachPerson(t *testing.T) {
	s := newClassSchool(t)
	s.Change("users", s.zoe.ID, object{"email": "", "username": "zoe.marchand"})
	newcomer := s.Create("users", object{"first_name": "Nadia", "last_name": "Benali", "role": "parent", "email": "nadia@famille.fr",
		"establishments": []string{s.college.RecordID()}, "password": apptest.Password})
	nadia := protocol.ParseID(newcomer.Id)
	body := object{"users": []protocol.ID{nadia, s.zoe.ID, s.thomas.ID}}
	s.Post(s.helene, s.invitationsPath(), body).Refused(503, protocol.CodeMailUnavailable)
	settings := s.Settings()
	settings.SMTP.Enabled, settings.SMTP.Host, settings.SMTP.Port = true, "127.0.0.1", 1
	settings.Meta.AppURL, settings.Meta.SenderAddress = "https://ecole.example", "ecole@ecole.example"
	if err := s.Save(settings); err != nil {
		t.Fatal(err)
	}
	s.Do("", "POST", "/api/collections/users/auth-with-password", object{"identity": s.thomas.Email, "password": apptest.Password}).OK(200)
	answer := s.Post(s.helene, s.invitationsPath(), body).OK(202)
	var invited protocol.Invitations
	answer.Into(&invited)
	got := map[string]string{}
	for _, one := range invited.Results {
		got[one.User.FirstName] = one.Result
	}
	want := map[string]string{"Nadia": protocol.Invited, "Zoë": protocol.InvitationHasAccess, "Thomas": protocol.InvitationHasAccess}
	if s.Find("users", s.zoe.ID).GetString("joined_at") == "" {
		want["Zoë"] = protocol.InvitationNoAddress
	}
	if fmt.Sprint(got) != fmt.Sprint(want) || invited.Invited != 1 {
		t.Errorf("%v of %v, want %v", invited.Invited, got, want)
	}
	counts := s.Post(s.helene, s.invitationsPath()+"audience/", object{"users": []protocol.ID{nadia}}).OK(200)
	shape := decoded(t, answer.Body).(map[string]any)
	shape["results"] = shape["results"].([]any)[:1] // the others have classes and children as well
	sameShape(t, "invitations", shape, sample(t, "invitations"))
	var counted protocol.InvitationCounts
	if counts.Into(&counted); counted.Waiting+counted.Sent+counted.Failed != 1 || !counted.Available {
		t.Errorf("%+v", counted)
	}
}

func TestJoinedAt_isTheFirstLogIn(t *testing.T) {
	s := newClassSchool(t)
	record := s.Create("users", object{"first_name": "Nadia", "last_name": "Benali", "role": "parent", "email": "nadia@famille.fr",
		"establishments": []string{s.college.RecordID()}, "password": apptest.Password})
	read := func() string {
		fresh, err := s.FindRecordById("users", record.Id)
		if err != nil {
			t.Fatal(err)
		}
		return fresh.GetString("joined_at")
	}
	logIn := func() {
		s.Do("", "POST", "/api/collections/users/auth-with-password", object{"identity": "nadia@famille.fr", "password": apptest.Password}).OK(200)
	}
	if read() != "" {
		t.Error("she has joined before she came")
	}
	logIn()
	first := read()
	if first == "" {
		t.Error("nothing is noted")
	}
	logIn()
	if read() != first {
		t.Error("the second log-in changed it")
	}
	if record.Collection().Fields.GetByName("joined_at").Type() != core.FieldTypeDate {
		t.Error("it isn't a date")
	}
}
