package chat

import (
	"bytes"
	"math/rand/v2"
	"net"
	"testing"
)

// recordingConn records each write.
type recordingConn struct {
	net.Conn
	writes [][]byte
}

func (w *recordingConn) Write(p []byte) (int, error) {
	w.writes = append(w.writes, bytes.Clone(p))
	return len(p), nil
}

func TestCoalescingConn_writesQueuedFramesTogether(t *testing.T) {
	s := &socket{}
	following := &s.sendQueue.queued
	w := &recordingConn{}
	c := &coalescingConn{Conn: w, socket: s}
	write := func(left int32, frame string) {
		t.Helper()
		following.Store(left)
		if n, err := c.Write([]byte(frame)); n != len(frame) || err != nil {
			t.Fatal(n, err)
		}
	}
	write(1, "\x81alone")
	write(3, "\x81first")
	write(2, "\x81second")
	write(1, "\x81third")
	write(3, "\x81before a ping")
	write(3, "\x89") // isn't buffered, and flushes what was written before it
	want := [][]byte{[]byte("\x81alone"), []byte("\x81first\x81second\x81third"), []byte("\x81before a ping\x89")}
	if len(w.writes) != len(want) {
		t.Fatalf("written %q", w.writes)
	}
	for i := range want {
		if !bytes.Equal(w.writes[i], want[i]) {
			t.Errorf("write %d is %q, want %q", i, w.writes[i], want[i])
		}
	}
	if c.buffered != nil {
		t.Error("an idle connection keeps a buffer")
	}
}

// However it is split, everything written arrives once and in order.
func TestCoalescingConn_keepsEveryByte(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	s := &socket{}
	following := &s.sendQueue.queued
	w := &recordingConn{}
	c := &coalescingConn{Conn: w, socket: s}
	var sent []byte
	for range 500 {
		part := make([]byte, 1+random.IntN(coalesceBytes/3))
		if random.IntN(20) == 0 {
			part = make([]byte, 3*coalesceBytes)
		}
		for i := range part {
			part[i] = byte(random.Uint32())
		}
		sent = append(sent, part...)
		following.Store(int32(random.IntN(4)))
		if _, err := c.Write(part); err != nil {
			t.Fatal(err)
		}
	}
	following.Store(1)
	sent = append(sent, 0x81)
	if _, err := c.Write([]byte{0x81}); err != nil {
		t.Fatal(err)
	}
	if got := bytes.Join(w.writes, nil); !bytes.Equal(got, sent) {
		t.Errorf("%d bytes arrived of %d, or in another order", len(got), len(sent))
	}
	if len(w.writes) >= 500 {
		t.Errorf("%d writes for 501 parts: none were coalesced", len(w.writes))
	}
}

// Thirty frames for one socket, as when everybody in a group writes at the same time.
func BenchmarkCoalescingConn_thirtyFrames(b *testing.B) {
	s := &socket{}
	following := &s.sendQueue.queued
	c := &coalescingConn{Conn: discardingConn{}, socket: s}
	frame := append([]byte{0x81}, make([]byte, 300)...)
	b.ReportAllocs()
	for b.Loop() {
		for left := int32(30); left > 0; left-- {
			following.Store(left)
			if _, err := c.Write(frame); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// discardingConn accepts everything.
type discardingConn struct{ net.Conn }

func (discardingConn) Write(p []byte) (int, error) { return len(p), nil }
