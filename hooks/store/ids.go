package store

import (
	"sync"
	"time"

	"messagerie/hooks/protocol"
)

// idEpoch is the zero of drawn ids: 41 bits of milliseconds last until 2094.
var idEpoch = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)

// sequenceBits leaves 4096 ids to each millisecond; 41 + 12 bits stay below 2^53.
const sequenceBits = 12

// idSource draws ids that always increase: milliseconds, then a sequence. When the
// sequence of a millisecond is used up, or the clock steps back, it continues counting.
type idSource struct {
	mu   sync.Mutex
	last protocol.ID
	now  func() time.Time
}

// next draws one id, under the database's write lock: otherwise a higher one could
// be committed first, and ?after= would miss this one.
func (s *idSource) next() protocol.ID {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = max(s.last+1, s.floor())
	return s.last
}

// floor is the smallest id of the present millisecond.
func (s *idSource) floor() protocol.ID { return IDAt(s.now()) }

// IDAt is the smallest id of the millisecond of t, which mustn't be before 2025: an
// import gives it to a record that was created then, so that ids and times agree.
func IDAt(t time.Time) protocol.ID {
	return protocol.ID(t.Sub(idEpoch).Milliseconds()) << sequenceBits
}

// take accepts an id that was chosen by an import. It returns false for one in the
// future, which would sort after ids drawn later.
func (s *idSource) take(id protocol.ID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if id <= 0 || id > max(s.last, s.floor()) {
		return false
	}
	s.last = max(s.last, id)
	return true
}

// startAfter makes sure that every id drawn from now on is higher than id: the
// clock may have been set back since the last run.
func (s *idSource) startAfter(id protocol.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = max(s.last, id)
}
