package chat

import (
	"context"
	"sync"
	"time"
)

// A message for thousands wakes as many sockets. Were all woken at once, whoever else
// writes meanwhile would wait behind them for a processor, at each step of the way.
const (
	crowd     = 32                     // sockets that an announcement wakes by itself, and the pacer at once
	pacePause = 500 * time.Microsecond // between those: three thousand in some 90 ms
)

// pacer wakes the writers of sockets little by little. What they write waits in its
// place in their queues: whatever else is queued for one of them wakes it sooner, and
// changes nothing of the order.
type pacer struct {
	pause func() // between two crowds
	work  chan struct{}

	mu      sync.Mutex
	waiting []*socket // each once
}

func newPacer() *pacer {
	return &pacer{pause: func() { time.Sleep(pacePause) }, work: make(chan struct{}, 1)}
}

// wakeSoon wakes sockets when it is their turn.
func (p *pacer) wakeSoon(sockets []*socket) {
	if len(sockets) == 0 {
		return
	}
	p.mu.Lock()
	p.waiting = append(p.waiting, sockets...)
	p.mu.Unlock()
	wake(p.work)
}

func (p *pacer) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.work:
			p.wakeAll(ctx)
		}
	}
}

func (p *pacer) wakeAll(ctx context.Context) {
	for ctx.Err() == nil {
		next := p.next()
		if len(next) == 0 {
			return
		}
		for _, s := range next {
			s.wake()
		}
		p.pause()
	}
}

// next takes a crowd of those that wait longest.
func (p *pacer) next() []*socket {
	p.mu.Lock()
	defer p.mu.Unlock()
	next := p.waiting[:min(crowd, len(p.waiting))]
	p.waiting = p.waiting[len(next):]
	if len(p.waiting) == 0 {
		p.waiting = nil
	}
	return next
}
