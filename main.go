// Messagerie: instant messaging for schools, as one program.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/cmd"
	"github.com/pocketbase/pocketbase/core"
	"github.com/spf13/cobra"

	"messagerie/hooks"
	"messagerie/hooks/backup"
	"messagerie/hooks/closures"
	"messagerie/hooks/cluster"
	"messagerie/hooks/config"
	"messagerie/hooks/demo"
	"messagerie/hooks/ops"
	"messagerie/hooks/ops/doctor"
	"messagerie/hooks/privacy"
	"messagerie/hooks/roster"
	"messagerie/hooks/search"
	"messagerie/hooks/store"
)

// version is set by the Makefile.
var version = "dev"

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		if errors.Is(err, roster.ErrNeedsDecision) {
			os.Exit(roster.StatusNeedsDecision)
		}
		if errors.Is(err, ops.ErrSchema) || errors.Is(err, backup.ErrUpgrade) {
			os.Exit(ops.StatusSchema)
		}
		if errors.Is(err, doctor.ErrFaults) {
			os.Exit(doctor.StatusFaults)
		}
		os.Exit(1)
	}
}

func run() error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	cfg, err := config.Load(config.Source{
		Args: os.Args[1:], Env: os.Environ(), BinaryDir: filepath.Dir(program)})
	if err != nil {
		return err
	}

	for _, warning := range cfg.Warnings() {
		fmt.Fprintln(os.Stderr, warning)
	}

	node, err := cluster.Of(cfg, slog.New(slog.NewTextHandler(os.Stderr, nil)))
	if err != nil {
		return err
	}
	node.Begin(cluster.BeginOf(os.Args[1:]))

	pocketbase.Version = version
	app := pocketbase.NewWithConfig(pocketbase.Config{
		DefaultDataDir:   cfg.Server.DataDir,
		DBConnect:        node.Connect,
		DataMaxOpenConns: store.DataMaxOpenConns,
		DataMaxIdleConns: store.DataMaxIdleConns,
		AuxMaxOpenConns:  store.AuxMaxOpenConns,
		AuxMaxIdleConns:  store.AuxMaxIdleConns,
	})
	serves := false
	server := hooks.RegisterNode(app, cfg, node, func() bool { return serves })

	app.RootCmd.Use = "messagerie"
	app.RootCmd.Short = "Instant messaging for schools"
	app.RootCmd.PersistentFlags().String("config", "", "the configuration file (default config.yaml beside the program)")

	app.RootCmd.FParseErrWhitelist.UnknownFlags = false

	var failed commandError
	app.RootCmd.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		c.SilenceErrors, c.SilenceUsage = true, true
		return failed.set(err)
	})
	serve, demo := serveCommand(app, cfg), demo.Command(app, cfg)
	imports, yearEnd := roster.Command(app, server.Rosters), roster.YearEndCommand(app, server.Rosters)
	closed, reindex := closures.Command(app, server.Closures), search.Command(app, server.Search)
	health, check, restore := healthCommand(cfg), doctor.Command(app, cfg), backup.RestoreCommand(app)
	nodes := cluster.Command(node, app.DataDir, func() (func(), error) { return ops.LockDataDir(app.DataDir()) })
	backups, superuser := backup.Command(server.Backups), cmd.NewSuperuserCommand(app)
	app.RootCmd.AddCommand(
		failing(serve, &failed),
		failing(demo, &failed),
		failing(privacy.ExportCommand(app), &failed),
		failing(imports, &failed),
		failing(yearEnd, &failed),
		failing(closed, &failed),
		failing(reindex, &failed),
		failing(superuser, &failed),
		failing(backups, &failed),
		nodes,
		health,
		failing(restore, &failed),
		check,
	)
	command, err := ops.CheckCall(app.RootCmd, os.Args[1:])
	if err != nil {
		return err
	}
	if command != nil && command != health {
		if err := ops.CheckOwner(app.DataDir()); err != nil {
			return err
		}
	}
	ops.KeepPrivate()
	serves = command == serve
	if command == nil || command == health || command == check || command == nodes || command.Parent() == nodes { // without opening the database, which the server has open, or which is broken
		return app.RootCmd.Execute()
	}
	if command.Parent() == backups && command.Name() == "verify" {
		return interruptible(app)
	}
	begins := command == demo || command.Parent() == superuser // in a directory without data
	changesData := command == imports || command == yearEnd || command.Parent() == closed
	if node != nil && (begins || changesData || command == restore) {
		return fmt.Errorf("%s isn't possible in a cluster: see /aide/grappe/", command.CommandPath())
	}
	if command == restore { // as well, so that it can exchange the database
		unlock, err := ops.LockDataDir(app.DataDir())
		if err != nil {
			return err
		}
		defer unlock()
		return interruptible(app)
	}
	if command != serve && (!begins || backup.Unfinished(app.DataDir())) {
		if err := backup.RequireData(app.DataDir()); err != nil {
			return err
		}
	}
	ops.BindDataDir(app)
	if command == backups || command.Parent() == backups {
		return bootstrapped(app, interruptible)
	}
	if command == serve || command == demo || command == reindex || changesData {
		ops.BindDataDirLock(app)
		if command != demo { // which looks first whether the data are its own
			backup.BindUpgrade(app, cfg.Backup, cfg.Storage)
		}
	}
	err = errors.Join(app.Execute(), failed.get())
	if changesData && errors.Is(err, ops.ErrDataDirInUse) {
		return fmt.Errorf("%w\n%s", err, roster.UsePage)
	}
	return err
}

// interruptible runs a command that a signal ends: its context is cancelled then, and what it has begun is removed before
// the program ends, with its error. PocketBase's Execute wouldn't wait for that.
func interruptible(app *pocketbase.PocketBase) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends it at once
	err := app.RootCmd.ExecuteContext(ctx)
	if err != nil && ctx.Err() != nil {
		return fmt.Errorf("interrupted: %w", err)
	}
	return err
}

// bootstrapped runs what needs the database, as PocketBase's Execute does.
func bootstrapped(app *pocketbase.PocketBase, run func(*pocketbase.PocketBase) error) error {
	if err := app.Bootstrap(); err != nil {
		return err
	}
	err := run(app)
	event := &core.TerminateEvent{App: app}
	return errors.Join(err, app.OnTerminate().Trigger(event, func(e *core.TerminateEvent) error { return e.App.ResetBootstrapState() }))
}

// serveCommand is PocketBase's; by default it listens on the configured address.
func serveCommand(app *pocketbase.PocketBase, cfg config.Config) *cobra.Command {
	serve := cmd.NewServeCommand(app, true)
	serve.Short = "Start the server"
	cluster.AddFlags(serve)
	address := serve.PersistentFlags().Lookup("http")
	address.Usage = "address to listen on for HTTP (with domains: 0.0.0.0:80)"
	address.DefValue = cfg.Server.Address
	origins := serve.PersistentFlags().Lookup("origins")
	origins.Hidden = true
	inner := serve.RunE
	serve.RunE = func(c *cobra.Command, domains []string) error {
		if origins.Changed {
			return errors.New("--origins: use server.allowed_origins, which applies to sockets as well")
		}
		if !address.Changed && (len(domains) == 0 || cfg.Named("server.address")) {
			if err := address.Value.Set(cfg.Server.Address); err != nil {
				return err
			}
		}
		return inner(c, domains)
	}
	return serve
}

// healthTimeout is how long a healthy server may take to respond; Docker's health check
// times out at the same time.
const healthTimeout = 5 * time.Second

// healthCommand checks whether the running server is healthy. It is Docker's health check
// in an image that contains only this program.
func healthCommand(cfg config.Config) *cobra.Command {
	var url string
	health := &cobra.Command{
		Use:           "health",
		Short:         "Check whether a running server is healthy",
		Args:          cobra.NoArgs,
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE: func(*cobra.Command, []string) error {
			ctx, cancel := context.WithTimeout(context.Background(), healthTimeout)
			defer cancel()
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
			if err != nil {
				return err
			}
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				return err
			}
			defer resp.Body.Close()
			if resp.StatusCode != http.StatusOK {
				return fmt.Errorf("%s returned %s", url, resp.Status)
			}
			return nil
		},
	}
	health.Flags().StringVar(&url, "url", "http://"+reachable(cfg.Server.Address)+"/api/health", "address to check")
	return health
}

// reachable returns an address to connect to for one to listen on: this machine for every interface.
func reachable(address string) string {
	host, port, err := net.SplitHostPort(address)
	if ip := net.ParseIP(host); err == nil && (host == "" || ip != nil && ip.IsUnspecified()) {
		return net.JoinHostPort("127.0.0.1", port)
	}
	return address
}

// commandError is the error of the command that ran: PocketBase's Execute drops it, and on a
// signal may return before the command has ended.
type commandError struct {
	mu  sync.Mutex
	err error
}

func (e *commandError) set(err error) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.err = err
	return err
}

func (e *commandError) get() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.err
}

// failing records the error of a command, so that the program exits with status 1.
func failing(command *cobra.Command, failed *commandError) *cobra.Command {
	for _, c := range append(command.Commands(), command) {
		if inner := c.RunE; inner != nil {
			c.RunE = func(c *cobra.Command, args []string) error {
				err := failed.set(inner(c, args))
				c.SilenceErrors = true
				return err
			}
		}
	}
	return command
}
