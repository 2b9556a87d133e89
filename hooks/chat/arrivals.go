package chat

import (
	"sync"

	"golang.org/x/time/rate"

	"messagerie/hooks/protocol"
)

// Opening a socket costs a list of conversations. One person's devices may open
// thirty at once, as after a restart, and then one a second. It isn't counted by
// network address: a school shares one.
const (
	arrivalsPerSecond = 1
	arrivalsBurst     = 30
)

// arrivals limits how often each person opens sockets.
type arrivals struct {
	mu       sync.Mutex
	limiters map[protocol.ID]*rate.Limiter
}

func (a *arrivals) allow(user protocol.ID) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	limiter := a.limiters[user]
	if limiter == nil {
		if a.limiters == nil {
			a.limiters = make(map[protocol.ID]*rate.Limiter)
		}
		limiter = rate.NewLimiter(arrivalsPerSecond, arrivalsBurst)
		a.limiters[user] = limiter
	}
	return limiter.Allow()
}

// forget drops those who may open as many as anybody again.
func (a *arrivals) forget() {
	a.mu.Lock()
	defer a.mu.Unlock()
	for user, limiter := range a.limiters {
		if limiter.Tokens() >= arrivalsBurst {
			delete(a.limiters, user)
		}
	}
}
