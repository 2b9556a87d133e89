package hooks

import (
	"runtime/debug"
	"runtime/metrics"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

func TestGrowth_leavesHeadroomWhileThereIsWork(t *testing.T) {
	const mib = 1 << 20
	for name, c := range map[string]struct {
		living  uint64
		working bool
		want    int
	}{
		"at rest":          {12 * mib, false, 100},
		"at work":          {24 * mib, true, 200},
		"hardly any lives": {2 * mib, true, 400},
		"much lives":       {48 * mib, true, 100},
		"thousands online": {240 * mib, true, 100},
		"never collected":  {0, true, 100},
	} {
		if got := growth(c.living, c.working); got != c.want {
			t.Errorf("%s: %d %%, want %d", name, got, c.want)
		}
	}
}

func TestCollector_isGenerousAtWorkAlone(t *testing.T) {
	defer debug.SetGCPercent(usualGrowth)
	c := newCollector()
	c.look(true)
	for range 2 * workAtLeast / len(scrap) {
		scrap = new([4096]byte)
	}
	c.look(true)
	if got := runtimeGrowth(); got <= usualGrowth {
		t.Errorf("at work the heap grows by %d %%", got)
	}
	c.look(false) // a collection is no pause: the work goes on
	if got := runtimeGrowth(); got <= usualGrowth {
		t.Errorf("after a collection the heap grows by %d %%", got)
	}
	for range restAfter - 1 {
		c.look(true)
	}
	if got := runtimeGrowth(); got <= usualGrowth {
		t.Errorf("between two lessons the heap grows by %d %%", got)
	}
	before := measured("/gc/cycles/forced:gc-cycles")
	c.look(true)
	if got := runtimeGrowth(); got != usualGrowth {
		t.Errorf("at rest the heap grows by %d %%", got)
	}
	if measured("/gc/cycles/forced:gc-cycles") == before {
		t.Error("what the work has taken isn't given back")
	}
}

// scrap keeps what is allocated on the heap.
var scrap *[4096]byte

func runtimeGrowth() int { return int(measured("/gc/gogc:percent")) }

func measured(name string) uint64 {
	sample := []metrics.Sample{{Name: name}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

func TestNotice_tellsOfEachCollection(t *testing.T) {
	collected := make(chan struct{}, 1)
	notice(t.Context(), collected)
	for range 3 {
		debug.FreeOSMemory() // collects
		<-collected
	}
}

func TestBindGarbage_leavesItToWhoeverSetGOGC(t *testing.T) {
	for _, c := range []struct {
		set  string
		want int
	}{{"", 1}, {"200", 0}} {
		t.Setenv("GOGC", c.set)
		app := core.NewBaseApp(core.BaseAppConfig{DataDir: t.TempDir()})
		before := app.OnServe().Length()
		bindGarbage(app)
		if got := app.OnServe().Length() - before; got != c.want {
			t.Errorf("GOGC=%q: %d handlers, want %d", c.set, got, c.want)
		}
	}
}
