package cluster

import (
	"context"
	"encoding/gob"
	"encoding/json"
	"errors"
	"net"
	"sync"
	"time"

	"github.com/hashicorp/raft"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
)

// call is what one node asks of another; reply is what came of it. An ID of 0 wants no reply.
type call struct {
	ID       uint64
	Name     string
	Argument []byte
	From     string // the address of the node that asks
}

type reply struct {
	ID     uint64
	Result []byte

	Failed     bool
	Code       string // of a refusal
	Message    string
	Field      string
	Data       []byte // JSON
	RetryAfter time.Duration
}

const (
	dialTimeout = 2 * time.Second
	// mostWaiting is how many calls may wait on one link.
	mostWaiting = 8192
)

// link passes calls on to the other nodes: one connection to each, on which they stay in their order.
type link struct {
	node *Node
	mu   sync.Mutex
	to   map[string]*peer
}

// peer is another node.
type peer struct {
	link    *link
	address string

	mu      sync.Mutex
	running bool
	queue   []call // not sent yet
	last    uint64
	waiting map[uint64]func([]byte, error)
	conn    *linkConn
}

func (l *link) peer(address string) *peer {
	l.mu.Lock()
	defer l.mu.Unlock()
	p := l.to[address]
	if p == nil {
		p = &peer{link: l, address: address, waiting: make(map[uint64]func([]byte, error))}
		if l.to == nil {
			l.to = make(map[string]*peer)
		}
		l.to[address] = p
	}
	return p
}

// Call implements store.Cluster.
func (n *Node) Call(name string, argument []byte, done func([]byte, error)) bool {
	leader, id := n.raft.LeaderWithID()
	if leader == "" || id == raft.ServerID(n.cfg.Node) { // that it leads it has just learnt, or is about to forget
		done(nil, refusal.NoLeader)
		return true
	}
	n.link.peer(string(leader)).call(name, argument, done)
	return true
}

// Broadcast implements store.Cluster.
func (n *Node) Broadcast(name string, argument []byte) {
	for _, server := range n.servers() {
		if server.ID != raft.ServerID(n.cfg.Node) {
			n.link.peer(string(server.Address)).call(name, argument, nil)
		}
	}
}

func (p *peer) call(name string, argument []byte, done func([]byte, error)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.queue)+len(p.waiting) >= mostWaiting {
		if done != nil {
			go done(nil, refusal.NoLeader)
		}
		return
	}
	c := call{Name: name, Argument: argument, From: p.link.node.cfg.Reached()}
	if done != nil {
		p.last++
		c.ID = p.last
		p.waiting[c.ID] = done
	}
	p.queue = append(p.queue, c)
	if !p.running {
		p.running = true
		go p.send()
	}
}

// send sends what is queued, and ends when nothing is left.
func (p *peer) send() {
	for {
		p.mu.Lock()
		conn := p.conn // nil if the reader has seen it end
		batch := p.queue
		p.queue = nil
		if len(batch) == 0 {
			p.running = false
			p.mu.Unlock()
			return
		}
		p.mu.Unlock()
		if conn == nil {
			if conn = p.open(); conn == nil {
				p.refuse(batch)
				continue
			}
		}
		for _, c := range batch {
			if conn.encoder.Encode(c) != nil {
				p.broken(conn)
				break
			}
		}
	}
}

// linkConn is a connection with its encoder, which describes each type once.
type linkConn struct {
	net.Conn
	encoder *gob.Encoder
}

func (p *peer) open() *linkConn {
	ctx, cancel := context.WithTimeout(context.Background(), dialTimeout)
	defer cancel()
	inner, err := dial(ctx, p.link.node.who, protocolLink, p.address)
	if err != nil {
		return nil
	}
	conn := &linkConn{inner, gob.NewEncoder(inner)}
	p.mu.Lock()
	p.conn = conn
	p.mu.Unlock()
	go p.read(conn)
	return conn
}

// refuse ends calls that weren't sent.
func (p *peer) refuse(batch []call) {
	for _, c := range batch {
		if done := p.take(c.ID); done != nil {
			done(nil, refusal.NoLeader)
		}
	}
}

func (p *peer) take(id uint64) func([]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	done := p.waiting[id]
	delete(p.waiting, id)
	return done
}

func (p *peer) read(conn *linkConn) {
	decoder := gob.NewDecoder(conn)
	for {
		var r reply
		if decoder.Decode(&r) != nil {
			p.broken(conn)
			return
		}
		if done := p.take(r.ID); done != nil {
			done(r.Result, r.err())
		}
	}
}

// broken ends the calls that were sent on a connection: nobody knows what became of them.
func (p *peer) broken(conn *linkConn) {
	_ = conn.Close()
	p.mu.Lock()
	if p.conn != conn {
		p.mu.Unlock()
		return
	}
	p.conn = nil
	queued := make(map[uint64]bool, len(p.queue))
	for _, c := range p.queue {
		queued[c.ID] = true
	}
	var lost []func([]byte, error)
	for id, done := range p.waiting {
		if !queued[id] {
			lost = append(lost, done)
			delete(p.waiting, id)
		}
	}
	p.mu.Unlock()
	for _, done := range lost {
		done(nil, refusal.OutcomeUnknown)
	}
}

// cut breaks the connection to a node, if there is one.
func (p *peer) cut() {
	p.mu.Lock()
	conn := p.conn
	p.mu.Unlock()
	if conn != nil {
		p.broken(conn)
	}
}

// leaderChanged breaks the links to nodes that don't lead any more: one that is frozen wouldn't answer.
func (l *link) leaderChanged(leader string) {
	l.mu.Lock()
	var others []*peer
	for address, p := range l.to {
		if address != leader {
			others = append(others, p)
		}
	}
	l.mu.Unlock()
	for _, p := range others {
		p.cut()
	}
}

func (l *link) close() { l.leaderChanged("") }

// serveLinks accepts the links of the other nodes, and runs their calls.
func (n *Node) serveLinks() {
	for {
		conn, err := lane{n.listener, n.listener.link}.Accept()
		if err != nil {
			return
		}
		go n.serveLink(conn)
	}
}

func (n *Node) serveLink(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	ended := make(chan struct{})
	defer close(ended)
	go func() {
		select {
		case <-n.closing:
			_ = conn.Close()
		case <-ended:
		}
	}()
	out := newReplies(conn)
	defer out.close()
	decoder := gob.NewDecoder(conn)
	for {
		var c call
		if decoder.Decode(&c) != nil {
			return
		}
		done := func(result []byte, err error) {
			if c.ID != 0 {
				out.put(replyOf(c.ID, result, err))
			}
		}
		app := n.served.Load()
		if app == nil || !app.ready.Load() || c.ID != 0 && !n.Leads() {
			done(nil, refusal.NoLeader)
			continue
		}
		for !app.store.Handle(c.Name, c.Argument, done) {
			app.store.Flush()
		}
	}
}

// replies are sent in a goroutine of their own: those who have them must not block.
type replies struct {
	mu     sync.Mutex
	some   *sync.Cond
	queue  []reply
	closed bool
}

func newReplies(conn net.Conn) *replies {
	r := &replies{}
	r.some = sync.NewCond(&r.mu)
	go r.send(conn)
	return r
}

func (r *replies) put(one reply) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.queue = append(r.queue, one)
	r.some.Signal()
}

func (r *replies) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	r.some.Signal()
}

func (r *replies) send(conn net.Conn) {
	encoder := gob.NewEncoder(conn)
	for {
		r.mu.Lock()
		for len(r.queue) == 0 && !r.closed {
			r.some.Wait()
		}
		batch := r.queue
		r.queue = nil
		closed := r.closed
		r.mu.Unlock()
		for _, one := range batch {
			if encoder.Encode(one) != nil {
				_ = conn.Close()
				return
			}
		}
		if closed {
			return
		}
	}
}

func replyOf(id uint64, result []byte, err error) reply {
	r := reply{ID: id, Result: result}
	if err == nil {
		return r
	}
	r.Failed = true
	var refused *refusal.Error
	if errors.As(refusal.Of(err), &refused) {
		r.Code, r.Message, r.Field, r.RetryAfter = refused.Code(), refused.Message, refused.Field, refused.RetryAfter
		r.Data, _ = json.Marshal(refused.Data) // it is sent to clients as JSON
	} else {
		r.Message = err.Error()
	}
	return r
}

func (r *reply) err() error {
	switch {
	case !r.Failed:
		return nil
	case r.Code == "" || r.Code == protocol.CodeInternal:
		return errors.New("the leader: " + r.Message)
	}
	refused := refusal.New(r.Code, "%s", r.Message)
	refused.Field, refused.RetryAfter = r.Field, r.RetryAfter
	_ = json.Unmarshal(r.Data, &refused.Data)
	return refused
}
