package auth

import (
	"errors"

	"github.com/golang-jwt/jwt/v5"
	oauth "github.com/pocketbase/pocketbase/tools/auth"
	"golang.org/x/oauth2"
)

// idTokenKey is where the raw data of an OIDC user hold the ID token, which the provider wants to
// see again at the log-out. No claim is called so.
const idTokenKey = "messagerie:id_token"

func init() {
	for _, name := range []string{"oidc", "oidc2", "oidc3"} {
		oauth.Providers[name] = func() oauth.Provider { return oidcProvider{oauth.NewOIDCProvider()} }
	}
}

// oidcProvider is PocketBase's client of OpenID Connect, which keeps the ID token.
type oidcProvider struct{ *oauth.OIDC }

// FetchAuthUser implements oauth.Provider.
func (p oidcProvider) FetchAuthUser(token *oauth2.Token) (*oauth.AuthUser, error) {
	idToken, _ := token.Extra("id_token").(string)
	if idToken == "" && p.UserInfoURL() == "" {
		return nil, errors.New("the provider has sent no ID token")
	}
	user, err := p.OIDC.FetchAuthUser(token)
	if err != nil || idToken == "" {
		return user, err
	}
	// It comes straight from the provider, as does the access token (OpenID Connect Core 1.0, 3.1.3.7).
	var claims jwt.RegisteredClaims
	if _, _, err := jwt.NewParser().ParseUnverified(idToken, &claims); err != nil {
		return nil, err
	}
	if claims.Subject != user.Id { // 5.3.2: then the rest must not be used
		return nil, errors.New("the user info is of somebody else than the ID token")
	}
	user.RawUser[idTokenKey] = idToken
	return user, nil
}
