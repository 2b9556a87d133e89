package school

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"messagerie/hooks/protocol"
	"messagerie/hooks/store"
)

// The bound of the cache holds for the heap, and accounts aren't counted as much larger than
// they are.
func TestCache_countsWhatItTakes(t *testing.T) {
	text := func(n int, words string) string { return strings.Clone(fmt.Sprint(n, words)) }
	cache := store.NewCache(accountBytes, (*Account).cacheSize)
	before := live()
	for n := range 80_000 { // far more than it may hold
		account := &Account{Person{FirstName: text(n, "Jérôme"), LastName: text(n, "Lefèvre"), Email: text(n, "jerome@ecole.example"),
			Role: text(n, "par"), Locale: text(n, ""), Establishments: []protocol.ID{1}}, text(n, strings.Repeat("k", 46))}
		if n%2 == 0 { // a parent of two
			account.ties = &ties{children: make([]child, 2)}
			for i := range account.ties.children {
				account.ties.children[i] = child{Child: protocol.Child{FirstName: text(n, "Yasmine"), LastName: text(n, "Benali"), Relation: text(n, "mo")},
					establishments: []protocol.ID{1}, classes: classes{[]protocol.Class{{Name: text(n, " B")}}, []protocol.ID{1}}}
			}
		}
		cache.Put(protocol.ID(n+1)<<12, account, 0) // as ids are drawn: the time before a sequence
	}
	heap := live() - before
	size, err := cache.Audit()
	if err != nil {
		t.Error(err)
	}
	runtime.KeepAlive(cache)
	if size > accountBytes || size < accountBytes*3/4 {
		t.Errorf("%d bytes are counted, with room for %d", size, accountBytes)
	}
	if heap > size*11/10 || heap < size*7/10 {
		t.Errorf("%d bytes are counted, %d are taken", size, heap)
	}
}

func live() int {
	runtime.GC()
	runtime.GC() // frees what finalizers have kept
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int(stats.HeapAlloc)
}
