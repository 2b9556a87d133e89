package messagerie

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"messagerie/hooks/protocol"
)

// fill puts far more into a memory than it may hold, and answers what that weighs and
// what the heap has grown by.
func fill[T any](t *testing.T, m *memory[T], thing func(n int) *T) (weight, heap int) {
	t.Helper()
	before := live()
	for n := range 80_000 {
		id := protocol.ID(n+1) << 12 // as ids are drawn: the time before a sequence
		m.keep(id, thing(n), 0)
	}
	heap = live() - before
	for i := range m.shards {
		sum := 0
		for _, kept := range m.shards[i].entries {
			sum += m.weigh(kept)
		}
		if sum != m.shards[i].weight || sum > m.bound {
			t.Errorf("%d bytes of %d are counted as %d", sum, m.bound, m.shards[i].weight)
		}
		weight += sum
	}
	runtime.KeepAlive(m)
	return weight, heap
}

func live() int {
	runtime.GC()
	runtime.GC() // what finalizers have kept
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int(stats.HeapAlloc)
}

// Memory is bounded by what it really takes: for each kind of thing, the heap grows by
// the bound at most, whatever comes, and things don't count for much more than they are.
func TestMemory_weighsWhatItTakes(t *testing.T) {
	text := func(n int, words string) string { return strings.Clone(fmt.Sprint(n, words)) }
	l, r := newLists(), newRosters()
	check := func(what string, bound, weight, heap int) {
		t.Helper()
		if weight > bound || weight < bound*3/4 {
			t.Errorf("%s: %d bytes are counted, with room for %d", what, weight, bound)
		}
		if heap > weight*11/10 || heap < weight*7/10 {
			t.Errorf("%s: %d bytes are counted, %d are taken", what, weight, heap)
		}
		t.Logf("%s: %d of %d counted, %d taken", what, weight, bound, heap)
	}
	weight, heap := fill(t, &l.summaries, func(n int) *summary {
		return (&summary{opened: text(n, "-11-24T16:15:55.1Z")}).with(StoredMessage{ID: protocol.ID(n + 1), Sender: 1,
			ClientID: text(n, "-26ae-4a6a-9d3e-b3c8e0a3f6d1"), Created: text(n, "-11-24T16:15:55.1Z"),
			Content: text(n, strings.Repeat("Bonjour, Léa sera absente. ", n%8))})
	})
	check("summaries", summaryBytes, weight, heap)
	weight, heap = fill(t, &r.memory, func(n int) *Roster {
		roster := &Roster{Kind: protocol.KindDirect}
		for m := range 2 + n%5 {
			roster.Members = append(roster.Members, &Member{Record: protocol.ID(m), User: protocol.ID(n)})
		}
		return roster
	})
	check("rosters", rosterBytes, weight, heap)
	weight, heap = fill(t, &l.people, func(n int) *account {
		return &account{Person{FirstName: text(n, "Jérôme"), LastName: text(n, "Lefèvre"), Email: text(n, "jerome@ecole.example"),
			Role: text(n, "par"), Locale: text(n, ""), Establishments: []protocol.ID{1}}, text(n, strings.Repeat("k", 46))}
	})
	check("people", peopleBytes, weight, heap)
	weight, heap = fill(t, &l.memberships, func(n int) *membership {
		own := make(membership, 1+n%12)
		return &own
	})
	check("memberships", membershipBytes, weight, heap)
	weight, heap = fill(t, &l.tallies, func(n int) *tally { return &tally{unread: n} })
	check("tallies", tallyBytes, weight, heap)
}
