package ops_test

import (
	"net"
	"net/http"
	"testing"

	"github.com/oauth2-proxy/mockoidc"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/apptest"
	"messagerie/hooks/config"
)

const issuerPath = "/oidc" // where mockoidc has everything

func oidcOf(t *testing.T, issuer string, more ...string) func(*config.Config) {
	t.Helper()
	return named(t, append([]string{"MESSAGERIE_OIDC_ISSUER=" + issuer, "MESSAGERIE_OIDC_CLIENT_ID=messagerie",
		"MESSAGERIE_OIDC_CLIENT_SECRET=secret", "MESSAGERIE_OIDC_NAME=ENT"}, more...)...)
}

// listen reserves a local address at which nothing responds yet.
func listen(t *testing.T) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return listener
}

// serveIssuer starts an OIDC server.
func serveIssuer(t *testing.T, listener net.Listener) {
	t.Helper()
	server, err := mockoidc.NewServer(nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(listener, nil); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Shutdown(); err != nil {
			t.Error(err)
		}
	})
}

func provider(t *testing.T, app *apptest.App, name string) (core.OAuth2ProviderConfig, bool) {
	t.Helper()
	users, err := app.FindCollectionByNameOrId("users")
	if err != nil {
		t.Fatal(err)
	}
	found, ok := users.OAuth2.GetProviderConfig(name)
	return found, ok && users.OAuth2.Enabled
}

// runCron runs a job as the clock would.
func runCron(t *testing.T, app *apptest.App, id string) {
	t.Helper()
	for _, job := range app.Cron().Jobs() {
		if job.Id() == id {
			job.Run()
			return
		}
	}
	t.Fatalf("there is no job %s", id)
}

func TestProviders_takeTheirEndpointsFromTheIssuer(t *testing.T) {
	listener := listen(t)
	issuer := "http://" + listener.Addr().String() + issuerPath
	serveIssuer(t, listener)
	app := apptest.New(t, oidcOf(t, issuer, "MESSAGERIE_OIDC_LOGOUT_URL=https://ent.example/logout"))
	got, ok := provider(t, app, "oidc")
	if !ok || got.DisplayName != "ENT" || got.ClientId != "messagerie" || got.ClientSecret != "secret" ||
		got.AuthURL != issuer+"/authorize" || got.TokenURL != issuer+"/token" || got.UserInfoURL != issuer+"/userinfo" ||
		got.Extra[config.EndSessionURL] != "https://ent.example/logout" || got.Extra["jwksURL"] != issuer+"/.well-known/jwks.json" {
		t.Errorf("it is %+v", got)
	}
}

// A school writes on when its provider is down. The last known endpoints stay, and are replaced
// once it is back.
func TestProviders_waitForAnIssuerThatIsDown(t *testing.T) {
	listener := listen(t)
	address := listener.Addr().String()
	listener.Close()
	given := oidcOf(t, "http://"+address+issuerPath)
	app := apptest.New(t, given)
	if _, ok := provider(t, app, "oidc"); ok {
		t.Error("it is there already")
	}
	app.Do("", "GET", "/api/messagerie/school/", nil).OK(200)
	again, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	server := http.Server{Handler: http.NotFoundHandler()}
	go func() { _ = server.Serve(again) }()
	runCron(t, app, "messagerieLoginProvider")
	if _, ok := provider(t, app, "oidc"); ok {
		t.Error("it is there although its endpoints aren't known")
	}
	server.Close()
	if again, err = net.Listen("tcp", address); err != nil {
		t.Fatal(err)
	}
	serveIssuer(t, again)
	runCron(t, app, "messagerieLoginProvider")
	if got, ok := provider(t, app, "oidc"); !ok || got.TokenURL != "http://"+address+issuerPath+"/token" {
		t.Errorf("it is %+v", got)
	}
}

func TestProviders_refuseAnIssuerByAnotherName(t *testing.T) {
	listener := listen(t)
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	serveIssuer(t, listener)
	app := apptest.New(t, oidcOf(t, "http://localhost:"+port+issuerPath)) // it calls itself 127.0.0.1
	if got, ok := provider(t, app, "oidc"); ok {
		t.Errorf("it is %+v", got)
	}
}

func TestProviders_namedInTheConfigurationWinOthersAreTheDashboards(t *testing.T) {
	given := named(t, "MESSAGERIE_OIDC_CLIENT_ID=messagerie", "MESSAGERIE_OIDC_CLIENT_SECRET=secret",
		"MESSAGERIE_OIDC_AUTH_URL=https://ent.example/authorize", "MESSAGERIE_OIDC_TOKEN_URL=https://ent.example/token",
		"MESSAGERIE_MICROSOFT_TENANT=ecole.example", "MESSAGERIE_MICROSOFT_CLIENT_ID=m", "MESSAGERIE_MICROSOFT_CLIENT_SECRET=s")
	app := apptest.New(t, given)
	users, err := app.FindCollectionByNameOrId("users")
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range users.OAuth2.Providers {
		if p.Name == "oidc" {
			users.OAuth2.Providers[i].ClientId = "another"
		}
	}
	users.OAuth2.Providers = append(users.OAuth2.Providers,
		core.OAuth2ProviderConfig{Name: "google", ClientId: "g", ClientSecret: "s"})
	if err := app.Save(users); err != nil {
		t.Fatal(err)
	}
	app.Stop()

	app = apptest.Open(t, app.Dir, given)
	if got, _ := provider(t, app, "oidc"); got.ClientId != "messagerie" || got.AuthURL != "https://ent.example/authorize" {
		t.Errorf("the named one is %+v", got)
	}
	if got, _ := provider(t, app, "google"); got.ClientId != "g" {
		t.Errorf("the dashboard's is %+v", got)
	}
	if got, _ := provider(t, app, "microsoft"); got.TokenURL != "https://login.microsoftonline.com/ecole.example/oauth2/v2.0/token" {
		t.Errorf("Microsoft's is %+v", got)
	}
}
