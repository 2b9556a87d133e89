package store

import (
	"fmt"
	"sync"

	"messagerie/hooks/protocol"
)

// cacheShards spreads the locks of a cache.
const cacheShards = 64

// Cache holds values that were made of the database by an id, within a number of bytes. What
// isn't there is loaded. A listener of the store keeps it true, unless the values name what
// they hold for. A value isn't changed: Update puts another in its place.
type Cache[T any] struct {
	bound  int          // in bytes, of one shard; some other values make room for a new one
	size   func(*T) int // in bytes
	shards [cacheShards]cacheShard[T]
}

type cacheShard[T any] struct {
	mu      sync.RWMutex
	entries map[protocol.ID]*T
	bytes   int    // of all entries
	version uint64 // grows with each change, so that no load older than it is kept
}

// NewCache makes a cache of at most as many bytes as size counts. A value larger than a shard
// is kept alone there.
func NewCache[T any](bytes int, size func(*T) int) *Cache[T] {
	return &Cache[T]{bound: bytes / cacheShards, size: size}
}

func (c *Cache[T]) shard(id protocol.ID) *cacheShard[T] {
	// The low bits are a sequence that mostly is zero: mix the higher ones in.
	h := uint64(id) * 0x9E3779B97F4A7C15 // 2^64 / golden ratio, Knuth's multiplicative hashing
	return &c.shards[h>>58]
}

// Peek returns a value only if it is cached.
func (c *Cache[T]) Peek(id protocol.ID) *T {
	value, _ := c.Lookup(id)
	return value
}

// Lookup is Peek with the version that Put asks for.
func (c *Cache[T]) Lookup(id protocol.ID) (value *T, version uint64) {
	s := c.shard(id)
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.entries[id], s.version
}

// Get returns a value, loaded if need be; nil if there is none.
func (c *Cache[T]) Get(id protocol.ID, load func(missing []protocol.ID) (map[protocol.ID]*T, error)) (*T, error) {
	if value := c.Peek(id); value != nil {
		return value, nil
	}
	all, err := c.GetAll([]protocol.ID{id}, load)
	return all[id], err
}

// GetAll returns the values that there are for ids. What isn't cached is loaded in one call.
func (c *Cache[T]) GetAll(
	ids []protocol.ID, load func(missing []protocol.ID) (map[protocol.ID]*T, error),
) (map[protocol.ID]*T, error) {
	all := make(map[protocol.ID]*T, len(ids))
	var missing []protocol.ID
	var versions []uint64
	for _, id := range ids {
		value, version := c.Lookup(id)
		if value != nil {
			all[id] = value
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
		if value := loaded[id]; value != nil {
			all[id] = value
			c.Put(id, value, versions[i])
		}
	}
	return all, nil
}

// Put keeps a value that was made after Lookup returned version, unless something has changed
// since.
func (c *Cache[T]) Put(id protocol.ID, value *T, version uint64) {
	s := c.shard(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.version != version {
		return
	}
	c.insert(s, id, value)
}

// Invalidate removes what a committed change has made untrue.
func (c *Cache[T]) Invalidate(id protocol.ID) {
	c.Update(id, func(*T) *T { return nil })
}

// Update puts another value in the place of a cached one; nil removes it.
func (c *Cache[T]) Update(id protocol.ID, to func(*T) *T) {
	s := c.shard(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.version++
	old := s.entries[id]
	if old == nil {
		return
	}
	if changed := to(old); changed != nil {
		c.insert(s, id, changed)
	} else {
		c.remove(s, id)
	}
}

// Clear removes everything.
func (c *Cache[T]) Clear() {
	for i := range c.shards {
		s := &c.shards[i]
		s.mu.Lock()
		s.version++
		s.entries, s.bytes = nil, 0
		s.mu.Unlock()
	}
}

// Audit counts anew what the cache holds. Its error says that a shard has counted otherwise,
// or holds more than it may. The tests of those who make caches call it.
func (c *Cache[T]) Audit() (bytes int, err error) {
	for i := range c.shards {
		s := &c.shards[i]
		s.mu.RLock()
		sum := 0
		for _, value := range s.entries {
			sum += c.size(value)
		}
		if sum != s.bytes || sum > c.bound && len(s.entries) > 1 {
			err = fmt.Errorf("shard %d: %d bytes of %d are counted as %d", i, sum, c.bound, s.bytes)
		}
		s.mu.RUnlock()
		bytes += sum
	}
	return bytes, err
}

// insert makes room, for what has grown, too.
func (c *Cache[T]) insert(s *cacheShard[T], id protocol.ID, value *T) {
	c.remove(s, id)
	size := c.size(value)
	for other := range s.entries {
		if s.bytes+size <= c.bound {
			break
		}
		c.remove(s, other)
	}
	if s.entries == nil {
		s.entries = make(map[protocol.ID]*T)
	}
	s.entries[id] = value
	s.bytes += size
}

func (c *Cache[T]) remove(s *cacheShard[T], id protocol.ID) {
	if old := s.entries[id]; old != nil {
		s.bytes -= c.size(old)
		delete(s.entries, id)
	}
}
