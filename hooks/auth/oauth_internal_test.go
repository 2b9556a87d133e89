package auth

import (
	"testing"

	oauth "github.com/pocketbase/pocketbase/tools/auth"
)

// In a Microsoft tenant of their own, anybody can have anybody's address.
func TestAddress_ofMicrosoftCountsInTheSchoolsTenantOnly(t *testing.T) {
	const base = "https://login.microsoftonline.com/"
	for name, c := range map[string]struct {
		authURL, tokenURL, claim string
		want                     bool
	}{
		"PocketBase's default": {"", "", "", false},
		"every tenant":         {base + "common/oauth2/v2.0/authorize", base + "common/oauth2/v2.0/token", "", false},
		"every organization":   {base + "Organizations/oauth2/v2.0/authorize", base + "ecole.example/oauth2/v2.0/token", "", false},
		"tokens of any tenant": {base + "ecole.example/oauth2/v2.0/authorize", base + "common/oauth2/v2.0/token", "", false},
		"the school's own":     {base + "ecole.example/oauth2/v2.0/authorize", base + "ecole.example/oauth2/v2.0/token", "", true},
		"a claim of anybody's": {"", "", "email", false},
		"a verified claim":     {"", "", "verified_primary_email", true},
	} {
		client := oauth.NewMicrosoftProvider()
		if c.authURL != "" {
			client.SetAuthURL(c.authURL)
			client.SetTokenURL(c.tokenURL)
		}
		client.SetExtra(map[string]any{"idTokenEmailClaim": c.claim})
		if got := vouchesForAddresses("microsoft", client); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
