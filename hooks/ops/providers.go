package ops

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/config"
	"messagerie/hooks/store"
)

// BindProviders writes the providers of the log-in page that the configuration sets into the
// collection of people at each start. Where the issuer names the endpoints but can't be reached,
// the provider stays as it was, and the issuer is asked again each minute.
func BindProviders(app core.App, st *store.Store, cfg config.Config) {
	var isDone atomic.Bool
	onLead(app, st, func(app core.App) error {
		if err := applyProviders(app, fixedProviders(cfg)...); err != nil {
			return err
		}
		if cfg.Named("oidc.client_id") {
			isDone.Store(discover(app, cfg.OIDC))
		}
		return nil
	})
	if cfg.Named("oidc.client_id") {
		app.Cron().MustAdd("messagerieLoginProvider", "* * * * *", func() {
			if st.Leads() && !isDone.Load() {
				isDone.Store(discover(app, cfg.OIDC))
			}
		})
	}
}

// fixedProviders are those whose endpoints are known.
func fixedProviders(cfg config.Config) []core.OAuth2ProviderConfig {
	var list []core.OAuth2ProviderConfig
	if cfg.Named("google.client_id") {
		list = append(list, core.OAuth2ProviderConfig{Name: "google",
			ClientId: cfg.Google.ClientID, ClientSecret: string(cfg.Google.ClientSecret)})
	}
	if cfg.Named("microsoft.client_id") {
		tenant := "https://login.microsoftonline.com/" + cfg.Microsoft.Tenant + "/oauth2/v2.0"
		list = append(list, core.OAuth2ProviderConfig{Name: "microsoft",
			ClientId: cfg.Microsoft.ClientID, ClientSecret: string(cfg.Microsoft.ClientSecret),
			AuthURL: tenant + "/authorize", TokenURL: tenant + "/token",
			Extra: map[string]any{config.EndSessionURL: tenant + "/logout"}})
	}
	return list
}

// discover sets up the school's own provider, and reports whether that needn't be tried again.
func discover(app core.App, oidc config.OIDC) bool {
	provider, err := oidcProvider(oidc)
	if err == nil {
		err = applyProviders(app, provider)
	}
	if err != nil {
		app.Logger().Warn("The school's log-in can't be set up: trying again in a minute.", "issuer", oidc.Issuer, "error", err.Error())
		return false
	}
	return true
}

// endpoints are what this server needs of an issuer's metadata (OpenID Connect Discovery 1.0, 3).
type endpoints struct {
	Issuer        string `json:"issuer"`
	Authorization string `json:"authorization_endpoint"`
	Token         string `json:"token_endpoint"`
	Userinfo      string `json:"userinfo_endpoint"`
	EndSession    string `json:"end_session_endpoint"`
	Keys          string `json:"jwks_uri"`
}

// oidcProvider asks the issuer for the endpoints that the configuration doesn't name.
func oidcProvider(oidc config.OIDC) (core.OAuth2ProviderConfig, error) {
	var known endpoints
	if oidc.Issuer != "" {
		var err error
		if known, err = fetchEndpoints(oidc.Issuer); err != nil {
			return core.OAuth2ProviderConfig{}, err
		}
	}
	extra := map[string]any{}
	for name, value := range map[string]string{"jwksURL": known.Keys, config.EndSessionURL: or(oidc.LogoutURL, known.EndSession)} {
		if value != "" {
			extra[name] = value
		}
	}
	if known.Issuer != "" {
		extra["issuers"] = []string{known.Issuer}
	}
	return core.OAuth2ProviderConfig{Name: "oidc", DisplayName: oidc.Name,
		ClientId: oidc.ClientID, ClientSecret: string(oidc.ClientSecret),
		AuthURL: or(oidc.AuthURL, known.Authorization), TokenURL: or(oidc.TokenURL, known.Token),
		UserInfoURL: or(oidc.UserinfoURL, known.Userinfo), Extra: extra}, nil
}

func or(set, known string) string {
	if set != "" {
		return set
	}
	return known
}

const (
	discoveryTimeout = 5 * time.Second // the start waits for it
	discoveryBytes   = 1 << 20
)

func fetchEndpoints(issuer string) (endpoints, error) {
	ctx, cancel := context.WithTimeout(context.Background(), discoveryTimeout)
	defer cancel()
	address := strings.TrimSuffix(issuer, "/") + "/.well-known/openid-configuration"
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return endpoints{}, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return endpoints{}, fmt.Errorf("ask the issuer: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return endpoints{}, fmt.Errorf("ask the issuer: %s", resp.Status)
	}
	var found endpoints
	if err := json.NewDecoder(io.LimitReader(resp.Body, discoveryBytes)).Decode(&found); err != nil {
		return endpoints{}, fmt.Errorf("read the issuer's endpoints: %w", err)
	}
	if strings.TrimSuffix(found.Issuer, "/") != strings.TrimSuffix(issuer, "/") {
		return endpoints{}, fmt.Errorf("the issuer calls itself %q", found.Issuer)
	}
	if found.Authorization == "" || found.Token == "" {
		return endpoints{}, errors.New("the issuer has no authorization_endpoint or no token_endpoint")
	}
	return found, nil
}

// applyProviders adds providers to the collection of people, or replaces those of the same name.
func applyProviders(app core.App, list ...core.OAuth2ProviderConfig) error {
	if len(list) == 0 {
		return nil
	}
	users, err := app.FindCollectionByNameOrId("users")
	if err != nil {
		return err
	}
	before, err := json.Marshal(users.OAuth2)
	if err != nil {
		return err
	}
	users.OAuth2.Enabled = true
	for _, provider := range list {
		i := slices.IndexFunc(users.OAuth2.Providers, func(p core.OAuth2ProviderConfig) bool { return p.Name == provider.Name })
		if i < 0 {
			users.OAuth2.Providers = append(users.OAuth2.Providers, provider)
		} else {
			users.OAuth2.Providers[i] = provider
		}
	}
	after, err := json.Marshal(users.OAuth2)
	if err != nil || bytes.Equal(before, after) {
		return err
	}
	if err := app.Save(users); err != nil {
		return fmt.Errorf("write the log-in providers into the collection of people: %w", err)
	}
	return nil
}
