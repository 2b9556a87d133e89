package chat

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"messagerie/hooks/protocol"
)

// gatherer is a connection that writes frames together while others wait behind
// them: when many people write in a group at once, one system call carries many.
// The last frame takes the others along, so that none waits for a clock. Gorilla
// calls Write from one goroutine at a time.
//
// It also counts the frames that arrive: see Read.
type gatherer struct {
	net.Conn
	socket  *socket
	waiting *[]byte // from gathered; nil while nothing waits
	closed  atomic.Bool

	arriving frameCounter
	flooded  bool // the reader was given the last frame that it may have
}

// gatherSize is how much is written at once.
const gatherSize = 8 << 10

var gathered = sync.Pool{New: func() any { b := make([]byte, 0, gatherSize); return &b }}

// controlFrame is the bit in the first byte of a frame that says: not a message
// (RFC 6455, section 5.2). Such frames pass the queue by.
const controlFrame = 0x8

// Write implements net.Conn. A frame may come in two parts.
func (g *gatherer) Write(part []byte) (int, error) {
	others := len(part) > 0 && part[0]&controlFrame == 0 && g.socket.outbox.queued.Load() > 1
	if g.waiting != nil && len(*g.waiting)+len(part) > gatherSize {
		if err := g.flush(); err != nil {
			return 0, err
		}
	}
	if len(part) > gatherSize || !others && g.waiting == nil {
		return g.Conn.Write(part)
	}
	if g.waiting == nil {
		g.waiting = gathered.Get().(*[]byte)
	}
	*g.waiting = append(*g.waiting, part...)
	if others {
		return len(part), nil
	}
	return len(part), g.flush()
}

func (g *gatherer) flush() error {
	_, err := g.Conn.Write(*g.waiting)
	*g.waiting = (*g.waiting)[:0]
	gathered.Put(g.waiting)
	g.waiting = nil
	return err
}

// drainWait is how long a connection that is closed may still say something.
const drainWait = time.Second

// Close implements net.Conn. Were the connection closed while there is something unread,
// the kernel would reset it, and the close frame be lost: who sends too much would never
// hear of it. So the sending side is closed and the reader sent away; drain is to follow.
func (g *gatherer) Close() error {
	if g.closed.Swap(true) {
		return net.ErrClosed
	}
	time.AfterFunc(drainWait, func() { _ = g.Conn.Close() })
	_ = g.SetDeadline(time.Unix(1, 0)) // wakes whoever reads or writes
	if half, ok := g.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return g.Conn.Close()
}

// Read implements net.Conn. Every frame that arrives counts, whatever it is: gorilla
// deals with pongs and fragments by itself, millions of them a second if they come. A
// client that sends too many is closed, once what it sent before has been heard.
func (g *gatherer) Read(into []byte) (int, error) {
	if g.closed.Load() {
		return 0, net.ErrClosed
	}
	if !g.flooded {
		n, err := g.Conn.Read(into)
		if allowed := g.count(into[:n]); allowed == n {
			return n, err
		} else if g.flooded = true; allowed > 0 {
			return allowed, nil
		}
	}
	g.socket.close(protocol.CloseTooManyFrames, "too many frames")
	return 0, g.ignore(into)
}

// count returns how many bytes there are before the first frame too many.
func (g *gatherer) count(arrived []byte) int {
	for at, began := 0, 0; at < len(arrived); {
		if g.arriving.have == 0 && g.arriving.payload == 0 {
			began = at
		}
		consumed, complete := g.arriving.next(arrived[at:])
		at += consumed
		if complete && !g.allowed() {
			return began
		}
	}
	return len(arrived)
}

// allowed spends what the frame that has just begun costs. The answer to a ping of
// ours costs nothing.
func (g *gatherer) allowed() bool {
	if g.arriving.isPong() && g.socket.pongDue.CompareAndSwap(true, false) {
		return true
	}
	return !g.arriving.counts() || g.socket.limiter.Allow()
}

// ignorePause keeps a client that doesn't stop from keeping a processor busy.
const ignorePause = 5 * time.Millisecond

// ignore takes what nobody wants until the connection is closed.
func (g *gatherer) ignore(into []byte) error {
	for {
		if _, err := g.Conn.Read(into); err != nil {
			return err
		}
		time.Sleep(ignorePause)
	}
}

// drainBytes is more than what is under way from a client that stops when it is told to.
const drainBytes = 1 << 20

// drain reads what nobody wants any more until the other side has closed, too, drainWait
// is over, or it is more than drainBytes. It is called by the last reader.
func (g *gatherer) drain() {
	_ = g.Close()
	_ = g.SetReadDeadline(time.Time{})
	_, _ = io.CopyN(io.Discard, g.Conn, drainBytes)
	_ = g.Conn.Close()
}

// gatheringWriter hands out a gatherer when the upgrader takes the connection.
type gatheringWriter struct {
	http.ResponseWriter
	socket *socket
}

// Hijack implements http.Hijacker.
func (w gatheringWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffers, err := http.NewResponseController(w.ResponseWriter).Hijack()
	return &gatherer{Conn: conn, socket: w.socket}, buffers, err
}
