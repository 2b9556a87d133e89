package auth

import (
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
)

// providerNames are the providers that people may log in with, in the order of their buttons.
// oidc2 and oidc3 can only be set in the dashboard.
var providerNames = []string{"oidc", "oidc2", "oidc3", "google", "microsoft"}

var errUnknownAccount = refusal.New(protocol.CodeUnknownAccount,
	"Nobody here has the address or the external id of this account: ask the school.")

// providers let people of the school in with accounts that they have elsewhere.
type providers struct {
	app    core.App
	oidc   config.OIDC
	create config.Login
}

// BindProviders decides who gets in through PocketBase's OAuth2. PocketBase would also link any
// account to the person whose token comes along, give people whose address isn't verified
// another password, and create accounts for everybody else.
func BindProviders(app core.App, cfg config.Config) {
	p := &providers{app: app, oidc: cfg.OIDC, create: cfg.Login}
	const innermost = 10_000
	app.OnRecordAuthWithOAuth2Request().Bind(&hook.Handler[*core.RecordAuthWithOAuth2RequestEvent]{
		Priority: innermost, Func: p.logIn})
	limits := newExchanges(cfg.Limits)
	app.OnServe().BindFunc(func(se *core.ServeEvent) error {
		se.Router.Bind(limits.limit())
		return se.Next()
	})
}

// Providers lists those that are set up.
func Providers(app core.App) ([]protocol.LoginProvider, error) {
	users, err := app.FindCachedCollectionByNameOrId("users")
	if err != nil {
		return nil, err
	}
	list := []protocol.LoginProvider{}
	if !users.OAuth2.Enabled {
		return list, nil
	}
	for _, name := range providerNames {
		provider, ok := users.OAuth2.GetProviderConfig(name)
		if !ok {
			continue
		}
		label := provider.DisplayName
		switch {
		case label != "" || strings.HasPrefix(name, "oidc"): // PocketBase would call it "OIDC"
		case name == "google":
			label = "Google"
		default:
			label = "Microsoft"
		}
		list = append(list, protocol.LoginProvider{Name: name, DisplayName: label})
	}
	return list, nil
}

// logIn takes the place of PocketBase's own handler, which isn't called.
func (p *providers) logIn(e *core.RecordAuthWithOAuth2RequestEvent) error {
	if e.Collection.Name != "users" || !slices.Contains(providerNames, e.ProviderName) {
		return refusal.Forbidden
	}
	who := p.identify(e)
	if who.subject == "" {
		return errUnknownAccount
	}
	record, isNew, err := p.admit(e.App, e.Collection, who)
	if err != nil {
		return err
	}
	e.Record, e.IsNewRecord = record, isNew
	// This is also where disabled people are refused, in the same words as with a password.
	return apis.RecordAuthResponse(e.RequestEvent, record, core.MFAMethodOAuth2,
		protocol.ProviderLogin{LogoutURL: logoutURL(e)})
}
