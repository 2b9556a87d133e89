// Package store stores records of any kind: it opens the database, numbers new records, commits
// changes in groups through one writer, saves records without redundant work, caches what was
// read, and notifies listeners of what was committed. It knows no rules, and not what any
// collection means.
package store

import (
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
)

// Store changes the records of an app. Its methods may be called from any goroutine, but
// those that save not from within a transaction.
type Store struct {
	app       core.App
	ids       idSource
	numbered  []string // collections; see BindIDs
	ordered   []string // collections; see BindWriter
	listeners []func(Change)
	queries   queries

	// See FastPath.
	saves     watchedHooks
	isFirst   bool          // nobody had bound a handler before New
	sealed    handlerCounts // when Seal was called
	isSealed  bool
	isServing atomic.Bool

	health  health
	commits commitTimes

	cluster Cluster // nil on a single machine
	calls   map[string]handler
	onLead  []func()
	telling sync.Mutex // those of onLead

	mu     sync.RWMutex
	writer *writer // nil until the first change
}

// New creates the store of an app that needn't be bootstrapped yet.
func New(app core.App) *Store {
	s := &Store{app: app, saves: watchedHooksOf(app)}
	s.isFirst = s.saves.count() == watchedHooksOf(core.NewBaseApp(core.BaseAppConfig{})).count()
	s.ids.now = time.Now
	return s
}

// Priorities of the hooks: what takes long before the writer's transaction, then into it, then the rules, all before
// PocketBase's own (-99), which would draw an id.
const (
	PriorityBeforeWriter = -2000
	priorityWriter       = -1000
	PriorityRule         = -500
)

// BindIDs makes the ids of new records in these collections numbers, in the order of the commits.
func (s *Store) BindIDs(collections ...string) {
	s.numbered = append(s.numbered, collections...)
	s.app.OnRecordCreate().Bind(handlerOfAll("messagerieIDs", priorityWriter+1, s.number))
}

// BindWriter sends direct saves in these collections, such as those of the dashboard, through
// the writer, so that all saves have one order.
func (s *Store) BindWriter(collections ...string) {
	s.ordered = append(s.ordered, collections...)
	for _, on := range []func(...string) *RecordHook{s.app.OnRecordCreate, s.app.OnRecordUpdate, s.app.OnRecordDelete} {
		on().Bind(handlerOfAll("messagerieWriter", priorityWriter, s.throughWriter))
	}
}

// handlerOfAll is a handler for all collections, which replaces itself when it is bound again. A
// tagged handler costs the saves of other collections as well, so one serves all of them.
func handlerOfAll(id string, priority int, fn func(*core.RecordEvent) error) *hook.Handler[*core.RecordEvent] {
	handler := Handler(priority, fn)
	handler.Id = id
	return handler
}

func (s *Store) throughWriter(e *core.RecordEvent) error {
	if e.App.IsTransactional() || !slices.Contains(s.ordered, e.Record.Collection().Name) {
		return e.Next()
	}
	w, err := s.open()
	if err != nil {
		return err
	}
	direct := e.App
	defer func() { e.App = direct }()
	err = w.transaction(func(tx core.App) error {
		e.App = tx
		return e.Next()
	})
	if errors.Is(err, refusal.OutcomeUnknown) { // otherwise the dashboard would report that the save has failed
		err = errors.Join(err, router.NewApiError(http.StatusServiceUnavailable, refusal.OutcomeUnknown.Message, nil))
	}
	return err
}

// number sets the id of a new record, or checks the one that an import has chosen.
func (s *Store) number(e *core.RecordEvent) error {
	if !slices.Contains(s.numbered, e.Record.Collection().Name) {
		return e.Next()
	}
	if _, err := s.open(); err != nil {
		return err
	}
	if e.Record.Id == "" {
		e.Record.Id = s.ids.next().RecordID()
		return e.Next()
	}
	id := protocol.ParseID(e.Record.Id)
	switch {
	case id == 0:
		return refusal.OnField("id", refusal.New(protocol.CodeInvalidRequest, "An id is a number of at most 16 digits, up to 2^53."))
	case !s.ids.take(id):
		return refusal.OnField("id", refusal.New(protocol.CodeInvalidRequest,
			"This id is in the future: later records would be sorted before it."))
	}
	e.Record.Id = id.RecordID()
	return e.Next()
}

// open returns the writer; the first call of a process starts it, after the highest id in the
// database.
func (s *Store) open() (*writer, error) {
	s.mu.RLock()
	w := s.writer
	s.mu.RUnlock()
	if w != nil {
		return w, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.writer != nil {
		return s.writer, nil
	}
	if err := s.startIDs(); err != nil {
		return nil, err
	}
	s.writer = newWriter(s.app, func() { s.Notify(Reset{}) }, func() { s.Notify(AnnouncementsLost{}) }, s.health.failed, s.commits.add)
	return s.writer, nil
}

// startIDs makes ids go on above the highest in the database.
func (s *Store) startIDs() error {
	for _, collection := range s.numbered {
		var newest sql.NullString
		err := s.app.ConcurrentDB().Select("max(id)").From(collection).Row(&newest)
		if err != nil {
			return fmt.Errorf("newest id of %s: %w", collection, err)
		}
		s.ids.startAfter(protocol.ParseID(newest.String))
	}
	return nil
}

// Save runs one save in the writer's next group and returns once it is on the disk and
// announced. run makes a single change, and may be called more than once (see job).
func (s *Store) Save(run func(tx core.App) error) error {
	w, err := s.open()
	if err != nil {
		return err
	}
	return outcome(w.save(run))
}

// SaveLater is Save for a caller that can't wait. done is called with the result on the
// writer's goroutine, which it must not block. If the queue is full, SaveLater returns false
// at once and done isn't called.
func (s *Store) SaveLater(run func(tx core.App) error, done func(error)) bool {
	w, err := s.open()
	if err != nil {
		done(err)
		return true
	}
	return w.tryEnqueue(&job{run: run, done: func(err error) { done(outcome(err)) }})
}

// Transaction runs several saves atomically.
func (s *Store) Transaction(run func(tx core.App) error) error {
	w, err := s.open()
	if err != nil {
		return err
	}
	return outcome(w.transaction(run))
}

// outcome gives an error the code that callers know it by.
func outcome(err error) error { return refusal.OfStorage(refusal.Of(err)) }

// Flush returns once every change requested before is announced.
func (s *Store) Flush() {
	_ = s.Save(func(core.App) error { return nil }) // after Close nothing is left to flush
}

// Close finishes queued changes and refuses new ones.
func (s *Store) Close() {
	s.mu.Lock()
	w := s.writer
	s.mu.Unlock()
	if w != nil {
		w.close()
	}
}
