// Package demo is `messagerie demo`: it fills an empty data directory with a small
// believable French school and serves it.
//
// Everything is written in one transaction, together with a mark (marker.go) by which
// it recognises its own directory: a crash leaves either all of it or nothing, and a
// directory that holds anything without the mark is a real school, which it refuses
// before touching it.
//
// The school itself is in tables: people.go and conversations.go. school.go saves them
// under the same rules as any other record.
//
// If a size is given, a school of that size is generated instead: large.go writes it
// without the rules, in the form in which they would leave it. It is too much for one
// transaction; the mark shows whether it was interrupted.
package demo

import (
	"context"
	"io"
	"net"
	"time"

	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/spf13/cobra"

	"messagerie/hooks/config"
)

// options are the flags of the command.
type options struct {
	address  string
	isLarge  bool
	size     Size
	dataset  string // a file
	fillOnly bool
}

// Command is `messagerie demo`. It runs until the app is terminated.
func Command(app *pocketbase.PocketBase, cfg config.Config) *cobra.Command {
	var o options
	command := &cobra.Command{
		Use:   "demo",
		Short: "Fill an empty data directory with a small school and serve it",
		Long: "Fills an empty data directory with a small French school and serves it. A second start\n" +
			"keeps what was written. A directory that holds a real school is refused.\n\n" +
			"With --people, --conversations-each, --messages or --seed it is a generated school of that\n" +
			"size instead, for measuring: with ten million messages it takes some minutes.",
		Args:         cobra.NoArgs,
		SilenceUsage: true,
		RunE: func(c *cobra.Command, _ []string) error {
			o.isLarge = askedFor(c.Flags())
			if err := o.prepare(app, c.ErrOrStderr()); err != nil {
				return err
			}
			if o.fillOnly {
				return nil
			}
			bindWelcome(app, o.address, c)
			return apis.Serve(app, apis.ServeConfig{HttpAddr: o.address})
		},
	}
	flags := command.Flags()
	flags.StringVar(&o.address, "http", cfg.Server.Address, "address to listen on for HTTP")
	o.size.bind(flags)
	flags.StringVar(&o.dataset, "dataset", "", "write everybody who may log in, with a token, and all conversations to this file (JSON)")
	flags.BoolVar(&o.fillOnly, "fill-only", false, "exit once the directory is filled")
	return command
}

func (o options) prepare(app core.App, shown io.Writer) error {
	var err error
	if o.isLarge {
		err = PrepareLarge(app, o.size, time.Now(), shown)
	} else {
		err = Prepare(app, time.Now())
	}
	if err != nil || o.dataset == "" {
		return err
	}
	return WriteDataset(app, o.dataset)
}

// bindWelcome prints the logins once the server listens: from then on the page can be
// opened.
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
