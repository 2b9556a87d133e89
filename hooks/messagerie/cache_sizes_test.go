package messagerie

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"messagerie/hooks/protocol"
	"messagerie/hooks/store"
)

// fill puts far more into a cache than it may hold, and returns what that counts for and
// what the heap has grown by.
func fill[T any](t *testing.T, m *store.Cache[T], thing func(n int) *T) (size, heap int) {
	t.Helper()
	before := live()
	for n := range 80_000 {
		id := protocol.ID(n+1) << 12 // as ids are drawn: the time before a sequence
		m.Put(id, thing(n), 0)
	}
	heap = live() - before
	size, err := m.Audit()
	if err != nil {
		t.Error(err)
	}
	runtime.KeepAlive(m)
	return size, heap
}

func live() int {
	runtime.GC()
	runtime.GC() // what finalizers have kept
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int(stats.HeapAlloc)
}

// Caches are bounded by what they really take: for each kind of thing, the heap grows by
// the bound at most, whatever comes, and things don't count for much more than they are.
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
	size, heap = fill(t, c.rosters.cache, func(n int) *Roster {
		roster := &Roster{Kind: protocol.KindDirect}
		for m := range 2 + n%5 {
			roster.Members = append(roster.Members, &Member{Record: protocol.ID(m), User: protocol.ID(n)})
		}
		return roster
	})
	check("rosters", rosterBytes, size, heap)
	size, heap = fill(t, c.memberships, func(n int) *membership {
		own := make(membership, 1+n%12)
		return &own
	})
	check("memberships", membershipBytes, size, heap)
	size, heap = fill(t, c.unread, func(n int) *unreadCount { return &unreadCount{unread: n} })
	check("unread counts", unreadBytes, size, heap)
}
