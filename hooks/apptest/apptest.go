// Package apptest gives tests the real thing: the whole app, with its migrations
// and hooks, on a database of its own and a real port. Only tests import it.
package apptest

import (
	"log/slog"
	"math"
	"net"
	"net/http"
	"runtime/debug"
	"sync/atomic"
	"testing"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"

	"messagerie/hooks"
	"messagerie/hooks/apptest/plainapp"
	"messagerie/hooks/cluster"
	"messagerie/hooks/config"
	"messagerie/hooks/store"
)

// App is a running server.
type App struct {
	core.App
	*hooks.Server
	Node *cluster.Node // nil of a single machine
	URL  string        // http://127.0.0.1:port, without a trailing slash
	Dir  string        // of the data
	Err  *Lines        // what the log has written to standard error

	t      testing.TB
	over   http.RoundTripper // nil for the usual one
	stop   func()
	router *router.Router[*core.RequestEvent]
	gather atomic.Pointer[gathering]
}

// New starts a server on an empty database and stops it when the test ends.
// Each change touches the default configuration first.
func New(t testing.TB, changes ...func(*config.Config)) *App {
	t.Helper()
	return Open(t, plainapp.DataDir(t), changes...)
}

// Open starts a server on the data of dir, such as those of a server that was
// stopped before.
func Open(t testing.TB, dir string, changes ...func(*config.Config)) *App {
	t.Helper()
	return open(t, dir, store.Connect, changes...)
}

// At is a server that runs elsewhere, in a process of its own, say: only its URL can be used.
func At(t testing.TB, url string) *App { return &App{URL: url, t: t} }

// Over makes requests go through a proxy, say.
func (a *App) Over(transport http.RoundTripper) *App {
	a.over = transport
	return a
}

// OpenNode starts a machine of a cluster, which change configures.
func OpenNode(t testing.TB, dir string, begin cluster.Begin, change func(*config.Config)) *App {
	t.Helper()
	cfg := config.Default()
	change(&cfg)
	node, err := cluster.Of(cfg, slog.New(slog.NewTextHandler(t.Output(), nil)))
	if err != nil {
		t.Fatal(err)
	}
	node.Begin(begin)
	a := openApp(t, dir, node.Connect, cfg, node)
	a.Node = node
	return a
}

func open(t testing.TB, dir string, connect core.DBConnectFunc, changes ...func(*config.Config)) *App {
	t.Helper()
	cfg := config.Default()
	for _, change := range changes {
		change(&cfg)
	}
	return openApp(t, dir, connect, cfg, nil)
}

func openApp(t testing.TB, dir string, connect core.DBConnectFunc, cfg config.Config, node *cluster.Node) *App {
	t.Helper()
	base := baseConfig(dir)
	base.DBConnect = connect
	app := core.NewBaseApp(base)
	server := hooks.RegisterNode(app, cfg, node, func() bool { return true })
	if err := app.Bootstrap(); err != nil {
		t.Fatal("bootstrap:", err)
	}
	a := &App{App: app, Server: server, Dir: dir, Err: &Lines{}, t: t}
	server.Log.SetOutput(a.Err)
	a.serve()
	t.Cleanup(a.Stop)
	return a
}

// Stop ends the server as a signal would. A second call does nothing.
func (a *App) Stop() {
	a.t.Helper()
	if a.stop != nil {
		a.stop()
		a.stop = nil
	}
}

func (a *App) serve() {
	a.t.Helper()
	listening := make(chan string, 1)
	ended := make(chan error, 1)
	// The first to be called, so that what the others do after the next one is done as well once a test begins.
	a.OnServe().Bind(&hook.Handler[*core.ServeEvent]{Priority: math.MinInt, Func: func(se *core.ServeEvent) error {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		se.Listener, se.InstallerFunc = listener, nil
		a.router = se.Router
		se.Router.Bind(&hook.Handler[*core.RequestEvent]{Priority: math.MinInt, Func: a.gathered})
		if err := se.Next(); err != nil {
			return err
		}
		listening <- "http://" + listener.Addr().String()
		return nil
	}})
	go func() { ended <- apis.Serve(a.App, apis.ServeConfig{}) }()
	select {
	case a.URL = <-listening:
		// Collecting garbage less often saves processor time, most of all with the race detector. The end of another app has reset it.
		debug.SetGCPercent(400)
	case err := <-ended:
		a.t.Fatal("serve:", err)
	}
	a.stop = func() {
		if err := plainapp.Terminate(a.App); err != nil {
			a.t.Error("stop:", err)
		}
		if err := <-ended; err != nil {
			a.t.Error("serve:", err)
		}
	}
}

func baseConfig(dir string) core.BaseAppConfig {
	return core.BaseAppConfig{
		DataDir:          dir,
		DBConnect:        store.Connect,
		DataMaxOpenConns: store.DataMaxOpenConns,
		DataMaxIdleConns: store.DataMaxIdleConns,
	}
}
