package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"
)

// report is what the load generator says about a run, as far as it is shown.
type report struct {
	OK                  bool    `json:"ok"`
	MessagesPerSecond   float64 `json:"messages_per_second"`
	DeliveriesPerSecond float64 `json:"deliveries_per_second"`
	ServerCores         float64 `json:"server_cpu_cores"`
	ClosedEarly         int     `json:"closed_early"`
	IncompleteLists     int     `json:"incomplete_lists"`
	SendToAll           struct {
		P50 float64 `json:"p50_ms"`
		P99 float64 `json:"p99_ms"`
	} `json:"send_to_all"`
	Memory struct {
		RSSPerConnection int64 `json:"rss_per_connection"`
	} `json:"memory"`
	Churn []struct {
		AllReadySeconds float64 `json:"all_ready_s"`
	} `json:"churn"`
	Correctness struct {
		Sent             int            `json:"sent"`
		Lost             int            `json:"lost"`
		Duplicated       int            `json:"duplicated"`
		Corrupted        int            `json:"corrupted"`
		Misdelivered     int            `json:"misdelivered"`
		SenderReordered  int            `json:"sender_reordered"`
		OrderRegressions int            `json:"order_regressions"`
		Disagreements    int            `json:"order_disagreements"`
		HistoryChecked   int            `json:"history_messages_checked"`
		HistoryWrong     int            `json:"history_wrong"`
		Problems         map[string]int `json:"problems"`
	} `json:"correctness"`
}

func (r report) costOfMessage() float64 {
	return r.ServerCores * 1e6 / max(r.MessagesPerSecond, 1e-9)
}

func (r report) stormSeconds() float64 {
	var seconds []float64
	for _, c := range r.Churn {
		seconds = append(seconds, c.AllReadySeconds)
	}
	return median(seconds)
}

// isGood says that a run counts. Order is a fault where it is promised.
func (r report) isGood(s server) bool {
	c := r.Correctness
	return r.OK && (!s.keepsOrder || c.SenderReordered+c.OrderRegressions+c.Disagreements == 0)
}

func (r report) line(s server) string {
	if r.isGood(s) {
		return fmt.Sprintf("%.0f messages a second, %d sent, %d read back", r.MessagesPerSecond, r.Correctness.Sent, r.Correctness.HistoryChecked)
	}
	c := r.Correctness
	return fmt.Sprintf("DOESN'T COUNT: %d lost, %d doubled, %d altered, %d misdelivered, %d out of order, %d wrong in the history, %d sockets closed, %d lists incomplete %v",
		c.Lost, c.Duplicated, c.Corrupted, c.Misdelivered, c.SenderReordered+c.OrderRegressions+c.Disagreements, c.HistoryWrong,
		r.ClosedEarly, r.IncompleteLists, c.Problems)
}

// generate runs the load generator. A run with faults is a report, not an error.
func (s setup) generate(r running, w workload) (report, error) {
	args := append(slices.Clone(w.args), r.args...)
	args = append(args, "-json", "-server-pid", r.pids)
	command := exec.CommandContext(s.ctx, s.loadgen(), args...)
	var out, said bytes.Buffer
	command.Stdout, command.Stderr = &out, &said
	err := command.Run()
	var got report
	if jsonErr := json.Unmarshal(out.Bytes(), &got); jsonErr != nil {
		return got, errors.Join(fmt.Errorf("loadgen %s: %s", w.args[0], strings.TrimSpace(said.String())), err, jsonErr)
	}
	return got, nil
}

func (s setup) loadgen() string { return s.bench + "/loadgen/loadgen" }

func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return (sorted[(len(sorted)-1)/2] + sorted[len(sorted)/2]) / 2
}
