package chat

import (
	"slices"
	"time"

	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
)

// typist is the typing state of a socket in one conversation.
type typist struct {
	active bool        // a start was sent, and no stop since
	sentAt time.Time   // of the last frame
	timer  *time.Timer // sends a stop after a silence, or one that came too early
}

// join makes a socket get the typing frames of a conversation, and no longer those of
// conversations that it hasn't joined.
func (s *socket) join(conversation protocol.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if slices.Contains(s.joined, conversation) {
		return
	}
	if len(s.joined) >= maxJoined {
		s.joined = s.joined[1:]
	}
	s.joined = append(s.joined, conversation)
}

func (s *socket) wantsTyping(conversation protocol.ID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.joined) == 0 || slices.Contains(s.joined, conversation)
}

// mayType returns whether typing frames of a person are passed on. ok is false, without an error,
// for somebody who may only read.
func (h *Hub) mayType(s *socket, conversation protocol.ID) (ok bool, err error) {
	err = h.conversations.MayWrite(conversation, s.user)
	if messagerie.OnlyReads(err) {
		return false, nil
	}
	return err == nil, err
}

// typingStart passes a start on, at most one a second, and sends a stop itself if nothing follows.
func (h *Hub) typingStart(s *socket, frame protocol.ClientFrame) error {
	conversation := frame.ConversationID
	if ok, err := h.mayType(s, conversation); !ok {
		return err
	}
	now := time.Now()
	s.mu.Lock()
	t := s.typistLocked(conversation)
	send := now.Sub(t.sentAt) >= h.limits.TypingInterval
	if send {
		t.active, t.sentAt = true, now
	}
	if t.active {
		t.after(h.limits.TypingTimeout, func() { s.endTyping(conversation) })
	}
	s.mu.Unlock()
	if send {
		h.broadcastTyping(s, protocol.TypeTypingStart, conversation)
	}
	return nil
}

// typingStop passes a stop on; one that comes within a second of the start waits until the second
// is over.
func (h *Hub) typingStop(s *socket, frame protocol.ClientFrame) error {
	conversation := frame.ConversationID
	if ok, err := h.mayType(s, conversation); !ok {
		return err
	}
	s.mu.Lock()
	wait := time.Duration(0)
	if t := s.typing[conversation]; t != nil && t.active {
		if wait = h.limits.TypingInterval - time.Since(t.sentAt); wait > 0 {
			t.after(wait, func() { s.endTyping(conversation) })
		}
	}
	s.mu.Unlock()
	if wait <= 0 {
		s.endTyping(conversation)
	}
	return nil
}

// stopTyping is called when a person has sent a message, from whichever device.
func (h *Hub) stopTyping(user, conversation protocol.ID) {
	for _, s := range h.index.of(user) {
		s.endTyping(conversation)
	}
}

// endTyping sends a stop if a start was sent and the person isn't typing on another device.
func (s *socket) endTyping(conversation protocol.ID) {
	s.mu.Lock()
	t := s.typing[conversation]
	wasActive := t != nil && t.active
	if t != nil {
		t.active = false
		if t.timer != nil {
			t.timer.Stop()
		}
		if time.Since(t.sentAt) >= s.hub.limits.TypingInterval {
			delete(s.typing, conversation) // the interval is over, too
		}
	}
	s.mu.Unlock()
	if wasActive && !slices.ContainsFunc(s.hub.index.of(s.user), func(other *socket) bool { return other.isTyping(conversation) }) {
		s.hub.broadcastTyping(s, protocol.TypeTypingStop, conversation)
	}
}

func (s *socket) isTyping(conversation protocol.ID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.typing[conversation]
	return t != nil && t.active
}

// endAllTyping ends the typing of a closed socket.
func (s *socket) endAllTyping() {
	s.mu.Lock()
	conversations := make([]protocol.ID, 0, len(s.typing))
	for conversation := range s.typing {
		conversations = append(conversations, conversation)
	}
	s.mu.Unlock()
	for _, conversation := range conversations {
		s.endTyping(conversation)
	}
}

func (s *socket) typistLocked(conversation protocol.ID) *typist {
	if s.typing == nil {
		s.typing = make(map[protocol.ID]*typist)
	}
	t := s.typing[conversation]
	if t == nil {
		t = &typist{}
		s.typing[conversation] = t
	}
	return t
}

func (t *typist) after(d time.Duration, do func()) {
	if t.timer != nil {
		t.timer.Stop()
	}
	t.timer = time.AfterFunc(d, do)
}

// broadcastTyping sends a typing frame to the other participants.
func (h *Hub) broadcastTyping(from *socket, kind string, conversation protocol.ID) {
	if h.isProtected(from.user) {
		return
	}
	t := typed{kind, conversation, from.user}
	h.showTyping(t)
	h.typed.Tell(t)
}

// showTyping sends a typing frame to the sockets of this machine.
func (h *Hub) showTyping(t typed) {
	p := h.participants(t.Conversation)
	if p == nil {
		return
	}
	frame, err := protocol.Encode(protocol.TypingFrame{Type: t.Kind, ConversationID: t.Conversation, UserID: t.User})
	if err != nil {
		h.app.Logger().Error("encode frame", "error", err)
		return
	}
	for _, member := range p.Members {
		if member.User == t.User {
			continue
		}
		sockets := h.index.of(member.User)
		if len(sockets) == 0 || h.isProtected(member.User) {
			continue
		}
		for _, s := range sockets {
			if s.wantsTyping(t.Conversation) {
				s.write(frame)
			}
		}
	}
}

// isProtected reports whether a person is left in peace now: nobody learns that they write, and
// they don't see others write.
func (h *Hub) isProtected(user protocol.ID) bool {
	until, err := h.people.ProtectedUntil(user)
	if err != nil {
		h.app.Logger().Error("quiet hours", "user", user, "error", err)
	}
	return !until.IsZero()
}
