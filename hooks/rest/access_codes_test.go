package rest_test

import (
	"fmt"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
)

func (s classSchool) codesPath() string {
	return fmt.Sprintf("/api/messagerie/access-codes/%d/", s.college)
}

// codes makes access codes as the administration does.
func (s classSchool) codes(body object) (codes []protocol.AccessCode) {
	s.Post(s.helene, s.codesPath(), body).OK(200).Into(&codes)
	return codes
}

// pupil is somebody without an address, with the code of their letter.
func (s classSchool) pupil(first, last string) (apptest.Person, protocol.AccessCode) {
	pupil := s.SignIn(s.Create("users", object{"first_name": first, "last_name": last, "role": "student",
		"establishments": []string{s.college.RecordID()}, "password": apptest.Password, "temporary_password": true}))
	return pupil, s.codes(object{"users": ids(pupil)})[0]
}

func TestAccessCodes_areForPeopleAClassOrARole(t *testing.T) {
	s := newClassSchool(t)
	s.username(s.zoe, "zoe.marchand")
	for _, c := range []struct {
		body object
		want []string
	}{
		{object{"users": ids(s.zoe, s.thomas, s.zoe)}, []string{"Zoë", "Thomas"}},
		{object{"class_id": s.fifth}, []string{"Jérôme", "Thomas", "Zoë", "Claire", "Léa"}},
		{object{"class_id": s.fifth, "role": "parent"}, []string{"Jérôme", "Thomas"}},
		{object{"role": "student"}, []string{"Zoë", "Léa"}},
		{object{"role": "admin"}, nil},
	} {
		var names []string
		for _, code := range s.codes(c.body) {
			names = append(names, code.User.FirstName)
			at, err := time.Parse(time.RFC3339, code.ExpiresAt)
			if days := time.Until(at).Hours() / 24; err != nil || days < 59.9 || days > 60 {
				t.Errorf("it expires %s: %v", code.ExpiresAt, err)
			}
			if !regexp.MustCompile(`^([2-9A-HJKMNP-TV-Z]{4}-){2}[2-9A-HJKMNP-TV-Z]{4}$`).MatchString(code.Code) {
				t.Errorf("the code is %q", code.Code)
			}
			if want := map[bool]string{true: "zoe.marchand"}[code.User.ID == s.zoe.ID]; code.Username != want {
				t.Errorf("%s is called %q", code.User.FirstName, code.Username)
			}
		}
		if !slices.Equal(names, c.want) {
			t.Errorf("%v: %v, want %v", c.body, names, c.want)
		}
	}
	var stored []string
	if err := s.DB().Select("hash").From("access_codes").Column(&stored); err != nil || len(stored) != 5 || len(stored[0]) != 64 {
		t.Errorf("stored is %v: %v", stored, err)
	}
	sameShape(t, "access_codes", decoded(t, s.Post(s.helene, s.codesPath(), object{"users": ids(s.karim)}).Body),
		[]any{sample(t, "access_codes").([]any)[1]})
}

func TestAccessCodes_areMadeByTheAdministration(t *testing.T) {
	s := newClassSchool(t)
	other := s.Person(s.lycee, protocol.RoleAdmin, "Paul", "Ailleurs")
	second := s.Person(s.college, protocol.RoleAdmin, "Autre", "Direction")
	gone := s.Person(s.college, protocol.RoleParent, "Partie", "Loin")
	s.Change("users", gone.ID, object{"disabled": true})
	for _, who := range []apptest.Person{s.claire, s.karim, s.thomas, s.zoe} {
		s.Post(who, s.codesPath(), object{"users": ids(s.zoe)}).Refused(403, protocol.CodeForbidden)
	}
	s.Post(other, s.codesPath(), object{"users": ids(s.zoe)}).Refused(403, protocol.CodeNotInEstablishment)
	s.Do("", "POST", s.codesPath(), object{"users": ids(s.zoe)}).Refused(401, protocol.CodeUnauthorized)
	for what, body := range map[string]object{
		"oneself": {"users": ids(s.zoe, s.helene)}, "another administrator": {"users": ids(second)}, "somebody disabled": {"users": ids(gone)},
		"somebody of another school": {"users": ids(s.stranger)}, "nobody": {"users": []int{404}}, "nothing": {},
		"a role that doesn't exist": {"role": "director"},
	} {
		if refused := s.Post(s.helene, s.codesPath(), body).Refused(400, protocol.CodeInvalidRequest); len(refused.Data) == 0 {
			t.Errorf("%s: the refusal names no field", what)
		}
	}
	s.Post(s.helene, s.codesPath(), object{"class_id": 404}).Refused(404, protocol.CodeUnknownClass)
	if s.Count("access_codes") != 0 {
		t.Error("a refused request made codes")
	}
	record := core.NewRecord(s.collection("access_codes"))
	record.Load(object{"user": gone.Record.Id, "hash": "x", "expires": "2030-01-01 00:00:00.000Z"})
	if err := s.Save(record); err == nil {
		t.Error("a disabled account has a code")
	}
	s.codes(object{"users": ids(s.zoe)})
	s.Change("users", s.zoe.ID, object{"disabled": true})
	if s.Count("access_codes") != 0 {
		t.Error("a disabled account keeps its code")
	}
}

func (s school) collection(name string) *core.Collection {
	collection, err := s.FindCollectionByNameOrId(name)
	if err != nil {
		panic(err)
	}
	return collection
}

// An import could have claimed the account of another school's teacher by its address.
func TestAccessCodes_openNoAccountOfAnotherEstablishment(t *testing.T) {
	s := newClassSchool(t)
	both := s.Person(s.lycee, protocol.RoleTeacher, "Emma", "Deux-Écoles")
	s.Change("users", both.ID, object{"establishments": []string{s.lycee.RecordID(), s.college.RecordID()}})
	s.Post(s.helene, s.codesPath(), object{"users": ids(both)}).Refused(400, protocol.CodeInvalidRequest)
	for _, code := range s.codes(object{"role": "teacher"}) {
		if code.User.ID == both.ID {
			t.Error("a code was made for somebody of another establishment")
		}
	}
	s.Change("users", s.helene.ID, object{"establishments": []string{s.lycee.RecordID(), s.college.RecordID()}})
	if codes := s.codes(object{"users": ids(both)}); len(codes) != 1 {
		t.Errorf("the administration of both made %d codes", len(codes))
	}
}
