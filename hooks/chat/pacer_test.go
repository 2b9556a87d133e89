package chat

import (
	"fmt"
	"testing"
	"time"
)

// asleep returns sockets with a frame that waits for the pacer.
func asleep(t *testing.T, count int) []*socket {
	t.Helper()
	sockets := make([]*socket, count)
	for i := range sockets {
		sockets[i] = &socket{}
		if !sockets[i].writeSoon([]byte("first")) {
			t.Fatal("the pacer isn't asked to wake a socket")
		}
	}
	return sockets
}

func TestPacer_wakesInBatches(t *testing.T) {
	sockets := asleep(t, 1000)
	p := newPacer()
	awake, before := func() (count int) {
		for _, s := range sockets {
			if !s.sendQueue.asleep {
				count++
			}
		}
		return count
	}, 0
	p.pause = func() {
		if now := awake(); now-before > wakeBatch || now == before {
			t.Errorf("%d are woken at once", now-before)
		} else {
			before = now
		}
	}
	p.wakeSoon(sockets)
	p.wakeAll(t.Context())
	if awake() != len(sockets) || len(p.next()) != 0 {
		t.Errorf("%d of %d are awake", awake(), len(sockets))
	}
}

// However many messages are queued before its turn, a socket is in the pacer's queue once. Frames
// that are written directly come after them.
func TestSocket_isPacedOnceAndInOrder(t *testing.T) {
	s := asleep(t, 1)[0]
	if s.writeSoon([]byte("second")) {
		t.Error("the pacer is asked twice")
	}
	s.write([]byte("third"))
	if got := fmt.Sprintf("%s", s.sendQueue.frames); got != "[first second third]" {
		t.Errorf("queued are %s", got)
	}
	s.wake()
	if !s.writeSoon([]byte("fourth")) {
		t.Error("the pacer isn't asked again once it is awake")
	}
	s.ending.Store(true)
	if s.writeSoon([]byte("fifth")) || len(s.sendQueue.frames) != 4 {
		t.Error("a socket that is being closed takes another frame")
	}
}

func TestSocket_isCutWhenTooMuchWaitsForThePacer(t *testing.T) {
	s := &socket{hub: silentHub, upgraded: make(chan struct{})}
	for range queueLength {
		s.writeSoon([]byte("frame"))
	}
	if s.ending.Load() {
		t.Fatal("cut too early")
	}
	s.writeSoon([]byte("frame"))
	if !s.ending.Load() || len(s.sendQueue.frames) != queueLength {
		t.Errorf("%d frames wait", len(s.sendQueue.frames))
	}
}

func TestProbes_areSpreadWhenManyAreDue(t *testing.T) {
	for name, c := range map[string]struct {
		sinceLast time.Duration
		due       int64
		want      time.Duration
	}{
		"alone":                      {time.Hour, 1, 250 * time.Millisecond},
		"after one just now":         {200 * time.Millisecond, 1, 800 * time.Millisecond},
		"the last of three thousand": {time.Hour, 3001, 1750 * time.Millisecond},
		"at most":                    {time.Hour, 10_000, 2250 * time.Millisecond},
	} {
		if got := probeIn(c.sinceLast, c.due); got != c.want {
			t.Errorf("%s: in %v, want %v", name, got, c.want)
		}
	}
}

// A ping that is due is counted until it is sent or its socket is closed.
func TestProbes_areCountedOnce(t *testing.T) {
	h := &Hub{}
	h.receipts = newReceipts(h)
	sockets := asleep(t, 10)
	for _, s := range sockets {
		s.hub = h
		s.receipt.timer = time.NewTimer(time.Hour)
		for range 2 {
			s.receipt.written.add(1, 2)
			s.pingSoonLocked()
		}
	}
	if due := h.receipts.due.Load(); due != 10 {
		t.Errorf("%d are due", due)
	}
	for _, s := range sockets {
		s.stopPinging()
		s.pingSoonLocked()
		s.stopPinging()
	}
	if due := h.receipts.due.Load(); due != 0 {
		t.Errorf("%d are due once all sockets are closed", due)
	}
}
