package rest_test

import (
	"strconv"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
)

// retryAfter makes sure that a request is refused with a Retry-After.
func retryAfter(t *testing.T, resp *apptest.Response, atMost int) {
	t.Helper()
	resp.Refused(429, protocol.CodeTooManyRequests)
	seconds, err := strconv.Atoi(resp.Header.Get("Retry-After"))
	if err != nil || seconds < 1 || seconds > atMost {
		t.Errorf("Retry-After is %q, want seconds up to %d", resp.Header.Get("Retry-After"), atMost)
	}
}

func TestRequests_areLimitedByPerson(t *testing.T) {
	s := newSchool(t, func(c *config.Config) { c.Limits.RequestsBurst, c.Limits.RequestsPerSecond = 5, 1 })
	for i := range 5 {
		path := "/api/messagerie/me/"
		if i%2 == 1 {
			path = "/api/messagerie/me"
		}
		s.Get(s.claire, path).OK(200)
	}
	retryAfter(t, s.Get(s.claire, "/api/messagerie/me/"), 1)
	retryAfter(t, s.Get(s.claire, conversationsPath(s.claire)), 1)
	retryAfter(t, s.Do(s.claire.Token, "GET", "/api/health", nil), 1)
	s.Get(s.jerome, "/api/messagerie/me/").OK(200) // behind the same address
	s.Do("", "GET", "/api/health", nil).OK(200)
	admin := s.Superuser()
	for range 20 {
		s.Do(admin, "GET", "/api/collections/users/records", nil).OK(200)
	}
}

// Twenty pages of two hundred messages leave as many requests as eighty of fifty would.
func TestPages_costAsManyRequestsAsTheyAreLong(t *testing.T) {
	s := newSchool(t, func(c *config.Config) { c.Limits.RequestsBurst, c.Limits.RequestsPerSecond = 100, 1 })
	for range 20 {
		s.Get(s.claire, messagesPath(s.conversation)+"?limit=200").OK(200)
	}
	left := 0
	for left <= 60 && s.Get(s.claire, messagesPath(s.conversation)).StatusCode == 200 {
		left++
	}
	if left > 60 { // twenty, and one a second meanwhile
		t.Errorf("%d more are served", left)
	}
}

func TestVisitors_areLimitedByAddressAndKindOfRequest(t *testing.T) {
	s := newSchool(t, func(c *config.Config) { c.Limits.VisitorRequestsPerMinute = 6 })
	flood := func(path string, status int) {
		t.Helper()
		for range 6 {
			s.Do("", "GET", path, nil).OK(status)
		}
		retryAfter(t, s.Do("", "GET", path, nil), 10)
	}
	flood("/api/health", 200)
	flood("/api/nothing", 404)
	retryAfter(t, s.Do("", "GET", "/api/other", nil), 10) // all unknown paths are one kind
	flood("/api/messagerie/me/", 401)
	retryAfter(t, s.Do("", "GET", "/api/messagerie/me", nil), 10) // with or without the slash is the same
	retryAfter(t, s.Do("forged", "GET", "/api/messagerie/me", nil), 10)
	s.Do("", "GET", "/api/messagerie/school/", nil).OK(200)
	s.Get(s.claire, "/api/messagerie/me/").OK(200)
	signIn(s, s.jerome.Email, apptest.Password).OK(200)
	for range 20 { // the page itself isn't counted
		s.Do("", "GET", "/", nil).OK(200)
	}
}

func TestVisitors_areCountedByTheAddressThatAProxyGives(t *testing.T) {
	s := newSchool(t, func(c *config.Config) { c.Limits.VisitorRequestsPerMinute = 1 })
	s.trustProxy()
	s.from("192.0.2.1", "GET", "/api/health", nil).OK(200)
	s.from("192.0.2.1", "GET", "/api/health", nil).OK(429)
	s.from("192.0.2.2", "GET", "/api/health", nil).OK(200)
	s.from("2001:db8::1", "GET", "/api/health", nil).OK(200)
	s.from("2001:db8::2:3:4:5", "GET", "/api/health", nil).OK(429) // the same /64
	s.from("2001:db8:0:1::1", "GET", "/api/health", nil).OK(200)
	s.from("::ffff:192.0.2.2", "GET", "/api/health", nil).OK(429)
}

func TestSockets_thatAreOpenedTooOftenAreRefusedWithRetryAfter(t *testing.T) {
	s := newSchool(t)
	path := "/ws/chat/" + s.claire.ID.String() + "/"
	for range 40 {
		socket, resp, err := s.TryDial(s.claire, path, nil)
		if err == nil {
			socket.Conn.Close()
			continue
		}
		if resp.StatusCode != 429 {
			t.Fatalf("refused with %d", resp.StatusCode)
		}
		if pause := resp.Header.Get("Retry-After"); pause != "1" && pause != "10" { // 10: ten are still open
			t.Errorf("Retry-After is %q", pause)
		}
		if resp.Header.Get("Retry-After") == "1" {
			return
		}
	}
	t.Error("never refused")
}

func TestRateLimits_ofPocketBaseCantBeTurnedOn(t *testing.T) {
	s := newSchool(t)
	admin := s.Superuser()
	rules := []object{{"label": "/api/", "maxRequests": 10, "duration": 10}}
	s.Do(admin, "PATCH", "/api/settings", object{"rateLimits": object{"enabled": true, "rules": rules}}).OK(400)
	s.Do(admin, "PATCH", "/api/settings", object{"rateLimits": object{"enabled": false}, "meta": object{"appName": "Mon école"}}).OK(200)
	if s.Settings().RateLimits.Enabled {
		t.Error("they are on")
	}
}
