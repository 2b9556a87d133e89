package chat_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
)

// clientFrame is a frame as a client sends it, masked with zeros.
func clientFrame(opcode byte, final bool, payload string) []byte {
	if final {
		opcode |= 0x80
	}
	header := []byte{opcode, 0x80}
	switch n := len(payload); {
	case n < 126:
		header[1] |= byte(n)
	case n < 1<<16:
		header[1] |= 126
		header = binary.BigEndian.AppendUint16(header, uint16(n))
	default:
		header[1] |= 127
		header = binary.BigEndian.AppendUint64(header, uint64(n))
	}
	return append(append(header, 0, 0, 0, 0), payload...)
}

const (
	opContinuation = 0x0
	opText         = 0x1
	opBinary       = 0x2
	opPing         = 0x9
	opPong         = 0xA
)

// limited makes a school whose sockets may send so many frames at once, and one a second after that.
func limited(t *testing.T, frames int) testSchool {
	t.Helper()
	return newSchool(t, func(c *config.Config) { c.Limits.FramesPerSecond, c.Limits.FramesBurst = 1, frames })
}

func (s testSchool) writeRaw(socket *apptest.Socket, frames ...[]byte) {
	_, _ = socket.Conn.NetConn().Write(bytes.Join(frames, nil)) // the server may have hung up already
}

func TestFlood_ofAnyFrames_closesTheSocket(t *testing.T) {
	const allowed = 10
	for name, flood := range map[string][]byte{
		"messages":                    bytes.Repeat(clientFrame(opText, true, `{"type":"ping"}`), 3*allowed),
		"nonsense":                    bytes.Repeat(clientFrame(opText, true, ``), 3*allowed),
		"pongs":                       bytes.Repeat(clientFrame(opPong, true, ""), 3*allowed),
		"pongs with content":          bytes.Repeat(clientFrame(opPong, true, strings.Repeat("x", 125)), 3*allowed),
		"pings":                       bytes.Repeat(clientFrame(opPing, true, "x"), 3*allowed),
		"binary frames":               bytes.Repeat(clientFrame(opBinary, true, "x"), 3*allowed),
		"empty fragments":             append(clientFrame(opText, false, ""), bytes.Repeat(clientFrame(opContinuation, false, ""), 3*allowed)...),
		"small fragments":             append(clientFrame(opText, false, "{"), bytes.Repeat(clientFrame(opContinuation, false, strings.Repeat(" ", 100)), 3*allowed)...),
		"pongs within a message":      append(clientFrame(opText, false, "{"), bytes.Repeat(clientFrame(opPong, true, ""), 3*allowed)...),
		"some of each, for ten times": bytes.Repeat(append(clientFrame(opPong, true, ""), clientFrame(opBinary, true, "x")...), 10*allowed),
	} {
		t.Run(name, func(t *testing.T) {
			s := limited(t, allowed)
			socket, _ := s.Dial(s.claire)
			s.writeRaw(socket, flood)
			socket.ExpectClose(protocol.CloseTooManyFrames)
		})
	}
}

func TestFlood_losesNothingSentBeforeIt(t *testing.T) {
	const allowed = 20
	s := limited(t, allowed)
	claire, _ := s.Dial(s.claire)
	jerome, _ := s.Dial(s.jerome)
	var frames [][]byte
	for i := range 3 * allowed {
		frames = append(frames, clientFrame(opText, true,
			fmt.Sprintf(`{"type":"chat_message","conversation_id":%d,"message":"%d"}`, s.conversation, i)))
	}
	s.writeRaw(claire, frames...)
	claire.ExpectClose(protocol.CloseTooManyFrames)
	for i := range allowed {
		var got protocol.MessageFrame
		jerome.Expect(protocol.TypeNewMessage, &got)
		if got.Message.Content != strconv.Itoa(i) {
			t.Fatalf("message %d reads %q", i, got.Message.Content)
		}
	}
	jerome.ExpectNone(protocol.TypeNewMessage)
	if stored := s.Count("messages"); stored != allowed {
		t.Errorf("%d messages are stored, want %d", stored, allowed)
	}
}

// Client libraries send a long message in fragments of a few kilobytes.
func TestFrames_ofALongMessageInPieces_countOnce(t *testing.T) {
	const messages = 5
	s := limited(t, messages+2) // and the two pings of ExpectNone
	socket, _ := s.Dial(s.claire)
	text := fmt.Sprintf(`{"type":"chat_message","conversation_id":%d,"message":"%s"}`,
		s.conversation, strings.Repeat("é", 10_000))
	for range messages {
		for rest := text; rest != ""; {
			piece := rest[:min(len(rest), 1000)]
			op, final := byte(opContinuation), len(piece) == len(rest)
			if len(rest) == len(text) {
				op = opText
			}
			s.writeRaw(socket, clientFrame(op, final, piece))
			rest = rest[len(piece):]
		}
		socket.Expect(protocol.TypeNewMessage, nil)
	}
	socket.ExpectNone(protocol.TypeError)
}

// The server sends a ping after each message, which the client has to answer, so that pong is free.
func TestPongs_toTheServersPingsAreFree(t *testing.T) {
	s := limited(t, 1)
	jerome, _ := s.Dial(s.jerome)
	claire, _ := s.Dial(s.claire)
	s.Says(s.claire, s.conversation, "Bonjour")
	jerome.Expect(protocol.TypeNewMessage, nil)
	claire.Expect(protocol.TypeMessagesDelivered, nil)
	jerome.ExpectNone(protocol.TypeError) // sends a ping, the one frame allowed
}
