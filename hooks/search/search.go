// Package search finds messages by their words. Its index is a database of its own, search.db, which
// listens to the store and is written behind the commits: sending a message never waits for it, and it
// can be deleted, because it is made again from the messages.
//
// What the index returns are only candidates. Each is loaded and checked again before anybody sees it:
// whether the caller may read it, and whether the words are in it. So an index that is behind, or wrong,
// finds too little, and never what somebody may not read.
package search

import (
	"path/filepath"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"messagerie/hooks/messagerie"
	"messagerie/hooks/school"
	"messagerie/hooks/store"
)

// Service finds messages. Its methods may be called from any goroutine, but not from within a transaction.
type Service struct {
	app           core.App
	store         *store.Store
	conversations *messagerie.Service
	searches      *school.Budget
	pending       *pending
	now           func() time.Time

	mu     sync.RWMutex
	index  *index // nil until it is open, and after it was damaged
	worker *worker
	closed bool          // for good: a server may be stopped before it has started
	ready  chan struct{} // closed once the index was opened for the first time
}

// New creates the service of an app that needn't be bootstrapped yet.
func New(app core.App, st *store.Store, conversations *messagerie.Service) *Service {
	s := &Service{
		app: app, store: st, conversations: conversations,
		searches: school.NewBudget(2_000, 20_000), pending: newPending(), now: time.Now,
		ready: make(chan struct{}),
	}
	st.Listen(s.pending.note)
	return s
}

// Budget limits how much one person may search in a day.
func (s *Service) Budget() *school.Budget { return s.searches }

// priorityStop is after the end of the store, whose last changes are still announced, and before
// the databases are closed.
const priorityStop = 100

// Bind starts and stops the worker with the server.
func (s *Service) Bind() {
	s.app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		s.start() // before requests may change anything
		return e.Next()
	})
	s.app.OnTerminate().Bind(&hook.Handler[*core.TerminateEvent]{
		Priority: priorityStop,
		Func: func(e *core.TerminateEvent) error {
			s.stop()
			return e.Next()
		},
	})
}

func (s *Service) path() string { return filepath.Join(s.app.DataDir(), indexFile) }

// start opens the index, if there is one, and starts the worker.
func (s *Service) start() {
	s.mu.Lock()
	if s.closed || s.worker != nil {
		s.mu.Unlock()
		return
	}
	started := newWorker(s)
	s.worker = started
	s.mu.Unlock()
	started.openExisting()
	go started.run()
}

func (s *Service) stop() {
	s.mu.Lock()
	s.closed = true
	running := s.worker
	s.mu.Unlock()
	if running != nil {
		close(running.quit)
		<-running.done
	}
}

// use sets the index that Find reads: nil once it was damaged or closed.
func (s *Service) use(index *index) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.index = index; index == nil {
		return
	}
	select {
	case <-s.ready:
	default:
		close(s.ready)
	}
}

// CatchUp returns once everything that was stored before can be found, or the server stops.
func (s *Service) CatchUp() {
	s.store.Flush()
	s.mu.RLock()
	running := s.worker
	s.mu.RUnlock()
	if running == nil {
		return
	}
	select {
	case <-s.pending.wait():
	case <-running.done:
	}
}
