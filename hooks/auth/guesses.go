package auth

import (
	"hash/maphash"
	"net/netip"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/ratelimit"
	"messagerie/hooks/refusal"
)

const (
	// addressWindow is the time within which the failures that an address may have on all accounts together come back.
	addressWindow = 12 * time.Hour

	// triesOverBudget is how often an address that has used them up may still fail at each account.
	triesOverBudget = 3

	// addressesPerAccount is how many unfamiliar addresses together may use up what one may try on an account.
	addressesPerAccount = 2

	// rememberedGuesses is how many accounts and addresses are remembered: some 10 MB at most, during an attack.
	rememberedGuesses = 30_000
)

// guesses counts the passwords that turned out to be wrong. An attempt is counted before
// the password is looked at, and taken back when it is right: a hundred guesses at once
// are a hundred guesses. There are three counts:
//
//   - of an account and an address: whoever guesses at somebody's account locks it only for their own address.
//     An owner behind the same address has to log in from another one;
//   - of an account, by all addresses from which it hasn't logged in: however many take part in an attack, the owner
//     still gets in from home or from school;
//   - of an address, on all accounts. Behind it may be a school, so it is never shut out: those who have logged in from
//     there before still can, and everybody else has a few tries.
//
// A new password or access code starts the counts of an account anew, so its owner also gets in by the mail for a new
// password, or with a code from the school's office.
type guesses struct {
	pairs     *brake[target]
	accounts  *brake[uint64]
	strangers *guesses // for names that nobody has: inventing them makes no account forgotten
	addresses *ratelimit.Limiter[netip.Prefix]
	familiar  *familiar
	seed      maphash.Seed
}

// target is an account, and the address that tries it.
type target struct {
	from    netip.Prefix
	account uint64
}

// account is what a guess is at.
type account struct {
	key    uint64 // of its counts; another one once it has a new password or access code
	id     uint64 // of its familiar addresses
	exists bool
}

func newGuesses(perAccount, perAddress int) *guesses {
	g := &guesses{
		pairs:    newBrake[target](perAccount, rememberedGuesses),
		accounts: newBrake[uint64](addressesPerAccount*perAccount, rememberedGuesses),
		addresses: ratelimit.New[netip.Prefix](
			ratelimit.Rate{Burst: perAddress, Every: addressWindow / time.Duration(perAddress)}, rememberedGuesses),
		familiar: newFamiliar(),
		seed:     maphash.MakeSeed(),
	}
	strangers := *g
	strangers.pairs = newBrake[target](perAccount, rememberedGuesses)
	strangers.accounts = newBrake[uint64](addressesPerAccount*perAccount, rememberedGuesses)
	g.strangers = &strangers
	return g
}

// accountOf is the account of a record.
func (g *guesses) accountOf(record *core.Record) account {
	return g.account(record.Collection(), record.Id, record.TokenKey())
}

// account is the account of an id in a collection. secret is what is guessed, or changes with it.
func (g *guesses) account(collection *core.Collection, id, secret string) account {
	name := collection.Id + " " + id
	return account{key: maphash.String(g.seed, name+" "+secret), id: maphash.String(g.seed, name), exists: true}
}

// session is the account of a record, as the caller of a request with a token of a device: guesses at the same account
// by somebody else, in log-ins, don't count there.
func (g *guesses) session(record *core.Record, device protocol.ID) account {
	at := g.accountOf(record)
	at.key = maphash.Comparable(g.seed, sessionKey{at.key, device})
	return at
}

type sessionKey struct {
	account uint64
	device  protocol.ID
}

// nobody is the account of a name in a collection that nobody has. What is guessed at, a password or an access code,
// counts apart, as it does for accounts.
func (g *guesses) nobody(collection *core.Collection, guessed, name string) account {
	name = collection.Id + " " + foldASCII(name)
	return account{key: maphash.String(g.seed, guessed+" "+name), id: maphash.String(g.seed, name)}
}

// foldASCII makes names alike that are alike to SQLite's NOCASE, with which accounts are found.
func foldASCII(name string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, name)
}

// isFamiliar reports whether an account has logged in from an address before. So have half of the names that nobody
// has, from each address that accounts log in from: one can't tell them from accounts.
func (g *guesses) isFamiliar(a account, from netip.Prefix) bool {
	if !a.exists {
		return g.familiar.hasAny(from) && maphash.Comparable(g.seed, target{from, a.id})&1 == 0
	}
	return g.familiar.has(a.id, from)
}

// guess is an attempt in progress.
type guess struct {
	guesses  *guesses
	target   target
	familiar bool
	paid     bool // by the address as well
	ended    bool
}

// begin counts an attempt at an account, until it ends.
func (g *guesses) begin(from netip.Prefix, at account) (*guess, error) {
	attempt := &guess{guesses: g, target: target{from, at.key}, familiar: g.isFamiliar(at, from)}
	if !at.exists {
		attempt.guesses = g.strangers
	}
	return attempt, attempt.count()
}

func (a *guess) count() error {
	g := a.guesses
	before, wait := g.pairs.begin(a.target)
	if wait > 0 {
		return errGuesses(wait)
	}
	if !a.familiar {
		if _, wait := g.accounts.begin(a.target.account); wait > 0 {
			g.pairs.cancel(a.target)
			return errGuesses(wait)
		}
	}
	wait, a.paid = g.addresses.Take(a.target.from, 1)
	if a.paid || a.familiar || before.count+before.inFlight < triesOverBudget {
		return nil
	}
	a.cancel()
	if before.count < triesOverBudget {
		wait = inFlightPause
	}
	return errGuesses(wait)
}

// succeeded takes back the attempt, and those that failed before it: somebody who knows
// the password had mistyped it.
func (a *guess) succeeded() {
	a.ended = true
	paid := a.guesses.pairs.release(a.target)
	if a.paid {
		paid++
	}
	if paid > 0 {
		a.guesses.addresses.Give(a.target.from, paid)
	}
	if !a.familiar {
		a.guesses.accounts.release(a.target.account)
	}
}

// cancel takes back an attempt whose password wasn't compared.
func (a *guess) cancel() {
	a.ended = true
	a.guesses.pairs.cancel(a.target)
	if !a.familiar {
		a.guesses.accounts.cancel(a.target.account)
	}
	if a.paid {
		a.guesses.addresses.Give(a.target.from, 1)
	}
}

// end counts an attempt that neither succeeded nor was cancelled as a failure.
func (a *guess) end() {
	if a.ended {
		return
	}
	a.ended = true
	a.guesses.pairs.fail(a.target, a.paid)
	if !a.familiar {
		a.guesses.accounts.fail(a.target.account, false)
	}
}

func errGuesses(wait time.Duration) error {
	return refusal.TooManyRequests(wait, "Too many failed log-in attempts from this network.")
}
