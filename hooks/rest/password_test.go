package rest_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/crypto/bcrypt"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
)

// Whoever chooses it, and for whom.
func TestPassword_thatIsEasilyGuessedIsRefused(t *testing.T) {
	s := newSchool(t)
	superuser := s.Superuser()
	letter := func() string {
		token, err := s.Find("users", s.claire.ID).NewPasswordResetToken()
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	const users = "/api/collections/users/"
	own := users + "records/" + s.claire.ID.RecordID()
	doors := map[string]func(password string) *apptest.Response{
		"the profile": func(password string) *apptest.Response {
			return s.Do(s.claire.Token, "PATCH", own, object{"password": password, "passwordConfirm": password, "oldPassword": apptest.Password})
		},
		"the letter": func(password string) *apptest.Response {
			return s.Do("", "POST", users+"confirm-password-reset", object{"token": letter(), "password": password, "passwordConfirm": password})
		},
		"the dashboard": func(password string) *apptest.Response {
			return s.Do(superuser, "PATCH", own, object{"password": password, "passwordConfirm": password, "temporary_password": true})
		},
		"a new person": func(password string) *apptest.Response {
			return s.Do(superuser, "POST", users+"records", object{"password": password, "passwordConfirm": password, "email": "claire.martin@ecole.example",
				"first_name": "Claire", "last_name": "Martin", "role": "student", "establishments": []string{s.college.RecordID()}})
		},
	}
	hash := s.Find("users", s.claire.ID).GetString(core.FieldNamePassword + ":hash")
	for password, code := range map[string]string{
		"12345678": protocol.CodePasswordTooCommon, "Azertyuiop": protocol.CodePasswordTooCommon, "motdepasse": protocol.CodePasswordTooCommon,
		"claire2011": protocol.CodePasswordIsPersonal, "Martin.Claire": protocol.CodePasswordIsPersonal, "ECOLE-claire": protocol.CodePasswordIsPersonal,
	} {
		for name, choose := range doors {
			field, _ := choose(password).Refused(400, protocol.CodeInvalidRequest).Data["password"].(map[string]any)
			if message, _ := field["message"].(string); field["code"] != code || message == "" {
				t.Errorf("%s through %s: the field says %v, want %s", password, name, field, code)
			}
		}
	}
	address := s.claire.Email
	field, _ := doors["the profile"](address).Refused(400, protocol.CodeInvalidRequest).Data["password"].(map[string]any)
	if field["code"] != protocol.CodePasswordIsPersonal {
		t.Errorf("one's address: the field says %v", field)
	}
	if s.Find("users", s.claire.ID).GetString(core.FieldNamePassword+":hash") != hash || s.Count("users") != 4 {
		t.Error("a refused password was stored")
	}
	record := s.Find("users", s.claire.ID)
	record.Set("username", "papillon.bleu")
	if err := s.Save(record); err != nil {
		t.Fatal(err)
	}
	field, _ = doors["the profile"]("Papillon-Bleu 7").Refused(400, protocol.CodeInvalidRequest).Data["password"].(map[string]any)
	if field["code"] != protocol.CodePasswordIsPersonal {
		t.Errorf("one's username: the field says %v", field)
	}
	// Somebody else's name is no reason to refuse.
	s.Do(superuser, "PATCH", own, object{"password": "jérôme 2011", "passwordConfirm": "jérôme 2011"}).OK(200)
}

func TestPassword_ofASuperuserMayNotBeCommon(t *testing.T) {
	s := newSchool(t)
	superuser := s.Superuser()
	for _, password := range []string{"1234567890", "direction1", "Direction-2026"} {
		resp := s.Do(superuser, "POST", "/api/collections/_superusers/records", object{
			"email": "direction@ecole.example", "password": password, "passwordConfirm": password})
		if resp.Refused(400, protocol.CodeInvalidRequest).Data["password"] == nil {
			t.Errorf("%s: %s", password, resp.Body)
		}
	}
	s.Do(superuser, "POST", "/api/collections/_superusers/records", object{
		"email": "direction@ecole.example", "password": apptest.Password, "passwordConfirm": apptest.Password}).OK(200)
}

// A stored password stays valid: a better one is only required when it is changed.
func TestPassword_thatIsStoredAlreadyStaysValid(t *testing.T) {
	s := newSchool(t)
	record := s.Find("users", s.claire.ID)
	record.SetRaw(core.FieldNamePassword, hashOf(t, "12345678"))
	if err := s.Save(record); err != nil {
		t.Fatal(err)
	}
	signIn(s, s.claire.Email, "12345678").OK(200)
	s.Do(s.SignIn(record).Token, "PATCH", "/api/collections/users/records/"+s.claire.ID.RecordID(), object{"locale": "en"}).OK(200)
}

func hashOf(t *testing.T, password string) *core.PasswordFieldValue {
	t.Helper()
	hash, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	return &core.PasswordFieldValue{Hash: string(hash)}
}
