package rest_test

import (
	"fmt"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
)

// What becomes of a token, and of what it was good for, when its account changes in the dashboard.
func TestSession_followsItsAccount(t *testing.T) {
	s := newSchool(t)
	superuser := s.Superuser()
	change := func(of apptest.Person, fields object) {
		t.Helper()
		s.Do(superuser, "PATCH", "/api/collections/users/records/"+of.Record.Id, fields).OK(200)
	}
	codes := fmt.Sprintf("/api/messagerie/access-codes/%d", s.college)
	anne := s.Person(s.college, protocol.RoleAdmin, "Anne", "Roy")
	s.Post(anne, codes, object{"users": ids(s.outsider)}).OK(200)

	change(anne, object{"role": protocol.RoleParent}) // the token stays good, for what the new role may do
	s.Get(anne, "/api/messagerie/me/").OK(200)
	s.Post(anne, codes, object{"users": ids(s.outsider)}).Refused(403, protocol.CodeForbidden)
	s.Post(anne, "/api/email/send/", object{"recipients": ids(s.claire), "subject": "x", "content": "x"}).Refused(403, protocol.CodeForbidden)

	change(anne, object{"role": protocol.RoleAdmin, "establishments": []string{s.lycee.RecordID()}})
	s.Post(anne, codes, object{"users": ids(s.outsider)}).Refused(403, protocol.CodeNotInEstablishment)

	change(anne, object{"password": "another password", "passwordConfirm": "another password"})
	s.Get(anne, "/api/messagerie/me/").Refused(401, protocol.CodeUnauthorized)

	anne = s.SignIn(s.Find("users", anne.ID))
	change(anne, object{"disabled": true})
	s.Get(anne, "/api/messagerie/me/").Refused(401, protocol.CodeUnauthorized)
	s.Post(anne, "/api/collections/users/auth-refresh", nil).OK(401)
	s.Post(anne, "/api/files/token", nil).OK(401)
	signIn(s, anne.Email, "another password").OK(403)
	change(anne, object{"disabled": false})
	signIn(s, anne.Email, "another password").OK(200)

	s.Do(superuser, "DELETE", "/api/collections/users/records/"+anne.Record.Id, nil).OK(204)
	s.Get(anne, "/api/messagerie/me/").Refused(401, protocol.CodeUnauthorized)
}
