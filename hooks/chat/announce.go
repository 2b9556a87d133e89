package chat

import (
	"encoding/json"

	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
)

// Announce carries a committed change to every socket concerned. It is called by
// the writer, in the order of the commits, and neither waits nor writes: what
// needs the database is left to the lister and the courier.
func (h *Hub) Announce(change messagerie.Change) {
	switch c := change.(type) {
	case messagerie.MessageCreated:
		h.stopTyping(c.Message.Sender, c.Message.Conversation)
		h.toParticipants(c.Message.Conversation, func(r *messagerie.Roster) any {
			// Nobody has read it yet, so it looks the same to all.
			return protocol.MessageFrame{Type: protocol.TypeNewMessage, Message: c.Message.For(c.Message.Sender, r)}
		})
	case messagerie.MessageUpdated:
		h.messageUpdated(c.Message)
	case messagerie.MessageDeleted:
		h.toParticipants(c.Conversation, func(*messagerie.Roster) any {
			return protocol.MessageDeletedFrame{
				Type: protocol.TypeMessageDeleted, ConversationID: c.Conversation, MessageID: c.Message}
		})
	case messagerie.MessagesRead:
		h.toParticipants(c.Conversation, func(*messagerie.Roster) any {
			return protocol.MessagesReadFrame{
				Type: protocol.TypeMessagesRead, ConversationID: c.Conversation,
				UserID: c.User, MessageID: c.UpTo, Timestamp: c.At}
		})
	case messagerie.MessagesDelivered:
		h.receipts.announce(c)
	case messagerie.ListChanged:
		h.lists.changed(c.Conversation, c.Users)
	case messagerie.PersonChanged:
		h.lists.changedPerson(c.User)
	case messagerie.AccessRevoked:
		h.revoke(c)
	case messagerie.AllAccessRevoked:
		for _, s := range h.index.all() {
			s.close(protocol.CloseUnauthorized, "all tokens were revoked")
		}
	}
}

// toParticipants encodes a frame once and queues it for every socket of everyone
// in the conversation. In a large group most are sent a little later.
func (h *Hub) toParticipants(conversation protocol.ID, frame func(*messagerie.Roster) any) {
	r := h.roster(conversation)
	if r == nil {
		return
	}
	data, err := json.Marshal(frame(r))
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
func (h *Hub) roster(conversation protocol.ID) *messagerie.Roster {
	r, err := h.people.Participants(conversation)
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
			frame, err = json.Marshal(protocol.MessageFrame{Type: protocol.TypeMessageUpdated, Message: view})
			if err != nil {
				h.app.Logger().Error("encode frame", "error", err)
				return
			}
			frames[view.IsRead] = frame
		}
		h.toUser(member.User, frame)
	}
}

func (h *Hub) revoke(c messagerie.AccessRevoked) {
	code, reason := protocol.CloseUnauthorized, "the token was revoked"
	if c.Disabled {
		code, reason = protocol.CloseAccountDisabled, "the account was disabled"
	}
	for _, s := range h.index.of(c.User) {
		s.close(code, reason)
	}
}
