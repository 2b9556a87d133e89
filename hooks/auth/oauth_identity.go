package auth

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	oauth "github.com/pocketbase/pocketbase/tools/auth"

	"messagerie/hooks/config"
)

// identity is what a provider says about somebody who has logged in there.
type identity struct {
	provider   string
	subject    string // the provider's own id, which never changes
	email      string // "" if it isn't verified
	source     string // external_source and external_id of the person here
	externalID string
	firstName  string
	lastName   string
}

func (p *providers) identify(e *core.RecordAuthWithOAuth2RequestEvent) identity {
	user := e.OAuth2User
	who := identity{provider: e.ProviderName, subject: user.Id, source: e.ProviderName, externalID: user.Id}
	if vouchesForAddresses(e.ProviderName, e.ProviderClient) {
		who.email = strings.TrimSpace(user.Email)
	}
	if e.ProviderName == oauth.NameOIDC {
		who.source, who.externalID = p.oidc.ExternalSource, claim(user, p.oidc.ExternalIDClaim)
	}
	who.firstName, who.lastName = claim(user, "given_name", "givenName"), claim(user, "family_name", "surname")
	if who.lastName == "" {
		who.firstName, who.lastName = "", user.Name
	}
	if who.lastName == "" {
		who.lastName, _, _ = strings.Cut(who.email, "@")
	}
	return who
}

// vouchesForAddresses reports whether PocketBase's email of a user is one that the provider has
// verified. Google and OIDC say so themselves (email_verified). In a Microsoft tenant it is up to
// the tenant's administrators: those of the school's own can be trusted, but anybody can have a
// tenant, and write somebody else's address there.
func vouchesForAddresses(name string, client oauth.Provider) bool {
	if name != oauth.NameMicrosoft {
		return true
	}
	switch client.Extra()["idTokenEmailClaim"] {
	case "any_verified", "verified_primary_email", "email_and_xms_edov": // Microsoft's own claims that it is verified
		return true
	}
	for _, address := range []string{client.AuthURL(), client.TokenURL()} {
		u, err := url.Parse(address)
		if err != nil {
			return false
		}
		tenant, _, _ := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
		switch strings.ToLower(tenant) {
		case "", "common", "organizations", "consumers":
			return false
		}
	}
	return true
}

// claim returns the first of the claims that is there, as text.
func claim(user *oauth.AuthUser, names ...string) string {
	for _, name := range names {
		switch value := user.RawUser[name].(type) {
		case string:
			if value = strings.TrimSpace(value); value != "" {
				return value
			}
		case float64: // ids of some providers are numbers
			return strconv.FormatFloat(value, 'f', -1, 64)
		}
	}
	return ""
}

// logoutURL is where the person logs out at the provider (OpenID Connect RP-Initiated Logout 1.0).
func logoutURL(e *core.RecordAuthWithOAuth2RequestEvent) string {
	address, _ := e.ProviderClient.Extra()[config.EndSessionURL].(string)
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	query := u.Query()
	query.Set("client_id", e.ProviderClient.ClientId())
	if token := claim(e.OAuth2User, idTokenKey); token != "" {
		query.Set("id_token_hint", token)
	}
	u.RawQuery = query.Encode()
	return u.String()
}
