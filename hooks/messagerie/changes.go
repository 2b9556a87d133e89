package messagerie

import (
	"bytes"
	"encoding/gob"
	"time"

	"messagerie/hooks/protocol"
	"messagerie/hooks/store"
)

func init() {
	store.Carry(MessageCreated{}, MessageChanged{}, MessageRemoved{}, ReactionsChanged{}, PinsChanged{}, EventsAdded{}, ParticipantJoined{},
		ParticipantChanged{}, ParticipantLeft{}, ConversationChanged{}, ConversationDeleted{}, MessageScheduled{}, ScheduledGone{})
}

// plainMember is a Member without its methods.
type plainMember Member

type carriedMember struct {
	Member          plainMember
	Rests           bool
	Read, Delivered protocol.ID
	Until           time.Time
}

// GobEncode implements gob.GobEncoder: members are carried to the other machines of a cluster whole.
func (m Member) GobEncode() ([]byte, error) {
	carried := carriedMember{Member: plainMember(m), Rests: m.rest != nil}
	if m.rest != nil {
		carried.Read, carried.Delivered, carried.Until = m.rest.read, m.rest.delivered, m.rest.until
	}
	var out bytes.Buffer
	err := gob.NewEncoder(&out).Encode(carried)
	return out.Bytes(), err
}

// GobDecode implements gob.GobDecoder.
func (m *Member) GobDecode(data []byte) error {
	var carried carriedMember
	err := gob.NewDecoder(bytes.NewReader(data)).Decode(&carried)
	*m = Member(carried.Member)
	if carried.Rests {
		m.rest = &rest{carried.Read, carried.Delivered, carried.Until}
	}
	return err
}

// The changes that the store announces to its listeners, after the commit and in commit order.

// MessageCreated: a message was stored.
type MessageCreated struct{ Message StoredMessage }

// MessageChanged: a message was edited, deleted or restored, an administrator has removed one of its files, or its
// author's account was removed.
type MessageChanged struct{ Before, After StoredMessage }

// LostFile reports whether a file was removed from a message that stays.
func (c MessageChanged) LostFile() bool { return len(c.Before.Attachments) > len(c.After.Attachments) }

// MessageRemoved: an administrator removed a message without leaving a tombstone.
type MessageRemoved struct{ Message StoredMessage }

// ReactionsChanged: somebody has reacted to a message, or has removed a reaction.
type ReactionsChanged struct{ Conversation, Message protocol.ID }

// PinsChanged: a message was pinned or unpinned. Messages are all that are pinned now, in the order in which they were
// pinned; they are never changed.
type PinsChanged struct {
	Conversation protocol.ID
	Messages     []protocol.ID
}

// EventsAdded: something has happened in a group that its people are told.
type EventsAdded struct{ Conversation protocol.ID }

// ParticipantJoined: a person joined a conversation.
type ParticipantJoined struct {
	Conversation protocol.ID
	Member       Member
}

// ParticipantChanged: a participant has read or received more, or the conversation is something else to
// them: muted, archived, pinned, marked as unread. At is RFC 3339.
type ParticipantChanged struct {
	Conversation  protocol.ID
	Before, After Member
	At            string
}

// ParticipantLeft: User has left a conversation, or was removed.
type ParticipantLeft struct{ Conversation, User protocol.ID }

// ConversationChanged: a conversation itself was changed, its title for example.
type ConversationChanged struct{ Conversation protocol.ID }

// AnswerAllowed: somebody has written in a direct conversation for the first time, in which the other
// may only answer.
type AnswerAllowed struct{ Conversation protocol.ID }

// ConversationDeleted: a conversation and everything in it was deleted. A ParticipantLeft for
// each participant follows.
type ConversationDeleted struct{ Conversation protocol.ID }
