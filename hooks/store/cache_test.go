package store

import (
	"testing"

	"messagerie/hooks/protocol"
)

func loads(values map[protocol.ID]*string) func([]protocol.ID) (map[protocol.ID]*string, error) {
	return func([]protocol.ID) (map[protocol.ID]*string, error) { return values, nil }
}

func TestCache_keepsNoValueLoadedBeforeAChange(t *testing.T) {
	old := "old"
	for what, change := range map[string]func(*Cache[string]){
		"forgotten":     func(c *Cache[string]) { c.Invalidate(1) },
		"changed":       func(c *Cache[string]) { c.Update(1, func(s *string) *string { return s }) },
		"all forgotten": func(c *Cache[string]) { c.Clear() },
	} {
		c := NewCache(1<<20, func(s *string) int { return len(*s) })
		got, err := c.Get(1, func([]protocol.ID) (map[protocol.ID]*string, error) {
			change(c) // the database was read before the change is announced
			return map[protocol.ID]*string{1: &old}, nil
		})
		if err != nil || got != &old {
			t.Errorf("%s: loaded %v, %v", what, got, err)
		}
		if c.Peek(1) != nil {
			t.Errorf("%s: the value loaded before is kept", what)
		}
	}
}

func TestCache_isBounded(t *testing.T) {
	c := NewCache(100*cacheShards, func(s *string) int { return len(*s) })
	short, long := "ten bytes.", string(make([]byte, 60))
	total := func() (weight int) {
		for i := range c.shards {
			sum := 0
			for _, s := range c.shards[i].entries {
				sum += len(*s)
			}
			if sum != c.shards[i].bytes || sum > c.bound {
				t.Fatalf("%d bytes are counted as %d", sum, c.shards[i].bytes)
			}
			weight += sum
		}
		return weight
	}
	for id := range protocol.ID(5000) {
		if _, err := c.Get(id, loads(map[protocol.ID]*string{id: &short})); err != nil {
			t.Fatal(err)
		}
	}
	if got := total(); got < cacheShards*50 {
		t.Errorf("only %d bytes are kept", got)
	}
	for id := range protocol.ID(5000) { // cached values grow
		c.Update(id, func(*string) *string { return &long })
	}
	total()
	c.Clear()
	if got := total(); got != 0 {
		t.Errorf("%d bytes are left", got)
	}
}
