package chat

import (
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	"github.com/olahol/melody"
	"golang.org/x/time/rate"

	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
)

// keySocket is the key of our socket in melody's session.
const keySocket = "socket"

func socketOf(session *melody.Session) *socket { return session.Keys[keySocket].(*socket) }

// socket is one open connection of a person.
type socket struct {
	hub      *Hub
	user     protocol.ID
	device   protocol.ID // 0 if the token names none
	expires  time.Time   // of the token; zero for never
	request  string      // the id of the request that opened it
	limiter  *rate.Limiter
	upgraded chan struct{} // closed once there is a session

	ending  atomic.Bool // it is being closed: no frame is queued or handled any more
	cutting atomic.Bool // … without waiting for the queue
	listing sync.Mutex  // held while a list is made for it

	inFlight inFlight    // its messages and markers that wait for the disk
	inbox    inbox       // its frames that wait behind those
	pongDue  atomic.Bool // our ping isn't answered yet

	mu        sync.Mutex
	sendQueue sendQueue
	joined    []protocol.ID // conversations whose typing frames it gets; none means all
	typing    map[protocol.ID]*typist
	receipt   receipt
}

func newLimiter(limits config.Limits) *rate.Limiter {
	return rate.NewLimiter(rate.Limit(limits.FramesPerSecond), limits.FramesBurst)
}

// write queues a frame, behind the list if one is being made.
func (s *socket) write(frame []byte) {
	if s.ending.Load() {
		return
	}
	s.mu.Lock()
	fits := s.sendQueue.put(frame)
	s.sendQueue.fill()
	s.mu.Unlock()
	if !fits {
		s.cut()
	}
}

// writeSoon queues a frame that is sent when the pacer wakes the socket. It returns whether the
// pacer must be asked to.
func (s *socket) writeSoon(frame []byte) (ask bool) {
	if s.ending.Load() {
		return false
	}
	s.mu.Lock()
	fits := s.sendQueue.put(frame)
	ask = fits && !s.sendQueue.asleep
	s.sendQueue.asleep = s.sendQueue.asleep || fits
	s.mu.Unlock()
	if !fits {
		s.cut()
	}
	return ask
}

// wake sends the frames that wait for the pacer.
func (s *socket) wake() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sendQueue.asleep = false
	s.sendQueue.fill()
}

// open is called once the connection is upgraded. If the socket was closed before that, it sends
// the close frame and returns false.
func (s *socket) open(session *melody.Session) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	wanted := s.sendQueue.closeFrame == nil
	s.sendQueue.session = session
	s.sendQueue.fill()
	close(s.upgraded)
	return wanted
}

// isOpen returns whether the connection was upgraded.
func (s *socket) isOpen() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sendQueue.session != nil
}

// hold holds frames back until release: a list is about to be read from the database, and what is
// announced in the meantime must be sent after it.
func (s *socket) hold() {
	s.mu.Lock()
	s.sendQueue.holding = true
	s.mu.Unlock()
}

// release sends the list, if there is one, and the frames held for it. newest holds the messages
// in the list.
func (s *socket) release(list []byte, newest progress) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ending.Load() {
		return
	}
	if list != nil {
		s.receipt.listed = newest
	}
	if !s.sendQueue.release(list) {
		s.cut()
	}
}

// send encodes and queues a frame for this socket alone.
func (s *socket) send(frame any) {
	data, err := protocol.Encode(frame)
	if err != nil {
		s.hub.app.Logger().Error("encode frame", "error", err)
		return
	}
	s.write(data)
}

// refuse sends an error frame. The socket stays open.
func (s *socket) refuse(frame protocol.ErrorFrame) {
	frame.Type = protocol.TypeError
	s.reportRefusal("frame", frame.Code)
	s.send(frame)
}

func (s *socket) reportRefusal(what, code string) {
	s.hub.onRefused(what, code, s.user.RecordID(), s.request)
}

// firstOwnCode is the first of the close codes that say what the client did, or may no longer do.
const firstOwnCode = 4000

// close sends what is queued, then a close frame. Frames from the client are ignored from here on,
// and a client that doesn't read is cut after closeWait.
func (s *socket) close(code int, reason string) {
	if s.ending.Swap(true) {
		return
	}
	if code >= firstOwnCode {
		s.reportRefusal("socket", strconv.Itoa(code))
	}
	s.mu.Lock()
	s.sendQueue.end(melody.FormatCloseMessage(code, reason))
	s.mu.Unlock()
	time.AfterFunc(closeWait, func() {
		if s.isOpen() {
			_ = s.conn().Close()
		}
	})
}

// conn returns the connection of a socket that was upgraded.
func (s *socket) conn() *websocket.Conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sendQueue.session.WebsocketConnection()
}

// failed is called for every error of the connection. A socket that can't keep up is cut, but no
// message is dropped: the client reconnects and asks for what it missed.
func (s *socket) failed(err error) {
	if errors.Is(err, melody.ErrMessageBufferFull) {
		s.cut()
	} // else the connection is gone, and closed follows
}

// cut closes the connection without sending its queue. It doesn't use session.Close, which on a
// full queue would call failed again, endlessly, nor this goroutine, since the close frame waits
// for the write that is stuck.
func (s *socket) cut() {
	s.ending.Store(true)
	if s.cutting.Swap(true) {
		return
	}
	s.reportRefusal("socket", strconv.Itoa(protocol.CloseTooSlow))
	go func() {
		<-s.upgraded
		conn := s.conn()
		_ = conn.WriteControl(websocket.CloseMessage,
			melody.FormatCloseMessage(protocol.CloseTooSlow, "too slow"), time.Now().Add(time.Second))
		_ = conn.Close()
	}()
}
