package chat

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// gatherer is a connection that writes frames together while others wait behind
// them: when many people write in a group at once, one system call carries many.
// The last frame takes the others along, so that none waits for a clock. Gorilla
// calls Write from one goroutine at a time.
type gatherer struct {
	net.Conn
	following *atomic.Int32 // frames that are being written, or queued to be
	waiting   *[]byte       // from gathered; nil while nothing waits
	closed    atomic.Bool
}

// gatherSize is how much is written at once.
const gatherSize = 8 << 10

var gathered = sync.Pool{New: func() any { b := make([]byte, 0, gatherSize); return &b }}

// controlFrame is the bit in the first byte of a frame that says: not a message
// (RFC 6455, section 5.2). Such frames pass the queue by.
const controlFrame = 0x8

// Write implements net.Conn. A frame may come in two parts.
func (g *gatherer) Write(part []byte) (int, error) {
	others := len(part) > 0 && part[0]&controlFrame == 0 && g.following.Load() > 1
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

// Read implements net.Conn.
func (g *gatherer) Read(into []byte) (int, error) {
	if g.closed.Load() {
		return 0, net.ErrClosed
	}
	return g.Conn.Read(into)
}

// drain reads what nobody wants any more until the other side has closed, too, or
// drainWait is over. It is called by the last reader.
func (g *gatherer) drain() {
	_ = g.Close()
	_ = g.SetReadDeadline(time.Time{})
	_, _ = io.Copy(io.Discard, g.Conn)
	_ = g.Conn.Close()
}

// gatheringWriter hands out a gatherer when the upgrader takes the connection.
type gatheringWriter struct {
	http.ResponseWriter
	following *atomic.Int32
}

// Hijack implements http.Hijacker.
func (w gatheringWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffers, err := http.NewResponseController(w.ResponseWriter).Hijack()
	return &gatherer{Conn: conn, following: w.following}, buffers, err
}
