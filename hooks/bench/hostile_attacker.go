package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// Attackers have machines of their own. Here they have a process of their own, with the
// lowest priority: what the pair waits for is the server, not the processor time of an attacker.

// attacker is the process that attacks.
type attacker struct {
	attack           string // its whole name
	address, dataset string
	lasts            time.Duration
	brief            bool
}

// attackReport is what it prints in the end.
type attackReport struct {
	Done     int64          `json:"done"`
	Seconds  float64        `json:"seconds"`
	Outcomes map[string]int `json:"outcomes"`
}

// startAttacker runs an attack in a process of its own, and waits for its end.
func (h hostile) startAttacker(a attack, address string) (report attackReport, err error) {
	args := []string{"-n", "19", h.attacker, "-attack", a.name, "-address", address, "-dataset", h.setup.dataset(), "-lasts", h.lasts.String()}
	if h.brief {
		args = append(args, "-brief")
	}
	command := exec.CommandContext(h.setup.ctx, "nice", args...)
	out, err := command.Output()
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		return report, fmt.Errorf("the attacker: %w: %s", err, exit.Stderr)
	}
	return report, errors.Join(err, json.Unmarshal(out, &report))
}

// run attacks, and prints the report.
func (a attacker) run(ctx context.Context, out io.Writer) error {
	i := slices.IndexFunc(attacks(), func(known attack) bool { return known.name == a.attack })
	if i < 0 {
		return fmt.Errorf("there is no attack %q", a.attack)
	}
	raw, err := os.ReadFile(a.dataset)
	if err != nil {
		return err
	}
	var people dataset
	if err := json.Unmarshal(raw, &people); err != nil {
		return err
	}
	attack, t := attacks()[i], newTarget(ctx, a.address, people)
	began := time.Now()
	during, end := t.lasting(a.lasts, attack.wanted(a.brief))
	defer end()
	attack.run(during)
	<-during.ctx.Done() // where it gave up before
	return json.NewEncoder(out).Encode(t.report(time.Since(began)))
}

// each is how much was done a second.
func (r attackReport) each() float64 { return float64(r.Done) / max(r.Seconds, 1e-9) }

// missing are those of the outcomes that didn't come.
func (r attackReport) missing(want []string) (missing []string) {
	for _, outcome := range want {
		if r.Outcomes[outcome] == 0 {
			missing = append(missing, outcome)
		}
	}
	return missing
}

// shares are those of the four most frequent outcomes, such as "200 98%, 429 too_many_requests 2%".
func (r attackReport) shares() string {
	all := 0
	for _, n := range r.Outcomes {
		all += n
	}
	often := slices.SortedFunc(maps.Keys(r.Outcomes), func(a, b string) int {
		return cmp.Or(cmp.Compare(r.Outcomes[b], r.Outcomes[a]), cmp.Compare(a, b))
	})
	var words []string
	for _, outcome := range often[:min(4, len(often))] {
		words = append(words, fmt.Sprintf("%s %s", outcome, share(r.Outcomes[outcome], all)))
	}
	return strings.Join(words, ", ")
}

func share(part, all int) string {
	if percent := (100*part + all/2) / all; percent > 0 {
		return fmt.Sprintf("%d%%", percent)
	}
	return "<1%"
}
