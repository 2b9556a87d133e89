package chat

import (
	"bytes"
	"math/rand/v2"
	"net"
	"testing"
)

// wire notes what is written at once.
type wire struct {
	net.Conn
	writes [][]byte
}

func (w *wire) Write(p []byte) (int, error) {
	w.writes = append(w.writes, bytes.Clone(p))
	return len(p), nil
}

func TestGatherer_writesWhatFollowsTogether(t *testing.T) {
	s := &socket{}
	following := &s.outbox.queued
	w := &wire{}
	g := &gatherer{Conn: w, socket: s}
	write := func(left int32, frame string) {
		t.Helper()
		following.Store(left)
		if n, err := g.Write([]byte(frame)); n != len(frame) || err != nil {
			t.Fatal(n, err)
		}
	}
	write(1, "\x81alone")
	write(3, "\x81first")
	write(2, "\x81second")
	write(1, "\x81third")
	write(3, "\x81before a ping")
	write(3, "\x89") // waits for nobody, and passes nothing that was written before it
	want := [][]byte{[]byte("\x81alone"), []byte("\x81first\x81second\x81third"), []byte("\x81before a ping\x89")}
	if len(w.writes) != len(want) {
		t.Fatalf("written %q", w.writes)
	}
	for i := range want {
		if !bytes.Equal(w.writes[i], want[i]) {
			t.Errorf("write %d is %q, want %q", i, w.writes[i], want[i])
		}
	}
	if g.waiting != nil {
		t.Error("an idle connection keeps a buffer")
	}
}

// Whatever is written in whatever parts arrives once and in order.
func TestGatherer_keepsEveryByte(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	s := &socket{}
	following := &s.outbox.queued
	w := &wire{}
	g := &gatherer{Conn: w, socket: s}
	var sent []byte
	for range 500 {
		part := make([]byte, 1+random.IntN(gatherSize/3))
		if random.IntN(20) == 0 {
			part = make([]byte, 3*gatherSize)
		}
		for i := range part {
			part[i] = byte(random.Uint32())
		}
		sent = append(sent, part...)
		following.Store(int32(random.IntN(4)))
		if _, err := g.Write(part); err != nil {
			t.Fatal(err)
		}
	}
	following.Store(1)
	sent = append(sent, 0x81)
	if _, err := g.Write([]byte{0x81}); err != nil {
		t.Fatal(err)
	}
	if got := bytes.Join(w.writes, nil); !bytes.Equal(got, sent) {
		t.Errorf("%d bytes arrived of %d, or in another order", len(got), len(sent))
	}
	if len(w.writes) >= 500 {
		t.Errorf("%d writes for 501 parts: nothing was gathered", len(w.writes))
	}
}

// Thirty frames for one socket, as when everybody in a group writes at once.
func BenchmarkGatherer_thirtyFrames(b *testing.B) {
	s := &socket{}
	following := &s.outbox.queued
	g := &gatherer{Conn: nowhere{}, socket: s}
	frame := append([]byte{0x81}, make([]byte, 300)...)
	b.ReportAllocs()
	for b.Loop() {
		for left := int32(30); left > 0; left-- {
			following.Store(left)
			if _, err := g.Write(frame); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// nowhere takes everything.
type nowhere struct{ net.Conn }

func (nowhere) Write(p []byte) (int, error) { return len(p), nil }
