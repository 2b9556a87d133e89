package auth

import (
	"sync"
	"time"
)

// After the failures that cost nothing, the next attempt has to wait for firstPause, and each further
// one twice as long as the one before, up to longestPause: some thirty guesses on the first day.
const (
	firstPause   = 3 * time.Minute
	longestPause = time.Hour

	// failuresForgotten is how long after the last failure an account starts anew.
	failuresForgotten = 24 * time.Hour
)

// brake makes failed attempts at the same key wait longer and longer, in bounded memory. Its methods
// may be called from any goroutine.
type brake[K comparable] struct {
	free int // failures in a row without a pause
	keys int // of a generation

	mu       sync.Mutex
	current  map[K]failures
	previous map[K]failures // of the generation before, except those that have failed again since
	began    time.Time      // when current began
}

// failures are the attempts at a key since the last one that succeeded.
type failures struct {
	count int
	paid  int // of them, those for which the address has paid
	last  time.Time
}

// newBrake creates a brake that remembers at most 2*keys keys.
func newBrake[K comparable](free, keys int) *brake[K] {
	return &brake[K]{free: free, keys: keys, current: make(map[K]failures)}
}

// begin counts an attempt as a failure, and returns how many there were before; or how long it has to wait.
func (b *brake[K]) begin(key K) (before int, wait time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	b.rotate(now)
	f := b.find(key, now)
	if wait := f.last.Add(b.pause(f.count)).Sub(now); f.count > 0 && wait > 0 {
		return f.count, wait
	}
	before = f.count
	f.count, f.last = f.count+1, now
	b.current[key] = f
	return before, 0
}

// pay notes that the address has paid for an attempt.
func (b *brake[K]) pay(key K) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f := b.find(key, time.Now())
	f.paid++
	b.current[key] = f
}

// cancel takes back an attempt that begin has counted.
func (b *brake[K]) cancel(key K, paid bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f := b.find(key, time.Now())
	f.count = max(0, f.count-1)
	if paid {
		f.paid = max(0, f.paid-1)
	}
	b.current[key] = f
}

// release forgets the failures of a key, and returns for how many its address has paid.
func (b *brake[K]) release(key K) (paid int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	paid = b.find(key, time.Now()).paid
	delete(b.current, key)
	delete(b.previous, key)
	return paid
}

// pause is how long the next attempt has to wait after some failures.
func (b *brake[K]) pause(count int) time.Duration {
	if count < b.free {
		return 0
	}
	pause := firstPause
	for range count - b.free {
		if pause *= 2; pause >= longestPause {
			return longestPause
		}
	}
	return pause
}

func (b *brake[K]) find(key K, now time.Time) failures {
	f, ok := b.current[key]
	if !ok {
		f = b.previous[key]
	}
	if now.Sub(f.last) >= failuresForgotten {
		return failures{}
	}
	return f
}

// rotate starts a new generation once the previous one is forgotten, or when there are too many keys.
func (b *brake[K]) rotate(now time.Time) {
	if len(b.current) == 0 {
		b.began = now
	}
	if now.Sub(b.began) >= failuresForgotten || len(b.current) >= b.keys {
		b.previous, b.current, b.began = b.current, make(map[K]failures), now
	}
}
