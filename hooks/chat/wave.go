package chat

import (
	"context"
	"runtime/debug"
	"time"
)

// When many have connected at once, as after a restart, the heap has grown by what that
// took, and keeps it until it would have to grow again: hours, where nobody writes.
const (
	waveSize  = 1000 // sockets
	waveCalm  = 50   // that many in a wavePause are none any more
	wavePause = 5 * time.Second
)

// wave notices that one is over.
type wave struct{ low, last int }

// isOver is asked each wavePause with the number of sockets that are open. It says yes
// once for each wave.
func (w *wave) isOver(open int) bool {
	calm := open-w.last < waveCalm
	w.last = open
	w.low = min(w.low, open)
	if !calm || open-w.low < waveSize {
		return false
	}
	w.low = open
	return true
}

// tidy gives back to the system what waves have left.
func (h *Hub) tidy(ctx context.Context) {
	tick := time.NewTicker(wavePause)
	defer tick.Stop()
	var w wave
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if w.isOver(h.index.open()) {
				debug.FreeOSMemory()
			}
		}
	}
}
