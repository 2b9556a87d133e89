package rest_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/apptest"
	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
)

const (
	welcomePath = "/api/messagerie/welcome/"
	chosen      = "trois petits chats"
)

func (s classSchool) enter(username, code string, more ...object) *apptest.Response {
	body := object{"username": username, "code": code, "password": chosen}
	for _, fields := range more {
		for name, value := range fields {
			body[name] = value
		}
	}
	return s.Do("", "POST", welcomePath, body)
}

func TestWelcome_logsInWithThePasswordThatWasChosen(t *testing.T) {
	s := newClassSchool(t)
	pupil, code := s.pupil("Zoë", "Marchand")
	if code.Username != "zoe.marchand" {
		t.Fatalf("she is called %q", code.Username)
	}
	var resp struct {
		Token  string
		Record map[string]any
		Meta   any
	}
	typed := strings.ToLower(strings.ReplaceAll(code.Code, "-", " "))
	s.enter(" Zoe.MARCHAND ", typed).OK(200).Into(&resp)
	if resp.Record["id"] != pupil.Record.Id || resp.Record["username"] != "zoe.marchand" || resp.Meta != nil {
		t.Errorf("the response is %+v", resp)
	}
	for _, hidden := range []string{"ine", "external_id", "birth_date", "tokenKey", "password"} {
		if _, there := resp.Record[hidden]; there {
			t.Errorf("the response has %s", hidden)
		}
	}
	var me protocol.Me
	s.Do(resp.Token, "GET", "/api/messagerie/me/", nil).OK(200).Into(&me)
	if me.TemporaryPassword || me.Username != "zoe.marchand" {
		t.Errorf("she is %+v", me)
	}
	signIn(s.school, "zoe.marchand", chosen).OK(200)
	signIn(s.school, "zoe.marchand", apptest.Password).OK(400)
	s.Get(pupil, "/api/messagerie/me/").OK(401) // earlier tokens are void
	s.enter("zoe.marchand", code.Code).Refused(400, protocol.CodeInvalidAccessCode)
}

func TestWelcome_takesAnAddressInPlaceOfTheUsername(t *testing.T) {
	s := newClassSchool(t)
	code := s.codes(object{"users": ids(s.thomas)})[0]
	if code.Username != "" {
		t.Errorf("somebody with an address is called %q", code.Username)
	}
	s.enter(strings.ToUpper(s.thomas.Email), code.Code).OK(200)
}

func TestWelcome_wrongOldAndUsedCodesLookAlike(t *testing.T) {
	s := newClassSchool(t)
	_, used := s.pupil("Ancien", "Un")
	s.enter(used.Username, used.Code).OK(200)
	replaced, before := s.pupil("Remplace", "Deux")
	s.codes(object{"users": ids(replaced)})
	_, expired := s.pupil("Perime", "Trois")
	if _, err := s.DB().Update("access_codes", dbx.Params{"expires": "2026-01-01 00:00:00.000Z"},
		dbx.HashExp{"user": expired.User.ID.RecordID()}).Execute(); err != nil {
		t.Fatal(err)
	}
	_, someones := s.pupil("Autre", "Quatre")
	s.username(s.jerome, "jerome.lefevre") // has no code
	var bodies []string
	for _, c := range [][2]string{
		{used.Username, used.Code}, {before.Username, before.Code}, {expired.Username, expired.Code}, {before.Username, someones.Code},
		{"jerome.lefevre", someones.Code}, {"personne.ici", someones.Code}, {someones.Username, "2222-2222-2222"}, {someones.Username, ""}, {"", ""},
	} {
		resp := s.enter(c[0], c[1])
		resp.Refused(400, protocol.CodeInvalidAccessCode)
		bodies = append(bodies, string(resp.Body))
		weak := s.enter(c[0], c[1], object{"password": "1"}) // nothing else is looked at
		if string(weak.Body) != bodies[0] {
			t.Errorf("with a weak password: %s", weak.Body)
		}
	}
	if len(slices.Compact(bodies)) != 1 {
		t.Errorf("the refusals differ: %v", bodies)
	}
}

func TestWelcome_isBrakedLikeALogIn(t *testing.T) {
	s := classSchool{school: newSchool(t, fewFailures(3, 100))}
	s.helene = s.Person(s.college, protocol.RoleAdmin, "Hélène", "Vasseur")
	pupil, code := s.pupil("Zoë", "Marchand")
	for _, try := range []func() *apptest.Response{
		func() *apptest.Response { return s.enter(code.Username, "2222-2222-2222") },
		func() *apptest.Response { return s.enter(code.Username, "4444-4444-4444") },
		func() *apptest.Response { return s.enter(strings.ToUpper(code.Username), "3333-3333-3333") },
	} {
		try().OK(400)
	}
	retryAfter(t, s.enter(code.Username, code.Code), 180)
	for range 4 { // whoever guesses passwords doesn't shut out those with a code, and a new code starts anew
		signIn(s.school, code.Username, "guessed")
	}
	s.enter(code.Username, s.codes(object{"users": ids(pupil)})[0].Code).OK(200)
	for range 3 {
		s.enter("personne", "2222-2222-2222").OK(400)
	}
	retryAfter(t, s.enter("personne", "2222-2222-2222"), 180) // likewise for a name that nobody has
}

func TestWelcome_refusesAWeakPasswordAndKeepsTheCode(t *testing.T) {
	s := newClassSchool(t)
	_, code := s.pupil("Zoë", "Marchand")
	for password, want := range map[string]string{
		"12345678": protocol.CodePasswordTooCommon, "zoe.marchand": protocol.CodePasswordIsPersonal,
		"Zoe-Marchand-14": protocol.CodePasswordIsPersonal, apptest.Password: protocol.CodePasswordUnchanged,
		"xq7": "validation_min_text_constraint", "": "validation_required",
	} {
		field, _ := s.enter(code.Username, code.Code, object{"password": password}).
			Refused(400, protocol.CodeInvalidRequest).Data["password"].(map[string]any)
		if field["code"] != want || field["message"] == "" {
			t.Errorf("%q: the field says %v, want %s", password, field, want)
		}
	}
	s.enter(code.Username, code.Code).OK(200)
}

func TestWelcome_atOnceWorksOnce(t *testing.T) {
	s := newClassSchool(t)
	_, code := s.pupil("Zoë", "Marchand")
	var all sync.WaitGroup
	statuses := make([]int, 8)
	for i := range statuses {
		all.Go(func() {
			statuses[i] = s.enter(code.Username, code.Code, object{"password": fmt.Sprint(chosen, i)}).StatusCode
		})
	}
	all.Wait()
	slices.Sort(statuses)
	if !slices.Equal(statuses, []int{200, 400, 400, 400, 400, 400, 400, 400}) {
		t.Errorf("statuses %v", statuses)
	}
}

func TestWelcome_confirmsTheAddressByAMailAtOnce(t *testing.T) {
	s := newClassSchool(t)
	s.ConfigureMail()
	sent := make(chan core.MailerRecordEvent, 10)
	s.OnMailerRecordEmailChangeSend().BindFunc(func(e *core.MailerRecordEvent) error {
		sent <- *e
		return nil
	})
	pupil, code := s.pupil("Zoë", "Marchand")
	s.enter(code.Username, code.Code, object{"email": "not an address"}).Refused(400, protocol.CodeInvalidRequest)
	meta := func(resp *apptest.Response) string {
		t.Helper()
		var body struct{ Meta protocol.WelcomeMeta }
		resp.OK(200).Into(&body)
		return body.Meta.Email
	}
	if got := meta(s.enter(code.Username, code.Code, object{"email": " zoe@maison.example "})); got != protocol.EmailToConfirm {
		t.Errorf("meta says %q", got)
	}
	if got := s.Find("users", pupil.ID).Email(); got != "" {
		t.Errorf("before it is confirmed, her address is %q", got)
	}
	mail := <-sent
	if len(mail.Message.To) != 1 || mail.Message.To[0].Address != "zoe@maison.example" {
		t.Fatalf("the mail goes to %v", mail.Message.To)
	}
	link := regexp.MustCompile(`https://messagerie\.ecole\.example/confirm-address/([\w.-]+)`).FindStringSubmatch(mail.Message.HTML)
	if link == nil {
		t.Fatalf("the mail is %s", mail.Message.HTML)
	}
	confirm := func(password string) *apptest.Response {
		return s.Do("", "POST", confirmPath, object{"token": link[1], "password": password})
	}
	confirm("guessed").OK(400)
	confirm(chosen).OK(204)
	if record := s.Find("users", pupil.ID); record.Email() != "zoe@maison.example" || !record.Verified() {
		t.Errorf("her address is %q", record.Email())
	}
	confirm(chosen).OK(400)
	signIn(s.school, "zoe@maison.example", chosen).OK(200)

	// An address that somebody has gets no mail, and the response doesn't tell.
	other, code := s.pupil("Léo", "Marchand")
	if got := meta(s.enter(code.Username, code.Code, object{"email": s.claire.Email})); got != protocol.EmailToConfirm {
		t.Errorf("meta says %q", got)
	}
	third, code := s.pupil("Lou", "Marchand")
	if got := meta(s.enter(code.Username, code.Code, object{"email": "lou@maison.example"})); got != protocol.EmailToConfirm {
		t.Errorf("meta says %q", got)
	}
	if mail := <-sent; mail.Record.Id != third.Record.Id || s.Find("users", other.ID).Email() != "" {
		t.Errorf("a mail goes to %v", mail.Message.To)
	}
}

func TestWelcome_withoutAMailServerLeavesTheAddressOut(t *testing.T) {
	s := newClassSchool(t, func(c *config.Config) { c.Limits.AccessCodeDays = 3 })
	pupil, code := s.pupil("Zoë", "Marchand")
	if at, err := time.Parse(time.RFC3339, code.ExpiresAt); err != nil || time.Until(at) > 72*time.Hour {
		t.Errorf("it expires %s: %v", code.ExpiresAt, err)
	}
	var body struct{ Meta protocol.WelcomeMeta }
	s.enter(code.Username, code.Code, object{"email": "zoe@maison.example"}).OK(200).Into(&body)
	if body.Meta.Email != protocol.EmailUnavailable || s.Find("users", pupil.ID).Email() != "" {
		t.Errorf("meta says %q", body.Meta.Email)
	}
}
