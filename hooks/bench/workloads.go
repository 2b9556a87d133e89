package main

import (
	"strconv"
	"time"
)

// plan is what is measured, and how often.
type plan struct {
	rounds    int
	people    int
	messages  int // in the database before
	workloads []workload
}

// workload is one run of the load generator.
type workload struct {
	name    string
	args    []string
	once    bool // in all, not in each round: it has rounds of its own, or is steady
	heavy   bool // too much for servers that take a share of everybody online for each message
	figures []figure
}

// figure is what a row of the table shows of a run.
type figure struct {
	name   string
	of     func(report) float64
	format string
}

var (
	rate       = figure{"messages a second", func(r report) float64 { return r.MessagesPerSecond }, "%.0f"}
	deliveries = figure{"deliveries a second", func(r report) float64 { return r.DeliveriesPerSecond }, "%.0f"}
	cost       = figure{"processor time a message, µs", report.costOfMessage, "%.0f"}
	p50        = figure{"send to all, p50, ms", func(r report) float64 { return r.SendToAll.P50 }, "%.1f"}
	p99        = figure{"send to all, p99, ms", func(r report) float64 { return r.SendToAll.P99 }, "%.1f"}
	memory     = figure{"resident memory of each, KiB", func(r report) float64 { return float64(r.Memory.RSSPerConnection) / 1024 }, "%.1f"}
	storm      = figure{"all have their list after, s", report.stormSeconds, "%.2f"}
)

func planOf(quick bool) plan {
	p := plan{rounds: 5, people: 10080, messages: 100_000}
	duration, idle, storming := 8*time.Second, 10_000, 2000
	if quick {
		p = plan{rounds: 1, people: 2520, messages: 20_000}
		duration, idle, storming = 3*time.Second, 2000, 500
	}
	lasting := []string{"-duration", duration.String(), "-warmup", "2s"}
	with := func(args ...string) []string { return append(args, lasting...) }
	number := strconv.Itoa
	p.workloads = []workload{{
		name: "conversations of 2, 200 online, 1 message in flight each",
		args: with("throughput", "-connections", "200", "-size", "2", "-in-flight", "1"), figures: []figure{rate, cost, p99},
	}, {
		name: "… 4 in flight", heavy: true,
		args: with("throughput", "-connections", "200", "-size", "2", "-in-flight", "4"), figures: []figure{rate, cost},
	}, {
		name: "groups of 30, 300 online", heavy: true,
		args: with("throughput", "-connections", "300", "-size", "30", "-in-flight", "1"), figures: []figure{deliveries, cost},
	}, {
		name: "200 messages a second, 200 online", heavy: true,
		args: with("latency", "-connections", "200", "-size", "2", "-rate", "200"), figures: []figure{p50, p99},
	}, {
		name: number(idle) + " idle, 20 messages a second among 20 others", once: true, heavy: true,
		args: with("connections", "-connections", "20", "-size", "2", "-idle", number(idle), "-rate", "20"), figures: []figure{memory, p99},
	}, {
		name: number(storming) + " reconnecting at once", once: true, heavy: true,
		args: with("churn", "-connections", number(storming), "-size", "2", "-rate", "20", "-rounds", "3"), figures: []figure{storm},
	}}
	return p
}
