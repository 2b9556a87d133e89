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

	// inFlightPause is for an attempt that could only fail for good together with those in progress: soon they will have ended.
	inFlightPause = time.Second
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
	count    int
	paid     int // of them, those for which the address has paid
	inFlight int // in progress, not yet in count
	last     time.Time
}

// newBrake creates a brake that remembers at most 2*keys keys.
func newBrake[K comparable](free, keys int) *brake[K] {
	return &brake[K]{free: free, keys: keys, current: make(map[K]failures)}
}

// begin starts an attempt, and returns what there was before; or how long it has to wait. An attempt in progress counts
// like a failure until fail, cancel or release ends it, except that it makes others wait for a moment only.
func (b *brake[K]) begin(key K) (before failures, wait time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	b.rotate(now)
	f := b.find(key, now)
	if wait := f.last.Add(b.pause(f.count)).Sub(now); f.count > 0 && wait > 0 {
		return f, wait
	}
	if f.inFlight > 0 && f.count+f.inFlight >= b.free {
		return f, inFlightPause
	}
	before = f
	f.inFlight++
	b.current[key] = f
	return before, 0
}

// fail ends an attempt that has failed. paid is whether its address has paid for it.
func (b *brake[K]) fail(key K, paid bool) {
	b.end(key, func(f *failures, now time.Time) {
		f.count, f.last = f.count+1, now
		if paid {
			f.paid++
		}
	})
}

// cancel ends an attempt that counts for nothing.
func (b *brake[K]) cancel(key K) { b.end(key, func(*failures, time.Time) {}) }

// release ends an attempt that has succeeded. It forgets the failures of the key, and returns for how many its address
// has paid.
func (b *brake[K]) release(key K) (paid int) {
	b.end(key, func(f *failures, _ time.Time) {
		paid = f.paid
		*f = failures{inFlight: f.inFlight}
	})
	return paid
}

func (b *brake[K]) end(key K, change func(f *failures, now time.Time)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	f := b.find(key, now)
	f.inFlight = max(0, f.inFlight-1) // 0 if too many keys have come since
	change(&f, now)
	if f == (failures{}) {
		delete(b.current, key)
		delete(b.previous, key)
		return
	}
	b.current[key] = f
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
		return failures{inFlight: f.inFlight}
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
