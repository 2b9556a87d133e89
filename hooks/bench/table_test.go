package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

var (
	ours   = server{name: "ours", keepsOrder: true}
	other  = server{name: "other"}
	slow   = server{name: "slow", isSlow: true}
	pairs  = workload{name: "pairs", figures: []figure{rate, p99}}
	storms = workload{name: "storm", heavy: true, figures: []figure{storm}}
)

func measured(t *testing.T, text string) report {
	t.Helper()
	var r report
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestResults_areMediansWithRatiosOfTheRunsThatCount(t *testing.T) {
	all := results{}
	for _, text := range []string{
		`{"ok": true, "messages_per_second": 900, "send_to_all": {"p99_ms": 2.5}}`,
		`{"ok": true, "messages_per_second": 1000, "send_to_all": {"p99_ms": 4}}`,
		`{"ok": true, "messages_per_second": 5000, "send_to_all": {"p99_ms": 9}}`,
		`{"ok": false, "messages_per_second": 9999}`,
		`{"ok": true, "messages_per_second": 8888, "correctness": {"order_disagreements": 1}}`,
	} {
		all.add(ours, pairs, measured(t, text))
	}
	all.add(other, pairs, measured(t, `{"ok": true, "messages_per_second": 500, "correctness": {"order_disagreements": 7}}`))
	all.add(slow, pairs, measured(t, `{"ok": false}`))
	all.add(ours, storms, measured(t, `{"ok": true, "churn": [{"all_ready_s": 3}, {"all_ready_s": 1}, {"all_ready_s": 2}]}`))

	var out bytes.Buffer
	all.write(&out, plan{rounds: 3, workloads: []workload{pairs, storms}}, []server{ours, other, slow})
	for _, want := range []string{
		"| | ours | other | slow |\n|---|---|---|---|\n",
		"| pairs: messages a second | 1000, 2 left out | 500 (2) | faults |\n",
		"| … send to all, p99, ms | 4.0, 2 left out | 0.0 | faults |\n",
		"| storm: all have their list after, s | 2.00 | – | – |\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("want %q in\n%s", want, &out)
		}
	}
	if err := all.faultsOf("ours"); err == nil || !strings.Contains(err.Error(), "2 runs") {
		t.Errorf("two runs with faults: %v", err)
	}
	if err := all.faultsOf("other"); err != nil {
		t.Error(err)
	}
}

func TestServer_runsWhatItCanBear(t *testing.T) {
	if slow.runs(storms) || !slow.runs(pairs) || !ours.runs(storms) {
		t.Error("a slow server runs what is light, others everything")
	}
}

func TestRun_saysWhereTheGeneratorIsMissing(t *testing.T) {
	if err := run(t.Context(), options{peers: t.TempDir()}); err == nil || !strings.Contains(err.Error(), "BENCH=") {
		t.Errorf("%v", err)
	}
}

func TestQuantile_isTheValueThatAShareDoesNotExceed(t *testing.T) {
	values := []float64{5, 1, 4, 2, 3}
	for share, want := range map[float64]float64{0: 1, 0.5: 3, 0.99: 5, 1: 5} {
		if got := quantile(values, share); got != want {
			t.Errorf("%v: %v, want %v", share, got, want)
		}
	}
}
