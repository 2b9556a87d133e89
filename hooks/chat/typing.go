package chat

import (
	"errors"
	"slices"
	"time"

	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
)

// typist is what a socket's person does in one conversation.
type typist struct {
	active bool        // others were told of a start and not of a stop
	passed time.Time   // when a frame was last passed on
	timer  *time.Timer // ends a silence, or passes on a stop that came too early
}

// join makes a socket hear the typing of a conversation, and no longer that of
// those which it hasn't joined.
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

func (s *socket) hearsTyping(conversation protocol.ID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.joined) == 0 || slices.Contains(s.joined, conversation)
}

// mayType is asked before a sign of typing is passed on. ok is false, without an error,
// for somebody who may only read.
func (h *Hub) mayType(s *socket, conversation protocol.ID) (ok bool, err error) {
	err = h.conversations.MayWrite(conversation, s.user)
	if errors.Is(err, messagerie.ErrLeftSchool) || errors.Is(err, messagerie.ErrRecipientGone) {
		return false, nil
	}
	return err == nil, err
}

// typingStart passes a start on, at most one a second, and ends it by itself when
// nothing follows.
func (h *Hub) typingStart(s *socket, frame protocol.ClientFrame) error {
	conversation := frame.ConversationID
	if ok, err := h.mayType(s, conversation); !ok {
		return err
	}
	now := time.Now()
	s.mu.Lock()
	t := s.typistLocked(conversation)
	pass := now.Sub(t.passed) >= h.limits.TypingInterval
	if pass {
		t.active, t.passed = true, now
	}
	if t.active {
		t.after(h.limits.TypingTimeout, func() { s.typed(conversation) })
	}
	s.mu.Unlock()
	if pass {
		h.passTyping(s, protocol.TypeTypingStart, conversation)
	}
	return nil
}

// typingStop passes a stop on; one that comes within a second of the start waits
// until the second is over.
func (h *Hub) typingStop(s *socket, frame protocol.ClientFrame) error {
	conversation := frame.ConversationID
	if ok, err := h.mayType(s, conversation); !ok {
		return err
	}
	s.mu.Lock()
	wait := time.Duration(0)
	if t := s.typing[conversation]; t != nil && t.active {
		if wait = h.limits.TypingInterval - time.Since(t.passed); wait > 0 {
			t.after(wait, func() { s.typed(conversation) })
		}
	}
	s.mu.Unlock()
	if wait <= 0 {
		s.typed(conversation)
	}
	return nil
}

// stopTyping is for a message that was sent, from whichever device.
func (h *Hub) stopTyping(user, conversation protocol.ID) {
	for _, s := range h.index.of(user) {
		s.typed(conversation)
	}
}

// typed tells the others that the person no longer types, if they think so and no
// other device of the person still does.
func (s *socket) typed(conversation protocol.ID) {
	s.mu.Lock()
	t := s.typing[conversation]
	tell := t != nil && t.active
	if t != nil {
		t.active = false
		if t.timer != nil {
			t.timer.Stop()
		}
		if time.Since(t.passed) >= s.hub.limits.TypingInterval {
			delete(s.typing, conversation) // nothing left to remember
		}
	}
	s.mu.Unlock()
	if tell && !slices.ContainsFunc(s.hub.index.of(s.user), func(other *socket) bool { return other.types(conversation) }) {
		s.hub.passTyping(s, protocol.TypeTypingStop, conversation)
	}
}

func (s *socket) types(conversation protocol.ID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.typing[conversation]
	return t != nil && t.active
}

// typedAll ends everything that a closed socket had begun.
func (s *socket) typedAll() {
	s.mu.Lock()
	conversations := make([]protocol.ID, 0, len(s.typing))
	for conversation := range s.typing {
		conversations = append(conversations, conversation)
	}
	s.mu.Unlock()
	for _, conversation := range conversations {
		s.typed(conversation)
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

// passTyping tells the other participants.
func (h *Hub) passTyping(from *socket, kind string, conversation protocol.ID) {
	r := h.roster(conversation)
	if r == nil {
		return
	}
	frame, err := protocol.Encode(protocol.TypingFrame{Type: kind, ConversationID: conversation, UserID: from.user})
	if err != nil {
		h.app.Logger().Error("encode frame", "error", err)
		return
	}
	for _, member := range r.Members {
		if member.User == from.user {
			continue
		}
		for _, s := range h.index.of(member.User) {
			if s.hearsTyping(conversation) {
				s.write(frame)
			}
		}
	}
}
