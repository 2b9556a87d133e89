package chat

import (
	"time"

	"messagerie/hooks/protocol"
	"messagerie/hooks/ratelimit"
	"messagerie/hooks/refusal"
)

// Opening a socket costs a list of conversations. One person's devices may open
// thirty at once, as after a restart, and then one a second. It isn't counted by
// network address: a school shares one.
var arrivalRate = ratelimit.Rate{Burst: 30, Every: time.Second}

// countedArrivals are the people whose sockets are counted at a time.
const countedArrivals = 50_000

// arrivals limits how often each person opens sockets.
type arrivals struct {
	people *ratelimit.Limiter[protocol.ID]
}

func newArrivals() arrivals {
	return arrivals{ratelimit.New[protocol.ID](arrivalRate, countedArrivals)}
}

// arrive refuses a person who opens sockets too often.
func (a arrivals) arrive(user protocol.ID) error {
	if wait, ok := a.people.Take(user, 1); !ok {
		return refusal.TooManyRequests(wait, "This person's sockets are opened too often.")
	}
	return nil
}
