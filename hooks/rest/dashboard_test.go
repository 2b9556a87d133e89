package rest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/apptest"
	"messagerie/hooks/config"
)

func TestDashboard_isKeptToTheAllowedAddresses(t *testing.T) {
	s := newSchool(t)
	superuser := s.Superuser()
	var file struct {
		Token string `json:"token"`
	}
	s.Do(superuser, "POST", "/api/files/token", nil).OK(200).Into(&file)
	s.Do(superuser, "POST", "/api/backups", object{"name": "school.zip"}).OK(204)
	s.trustProxy()
	s.Configure(func(settings *core.Settings) {
		settings.SuperuserIPs = []string{"192.0.2.0/24", "2001:db8::7", "127.0.0.1/32"}
	})
	from := func(address, token, method, path string, body string) *apptest.Response {
		req, err := http.NewRequest(method, s.URL+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("X-Forwarded-For", address)
		if token != "" {
			req.Header.Set("Authorization", token)
		}
		return s.Send(req)
	}
	logIn := func(password string) string {
		return fmt.Sprintf(`{"identity":"admin@ecole.example","password":%q}`, password)
	}
	const superusers = "/api/collections/_superusers/"
	for _, c := range []struct {
		token, method, path, body string
		allowed                   int
	}{
		{"", "GET", "/_/", "", 200},
		{"", "GET", "/_/extensions.js", "", 200},
		{"", "HEAD", "/_/", "", 200},
		{"", "GET", superusers + "auth-methods", "", 200},
		{"", "POST", superusers + "auth-with-password", logIn(apptest.Password), 200},
		{"", "POST", superusers + "auth-with-password", logIn("guessed"), 400},
		{"", "POST", "/api/collections/_SUPERUSERS/auth-with-password", logIn("guessed"), 400},
		{"", "POST", "/api/collections/pbc_3142635823/auth-with-password", logIn("guessed"), 400},
		{"", "POST", superusers + "request-password-reset", `{"email":"x@y.example"}`, 204},
		{"", "POST", superusers + "confirm-password-reset", `{}`, 400},
		{superuser, "POST", superusers + "auth-refresh", "", 200},
		{superuser, "GET", "/api/settings", "", 200},
		{superuser, "GET", "/api/collections/messages/records", "", 200},
		{superuser, "POST", "/api/files/token", "", 200},
		{"", "GET", "/api/backups/school.zip?token=" + file.Token, "", 200},
	} {
		if strings.Contains(c.path, "password-reset") {
			s.ConfigureMail()
		}
		for _, address := range []string{"198.51.100.1", "2001:db8::8", "nonsense, 198.51.100.1"} {
			if resp := from(address, c.token, c.method, c.path, c.body); resp.StatusCode != 403 {
				t.Errorf("%s %s from %s: status %d: %.100s", c.method, c.path, address, resp.StatusCode, resp.Body)
			}
		}
		for _, address := range []string{"192.0.2.77", "::ffff:192.0.2.77", "2001:db8::7"} {
			if resp := from(address, c.token, c.method, c.path, c.body); resp.StatusCode != c.allowed {
				t.Errorf("%s %s from %s: status %d, want %d: %.100s", c.method, c.path, address, resp.StatusCode, c.allowed, resp.Body)
			}
		}
	}
	right, wrong := from("198.51.100.1", "", "POST", superusers+"auth-with-password", logIn(apptest.Password)),
		from("198.51.100.1", "", "POST", superusers+"auth-with-password", logIn("guessed"))
	if string(right.Body) != string(wrong.Body) {
		t.Errorf("a password can be guessed: %s, %s", right.Body, wrong.Body)
	}
	// Nothing changes for people, nor for the client.
	from("198.51.100.1", "", "GET", "/", "").OK(200)
	from("198.51.100.1", s.claire.Token, "GET", "/api/messagerie/me/", "").OK(200)
	from("198.51.100.1", "", "POST", logInPath, fmt.Sprintf(`{"identity":%q,"password":%q}`, s.claire.Email, apptest.Password)).OK(200)
}

// Loaded from a file, because only then the key is known to be set.
func TestDashboard_addressesAreThoseOfTheConfiguration(t *testing.T) {
	cfg, err := config.Load(config.Source{Env: []string{"MESSAGERIE_DASHBOARD_ALLOWED_ADDRESSES=192.0.2.7,10.1.2.3/8"}, BinaryDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	s := newSchool(t, func(c *config.Config) { *c = cfg })
	if got := strings.Join(s.Settings().SuperuserIPs, " "); got != "192.0.2.7/32 10.0.0.0/8" {
		t.Errorf("the setting is %q", got)
	}
	s.Do("", "GET", "/_/", nil).OK(403)
	s.Do(s.Superuser(), "GET", "/api/settings", nil).OK(403)
}
