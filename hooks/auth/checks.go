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
	queues map[netip.Prefix]*queue
	took   [32]time.Duration // by the last comparisons that failed
	failed int
}

// queue holds the log-ins that wait for one address.
type queue struct {
	turn chan struct{}
	many int // waiting, or having their turn
}

func newChecks() *checks {
	return &checks{
		slots:  make(chan struct{}, max(1, runtime.NumCPU()-1)),
		queues: make(map[netip.Prefix]*queue),
	}
}

// turn waits until a password may be compared. done ends the turn; called again, it does
// nothing.
func (c *checks) turn(ctx context.Context, from netip.Prefix) (done func(), err error) {
	q, err := c.join(from)
	if err != nil {
		return nil, err
	}
	select {
	case q.turn <- struct{}{}:
	case <-ctx.Done():
		c.leave(from, q)
		return nil, ctx.Err()
	}
	select {
	case c.slots <- struct{}{}:
	case <-ctx.Done():
		<-q.turn
		c.leave(from, q)
		return nil, ctx.Err()
	}
	return sync.OnceFunc(func() {
		<-c.slots
		<-q.turn
		c.leave(from, q)
	}), nil
}

func (c *checks) join(from netip.Prefix) (*queue, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	q := c.queues[from]
	if q == nil {
		q = &queue{turn: make(chan struct{}, cap(c.slots))}
		c.queues[from] = q
	}
	if q.many >= maxWaitingChecks {
		return nil, refusal.TooManyRequests(time.Duration(q.many/cap(c.slots))*c.usualLocked(),
			"Too many people are logging in from this network at the moment.")
	}
	q.many++
	return q, nil
}

func (c *checks) leave(from netip.Prefix, q *queue) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if q.many--; q.many == 0 {
		delete(c.queues, from)
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
