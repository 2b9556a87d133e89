package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
)

// line is what is said of an ordeal as soon as it is over.
func (o ordeal) line() string {
	return fmt.Sprintf("%s: %.0f a second (%s); p50 %.1f, p99 %.1f, at most %.1f ms; %.2f cores; memory %.0f, %.0f, %.0f MiB; %s",
		o.attack.name, o.each, o.answers, quantile(o.took, 0.5), quantile(o.took, 0.99), slices.Max(o.took), o.cores, o.before, o.highest, o.last, o.verdict())
}

// holds is the verdict on a server that withstands.
const holds = "holds"

// verdict judges the latency, too, which only somebody who knows the machine can.
func (o ordeal) verdict() string {
	if broken := o.broken(); broken != "" {
		return broken
	}
	if p99 := quantile(o.took, 0.99); p99 >= mostLatency {
		return "slow"
	}
	return holds
}

// writeOrdeals prints the table.
func writeOrdeals(out io.Writer, all []ordeal) {
	fmt.Fprintf(out, "\nThe two have a message of each other within (p99) %.0f ms; the server grows by less than %d MiB, to less than %d. "+
		"Attackers, the two and the server share the machine: where \"nothing\" is slow, something else keeps it busy.\n\n",
		mostLatency, mostGrowth, mostMemory)
	fmt.Fprintln(out, "| attack | a second | responses | two people: p50, ms | p99 | most | server, cores | memory before, MiB | most | afterwards | log, KiB | |")
	fmt.Fprintln(out, "|---|---|---|---|---|---|---|---|---|---|---|---|")
	for _, o := range all {
		fmt.Fprintf(out, "| %s | %.0f | %s | %.1f | %.1f | %.1f | %.2f | %.0f | %.0f | %.0f | %d | %s |\n", o.attack.name, o.each, o.answers,
			quantile(o.took, 0.5), quantile(o.took, 0.99), slices.Max(o.took), o.cores, o.before, o.highest, o.last, o.log/1024, o.verdict())
	}
}

// faultsOf names the attacks that the server doesn't withstand; nil for none.
func faultsOf(all []ordeal) error {
	var faults []error
	for _, o := range all {
		if verdict := o.verdict(); verdict != holds {
			faults = append(faults, fmt.Errorf("%s: %s", o.attack.name, verdict))
		}
	}
	return errors.Join(faults...)
}
