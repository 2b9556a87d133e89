package store

import (
	"fmt"
	"runtime/debug"

	"github.com/pocketbase/pocketbase/core"
)

// Change is something that was committed: a struct of the package whose records changed, or
// one of the store's own, Reset and AnnouncementsLost.
type Change any

// Reset: what was read from the database before may be untrue. It was opened, perhaps another
// one; a collection was changed, which rewrites its rows past the records; or a commit failed
// that may have been stored all the same.
type Reset struct{}

// AnnouncementsLost: something may have been stored that nobody was told of, because its
// commit failed at the last moment. Whoever follows must ask anew what there is.
type AnnouncementsLost struct{}

// Listen has fn called with every committed change, one after the other, in the order of the
// commits; of several listeners, those that came first hear a change first. fn must neither
// block nor write. All listeners are there before the first change.
func (s *Store) Listen(fn func(Change)) { s.listeners = append(s.listeners, fn) }

// Announce tells the listeners of changes once the transaction of app has committed; not at
// all when it is rolled back.
func (s *Store) Announce(app core.App, changes ...Change) {
	app.TxInfo().OnComplete(func(txErr error) error {
		if txErr == nil {
			for _, change := range changes {
				s.Tell(change)
			}
		}
		return nil // what is announced is stored: nobody may be told otherwise
	})
}

// Tell tells the listeners of a change at once.
func (s *Store) Tell(change Change) {
	for _, listener := range s.listeners {
		s.tell(listener, change)
	}
}

// tell keeps a panic of one listener from the others, and from the changes that follow.
func (s *Store) tell(listener func(Change), change Change) {
	defer func() {
		if r := recover(); r != nil {
			s.app.Logger().Error("announce", "change", fmt.Sprintf("%T", change), "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
		}
	}()
	listener(change)
}

// Bind resets when the database is opened or a collection is changed.
func (s *Store) Bind() {
	reset := func() { s.Tell(Reset{}) }
	s.app.OnBootstrap().BindFunc(func(e *core.BootstrapEvent) error {
		defer reset()
		return e.Next()
	})
	changed := func(e *core.CollectionEvent) error {
		defer reset()
		return e.Next()
	}
	s.app.OnCollectionAfterUpdateSuccess().BindFunc(changed)
	s.app.OnCollectionAfterDeleteSuccess().BindFunc(changed)
}
