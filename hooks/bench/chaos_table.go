package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// line is printed as soon as a fault is over.
func (s suffered) line() string {
	if s.skipped != nil {
		return fmt.Sprintf("%s: %v", s.fault, s.skipped)
	}
	return fmt.Sprintf("%s, %d times: %d acknowledged, %s; served after %.2f s, at most %.2f s", s.fault, s.times, s.acknowledged, s.checked,
		median(s.served), slices.Max(s.served))
}

// writeChaos prints the table.
func writeChaos(out io.Writer, seed uint64, all []suffered) {
	fmt.Fprintf(out, "\n%d writers, moments of seed %d. Served: from the server's start, or the end of the fault, to the first acknowledgement.\n\n", writers, seed)
	fmt.Fprintln(out, "| fault | times | acknowledged | lost | doubled | out of order | served, s: median | most |")
	fmt.Fprintln(out, "|---|---|---|---|---|---|---|---|")
	for _, s := range all {
		if s.skipped != nil {
			fmt.Fprintf(out, "| %s | %s | | | | | | |\n", s.fault, strings.ReplaceAll(strings.TrimSpace(s.skipped.Error()), "\n", " "))
			continue
		}
		fmt.Fprintf(out, "| %s | %d | %d | %d | %d | %d | %.2f | %.2f |\n", s.fault, s.times, s.acknowledged, s.lost, s.doubled, s.reordered,
			median(s.served), slices.Max(s.served))
	}
}

// brokenBy names the faults after which something was lost, doubled or out of order; nil for none.
func brokenBy(all []suffered) error {
	var broken []error
	for _, s := range all {
		if s.isBroken() {
			broken = append(broken, fmt.Errorf("%s: %s", s.fault, s.checked))
		}
	}
	return errors.Join(broken...)
}
