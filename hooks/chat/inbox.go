package chat

import (
	"sync"
	"sync/atomic"

	"messagerie/hooks/protocol"
)

// maxUnderway is how many messages of one socket may wait for the disk together.
const maxUnderway = 32

// underway are the messages and markers of a socket that wait for the disk.
type underway struct {
	sync.WaitGroup
	count atomic.Int32
}

func (u *underway) add() {
	u.Add(1)
	u.count.Add(1)
}

func (u *underway) end() {
	u.count.Add(-1)
	u.Done()
}

// mustWait says whether a frame has to wait for messages of its own socket: what is said
// about them is said after them, and there may be maxUnderway at a time.
func (s *socket) mustWait(frame protocol.ClientFrame) bool {
	underway := s.underway.count.Load()
	if frame.Type == protocol.TypeChatMessage {
		return underway >= maxUnderway
	}
	return underway > 0
}

// An inbox takes what a person writes while the disk is stuck for a minute or so. Beyond
// that nothing more is read, not even pings.
const (
	inboxFrames = 128
	inboxBytes  = 256 << 10
)

// inbox holds the frames of a socket that wait for the disk, in their order. It is nearly
// always empty, and has a goroutine only when it isn't.
type inbox struct {
	used atomic.Bool // set by the reader when it puts a frame in, unset when none is left

	mu     sync.Mutex
	frames []protocol.ClientFrame
	bytes  int
	room   *sync.Cond // nil until somebody waits for it
}

func (b *inbox) inUse() bool { return b.used.Load() }

// put adds a frame, and waits for room if there is none. It says whether emptyInbox
// must be started.
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
	b.bytes += weightOf(frame)
	return !b.used.Swap(true)
}

// next takes the oldest frame. Where there is none the inbox is no longer in use.
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
	b.bytes -= weightOf(frame)
	if b.room != nil {
		b.room.Signal()
	}
	return frame, true
}

// clear forgets what waits.
func (b *inbox) clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.frames, b.bytes = nil, 0
	b.used.Store(false)
	if b.room != nil {
		b.room.Signal()
	}
}

// weightOf is what a frame holds in memory, but for its fixed fields.
func weightOf(frame protocol.ClientFrame) int { return len(frame.Message) + len(frame.ClientID) }

// emptyInbox deals with the frames that wait, each when it may.
func (h *Hub) emptyInbox(s *socket) {
	finished := false
	defer func() {
		if !finished { // a panic: the client comes back and sends again what has no receipt
			s.cut()
			s.inbox.clear()
		}
	}()
	defer h.recoverPanic()
	for frame, ok := s.inbox.next(); ok; frame, ok = s.inbox.next() {
		if s.mustWait(frame) {
			s.underway.Wait()
		}
		for !s.ending.Load() && !h.handle(s, receivers[frame.Type], frame) {
			h.conversations.Flush()
		}
	}
	finished = true
}
