package chat

import (
	"context"
	"sync"
	"time"

	"messagerie/hooks/protocol"
)

// events tells the people of groups that something has happened there. Changes are collected for a moment: an import may
// bring hundreds of people into a group, one after the other, and each frame makes clients ask what has happened.
type events struct {
	hub  *Hub
	work chan struct{}

	mu      sync.Mutex
	pending map[protocol.ID]struct{} // conversations
}

const eventDelay = 250 * time.Millisecond

func newEvents(h *Hub) *events {
	return &events{hub: h, work: make(chan struct{}, 1), pending: make(map[protocol.ID]struct{})}
}

// changed queues a conversation.
func (e *events) changed(conversation protocol.ID) {
	e.mu.Lock()
	e.pending[conversation] = struct{}{}
	e.mu.Unlock()
	wake(e.work)
}

func (e *events) run(ctx context.Context) {
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
			return
		case <-e.work:
		}
		waitFor(ctx, eventDelay)
		for _, conversation := range e.take() {
			e.hub.tellEvents(conversation)
		}
	}
}

func (e *events) take() []protocol.ID {
	e.mu.Lock()
	defer e.mu.Unlock()
	conversations := make([]protocol.ID, 0, len(e.pending))
	for conversation := range e.pending {
		conversations = append(conversations, conversation)
	}
	clear(e.pending)
	return conversations
}
