package chat

import (
	"bytes"
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/gorilla/websocket"

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
// itself and in order, proves that all before it has arrived.
type receipt struct {
	listed  progress // in a list that is queued
	written progress // to the network, since the last ping
	pinged  progress // written before the last ping, and not answered yet
}

// courier turns pongs into markers, and markers into messages_delivered frames.
type courier struct {
	hub   *Hub
	probe chan struct{}
	work  chan struct{}

	mu       sync.Mutex
	unproven map[*socket]struct{}                 // have written something unproven
	received map[messagerie.Delivered]protocol.ID // proven, with UpTo apart; to be stored
	tell     []messagerie.MessagesDelivered       // stored; the senders are to be told
}

// probeDelay gathers what is written in a quarter of a second behind one ping.
const probeDelay = 250 * time.Millisecond

func newCourier(h *Hub) *courier {
	return &courier{
		hub:      h,
		probe:    make(chan struct{}, 1),
		work:     make(chan struct{}, 1),
		unproven: make(map[*socket]struct{}),
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

// sent notes what a frame, just written to the network, brings to a device.
func (c *courier) sent(s *socket, frame []byte) {
	message, conversation, sender, ok := protocol.NewMessageIDs(frame)
	isList := !ok && bytes.HasPrefix(frame, listPrefix)
	if !isList && (!ok || sender == s.user) {
		return
	}
	s.mu.Lock()
	first := len(s.receipt.written) == 0
	if isList {
		for conversation, message := range s.receipt.listed {
			s.receipt.written.add(conversation, message)
		}
		s.receipt.listed = nil
	} else {
		s.receipt.written.add(conversation, message)
	}
	first = first && len(s.receipt.written) > 0
	s.mu.Unlock()
	if first {
		c.mu.Lock()
		c.unproven[s] = struct{}{}
		c.mu.Unlock()
		wake(c.probe)
	}
}

// proven stores what was written before the ping that s has answered.
func (c *courier) proven(s *socket) {
	s.mu.Lock()
	received := s.receipt.pinged
	s.receipt.pinged = nil
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
func (c *courier) announce(d messagerie.MessagesDelivered) {
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
			c.store()
			c.tellSenders()
		}
	}
}

// pingAll pings, a moment after something was written, every socket that has
// something to prove.
func (c *courier) pingAll(ctx context.Context) {
	delay := time.NewTimer(probeDelay)
	defer delay.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.probe:
		}
		delay.Reset(probeDelay)
		select {
		case <-ctx.Done():
			return
		case <-delay.C:
		}
		c.mu.Lock()
		unproven := c.unproven
		c.unproven = make(map[*socket]struct{})
		c.mu.Unlock()
		for s := range unproven {
			c.ping(s)
		}
	}
}

// pingWait is how long a ping waits for a frame that is being written.
const pingWait = 50 * time.Millisecond

// ping asks a socket to prove what it was sent, unless it still owes an answer:
// then the next pong finds the rest waiting for its own ping.
func (c *courier) ping(s *socket) {
	s.mu.Lock()
	if len(s.receipt.pinged) == 0 {
		s.receipt.pinged, s.receipt.written = s.receipt.written, nil
	}
	again := len(s.receipt.written) > 0
	s.mu.Unlock()
	err := s.session.WebsocketConnection().WriteControl(websocket.PingMessage, nil, time.Now().Add(pingWait))
	if again && err == nil && !s.session.IsClosed() {
		c.mu.Lock()
		c.unproven[s] = struct{}{}
		c.mu.Unlock()
		wake(c.probe)
	}
}

// store saves the markers that were proven.
func (c *courier) store() {
	c.mu.Lock()
	received := c.received
	c.received = make(map[messagerie.Delivered]protocol.ID)
	c.mu.Unlock()
	batch := make([]messagerie.Delivered, 0, len(received))
	for d, upTo := range received {
		d.UpTo = upTo
		batch = append(batch, d)
	}
	if err := c.hub.people.MarkDelivered(batch); err != nil {
		c.hub.app.Logger().Error("mark as delivered", "error", err)
	}
}

func (c *courier) tellSenders() {
	c.mu.Lock()
	tell := c.tell
	c.tell = nil
	c.mu.Unlock()
	for _, d := range tell {
		senders, err := c.hub.people.Senders(d.Conversation, d.From, d.UpTo)
		if err != nil {
			c.hub.app.Logger().Error("messages_delivered", "error", err)
			continue
		}
		frame, err := json.Marshal(protocol.MessagesDeliveredFrame{
			Type: protocol.TypeMessagesDelivered, ConversationID: d.Conversation,
			UserID: d.User, MessageID: d.UpTo})
		if err != nil {
			c.hub.app.Logger().Error("encode frame", "error", err)
			continue
		}
		for _, sender := range senders {
			if sender != d.User {
				c.hub.toUser(sender, frame)
			}
		}
	}
}
