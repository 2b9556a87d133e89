package chat

import (
	"encoding/binary"
	"math"
)

// Opcodes of frames (RFC 6455, section 5.2) that are counted differently.
const (
	opContinuation = 0x0
	opText         = 0x1
	opBinary       = 0x2
	opPong         = 0xA
)

// fragmentBytes is how much the fragments of a message must carry on average to count as one
// frame together. Client libraries split a long message every few kilobytes; only an attacker
// sends smaller fragments.
const fragmentBytes = 512

// frameCounter finds the frames in the bytes that a client sends. It works below the WebSocket
// library, which reports neither fragments nor all control frames.
type frameCounter struct {
	header    [14]byte
	have      int    // bytes of header read so far
	payload   uint64 // bytes of the last frame's payload still to come
	fragments uint64 // of the current message
	carried   uint64 // bytes in them
}

// next consumes the rest of a payload, or bytes of a header. It returns how many it has consumed,
// and whether a header is complete now.
func (c *frameCounter) next(data []byte) (consumed int, complete bool) {
	if c.payload > 0 {
		skipped := min(c.payload, uint64(len(data)))
		c.payload -= skipped
		return int(skipped), false
	}
	for consumed < len(data) {
		c.header[c.have] = data[consumed]
		c.have++
		consumed++
		if c.have >= 2 && c.have == c.headerLength() {
			c.payload = c.length()
			c.have = 0
			return consumed, true
		}
	}
	return consumed, false
}

// headerLength returns the length of the header whose first two bytes were read.
func (c *frameCounter) headerLength() int {
	length := 2
	switch c.header[1] & 0x7f {
	case 126:
		length += 2
	case 127:
		length += 8
	}
	if c.header[1]&0x80 != 0 { // the mask, which every client's frame has
		length += 4
	}
	return length
}

func (c *frameCounter) length() uint64 {
	switch length := c.header[1] & 0x7f; length {
	case 126:
		return uint64(binary.BigEndian.Uint16(c.header[2:]))
	case 127:
		return binary.BigEndian.Uint64(c.header[2:])
	default:
		return uint64(length)
	}
}

// counts returns whether the frame whose header is complete counts against the limit. Fragments
// that aren't too small count as part of the message's first frame.
func (c *frameCounter) counts() bool {
	length := min(c.length(), math.MaxUint32) // gorilla refuses larger frames
	switch c.header[0] & 0xf {
	case opText, opBinary:
		c.fragments, c.carried = 1, length
	case opContinuation:
		c.fragments++
		c.carried += length
		return c.carried < c.fragments*fragmentBytes
	}
	return true
}

func (c *frameCounter) isPong() bool { return c.header[0]&0xf == opPong }
