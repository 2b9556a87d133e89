package cluster

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"messagerie/hooks/store"
)

// served is the app that a node runs.
type served struct {
	node    *Node
	app     core.App
	store   *store.Store
	ready   atomic.Bool // its caches are filled
	serving atomic.Bool
	handler atomic.Pointer[http.Handler]
}

// priorityStart is before everything that opens or reads the database.
const priorityStart = -100_000

// Bind starts the node before the app's database is opened, and stops it last. On a nil node it makes sure that the
// database isn't one of a cluster. serves reports whether this process serves: others only read.
func (n *Node) Bind(app core.App, st *store.Store, serves func() bool) {
	if n == nil {
		refuseMembers(app)
		return
	}
	s := &served{node: n, app: app, store: st}
	st.Join(n)
	n.served.Store(s)
	app.OnBootstrap().Bind(&hook.Handler[*core.BootstrapEvent]{Priority: priorityStart, Func: func(e *core.BootstrapEvent) error {
		if !serves() {
			return e.Next()
		}
		if err := s.start(); err != nil {
			return err
		}
		if err := e.Next(); err != nil {
			return err
		}
		s.begin()
		return nil
	}})
	s.bindDoors()
	app.OnTerminate().Bind(&hook.Handler[*core.TerminateEvent]{Priority: -priorityStart, Func: func(e *core.TerminateEvent) error {
		n.close()
		return e.Next()
	}})
}

// refuseMembers keeps a database that belongs to a cluster from being changed without the others.
func refuseMembers(app core.App) {
	app.OnBootstrap().BindFunc(func(e *core.BootstrapEvent) error {
		if err := e.Next(); err != nil {
			return err
		}
		if e.App.HasTable(stateTable) {
			return fmt.Errorf("%s belongs to a cluster: set cluster.node as before, or run messagerie cluster recover first",
				filepath.Join(e.App.DataDir(), "data.db"))
		}
		return nil
	})
}

// startTimeout is how long a node waits for a leader before it serves what it has.
const startTimeout = 30 * time.Second

func (s *served) start() error {
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	n := s.node
	if err := n.start(ctx, s.app.DataDir()); err != nil {
		return err
	}
	if err := makeAuxiliary(s.app.DataDir(), n.clusterDir()); err != nil {
		return fmt.Errorf("make auxiliary.db: %w", err)
	}
	pending, err := n.pendingMigrations()
	if err != nil || !pending && !n.begin.Init {
		return err
	}
	// The schema is changed by the leader alone: this node has to be it.
	if !n.cfg.Voter {
		return errors.New("this version changes the schema, which a node that votes has to do: update one of those first")
	}
	if err := n.takeLead(ctx); err != nil {
		return fmt.Errorf("this version changes the schema, for which this node has to lead: %w", err)
	}
	return nil
}

// makeAuxiliary makes auxiliary.db, which each node has of its own, if it is missing: PocketBase would do that by a
// migration, which it notes in data.db.
func makeAuxiliary(dir, within string) error {
	path := filepath.Join(dir, "auxiliary.db")
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	temporary, err := os.MkdirTemp(within, "auxiliary-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(temporary) }()
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: temporary})
	err = app.Bootstrap()
	err = errors.Join(err, app.OnTerminate().Trigger(&core.TerminateEvent{App: app}, func(e *core.TerminateEvent) error {
		return e.App.ResetBootstrapState()
	}))
	if err != nil {
		return err
	}
	return os.Rename(filepath.Join(temporary, "auxiliary.db"), path)
}

// pendingMigrations reports whether the database lacks migrations of this program.
func (n *Node) pendingMigrations() (pending bool, err error) {
	f, err := openFile(n.file.path) // the node's own connection belongs to the log by now
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, f.close()) }()
	rows, err := f.query("SELECT 1 FROM sqlite_schema WHERE name = '_migrations'")
	if err != nil || len(rows) == 0 {
		return true, err
	}
	if rows, err = f.query("SELECT file FROM _migrations"); err != nil {
		return false, err
	}
	var applied []string
	for _, row := range rows {
		if name, ok := row[0].(string); ok {
			applied = append(applied, name)
		}
	}
	for _, list := range []core.MigrationsList{core.SystemMigrations, core.AppMigrations} {
		for _, migration := range list.Items() {
			if !slices.Contains(applied, migration.File) {
				return true, nil
			}
		}
	}
	return false, nil
}

// begin lets the app hear what is applied from now on. Ids begin above the highest when the first is drawn.
func (s *served) begin() {
	s.ready.Store(true)
	s.reload()
	s.store.Notify(store.Reset{})
}

func (s *served) reload() {
	if err := s.app.ReloadCachedCollections(); err != nil {
		s.node.log.Error("read the collections again", "error", err)
	}
	s.reloadSettings()
}

// reloadSettings brings PocketBase's settings up to date if other ones are stored: it writes them in place, which whoever
// reads them doesn't expect.
func (s *served) reloadSettings() {
	if s.hasSettings() {
		return
	}
	if err := s.app.ReloadSettings(); err != nil {
		s.node.log.Error("read the settings again", "error", err)
	}
}

// hasSettings reports whether the stored settings are those in memory. It doesn't know of encrypted ones.
func (s *served) hasSettings() bool {
	var stored string
	if err := s.app.ConcurrentDB().Select("value").From("_params").Where(dbx.HashExp{"id": "settings"}).Row(&stored); err != nil {
		return false
	}
	known, err := s.app.Settings().DBExport(s.app)
	if err != nil {
		return false
	}
	value, isPlain := known["value"].([]byte)
	return isPlain && string(value) == stored
}

// prepareToLead and leads are called before and after this node may write.
func (s *served) prepareToLead() error {
	if !s.ready.Load() {
		return nil
	}
	return s.store.PrepareToLead()
}

func (s *served) leads() {
	if s.serving.Load() {
		s.store.BeganToLead()
	}
}

// applied tells the app what another node's transaction has changed: first what it has cached, then the listeners.
func (n *Node) applied(e *entry) {
	s := n.served.Load()
	if s == nil || !s.ready.Load() {
		return
	}
	reset := false
	for i := range e.steps {
		switch {
		case e.steps[i].op == ddl, e.steps[i].table == "_collections":
			reset = true
		case e.steps[i].table == "_params":
			s.reloadSettings()
		}
	}
	if reset {
		s.reload()
		s.store.Notify(store.Reset{})
	}
	if len(e.announcements) == 0 {
		return
	}
	changes, err := store.DecodeChanges(e.announcements)
	if err != nil { // of a newer version, say
		n.log.Error("decode announcements", "error", err)
		changes = []store.Change{store.Reset{}, store.AnnouncementsLost{}}
	}
	for _, change := range changes {
		s.store.Notify(change)
	}
}

// replaced tells the app that its database is another one.
func (n *Node) replaced() {
	if s := n.served.Load(); s != nil && s.ready.Load() {
		s.reload()
		s.store.Notify(store.Reset{})
		s.store.Notify(store.AnnouncementsLost{})
	}
}
