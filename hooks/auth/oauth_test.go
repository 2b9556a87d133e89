package auth_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/oauth2-proxy/mockoidc"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/apptest"
	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
	"messagerie/hooks/totp"
)

const (
	withProviderPath = "/api/collections/users/auth-with-oauth2"
	redirectURL      = "https://messagerie.ecole.example/login/callback"
)

// account is what the provider knows of somebody, as the claims of OpenID Connect.
type account map[string]any

func (a account) ID() string { return a["sub"].(string) }

func (a account) Userinfo([]string) ([]byte, error) { return json.Marshal(a) }

func (a account) Claims(_ []string, base *mockoidc.IDTokenClaims) (jwt.Claims, error) {
	encoded, err := json.Marshal(base)
	if err != nil {
		return nil, err
	}
	claims := jwt.MapClaims{}
	if err := json.Unmarshal(encoded, &claims); err != nil {
		return nil, err
	}
	for name, value := range a {
		claims[name] = value
	}
	return claims, nil
}

// verified is an account with an address that the provider has verified.
func verified(sub, email string) account {
	return account{"sub": sub, "email": email, "email_verified": true, "name": "Somebody Else"}
}

// providedSchool is a school whose people log in through a provider.
type providedSchool struct {
	*apptest.App
	t        *testing.T
	provider *mockoidc.MockOIDC
	college  protocol.ID
	claire   apptest.Person
}

// newProvidedSchool starts an OIDC server and a school that trusts it. Each variable is one of the
// configuration's, without its prefix.
func newProvidedSchool(t *testing.T, variables ...string) providedSchool {
	t.Helper()
	provider, err := mockoidc.Run()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := provider.Shutdown(); err != nil {
			t.Error(err)
		}
	})
	env := []string{"MESSAGERIE_OIDC_NAME=ENT du collège", "MESSAGERIE_OIDC_ISSUER=" + provider.Issuer(),
		"MESSAGERIE_OIDC_CLIENT_ID=" + provider.ClientID, "MESSAGERIE_OIDC_CLIENT_SECRET=" + provider.ClientSecret}
	for _, variable := range variables {
		env = append(env, "MESSAGERIE_"+variable)
	}
	cfg, err := config.Load(config.Source{Env: env, BinaryDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	app := apptest.New(t, func(c *config.Config) { *c = cfg })
	s := providedSchool{App: app, t: t, provider: provider, college: app.Establishment("Collège Jean-Moulin")}
	s.claire = app.Person(s.college, protocol.RoleTeacher, "Claire", "Martin")
	return s
}

type methods struct {
	OAuth2 struct {
		Providers []struct{ Name, State, AuthURL, CodeVerifier string }
	}
}

// body is a request to log in, after having logged in at the provider as a.
func (s providedSchool) body(a mockoidc.User) map[string]any {
	s.t.Helper()
	var offered methods
	s.Do("", "GET", "/api/collections/users/auth-methods", nil).OK(200).Into(&offered)
	if len(offered.OAuth2.Providers) != 1 {
		s.t.Fatalf("%d providers are offered", len(offered.OAuth2.Providers))
	}
	provider := offered.OAuth2.Providers[0]
	s.provider.QueueUser(a)
	req, err := http.NewRequest("GET", provider.AuthURL+url.QueryEscape(redirectURL), nil)
	if err != nil {
		s.t.Fatal(err)
	}
	back, err := url.Parse(s.Send(req).OK(302).Header.Get("Location"))
	if err != nil {
		s.t.Fatal(err)
	}
	if !strings.HasPrefix(back.String(), redirectURL+"?") || back.Query().Get("state") != provider.State || len(provider.State) < 30 {
		s.t.Fatalf("the provider leads back to %s, with the state %q", back, provider.State)
	}
	return map[string]any{"provider": provider.Name, "code": back.Query().Get("code"), "codeVerifier": provider.CodeVerifier,
		"redirectURL": redirectURL}
}

func (s providedSchool) logIn(a account) *apptest.Response {
	s.t.Helper()
	return s.Do("", "POST", withProviderPath, s.body(a))
}

// entered fails the test unless the response has a valid token of a person.
func (s providedSchool) entered(resp *apptest.Response, person protocol.ID) {
	s.t.Helper()
	var login struct{ Token string }
	resp.OK(200).Into(&login)
	var me protocol.Me
	s.Do(login.Token, "GET", "/api/messagerie/me/", nil).OK(200).Into(&me)
	if me.ID != person {
		s.t.Fatalf("%d is in, want %d", me.ID, person)
	}
}

// change sets fields of a person, as the dashboard does.
func (s providedSchool) change(person apptest.Person, fields map[string]any) *core.Record {
	s.t.Helper()
	record := s.Find("users", person.ID)
	record.Load(fields)
	if err := s.Save(record); err != nil {
		s.t.Fatal(err)
	}
	return record
}

// logsInByPassword says whether the password that a person had is still theirs.
func (s providedSchool) logsInByPassword(person apptest.Person) bool {
	s.t.Helper()
	return s.Do("", "POST", "/api/collections/users/auth-with-password",
		map[string]any{"identity": person.Email, "password": apptest.Password}).StatusCode == 200
}

func TestProvider_letsInByVerifiedAddressWithoutRegardToCase(t *testing.T) {
	s := newProvidedSchool(t)
	resp := s.logIn(verified("sub-1", strings.ToUpper(s.claire.Email)))
	s.entered(resp, s.claire.ID)
	for _, secret := range []string{"accessToken", "refreshToken", "rawUser"} {
		if strings.Contains(string(resp.Body), secret) {
			t.Errorf("the response has the provider's %s: %s", secret, resp.Body)
		}
	}
	record := s.Find("users", s.claire.ID)
	if record.GetString("last_name") != "Martin" || record.Email() != s.claire.Email || record.Verified() {
		t.Errorf("she became %v", record)
	}
	if !s.logsInByPassword(s.claire) { // PocketBase would have changed it
		t.Error("her password is no longer hers")
	}
}

func TestProvider_keepsToTheLinkOnceMade(t *testing.T) {
	s := newProvidedSchool(t)
	s.entered(s.logIn(verified("sub-1", s.claire.Email)), s.claire.ID)
	s.entered(s.logIn(account{"sub": "sub-1", "email": "autre@ecole.example"}), s.claire.ID) // has another address by now
	paul := s.Person(s.college, protocol.RoleTeacher, "Paul", "Durand")
	s.entered(s.logIn(verified("sub-1", paul.Email)), s.claire.ID)
	if n := s.Count(core.CollectionNameExternalAuths); n != 1 {
		t.Errorf("there are %d links", n)
	}
}

func TestProvider_followsAnAddressToItsNewAccount(t *testing.T) {
	s := newProvidedSchool(t)
	s.entered(s.logIn(verified("sub-1", s.claire.Email)), s.claire.ID)
	s.entered(s.logIn(verified("sub-2", s.claire.Email)), s.claire.ID)
	s.logIn(account{"sub": "sub-1"}).Refused(403, protocol.CodeUnknownAccount)
	s.entered(s.logIn(account{"sub": "sub-2"}), s.claire.ID)
}

func TestProvider_refusesAnAddressThatIsNotVerified(t *testing.T) {
	s := newProvidedSchool(t)
	for _, a := range []account{
		{"sub": "sub-1", "email": s.claire.Email},
		{"sub": "sub-2", "email": s.claire.Email, "email_verified": false},
		{"sub": "sub-3", "email": s.claire.Email, "email_verified": "false"},
	} {
		s.logIn(a).Refused(403, protocol.CodeUnknownAccount)
		// Nor does the token of somebody else link the account to them.
		s.Do(s.claire.Token, "POST", withProviderPath, s.body(a)).Refused(403, protocol.CodeUnknownAccount)
	}
	if n := s.Count(core.CollectionNameExternalAuths); n != 0 {
		t.Errorf("there are %d links", n)
	}
}

func TestProvider_letsInByExternalID(t *testing.T) {
	s := newProvidedSchool(t, "OIDC_EXTERNAL_SOURCE=siecle", "OIDC_EXTERNAL_ID_CLAIM=school_id")
	s.change(s.claire, map[string]any{"external_source": "siecle", "external_id": "4711"})
	paul := s.Person(s.college, protocol.RoleTeacher, "Paul", "Durand")
	s.change(paul, map[string]any{"external_source": "onde", "external_id": "4712"})
	s.logIn(account{"sub": "4711"}).Refused(403, protocol.CodeUnknownAccount)
	s.logIn(account{"sub": "sub-0", "school_id": "4712"}).Refused(403, protocol.CodeUnknownAccount)
	s.logIn(account{"sub": "sub-0", "school_id": ""}).Refused(403, protocol.CodeUnknownAccount)
	s.entered(s.logIn(account{"sub": "sub-1", "school_id": "4711"}), s.claire.ID)
	s.entered(s.logIn(account{"sub": "sub-2", "school_id": 4711, "email": paul.Email, "email_verified": true}), s.claire.ID)
}

func TestProvider_byDefaultComparesItsOwnID(t *testing.T) {
	s := newProvidedSchool(t)
	s.change(s.claire, map[string]any{"external_source": "oidc", "external_id": "sub-1"})
	s.entered(s.logIn(account{"sub": "sub-1"}), s.claire.ID)
}

func TestProvider_refusesStrangersAndCreatesNothing(t *testing.T) {
	s := newProvidedSchool(t)
	s.change(s.claire, map[string]any{"email": "", "username": "claire.martin"}) // no address matches none
	before := s.Count("users")
	s.logIn(verified("sub-1", "inconnue@ecole.example")).Refused(403, protocol.CodeUnknownAccount)
	s.logIn(verified("sub-2", "")).Refused(403, protocol.CodeUnknownAccount)
	body := s.body(verified("sub-3", "inconnue@ecole.example"))
	body["createData"] = map[string]any{"role": "admin", "last_name": "Inconnue", "establishments": []string{s.college.RecordID()},
		"password": apptest.Password, "passwordConfirm": apptest.Password}
	s.Do("", "POST", withProviderPath, body).Refused(403, protocol.CodeUnknownAccount)
	if n := s.Count("users"); n != before {
		t.Errorf("%d people were created", n-before)
	}
	if n := s.Count(core.CollectionNameExternalAuths); n != 0 {
		t.Errorf("there are %d links", n)
	}
}

func TestProvider_createsAccountsWhereAllowed(t *testing.T) {
	s := newProvidedSchool(t, "LOGIN_CREATE_ROLE=student", "LOGIN_CREATE_ESTABLISHMENT=Collège Jean-Moulin",
		"LOGIN_CREATE_DOMAINS=eleves.ecole.example, autre.example")
	before := s.Count("users")
	s.logIn(verified("sub-1", "zoe@gmail.example")).Refused(403, protocol.CodeUnknownAccount)
	s.logIn(verified("sub-1", "zoe@faux-eleves.ecole.example")).Refused(403, protocol.CodeUnknownAccount)
	s.logIn(account{"sub": "sub-1", "email": "zoe@eleves.ecole.example"}).Refused(403, protocol.CodeUnknownAccount)
	zoe := verified("sub-1", "Zoe.Marchand@Eleves.ecole.example")
	zoe["given_name"], zoe["family_name"] = "Zoé", "Marchand"
	s.logIn(zoe).OK(200)
	record, err := s.FindAuthRecordByEmail("users", "zoe.marchand@eleves.ecole.example")
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(record.GetString("first_name"), record.GetString("last_name"), record.GetString("role"),
		record.GetStringSlice("establishments"), record.GetBool("temporary_password")); got != fmt.Sprint("Zoé", "Marchand", "student", []string{s.college.RecordID()}, false) {
		t.Errorf("she is %s", got)
	}
	s.entered(s.logIn(account{"sub": "sub-1"}), protocol.ParseID(record.Id)) // the same account
	s.entered(s.logIn(verified("sub-2", s.claire.Email)), s.claire.ID)
	if n := s.Count("users"); n != before+1 {
		t.Errorf("%d people were created", n-before)
	}
}

func TestProvider_refusesDisabledPeopleInTheWordsOfTheForm(t *testing.T) {
	s := newProvidedSchool(t)
	s.change(s.claire, map[string]any{"disabled": true})
	byProvider := s.logIn(verified("sub-1", s.claire.Email)).Refused(403, protocol.CodeForbidden)
	byPassword := s.Do("", "POST", "/api/collections/users/auth-with-password",
		map[string]any{"identity": s.claire.Email, "password": apptest.Password}).Refused(403, protocol.CodeForbidden)
	if fmt.Sprint(byProvider) != fmt.Sprint(byPassword) {
		t.Errorf("%v isn't %v", byProvider, byPassword)
	}
	if n := s.Count(core.CollectionNameExternalAuths); n != 0 {
		t.Errorf("there are %d links", n)
	}
}

func TestProvider_endsATemporaryPassword(t *testing.T) {
	s := newProvidedSchool(t)
	s.change(s.claire, map[string]any{"temporary_password": true})
	s.entered(s.logIn(verified("sub-1", s.claire.Email)), s.claire.ID)
	if s.Find("users", s.claire.ID).GetBool("temporary_password") || s.logsInByPassword(s.claire) {
		t.Error("it still counts")
	}
}

func TestProvider_codesAreGoodOnceAndForWhoAskedForThem(t *testing.T) {
	s := newProvidedSchool(t)
	body := s.body(verified("sub-1", s.claire.Email))
	s.entered(s.Do("", "POST", withProviderPath, body), s.claire.ID)
	s.Do("", "POST", withProviderPath, body).Refused(400, protocol.CodeInvalidRequest)

	for _, verifier := range []string{"", strings.Repeat("x", 43)} {
		body = s.body(verified("sub-1", s.claire.Email))
		body["codeVerifier"] = verifier
		s.Do("", "POST", withProviderPath, body).Refused(400, protocol.CodeInvalidRequest)
	}
	body = s.body(verified("sub-1", s.claire.Email))
	body["code"] = "invented"
	s.Do("", "POST", withProviderPath, body).Refused(400, protocol.CodeInvalidRequest)
}

func TestProvider_isOfNoUseForOtherCollections(t *testing.T) {
	s := newProvidedSchool(t)
	body := s.body(verified("sub-1", s.claire.Email))
	s.Do("", "POST", "/api/collections/_superusers/auth-with-oauth2", body).Refused(401, protocol.CodeUnauthorized)
	body["provider"] = "github"
	s.Do("", "POST", withProviderPath, body).Refused(400, protocol.CodeInvalidRequest)
	body["code"] = strings.Repeat("x", 9<<10)
	s.Do("", "POST", withProviderPath, body).Refused(413, protocol.CodeTooLarge)
}

func TestProvider_failuresAreLimitedSuccessesAreNot(t *testing.T) {
	s := newProvidedSchool(t, "LIMITS_LOGIN_FAILURES_PER_ADDRESS=3", "LIMITS_VISITOR_REQUESTS_PER_MINUTE=100")
	for range 5 {
		s.entered(s.logIn(verified("sub-1", s.claire.Email)), s.claire.ID)
	}
	invented := map[string]any{"provider": "oidc", "code": "invented", "redirectURL": redirectURL}
	for range 3 {
		s.Do("", "POST", withProviderPath, invented).Refused(400, protocol.CodeInvalidRequest)
	}
	resp := s.Do("", "POST", withProviderPath, invented)
	resp.Refused(429, protocol.CodeTooManyRequests)
	if resp.Header.Get("Retry-After") == "" {
		t.Error("it doesn't say when to try again")
	}
	if !s.logsInByPassword(s.claire) {
		t.Error("passwords are limited as well")
	}
}

func TestProvider_readsTheIDTokenWhereThereIsNoUserInfo(t *testing.T) {
	s := newProvidedSchool(t)
	users, err := s.FindCollectionByNameOrId("users")
	if err != nil {
		t.Fatal(err)
	}
	users.OAuth2.Providers[0].UserInfoURL = ""
	if err := s.Save(users); err != nil {
		t.Fatal(err)
	}
	s.entered(s.logIn(verified("sub-1", s.claire.Email)), s.claire.ID)
	s.logIn(account{"sub": "sub-2", "email": s.claire.Email}).Refused(403, protocol.CodeUnknownAccount)
	forged := verified("sub-3", s.claire.Email)
	forged["iss"] = "https://evil.example"
	s.logIn(forged).Refused(400, protocol.CodeInvalidRequest)
}

// swapped has another subject in its user info than in its ID token.
type swapped struct{ account }

func (a swapped) Userinfo([]string) ([]byte, error) {
	return json.Marshal(verified("sub-of-somebody-else", a.account["email"].(string)))
}

func TestProvider_refusesUserInfoOfSomebodyElse(t *testing.T) {
	s := newProvidedSchool(t)
	s.Do("", "POST", withProviderPath, s.body(swapped{verified("sub-1", s.claire.Email)})).Refused(400, protocol.CodeInvalidRequest)
}

func TestProvider_tellsWhereToLogOut(t *testing.T) {
	for name, c := range map[string]struct {
		variables []string
		prefix    string
	}{
		"no page":  {nil, ""},
		"its page": {[]string{"OIDC_LOGOUT_URL=https://ent.example/logout?from=messagerie"}, "https://ent.example/logout?"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newProvidedSchool(t, c.variables...)
			var login struct{ Meta protocol.ProviderLogin }
			s.logIn(verified("sub-1", s.claire.Email)).OK(200).Into(&login)
			if c.prefix == "" {
				if login.Meta.LogoutURL != "" {
					t.Errorf("it is %q", login.Meta.LogoutURL)
				}
				return
			}
			u, err := url.Parse(login.Meta.LogoutURL)
			if err != nil || !strings.HasPrefix(login.Meta.LogoutURL, c.prefix) {
				t.Fatalf("it is %q: %v", login.Meta.LogoutURL, err)
			}
			if _, err := s.provider.Keypair.VerifyJWT(u.Query().Get("id_token_hint"), s.provider.Now); err != nil ||
				u.Query().Get("client_id") != s.provider.ClientID || u.Query().Get("from") != "messagerie" {
				t.Errorf("it is %q: %v", login.Meta.LogoutURL, err)
			}
		})
	}
}

func TestSchool_listsTheProvidersOfTheLogInPage(t *testing.T) {
	s := newProvidedSchool(t, "GOOGLE_CLIENT_ID=g", "GOOGLE_CLIENT_SECRET=s",
		"MICROSOFT_TENANT=ecole.example", "MICROSOFT_CLIENT_ID=m", "MICROSOFT_CLIENT_SECRET=s")
	var page protocol.School
	s.Do("", "GET", "/api/messagerie/school/", nil).OK(200).Into(&page)
	want := []protocol.LoginProvider{{Name: "oidc", DisplayName: "ENT du collège"}, {Name: "google", DisplayName: "Google"},
		{Name: "microsoft", DisplayName: "Microsoft"}}
	if fmt.Sprint(page.Providers) != fmt.Sprint(want) {
		t.Errorf("they are %v", page.Providers)
	}
}

// Those who only log in at a provider have no password. A log-in a moment ago, on the same device, shows who they are.
func TestProvider_letsThoseWithoutAPasswordTurnASecondFactorOnAndOff(t *testing.T) {
	s := newProvidedSchool(t)
	const path = "/api/messagerie/second-factor/"
	token := func(resp *apptest.Response) string {
		t.Helper()
		var login struct{ Token string }
		resp.OK(200).Into(&login)
		return login.Token
	}
	claire := verified("c", s.claire.Email)
	s.Do(s.claire.Token, "POST", path, map[string]any{"password": ""}).Refused(400, protocol.CodeInvalidPassword) // logged in otherwise
	fresh := token(s.logIn(claire))
	s.Do(fresh, "POST", path, map[string]any{"password": "guessed"}).Refused(400, protocol.CodeInvalidPassword)
	s.Do(fresh, "POST", "/api/messagerie/me/password/", map[string]any{"old_password": "", "password": "un autre, très long"}).Refused(400, protocol.CodeInvalidPassword)
	s.Do(s.claire.Token, "POST", path, map[string]any{"password": ""}).Refused(400, protocol.CodeInvalidPassword) // another device
	var setup protocol.SecondFactorSetup
	s.Do(fresh, "POST", path, map[string]any{"password": ""}).OK(200).Into(&setup)
	clock := time.Now()
	code := func() string {
		t.Helper()
		clock = clock.Add(30 * time.Second)
		now := clock
		s.People.SetClock(func() time.Time { return now })
		code, err := totp.At(setup.Secret, now)
		if err != nil {
			t.Fatal(err)
		}
		return code
	}
	s.Do(fresh, "POST", path+"confirm/", map[string]any{"code": code()}).OK(200)

	var refused struct{ Data struct{ Challenge string } }
	s.logIn(claire).OK(401).Into(&refused)
	again := token(s.Do("", "POST", path+"log-in/", map[string]any{"challenge": refused.Data.Challenge, "code": code()}))
	s.Do(again, "DELETE", path, map[string]any{"password": "", "code": code()}).OK(204)
	s.entered(s.logIn(claire), s.claire.ID)
}
