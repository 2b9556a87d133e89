package apptest

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// gathering holds requests back until all of them have come.
type gathering struct {
	missing atomic.Int64
	all     chan struct{} // is closed then
}

// AtOnce runs a function for each number below count, each in a goroutine of its own and with one request, and has the
// server handle these requests at the same time. Sent without that, most would be handled one after the other,
// and the race detector would find nothing in them.
func (a *App) AtOnce(count int, request func(n int)) {
	g := &gathering{all: make(chan struct{})}
	g.missing.Store(int64(count))
	a.gather.Store(g)
	defer a.gather.Store(nil)
	var requests sync.WaitGroup
	for n := range count {
		requests.Go(func() { request(n) })
	}
	requests.Wait()
	if missing := g.missing.Load(); missing != 0 {
		a.t.Errorf("%d requests were to come at once, but %d didn't come", count, missing)
	}
}

// gathered is the first to handle a request.
func (a *App) gathered(e *core.RequestEvent) error {
	if g := a.gather.Load(); g != nil {
		if g.missing.Add(-1) == 0 {
			close(g.all)
		}
		select {
		case <-g.all:
		case <-time.After(patience):
		}
	}
	return e.Next()
}
