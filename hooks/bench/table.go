package main

import (
	"fmt"
	"io"
	"strings"
)

// results are the runs of each server, by workload.
type results map[string]map[string]*outcome

// outcome is what several runs of one workload gave.
type outcome struct {
	good   []report
	faulty int
}

func (r results) add(s server, w workload, got report) {
	if r[s.name] == nil {
		r[s.name] = map[string]*outcome{}
	}
	o := r[s.name][w.name]
	if o == nil {
		o = &outcome{}
		r[s.name][w.name] = o
	}
	if got.isGood(s) {
		o.good = append(o.good, got)
	} else {
		o.faulty++
	}
}

// value is the median of the runs that count.
func (r results) value(server string, w workload, f figure) (value float64, ok bool) {
	o := r[server][w.name]
	if o == nil || len(o.good) == 0 {
		return 0, false
	}
	values := make([]float64, len(o.good))
	for i, report := range o.good {
		values[i] = f.of(report)
	}
	return median(values), true
}

// write prints the table: each figure of the first server, then of the others, with
// how many times theirs the first one's is.
func (r results) write(out io.Writer, p plan, servers []server) {
	runs := "One run of each"
	if p.rounds > 1 {
		runs = fmt.Sprintf("Medians of %d runs in turn, but one of idle sockets and of storms", p.rounds)
	}
	fmt.Fprintf(out, "\n%s. In brackets: how many times as much %s has.\n\n", runs, servers[0].name)
	fmt.Fprint(out, "| |")
	for _, s := range servers {
		fmt.Fprintf(out, " %s |", s.name)
	}
	fmt.Fprintf(out, "\n|%s\n", strings.Repeat("---|", len(servers)+1))
	for _, w := range p.workloads {
		for i, f := range w.figures {
			name := "… " + f.name
			if i == 0 {
				name = w.name + ": " + f.name
			}
			fmt.Fprintf(out, "| %s |", name)
			for _, s := range servers {
				fmt.Fprintf(out, " %s |", r.cell(s, servers[0], w, f))
			}
			fmt.Fprintln(out)
		}
	}
}

func (r results) cell(s, first server, w workload, f figure) string {
	value, ok := r.value(s.name, w, f)
	if !ok {
		if o := r[s.name][w.name]; o != nil {
			return "faults"
		}
		return "–"
	}
	text := fmt.Sprintf(f.format, value)
	if ours, ok := r.value(first.name, w, f); ok && s.name != first.name && value > 0 {
		text += fmt.Sprintf(" (%.3g)", ours/value)
	}
	if o := r[s.name][w.name]; o.faulty > 0 {
		text += fmt.Sprintf(", %d left out", o.faulty)
	}
	return text
}

// faultsOf is an error if a run of a server didn't count.
func (r results) faultsOf(server string) error {
	faulty := 0
	for _, o := range r[server] {
		faulty += o.faulty
	}
	if faulty > 0 {
		return fmt.Errorf("%d runs of %s had faults", faulty, server)
	}
	return nil
}
