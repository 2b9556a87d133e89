package messagerie

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"messagerie/hooks/protocol"
	"messagerie/hooks/store"
)

// fill puts far more into a cache than it may hold. It returns the size that the cache counts,
// and how much the heap has grown.
func fill[T any](t *testing.T, m *store.Cache[T], entry func(n int) *T) (size, heap int) {
	t.Helper()
	before := heapInUse()
	for n := range 80_000 {
		id := protocol.ID(n+1) << 12 // as ids are made: a time, then a sequence
		m.Put(id, entry(n), 0)
	}
	heap = heapInUse() - before
	size, err := m.Audit()
	if err != nil {
		t.Error(err)
	}
	runtime.KeepAlive(m)
	return size, heap
}

func heapInUse() int {
	runtime.GC()
	runtime.GC() // what finalizers have kept
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int(stats.HeapAlloc)
}

// Caches are bounded by the memory they really take: for each kind of entry, the heap grows by
// the bound at most, and entries aren't counted as much larger than they are.
func TestCaches_countWhatTheyTake(t *testing.T) {
	text := func(n int, words string) string { return strings.Clone(fmt.Sprint(n, words)) }
	c := newCaches()
	check := func(what string, bound, size, heap int) {
		t.Helper()
		if size > bound || size < bound*3/4 {
			t.Errorf("%s: %d bytes are counted, with room for %d", what, size, bound)
		}
		if heap > size*11/10 || heap < size*7/10 {
			t.Errorf("%s: %d bytes are counted, %d are taken", what, size, heap)
		}
		t.Logf("%s: %d of %d counted, %d taken", what, size, bound, heap)
	}
	size, heap := fill(t, c.summaries, func(n int) *summary {
		return (&summary{opened: text(n, "-11-24T16:15:55.1Z")}).with(StoredMessage{ID: protocol.ID(n + 1), Sender: 1,
			ClientID: text(n, "-26ae-4a6a-9d3e-b3c8e0a3f6d1"), Created: text(n, "-11-24T16:15:55.1Z"),
			Content: text(n, strings.Repeat("Bonjour, Léa sera absente. ", n%8))})
	})
	check("summaries", summaryBytes, size, heap)
	size, heap = fill(t, c.participants.cache, func(n int) *Participants {
		p := &Participants{Kind: protocol.KindDirect}
		for m := range 2 + n%5 {
			p.Members = append(p.Members, &Member{Record: protocol.ID(m), User: protocol.ID(n)})
		}
		return p
	})
	check("participants", participantsBytes, size, heap)
	size, heap = fill(t, c.participations, func(n int) *participations {
		return &participations{all: make([]protocol.ID, 1+n%12)}
	})
	check("participations", participationBytes, size, heap)
	size, heap = fill(t, c.unread, func(n int) *unreadCount { return &unreadCount{unread: n} })
	check("unread counts", unreadBytes, size, heap)
	size, heap = fill(t, c.compositions, func(n int) *composition {
		return &composition{sides: make([]sidesCount, 1+n%4)}
	})
	check("compositions", compositionBytes, size, heap)
	size, heap = fill(t, c.authors, func(n int) *authors {
		all := make(authors, n%3)
		return &all
	})
	check("authors", authorsBytes, size, heap)
}
