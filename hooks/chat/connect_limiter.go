package chat

import (
	"time"

	"messagerie/hooks/protocol"
	"messagerie/hooks/ratelimit"
	"messagerie/hooks/refusal"
)

// Opening a socket costs a list of conversations. One person's devices may open thirty at once, as
// after a restart, and then one a second. Network addresses don't count: a school shares one.
var connectRate = ratelimit.Rate{Burst: 30, Every: time.Second}

// countedPeople bounds the people whose connects are counted at a time.
const countedPeople = 50_000

// connectLimiter limits how often each person opens sockets.
type connectLimiter struct {
	people *ratelimit.Limiter[protocol.ID]
}

func newConnectLimiter() connectLimiter {
	return connectLimiter{ratelimit.New[protocol.ID](connectRate, countedPeople)}
}

// allow returns a refusal if a person opens sockets too often.
func (l connectLimiter) allow(user protocol.ID) error {
	if wait, ok := l.people.Take(user, 1); !ok {
		return refusal.TooManyRequests(wait, "You are opening connections too often.")
	}
	return nil
}
