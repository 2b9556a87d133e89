package rest_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/apptest"
	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
)

var collections = []string{
	"establishments", "contact_rules", "pauses", "closures", "users", "conversations", "participants", "departures", "messages", "emails", "email_recipients",
	"classes", "enrollments", "guardianships", "access_codes",
}

func TestRecordAPI_isClosedToPeople(t *testing.T) {
	s := newSchool(t)
	sent := s.Says(s.claire, s.conversation, "Entre nous")
	of := map[string]protocol.ID{"establishments": s.college, "users": s.jerome.ID, "conversations": s.conversation, "messages": sent.ID}
	participant, err := s.FindFirstRecordByFilter("participants", "user = {:u}", map[string]any{"u": s.claire.ID.RecordID()})
	if err != nil {
		t.Fatal(err)
	}
	of["participants"] = protocol.ParseID(participant.Id)
	departure := s.Create("departures", object{"conversation": s.conversation.RecordID(), "user": s.claire.ID.RecordID()})
	of["departures"] = protocol.ParseID(departure.Id)
	class := s.Create("classes", object{"name": "5e B", "year": "2026-2027", "establishment": s.college.RecordID()})
	of["classes"] = protocol.ParseID(class.Id)
	enrollment := s.Create("enrollments", object{"class": class.Id, "user": s.claire.Record.Id, "role": protocol.InClassTeacher})
	of["enrollments"] = protocol.ParseID(enrollment.Id)
	s.Post(s.claire, "/api/email/send/", object{"recipients": ids(s.jerome), "subject": "x", "content": "x"}).OK(202)
	for _, collection := range []string{"emails", "email_recipients"} {
		record, err := s.FindFirstRecordByFilter(collection, "id != ''")
		if err != nil {
			t.Fatal(err)
		}
		of[collection] = protocol.ParseID(record.Id)
	}
	for _, collection := range append(collections, "_superusers", "_authOrigins", "_externalAuths", "_mfas", "_otps") {
		path := "/api/collections/" + collection + "/records"
		one := path + "/" + of[collection].RecordID()
		for token, who := range map[string]string{s.claire.Token: "Claire", "": "nobody"} {
			for _, c := range []struct {
				method, path string
				body         any
			}{
				{"GET", path, nil}, {"GET", path + "?filter=id!=''", nil}, {"GET", one, nil},
				{"POST", path, object{"content": "x", "name": "x"}}, {"PATCH", one, object{"content": "x", "name": "x"}}, {"DELETE", one, nil},
			} {
				resp := s.Do(token, c.method, c.path, c.body)
				if resp.StatusCode < 400 {
					t.Errorf("%s %s by %s: %d %s", c.method, c.path, who, resp.StatusCode, resp.Body)
				}
			}
		}
	}
	for _, path := range []string{"/api/collections", "/api/settings", "/api/logs", "/api/backups", "/api/crons"} {
		s.Get(s.claire, path).OK(403)
	}
	s.Post(s.claire, "/api/batch", object{"requests": []object{{"method": "GET", "url": "/api/collections/users/records"}}}).OK(403)
}

func TestRegistration_isClosed(t *testing.T) {
	s := newSchool(t)
	before := s.Count("users")
	body := object{"email": "new@ecole.example", "password": apptest.Password, "passwordConfirm": apptest.Password,
		"last_name": "Nouveau", "role": "admin", "establishments": []string{s.college.RecordID()}}
	s.Do("", "POST", "/api/collections/users/records", body).Refused(401, protocol.CodeUnauthorized)
	s.Do(s.claire.Token, "POST", "/api/collections/users/records", body).Refused(403, protocol.CodeForbidden)
	for _, path := range []string{"auth-with-oauth2", "request-otp", "auth-with-otp", "impersonate/" + s.jerome.Record.Id} {
		if resp := s.Do(s.claire.Token, "POST", "/api/collections/users/"+path, body); resp.StatusCode < 400 {
			t.Errorf("%s: %d %s", path, resp.StatusCode, resp.Body)
		}
	}
	if got := s.Count("users"); got != before {
		t.Errorf("%d people were registered", got-before)
	}
}

func TestSQLConsole_isRefusedToEverybody(t *testing.T) {
	s := newSchool(t)
	for _, token := range []string{"", s.claire.Token, s.Superuser()} {
		for _, method := range []string{"POST", "GET"} {
			for _, path := range []string{"/api/sql", "/api/sql/"} {
				resp := s.Do(token, method, path, object{"query": "DELETE FROM users"})
				if resp.StatusCode != 403 && resp.StatusCode != 404 {
					t.Errorf("%s %s: %d %s", method, path, resp.StatusCode, resp.Body)
				}
			}
		}
	}
	s.Do(s.Find("users", s.claire.ID).GetString("id"), "POST", "/api/sql", object{"query": "SELECT 1"}).Refused(403, protocol.CodeForbidden)
	if s.Count("users") != 4 {
		t.Error("it deleted people")
	}
}

func TestProfile_changesNarrowly(t *testing.T) {
	s := newSchool(t)
	own := "/api/collections/users/records/" + s.jerome.Record.Id
	for name, body := range map[string]object{
		"role":           {"role": "admin"},
		"establishments": {"establishments": []string{s.lycee.RecordID()}},
		"one more":       {"establishments+": s.lycee.RecordID()},
		"one before":     {"+establishments": s.lycee.RecordID()},
		"one less":       {"establishments-": s.college.RecordID()},
		"disabled":       {"disabled": true},
		"email":          {"email": "autre@ecole.example"},
		"verified":       {"verified": true},
		"first_name":     {"first_name": "Autre"},
		"last_name":      {"last_name": "Autre"},
		"id":             {"id": "0000000000000001"},
		"with more":      {"locale": "en", "role": "admin"},
	} {
		resp := s.Do(s.jerome.Token, "PATCH", own, body)
		if resp.StatusCode < 400 {
			t.Errorf("%s: %d %s", name, resp.StatusCode, resp.Body)
		}
	}
	s.Do(s.jerome.Token, "PATCH", own, object{"tokenKey": strings.Repeat("x", 50), "created": "2020-01-01 00:00:00.000Z"})
	if got := s.Find("users", s.jerome.ID); fmt.Sprint(got.FieldsData()) != fmt.Sprint(s.Find("users", s.jerome.ID).FieldsData()) ||
		got.GetString("role") != "parent" || got.TokenKey() != s.jerome.Record.TokenKey() || got.GetString("locale") != "" ||
		got.Email() != s.jerome.Email || len(got.GetStringSlice("establishments")) != 1 || got.Verified() || got.GetBool("disabled") {
		t.Errorf("he became %v", got)
	}
	s.Do(s.jerome.Token, "PATCH", own, object{"locale": "en-GB", "emailVisibility": true}).OK(200)
	if got := s.Find("users", s.jerome.ID); got.GetString("locale") != "en-GB" || !got.EmailVisibility() {
		t.Errorf("his locale is %q", got.GetString("locale"))
	}
	s.Do(s.jerome.Token, "PATCH", own, object{"locale": "not a language!"}).OK(400)
	s.Do(s.jerome.Token, "PATCH", "/api/collections/users/records/"+s.claire.Record.Id, object{"locale": "en"}).OK(404)
	s.Do("", "PATCH", own, object{"locale": "en"}).Refused(401, protocol.CodeUnauthorized)
}

// What people may change of their own record; everything else is the school's, also fields that
// are added later.
var ownFields = []string{"emailVisibility", "locale", "password"}

func TestProfile_keepsEveryFieldThatTheSchoolSets(t *testing.T) {
	s := newSchool(t)
	values := object{core.FieldTypeBool: true, core.FieldTypeSelect: "admin", core.FieldTypeRelation: s.lycee.RecordID(),
		core.FieldTypeDate: "2026-03-21 00:00:00.000Z", core.FieldTypeAutodate: "2020-01-01 00:00:00.000Z",
		core.FieldTypeEmail: "autre@ecole.example", core.FieldTypeText: "2014-03-21"}
	for i, field := range s.jerome.Record.Collection().Fields {
		name, value := field.GetName(), values[field.Type()]
		if slices.Contains(ownFields, name) {
			continue
		}
		if value == nil {
			t.Fatalf("%s is a %s: what would change it?", name, field.Type())
		}
		person := s.Person(s.college, protocol.RoleParent, "Parent", fmt.Sprint(i)) // each may try thirty times
		before := s.Find("users", person.ID).FieldsData()
		for _, spelt := range []string{name, name + "+", "+" + name, name + "-", name + ":autogenerate", strings.ToUpper(name)} {
			resp := s.Do(person.Token, "PATCH", "/api/collections/users/records/"+person.Record.Id, object{spelt: value, "locale": "fr"})
			if resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode == http.StatusUnauthorized {
				t.Fatalf("%s wasn't tried: %s", spelt, resp.Body)
			}
			after := s.Find("users", person.ID).FieldsData()
			for changed := range after {
				if fmt.Sprint(after[changed]) != fmt.Sprint(before[changed]) && changed != "locale" && changed != "updated" {
					t.Errorf("%s changed %s from %v to %v", spelt, changed, before[changed], after[changed])
				}
			}
		}
	}
}

func TestPassword_isChangedWithTheOldOne(t *testing.T) {
	s := newSchool(t)
	own := "/api/collections/users/records/" + s.jerome.Record.Id
	change := object{"password": "another password", "passwordConfirm": "another password"}
	s.Do(s.jerome.Token, "PATCH", own, change).OK(400)
	change["oldPassword"] = "guessed"
	s.Do(s.jerome.Token, "PATCH", own, change).OK(400)
	s.Get(s.jerome, "/api/messagerie/me/").OK(200)
	change["oldPassword"] = apptest.Password
	s.Do(s.jerome.Token, "PATCH", own, change).OK(200)
	s.Get(s.jerome, "/api/messagerie/me/").Refused(401, protocol.CodeUnauthorized) // tokens given out before are void
	signIn(s, s.jerome.Email, apptest.Password).OK(400)
	signIn(s, s.jerome.Email, "another password").OK(200)
}

func TestCORS_allowsOnlyListedOrigins(t *testing.T) {
	allowed := "https://intranet.example"
	for name, c := range map[string]struct {
		origins []string
		origin  string
		want    string
	}{
		"by default":      {nil, "https://evil.example", ""},
		"another one":     {[]string{allowed}, "https://evil.example", ""},
		"an allowed one":  {[]string{allowed}, allowed, allowed},
		"a longer one":    {[]string{allowed}, allowed + ".evil.example", ""},
		"none of a page":  {nil, "null", ""},
		"the server's by": {nil, "http://127.0.0.1", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSchool(t, func(cfg *config.Config) { cfg.Server.AllowedOrigins = c.origins })
			for _, method := range []string{"GET", "OPTIONS"} {
				req, err := http.NewRequest(method, s.URL+conversationsPath(s.claire), nil)
				if err != nil {
					t.Fatal(err)
				}
				req.Header.Set("Origin", c.origin)
				req.Header.Set("Authorization", s.claire.Token)
				req.Header.Set("Access-Control-Request-Method", "GET")
				req.Header.Set("Access-Control-Request-Headers", "authorization")
				resp := s.Send(req)
				if got := resp.Header.Get("Access-Control-Allow-Origin"); got != c.want {
					t.Errorf("%s: Access-Control-Allow-Origin is %q, want %q", method, got, c.want)
				}
			}
		})
	}
}

func TestAddress_isChangedByTheSchoolOnly(t *testing.T) {
	s := newSchool(t)
	for _, collection := range []string{"users", "USERS", "_pb_users_auth_"} {
		path := "/api/collections/" + collection
		for _, address := range []string{"free@courrier.example", s.jerome.Email} { // the response reveals nothing about either
			s.Post(s.outsider, path+"/request-email-change", object{"newEmail": address}).Refused(403, protocol.CodeForbidden)
		}
		// Only with the token of a mail, which is sent on welcome.
		s.Post(s.outsider, path+"/confirm-email-change", object{"token": "x", "password": apptest.Password}).OK(400)
	}
}

func TestBackup_canBeDownloadedFromTheDashboard(t *testing.T) {
	s := newSchool(t)
	admin := s.Superuser()
	s.Do(admin, "POST", "/api/backups", object{"name": "school.zip"}).OK(204)
	var file struct {
		Token string `json:"token"`
	}
	s.Do(admin, "POST", "/api/files/token", nil).OK(200).Into(&file)
	if got := s.Do("", "GET", "/api/backups/school.zip?token="+file.Token, nil).OK(200); string(got.Body[:2]) != "PK" {
		t.Errorf("the backup begins with %q", got.Body[:8])
	}
	s.Do("", "GET", "/api/backups/school.zip", nil).OK(403)
}
