package rest_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/apptest"
	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
)

const logInPath = "/api/collections/users/auth-with-password"

func signIn(s school, email, password string) *apptest.Response {
	return s.Do("", "POST", logInPath, object{"identity": email, "password": password})
}

// trustProxy makes the server trust the header that from sets.
func (s school) trustProxy() {
	s.Configure(func(settings *core.Settings) { settings.TrustedProxy.Headers = []string{"X-Forwarded-For"} })
}

// from makes a request without a token from an address.
func (s school) from(address, method, path string, body object) *apptest.Response {
	text := ""
	if body != nil {
		text = fmt.Sprintf(`{"identity":%q,"password":%q}`, body["identity"], body["password"])
	}
	req, err := http.NewRequest(method, s.URL+path, strings.NewReader(text))
	if err != nil {
		panic(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Forwarded-For", address)
	return s.Send(req)
}

func fewFailures(perAccount, perAddress int) func(*config.Config) {
	return func(c *config.Config) {
		c.Limits.LoginFailures, c.Limits.LoginFailuresPerAddress = perAccount, perAddress
	}
}

func TestLogIn_thatFailsIsLimitedByAccountAndAddress(t *testing.T) {
	s := newSchool(t)
	s.trustProxy()
	try := func(address, identity, password string) *apptest.Response {
		return s.from(address, "POST", logInPath, object{"identity": identity, "password": password})
	}
	for i := range config.Default().Limits.LoginFailures {
		identity := s.jerome.Email
		if i%2 == 1 {
			identity = strings.ToUpper(identity) // the same account
		}
		try("192.0.2.1", identity, "guessed").Refused(400, protocol.CodeInvalidRequest)
	}
	retryAfter(t, try("192.0.2.1", s.jerome.Email, "guessed"), 180)
	retryAfter(t, try("192.0.2.1", s.jerome.Email, apptest.Password), 180)
	try("192.0.2.2", s.jerome.Email, apptest.Password).OK(200) // from home
	try("192.0.2.1", s.claire.Email, apptest.Password).OK(200)
	s.Get(s.jerome, "/api/messagerie/me/").OK(200) // sessions stay valid
}

func TestLogIn_thatSucceedsCostsNothing(t *testing.T) {
	s := newSchool(t, fewFailures(2, 3))
	for range 10 {
		signIn(s, s.jerome.Email, "mistyped").OK(400)
		signIn(s, s.jerome.Email, apptest.Password).OK(200)
		signIn(s, s.jerome.Email, apptest.Password).OK(200)
	}
}

// Log-ins that PocketBase refuses before it compares a password, each in its way.
func TestLogIn_thatIsMalformedCostsItsAddress(t *testing.T) {
	const allowed = 5
	long := strings.Repeat("x", 256)
	for _, door := range []struct {
		path   string
		body   any
		status int
	}{
		{logInPath, object{}, 400},
		{logInPath, nil, 400},
		{logInPath, "{", 400},
		{logInPath, object{"identity": "", "password": "guessed"}, 400},
		{logInPath, object{"identity": "jerome", "password": ""}, 400},
		{logInPath, object{"identity": long, "password": long}, 400},
		{logInPath, object{"identity": "jerome", "password": "guessed", "identityField": "role"}, 400},
		{logInPath, `"` + strings.Repeat("x", 1<<20) + `"`, 413},
		{logInPath + "/", object{}, 404},
		{"/api/collections/_superusers/auth-with-password", object{}, 400},
		{"/api/collections/messages/auth-with-password", object{}, 401},
		{"/api/collections/nothing/auth-with-password", object{}, 401},
		{"/api/nothing/auth-with-password", object{}, 404},
		{"/api/collections/users/auth-with-oauth2", object{}, 403}, // off
		{"/api/collections/_superusers/auth-with-oauth2", object{}, 401},
		{"/api/collections/_superusers/request-otp", object{}, 403}, // off
		{"/api/collections/_superusers/auth-with-otp", object{"password": "guessed"}, 403},
		{"/api/collections/users/request-password-reset", object{}, 503},
		{"/api/collections/users/confirm-password-reset", object{}, 400},
		{"/api/collections/users/confirm-email-change", object{}, 400},
	} {
		t.Run(door.path, func(t *testing.T) {
			s := newSchool(t, fewFailures(2, allowed), func(c *config.Config) { c.Limits.VisitorRequestsPerMinute = allowed })
			for range allowed {
				s.Do("", "POST", door.path, door.body).OK(door.status)
			}
			retryAfter(t, s.Do("", "POST", door.path, door.body), 30*60/allowed)
			signIn(s, s.jerome.Email, apptest.Password).OK(200) // nobody else behind the address notices
			signIn(s, s.jerome.Email, "mistyped").OK(400)
			signIn(s, s.jerome.Email, apptest.Password).OK(200)
		})
	}
}

func TestLogIn_withAnUnknownNameIsRefusedInTheSameWay(t *testing.T) {
	s := newSchool(t, fewFailures(3, 100))
	for n := range 5 {
		known, unknown := signIn(s, s.jerome.Email, "guessed"), signIn(s, "personne@ecole.example", "guessed")
		if known.StatusCode != unknown.StatusCode || string(known.Body) != string(unknown.Body) {
			t.Errorf("try %d: %d %s for somebody, %d %s for nobody", n, known.StatusCode, known.Body, unknown.StatusCode, unknown.Body)
		}
	}
}

// An address that fails at many accounts has few tries left at each. All others behind the same address
// log in as usual, also those who were never tried.
func TestLogIn_thatFailsAtManyAccountsLeavesTheOthersAlone(t *testing.T) {
	s := newSchool(t, fewFailures(10, 5))
	for n := range 20 {
		signIn(s, fmt.Sprintf("personne%d@ecole.example", n+1), "guessed").OK(400)
	}
	for range 3 {
		signIn(s, s.outsider.Email, "guessed").OK(400)
	}
	retryAfter(t, signIn(s, s.outsider.Email, "guessed"), 12*60*60/5)
	for range 3 {
		signIn(s, s.claire.Email, apptest.Password).OK(200)
		signIn(s, s.jerome.Email, apptest.Password).OK(200)
	}
	for range 5 { // from where he has logged in before
		signIn(s, s.jerome.Email, "mistyped").OK(400)
	}
	signIn(s, s.jerome.Email, apptest.Password).OK(200)
}

// While somebody in a school tries 117 passwords, 300 others log in.
func TestLogIn_ofASchoolAtOnceWithAnAttackFromItsAddressGoesOn(t *testing.T) {
	s := newSchool(t)
	victim, others := s.jerome, s.crowd(t, 300)
	s.trustProxy()
	try := func(address, identity, password string) *apptest.Response {
		return s.from(address, "POST", logInPath, object{"identity": identity, "password": password})
	}
	try("192.0.2.9", victim.Email, apptest.Password).OK(200) // at home, some day
	var all sync.WaitGroup
	all.Go(func() {
		for range 117 {
			try("192.0.2.1", victim.Email, "guessed")
		}
	})
	all.Go(func() {
		for _, other := range others {
			if resp := try("192.0.2.1", other.Email, apptest.Password); resp.StatusCode != 200 {
				t.Errorf("status %d: %s", resp.StatusCode, resp.Body)
			}
		}
	})
	all.Wait()
	retryAfter(t, try("192.0.2.1", victim.Email, apptest.Password), 180)
	for n := range 30 { // more addresses join in
		try(fmt.Sprintf("198.51.100.%d", n), victim.Email, "guessed")
	}
	retryAfter(t, try("198.51.100.99", victim.Email, apptest.Password), 180)
	try("192.0.2.9", victim.Email, apptest.Password).OK(200)
}

// Whoever is attacked gets in by the mail for a new password, also from an address that guesses.
func TestLogIn_withANewPasswordStartsAnew(t *testing.T) {
	s := newSchool(t, fewFailures(3, 100))
	for range 3 {
		signIn(s, s.jerome.Email, "guessed").OK(400)
	}
	retryAfter(t, signIn(s, s.jerome.Email, apptest.Password), 180)
	token, err := s.Find("users", s.jerome.ID).NewPasswordResetToken()
	if err != nil {
		t.Fatal(err)
	}
	const chosen = "a quite different one"
	s.Do("", "POST", "/api/collections/users/confirm-password-reset",
		object{"token": token, "password": chosen, "passwordConfirm": chosen}).OK(204)
	signIn(s, s.jerome.Email, chosen).OK(200)
}

func TestLogIn_guessesAtOnceAllCount(t *testing.T) {
	const allowed = 3
	s := newSchool(t, fewFailures(allowed, 100))
	var compared atomic.Int32
	s.OnRecordAuthWithPasswordRequest().BindFunc(func(e *core.RecordAuthWithPasswordRequestEvent) error {
		compared.Add(1)
		return e.Next()
	})
	var all sync.WaitGroup
	for range 30 {
		all.Go(func() { signIn(s, s.jerome.Email, "guessed") })
	}
	all.Wait()
	if n := compared.Load(); n != allowed {
		t.Errorf("%d passwords were compared, want %d", n, allowed)
	}
}

func TestLogIn_ofManyPeopleAtOnceSucceeds(t *testing.T) {
	const people = 40
	s := newSchool(t, fewFailures(1, 1))
	var all sync.WaitGroup
	for n := range people {
		person := s.Person(s.college, protocol.RoleStudent, "Élève", fmt.Sprint(n))
		all.Go(func() { signIn(s, person.Email, apptest.Password).OK(200) })
	}
	all.Wait()
}

func TestLogIn_toTheDashboardIsLimited(t *testing.T) {
	s := newSchool(t, fewFailures(3, 100))
	s.Superuser()
	const path = "/api/collections/_superusers/auth-with-password"
	for range 3 {
		s.Do("", "POST", path, object{"identity": "admin@ecole.example", "password": "guessed"}).OK(400)
	}
	retryAfter(t, s.Do("", "POST", path, object{"identity": "admin@ecole.example", "password": apptest.Password}), 180)
}

// Somebody who sits down at another person's computer doesn't guess the password there either, nor shut its owner out of
// the log-in at the same address.
func TestPassword_isNotGuessedByChangingIt(t *testing.T) {
	s := newSchool(t, fewFailures(3, 100))
	own := "/api/collections/users/records/" + s.jerome.Record.Id
	change := object{"password": "another password", "passwordConfirm": "another password"}
	for _, guess := range []any{"guessed", "", "guessed again"} {
		change["oldPassword"] = guess
		s.Do(s.jerome.Token, "PATCH", own, change).OK(400)
	}
	change["oldPassword"] = apptest.Password
	retryAfter(t, s.Do(s.jerome.Token, "PATCH", own, change), 180)
	signIn(s, s.jerome.Email, apptest.Password).OK(200)
}

// PocketBase accepts a number instead of its digits, which would bypass the count.
func TestPassword_hasToBeText(t *testing.T) {
	s := newSchool(t)
	record := s.Find("users", s.jerome.ID)
	record.SetPassword("9081726354")
	if err := s.Save(record); err != nil {
		t.Fatal(err)
	}
	jerome := s.SignIn(record)
	change := object{"password": "another password", "passwordConfirm": "another password", "oldPassword": 9081726354}
	s.Do(jerome.Token, "PATCH", "/api/collections/users/records/"+record.Id, change).OK(400)
}

// username gives a person a second name to log in with.
func (s school) username(person apptest.Person, username string) {
	record, err := s.FindRecordById("users", person.Record.Id)
	if err == nil {
		record.Set("username", username)
		err = s.Save(record)
	}
	if err != nil {
		panic(err)
	}
}

func TestLogIn_byUsernameIgnoresCase(t *testing.T) {
	s := newSchool(t)
	s.username(s.jerome, "jerome.lefevre")
	for _, identity := range []string{"jerome.lefevre", "Jerome.LEFEVRE", s.jerome.Email} {
		signIn(s, identity, apptest.Password).OK(200)
	}
	noAddress := s.Create("users", object{"last_name": "Marchand", "role": "student", "username": "zoe.marchand",
		"establishments": []string{s.college.RecordID()}, "password": apptest.Password})
	signIn(s, "zoe.marchand", apptest.Password).OK(200)
	signIn(s, "", apptest.Password).OK(400) // others have no address, either
	if noAddress.Email() != "" {
		t.Errorf("the address is %q", noAddress.Email())
	}
}

func TestLogIn_byUsernameAndByAddressCountsAsOneAccount(t *testing.T) {
	s := newSchool(t, fewFailures(4, 100))
	s.username(s.jerome, "jerome.lefevre")
	for _, identity := range []string{s.jerome.Email, "jerome.lefevre", strings.ToUpper(s.jerome.Email), "JEROME.LEFEVRE"} {
		signIn(s, identity, "guessed").Refused(400, protocol.CodeInvalidRequest)
	}
	for _, identity := range []string{s.jerome.Email, "jerome.lefevre"} {
		retryAfter(t, signIn(s, identity, apptest.Password), 180)
	}
	own := "/api/collections/users/records/" + s.jerome.Record.Id
	change := object{"password": "another password", "passwordConfirm": "another password", "oldPassword": apptest.Password}
	s.Do(s.jerome.Token, "PATCH", own, change).OK(200) // whoever is logged in isn't who guesses
}

func TestLogIn_byAnUnknownUsernameIsRefusedInTheSameWay(t *testing.T) {
	s := newSchool(t, fewFailures(3, 100))
	s.username(s.jerome, "jerome.lefevre")
	for n := range 5 {
		known, unknown := signIn(s, "jerome.lefevre", "guessed"), signIn(s, "jerome.leblanc", "guessed")
		if known.StatusCode != unknown.StatusCode || string(known.Body) != string(unknown.Body) {
			t.Errorf("try %d: %d %s for somebody, %d %s for nobody", n, known.StatusCode, known.Body, unknown.StatusCode, unknown.Body)
		}
	}
}
