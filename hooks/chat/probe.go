package chat

import (
	"time"

	"github.com/gorilla/websocket"
)

// A ping gathers what is written in a quarter of a second, and while messages pour in
// there is one a second: each moves a marker on the disk. When many are due, as after a
// message for thousands, they are spread: two a millisecond, within less than answerWait.
const (
	probeDelay   = 250 * time.Millisecond
	probePeriod  = time.Second
	probeSpacing = 500 * time.Microsecond
	probeSpread  = 2 * time.Second
)

// probeIn is how long a ping waits, the last of so many that are due.
func probeIn(sinceLast time.Duration, due int64) time.Duration {
	return max(probeDelay, probePeriod-sinceLast) + min(time.Duration(due-1)*probeSpacing, probeSpread)
}

// keepAlive starts the pings of a socket: one every pingPeriod, by which both
// sides, and the proxies between them, know that the other is there.
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
	s.receipt.timer = nil // none is due any more
}

// notDueLocked takes a ping off those that are due.
func (s *socket) notDueLocked() {
	if s.receipt.due {
		s.receipt.due = false
		s.hub.receipts.due.Add(-1)
	}
}

// answerPings answers the client's own pings, and forgets about one that can't be
// written: the next write notices.
func (s *socket) answerPings() {
	conn := s.conn()
	conn.SetPingHandler(func(data string) error {
		_ = conn.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(writeWait))
		return nil
	})
}

// mustAnswer ends the socket unless its device answers soon: it takes a place that
// another one of the same person needs, and may be dead for as long as pongWait.
func (s *socket) mustAnswer() {
	s.mu.Lock()
	idle := s.outbox.session != nil && !s.receipt.waiting && !s.receipt.due
	asked := s.receipt.answers
	s.mu.Unlock()
	if idle {
		go s.ping()
	}
	time.AfterFunc(answerWait, func() {
		s.mu.Lock()
		silent := s.outbox.session != nil && s.receipt.answers == asked
		s.mu.Unlock()
		if silent {
			s.cut()
		}
	})
}

// answerWait is how long a phone on a bad network may take to answer a ping.
const answerWait = 5 * time.Second

// pingSoonLocked has what was written proven, unless a ping is on its way already.
func (s *socket) pingSoonLocked() {
	if len(s.receipt.written) > 0 && !s.receipt.waiting && !s.receipt.due && s.receipt.timer != nil {
		s.receipt.due = true
		s.receipt.timer.Reset(probeIn(time.Since(s.receipt.asked), s.hub.receipts.due.Add(1)))
	}
}

// ping asks the device to prove what it was sent. It may wait for a frame that is
// being written, and has the whole time of a write: one that fails ends the socket.
func (s *socket) ping() {
	s.mu.Lock()
	s.notDueLocked()
	s.receipt.waiting, s.receipt.asked = true, time.Now()
	s.receipt.pinged, s.receipt.written = s.receipt.written, nil
	s.mu.Unlock()
	s.pongDue.Store(true)
	_ = s.conn().WriteControl(websocket.PingMessage, nil, time.Now().Add(writeWait))
}
