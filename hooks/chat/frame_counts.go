package chat

import (
	"bytes"
	"sync/atomic"

	"messagerie/hooks/protocol"
)

// otherFrames counts the frames of a client whose type is unknown, and those that can't be read.
const otherFrames = "other"

// frameCounts counts frames by their type. The keys never change, so it needs no lock.
type frameCounts map[string]*atomic.Int64

func newFrameCounts(types ...string) frameCounts {
	counts := frameCounts{otherFrames: new(atomic.Int64)}
	for _, kind := range types {
		counts[kind] = new(atomic.Int64)
	}
	return counts
}

func framesIn() frameCounts {
	counts := newFrameCounts(protocol.TypePing)
	for kind := range receivers {
		counts[kind] = new(atomic.Int64)
	}
	return counts
}

func framesOut() frameCounts {
	return newFrameCounts(protocol.TypeConversationsList, protocol.TypeNewMessage, protocol.TypeMessageUpdated,
		protocol.TypeMessageDeleted, protocol.TypeMessageReactions, protocol.TypeMessagePins, protocol.TypeMessagesRead,
		protocol.TypeMessagesDelivered, protocol.TypeConversationJoined, protocol.TypeMeUpdated, protocol.TypeError,
		protocol.TypePong, protocol.TypeMessageScheduled, protocol.TypeScheduledGone, protocol.TypeTypingStart, protocol.TypeTypingStop)
}

func (c frameCounts) add(kind string) {
	counter, ok := c[kind]
	if !ok {
		counter = c[otherFrames]
	}
	counter.Add(1)
}

var typePrefix = []byte(`{"type":"`)

// addEncoded counts a frame of ours, all of which begin with their type.
func (c frameCounts) addEncoded(frame []byte) {
	kind, _ := bytes.CutPrefix(frame, typePrefix)
	if end := bytes.IndexByte(kind, '"'); end >= 0 {
		kind = kind[:end]
	}
	counter, ok := c[string(kind)]
	if !ok {
		counter = c[otherFrames]
	}
	counter.Add(1)
}

func (c frameCounts) load() map[string]int64 {
	loaded := make(map[string]int64, len(c))
	for kind, counter := range c {
		loaded[kind] = counter.Load()
	}
	return loaded
}

// Frames returns how many frames were received and written since the start, by their type.
func (h *Hub) Frames() (in, out map[string]int64) { return h.framesIn.load(), h.framesOut.load() }

// Messages returns how many messages were announced since the start, whichever way they came.
func (h *Hub) Messages() int64 { return h.messages.Load() }

// Sockets returns how many sockets are open.
func (h *Hub) Sockets() int { return h.index.open() }
