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
// people who write to each other all the while lose nothing.
// Delays are measured by `make hostile`, on a machine with nothing else to do.
func TestHostile_attacksDoNoLastingHarm(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("memory is read from /proc")
	}
	work := t.TempDir()
	build := exec.CommandContext(t.Context(), "go", "build", "-o", work, "messagerie", "messagerie/hooks/bench")
	build.Env = append(build.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	all, err := hostile{setup: setup{ctx: t.Context(), work: work, messagerie: filepath.Join(work, "messagerie")},
		attacker: filepath.Join(work, "bench"),
		lasts:    500 * time.Millisecond, warmUp: 300 * time.Millisecond, brief: true}.run()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != len(attacks()) {
		t.Errorf("%d attacks were tried of %d", len(all), len(attacks()))
	}
	for _, r := range all {
		t.Log(r.line())
		if broken := r.broken(); broken != "" {
			t.Errorf("%s: %s %s", r.attack.name, broken, r.died)
		}
	}
}

func TestResult_isJudgedByWhatHasToHold(t *testing.T) {
	good := result{took: []float64{1, 2, 3}, before: 30, highest: 80}
	for want, spoil := range map[string]func(*result){
		holds:                 func(*result) {},
		"slow":                func(r *result) { r.took = append(r.took, 51) },
		"grew by 120 MiB":     func(r *result) { r.highest = 150 },
		"took 520 MiB":        func(r *result) { r.before, r.highest = 430, 520 },
		"2 messages lost":     func(r *result) { r.lost = 2 },
		"3 of others refused": func(r *result) { r.shutOut = 3 },
		"the server ended":    func(r *result) { r.died = "killed" },
		"logged 20 MiB":       func(r *result) { r.log = 20 << 20 },
		"4 mails sent":        func(r *result) { r.mails, r.attack.mails = 4, 3 },
		"0 mails sent":        func(r *result) { r.attack.mails = 3 },
		"sent 901 responses in 2.0 s": func(r *result) {
			r.attack.perSecond, r.done, r.seconds = 200, 901, 2
		},
		"nobody received 403 forbidden, 429": func(r *result) {
			r.missing = []string{"403 forbidden", "429"}
		},
	} {
		r := good
		spoil(&r)
		if got := r.verdict(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
		if err := faultsOf([]result{good, r}); (err == nil) != (want == holds) {
			t.Errorf("%s: %v", want, err)
		}
	}
}

func TestAttackReport_tellsWhatIsMissing(t *testing.T) {
	seen := &outcomes{counts: map[string]int{}}
	for status, answer := range map[int]string{200: `{"code":"x"}`, 401: `{"code":"unauthorized"}`, 431: "431 Too Large", 404: `{}`} {
		seen.count(refusalOf(status, []byte(answer)))
	}
	want := []string{"401 unauthorized", "431", "429 too_many_requests", "200", "404"}
	if missing := seen.report(time.Second).missing(want); !slices.Equal(missing, want[2:3]) {
		t.Errorf("%v are missing of %s", missing, seen.report(time.Second).shares())
	}
}
