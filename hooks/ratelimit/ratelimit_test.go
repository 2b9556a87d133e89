package ratelimit

import (
	"strings"
	"testing"
	"time"
)

// clock is a clock that a test advances.
type clock struct{ at time.Time }

func (c *clock) pass(d time.Duration) { c.at = c.at.Add(d) }

func newTestLimiter(rate Rate, keys int) (*Limiter[string], *clock) {
	c := &clock{time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)}
	l := New[string](rate, keys)
	l.now = func() time.Time { return c.at }
	return l, c
}

func take(t *testing.T, l *Limiter[string], key string, n int, want time.Duration) {
	t.Helper()
	if wait, ok := l.Take(key, n); ok != (want == 0) || wait != want {
		t.Fatalf("taking %d of %s: %v, wait %v; want a wait of %v", n, key, ok, wait, want)
	}
}

func TestTake_refusesBeyondTheBurstAndReturnsTheWait(t *testing.T) {
	l, c := newTestLimiter(Rate{Burst: 3, Every: time.Minute}, 10)
	take(t, l, "claire", 2, 0)
	take(t, l, "claire", 2, time.Minute) // and spends nothing
	take(t, l, "claire", 1, 0)
	take(t, l, "jerome", 3, 0)
	take(t, l, "claire", 1, time.Minute)
	c.pass(30 * time.Second)
	take(t, l, "claire", 1, 30*time.Second)
	c.pass(30 * time.Second)
	take(t, l, "claire", 1, 0)
	c.pass(time.Hour)
	take(t, l, "claire", 3, 0) // never more than the burst
	take(t, l, "claire", 1, time.Minute)
}

func TestGive_undoesATake(t *testing.T) {
	l, _ := newTestLimiter(Rate{Burst: 2, Every: time.Minute}, 10)
	take(t, l, "claire", 2, 0)
	l.Give("claire", 1)
	take(t, l, "claire", 1, 0)
	take(t, l, "claire", 1, time.Minute)
	l.Give("claire", 9)
	take(t, l, "claire", 3, time.Minute)
	take(t, l, "claire", 1, 0)
}

// Between two times with a monotonic reading, setting the clock changes nothing (package time).
func TestLimiter_readsAMonotonicClock(t *testing.T) {
	if now := New[string](Rate{Burst: 1, Every: time.Minute}, 10).now(); !strings.Contains(now.String(), "m=+") {
		t.Errorf("%v has no monotonic reading", now)
	}
}

func TestLimiter_remembersAKeyUntilItsBucketIsFull(t *testing.T) {
	l, c := newTestLimiter(Rate{Burst: 4, Every: time.Minute}, 1000)
	take(t, l, "claire", 4, 0)
	for range 7 { // half a generation each
		c.pass(2 * time.Minute)
		take(t, l, "other", 1, 0)
		take(t, l, "claire", 2, 0)
		take(t, l, "claire", 1, time.Minute)
	}
}

func TestLimiter_boundsItsKeys(t *testing.T) {
	l, _ := newTestLimiter(Rate{Burst: 1, Every: time.Hour}, 100)
	for n := range 10_000 {
		take(t, l, string(rune(n)), 1, 0)
	}
	if kept := len(l.current) + len(l.previous); kept > 200 {
		t.Errorf("%d keys are kept", kept)
	}
	take(t, l, string(rune(9_999)), 1, time.Hour)
}
