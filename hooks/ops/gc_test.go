package ops

import (
	"runtime/debug"
	"runtime/metrics"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

func TestGOGC_leavesHeadroomWhileBusy(t *testing.T) {
	const mib = 1 << 20
	for name, c := range map[string]struct {
		live uint64
		busy bool
		want int
	}{
		"idle":             {12 * mib, false, 100},
		"busy":             {24 * mib, true, 200},
		"small heap":       {2 * mib, true, 400},
		"large heap":       {48 * mib, true, 100},
		"thousands online": {240 * mib, true, 100},
		"never collected":  {0, true, 100},
	} {
		if got := gogc(c.live, c.busy); got != c.want {
			t.Errorf("%s: %d %%, want %d", name, got, c.want)
		}
	}
}

func TestGCTuner_raisesGOGCOnlyWhileBusy(t *testing.T) {
	defer debug.SetGCPercent(defaultGOGC)
	tuner := newGCTuner()
	tuner.update(true)
	for range 2 * busyBytes / len(scrap) {
		scrap = new([4096]byte)
	}
	tuner.update(true)
	if got := runtimeGOGC(); got <= defaultGOGC {
		t.Errorf("busy, the heap grows by %d %%", got)
	}
	tuner.update(false) // not the end of an interval
	if got := runtimeGOGC(); got <= defaultGOGC {
		t.Errorf("after a collection the heap grows by %d %%", got)
	}
	for range idleAfter - 1 {
		tuner.update(true)
	}
	if got := runtimeGOGC(); got <= defaultGOGC {
		t.Errorf("after a short pause the heap grows by %d %%", got)
	}
	before := measured("/gc/cycles/forced:gc-cycles")
	tuner.update(true)
	if got := runtimeGOGC(); got != defaultGOGC {
		t.Errorf("idle, the heap grows by %d %%", got)
	}
	if measured("/gc/cycles/forced:gc-cycles") == before {
		t.Error("the memory isn't released after the busy time")
	}
}

// scrap keeps what is allocated on the heap.
var scrap *[4096]byte

func runtimeGOGC() int { return int(measured("/gc/gogc:percent")) }

func measured(name string) uint64 {
	sample := []metrics.Sample{{Name: name}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

func TestNotifyCollections_sendsAfterEachOne(t *testing.T) {
	collected := make(chan struct{}, 1)
	notifyCollections(t.Context(), collected)
	for range 3 {
		debug.FreeOSMemory() // collects
		<-collected
	}
}

func TestBindGC_respectsGOGC(t *testing.T) {
	for _, c := range []struct {
		set  string
		want int
	}{{"", 1}, {"200", 0}} {
		t.Setenv("GOGC", c.set)
		app := core.NewBaseApp(core.BaseAppConfig{DataDir: t.TempDir()})
		before := app.OnServe().Length()
		BindGC(app)
		if got := app.OnServe().Length() - before; got != c.want {
			t.Errorf("GOGC=%q: %d handlers, want %d", c.set, got, c.want)
		}
	}
}
