package rest

import (
	"context"
	"sync"
	"time"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
)

// How many requests of one person are handled at a time, and how long others wait. Even
// after a restart, all devices of a person together need fewer.
const (
	maxConcurrent = 6
	maxWait       = 10 * time.Second
)

// concurrency limits how many requests of each person are handled at a time. A response stays
// in memory until the client has read it: somebody who asked for hundreds of pages of a
// megabyte, and read none, would fill it.
type concurrency struct {
	slots   int
	maxWait time.Duration

	mu     sync.Mutex
	people map[protocol.ID]*semaphore // of people with requests in progress
}

type semaphore struct {
	slots    chan struct{}
	requests int // waiting or being handled
}

func newConcurrency(slots int) *concurrency {
	return &concurrency{slots: slots, maxWait: maxWait, people: make(map[protocol.ID]*semaphore)}
}

// acquire waits until a request of a person may be handled. The caller must call release.
func (c *concurrency) acquire(ctx context.Context, person protocol.ID) (release func(), err error) {
	own := c.join(person)
	release = func() {
		<-own.slots
		c.leave(person, own)
	}
	select {
	case own.slots <- struct{}{}:
		return release, nil
	default:
	}
	wait := time.NewTimer(c.maxWait)
	defer wait.Stop()
	select {
	case own.slots <- struct{}{}:
		return release, nil
	case <-wait.C:
		err = errTooManyAtOnce
	case <-ctx.Done():
		err = ctx.Err()
	}
	c.leave(person, own)
	return nil, err
}

func (c *concurrency) join(person protocol.ID) *semaphore {
	c.mu.Lock()
	defer c.mu.Unlock()
	own := c.people[person]
	if own == nil {
		own = &semaphore{slots: make(chan struct{}, c.slots)}
		c.people[person] = own
	}
	own.requests++
	return own
}

func (c *concurrency) leave(person protocol.ID, own *semaphore) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if own.requests--; own.requests == 0 {
		delete(c.people, person)
	}
}

var errTooManyAtOnce = refusal.TooManyRequests(maxWait, "Too many of your requests are in progress.")
