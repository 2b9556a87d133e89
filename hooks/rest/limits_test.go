package rest_test

import (
	"strconv"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
)

func signIn(s school, email, password string) *apptest.Response {
	return s.Do("", "POST", "/api/collections/users/auth-with-password", object{"identity": email, "password": password})
}

func retryAfter(t *testing.T, answer *apptest.Response, atMost int) {
	t.Helper()
	answer.Refused(429, protocol.CodeTooManyRequests)
	seconds, err := strconv.Atoi(answer.Header.Get("Retry-After"))
	if err != nil || seconds < 1 || seconds > atMost {
		t.Errorf("Retry-After is %q, want seconds up to %d", answer.Header.Get("Retry-After"), atMost)
	}
}

func TestSigningIn_isLimitedWithoutAnyConfiguration(t *testing.T) {
	s := newSchool(t)
	perMinute := config.Default().Limits.LoginsPerMinute
	for range perMinute + 1 {
		answer := signIn(s, "personne@ecole.example", "guessed")
		if answer.StatusCode == 429 {
			retryAfter(t, answer, 60)
			s.Get(s.claire, "/api/messagerie/me/").OK(200) // who is in, stays in
			return
		}
		answer.Refused(400, protocol.CodeInvalidRequest)
	}
	t.Errorf("%d passwords may be guessed in a minute", perMinute+1)
}

func TestRequests_areLimited(t *testing.T) {
	s := newSchool(t)
	settings, err := s.Settings().Clone()
	if err != nil {
		t.Fatal(err)
	}
	for i, rule := range settings.RateLimits.Rules {
		if rule.Label == "/api/" {
			settings.RateLimits.Rules[i].MaxRequests, settings.RateLimits.Rules[i].Duration = 5, 30
		}
	}
	if err := s.Save(settings); err != nil {
		t.Fatal(err)
	}
	for i := range 7 {
		answer := s.Get(s.claire, "/api/messagerie/me/")
		if answer.StatusCode == 429 {
			if i < 5 {
				t.Errorf("refused after %d", i)
			}
			retryAfter(t, answer, 30)
			return
		}
	}
	t.Error("never refused")
}
