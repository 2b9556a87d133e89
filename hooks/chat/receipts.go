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

// progress holds the newest message of each conversation.
type progress map[protocol.ID]protocol.ID

func (p *progress) add(conversation, message protocol.ID) {
	if *p == nil {
		*p = make(progress)
	}
	(*p)[conversation] = max((*p)[conversation], message)
}

// receipt tracks what a socket's device has received. What was written to the network needn't have
// arrived: the phone may be in a tunnel. So the server sends a ping after it, and the pong, which
// every WebSocket client sends by itself and in order, proves that everything before it has arrived.
// There is one ping at a time, so that it is clear which one a pong belongs to.
type receipt struct {
	listed  progress // in a queued list
	written progress // to the network, since the last ping
	pinged  progress // written before the unanswered ping

	pingedAt time.Time   // of the last ping
	waiting  bool        // for a pong
	pongs    int         // received so far
	due      bool        // a ping is scheduled
	timer    *time.Timer // sends it; otherwise keeps the connection alive
}

// delivered: a device of user has received the messages after from, up to and including upTo.
type delivered struct{ conversation, user, from, upTo protocol.ID }

// receipts turns pongs into delivered markers, and those into messages_delivered frames.
type receipts struct {
	hub  *Hub
	work chan struct{}

	due atomic.Int64 // number of pings scheduled

	mu       sync.Mutex
	received map[messagerie.Delivered]protocol.ID // to be stored: UpTo by the key without it
	toNotify []delivered                          // stored, but the senders aren't notified yet
}

func newReceipts(h *Hub) *receipts {
	return &receipts{
		hub:      h,
		work:     make(chan struct{}, 1),
		received: make(map[messagerie.Delivered]protocol.ID),
	}
}

// undelivered returns the last messages of a list that no device of user had received before.
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

// sentLocked records which messages are in a frame just written to the network.
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

// pong records as received what was written before the last ping.
func (r *receipts) pong(s *socket) {
	s.mu.Lock()
	if !s.receipt.waiting { // there was no ping
		s.mu.Unlock()
		return
	}
	received := s.receipt.pinged
	s.receipt.pinged, s.receipt.waiting = nil, false
	s.receipt.pongs++
	if !s.receipt.due && s.receipt.timer != nil {
		s.receipt.timer.Reset(pingPeriod)
	}
	s.pingSoonLocked()
	s.mu.Unlock()
	if len(received) == 0 {
		return
	}
	r.mu.Lock()
	for conversation, message := range received {
		key := messagerie.Delivered{Conversation: conversation, User: s.user}
		r.received[key] = max(r.received[key], message)
	}
	r.mu.Unlock()
	wake(r.work)
}

// announce queues a notification of the senders whose messages were delivered.
func (r *receipts) announce(d delivered) {
	r.mu.Lock()
	r.toNotify = append(r.toNotify, d)
	r.mu.Unlock()
	wake(r.work)
}

func wake(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default: // it is woken already
	}
}

func (r *receipts) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.work:
			select {
			case <-ctx.Done():
				return
			case <-time.After(storeDelay):
			}
			for _, batch := range r.batches() {
				r.store(batch)
				r.notifySenders()
			}
			r.notifySenders()
		}
	}
}

// Receipts are collected for a tenth of a second: a commit for each would make messages wait. For
// the same reason they are stored in small batches. Senders are notified after each batch, since a
// group of hundreds receives a message at once.
const (
	storeDelay = 100 * time.Millisecond
	storeBatch = 8
)

// batches returns the markers to be stored.
func (r *receipts) batches() (batches [][]messagerie.Delivered) {
	r.mu.Lock()
	received := r.received
	r.received = make(map[messagerie.Delivered]protocol.ID)
	r.mu.Unlock()
	all := make([]messagerie.Delivered, 0, len(received))
	for d, upTo := range received {
		d.UpTo = upTo
		all = append(all, d)
	}
	return slices.Collect(slices.Chunk(all, storeBatch))
}

func (r *receipts) store(batch []messagerie.Delivered) {
	if err := r.hub.conversations.MarkDelivered(batch); err != nil {
		r.hub.app.Logger().Error("mark as delivered", "error", err)
	}
}

func (r *receipts) notifySenders() {
	r.mu.Lock()
	pending := r.toNotify
	r.toNotify = nil
	r.mu.Unlock()
	type span struct{ conversation, from, upTo protocol.ID }
	known := map[span][]protocol.ID{} // in a group many devices receive the same messages at once
	for _, d := range pending {
		key := span{d.conversation, d.from, d.upTo}
		senders, ok := known[key]
		if !ok {
			var err error
			if senders, err = r.hub.conversations.Senders(d.conversation, d.from, d.upTo); err != nil {
				r.hub.app.Logger().Error("messages_delivered", "error", err)
				continue
			}
			known[key] = senders
		}
		frame, err := protocol.Encode(protocol.MessagesDeliveredFrame{
			Type: protocol.TypeMessagesDelivered, ConversationID: d.conversation,
			UserID: d.user, MessageID: d.upTo})
		if err != nil {
			r.hub.app.Logger().Error("encode frame", "error", err)
			continue
		}
		for _, sender := range senders {
			if sender != d.user {
				r.hub.toUser(sender, frame)
			}
		}
	}
}
