package chat

import (
	"time"

	"github.com/gorilla/websocket"
)

// A ping covers what was written in the last quarter of a second, and under a steady stream of
// messages there is one a second: each moves a marker on the disk. When many are due, as after a
// message to thousands, they are spread: two a millisecond, within less than aliveWait.
const (
	probeDelay   = 250 * time.Millisecond
	probePeriod  = time.Second
	probeSpacing = 500 * time.Microsecond
	probeSpread  = 2 * time.Second
)

// probeIn returns the delay of a ping, the last of so many that are due.
func probeIn(sinceLast time.Duration, due int64) time.Duration {
	return max(probeDelay, probePeriod-sinceLast) + min(time.Duration(due-1)*probeSpacing, probeSpread)
}

// keepAlive starts the pings of a socket: one every pingPeriod, which shows both sides, and the
// proxies between them, that the connection is alive.
func (s *socket) keepAlive() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.receipt.timer = time.AfterFunc(pingPeriod, s.ping)
}

func (s *socket) stopPinging() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.receipt.timer != nil {
		s.receipt.timer.Stop()
	}
	s.notDueLocked()
	s.receipt.timer = nil // no ping is scheduled any more
}

// notDueLocked takes the socket's ping off the count of those that are due.
func (s *socket) notDueLocked() {
	if s.receipt.due {
		s.receipt.due = false
		s.hub.receipts.due.Add(-1)
	}
}

// handlePings answers the client's own pings. Errors are ignored: the next write fails too.
func (s *socket) handlePings() {
	conn := s.conn()
	conn.SetPingHandler(func(data string) error {
		_ = conn.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(writeWait))
		return nil
	})
}

// cutUnlessAlive cuts the socket unless a pong comes soon: it takes a slot that another socket of
// the same person needs, and may have been dead for up to pongWait.
func (s *socket) cutUnlessAlive() {
	s.mu.Lock()
	idle := s.sendQueue.session != nil && !s.receipt.waiting && !s.receipt.due
	before := s.receipt.pongs
	s.mu.Unlock()
	if idle {
		go s.ping()
	}
	time.AfterFunc(aliveWait, func() {
		s.mu.Lock()
		silent := s.sendQueue.session != nil && s.receipt.pongs == before
		s.mu.Unlock()
		if silent {
			s.cut()
		}
	})
}

// aliveWait is how long a phone on a bad network may take for a pong.
const aliveWait = 5 * time.Second

// pingSoonLocked schedules a ping for what was written, unless one is scheduled or unanswered.
func (s *socket) pingSoonLocked() {
	if len(s.receipt.written) > 0 && !s.receipt.waiting && !s.receipt.due && s.receipt.timer != nil {
		s.receipt.due = true
		s.receipt.timer.Reset(probeIn(time.Since(s.receipt.pingedAt), s.hub.receipts.due.Add(1)))
	}
}

// ping asks the device to confirm what it was sent. It may have to wait for a frame that is being
// written, and so has all of writeWait; if it fails, the socket is closed.
func (s *socket) ping() {
	s.mu.Lock()
	s.notDueLocked()
	s.receipt.waiting, s.receipt.pingedAt = true, time.Now()
	s.receipt.pinged, s.receipt.written = s.receipt.written, nil
	s.mu.Unlock()
	s.pongDue.Store(true)
	_ = s.conn().WriteControl(websocket.PingMessage, nil, time.Now().Add(writeWait))
}
