package chat

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	"github.com/olahol/melody"
	"golang.org/x/time/rate"

	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
)

// keySocket finds our socket in melody's session.
const keySocket = "socket"

func socketOf(session *melody.Session) *socket { return session.Keys[keySocket].(*socket) }

// socket is one open connection of a person.
type socket struct {
	hub      *Hub
	user     protocol.ID
	expires  time.Time // of the token; zero for never
	limiter  *rate.Limiter
	upgraded chan struct{} // closed once there is a session

	ending  atomic.Bool // it is being closed: nothing more is queued, nothing heard
	cutting atomic.Bool // without waiting for the queue
	listing sync.Mutex  // held while a list is made for it, one at a time

	underway underway    // its messages and markers that wait for the disk
	inbox    inbox       // its frames that wait for those
	pongDue  atomic.Bool // a ping of ours isn't answered yet

	mu      sync.Mutex
	outbox  outbox
	joined  []protocol.ID // conversations whose typing frames it wants; none means all
	typing  map[protocol.ID]*typist
	receipt receipt
}

func newLimiter(limits config.Limits) *rate.Limiter {
	return rate.NewLimiter(rate.Limit(limits.FramesPerSecond), limits.FramesBurst)
}

// write queues a frame. Behind a list that is being made it waits for the list.
func (s *socket) write(frame []byte) {
	if s.ending.Load() {
		return
	}
	s.mu.Lock()
	fits := s.outbox.put(frame)
	s.outbox.fill()
	s.mu.Unlock()
	if !fits {
		s.cut()
	}
}

// writeSoon queues a frame for when the pacer wakes the socket, and says whether that
// is still to be asked for.
func (s *socket) writeSoon(frame []byte) (ask bool) {
	if s.ending.Load() {
		return false
	}
	s.mu.Lock()
	fits := s.outbox.put(frame)
	ask = fits && !s.outbox.asleep
	s.outbox.asleep = s.outbox.asleep || fits
	s.mu.Unlock()
	if !fits {
		s.cut()
	}
	return ask
}

// wake sends what waits for the pacer.
func (s *socket) wake() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.outbox.asleep = false
	s.outbox.fill()
}

// open is told once that the connection is upgraded. It answers false when the
// socket was meant to be closed meanwhile, and does it.
func (s *socket) open(session *melody.Session) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	wanted := s.outbox.farewell == nil
	s.outbox.session = session
	s.outbox.fill()
	close(s.upgraded)
	return wanted
}

// isOpen says whether there is a session to write to.
func (s *socket) isOpen() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.outbox.session != nil
}

// hold keeps frames back until release: a list is about to be read from the
// database, and what happens meanwhile must come after it.
func (s *socket) hold() {
	s.mu.Lock()
	s.outbox.holding = true
	s.mu.Unlock()
}

// release sends the list, if there is one, and what has waited for it. newest
// holds the messages that the list brings along.
func (s *socket) release(list []byte, newest progress) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ending.Load() {
		return
	}
	if list != nil {
		s.receipt.listed = newest
	}
	if !s.outbox.release(list) {
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

// refuse tells what was wrong with a frame. The socket stays open.
func (s *socket) refuse(frame protocol.ErrorFrame) {
	frame.Type = protocol.TypeError
	s.send(frame)
}

// close sends what is queued, then a close frame. It hears no more of the client,
// and doesn't wait for long: who doesn't read is cut.
func (s *socket) close(code int, reason string) {
	if s.ending.Swap(true) {
		return
	}
	s.mu.Lock()
	s.outbox.end(melody.FormatCloseMessage(code, reason))
	s.mu.Unlock()
	time.AfterFunc(closeWait, func() {
		if s.isOpen() {
			_ = s.conn().Close()
		}
	})
}

// conn is the connection of a socket that is upgraded.
func (s *socket) conn() *websocket.Conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.outbox.session.WebsocketConnection()
}

// failed hears of every trouble with the connection. A socket that can't keep up
// is cut, never its messages: the client comes back and asks for what it missed.
func (s *socket) failed(err error) {
	if errors.Is(err, melody.ErrMessageBufferFull) {
		s.cut()
	} // else the connection is gone, and closed follows
}

// cut closes the connection past its queue. Not by session.Close: on a full queue
// that would call failed again, for ever. And not on this goroutine: the close
// frame waits for the write that is stuck.
func (s *socket) cut() {
	s.ending.Store(true)
	if s.cutting.Swap(true) {
		return
	}
	go func() {
		<-s.upgraded
		conn := s.conn()
		_ = conn.WriteControl(websocket.CloseMessage,
			melody.FormatCloseMessage(protocol.CloseTooSlow, "too slow"), time.Now().Add(time.Second))
		_ = conn.Close()
	}()
}
