// Package doctor checks what a server needs, beside a running one or before the first start, and says what to do.
package doctor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/spf13/cobra"

	"messagerie/hooks/config"
)

// ErrFaults is why the command doesn't end with the status 0: something keeps the server from working.
var ErrFaults = errors.New("the server doesn't work as it should")

// StatusFaults is the program's exit status then. Warnings alone leave it at 0.
const StatusFaults = 3

// State is how a check ended.
type State string

// The states of a Finding.
const (
	OK      State = "ok"
	Warning State = "warning" // it works, but not for long, or not for everybody
	Fault   State = "fault"
	Skipped State = "skipped"
)

var marks = map[State]string{OK: "✓", Warning: "!", Fault: "✗", Skipped: "–"}

// Finding is the outcome of one check.
type Finding struct {
	Check  string `json:"check"`
	State  State  `json:"state"`
	Text   string `json:"text"`
	Advice string `json:"advice"` // what to do; empty if nothing is
}

// Resolver looks DNS up, as net.Resolver does.
type Resolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
}

// Doctor checks one installation.
type Doctor struct {
	App      core.App // not bootstrapped
	Config   config.Config
	Offline  bool   // asks nobody else: neither the mail server, nor the public URL, nor DNS
	Selector string // of DKIM; some usual ones if it is empty

	Resolver Resolver
	Client   *http.Client
	Now      func() time.Time

	settings  *core.Settings // nil if the database can't be read
	isRunning bool           // a server, or a command that changes data, has the data directory
	findings  []Finding
}

// Command is `messagerie doctor`.
func Command(app core.App, cfg config.Config) *cobra.Command {
	d := &Doctor{App: app, Config: cfg, Resolver: net.DefaultResolver, Client: &http.Client{Timeout: 10 * time.Second}, Now: time.Now}
	var asJSON bool
	command := &cobra.Command{
		Use:   "doctor",
		Short: "Check the data directory, the disk, the address, the certificate, mail and the backups",
		Long: "Checks what the server needs, beside a running one or before the first start, and says what to do.\n" +
			"The exit status is 0 if nothing keeps the server from working, 3 otherwise. No mail is sent, and nothing is changed.",
		Args: cobra.NoArgs, SilenceUsage: true, SilenceErrors: true,
		RunE: func(c *cobra.Command, _ []string) error {
			findings := d.Run(c.Context())
			if err := show(c.OutOrStdout(), findings, asJSON); err != nil {
				return err
			}
			for _, f := range findings {
				if f.State == Fault {
					return ErrFaults
				}
			}
			return nil
		},
	}
	command.Flags().BoolVar(&d.Offline, "offline", false, "leave out what needs a network")
	command.Flags().BoolVar(&asJSON, "json", false, "as a JSON array")
	command.Flags().StringVar(&d.Selector, "dkim-selector", "", "the selector of the DKIM key, as the mail provider names it (default: some usual ones are tried)")
	return command
}

// Run makes all checks, in the order in which a fault of one explains those of the next.
func (d *Doctor) Run(ctx context.Context) []Finding {
	if ctx == nil {
		ctx = context.Background()
	}
	d.configuration()
	d.directory()
	d.disk()
	d.database()
	d.backup()
	d.backupPlace()
	d.address(ctx)
	d.publicURL(ctx)
	d.mail()
	d.dns(ctx)
	return d.findings
}

func (d *Doctor) note(check string, state State, advice, format string, values ...any) {
	d.findings = append(d.findings, Finding{Check: check, State: state, Text: fmt.Sprintf(format, values...), Advice: advice})
}

func show(w io.Writer, findings []Finding, asJSON bool) error {
	if asJSON {
		encoder := json.NewEncoder(w)
		encoder.SetIndent("", "  ")
		return encoder.Encode(findings)
	}
	for _, f := range findings {
		line := fmt.Sprintf("%s %s: %s.", marks[f.State], f.Check, f.Text)
		if f.Advice != "" {
			line += " " + f.Advice + "."
		}
		if _, err := fmt.Fprintln(w, line); err != nil {
			return err
		}
	}
	return nil
}

func (d *Doctor) configuration() {
	file := d.Config.File()
	if file == "" {
		file = "no file"
	}
	warnings := d.Config.Warnings()
	for _, warning := range warnings {
		d.note("configuration", Warning, "", "%s", warning)
	}
	if len(warnings) == 0 { // an unknown key would have ended the program
		d.note("configuration", OK, "", "%s, every key is known", file)
	}
}
