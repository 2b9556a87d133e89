package rest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"messagerie/hooks/apptest"
	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
	"messagerie/hooks/totp"
)

const secondFactorPath = "/api/messagerie/second-factor/"

// ownPassword is the body that begins setting a second factor up.
var ownPassword = object{"password": apptest.Password}

// app is somebody's authenticator app, with a clock that only moves forward when asked to.
type app struct {
	s      school
	secret string
	now    time.Time
}

// code moves the clock of the server and the app on, and returns the next code.
func (a *app) code(t *testing.T) string {
	t.Helper()
	a.now = a.now.Add(30 * time.Second)
	now := a.now
	a.s.People.SetClock(func() time.Time { return now })
	code, err := totp.At(a.secret, a.now)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// setUp turns a person's second factor on, and returns their app and their recovery codes.
func (s school) setUp(t *testing.T, who apptest.Person) (*app, []string) {
	t.Helper()
	var setup protocol.SecondFactorSetup
	s.Post(who, secondFactorPath, ownPassword).OK(200).Into(&setup)
	a := &app{s: s, secret: setup.Secret, now: time.Now()}
	var codes protocol.RecoveryCodes
	s.Post(who, secondFactorPath+"confirm/", object{"code": a.code(t)}).OK(200).Into(&codes)
	return a, codes.RecoveryCodes
}

// challenge is that of a log-in with the right password.
func (s school) challenge(t *testing.T, who apptest.Person) string {
	t.Helper()
	refused := signIn(s, who.Email, apptest.Password).Refused(401, protocol.CodeSecondFactorNeeded)
	challenge, _ := refused.Data["challenge"].(string)
	if challenge == "" {
		t.Fatalf("the refusal is %+v", refused)
	}
	return challenge
}

func (s school) logInWithCode(challenge, code string) *apptest.Response {
	return s.Post(apptest.Person{}, secondFactorPath+"log-in/", object{"challenge": challenge, "code": code})
}

func TestSecondFactor_isAskedForOnceItIsConfirmed(t *testing.T) {
	s := newSchool(t)
	var setup protocol.SecondFactorSetup
	s.Post(s.claire, secondFactorPath, ownPassword).OK(200).Into(&setup)
	if !strings.HasPrefix(setup.URI, "otpauth://totp/") || !strings.Contains(setup.URI, setup.Secret) {
		t.Errorf("the QR code says %s", setup.URI)
	}
	signIn(s, s.claire.Email, apptest.Password).OK(200) // not confirmed yet
	s.Post(s.claire, secondFactorPath+"confirm/", object{"code": "000000"}).Refused(400, protocol.CodeInvalidSecondFactor)

	a, codes := s.setUp(t, s.claire)
	if len(codes) != 10 || len(slices.Compact(slices.Sorted(slices.Values(codes)))) != 10 {
		t.Errorf("the recovery codes are %v", codes)
	}
	signIn(s, s.claire.Email, "wrong").OK(400)
	challenge := s.challenge(t, s.claire)
	s.logInWithCode(challenge, "000000").Refused(400, protocol.CodeInvalidSecondFactor)
	var login struct {
		Token  string
		Record struct{ ID string }
	}
	s.logInWithCode(challenge, a.code(t)).OK(200).Into(&login)
	var me protocol.Me
	s.Do(login.Token, "GET", "/api/messagerie/me/", nil).OK(200).Into(&me)
	if me.ID != s.claire.ID || me.SecondFactor != protocol.SecondFactorOn || login.Record.ID != s.claire.ID.RecordID() {
		t.Errorf("it logged in %+v", me)
	}
	s.Post(apptest.Person{Token: login.Token}, refreshPath, nil).OK(200) // asks for no code
	s.Get(s.claire, "/api/messagerie/me/").OK(200)                       // other sessions go on
}

// Whoever sits at an unlocked page can't lock its owner out, not even where the school requires a second factor.
func TestSecondFactor_isTurnedOnWithThePassword(t *testing.T) {
	for _, required := range [][]string{nil, {protocol.RoleTeacher}} {
		s := newSchool(t, func(c *config.Config) { c.Auth.RequireSecondFactor = required })
		for _, body := range []any{object{}, object{"password": ""}, object{"password": "wrong"}} {
			s.Post(s.claire, secondFactorPath, body).Refused(400, protocol.CodeInvalidPassword)
		}
		s.Post(s.claire, secondFactorPath+"confirm/", object{"code": "000000"}).Refused(404, protocol.CodeNotFound)
		s.setUp(t, s.claire)
	}
}

// Who logs in only through a provider sends none.
func TestSecondFactor_countsNoPasswordAsNoGuess(t *testing.T) {
	s := newSchool(t)
	for range 30 {
		s.Post(s.claire, secondFactorPath, object{}).Refused(400, protocol.CodeInvalidPassword)
	}
	s.setUp(t, s.claire)
}

func TestSecondFactor_acceptsEachCodeOnce(t *testing.T) {
	s := newSchool(t)
	a, codes := s.setUp(t, s.claire)
	for _, code := range []string{a.code(t), codes[3], strings.ToLower(strings.ReplaceAll(codes[7], "-", " "))} {
		s.logInWithCode(s.challenge(t, s.claire), code).OK(200)
		s.logInWithCode(s.challenge(t, s.claire), code).Refused(400, protocol.CodeInvalidSecondFactor)
	}
	var state protocol.SecondFactor
	s.Get(s.claire, secondFactorPath).OK(200).Into(&state)
	if state.State != protocol.SecondFactorOn || state.RecoveryCodes != 8 {
		t.Errorf("afterwards it is %+v", state)
	}
}

func TestSecondFactor_limitsGuesses(t *testing.T) {
	s := newSchool(t)
	a, codes := s.setUp(t, s.claire)
	for range 10 {
		s.logInWithCode(s.challenge(t, s.claire), "000000").Refused(400, protocol.CodeInvalidSecondFactor)
	}
	resp := s.logInWithCode(s.challenge(t, s.claire), a.code(t))
	resp.Refused(429, protocol.CodeTooManyRequests)
	if resp.Header.Get("Retry-After") == "" {
		t.Error("it doesn't say when to try again")
	}
	off := object{"password": apptest.Password, "code": "000000"} // counts apart
	s.Do(s.claire.Token, "DELETE", secondFactorPath, off).Refused(400, protocol.CodeInvalidSecondFactor)

	// Whoever knows the old password doesn't shut the owner out, who has another one.
	const chosen = "une autre longue phrase"
	record := s.Find("users", s.claire.ID)
	record.SetPassword(chosen)
	if err := s.Save(record); err != nil {
		t.Fatal(err)
	}
	refused := signIn(s, s.claire.Email, chosen).Refused(401, protocol.CodeSecondFactorNeeded)
	s.logInWithCode(refused.Data["challenge"].(string), codes[0]).OK(200)
}

func TestSecondFactor_countsWrongCodesOnly(t *testing.T) {
	s := newSchool(t)
	for range 12 { // there is no code to guess
		off := object{"password": apptest.Password, "code": "000000"}
		s.Do(s.claire.Token, "DELETE", secondFactorPath, off).Refused(404, protocol.CodeNotFound)
	}
}

func TestSecondFactor_challengeIsVoidWithThePassword(t *testing.T) {
	s := newSchool(t)
	a, _ := s.setUp(t, s.claire)
	challenge := s.challenge(t, s.claire)
	s.logInWithCode("nonsense", a.code(t)).Refused(400, protocol.CodeInvalidRequest)
	s.logInWithCode(s.claire.Token, a.code(t)).Refused(400, protocol.CodeInvalidRequest) // a token is no challenge
	s.Do(challenge, "GET", "/api/messagerie/me/", nil).Refused(401, protocol.CodeUnauthorized)
	record := s.Find("users", s.claire.ID)
	record.SetPassword("une autre longue phrase")
	if err := s.Save(record); err != nil {
		t.Fatal(err)
	}
	s.logInWithCode(challenge, a.code(t)).Refused(400, protocol.CodeInvalidRequest)
}

func TestSecondFactor_isTurnedOffWithPasswordAndCode(t *testing.T) {
	s := newSchool(t)
	a, codes := s.setUp(t, s.claire)
	off := func(password, code string) *apptest.Response {
		return s.Do(s.claire.Token, "DELETE", secondFactorPath, object{"password": password, "code": code})
	}
	s.Post(s.claire, secondFactorPath, ownPassword).Refused(409, protocol.CodeSecondFactorOn) // another secret would do without
	off("wrong", a.code(t)).Refused(400, protocol.CodeInvalidPassword)
	off(apptest.Password, "000000").Refused(400, protocol.CodeInvalidSecondFactor)
	s.challenge(t, s.claire)
	off(apptest.Password, codes[0]).OK(204)
	signIn(s, s.claire.Email, apptest.Password).OK(200)
}

func TestSecondFactor_isForStaffUnlessRequired(t *testing.T) {
	s := newSchool(t)
	parent := s.Person(s.college, protocol.RoleParent, "Paul", "Petit")
	s.Post(parent, secondFactorPath, ownPassword).Refused(403, protocol.CodeForbidden)
	var me protocol.Me
	s.Get(parent, "/api/messagerie/me/").OK(200).Into(&me)
	if me.SecondFactor != "" {
		t.Errorf("a parent is told %q", me.SecondFactor)
	}
}

func TestSecondFactor_requiredByRoleComesBeforeAnythingElse(t *testing.T) {
	s := newSchool(t, func(c *config.Config) { c.Auth.RequireSecondFactor = []string{protocol.RoleTeacher} })
	var me protocol.Me
	s.Get(s.claire, "/api/messagerie/me/").OK(200).Into(&me)
	if me.SecondFactor != protocol.SecondFactorRequired {
		t.Fatalf("the person is told %q", me.SecondFactor)
	}
	for _, refused := range [][2]string{
		{"GET", conversationsPath(s.claire)}, {"GET", devicesPath}, {"GET", s.searchPath("le")}, {"POST", "/api/files/token"},
		{"PATCH", "/api/collections/users/records/" + s.claire.ID.RecordID()}, {"GET", "/ws/chat/" + s.claire.ID.String()},
	} {
		s.Do(s.claire.Token, refused[0], refused[1], nil).Refused(403, protocol.CodeSecondFactorRequired)
	}
	parent := s.Person(s.college, protocol.RoleParent, "Paul", "Petit")
	s.Get(parent, conversationsPath(parent)).OK(200)
	s.Do(s.claire.Token, "DELETE", devicesPath+"4711/", nil).Refused(404, protocol.CodeNotFound) // one can log out

	a, _ := s.setUp(t, s.claire)
	s.Get(s.claire, conversationsPath(s.claire)).OK(200)
	socket, _ := s.Dial(s.claire)
	s.Do(s.claire.Token, "DELETE", secondFactorPath, object{"password": apptest.Password, "code": a.code(t)}).OK(204)
	socket.ExpectClose(protocol.CloseServiceRestart)
	s.Get(s.claire, conversationsPath(s.claire)).Refused(403, protocol.CodeSecondFactorRequired)

	socket, _ = s.Dial(parent)
	s.Do(s.Superuser(), "PATCH", "/api/collections/users/records/"+parent.ID.RecordID(), object{"role": protocol.RoleTeacher}).OK(200)
	socket.ExpectClose(protocol.CloseServiceRestart)
}

// The administration helps somebody who has lost everything; the secrets stay hidden from it.
func TestSecondFactor_isResetInTheDashboard(t *testing.T) {
	s := newSchool(t)
	_, _ = s.setUp(t, s.claire)
	superuser := s.Superuser()
	const path = "/api/collections/second_factors/records"
	var list struct{ Items []map[string]any }
	s.Do(superuser, "GET", path, nil).OK(200).Into(&list)
	record := list.Items[0]
	for _, secret := range []string{"secret", "last_step", "recovery_hashes"} {
		if _, shown := record[secret]; shown {
			t.Errorf("the dashboard shows %s", secret)
		}
	}
	s.Do(s.claire.Token, "GET", path, nil).Refused(403, protocol.CodeForbidden)
	s.Do(superuser, "DELETE", path+"/"+record["id"].(string), nil).OK(204)
	signIn(s, s.claire.Email, apptest.Password).OK(200)
}

// An access code replaces the password, not the second factor.
func TestWelcome_asksForTheSecondFactorToo(t *testing.T) {
	s := newSchool(t)
	a, _ := s.setUp(t, s.claire)
	admin := s.Person(s.college, protocol.RoleAdmin, "Anne", "Roux")
	var codes []protocol.AccessCode
	s.Post(admin, "/api/messagerie/access-codes/"+s.college.String(), object{"users": ids(s.claire)}).OK(200).Into(&codes)
	refused := s.Post(apptest.Person{}, "/api/messagerie/welcome/", object{
		"username": s.claire.Email, "code": codes[0].Code, "password": "une autre longue phrase"}).Refused(401, protocol.CodeSecondFactorNeeded)
	s.logInWithCode(refused.Data["challenge"].(string), a.code(t)).OK(200)
}

// Whoever knows only the password doesn't make their address one that the account has logged in from.
func TestSecondFactor_hasToBePassedBeforeAnAddressIsKnown(t *testing.T) {
	s := newSchool(t, fewFailures(10, 5))
	s.trustProxy()
	a, _ := s.setUp(t, s.claire)
	const thief, home = "192.0.2.1", "192.0.2.2"
	try := func(address, password string) *apptest.Response {
		return s.from(address, "POST", logInPath, object{"identity": s.claire.Email, "password": password})
	}
	for _, address := range []string{thief, home} {
		refused := try(address, apptest.Password).Refused(401, protocol.CodeSecondFactorNeeded)
		if address == home {
			code, err := json.Marshal(object{"challenge": refused.Data["challenge"], "code": a.code(t)})
			if err != nil {
				t.Fatal(err)
			}
			req, err := http.NewRequest("POST", s.URL+secondFactorPath+"log-in/", bytes.NewReader(code))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", "application/json")
			req.Header.Set("X-Forwarded-For", address)
			s.Send(req).OK(200)
		}
		for n := range 6 { // until the address has only three tries left at unknown accounts
			s.from(address, "POST", logInPath, object{"identity": fmt.Sprintf("personne%d@ecole.example", n), "password": "guessed"}).OK(400)
		}
		for range 3 {
			try(address, "guessed").OK(400)
		}
	}
	try(thief, "guessed").Refused(429, protocol.CodeTooManyRequests)
	try(home, "guessed").OK(400)
}
