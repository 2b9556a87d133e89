package rest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/tools/filesystem"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
)

func TestSchool_isPublic(t *testing.T) {
	s := newSchool(t)
	settings := s.Settings()
	settings.Meta.AppName = "Cité scolaire"
	if err := s.Save(settings); err != nil {
		t.Fatal(err)
	}
	var school protocol.School
	for _, path := range []string{"/api/messagerie/school", "/api/messagerie/school/"} {
		s.Get(apptest.Person{}, path).OK(200).Into(&school)
		if school.Name != "Cité scolaire" || school.Logo != "" {
			t.Errorf("%s returns %+v", path, school)
		}
	}
	logo, err := filesystem.NewFileFromBytes([]byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), "logo.svg")
	if err != nil {
		t.Fatal(err)
	}
	record := s.Find("establishments", s.college)
	record.Set("logo", logo)
	if err := s.Save(record); err != nil {
		t.Fatal(err)
	}
	s.Get(apptest.Person{}, "/api/messagerie/school/").OK(200).Into(&school)
	if got := s.Get(apptest.Person{}, school.Logo).OK(200); !strings.Contains(string(got.Body), "<svg") {
		t.Errorf("the logo is %s", got.Body)
	}
}

func TestSignOutEverywhere_leavesTheDeviceThatAsked(t *testing.T) {
	s := newSchool(t)
	tablet, _ := s.Dial(s.claire)
	var resp protocol.Token
	s.Post(s.claire, "/api/messagerie/me/sign-out-everywhere/", nil).OK(200).Into(&resp)
	tablet.ExpectClose(protocol.CloseUnauthorized)
	s.Get(s.claire, "/api/messagerie/me/").Refused(401, protocol.CodeUnauthorized)
	s.Do(resp.Token, "GET", "/api/messagerie/me/", nil).OK(200)
}

func TestTemporaryPassword_endsWhenThePersonChoosesOne(t *testing.T) {
	s := newSchool(t)
	record := s.Find("users", s.claire.ID)
	record.Set("temporary_password", true)
	if err := s.Save(record); err != nil {
		t.Fatal(err)
	}
	asked := func() bool {
		t.Helper()
		var me protocol.Me
		s.Get(s.SignIn(s.Find("users", s.claire.ID)), "/api/messagerie/me/").OK(200).Into(&me)
		return me.TemporaryPassword
	}
	if !asked() {
		t.Fatal("the person isn't asked for a new password")
	}
	profile := "/api/collections/users/records/" + s.claire.ID.RecordID()
	change := func(token string, body map[string]any, status int) {
		t.Helper()
		s.Do(token, "PATCH", profile, body).OK(status)
	}
	change(s.claire.Token, map[string]any{"temporary_password": false}, 404) // only the school may
	change(s.claire.Token, map[string]any{"locale": "en"}, 200)
	change(s.Superuser(), map[string]any{"password": "another long one", "passwordConfirm": "another long one"}, 200)
	if !asked() {
		t.Error("another temporary password from the school counts as the person's own")
	}
	own := s.SignIn(s.Find("users", s.claire.ID))
	change(own.Token, map[string]any{"password": "my very own one", "passwordConfirm": "my very own one",
		"oldPassword": "another long one"}, 200)
	if asked() {
		t.Error("somebody who has chosen a password is asked again")
	}
}

func TestTemporaryPassword_isNotTheNewOne(t *testing.T) {
	s := newSchool(t)
	record := s.Find("users", s.claire.ID)
	record.Set("temporary_password", true)
	record.SetPassword("from the school")
	if err := s.Save(record); err != nil {
		t.Fatal(err)
	}
	letter, err := record.NewPasswordResetToken()
	if err != nil {
		t.Fatal(err)
	}
	refused := func(resp *apptest.Response) {
		t.Helper()
		field, _ := resp.Refused(400, protocol.CodeInvalidRequest).Data["password"].(map[string]any)
		if field["code"] != protocol.CodePasswordUnchanged {
			t.Errorf("the field says %v", field)
		}
		if !s.Find("users", s.claire.ID).GetBool("temporary_password") {
			t.Error("the password of the school counts as the person's own")
		}
	}
	same := map[string]any{"password": "from the school", "passwordConfirm": "from the school",
		"oldPassword": "from the school", "token": letter}
	refused(s.Do(s.SignIn(record).Token, "PATCH", "/api/collections/users/records/"+s.claire.ID.RecordID(), same))
	refused(s.Do("", "POST", "/api/collections/users/confirm-password-reset", same))
}

func TestForgottenPassword_isReplacedThroughTheLetter(t *testing.T) {
	s := newSchool(t)
	record := s.Find("users", s.claire.ID)
	record.Set("temporary_password", true)
	if err := s.Save(record); err != nil {
		t.Fatal(err)
	}
	token, err := record.NewPasswordResetToken()
	if err != nil {
		t.Fatal(err)
	}
	s.Do("", "POST", "/api/collections/users/confirm-password-reset", map[string]any{
		"token": token, "password": "my very own one", "passwordConfirm": "my very own one"}).OK(204)
	s.Do("", "POST", "/api/collections/users/auth-with-password", map[string]any{
		"identity": s.claire.Email, "password": "my very own one"}).OK(200)
	if s.Find("users", s.claire.ID).GetBool("temporary_password") {
		t.Error("the new password counts as temporary")
	}
	users, err := s.FindCollectionByNameOrId("users")
	if err != nil {
		t.Fatal(err)
	}
	if body := users.ResetPasswordTemplate.Body; !strings.Contains(body, "{APP_URL}/reset-password/{TOKEN}") {
		t.Errorf("the letter links to another place: %s", body)
	}
}

func TestConversation_ofOneself(t *testing.T) {
	s := newSchool(t)
	direct := s.Conversation(s.claire, s.jerome)
	foreign := s.Conversation(s.jerome, s.outsider)
	path := func(user, conversation protocol.ID) string {
		return fmt.Sprintf("/api/messagerie/conversations/%d/%d/", user, conversation)
	}
	var one protocol.Conversation
	s.Get(s.claire, path(s.claire.ID, direct)).OK(200).Into(&one)
	if one.ConversationID != direct || len(one.Participants) != 2 {
		t.Errorf("got %+v", one)
	}
	s.Get(s.claire, path(s.jerome.ID, direct)).Refused(403, protocol.CodeNotYourAccount)
	s.Get(s.claire, path(s.claire.ID, foreign)).Refused(403, protocol.CodeNotParticipant)
	s.Get(s.claire, path(s.claire.ID, 5)).Refused(403, protocol.CodeNotParticipant)
}

// People may change three fields of their record; every other, now or later, is the
// school's.
func TestOwnProfile_isNarrow_alsoForFutureFields(t *testing.T) {
	s := newSchool(t)
	users, err := s.FindCollectionByNameOrId("users")
	if err != nil {
		t.Fatal(err)
	}
	own := map[string]bool{"locale": true, "emailVisibility": true, "password": true}
	kept := map[string]bool{"created": true, "updated": true, "tokenKey": true} // PocketBase lets nobody write these
	before := s.Find("users", s.claire.ID).FieldsData()
	for _, field := range users.Fields.FieldNames() {
		if own[field] {
			continue
		}
		for _, name := range []string{field, field + "+", field + "-"} {
			resp := s.Do(s.claire.Token, "PATCH", "/api/collections/users/records/"+s.claire.ID.RecordID(),
				map[string]any{name: "0000000000000001"})
			if resp.StatusCode == 200 && name == field && !kept[field] {
				t.Errorf("%s is accepted", name)
			}
		}
	}
	after := s.Find("users", s.claire.ID).FieldsData()
	for _, field := range users.Fields.FieldNames() {
		if field != "updated" && fmt.Sprint(before[field]) != fmt.Sprint(after[field]) {
			t.Errorf("%s became %v", field, after[field])
		}
	}
}
