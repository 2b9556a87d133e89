// Command oidcserver is a real OpenID Connect provider for browser tests: with a log-in page, a session in a cookie, and
// a log-out page. It prints how to reach it, as JSON, and ends with its standard input.
//
//	oidcserver claire.martin@demo.example personne@ailleurs.example
package main

import (
	"encoding/json"
	"html/template"
	"io"
	"log"
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/oauth2-proxy/mockoidc"
)

const session = "oidcserver_account"

var page = template.Must(template.New("log-in").Parse(`<!doctype html><html lang="fr"><title>Compte du collège</title>
<h1>Compte du collège</h1>{{range .Accounts}}<p><a href="{{$.Address}}&amp;account={{.}}">{{.}}</a></p>{{end}}`))

func main() {
	log.SetFlags(0)
	accounts := os.Args[1:] // addresses, which the provider has verified
	provider, err := mockoidc.Run()
	if err != nil {
		log.Fatal(err)
	}
	provider.Server.Handler = withSessions(provider, provider.Server.Handler, accounts)
	err = json.NewEncoder(os.Stdout).Encode(map[string]string{
		"issuer": provider.Issuer(), "client_id": provider.ClientID, "client_secret": provider.ClientSecret,
		"logout_url": provider.Addr() + "/logout",
	})
	if err != nil {
		log.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, os.Stdin) // until the process that started it has ended
}

// person says in its user info as well that its address is verified, as providers do.
type person struct{ *mockoidc.MockUser }

func (p person) Userinfo([]string) ([]byte, error) {
	return json.Marshal(map[string]any{"sub": p.Subject, "email": p.Email, "email_verified": p.EmailVerified})
}

// withSessions asks who it is before the provider gives a code, once in each browser.
func withSessions(provider *mockoidc.MockOIDC, next http.Handler, accounts []string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/logout":
			http.SetCookie(w, &http.Cookie{Name: session, Path: "/", MaxAge: -1})
			http.Redirect(w, r, r.URL.Query().Get("post_logout_redirect_uri"), http.StatusFound)
			return
		case strings.HasSuffix(r.URL.Path, "/authorize"):
			account := r.URL.Query().Get("account")
			if known, err := r.Cookie(session); err == nil && account == "" {
				account = known.Value
			}
			if !slices.Contains(accounts, account) {
				w.Header().Set("Content-Type", "text/html; charset=utf-8")
				_ = page.Execute(w, map[string]any{"Address": template.URL(r.URL.String()), "Accounts": accounts})
				return
			}
			http.SetCookie(w, &http.Cookie{Name: session, Value: account, Path: "/", HttpOnly: true})
			provider.QueueUser(person{&mockoidc.MockUser{Subject: account, Email: account, EmailVerified: true}})
		}
		next.ServeHTTP(w, r)
	})
}
