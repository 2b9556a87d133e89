package chat

import (
	"context"
	"sync"
	"time"

	"messagerie/hooks/protocol"
)

// reactions sends the reactions to messages whenever they have changed. A frame has all reactions to a
// message: if each of a group's hundreds sent one to all others, the bytes would grow with the cube of
// their number. So changes are collected for a moment, and for longer the more there is to send. The
// frames of a message are sent in order, and the last one has its last state.
type reactions struct {
	hub  *Hub
	work chan struct{}

	mu      sync.Mutex
	pending []reactedMessage // each once, the oldest change first
	queued  map[protocol.ID]bool
}

// reactedMessage is a message whose reactions have changed.
type reactedMessage struct{ conversation, message protocol.ID }

func newReactions(h *Hub) *reactions {
	return &reactions{hub: h, work: make(chan struct{}, 1), queued: make(map[protocol.ID]bool)}
}

// changed queues a message.
func (r *reactions) changed(conversation, message protocol.ID) {
	r.mu.Lock()
	if !r.queued[message] {
		r.queued[message] = true
		r.pending = append(r.pending, reactedMessage{conversation, message})
	}
	r.mu.Unlock()
	wake(r.work)
}

const (
	reactionDelay    = 50 * time.Millisecond // in which changes are collected
	reactionRate     = 4 << 20               // bytes a second, over all sockets
	maxReactionPause = 2 * time.Second
	reactionBatch    = 64 // messages whose reactions are loaded at once
)

func (r *reactions) run(ctx context.Context) {
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
			return
		case <-r.work:
		}
		waitFor(ctx, reactionDelay)
		waitFor(ctx, r.send(r.next()))
	}
}

func waitFor(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// next removes the oldest of the queue.
func (r *reactions) next() []reactedMessage {
	r.mu.Lock()
	defer r.mu.Unlock()
	batch := r.pending[:min(reactionBatch, len(r.pending))]
	r.pending = r.pending[len(batch):]
	for _, changed := range batch {
		delete(r.queued, changed.message)
	}
	if len(r.pending) > 0 {
		wake(r.work)
	}
	return batch
}

// send sends the reactions to some messages, and returns how long to rest.
func (r *reactions) send(batch []reactedMessage) time.Duration {
	messages := make([]protocol.ID, len(batch))
	for i, changed := range batch {
		messages[i] = changed.message
	}
	all, err := r.hub.conversations.Reactions(messages)
	if err != nil {
		r.hub.app.Logger().Error("message_reactions", "error", err)
		for _, changed := range batch { // try again
			r.changed(changed.conversation, changed.message)
		}
		return maxReactionPause
	}
	bytes := 0
	for _, changed := range batch {
		bytes += r.sendTo(changed, all[changed.message])
	}
	return min(time.Duration(bytes)*time.Second/reactionRate, maxReactionPause)
}

// sendTo sends the reactions to a message, and returns how many bytes that were.
func (r *reactions) sendTo(changed reactedMessage, list []protocol.Reaction) int {
	p := r.hub.participants(changed.conversation)
	if p == nil { // just deleted
		return 0
	}
	if list == nil {
		list = []protocol.Reaction{}
	}
	frame, err := protocol.Encode(protocol.MessageReactionsFrame{
		Type: protocol.TypeMessageReactions, ConversationID: changed.conversation, MessageID: changed.message, Reactions: list})
	if err != nil {
		r.hub.app.Logger().Error("encode frame", "error", err)
		return 0
	}
	return len(frame) * r.hub.toMembers(p, frame)
}
