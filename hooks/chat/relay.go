package chat

import (
	"messagerie/hooks/protocol"
	"messagerie/hooks/store"
)

// typed is passed on to the sockets of the other machines of a cluster: somebody types in a conversation, or has stopped.
type typed struct {
	Kind               string // of frame
	Conversation, User protocol.ID
}

// Relay lets the sockets of all machines see who types, which isn't stored.
func (h *Hub) Relay(st *store.Store) {
	h.typed = store.NewCall(st, "typing", func(t typed, done func(bool, error)) bool {
		h.showTyping(t)
		done(true, nil)
		return true
	})
}
