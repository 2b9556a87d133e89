package chat

import (
	"bytes"
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
)

// progress is the newest message of each conversation.
type progress map[protocol.ID]protocol.ID

func (p *progress) add(conversation, message protocol.ID) {
	if *p == nil {
		*p = make(progress)
	}
	(*p)[conversation] = max((*p)[conversation], message)
}

// receipt is what a socket's device may have received. Written to the network
// isn't received: a phone in a tunnel takes nothing. So the server pings after
// what it has written, and the pong, which every WebSocket client gives by
// itself and in order, proves that all before it has arrived. There is one ping
// at a time, so that a pong can't be taken for that of another.
type receipt struct {
	listed  progress // in a list that is queued
	written progress // to the network, since the last ping
	pinged  progress // written before the ping that isn't answered yet

	asked   time.Time   // when the last ping was sent
	waiting bool        // for a pong
	answers int         // pongs that have come
	due     bool        // a ping is about to be sent
	timer   *time.Timer // sends it; while nothing is to be proven, keeps the connection alive
}

// delivered: a device of user has received the messages after from, up to and with upTo.
type delivered struct{ conversation, user, from, upTo protocol.ID }

// courier turns pongs into markers, and markers into messages_delivered frames.
type courier struct {
	hub  *Hub
	work chan struct{}

	due atomic.Int64 // pings that are about to be sent

	mu       sync.Mutex
	received map[messagerie.Delivered]protocol.ID // proven, with UpTo apart; to be stored
	tell     []delivered                          // stored; the senders are to be told
}

func newCourier(h *Hub) *courier {
	return &courier{
		hub:      h,
		work:     make(chan struct{}, 1),
		received: make(map[messagerie.Delivered]protocol.ID),
	}
}

// undelivered are the last messages of a list that no device of user had before.
func undelivered(user protocol.ID, list []protocol.Conversation) progress {
	var newest progress
	for _, conversation := range list {
		last := conversation.LastMessage
		if last == nil || last.SenderID == user {
			continue
		}
		for _, receipt := range conversation.Receipts {
			if receipt.UserID == user && receipt.LastDelivered < last.ID {
				newest.add(conversation.ConversationID, last.ID)
			}
		}
	}
	return newest
}

var listPrefix = []byte(`{"type":"` + protocol.TypeConversationsList + `"`)

// sentLocked notes what a frame, just written to the network, brings to a device.
func (s *socket) sentLocked(frame []byte) {
	message, conversation, sender, ok := protocol.NewMessageIDs(frame)
	switch {
	case ok && sender != s.user:
		s.receipt.written.add(conversation, message)
	case !ok && bytes.HasPrefix(frame, listPrefix):
		for conversation, message := range s.receipt.listed {
			s.receipt.written.add(conversation, message)
		}
		s.receipt.listed = nil
	default:
		return
	}
	s.pingSoonLocked()
}

// proven stores what was written before the ping that s has answered.
func (c *courier) proven(s *socket) {
	s.mu.Lock()
	if !s.receipt.waiting { // nobody asked
		s.mu.Unlock()
		return
	}
	received := s.receipt.pinged
	s.receipt.pinged, s.receipt.waiting = nil, false
	s.receipt.answers++
	if !s.receipt.due && s.receipt.timer != nil {
		s.receipt.timer.Reset(pingPeriod)
	}
	s.pingSoonLocked()
	s.mu.Unlock()
	if len(received) == 0 {
		return
	}
	c.mu.Lock()
	for conversation, message := range received {
		key := messagerie.Delivered{Conversation: conversation, User: s.user}
		c.received[key] = max(c.received[key], message)
	}
	c.mu.Unlock()
	wake(c.work)
}

// announce has the senders told that their messages have arrived.
func (c *courier) announce(d delivered) {
	c.mu.Lock()
	c.tell = append(c.tell, d)
	c.mu.Unlock()
	wake(c.work)
}

func wake(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default: // it is about to look anyway
	}
}

func (c *courier) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.work:
			select {
			case <-ctx.Done():
				return
			case <-time.After(storeDelay):
			}
			for _, batch := range c.proofs() {
				c.store(batch)
				c.tellSenders()
			}
			c.tellSenders()
		}
	}
}

// Proofs are gathered for a tenth of a second: a commit for each would keep messages
// waiting. And they are stored a few at a time, for the same reason; the senders hear
// of them between, for a group of hundreds receives a message at once.
const (
	storeDelay     = 100 * time.Millisecond
	storedTogether = 8
)

// proofs are the markers that were proven, to be stored in this many batches.
func (c *courier) proofs() (batches [][]messagerie.Delivered) {
	c.mu.Lock()
	received := c.received
	c.received = make(map[messagerie.Delivered]protocol.ID)
	c.mu.Unlock()
	all := make([]messagerie.Delivered, 0, len(received))
	for d, upTo := range received {
		d.UpTo = upTo
		all = append(all, d)
	}
	return slices.Collect(slices.Chunk(all, storedTogether))
}

func (c *courier) store(batch []messagerie.Delivered) {
	if err := c.hub.conversations.MarkDelivered(batch); err != nil {
		c.hub.app.Logger().Error("mark as delivered", "error", err)
	}
}

func (c *courier) tellSenders() {
	c.mu.Lock()
	tell := c.tell
	c.tell = nil
	c.mu.Unlock()
	type span struct{ conversation, from, upTo protocol.ID }
	known := map[span][]protocol.ID{} // in a group many devices prove the same at once
	for _, d := range tell {
		key := span{d.conversation, d.from, d.upTo}
		senders, ok := known[key]
		if !ok {
			var err error
			if senders, err = c.hub.conversations.Senders(d.conversation, d.from, d.upTo); err != nil {
				c.hub.app.Logger().Error("messages_delivered", "error", err)
				continue
			}
			known[key] = senders
		}
		frame, err := protocol.Encode(protocol.MessagesDeliveredFrame{
			Type: protocol.TypeMessagesDelivered, ConversationID: d.conversation,
			UserID: d.user, MessageID: d.upTo})
		if err != nil {
			c.hub.app.Logger().Error("encode frame", "error", err)
			continue
		}
		for _, sender := range senders {
			if sender != d.user {
				c.hub.toUser(sender, frame)
			}
		}
	}
}
