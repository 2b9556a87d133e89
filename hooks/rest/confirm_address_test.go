package rest_test

import (
	"net/http"
	"strings"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
)

const confirmPath = "/api/collections/users/confirm-email-change"

// confirmSchool is a school where a stranger has the link for a pupil's new address.
func confirmSchool(t *testing.T) (s school, pupil apptest.Person, link string) {
	t.Helper()
	s = newSchool(t, fewFailures(3, 100))
	pupil = s.Person(s.college, protocol.RoleStudent, "Zoë", "Marchand")
	link, err := pupil.Record.NewEmailChangeToken("zoe@maison.example")
	if err != nil {
		t.Fatal(err)
	}
	return s, pupil, link
}

func TestConfirmAddress_isBrakedLikeALogIn(t *testing.T) {
	s, pupil, link := confirmSchool(t)
	confirm := func(token, password string) *apptest.Response {
		return s.Do("", "POST", confirmPath, object{"token": token, "password": password})
	}
	for range 5 { // nothing is compared
		confirm(link, "").OK(400)
		confirm(link+"x", "guessed").OK(400)
	}
	confirm(link, "guessed").OK(400)
	signIn(s, pupil.Email, "guessed").OK(400) // counts together
	confirm(link, "guessed again").OK(400)
	retryAfter(t, confirm(link, apptest.Password), 180)
	retryAfter(t, signIn(s, pupil.Email, apptest.Password), 180)
	if got := s.Find("users", pupil.ID).Email(); got != pupil.Email {
		t.Errorf("the address is %q", got)
	}
	signIn(s, s.claire.Email, apptest.Password).OK(200)
}

func TestConfirmAddress_thatSucceedsCostsNothing(t *testing.T) {
	s, _, link := confirmSchool(t)
	for range 2 {
		s.Do("", "POST", confirmPath, object{"token": link, "password": "mistyped"}).OK(400)
	}
	s.Do("", "POST", confirmPath, object{"token": link, "password": apptest.Password}).OK(204)
	for range 3 {
		signIn(s, "zoe@maison.example", "mistyped").OK(400)
	}
	retryAfter(t, signIn(s, "zoe@maison.example", apptest.Password), 180)
}

// PocketBase reads more than JSON.
func TestConfirmAddress_isBrakedHoweverItIsSent(t *testing.T) {
	for kind, body := range map[string]string{
		"application/x-www-form-urlencoded": "token=LINK&password=guessed",
		"application/xml":                   "<a><Token>LINK</Token><Password>guessed</Password></a>",
		"application/json":                  `{"token":"LINK","password":"guessed"} {}`,
	} {
		s, _, link := confirmSchool(t)
		for i := range 5 {
			req, err := http.NewRequest("POST", s.URL+confirmPath, strings.NewReader(strings.ReplaceAll(body, "LINK", link)))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", kind)
			want := http.StatusBadRequest
			if i >= 3 {
				want = http.StatusTooManyRequests
			}
			s.Send(req).OK(want)
		}
	}
}
