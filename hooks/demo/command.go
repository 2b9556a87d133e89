// Package demo is `messagerie demo`: it fills an empty data directory with a small
// believable French school and serves it.
//
// What it writes is written in one transaction, together with a mark (marker.go)
// by which it knows its own directory again: a crash leaves either all of it or
// nothing, and a directory that holds anything without the mark is a real school,
// which it refuses before touching it.
//
// The school itself stands in tables: people.go and conversations.go. school.go
// writes them, through the same rules as everybody.
package demo

import (
	"context"
	"net"
	"time"

	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/spf13/cobra"

	"messagerie/hooks/config"
)

// Command is `messagerie demo`. It runs until the app is terminated.
func Command(app *pocketbase.PocketBase, cfg config.Config) *cobra.Command {
	var address string
	command := &cobra.Command{
		Use:   "demo",
		Short: "Fill an empty data directory with a small school and serve it",
		Long: "Fills an empty data directory with a small French school and serves it. A second start\n" +
			"keeps what was written. A directory that holds a real school is refused.",
		Args:         cobra.NoArgs,
		SilenceUsage: true,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := Prepare(app, time.Now()); err != nil {
				return err
			}
			bindWelcome(app, address, c)
			return apis.Serve(app, apis.ServeConfig{HttpAddr: address})
		},
	}
	command.Flags().StringVar(&address, "http", cfg.Server.Address, "address to listen on for HTTP")
	return command
}

// bindWelcome prints the logins once the server listens, and not before: who reads
// them can open the page.
func bindWelcome(app core.App, address string, c *cobra.Command) {
	app.OnServe().BindFunc(func(se *core.ServeEvent) error {
		// Opened here, because only the listener knows the port when :0 was asked for.
		listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", address)
		if err != nil {
			return err
		}
		se.Listener = listener
		se.InstallerFunc = nil // there is a superuser already; no browser need pop up
		if err := se.Next(); err != nil {
			return err
		}
		return welcome(c.OutOrStdout(), se.App, listener.Addr())
	})
}
