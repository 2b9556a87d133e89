package roster

import (
	"time"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
)

// SetNow sets the clock.
func (s *Service) SetNow(now func() time.Time) { s.now = now }

// Kept are how many imports of an establishment are kept.
const Kept = keptImports

// PortionSteps are the steps of a portion.
const PortionSteps = portionSteps

// ApplyPortions applies only the first portions of a plan, as a server does that is killed then.
func (s *Service) ApplyPortions(establishment, id protocol.ID, count int) error {
	row, err := s.begin(establishment, id, nil)
	if err != nil {
		return err
	}
	ids, err := s.portionIDs(row.id(), nil)
	if err != nil {
		return err
	}
	a := newApplier(s)
	for _, id := range ids[:count] {
		if err := s.store.Transaction(func(tx core.App) error { return a.portion(tx, id) }); err != nil {
			return err
		}
	}
	return nil
}

// PersonColumns are the columns of the fast path.
var PersonColumns = personColumns

// LockReading is a file that is being read.
func (s *Service) LockReading() (unlock func()) {
	s.reading.Lock()
	return s.reading.Unlock
}

// ApplyAfter begins to apply an import as it was read before something else happened.
func (s *Service) ApplyAfter(establishment, id protocol.ID, meanwhile func()) error {
	row, err := s.find(establishment, id)
	if err != nil {
		return err
	}
	meanwhile()
	return s.enter(&row, protocol.RosterPlanned, protocol.RosterApplying, map[string]any{})
}

// Delete deletes an import as pruning does with the oldest.
func (s *Service) Delete(id protocol.ID) error { return s.delete(id) }
