package chat

import (
	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
	"messagerie/hooks/store"
)

// Announce sends a committed change to every socket concerned. It is a listener of the store, so
// it doesn't block: what needs the database is left to the lister and to receipts.
func (h *Hub) Announce(change store.Change) {
	switch c := change.(type) {
	case messagerie.MessageCreated:
		h.stopTyping(c.Message.Sender, c.Message.Conversation)
		h.toParticipants(c.Message.Conversation, func(p *messagerie.Participants) any {
			// Nobody has read it yet, so it is the same for everybody.
			return protocol.MessageFrame{Type: protocol.TypeNewMessage, Message: c.Message.For(c.Message.Sender, p)}
		})
	case messagerie.MessageChanged:
		h.messageChanged(c)
	case messagerie.MessageRemoved:
		h.messageDeleted(c.Message, protocol.ByAdministration, true)
		h.lists.changed(c.Message.Conversation, nil) // it may have been the last message
	case messagerie.ParticipantJoined:
		h.lists.changed(c.Conversation, []protocol.ID{c.Member.User})
	case messagerie.ParticipantLeft:
		h.lists.changed(c.Conversation, []protocol.ID{c.User})
	case messagerie.ParticipantChanged:
		h.participantChanged(c)
	case messagerie.ConversationChanged:
		h.lists.changed(c.Conversation, nil)
	case school.PersonChanged:
		if c.Revoked {
			h.revoke(c.After.ID, c.Disabled())
		}
		if c.IsVisible() {
			h.lists.changedPerson(c.After.ID)
		}
	case school.PersonDeleted:
		h.revoke(c.User, false)
	case school.AllAccessRevoked:
		for _, s := range h.index.all() {
			s.close(protocol.CloseUnauthorized, "all tokens were revoked")
		}
	case store.AnnouncementsLost:
		for _, s := range h.index.all() { // clients reconnect and load what they missed
			s.close(protocol.CloseServiceRestart, "the storage has failed")
		}
	}
}

func (h *Hub) messageChanged(c messagerie.MessageChanged) {
	switch {
	case c.After.Deleted && !c.Before.Deleted:
		h.messageDeleted(c.After, c.After.Changed.String(), false)
	case c.After.Content != c.Before.Content || c.After.Deleted != c.Before.Deleted:
		h.messageUpdated(c.After)
	}
	if c.Before.Deleted && !c.After.Deleted {
		h.lists.changed(c.After.Conversation, nil) // it counts as unread again
	}
}

func (h *Hub) messageDeleted(m messagerie.StoredMessage, by string, removed bool) {
	h.toParticipants(m.Conversation, func(*messagerie.Participants) any {
		return protocol.MessageDeletedFrame{
			Type: protocol.TypeMessageDeleted, ConversationID: m.Conversation, MessageID: m.ID,
			EditedBy: by, Removed: removed}
	})
}

func (h *Hub) participantChanged(c messagerie.ParticipantChanged) {
	before, after := c.Before, c.After
	// Reading implies receiving, so messages_read is enough then.
	if after.LastDelivered > max(before.LastDelivered, after.LastRead) {
		h.receipts.announce(delivered{c.Conversation, after.User, before.LastDelivered, after.LastDelivered})
	}
	if after.LastRead > before.LastRead {
		h.toParticipants(c.Conversation, func(*messagerie.Participants) any {
			return protocol.MessagesReadFrame{
				Type: protocol.TypeMessagesRead, ConversationID: c.Conversation,
				UserID: after.User, MessageID: after.LastRead, Timestamp: c.At}
		})
	}
	if after.Muted != before.Muted {
		h.lists.changed(0, []protocol.ID{after.User})
	}
}

// toParticipants encodes a frame once and queues it for every socket of every participant. In a
// large group most sockets are woken a little later.
func (h *Hub) toParticipants(conversation protocol.ID, frame func(*messagerie.Participants) any) {
	p := h.participants(conversation)
	if p == nil {
		return
	}
	data, err := protocol.Encode(frame(p))
	if err != nil {
		h.app.Logger().Error("encode frame", "error", err)
		return
	}
	var soon []*socket
	awake := 0
	for _, member := range p.Members {
		for _, s := range h.index.of(member.User) {
			if awake < wakeBatch {
				awake++
				s.write(data)
			} else if s.writeSoon(data) {
				soon = append(soon, s)
			}
		}
	}
	h.pacer.wakeSoon(soon)
}

func (h *Hub) toUser(user protocol.ID, frame []byte) {
	for _, s := range h.index.of(user) {
		s.write(frame)
	}
}

// participants returns nil and logs the error if the database can't be read. The sockets then
// miss a frame, but messages stay in the history.
func (h *Hub) participants(conversation protocol.ID) *messagerie.Participants {
	p, err := h.conversations.Participants(conversation)
	if err != nil {
		h.app.Logger().Error("announce", "conversation", conversation, "error", err)
	}
	return p
}

// messageUpdated encodes at most two frames, which differ in is_read.
func (h *Hub) messageUpdated(message messagerie.StoredMessage) {
	p := h.participants(message.Conversation)
	if p == nil {
		return
	}
	frames := map[bool][]byte{}
	for _, member := range p.Members {
		view := message.For(member.User, p)
		frame, ok := frames[view.IsRead]
		if !ok {
			var err error
			frame, err = protocol.Encode(protocol.MessageFrame{Type: protocol.TypeMessageUpdated, Message: view})
			if err != nil {
				h.app.Logger().Error("encode frame", "error", err)
				return
			}
			frames[view.IsRead] = frame
		}
		h.toUser(member.User, frame)
	}
}

func (h *Hub) revoke(user protocol.ID, disabled bool) {
	code, reason := protocol.CloseUnauthorized, "the token was revoked"
	if disabled {
		code, reason = protocol.CloseAccountDisabled, "the account was disabled"
	}
	for _, s := range h.index.of(user) {
		s.close(code, reason)
	}
}
