package auth

import (
	"context"
	"math/rand/v2"
	"net/netip"
	"runtime"
	"sync"
	"time"

	"messagerie/hooks/refusal"
)

// maxWaitingChecks is how many log-ins from one address may wait for their turn.
const maxWaitingChecks = 500

// checks compares passwords a few at a time. Each comparison takes a processor for a
// twentieth of a second (bcrypt is meant to), and messages need one as well. Addresses take
// turns, so that a crowd behind one of them makes only itself wait.
type checks struct {
	slots chan struct{}

	mu     sync.Mutex
	lines  map[netip.Prefix]*line
	took   [32]time.Duration // by the last comparisons that failed
	failed int
}

// line is the queue of one address.
type line struct {
	turn chan struct{}
	many int // waiting, or having their turn
}

func newChecks() *checks {
	return &checks{
		slots: make(chan struct{}, max(1, runtime.NumCPU()-1)),
		lines: make(map[netip.Prefix]*line),
	}
}

// turn waits until a password may be compared. done ends the turn; called again, it does
// nothing.
func (c *checks) turn(ctx context.Context, from netip.Prefix) (done func(), err error) {
	l, err := c.join(from)
	if err != nil {
		return nil, err
	}
	select {
	case l.turn <- struct{}{}:
	case <-ctx.Done():
		c.leave(from, l)
		return nil, ctx.Err()
	}
	select {
	case c.slots <- struct{}{}:
	case <-ctx.Done():
		<-l.turn
		c.leave(from, l)
		return nil, ctx.Err()
	}
	return sync.OnceFunc(func() {
		<-c.slots
		<-l.turn
		c.leave(from, l)
	}), nil
}

func (c *checks) join(from netip.Prefix) (*line, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	l := c.lines[from]
	if l == nil {
		l = &line{turn: make(chan struct{}, cap(c.slots))}
		c.lines[from] = l
	}
	if l.many >= maxWaitingChecks {
		return nil, refusal.TooManyRequests(time.Duration(l.many/cap(c.slots))*c.usualLocked(),
			"Too many people are logging in from this network at the moment.")
	}
	l.many++
	return l, nil
}

func (c *checks) leave(from netip.Prefix, l *line) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if l.many--; l.many == 0 {
		delete(c.lines, from)
	}
}

// note records how long a failed comparison took.
func (c *checks) note(took time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.took[c.failed%len(c.took)] = took
	c.failed++
}

// usual returns the duration of one of the last failed comparisons, at random; 0 before the first.
func (c *checks) usual() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.usualLocked()
}

func (c *checks) usualLocked() time.Duration {
	if c.failed == 0 {
		return 0
	}
	return c.took[rand.IntN(min(c.failed, len(c.took)))]
}
