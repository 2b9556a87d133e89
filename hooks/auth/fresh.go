package auth

import (
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
)

// freshFor is how long a log-in through a provider takes the place of the password, which people who only log in there
// don't have.
const freshFor = 10 * time.Minute

// freshLogins remembers on which devices somebody has just logged in through a provider.
type freshLogins struct {
	mu  sync.Mutex
	now func() time.Time
	at  map[protocol.ID]time.Time
}

func newFreshLogins() *freshLogins {
	return &freshLogins{now: time.Now, at: map[protocol.ID]time.Time{}}
}

// note remembers a device, and forgets those that are no longer fresh.
func (f *freshLogins) note(device protocol.ID) {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.now()
	for other, at := range f.at {
		if now.Sub(at) >= freshFor {
			delete(f.at, other)
		}
	}
	f.at[device] = now
}

func (f *freshLogins) has(device protocol.ID) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	at, ok := f.at[device]
	return ok && f.now().Sub(at) < freshFor
}

// CheckOwner makes sure that the caller is the owner of the account and not somebody at an unlocked page: by their
// password or, without one, by a log-in through a provider on this device a moment ago. None is no guess.
func (l *Logins) CheckOwner(e *core.RequestEvent, password string) error {
	switch {
	case password != "":
		return l.CheckPassword(e, password)
	case l.SecondFactors.fresh.has(DeviceOf(e)):
		return nil
	}
	return errOwnPassword
}
