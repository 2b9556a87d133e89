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

// coalescingConn is a connection that buffers frames while others are queued behind them, so that
// one system call writes many when many people write in a group at once. The last frame in the
// queue flushes the buffer: there is no timer. Gorilla calls Write from one goroutine at a time.
//
// It also counts incoming frames: see Read.
type coalescingConn struct {
	net.Conn
	socket   *socket
	buffered *[]byte // from coalesceBuffers; nil while nothing is buffered
	closed   atomic.Bool

	incoming frameCounter
	flooded  bool // the reader was given the last frame allowed
}

// coalesceBytes is the most that is written at once.
const coalesceBytes = 8 << 10

var coalesceBuffers = sync.Pool{New: func() any { b := make([]byte, 0, coalesceBytes); return &b }}

// controlFrame is the bit in the first byte that marks a control frame (RFC 6455, section 5.2).
// Control frames bypass the queue.
const controlFrame = 0x8

// Write implements net.Conn. A frame may be written in two parts.
func (c *coalescingConn) Write(part []byte) (int, error) {
	others := len(part) > 0 && part[0]&controlFrame == 0 && c.socket.sendQueue.queued.Load() > 1
	if c.buffered != nil && len(*c.buffered)+len(part) > coalesceBytes {
		if err := c.flush(); err != nil {
			return 0, err
		}
	}
	if len(part) > coalesceBytes || !others && c.buffered == nil {
		return c.Conn.Write(part)
	}
	if c.buffered == nil {
		c.buffered = coalesceBuffers.Get().(*[]byte)
	}
	*c.buffered = append(*c.buffered, part...)
	if others {
		return len(part), nil
	}
	return len(part), c.flush()
}

func (c *coalescingConn) flush() error {
	_, err := c.Conn.Write(*c.buffered)
	*c.buffered = (*c.buffered)[:0]
	coalesceBuffers.Put(c.buffered)
	c.buffered = nil
	return err
}

// drainWait is how long a closed connection is still read from.
const drainWait = time.Second

// Close implements net.Conn. If the connection were closed with data unread, the kernel would
// reset it, and the close frame be lost: a client that sends too much would never learn why. So
// only the sending side is closed, and blocked calls are woken; drain must follow.
func (c *coalescingConn) Close() error {
	if c.closed.Swap(true) {
		return net.ErrClosed
	}
	time.AfterFunc(drainWait, func() { _ = c.Conn.Close() })
	_ = c.SetDeadline(time.Unix(1, 0)) // wakes a blocked Read or Write
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return c.Conn.Close()
}

// Read implements net.Conn. Every incoming frame counts, whatever its type: gorilla handles pongs
// and fragments by itself, millions a second if need be. The socket of a client that sends too
// many is closed, after the frames before the limit were handled.
func (c *coalescingConn) Read(into []byte) (int, error) {
	if c.closed.Load() {
		return 0, net.ErrClosed
	}
	if !c.flooded {
		n, err := c.Conn.Read(into)
		if allowed := c.count(into[:n]); allowed == n {
			return n, err
		} else if c.flooded = true; allowed > 0 {
			return allowed, nil
		}
	}
	c.socket.close(protocol.CloseTooManyFrames, "too many frames")
	return 0, c.ignore(into)
}

// count returns how many bytes come before the first frame above the limit.
func (c *coalescingConn) count(data []byte) int {
	for at, began := 0, 0; at < len(data); {
		if c.incoming.have == 0 && c.incoming.payload == 0 {
			began = at
		}
		consumed, complete := c.incoming.next(data[at:])
		at += consumed
		if complete && !c.allowed() {
			return began
		}
	}
	return len(data)
}

// allowed charges the frame that has just begun to the rate limit. The pong to the server's own
// ping is free.
func (c *coalescingConn) allowed() bool {
	if c.incoming.isPong() && c.socket.pongDue.CompareAndSwap(true, false) {
		return true
	}
	return !c.incoming.counts() || c.socket.limiter.Allow()
}

// ignorePause keeps a client that doesn't stop from keeping a processor busy.
const ignorePause = 5 * time.Millisecond

// ignore discards what is read until the connection is closed.
func (c *coalescingConn) ignore(into []byte) error {
	for {
		if _, err := c.Conn.Read(into); err != nil {
			return err
		}
		time.Sleep(ignorePause)
	}
}

// drainBytes is more than is in flight from a client that stops when it gets the close frame.
const drainBytes = 1 << 20

// drain discards what is read until the client has closed its side, drainWait is over, or it has
// read drainBytes. It is called by the last reader.
func (c *coalescingConn) drain() {
	_ = c.Close()
	_ = c.SetReadDeadline(time.Time{})
	_, _ = io.CopyN(io.Discard, c.Conn, drainBytes)
	_ = c.Conn.Close()
}

// coalescingWriter returns a coalescingConn when the upgrader hijacks the connection.
type coalescingWriter struct {
	http.ResponseWriter
	socket *socket
}

// Hijack implements http.Hijacker.
func (w coalescingWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffers, err := http.NewResponseController(w.ResponseWriter).Hijack()
	return &coalescingConn{Conn: conn, socket: w.socket}, buffers, err
}
