package messagerie

import (
	"sync"

	"messagerie/hooks/protocol"
)

// memoryShards spreads the locks of a memory.
const memoryShards = 64

// memory keeps things of the database by their id, so that they needn't be looked up.
// Record hooks keep it true (a tally: what it was counted with); what isn't there is loaded. What is in it isn't changed:
// a change puts another in its place.
type memory[T any] struct {
	bound  int          // of the weights in one shard; some others make place for a new one
	weigh  func(*T) int // in bytes
	shards [memoryShards]memoryShard[T]
}

type memoryShard[T any] struct {
	mu      sync.RWMutex
	entries map[protocol.ID]*T
	weight  int    // of all entries
	version uint64 // grows with each change, so that no load older than it is kept
}

func newMemory[T any](bytes int, weigh func(*T) int) memory[T] {
	return memory[T]{bound: bytes / memoryShards, weigh: weigh}
}

func (m *memory[T]) shard(id protocol.ID) *memoryShard[T] {
	// The low bits are a sequence that mostly is zero: mix the higher ones in.
	h := uint64(id) * 0x9E3779B97F4A7C15 // 2^64 / golden ratio, Knuth's multiplicative hashing
	return &m.shards[h>>58]
}

// known answers a thing only if it is in memory.
func (m *memory[T]) known(id protocol.ID) *T {
	known, _ := m.look(id)
	return known
}

func (m *memory[T]) look(id protocol.ID) (known *T, version uint64) {
	s := m.shard(id)
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.entries[id], s.version
}

// get answers a thing, loaded if need be; nil if there is none.
func (m *memory[T]) get(id protocol.ID, load func(missing []protocol.ID) (map[protocol.ID]*T, error)) (*T, error) {
	if known := m.known(id); known != nil {
		return known, nil
	}
	all, err := m.all([]protocol.ID{id}, load)
	return all[id], err
}

// all answers those of ids that there are. What isn't in memory is loaded at once.
func (m *memory[T]) all(
	ids []protocol.ID, load func(missing []protocol.ID) (map[protocol.ID]*T, error),
) (map[protocol.ID]*T, error) {
	all := make(map[protocol.ID]*T, len(ids))
	var missing []protocol.ID
	var versions []uint64
	for _, id := range ids {
		known, version := m.look(id)
		if known != nil {
			all[id] = known
		} else if id != 0 {
			missing, versions = append(missing, id), append(versions, version)
		}
	}
	if len(missing) == 0 {
		return all, nil
	}
	loaded, err := load(missing)
	if err != nil {
		return nil, err
	}
	for i, id := range missing {
		if thing := loaded[id]; thing != nil {
			all[id] = thing
			m.keep(id, thing, versions[i])
		}
	}
	return all, nil
}

// keep remembers what was loaded, unless something has changed meanwhile.
func (m *memory[T]) keep(id protocol.ID, thing *T, version uint64) {
	s := m.shard(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.version != version {
		return
	}
	m.put(s, id, thing)
}

// forget drops what a committed change has made untrue.
func (m *memory[T]) forget(id protocol.ID) {
	m.change(id, func(*T) *T { return nil })
}

// change puts another in the place of what is in memory; nil forgets it.
func (m *memory[T]) change(id protocol.ID, to func(*T) *T) {
	s := m.shard(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.version++
	old := s.entries[id]
	if old == nil {
		return
	}
	if changed := to(old); changed != nil {
		m.put(s, id, changed)
	} else {
		m.remove(s, id)
	}
}

// clear forgets everything.
func (m *memory[T]) clear() {
	for i := range m.shards {
		s := &m.shards[i]
		s.mu.Lock()
		s.version++
		s.entries, s.weight = nil, 0
		s.mu.Unlock()
	}
}

// put makes room, for what has grown, too.
func (m *memory[T]) put(s *memoryShard[T], id protocol.ID, thing *T) {
	m.remove(s, id)
	weight := m.weigh(thing)
	for other := range s.entries {
		if s.weight+weight <= m.bound {
			break
		}
		m.remove(s, other)
	}
	if s.entries == nil {
		s.entries = make(map[protocol.ID]*T)
	}
	s.entries[id] = thing
	s.weight += weight
}

func (m *memory[T]) remove(s *memoryShard[T], id protocol.ID) {
	if old := s.entries[id]; old != nil {
		s.weight -= m.weigh(old)
		delete(s.entries, id)
	}
}
