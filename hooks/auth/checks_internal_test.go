package auth

import (
	"context"
	"errors"
	"net/netip"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"messagerie/hooks/refusal"
)

var away, home = netip.MustParsePrefix("192.0.2.1/32"), netip.MustParsePrefix("192.0.2.2/32")

func oneAtATime() *checks {
	c := newChecks()
	c.slots = make(chan struct{}, 1)
	return c
}

func (c *checks) waiting(from netip.Prefix) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if q := c.queues[from]; q != nil {
		return q.many
	}
	return 0
}

func await(holds func() bool) {
	for !holds() {
		runtime.Gosched()
	}
}

func TestChecks_areFewAtATimeAndAddressesTakeTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const crowd = 50
		c := oneAtATime()
		first, err := c.turn(t.Context(), away)
		if err != nil {
			t.Fatal(err)
		}
		var atOnce, served, before atomic.Int32
		var all sync.WaitGroup
		take := func(from netip.Prefix) {
			all.Go(func() {
				done, err := c.turn(t.Context(), from)
				if err != nil {
					t.Error(err)
					return
				}
				if atOnce.Add(1) > 1 {
					t.Error("two at once")
				}
				if n := served.Add(1); from == home {
					before.Store(n)
				}
				atOnce.Add(-1)
				done()
				done()
			})
		}
		for range crowd {
			take(away)
		}
		take(home)
		synctest.Wait() // until each is in its channel: one that has only joined its queue might be overtaken
		first()
		all.Wait()
		if n := before.Load(); n > crowd/2 {
			t.Errorf("the one from another address was served as number %d", n)
		}
		if len(c.queues) > 0 || len(c.slots) > 0 {
			t.Errorf("%d queues and %d slots are left", len(c.queues), len(c.slots))
		}
	})
}

func TestChecks_keepNoMoreWaitingThanTheyCanServe(t *testing.T) {
	c := oneAtATime()
	done, err := c.turn(t.Context(), away)
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	ctx, giveUp := context.WithCancel(t.Context())
	var all sync.WaitGroup
	for range maxWaitingChecks - 1 {
		all.Go(func() {
			if _, err := c.turn(ctx, away); !errors.Is(err, context.Canceled) {
				t.Errorf("the one that gave up got %v", err)
			}
		})
	}
	await(func() bool { return c.waiting(away) == maxWaitingChecks })
	c.note(60_000_000)
	var refused *refusal.Error
	if _, err := c.turn(ctx, away); !errors.As(err, &refused) || refused.RetryAfter.Seconds() != 30 {
		t.Errorf("one more got %v", err)
	}
	giveUp()
	all.Wait()
	if n := c.waiting(away); n != 1 {
		t.Errorf("%d are left in the queue, want 1", n)
	}
}
