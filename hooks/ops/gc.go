package ops

import (
	"context"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// Go collects garbage whenever the heap has doubled. The live heap is small here, so under
// load that is many times a second: a fifth of the processor time of a message. While the
// server is busy the heap may therefore grow by headroom at least. While it is idle, or if
// more than headroom is live anyway, Go's default applies.
const (
	headroom      = 48 << 20
	checkInterval = time.Second
	busyBytes     = 16 << 20 // allocated in one interval: some five hundred messages
	idleAfter     = 5        // intervals in a row with less than that
	defaultGOGC   = 100      // percent, Go's own
	maxGOGC       = 400
)

// gogc is how many percent of the live heap may be allocated before the next collection. More
// than maxGOGC would let a heap that a storm of connections has enlarged grow far beyond
// headroom until the next check.
func gogc(live uint64, busy bool) int {
	if !busy || live == 0 {
		return defaultGOGC
	}
	return min(maxGOGC, max(defaultGOGC, int(headroom*100/live)))
}

// gcTuner adapts the runtime's GOGC to the load.
type gcTuner struct {
	samples   []metrics.Sample
	allocated uint64 // in total, at the end of the last interval
	busy      bool
	quiet     int // intervals since the last busy one
	percent   int
}

func newGCTuner() *gcTuner {
	return &gcTuner{percent: defaultGOGC, samples: []metrics.Sample{
		{Name: "/gc/heap/allocs:bytes"},
		// The live heap as GOGC counts it: see package runtime/debug.
		{Name: "/gc/heap/live:bytes"}, {Name: "/gc/scan/stack:bytes"}, {Name: "/gc/scan/globals:bytes"},
	}}
}

// update adjusts GOGC, at the end of an interval or after a collection.
func (t *gcTuner) update(intervalEnded bool) {
	metrics.Read(t.samples)
	if intervalEnded {
		t.measureLoad(t.samples[0].Value.Uint64())
	}
	var live uint64
	for _, sample := range t.samples[1:] {
		live += sample.Value.Uint64()
	}
	percent := gogc(live, t.busy)
	if percent == t.percent {
		return
	}
	t.percent = percent
	debug.SetGCPercent(percent)
	if !t.busy { // an idle server allocates too little for another collection
		debug.FreeOSMemory()
	}
}

// measureLoad sets busy according to what was allocated in the last interval.
func (t *gcTuner) measureLoad(allocated uint64) {
	t.quiet++
	if allocated-t.allocated >= busyBytes {
		t.quiet = 0
	}
	t.busy = t.quiet == 0 || t.busy && t.quiet < idleAfter
	t.allocated = allocated
}

func (t *gcTuner) run(ctx context.Context) {
	defer debug.SetGCPercent(defaultGOGC)
	collected := make(chan struct{}, 1)
	notifyCollections(ctx, collected)
	tick := time.NewTicker(checkInterval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			t.update(true)
		case <-collected: // the live heap may have grown much, by a storm of connections
			t.update(false)
		}
	}
}

// notifyCollections sends after each collection, of which it learns by the cleanup of an unreachable object.
func notifyCollections(ctx context.Context, collected chan<- struct{}) {
	if ctx.Err() != nil {
		return
	}
	runtime.AddCleanup(new([64]byte), func(struct{}) {
		select {
		case collected <- struct{}{}:
		default:
		}
		notifyCollections(ctx, collected)
	}, struct{}{})
}

// BindGC tunes garbage collection while the server runs, unless GOGC is set.
func BindGC(app core.App) {
	if os.Getenv("GOGC") != "" {
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	app.OnServe().BindFunc(func(se *core.ServeEvent) error {
		go newGCTuner().run(ctx)
		return se.Next()
	})
	app.OnTerminate().BindFunc(func(e *core.TerminateEvent) error {
		stop()
		return e.Next()
	})
}
