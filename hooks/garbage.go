package hooks

import (
	"context"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// Go collects garbage whenever the heap has doubled. What lives here is small, so under
// load that is many times a second, a fifth of the processor time of a message. While
// there is much work, the heap may grow by headroom at least. Otherwise, and where more
// than headroom lives anyway, Go's own rule holds: idle people take no more than before.
const (
	headroom    = 48 << 20
	workPause   = time.Second
	workAtLeast = 16 << 20 // bytes allocated in a workPause: some five hundred messages
	restAfter   = 5        // workPauses with less, one after the other
	usualGrowth = 100      // percent, Go's own
	mostGrowth  = 400
)

// growth is how many percent of what lives may be added before garbage is collected. More
// than mostGrowth would let a heap that has grown in a storm grow far beyond headroom, until
// that is noticed.
func growth(living uint64, working bool) int {
	if !working || living == 0 {
		return usualGrowth
	}
	return min(mostGrowth, max(usualGrowth, int(headroom*100/living)))
}

// collector keeps the runtime's collector at the growth of the moment.
type collector struct {
	samples   []metrics.Sample
	allocated uint64 // ever, when work was last looked at
	working   bool
	quiet     int // workPauses, the last ones
	percent   int
}

func newCollector() *collector {
	return &collector{percent: usualGrowth, samples: []metrics.Sample{
		{Name: "/gc/heap/allocs:bytes"},
		// What the percents are of: see GOGC in package runtime/debug.
		{Name: "/gc/heap/live:bytes"}, {Name: "/gc/scan/stack:bytes"}, {Name: "/gc/scan/globals:bytes"},
	}}
}

// look is told whether a workPause is over, or a collection is.
func (c *collector) look(paused bool) {
	metrics.Read(c.samples)
	if paused {
		c.weigh(c.samples[0].Value.Uint64())
	}
	var living uint64
	for _, sample := range c.samples[1:] {
		living += sample.Value.Uint64()
	}
	percent := growth(living, c.working)
	if percent == c.percent {
		return
	}
	c.percent = percent
	debug.SetGCPercent(percent)
	if !c.working { // nobody else would collect it: at rest nothing grows
		debug.FreeOSMemory()
	}
}

// weigh tells work from rest by what has been allocated since it was last asked.
func (c *collector) weigh(allocated uint64) {
	c.quiet++
	if allocated-c.allocated >= workAtLeast {
		c.quiet = 0
	}
	c.working = c.quiet == 0 || c.working && c.quiet < restAfter
	c.allocated = allocated
}

func (c *collector) run(ctx context.Context) {
	defer debug.SetGCPercent(usualGrowth)
	collected := make(chan struct{}, 1)
	notice(ctx, collected)
	tick := time.NewTicker(workPause)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			c.look(true)
		case <-collected: // what lives may have grown much: a storm of connections
			c.look(false)
		}
	}
}

// notice tells of each collection, by something that it takes away.
func notice(ctx context.Context, collected chan<- struct{}) {
	if ctx.Err() != nil {
		return
	}
	runtime.AddCleanup(new([64]byte), func(struct{}) {
		select {
		case collected <- struct{}{}:
		default:
		}
		notice(ctx, collected)
	}, struct{}{})
}

// bindGarbage tunes the collector while the server serves, unless whoever started it has.
func bindGarbage(app core.App) {
	if os.Getenv("GOGC") != "" {
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	app.OnServe().BindFunc(func(se *core.ServeEvent) error {
		go newCollector().run(ctx)
		return se.Next()
	})
	app.OnTerminate().BindFunc(func(e *core.TerminateEvent) error {
		stop()
		return e.Next()
	})
}
