// Package totp checks the codes of authenticator apps: RFC 6238 with what all apps support, HMAC-SHA-1, six digits and
// steps of thirty seconds.
package totp

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // the hash that apps use; HMAC doesn't need its collision resistance (RFC 6238, 1.2)
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/url"
	"strings"
	"time"
)

const (
	step        = 30 * time.Second
	digits      = 6
	modulus     = 1_000_000 // 10^digits
	secretBytes = 20        // the length of the hash, as RFC 4226 (4, R6) recommends
	drift       = 1         // steps that the clock of a phone may be off (RFC 6238, 5.2)
)

var encoding = base32.StdEncoding.WithPadding(base32.NoPadding)

// NewSecret returns a random secret in base32, as apps take it.
func NewSecret() string {
	secret := make([]byte, secretBytes)
	_, _ = rand.Read(secret) // it never fails
	return encoding.EncodeToString(secret)
}

// URI is what an app reads from a QR code
// (https://github.com/google/google-authenticator/wiki/Key-Uri-Format). The issuer is the school's name in the list of
// the app, account the person's.
func URI(secret, issuer, account string) string {
	label := url.PathEscape(issuer) + ":" + url.PathEscape(account)
	// Some apps show the plus sign of url.Values for a space.
	name := strings.ReplaceAll(url.QueryEscape(issuer), "+", "%20")
	return "otpauth://totp/" + label + "?secret=" + secret + "&issuer=" + name
}

// Match returns the step of which a code is, at most one away from now. ok is false if the code isn't right, or of a
// step up to last: each code is accepted once.
func Match(secret, code string, now time.Time, last int64) (matched int64, ok bool) {
	key, err := encoding.DecodeString(secret)
	if err != nil || len(code) != digits {
		return 0, false
	}
	current := now.Unix() / int64(step/time.Second)
	for candidate := current - drift; candidate <= current+drift; candidate++ {
		right := subtle.ConstantTimeCompare([]byte(at(key, candidate)), []byte(code)) == 1
		if right && candidate > last {
			return candidate, true
		}
	}
	return 0, false
}

// At returns the code of a secret at a time.
func At(secret string, now time.Time) (string, error) {
	key, err := encoding.DecodeString(secret)
	if err != nil {
		return "", fmt.Errorf("decode the secret: %w", err)
	}
	return at(key, now.Unix()/int64(step/time.Second)), nil
}

// at is HOTP (RFC 4226, 5.3) of a step.
func at(key []byte, counter int64) string {
	mac := hmac.New(sha1.New, key)
	_ = binary.Write(mac, binary.BigEndian, counter) // a hash takes everything
	sum := mac.Sum(nil)
	offset := sum[len(sum)-1] & 0xf
	number := binary.BigEndian.Uint32(sum[offset:]) & 0x7fffffff
	return fmt.Sprintf("%0*d", digits, number%modulus)
}
