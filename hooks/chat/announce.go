package chat

import (
	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
	"messagerie/hooks/store"
)

// Announce carries a committed change to every socket concerned. It is a listener of the
// store, so it neither waits nor writes: what needs the database is left to the lister and
// the courier.
func (h *Hub) Announce(change store.Change) {
	switch c := change.(type) {
	case messagerie.MessageCreated:
		h.stopTyping(c.Message.Sender, c.Message.Conversation)
		h.toParticipants(c.Message.Conversation, func(r *messagerie.Participants) any {
			// Nobody has read it yet, so it looks the same to all.
			return protocol.MessageFrame{Type: protocol.TypeNewMessage, Message: c.Message.For(c.Message.Sender, r)}
		})
	case messagerie.MessageChanged:
		h.messageChanged(c)
	case messagerie.MessageRemoved:
		h.messageDeleted(c.Message, protocol.ByAdministration, true)
		h.lists.changed(c.Message.Conversation, nil) // it may have been the last one
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
		for _, s := range h.index.all() { // they come back and ask for what they missed
			s.close(protocol.CloseServiceRestart, "the storage has failed meanwhile")
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
	// Reading implies receiving: then messages_read says it all.
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

// toParticipants encodes a frame once and queues it for every socket of everyone
// in the conversation. In a large group most are sent a little later.
func (h *Hub) toParticipants(conversation protocol.ID, frame func(*messagerie.Participants) any) {
	r := h.roster(conversation)
	if r == nil {
		return
	}
	data, err := protocol.Encode(frame(r))
	if err != nil {
		h.app.Logger().Error("encode frame", "error", err)
		return
	}
	var soon []*socket
	awake := 0
	for _, member := range r.Members {
		for _, s := range h.index.of(member.User) {
			if awake < crowd {
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

// roster answers nil, and logs, when the database can't be read: then the sockets
// miss an announcement, never a message, which stays in the history.
func (h *Hub) roster(conversation protocol.ID) *messagerie.Participants {
	r, err := h.conversations.Participants(conversation)
	if err != nil {
		h.app.Logger().Error("announce", "conversation", conversation, "error", err)
	}
	return r
}

// messageUpdated differs in is_read: at most two frames serve everybody.
func (h *Hub) messageUpdated(message messagerie.StoredMessage) {
	r := h.roster(message.Conversation)
	if r == nil {
		return
	}
	frames := map[bool][]byte{}
	for _, member := range r.Members {
		view := message.For(member.User, r)
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
