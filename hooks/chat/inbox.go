package chat

import (
	"sync"
	"sync/atomic"

	"messagerie/hooks/protocol"
)

// maxInFlight is how many messages of one socket may wait for the disk at a time.
const maxInFlight = 32

// inFlight counts the messages and markers of a socket that wait for the disk.
type inFlight struct {
	sync.WaitGroup
	count atomic.Int32
}

func (f *inFlight) add() {
	f.Add(1)
	f.count.Add(1)
}

func (f *inFlight) end() {
	f.count.Add(-1)
	f.Done()
}

// mustWait returns whether a frame has to wait for messages of its own socket: other frames are
// handled after the messages before them, and only maxInFlight messages may be in flight.
func (s *socket) mustWait(frame protocol.ClientFrame) bool {
	count := s.inFlight.count.Load()
	if frame.Type == protocol.TypeChatMessage {
		return count >= maxInFlight
	}
	return count > 0
}

// The bounds of an inbox: room for what a person writes while the disk is stuck for a minute or so.
// When it is full nothing more is read, not even pings.
const (
	inboxFrames = 128
	inboxBytes  = 256 << 10
)

// inbox queues the frames of a socket that wait for the disk, in order. It is nearly always empty,
// and has a goroutine only while it isn't.
type inbox struct {
	used atomic.Bool // set by put, unset when no frame is left

	mu     sync.Mutex
	frames []protocol.ClientFrame
	bytes  int
	room   *sync.Cond // nil until somebody waits for it
}

func (b *inbox) inUse() bool { return b.used.Load() }

// put adds a frame, waiting for room if there is none. It returns whether emptyInbox must be started.
func (b *inbox) put(frame protocol.ClientFrame) (start bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.frames) >= inboxFrames || b.bytes >= inboxBytes {
		if b.room == nil {
			b.room = sync.NewCond(&b.mu)
		}
		b.room.Wait()
	}
	b.frames = append(b.frames, frame)
	b.bytes += sizeOf(frame)
	return !b.used.Swap(true)
}

// next removes the oldest frame. If there is none, the inbox is no longer in use.
func (b *inbox) next() (frame protocol.ClientFrame, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.frames) == 0 {
		b.frames = nil
		b.used.Store(false)
		return frame, false
	}
	frame = b.frames[0]
	b.frames[0] = protocol.ClientFrame{}
	b.frames = b.frames[1:]
	b.bytes -= sizeOf(frame)
	if b.room != nil {
		b.room.Signal()
	}
	return frame, true
}

// clear drops all frames.
func (b *inbox) clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.frames, b.bytes = nil, 0
	b.used.Store(false)
	if b.room != nil {
		b.room.Signal()
	}
}

// sizeOf returns the memory that a frame takes besides its fixed fields.
func sizeOf(frame protocol.ClientFrame) int { return len(frame.Message) + len(frame.ClientID) }

// emptyInbox handles the queued frames, each when it needn't wait any more.
func (h *Hub) emptyInbox(s *socket) {
	finished := false
	defer func() {
		if !finished { // a panic: the client reconnects and resends what has no receipt
			s.cut()
			s.inbox.clear()
		}
	}()
	defer h.recoverPanic()
	for frame, ok := s.inbox.next(); ok; frame, ok = s.inbox.next() {
		if s.mustWait(frame) {
			s.inFlight.Wait()
		}
		for !s.ending.Load() && !h.handle(s, receivers[frame.Type], frame) {
			h.conversations.Flush()
		}
	}
	finished = true
}
