package messagerie

import "messagerie/hooks/protocol"

// What the store's listeners hear, each once it is committed and in the order of the commits.

// MessageCreated: a message was stored.
type MessageCreated struct{ Message StoredMessage }

// MessageChanged: a message was edited, deleted or restored, or its author's account was removed.
type MessageChanged struct{ Before, After StoredMessage }

// MessageRemoved: an administrator removed a message, of which no tombstone is left.
type MessageRemoved struct{ Message StoredMessage }

// ParticipantJoined: somebody takes part in a conversation.
type ParticipantJoined struct {
	Conversation protocol.ID
	Member       Member
}

// ParticipantChanged: a participant has read or received more, or has muted the
// conversation or no longer. At is RFC 3339.
type ParticipantChanged struct {
	Conversation  protocol.ID
	Before, After Member
	At            string
}

// ParticipantLeft: User has left a conversation, or was removed.
type ParticipantLeft struct{ Conversation, User protocol.ID }

// ConversationChanged: a conversation has another title, say.
type ConversationChanged struct{ Conversation protocol.ID }

// ConversationDeleted: a conversation is gone with all that was in it. Its participants'
// ParticipantLeft follow.
type ConversationDeleted struct{ Conversation protocol.ID }
