package chat

import (
	"context"
	"runtime/debug"
	"time"
)

// When many sockets connect at once, as after a restart, the heap grows, and isn't shrunk before
// the next garbage collection: hours later, if nobody writes.
const (
	burstSize     = 1000 // sockets
	burstCalm     = 50   // fewer new ones than that in a burstInterval end a burst
	burstInterval = 5 * time.Second
)

// connectionBurst detects the end of a burst of new sockets.
type connectionBurst struct{ low, last int }

// isOver is called every burstInterval with the number of open sockets. It returns true once for
// each burst.
func (b *connectionBurst) isOver(open int) bool {
	calm := open-b.last < burstCalm
	b.last = open
	b.low = min(b.low, open)
	if !calm || open-b.low < burstSize {
		return false
	}
	b.low = open
	return true
}

// releaseMemory returns memory to the system after each burst.
func (h *Hub) releaseMemory(ctx context.Context) {
	tick := time.NewTicker(burstInterval)
	defer tick.Stop()
	var burst connectionBurst
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if burst.isOver(h.index.open()) {
				debug.FreeOSMemory()
			}
		}
	}
}
