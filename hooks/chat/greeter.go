package chat

import (
	"runtime"
	"sync"
)

// greeter greets those that have come, in their order and a few at once. Making a list
// takes a deep stack: on the socket's own goroutine it would stay for as long as that
// waits for frames, and with one for each of those who come back at once it grows anew
// for each, while all of them wait for the same processors.
type greeter struct {
	greet func(*socket)

	mu      sync.Mutex
	waiting []*socket
	running int
}

// atOnce is how many are greeted at the same time: enough to keep processors and disk busy.
var atOnce = max(4, runtime.GOMAXPROCS(0))

func (g *greeter) add(s *socket) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.waiting = append(g.waiting, s)
	if g.running < atOnce {
		g.running++
		go g.run()
	}
}

func (g *greeter) run() {
	for s := g.next(); s != nil; s = g.next() {
		g.greet(s)
	}
}

// next answers nil to the one that has nothing left to do, and may go.
func (g *greeter) next() *socket {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.waiting) == 0 {
		g.waiting = nil
		g.running--
		return nil
	}
	s := g.waiting[0]
	g.waiting[0] = nil
	g.waiting = g.waiting[1:]
	return s
}
