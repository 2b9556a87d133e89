package config

import (
	"errors"
	"net"
	"net/url"
	"regexp"
	"strings"
)

// EndSessionURL is the name of the extra setting of a provider, in PocketBase's collection of
// people, that holds its end_session_endpoint.
const EndSessionURL = "endSessionURL"

// Login is for accounts that are made by a log-in through a provider. All fields are set, or none.
type Login struct {
	CreateRole          string
	CreateEstablishment string   // its name
	CreateDomains       []string // of verified addresses, in lower case
}

// OIDC is the school's own log-in. Without a ClientID none of it is used, but ExternalSource
// and ExternalIDClaim, which also apply to one that the dashboard has.
type OIDC struct {
	Name            string // on the button; "" says "the school's account"
	ClientID        string
	ClientSecret    Secret
	Issuer          string
	AuthURL         string // this and the following win over what the issuer says
	TokenURL        string
	UserinfoURL     string
	LogoutURL       string
	ExternalSource  string
	ExternalIDClaim string
}

// Google is a log-in with Google. Both fields are set, or neither.
type Google struct {
	ClientID     string
	ClientSecret Secret
}

// Microsoft is a log-in with Microsoft. All fields are set, or none.
type Microsoft struct {
	Tenant       string
	ClientID     string
	ClientSecret Secret
}

func (c *Config) providerKeys() []key {
	l, o, g, m := &c.Login, &c.OIDC, &c.Google, &c.Microsoft
	const address = "empty, or an address that begins with https:// (http:// on this machine only)"
	return []key{
		{"login.create_role", text(&l.CreateRole, "", "empty, teacher, staff, parent or student", emptyOr(oneOf("teacher", "staff", "parent", "student"))),
			"The role of such an account. Nobody becomes an administrator by logging in.", traits{}},
		{"login.create_establishment", text(&l.CreateEstablishment, "", "empty, or 1 to 255 characters", emptyOr(shortText)),
			"The name of its establishment, as in the dashboard.", traits{}},
		{"login.create_domains", list(&l.CreateDomains, nil, "a list of domains, such as [ecole.example]", domain),
			"The domains of the addresses that may get one. The provider must have verified the address.", traits{}},

		{"oidc.name", text(&o.Name, "", "empty, or 1 to 255 characters", emptyOr(shortText)),
			"What people call it, for the button. Empty calls it the school's account.", traits{}},
		{"oidc.client_id", text(&o.ClientID, "", "any text", nil),
			"What the provider has named this server. Empty leaves the provider to the dashboard.", traits{emptyLeavesItOpen: true}},
		{"oidc.client_secret", text(&o.ClientSecret, "", "any text", nil),
			"The secret that it has given out. Better set as MESSAGERIE_OIDC_CLIENT_SECRET than here.", traits{secret: true}},
		{"oidc.issuer", text(&o.Issuer, "", address, emptyOr(webAddress)),
			"The provider's address, below which /.well-known/openid-configuration lists its endpoints.", traits{}},
		{"oidc.auth_url", text(&o.AuthURL, "", address, emptyOr(webAddress)),
			"Where people log in (authorization_endpoint). Empty takes it from the issuer, as do the next three.", traits{}},
		{"oidc.token_url", text(&o.TokenURL, "", address, emptyOr(webAddress)),
			"Where this server exchanges the code (token_endpoint).", traits{}},
		{"oidc.userinfo_url", text(&o.UserinfoURL, "", address, emptyOr(webAddress)),
			"Where this server asks who that was (userinfo_endpoint). If there is none, the ID token says it.", traits{}},
		{"oidc.logout_url", text(&o.LogoutURL, "", address, emptyOr(webAddress)),
			"Where people go after logging out here, to be logged out there as well (end_session_endpoint).", traits{}},
		{"oidc.external_source", text(&o.ExternalSource, "oidc", "1 to 255 characters", shortText),
			"The external_source of the people whose external_id the provider sends, such as that of the import they come from.", traits{}},
		{"oidc.external_id_claim", text(&o.ExternalIDClaim, "sub", "1 to 255 characters", shortText),
			"The claim that holds the external_id. It must be one that people can't change at the provider.", traits{}},

		{"google.client_id", text(&g.ClientID, "", "any text", nil),
			"The client id from the Google Cloud console. Empty leaves the provider to the dashboard.", traits{emptyLeavesItOpen: true}},
		{"google.client_secret", text(&g.ClientSecret, "", "any text", nil),
			"Its secret. Better set as MESSAGERIE_GOOGLE_CLIENT_SECRET than here.", traits{secret: true}},

		{"microsoft.tenant", text(&m.Tenant, "", "empty, or the id or domain of a tenant", emptyOr(tenant)),
			"The school's own tenant: in any other, addresses can be invented.", traits{}},
		{"microsoft.client_id", text(&m.ClientID, "", "any text", nil),
			"The application id from Microsoft Entra. Empty leaves the provider to the dashboard.", traits{emptyLeavesItOpen: true}},
		{"microsoft.client_secret", text(&m.ClientSecret, "", "any text", nil),
			"Its secret. Better set as MESSAGERIE_MICROSOFT_CLIENT_SECRET than here.", traits{secret: true}},
	}
}

// checkProviders checks that what is set of each provider is enough to use it.
func (l *loader) checkProviders(cfg Config) {
	login, o, g, m := cfg.Login, cfg.OIDC, cfg.Google, cfg.Microsoft
	const all = "is missing; allowed: all keys of the section, or none"
	some := login.CreateRole != "" || login.CreateEstablishment != "" || len(login.CreateDomains) > 0
	l.together(some && login.CreateRole == "", all, "login.create_role", "login.create_establishment", "login.create_domains")
	l.together(some && login.CreateEstablishment == "", all, "login.create_establishment", "login.create_role", "login.create_domains")
	l.together(some && len(login.CreateDomains) == 0, all, "login.create_domains", "login.create_role", "login.create_establishment")

	some = o.ClientID != "" || o.ClientSecret != "" || o.Issuer != "" || o.AuthURL != "" || o.TokenURL != ""
	l.together(some && o.ClientID == "", "is missing; the provider gives it out", "oidc.client_id", "oidc.client_secret", "oidc.issuer")
	l.together(some && o.ClientSecret == "", "is missing; the provider gives it out", "oidc.client_secret", "oidc.client_id", "oidc.issuer")
	l.together(some && o.Issuer == "" && (o.AuthURL == "" || o.TokenURL == ""),
		"is missing; allowed: an issuer, or oidc.auth_url and oidc.token_url", "oidc.issuer", "oidc.client_id", "oidc.auth_url", "oidc.token_url")

	l.together(g.ClientID != "" && g.ClientSecret == "", all, "google.client_secret", "google.client_id")
	l.together(g.ClientID == "" && g.ClientSecret != "", all, "google.client_id", "google.client_secret")

	some = m.Tenant != "" || m.ClientID != "" || m.ClientSecret != ""
	l.together(some && m.Tenant == "", all, "microsoft.tenant", "microsoft.client_id", "microsoft.client_secret")
	l.together(some && m.ClientID == "", all, "microsoft.client_id", "microsoft.tenant", "microsoft.client_secret")
	l.together(some && m.ClientSecret == "", all, "microsoft.client_secret", "microsoft.tenant", "microsoft.client_id")
}

// webAddress is one that codes and tokens are sent to: nobody may listen on the way.
func webAddress(s string) (string, error) {
	u, err := url.Parse(s)
	switch {
	case err != nil, u.Host == "", u.Scheme != "https" && u.Scheme != "http":
		return "", errors.New("is not the address of a web page")
	case u.User != nil:
		return "", errors.New("must not hold a user name or password")
	case u.Scheme == "http" && !isThisMachine(u.Hostname()):
		return "", errors.New("isn't encrypted")
	}
	return s, nil
}

func isThisMachine(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func domain(s string) (string, error) {
	s = strings.ToLower(strings.TrimPrefix(s, "@"))
	if !hostPattern.MatchString(s) || !strings.Contains(s, ".") {
		return "", errors.New("is not a domain")
	}
	return s, nil
}

var tenantPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.-]*$`)

func tenant(s string) (string, error) {
	switch strings.ToLower(s) {
	case "common", "organizations", "consumers":
		return "", errors.New("means every tenant, in which addresses can be invented")
	}
	if !tenantPattern.MatchString(s) {
		return "", errors.New("is not the id or domain of a tenant")
	}
	return s, nil
}
