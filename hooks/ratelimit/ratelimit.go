// Package ratelimit limits how often somebody may do something: a token bucket for
// each key, such as a person or a network address, in bounded memory.
package ratelimit

import (
	"sync"
	"time"
)

// Rate is what one key may spend: Burst tokens at once, then one more each Every.
type Rate struct {
	Burst int
	Every time.Duration
}

// Limiter holds a token bucket for each key. Its methods may be called from any goroutine.
type Limiter[K comparable] struct {
	rate Rate
	keys int              // of a generation
	now  func() time.Time // with a monotonic reading, so that setting the clock doesn't matter

	mu       sync.Mutex
	current  map[K]bucket
	previous map[K]bucket // of the generation before, except those used since, which are in current
	began    time.Time    // when current began
}

type bucket struct {
	tokens float64
	at     time.Time
}

// New creates a limiter that remembers at most 2*keys keys. If there are more, those that
// have been idle the longest start again with a full bucket.
func New[K comparable](rate Rate, keys int) *Limiter[K] {
	return &Limiter[K]{rate: rate, keys: keys, now: time.Now, current: make(map[K]bucket)}
}

// Take spends n tokens of a key. If there are fewer it spends none, and returns how long it
// takes until there are n. More than a full bucket can never be taken.
func (l *Limiter[K]) Take(key K, n int) (wait time.Duration, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	b := l.refilled(key, now)
	if missing := float64(n) - b.tokens; missing > 0 {
		return time.Duration(missing * float64(l.rate.Every)), false
	}
	b.tokens -= float64(n)
	l.current[key] = b
	return 0, true
}

// Give returns n tokens that Take has spent on something that turned out to cost nothing.
func (l *Limiter[K]) Give(key K, n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.refilled(key, l.now())
	b.tokens = min(b.tokens+float64(n), float64(l.rate.Burst))
	l.current[key] = b
}

// refilled returns the bucket of a key with the tokens added since it was last used.
func (l *Limiter[K]) refilled(key K, now time.Time) bucket {
	l.rotate(now)
	full := float64(l.rate.Burst)
	b, ok := l.current[key]
	if !ok {
		if b, ok = l.previous[key]; !ok {
			return bucket{full, now}
		}
	}
	b.tokens = min(full, b.tokens+float64(now.Sub(b.at))/float64(l.rate.Every))
	b.at = now
	return b
}

// rotate starts a new generation once every bucket of the previous one is full again, which
// is what a forgotten key has, or when there are too many keys.
func (l *Limiter[K]) rotate(now time.Time) {
	if len(l.current) == 0 {
		l.began = now
	}
	refill := time.Duration(l.rate.Burst) * l.rate.Every
	if now.Sub(l.began) < refill && len(l.current) < l.keys {
		return
	}
	l.previous, l.current, l.began = l.current, make(map[K]bucket), now
}
