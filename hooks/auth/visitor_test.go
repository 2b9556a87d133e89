package auth_test

import (
	"net/http"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/apptest"
)

// What the server takes for the visitor's address behind a proxy that it trusts, 127.0.0.1
// being the proxy itself.
func TestVisitor_hasTheAddressThatTheProxyPasses(t *testing.T) {
	app := apptest.New(t)
	admin := app.Superuser()
	const v6 = "2001:0db8:0000:0000:0000:0000:0000:0001"
	for _, c := range []struct {
		lines               []string
		rightmost, leftmost string
	}{
		{nil, "127.0.0.1", "127.0.0.1"},
		{[]string{"203.0.113.9"}, "203.0.113.9", "203.0.113.9"},
		{[]string{"203.0.113.9:51234"}, "203.0.113.9", "203.0.113.9"},
		{[]string{" 203.0.113.9 "}, "203.0.113.9", "203.0.113.9"},
		{[]string{"::ffff:203.0.113.9"}, "203.0.113.9", "203.0.113.9"},
		{[]string{"2001:db8::1"}, v6, v6},
		{[]string{"[2001:db8::1]"}, v6, v6},
		{[]string{"[2001:db8::1]:443"}, v6, v6},
		{[]string{`"[2001:db8::1]:443"`}, v6, v6},
		{[]string{"6.6.6.6, 203.0.113.9"}, "203.0.113.9", "6.6.6.6"},
		{[]string{"6.6.6.6,203.0.113.9:51234"}, "203.0.113.9", "6.6.6.6"},
		{[]string{"6.6.6.6:1 ,\t[2001:db8::1]:443"}, v6, "6.6.6.6"},
		{[]string{"6.6.6.6", "203.0.113.9"}, "203.0.113.9", "6.6.6.6"},
		{[]string{"6.6.6.6:9, 7.7.7.7", "203.0.113.9:51234"}, "203.0.113.9", "6.6.6.6"},
		{[]string{"203.0.113.9", ""}, "203.0.113.9", "203.0.113.9"},
		{[]string{"203.0.113.9,"}, "203.0.113.9", "203.0.113.9"},
		{[]string{""}, "127.0.0.1", "127.0.0.1"},
		{[]string{"6.6.6.6, unknown"}, "127.0.0.1", "6.6.6.6"}, // the proxy doesn't know: what the visitor sent doesn't count
		{[]string{"unknown, 203.0.113.9"}, "203.0.113.9", "203.0.113.9"},
		{[]string{"203.0.113.9.evil.example"}, "127.0.0.1", "127.0.0.1"},
		{[]string{"203.0.113.9:51234:1"}, "127.0.0.1", "127.0.0.1"},
	} {
		for leftmost, want := range map[bool]string{false: c.rightmost, true: c.leftmost} {
			app.Configure(func(settings *core.Settings) {
				settings.TrustedProxy.Headers, settings.TrustedProxy.UseLeftmostIP = []string{"X-Forwarded-For"}, leftmost
			})
			req, err := http.NewRequest("GET", app.URL+"/api/health", nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Authorization", admin)
			req.Header["X-Forwarded-For"] = c.lines
			var health struct {
				Data struct {
					RealIP string `json:"realIP"`
				} `json:"data"`
			}
			if app.Send(req).OK(200).Into(&health); health.Data.RealIP != want {
				t.Errorf("%q, leftmost %v: %s, want %s", c.lines, leftmost, health.Data.RealIP, want)
			}
		}
	}
}
