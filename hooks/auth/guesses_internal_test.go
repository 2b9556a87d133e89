package auth

import (
	"errors"
	"fmt"
	"hash/maphash"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"messagerie/hooks/refusal"
)

func newTestGuesses() *guesses { return newGuesses(10, 600) }

func (g *guesses) named(name string) account {
	return account{key: maphash.String(g.seed, name+" password"), id: maphash.String(g.seed, name), exists: true}
}

// fails reports whether a wrong password was compared.
func (g *guesses) fails(from netip.Prefix, at account) bool {
	attempt, err := g.begin(from, at)
	if err == nil {
		attempt.end()
	}
	return err == nil
}

// enters reports whether the right password gets somebody in, from an address that becomes familiar.
func (g *guesses) enters(from netip.Prefix, at account) bool {
	attempt, err := g.begin(from, at)
	if err != nil {
		return false
	}
	attempt.succeeded()
	g.familiar.add(at.id, from)
	return true
}

func address(n int) netip.Prefix {
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{203, 0, byte(n >> 8), byte(n)}), 32)
}

// For an hour, 117 wrong passwords a minute come from the address of a school.
func TestGuesses_fromTheAddressOfASchoolShutNobodyElseOut(t *testing.T) {
	const people, perMinute, minutes = 1_000, 117, 60
	pupil := func(g *guesses, n int) account { return g.named(fmt.Sprint("pupil ", n)) }
	for name, victim := range map[string]func(g *guesses, n int) account{
		"one account":  func(g *guesses, _ int) account { return pupil(g, 0) },
		"all accounts": func(g *guesses, n int) account { return pupil(g, n%people) },
		"nobody's": func(g *guesses, n int) account {
			key := maphash.String(g.seed, fmt.Sprint(n))
			return account{key: key, id: key}
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := newTestGuesses()
				for n := range people { // yesterday
					if !g.enters(away, pupil(g, n)) {
						t.Fatalf("pupil %d wasn't let in before the attack", n)
					}
				}
				guesses, compared, entered := 0, 0, 0
				for range minutes {
					for range perMinute {
						if g.fails(away, victim(g, guesses)) {
							compared++
						}
						guesses++
					}
					for range 300 / 20 { // as many as come in twenty minutes
						entered++
						if !g.enters(away, pupil(g, entered)) {
							t.Fatalf("pupil %d is shut out after %d guesses", entered, guesses)
						}
					}
					time.Sleep(time.Minute)
				}
				if name == "one account" {
					if compared > 15 {
						t.Errorf("%d passwords of one account were compared", compared)
					}
					if g.fails(away, pupil(g, 0)) || !g.enters(home, pupil(g, 0)) {
						t.Error("the owner gets in from another address only")
					}
				}
			})
		})
	}
}

// Nobody has logged in before, such as on the first day of school, or since a restart.
func TestGuesses_sprayedOverAccountsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const people = 500
		g := newTestGuesses()
		compared := 0
		for range 24 * 60 {
			for n := range 117 {
				if g.fails(away, g.named(fmt.Sprint((compared+n)%people))) {
					compared++
				}
			}
			time.Sleep(time.Minute)
		}
		// What the address may at once and within a day, and the tries after that.
		if most := 3*600 + triesOverBudget*people; compared > most || compared < 600 {
			t.Errorf("%d passwords were compared in a day, want at most %d", compared, most)
		}
		if !g.enters(away, g.named("somebody who wasn't tried")) {
			t.Error("an account that wasn't tried is shut out")
		}
	})
}

func TestGuesses_fromManyAddressesAtOneAccountAreBraked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newTestGuesses()
		claire := g.named("claire")
		if !g.enters(home, claire) {
			t.Fatal("she wasn't let in before the attack")
		}
		compared := 0
		for n := range 24 * 60 {
			if g.fails(address(n), claire) {
				compared++
			}
			time.Sleep(time.Minute)
		}
		if compared > 60 {
			t.Errorf("%d passwords were compared in a day", compared)
		}
		if g.enters(away, claire) {
			t.Error("from an unfamiliar address there is no pause")
		}
		if !g.enters(home, claire) {
			t.Error("she is shut out at home")
		}
		changed := claire
		changed.key++ // by the mail for a new password
		if !g.enters(away, changed) {
			t.Error("she is shut out with a new password")
		}
	})
}

func TestGuesses_ofSomebodyWhoSucceedsDontCount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGuesses(3, 4)
		own, other := g.named("own"), g.named("other")
		for range 20 {
			if !g.fails(away, own) || !g.enters(away, own) {
				t.Fatal("somebody who mistypes is shut out")
			}
		}
		for range 2 { // uses the address up
			g.fails(away, own)
			g.fails(away, other)
		}
		for range 20 { // one's own account gives nothing for guesses at others
			g.fails(away, own)
			g.enters(away, own)
		}
		tries := 0
		for n := range 100 {
			for g.fails(away, g.named(fmt.Sprint(n))) {
				tries++
			}
		}
		if want := 100 * triesOverBudget; tries > want+4 {
			t.Errorf("%d guesses at others, want at most %d", tries, want)
		}
	})
}

func TestGuesses_theLogInThatIsBrokenOffDoesNotCount(t *testing.T) {
	g := newGuesses(2, 2)
	for range 20 {
		attempt, err := g.begin(away, g.named("claire"))
		if err != nil {
			t.Fatal(err)
		}
		attempt.cancel()
	}
}

func TestGuesses_inProgressMakeOthersWaitForAMoment(t *testing.T) {
	g := newTestGuesses()
	claire := g.named("claire")
	var attempts []*guess
	for {
		attempt, err := g.begin(away, claire)
		if err != nil {
			var refused *refusal.Error
			if !errors.As(err, &refused) || refused.RetryAfter != inFlightPause {
				t.Errorf("one more got %v", err)
			}
			break
		}
		attempts = append(attempts, attempt)
	}
	if len(attempts) != 10 {
		t.Errorf("%d were let in at once", len(attempts))
	}
	for _, attempt := range attempts { // all of them were right
		attempt.succeeded()
	}
	if !g.enters(away, claire) || len(g.pairs.current)+len(g.accounts.current) > 0 {
		t.Errorf("%d counts are left", len(g.pairs.current)+len(g.accounts.current))
	}
}

// A try that is refused from an unfamiliar address is no failure there: it doesn't start the pause of that address anew.
func TestBrake_isNotProlongedByWhatWasCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBrake[string](1, 10)
		b.begin("x")
		b.fail("x", false)
		time.Sleep(firstPause)
		b.begin("x")
		b.cancel("x")
		if _, wait := b.begin("x"); wait != 0 {
			t.Errorf("it has to wait %v", wait)
		}
	})
}

func TestBrake_grows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBrake[string](3, 10)
		for range 3 {
			if _, wait := b.begin("x"); wait != 0 {
				t.Fatalf("one of the first has to wait %v", wait)
			}
			b.fail("x", false)
		}
		for _, pause := range []time.Duration{3, 6, 12, 24, 48, 60, 60} {
			if _, wait := b.begin("x"); wait != pause*time.Minute {
				t.Fatalf("it has to wait %v, want %v minutes", wait, pause)
			}
			time.Sleep(pause * time.Minute)
			if _, wait := b.begin("x"); wait != 0 {
				t.Fatalf("after its pause it has to wait %v", wait)
			}
			b.fail("x", false)
		}
		time.Sleep(failuresForgotten)
		if before, _ := b.begin("x"); before.count != 0 {
			t.Errorf("after a day there are %d failures", before.count)
		}
	})
}

func TestBrake_boundsItsKeys(t *testing.T) {
	b := newBrake[int](1, 100)
	for n := range 10_000 {
		b.begin(n)
		b.fail(n, false)
	}
	if kept := len(b.current) + len(b.previous); kept > 200 {
		t.Errorf("%d keys are kept", kept)
	}
	if _, wait := b.begin(9_999); wait == 0 {
		t.Error("the last one is forgotten")
	}
}

func TestFamiliar_remembersTheLastAddresses(t *testing.T) {
	f := newFamiliar()
	for n := range 10 {
		f.add(1, address(n))
		f.add(1, home)
	}
	if !f.has(1, home) || !f.has(1, address(9)) || f.has(1, address(0)) || f.has(2, home) {
		t.Errorf("familiar are %v", f.accounts)
	}
	for n := range familiarAccounts + 10 {
		f.add(uint64(n), home)
	}
	if len(f.accounts) > familiarAccounts {
		t.Errorf("%d accounts", len(f.accounts))
	}
}
