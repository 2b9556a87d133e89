package auth

import (
	"net/netip"
	"slices"
	"sync"
)

// How many accounts have their addresses remembered, and how many each: home, school, a phone. 10 MB at most.
const (
	familiarAccounts  = 50_000
	familiarAddresses = 5
)

// familiar remembers from which addresses accounts have logged in. Its methods may be called from any goroutine.
type familiar struct {
	mu       sync.Mutex
	accounts map[uint64][]netip.Prefix // the last one first
}

func newFamiliar() *familiar { return &familiar{accounts: make(map[uint64][]netip.Prefix)} }

func (f *familiar) has(account uint64, from netip.Prefix) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Contains(f.accounts[account], from)
}

func (f *familiar) add(account uint64, from netip.Prefix) {
	f.mu.Lock()
	defer f.mu.Unlock()
	known := f.accounts[account]
	if known == nil && len(f.accounts) >= familiarAccounts {
		for other := range f.accounts { // any
			delete(f.accounts, other)
			break
		}
	}
	known = slices.DeleteFunc(known, func(p netip.Prefix) bool { return p == from })
	if len(known) == familiarAddresses {
		known = known[:familiarAddresses-1]
	}
	f.accounts[account] = slices.Insert(known, 0, from)
}
