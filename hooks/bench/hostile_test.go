package main

import (
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"
)

// Half a second of each attack, on the real program: the attackers are refused as they
// should be, the program neither ends nor grows, nobody else is refused anything, and two
// people who write to each other meanwhile get it all.
// How long that takes is what `make hostile` tells, on a machine that has nothing else to do.
func TestHostile_attacksDoNoLastingHarm(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("memory is read from /proc")
	}
	work := t.TempDir()
	program := filepath.Join(work, "messagerie")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, "messagerie")
	build.Env = append(build.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	all, err := hostile{setup: setup{ctx: t.Context(), work: work, messagerie: program},
		lasts: 500 * time.Millisecond, warmUp: 300 * time.Millisecond, brief: true}.run()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != len(attacks()) {
		t.Errorf("%d attacks were tried of %d", len(all), len(attacks()))
	}
	for _, o := range all {
		t.Log(o.line())
		if broken := o.broken(); broken != "" {
			t.Errorf("%s: %s %s", o.attack.name, broken, o.died)
		}
	}
}

func TestOrdeal_isJudgedByWhatHasToHold(t *testing.T) {
	good := ordeal{took: []float64{1, 2, 3}, before: 30, highest: 80}
	for want, spoil := range map[string]func(*ordeal){
		holds:                 func(*ordeal) {},
		"slow":                func(o *ordeal) { o.took = append(o.took, 51) },
		"grew by 120 MiB":     func(o *ordeal) { o.highest = 150 },
		"took 520 MiB":        func(o *ordeal) { o.before, o.highest = 430, 520 },
		"2 messages lost":     func(o *ordeal) { o.lost = 2 },
		"3 of others refused": func(o *ordeal) { o.shutOut = 3 },
		"the server ended":    func(o *ordeal) { o.died = "killed" },
		"logged 20 MiB":       func(o *ordeal) { o.log = 20 << 20 },
		"4 mails sent":        func(o *ordeal) { o.mails, o.attack.mails = 4, 3 },
		"0 mails sent":        func(o *ordeal) { o.attack.mails = 3 },
		"nobody was told 403 forbidden, 429": func(o *ordeal) {
			o.unanswered = []string{"403 forbidden", "429"}
		},
	} {
		o := good
		spoil(&o)
		if got := o.verdict(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
		if err := faultsOf([]ordeal{good, o}); (err == nil) != (want == holds) {
			t.Errorf("%s: %v", want, err)
		}
	}
}

func TestTally_tellsWhatIsMissing(t *testing.T) {
	counts := &tally{outcomes: map[string]int{}}
	for status, answer := range map[int]string{200: `{"code":"x"}`, 401: `{"code":"unauthorized"}`, 431: "431 Too Large", 404: `{}`} {
		counts.count(refusalOf(status, []byte(answer)))
	}
	want := []string{"401 unauthorized", "431", "429 too_many_requests", "200", "404"}
	if missing := counts.missing(want); !slices.Equal(missing, want[2:3]) {
		t.Errorf("%v are missing of %s", missing, counts.answers())
	}
}
