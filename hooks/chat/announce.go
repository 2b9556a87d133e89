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
		h.messages.Add(1)
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
	case messagerie.ReactionsChanged:
		h.reactions.changed(c.Conversation, c.Message)
	case messagerie.EventsAdded:
		h.events.changed(c.Conversation)
	case messagerie.PinsChanged:
		h.pinsChanged(c)
	case messagerie.MessageScheduled:
		h.encodeToUser(c.Scheduled.Sender, protocol.MessageScheduledFrame{Type: protocol.TypeMessageScheduled, Scheduled: c.Scheduled.View()})
	case messagerie.ScheduledGone:
		h.encodeToUser(c.Sender, protocol.ScheduledGoneFrame{Type: protocol.TypeScheduledGone, ID: c.ID, Reason: c.Reason, Code: c.Code})
	case messagerie.ParticipantJoined:
		h.lists.changed(c.Conversation, []protocol.ID{c.Member.User})
	case messagerie.ParticipantLeft:
		h.lists.changed(c.Conversation, []protocol.ID{c.User})
	case messagerie.ParticipantChanged:
		h.participantChanged(c)
	case messagerie.ConversationChanged:
		h.lists.changed(c.Conversation, nil)
	case messagerie.AnswerAllowed:
		h.lists.changed(c.Conversation, nil)
	case school.RulesChanged:
		h.lists.changedRules(c.Establishment, c.Concerned())
		h.pauses.check()
		h.quiet.changedRules(c)
	case school.PersonChanged:
		if c.Revoked {
			h.revoke(c.After.ID, c.Disabled())
		}
		if c.IsVisible() {
			h.lists.changedPerson(c.After.ID)
		}
	case school.QuietChanged:
		h.quiet.changed(c.User)
	case school.TiesChanged:
		for _, person := range c.People {
			h.lists.changedPerson(person)
		}
	case school.PersonDeleted:
		h.revoke(c.User, false)
	case school.DeviceRemoved:
		for _, s := range h.index.of(c.User) {
			if s.device == c.Device {
				s.close(protocol.CloseUnauthorized, "the device was signed out")
			}
		}
	case school.LoginChanged:
		if c.NeedsSecondFactor {
			for _, s := range h.index.of(c.User) { // clients reconnect, and are told what to set up
				s.close(protocol.CloseServiceRestart, "the school requires a second factor")
			}
		}
	case school.AllAccessRevoked:
		for _, s := range h.index.all() {
			s.close(protocol.CloseUnauthorized, "all tokens were revoked")
		}
	case store.AnnouncementsLost:
		for _, s := range h.index.all() { // clients reconnect and load what they missed
			s.close(protocol.CloseServiceRestart, "changes may be missing")
		}
	}
}

func (h *Hub) messageChanged(c messagerie.MessageChanged) {
	switch {
	case c.After.Deleted && !c.Before.Deleted:
		h.messageDeleted(c.After, c.After.Changed.String(), false)
	case c.After.Content != c.Before.Content || c.After.Deleted != c.Before.Deleted || c.LostFile():
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

func (h *Hub) pinsChanged(c messagerie.PinsChanged) {
	pinned := c.Messages
	if pinned == nil {
		pinned = []protocol.ID{}
	}
	h.toParticipants(c.Conversation, func(*messagerie.Participants) any {
		return protocol.MessagePinsFrame{Type: protocol.TypeMessagePins, ConversationID: c.Conversation, PinnedMessages: pinned}
	})
}

func (h *Hub) participantChanged(c messagerie.ParticipantChanged) {
	before, after := c.Before, c.After
	if p := h.participants(c.Conversation); p != nil && p.Rests(after) {
		h.readInPeace(c)
		return
	}
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
	if after.OwnState != before.OwnState {
		h.lists.changed(0, []protocol.ID{after.User})
	}
}

// readInPeace tells only the person's own devices what they have read: others see it later.
func (h *Hub) readInPeace(c messagerie.ParticipantChanged) {
	if c.After.LastRead > c.Before.LastRead {
		h.encodeToUser(c.After.User, protocol.MessagesReadFrame{
			Type: protocol.TypeMessagesRead, ConversationID: c.Conversation,
			UserID: c.After.User, MessageID: c.After.LastRead, Timestamp: c.At})
	}
	if c.After.OwnState != c.Before.OwnState {
		h.lists.changed(0, []protocol.ID{c.After.User})
	}
}

func (h *Hub) tellEvents(conversation protocol.ID) {
	h.toParticipants(conversation, func(*messagerie.Participants) any {
		return protocol.ConversationEventsFrame{Type: protocol.TypeConversationEvents, ConversationID: conversation}
	})
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
	h.toMembers(p, data)
}

// toMembers is toParticipants for an encoded frame. It returns the number of sockets.
func (h *Hub) toMembers(p *messagerie.Participants, data []byte) (sockets int) {
	var soon []*socket
	awake := 0
	for _, member := range p.Members {
		for _, s := range h.index.of(member.User) {
			sockets++
			if awake < wakeBatch {
				awake++
				s.write(data)
			} else if s.writeSoon(data) {
				soon = append(soon, s)
			}
		}
	}
	h.pacer.wakeSoon(soon)
	return sockets
}

// encodeToUser sends a frame to every socket of a person; without one it isn't encoded.
func (h *Hub) encodeToUser(user protocol.ID, frame any) {
	if len(h.index.of(user)) == 0 {
		return
	}
	data, err := protocol.Encode(frame)
	if err != nil {
		h.app.Logger().Error("encode frame", "error", err)
		return
	}
	h.toUser(user, data)
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
