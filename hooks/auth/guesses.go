package auth

import (
	"hash/maphash"
	"net/netip"
	"time"

	"messagerie/hooks/ratelimit"
	"messagerie/hooks/refusal"
)

// After the failures that the configuration allows, an address may try one more password
// on the same account each guessPause. What it may try on all accounts together comes back
// within addressWindow.
const (
	guessPause    = 3 * time.Minute
	addressWindow = 30 * time.Minute
)

// Accounts and addresses whose failures are remembered: some 10 MB at most, during an attack.
const rememberedGuesses = 30_000

// guesses counts the passwords that turned out to be wrong. An attempt is counted before
// the password is looked at, and taken back when it is right: a hundred guesses at once
// are a hundred guesses.
//
// An address that has failed at too many accounts can still try those at which it hasn't
// failed lately. Behind it may be a school, and the account of somebody who is about to
// log in looks no different.
type guesses struct {
	accounts  *ratelimit.Limiter[target]
	strangers *ratelimit.Limiter[target] // names that nobody has: inventing them makes no account forgotten
	addresses *ratelimit.Limiter[netip.Prefix]
	seed      maphash.Seed
}

// target is an account, and the address that tries it.
type target struct {
	from    netip.Prefix
	account uint64
}

func newGuesses(perAccount, perAddress int) *guesses {
	account := ratelimit.Rate{Burst: perAccount, Every: guessPause}
	return &guesses{
		accounts:  ratelimit.New[target](account, rememberedGuesses),
		strangers: ratelimit.New[target](account, rememberedGuesses),
		addresses: ratelimit.New[netip.Prefix](
			ratelimit.Rate{Burst: perAddress, Every: addressWindow / time.Duration(perAddress)}, rememberedGuesses),
		seed: maphash.MakeSeed(),
	}
}

// guess is an attempt in progress.
type guess struct {
	guesses *guesses
	limiter *ratelimit.Limiter[target]
	target  target
	paid    bool // by the address as well
}

// begin counts an attempt. name is the account's, exists says whether there is one.
func (g *guesses) begin(from netip.Prefix, name string, exists bool) (guess, error) {
	attempt := guess{guesses: g, limiter: g.accounts, target: target{from, maphash.String(g.seed, name)}}
	if !exists {
		attempt.limiter = g.strangers
	}
	wait, ok := g.addresses.Take(from, 1)
	if attempt.paid = ok; !ok {
		if attempt.limiter.TakeFull(attempt.target, 1) {
			return attempt, nil
		}
		return guess{}, errGuesses(wait)
	}
	if wait, ok = attempt.limiter.Take(attempt.target, 1); !ok {
		g.addresses.Give(from, 1)
		return guess{}, errGuesses(wait)
	}
	return attempt, nil
}

// succeeded takes back the attempt, and those that failed before it: somebody who knows
// the password had mistyped it.
func (a guess) succeeded() {
	if failed := a.limiter.Reset(a.target); failed > 0 {
		a.guesses.addresses.Give(a.target.from, failed)
	}
}

// cancel takes back an attempt whose password wasn't compared.
func (a guess) cancel() {
	a.limiter.Give(a.target, 1)
	if a.paid {
		a.guesses.addresses.Give(a.target.from, 1)
	}
}

func errGuesses(wait time.Duration) error {
	return refusal.TooManyRequests(wait, "Too many failed log-in attempts from this network.")
}
