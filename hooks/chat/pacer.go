package chat

import (
	"context"
	"sync"
	"time"
)

// A message to thousands wakes the writers of as many sockets. If all were woken at once, other
// messages would wait behind them for a processor, at each step.
const (
	wakeBatch = 32                     // sockets that an announcement wakes itself, and that the pacer wakes at a time
	pacePause = 500 * time.Microsecond // between batches: three thousand in some 90 ms
)

// pacer wakes the writers of sockets in batches. The frames are in the send queues already:
// another frame for one of the sockets wakes it sooner, and doesn't change the order.
type pacer struct {
	pause func() // between two batches
	work  chan struct{}

	mu      sync.Mutex
	waiting []*socket // each once
}

func newPacer() *pacer {
	return &pacer{pause: func() { time.Sleep(pacePause) }, work: make(chan struct{}, 1)}
}

// wakeSoon queues sockets to be woken.
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

// next removes a batch of those that have waited longest.
func (p *pacer) next() []*socket {
	p.mu.Lock()
	defer p.mu.Unlock()
	next := p.waiting[:min(wakeBatch, len(p.waiting))]
	p.waiting = p.waiting[len(next):]
	if len(p.waiting) == 0 {
		p.waiting = nil
	}
	return next
}
