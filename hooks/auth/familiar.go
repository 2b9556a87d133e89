package auth

import (
	"net/netip"
	"slices"
	"sync"
)

// How many accounts have their addresses remembered, and how many each: home, school, a phone. 30 MB at most.
const (
	familiarAccounts  = 50_000
	familiarAddresses = 5
)

// familiar remembers from which addresses accounts have logged in. Its methods may be called from any goroutine.
type familiar struct {
	mu        sync.Mutex
	accounts  map[uint64][]netip.Prefix // the last one first
	addresses map[netip.Prefix]int      // of how many accounts they are
}

func newFamiliar() *familiar {
	return &familiar{accounts: make(map[uint64][]netip.Prefix), addresses: make(map[netip.Prefix]int)}
}

func (f *familiar) has(account uint64, from netip.Prefix) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Contains(f.accounts[account], from)
}

// hasAny reports whether any account has logged in from an address.
func (f *familiar) hasAny(from netip.Prefix) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.addresses[from] > 0
}

func (f *familiar) add(account uint64, from netip.Prefix) {
	f.mu.Lock()
	defer f.mu.Unlock()
	known := f.accounts[account]
	if known == nil && len(f.accounts) >= familiarAccounts {
		for other, addresses := range f.accounts { // any
			f.forget(addresses)
			delete(f.accounts, other)
			break
		}
	}
	if i := slices.Index(known, from); i >= 0 {
		known = slices.Delete(known, i, i+1)
	} else {
		f.addresses[from]++
	}
	if len(known) == familiarAddresses {
		f.forget(known[familiarAddresses-1:])
		known = known[:familiarAddresses-1]
	}
	f.accounts[account] = slices.Insert(known, 0, from)
}

// forget notes that an account doesn't have some addresses any more.
func (f *familiar) forget(addresses []netip.Prefix) {
	for _, address := range addresses {
		if f.addresses[address]--; f.addresses[address] == 0 {
			delete(f.addresses, address)
		}
	}
}
