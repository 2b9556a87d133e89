package store

import (
	"fmt"
	"runtime/debug"

	"github.com/pocketbase/pocketbase/core"
)

// Change is something that was committed: a struct of the package whose records changed, or
// one of the store's own, Reset and AnnouncementsLost.
type Change any

// Reset: everything read from the database before may be stale. A database was opened, perhaps
// another one; a collection was changed, which rewrites its rows without record hooks; or a
// commit failed that may have been stored all the same.
type Reset struct{}

// AnnouncementsLost: something may have been stored that wasn't announced, because its commit
// failed at the last moment, or by another machine of a cluster that this one is cut off from. Clients have to reload.
type AnnouncementsLost struct{}

// GobEncode and GobDecode let changes without fields be carried to other machines.
func (Reset) GobEncode() ([]byte, error)             { return []byte{}, nil }
func (*Reset) GobDecode([]byte) error                { return nil }
func (AnnouncementsLost) GobEncode() ([]byte, error) { return []byte{}, nil }
func (*AnnouncementsLost) GobDecode([]byte) error    { return nil }

// Listen registers fn to be called with every committed change, one at a time and in the order
// of the commits. Listeners are called in the order of their registration. fn must neither
// block nor write. All listeners must be registered before the first change.
func (s *Store) Listen(fn func(Change)) { s.listeners = append(s.listeners, fn) }

// Announce notifies the listeners of changes once the transaction of app has committed, and
// not at all if it is rolled back.
func (s *Store) Announce(app core.App, changes ...Change) {
	if s.cluster != nil {
		s.cluster.Announce(changes)
	}
	app.TxInfo().OnComplete(func(txErr error) error {
		if txErr == nil {
			for _, change := range changes {
				s.Notify(change)
			}
		}
		return nil // the change is stored: an error would say otherwise
	})
}

// Notify notifies the listeners of a change at once.
func (s *Store) Notify(change Change) {
	for _, listener := range s.listeners {
		s.notify(listener, change)
	}
}

// notify keeps a panic of one listener from affecting the others, and later changes.
func (s *Store) notify(listener func(Change), change Change) {
	defer func() {
		if r := recover(); r != nil {
			s.app.Logger().Error("announce", "change", fmt.Sprintf("%T", change), "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
		}
	}()
	listener(change)
}

// Bind announces a Reset when the database is opened or a collection is changed.
func (s *Store) Bind() {
	reset := func() { s.Notify(Reset{}) }
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
