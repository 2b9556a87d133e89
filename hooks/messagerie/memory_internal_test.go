package messagerie

import (
	"testing"

	"messagerie/hooks/protocol"
)

func loads(things map[protocol.ID]*string) func([]protocol.ID) (map[protocol.ID]*string, error) {
	return func([]protocol.ID) (map[protocol.ID]*string, error) { return things, nil }
}

func TestMemory_keepsNothingThatIsOlderThanAChange(t *testing.T) {
	old := "old"
	for what, change := range map[string]func(*memory[string]){
		"forgotten":     func(m *memory[string]) { m.forget(1) },
		"changed":       func(m *memory[string]) { m.change(1, func(s *string) *string { return s }) },
		"all forgotten": func(m *memory[string]) { m.clear() },
	} {
		m := newMemory(1<<20, func(s *string) int { return len(*s) })
		got, err := m.get(1, func([]protocol.ID) (map[protocol.ID]*string, error) {
			change(&m) // the database was read before, the change is announced now
			return map[protocol.ID]*string{1: &old}, nil
		})
		if err != nil || got != &old {
			t.Errorf("%s: loaded %v, %v", what, got, err)
		}
		if m.known(1) != nil {
			t.Errorf("%s: what was loaded before is kept", what)
		}
	}
}

func TestMemory_isBounded(t *testing.T) {
	m := newMemory(100*memoryShards, func(s *string) int { return len(*s) })
	short, long := "ten bytes.", string(make([]byte, 60))
	total := func() (weight int) {
		for i := range m.shards {
			sum := 0
			for _, s := range m.shards[i].entries {
				sum += len(*s)
			}
			if sum != m.shards[i].weight || sum > m.bound {
				t.Fatalf("%d bytes are counted as %d", sum, m.shards[i].weight)
			}
			weight += sum
		}
		return weight
	}
	for id := range protocol.ID(5000) {
		if _, err := m.get(id, loads(map[protocol.ID]*string{id: &short})); err != nil {
			t.Fatal(err)
		}
	}
	if got := total(); got < memoryShards*50 {
		t.Errorf("only %d bytes are kept", got)
	}
	for id := range protocol.ID(5000) { // what is there grows
		m.change(id, func(*string) *string { return &long })
	}
	total()
	m.clear()
	if got := total(); got != 0 {
		t.Errorf("%d bytes are left", got)
	}
}
