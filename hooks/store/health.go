package store

import (
	"fmt"
	"sync"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/refusal"
)

// health is whether the disk takes changes.
type health struct {
	mu      sync.Mutex
	failure error
	watch   func(error)
}

// Failure is why a change couldn't be stored, nil if every one could since the last Probe that succeeded.
func (s *Store) Failure() error {
	s.health.mu.Lock()
	defer s.health.mu.Unlock()
	return s.health.failure
}

// WatchStorage registers the one fn that is told each time a change couldn't be stored because of the disk, and, with
// nil, when Probe found that it can be again. It must neither block nor write.
func (s *Store) WatchStorage(fn func(error)) { s.health.watch = fn }

// failed remembers an error if it is the disk's.
func (h *health) failed(err error) {
	if refusal.IsStorage(err) {
		h.set(refusal.OfStorage(err))
	}
}

func (h *health) set(failure error) {
	h.mu.Lock()
	changed := failure != nil || h.failure != nil
	h.failure = failure
	h.mu.Unlock()
	if changed && h.watch != nil {
		h.watch(failure)
	}
}

// Probe stores a change without content, in the number that SQLite leaves to applications, and returns why it can't.
func (s *Store) Probe() error {
	err := s.Save(func(tx core.App) error {
		var version int
		if err := tx.DB().NewQuery("PRAGMA user_version").Row(&version); err != nil {
			return err
		}
		_, err := tx.DB().NewQuery(fmt.Sprintf("PRAGMA user_version = %d", version)).Execute()
		return err
	})
	if err == nil {
		s.health.set(nil)
	}
	return err
}
