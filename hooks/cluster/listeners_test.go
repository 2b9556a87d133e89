package cluster_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"messagerie/hooks/cluster"
	"messagerie/hooks/protocol"
)

// How a client finds out that its socket is dead, as in ui/src/chat/socket/socketLink.ts.
const (
	pingPause    = cluster.PingPause
	pongPatience = 6 * time.Second
)

// listener is a person who hears, by one socket at a time, as the client does: on whichever node a load balancer finds
// ready, elsewhere when the socket is dead, and the gap filled by reading.
type listener struct {
	c     *chaos
	who   int
	moved atomic.Bool // its socket was ended by move

	mu      sync.Mutex
	heard   []protocol.ID // each message once, in the order in which it came
	last    protocol.ID
	at      time.Time     // when something was heard
	silence time.Duration // the longest since the last look
	dead    time.Duration // the longest without a socket, or with one that was dead, since the last look
	lost    time.Time     // when the last sign of life came of the socket that has ended; zero while there is one
	sockets int
	socket  *clientSocket // nil if there is none
	receipt map[string]chan protocol.ID
}

// clientSocket is a connection that is written to by several.
type clientSocket struct {
	*websocket.Conn
	node int
	mu   sync.Mutex

	life    sync.Mutex
	waiting bool // for a sign of life
}

// expectLife lets reading fail unless something comes in time; showLife says that it has.
func (s *clientSocket) expectLife() {
	s.life.Lock()
	defer s.life.Unlock()
	if !s.waiting {
		s.waiting = true
		_ = s.SetReadDeadline(time.Now().Add(pongPatience))
	}
}

func (s *clientSocket) showLife() {
	s.life.Lock()
	defer s.life.Unlock()
	s.waiting = false
	_ = s.SetReadDeadline(time.Time{})
}

func (s *clientSocket) send(frame any) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = s.SetWriteDeadline(time.Now().Add(pongPatience))
	return s.WriteJSON(frame)
}

func (l *listener) run(ctx context.Context) {
	l.mu.Lock()
	l.at = time.Now()
	l.mu.Unlock()
	for ctx.Err() == nil {
		node := l.home()
		if !l.c.ready[node].Load() {
			node = rand.IntN(len(l.c.children))
		}
		if l.c.ready[node].Load() {
			l.listen(ctx, node)
			if !l.moved.Swap(false) {
				time.Sleep(time.Duration(rand.IntN(1000)) * time.Millisecond) // as the client after a first failure
			}
		}
		time.Sleep(time.Millisecond)
	}
}

// balance finds out which nodes are ready, as a load balancer does.
func (c *chaos) balance(ctx context.Context, node int) {
	for ctx.Err() == nil {
		c.ready[node].Store(c.isReady(ctx, node))
		time.Sleep(250 * time.Millisecond)
	}
}

// isReady is what a load balancer asks.
func (c *processes) isReady(ctx context.Context, node int) bool {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+c.children[node].HTTP+"/api/ready/", nil)
	if err != nil {
		return false
	}
	resp, err := c.client.Do(req)
	if err != nil {
		return false
	}
	return resp.Body.Close() == nil && resp.StatusCode == http.StatusOK
}

// listen hears by one socket until that ends.
func (l *listener) listen(ctx context.Context, node int) {
	person := l.c.people[l.who]
	dialing, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	url := fmt.Sprintf("ws://%s/ws/chat/%d/", l.c.children[node].HTTP, person.ID)
	conn, resp, err := websocket.DefaultDialer.DialContext(dialing, url, http.Header{"Authorization": {"Bearer " + person.Token}})
	if err != nil {
		return
	}
	_ = resp.Body.Close()
	socket := &clientSocket{Conn: conn, node: node}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	frames := make(chan protocol.Message, 1<<16)
	go l.read(socket, frames)
	defer func() {
		_ = conn.Close()
		for range frames { // until read has ended
		}
	}()
	pings := time.NewTicker(pingPause)
	defer pings.Stop()
	if !l.fillGap(ctx, node) {
		return
	}
	l.opened(socket)
	defer l.opened(nil)
	filled := l.newest()
	var before protocol.ID // on this socket
	for {
		select {
		case <-pings.C:
			socket.expectLife()
			if socket.send(protocol.ClientFrame{Type: protocol.TypePing}) != nil {
				return
			}
		case message, ok := <-frames:
			if !ok {
				return
			}
			if l.isReceipt(message) {
				continue // whoever sends a message again hears it a second time
			}
			if message.ID <= before {
				l.c.t.Errorf("socket of person %d on node %d: message %d comes after %d", l.who, node, message.ID, before)
			}
			before = message.ID
			if message.ID > filled {
				l.hear(message.ID)
			}
		}
	}
}

// read reads a socket until it is dead.
func (l *listener) read(socket *clientSocket, frames chan<- protocol.Message) {
	defer close(frames)
	alive := time.Now()
	defer func() { l.ended(alive) }()
	for {
		_, data, err := socket.ReadMessage()
		if err != nil {
			return
		}
		alive = time.Now()
		socket.showLife()
		var frame struct {
			Type     string          `json:"type"`
			Message  json.RawMessage `json:"message"`
			ClientID string          `json:"client_id"`
		}
		if json.Unmarshal(data, &frame) != nil {
			continue
		}
		switch frame.Type {
		case protocol.TypeNewMessage:
			var message protocol.Message
			if json.Unmarshal(frame.Message, &message) == nil && fmt.Sprint(message.ConversationID) == l.c.conversation {
				l.received(message)
				frames <- message
			}
		case protocol.TypeError:
			l.answer(frame.ClientID, 0)
		}
	}
}

// fillGap reads what was missed.
func (l *listener) fillGap(ctx context.Context, node int) bool {
	for {
		url := fmt.Sprintf("http://%s/api/messagerie/messages/%s/?after=%d", l.c.children[node].HTTP, l.c.conversation, l.newest())
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return false
		}
		req.Header.Set("Authorization", "Bearer "+l.c.people[l.who].Token)
		resp, err := l.c.client.Do(req)
		if err != nil {
			return false
		}
		var page []protocol.Message
		err = json.NewDecoder(resp.Body).Decode(&page)
		_ = resp.Body.Close()
		if err != nil || resp.StatusCode != http.StatusOK {
			return false
		}
		if len(page) == 0 {
			return true
		}
		for _, message := range page {
			l.hear(message.ID)
		}
	}
}

func (l *listener) newest() protocol.ID {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last
}

func (l *listener) hear(id protocol.ID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if id <= l.last {
		l.c.t.Errorf("person %d: message %d comes after %d", l.who, id, l.last)
	}
	l.heard, l.last = append(l.heard, id), id
	now := time.Now()
	l.silence, l.at = max(l.silence, now.Sub(l.at)), now
}

func (l *listener) opened(socket *clientSocket) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.socket = socket; socket == nil {
		return
	}
	l.sockets++
	if !l.lost.IsZero() {
		l.dead = max(l.dead, time.Since(l.lost))
		l.lost = time.Time{}
	}
}

// ended notes since when a socket that has ended was dead.
func (l *listener) ended(alive time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lost.IsZero() {
		l.lost = alive
	}
}

// node is the one that the socket is on, -1 if there is none.
func (l *listener) node() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.socket == nil {
		return -1
	}
	return l.socket.node
}

// home is the node on which the person is while all is well.
func (l *listener) home() int { return l.who % len(l.c.children) }

// move ends a socket that isn't at home, so that there is one.
func (l *listener) move() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.socket != nil && l.socket.node != l.home() {
		l.moved.Store(true)
		_ = l.socket.Close()
	}
}

// look returns the longest silence and the longest time without a living socket since the last look.
func (l *listener) look() (silence, dead time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	silence, dead = l.silence, l.dead
	l.silence, l.dead = 0, 0
	return silence, dead
}

// say sends a message by the socket, and returns its id once it was stored.
func (l *listener) say(ctx context.Context, clientID string) (id protocol.ID, ok bool) {
	stored := make(chan protocol.ID, 1)
	l.mu.Lock()
	socket := l.socket
	l.receipt[clientID] = stored
	l.mu.Unlock()
	defer func() {
		l.mu.Lock()
		delete(l.receipt, clientID)
		l.mu.Unlock()
	}()
	if socket == nil {
		return 0, false
	}
	conversation := protocol.ParseID(l.c.conversation)
	if socket.send(protocol.ClientFrame{Type: protocol.TypeChatMessage, ConversationID: conversation, Message: "Message " + clientID, ClientID: clientID}) != nil {
		return 0, false
	}
	select {
	case id = <-stored:
		return id, id != 0
	case <-time.After(3 * time.Second):
	case <-ctx.Done():
	}
	return 0, false
}

// received notes the receipt of one's own message.
func (l *listener) received(message protocol.Message) {
	if message.SenderID == l.c.people[l.who].ID {
		l.answer(message.ClientID, message.ID)
	}
}

func (l *listener) answer(clientID string, id protocol.ID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if waiting := l.receipt[clientID]; waiting != nil {
		select {
		case waiting <- id:
		default:
		}
	}
}

// isReceipt reports whether a message is one's own and known already.
func (l *listener) isReceipt(message protocol.Message) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return message.SenderID == l.c.people[l.who].ID && message.ID <= l.last
}

// missing counts what is stored and wasn't heard, and the reverse.
func (l *listener) missing(stored []protocol.ID) (missing, others int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	heard := make(map[protocol.ID]bool, len(l.heard))
	for _, id := range l.heard {
		heard[id] = true
	}
	for _, id := range stored {
		if !heard[id] {
			missing++
		}
		delete(heard, id)
	}
	return missing, len(heard)
}

// idOf reads an id as it is stored.
func idOf(text string) protocol.ID { return protocol.ParseID(strings.TrimLeft(text, "0")) }
