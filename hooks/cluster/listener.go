package cluster

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/hashicorp/raft"
)

// handshakeTimeout is how long a connection may take to say who it is.
const handshakeTimeout = 5 * time.Second

// listener accepts connections of the other nodes on one port, and sorts them by what they speak.
type listener struct {
	inner     net.Listener
	identity  *identity
	advertise net.Addr
	raft      chan net.Conn
	http      chan net.Conn
	link      chan net.Conn
	closed    chan struct{}
	once      sync.Once

	mu       sync.Mutex
	greeting []net.Conn // connections whose handshake isn't over, oldest first
}

// mostGreeting is how many connections may be in their handshake at a time: strangers can open any number, and each takes a
// file descriptor. A node's handshake takes a few milliseconds, so the oldest connection makes room for a new one.
const mostGreeting = 128

// address is one that nodes are reached at: host:port.
type address string

func (a address) Network() string { return "tcp" }
func (a address) String() string  { return string(a) }

func listen(at, advertise string, who *identity) (*listener, error) {
	inner, err := new(net.ListenConfig).Listen(context.Background(), "tcp", at)
	if err != nil {
		return nil, err
	}
	l := &listener{inner: inner, identity: who, advertise: address(advertise),
		raft: make(chan net.Conn), http: make(chan net.Conn), link: make(chan net.Conn), closed: make(chan struct{})}
	go l.accept()
	return l, nil
}

func (l *listener) accept() {
	config := l.identity.server()
	for {
		conn, err := l.inner.Accept()
		if err != nil {
			if errors.Is(err, net.ErrClosed) {
				return
			}
			time.Sleep(10 * time.Millisecond) // out of file descriptors, say
			continue
		}
		l.greet(conn)
		go l.sort(tls.Server(conn, config))
	}
}

func (l *listener) greet(conn net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.greeting) == mostGreeting {
		_ = l.greeting[0].Close()
		l.greeting = slices.Delete(l.greeting, 0, 1)
	}
	l.greeting = append(l.greeting, conn)
}

// greeted ends a connection's handshake. It returns false if the connection was closed to make room for another one.
func (l *listener) greeted(conn net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := slices.Index(l.greeting, conn)
	if at >= 0 {
		l.greeting = slices.Delete(l.greeting, at, at+1)
	}
	return at >= 0
}

func (l *listener) sort(conn *tls.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), handshakeTimeout)
	defer cancel()
	err := conn.HandshakeContext(ctx)
	if inner := conn.NetConn(); !l.greeted(inner) || err != nil {
		_ = inner.Close() // without a farewell, which could block
		return
	}
	to := l.http
	switch conn.ConnectionState().NegotiatedProtocol {
	case protocolRaft:
		to = l.raft
	case protocolLink:
		to = l.link
	}
	select {
	case to <- conn:
	case <-l.closed:
		_ = conn.Close()
	}
}

func (l *listener) close() {
	l.once.Do(func() {
		close(l.closed)
		_ = l.inner.Close()
	})
}

// lane is the part of a listener that speaks one protocol.
type lane struct {
	*listener
	conns chan net.Conn
}

func (l lane) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l lane) Close() error {
	l.close()
	return nil
}

func (l lane) Addr() net.Addr { return l.advertise }

// Dial makes the raft lane a raft.StreamLayer.
func (l lane) Dial(to raft.ServerAddress, timeout time.Duration) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	return dial(ctx, l.identity, protocolRaft, string(to))
}

func dial(ctx context.Context, who *identity, protocol, to string) (net.Conn, error) {
	dialer := tls.Dialer{NetDialer: &net.Dialer{KeepAlive: 5 * time.Second}, Config: who.client(protocol)}
	conn, err := dialer.DialContext(ctx, "tcp", to)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errUnreached, err)
	}
	return conn, nil
}

var errUnreached = errors.New("the node can't be reached")
