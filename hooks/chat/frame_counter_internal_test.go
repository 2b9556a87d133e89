package chat

import (
	"bytes"
	"math/rand/v2"
	"net"
	"testing"

	"golang.org/x/time/rate"
)

// splittingConn is a connection whose reads return parts of random length, until its socket is
// closed.
type splittingConn struct {
	net.Conn
	socket *socket
	random *rand.Rand
	data   []byte
}

func (p *splittingConn) Read(into []byte) (int, error) {
	if len(p.data) == 0 || p.socket.ending.Load() {
		return 0, net.ErrClosed
	}
	n := copy(into[:1+p.random.IntN(len(into))], p.data)
	p.data = p.data[n:]
	return n, nil
}

// silentHub is for sockets that are tested without a hub.
var silentHub = &Hub{onRefused: func(string, string, string, string) {}}

// However the network splits frames, the reader gets those that are allowed whole. Of the next one
// it may get a part of the header.
func TestFrameCounter_endsBeforeTheFirstFrameAboveTheLimit(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 100 {
		allowed := random.IntN(20)
		var sent, want []byte
		for n := range 30 {
			if n == allowed {
				want = bytes.Clone(sent)
			}
			sent = append(sent, randomFrame(random)...)
		}
		s := &socket{hub: silentHub, limiter: rate.NewLimiter(0, allowed), upgraded: make(chan struct{})}
		c := &coalescingConn{Conn: &splittingConn{socket: s, random: random, data: sent}, socket: s}
		var got []byte
		for buffer := make([]byte, 1+random.IntN(600)); ; {
			n, err := c.Read(buffer)
			got = append(got, buffer[:n]...)
			if err != nil {
				break
			}
		}
		if !bytes.HasPrefix(got, want) || len(got) >= len(want)+len(c.incoming.header) || !s.ending.Load() {
			t.Fatalf("%d bytes were read, want %d: %d frames", len(got), len(want), allowed)
		}
	}
}

func randomFrame(random *rand.Rand) []byte {
	opcode := []byte{opText, opBinary, opPong, 0x8, 0x9}[random.IntN(5)]
	length := []int{0, 1, 125, 126, 127, 1000, 65535, 65536, 70000}[random.IntN(9)]
	frame := []byte{0x80 | opcode, 0}
	switch {
	case length < 126:
		frame[1] = byte(length)
	case length < 1<<16:
		frame[1] = 126
		frame = append(frame, byte(length>>8), byte(length))
	default:
		frame[1] = 127
		frame = append(frame, 0, 0, 0, 0, byte(length>>24), byte(length>>16), byte(length>>8), byte(length))
	}
	if random.IntN(4) > 0 {
		frame[1] |= 0x80
		frame = append(frame, 1, 2, 3, 4)
	}
	return append(frame, bytes.Repeat([]byte{byte(random.Uint32())}, length)...)
}

// A message that is read in one piece, as nearly all are.
func BenchmarkFrameCounter_oneMessage(b *testing.B) {
	frame := append([]byte{0x80 | opText, 0x80 | 126, 0, 200, 1, 2, 3, 4}, make([]byte, 200)...)
	s := &socket{hub: silentHub, limiter: rate.NewLimiter(rate.Inf, 1)}
	c := &coalescingConn{socket: s}
	b.ReportAllocs()
	for b.Loop() {
		if c.count(frame) != len(frame) {
			b.Fatal("refused")
		}
	}
}
