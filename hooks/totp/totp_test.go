package totp

import (
	"net/url"
	"testing"
	"time"
)

// The vectors of RFC 6238, appendix B, for SHA-1: the last six of their eight digits.
var vectors = map[int64]string{
	59:          "287082",
	1111111109:  "081804",
	1111111111:  "050471",
	1234567890:  "005924",
	2000000000:  "279037",
	20000000000: "353130",
}

// reference is the secret of the RFC, "12345678901234567890".
var reference = encoding.EncodeToString([]byte("12345678901234567890"))

func TestAt_agreesWithTheVectorsOfTheRFC(t *testing.T) {
	for seconds, want := range vectors {
		if got, err := At(reference, time.Unix(seconds, 0)); err != nil || got != want {
			t.Errorf("at %d: %s, %v, want %s", seconds, got, err, want)
		}
	}
}

func TestMatch_acceptsOneStepBeforeAndAfter(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	for offset, want := range map[time.Duration]bool{-61: false, -30: true, 0: true, 30: true, 61: false} {
		code, err := At(reference, now.Add(offset*time.Second))
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := Match(reference, code, now, 0); ok != want {
			t.Errorf("a code %d s away: %v, want %v", offset, ok, want)
		}
	}
}

func TestMatch_acceptsACodeOnce(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	code, err := At(reference, now)
	if err != nil {
		t.Fatal(err)
	}
	used, ok := Match(reference, code, now, 0)
	if !ok {
		t.Fatal("the first use was refused")
	}
	if _, ok := Match(reference, code, now, used); ok {
		t.Error("it was accepted again")
	}
	before, err := At(reference, now.Add(-30*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := Match(reference, before, now, used); ok {
		t.Error("an older one was accepted afterwards")
	}
}

func TestMatch_refusesWhatIsNoCode(t *testing.T) {
	for _, code := range []string{"", "0", "1234567", "abcdef", "١٢٣"} {
		if _, ok := Match(reference, code, time.Unix(59, 0), 0); ok {
			t.Errorf("%q was accepted", code)
		}
	}
	if _, ok := Match("not base32!", "287082", time.Unix(59, 0), 0); ok {
		t.Error("a code without a secret was accepted")
	}
}

func TestURI_carriesNamesWithSpacesAndAccents(t *testing.T) {
	secret := NewSecret()
	if len(secret) != 32 || secret == NewSecret() {
		t.Fatalf("the secret is %q", secret)
	}
	uri, err := url.Parse(URI(secret, "Collège Jean Moulin", "claire@ecole.example"))
	if err != nil {
		t.Fatal(err)
	}
	if uri.Scheme != "otpauth" || uri.Host != "totp" || uri.Path != "/Collège Jean Moulin:claire@ecole.example" {
		t.Errorf("the address is %s", uri)
	}
	if query := uri.Query(); query.Get("secret") != secret || query.Get("issuer") != "Collège Jean Moulin" {
		t.Errorf("its query is %v", query)
	}
}
