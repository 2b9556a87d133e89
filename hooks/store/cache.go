package store

import (
	"fmt"
	"sync"

	"messagerie/hooks/protocol"
)

// cacheShards spreads the locks of a cache.
const cacheShards = 64

// Cache holds values loaded from the database, by id, within a number of bytes. A missing value
// is loaded. A listener of the store keeps it up to date, unless the values name the state that
// they are valid for. Values are immutable: Update replaces them.
type Cache[T any] struct {
	bound  int          // in bytes, of one shard; arbitrary values are evicted for a new one
	size   func(*T) int // in bytes
	shards [cacheShards]cacheShard[T]
}

type cacheShard[T any] struct {
	mu      sync.RWMutex
	entries map[protocol.ID]*T
	bytes   int    // of all entries
	version uint64 // incremented by each change, so that no value loaded before it is kept
}

// NewCache creates a cache of at most this many bytes, as counted by size. A value larger than
// a shard is kept alone in it.
func NewCache[T any](bytes int, size func(*T) int) *Cache[T] {
	return &Cache[T]{bound: bytes / cacheShards, size: size}
}

func (c *Cache[T]) shard(id protocol.ID) *cacheShard[T] {
	// The low bits are a sequence that is mostly zero: mix the higher ones in.
	h := uint64(id) * 0x9E3779B97F4A7C15 // 2^64 / golden ratio, Knuth's multiplicative hashing
	return &c.shards[h>>58]
}

// Peek returns a value only if it is cached.
func (c *Cache[T]) Peek(id protocol.ID) *T {
	value, _ := c.Lookup(id)
	return value
}

// Lookup is Peek with the version that Put needs.
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

// GetAll returns the existing values for ids. Those that aren't cached are loaded in one call.
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

// Put caches a value that was loaded after Lookup returned version, unless something has
// changed since.
func (c *Cache[T]) Put(id protocol.ID, value *T, version uint64) {
	s := c.shard(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.version != version {
		return
	}
	c.insert(s, id, value)
}

// Invalidate removes a value that a committed change has made stale.
func (c *Cache[T]) Invalidate(id protocol.ID) {
	c.Update(id, func(*T) *T { return nil })
}

// Update replaces a cached value; nil removes it.
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

// Audit recounts the cache. It fails if a shard's count differs, or if a shard holds more than
// its bound. It is for tests of packages with caches.
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

// insert makes room, also for a value that has grown.
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
