package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
)

// line is printed as soon as the attack is over.
func (r result) line() string {
	return fmt.Sprintf("%s: %.0f a second (%s); p50 %.1f, p99 %.1f, at most %.1f ms; %.2f cores; memory %.0f, %.0f, %.0f MiB; %s",
		r.attack.name, r.each, r.responses, quantile(r.took, 0.5), quantile(r.took, 0.99), slices.Max(r.took), r.cores, r.before, r.highest, r.last, r.verdict())
}

// holds is the verdict on a server that withstands.
const holds = "holds"

// verdict includes the latency, which depends on the machine.
func (r result) verdict() string {
	if broken := r.broken(); broken != "" {
		return broken
	}
	if p99 := quantile(r.took, 0.99); p99 >= mostLatency {
		return "slow"
	}
	return holds
}

// writeResults prints the table.
func writeResults(out io.Writer, all []result) {
	fmt.Fprintf(out, "\nThe two have a message of each other within (p99) %.0f ms; the server grows by less than %d MiB, to less than %d. "+
		"Attackers share the machine at the lowest priority: where \"nothing\" is slow, something else keeps it busy.\n\n",
		mostLatency, mostGrowth, mostMemory)
	fmt.Fprintln(out, "| attack | a second | responses | two people: p50, ms | p99 | most | server, cores | memory before, MiB | most | afterwards | log, KiB | |")
	fmt.Fprintln(out, "|---|---|---|---|---|---|---|---|---|---|---|---|")
	for _, r := range all {
		fmt.Fprintf(out, "| %s | %.0f | %s | %.1f | %.1f | %.1f | %.2f | %.0f | %.0f | %.0f | %d | %s |\n", r.attack.name, r.each, r.responses,
			quantile(r.took, 0.5), quantile(r.took, 0.99), slices.Max(r.took), r.cores, r.before, r.highest, r.last, r.log/1024, r.verdict())
	}
}

// faultsOf names the attacks that the server doesn't withstand; nil for none.
func faultsOf(all []result) error {
	var faults []error
	for _, r := range all {
		if verdict := r.verdict(); verdict != holds {
			faults = append(faults, fmt.Errorf("%s: %s", r.attack.name, verdict))
		}
	}
	return errors.Join(faults...)
}
