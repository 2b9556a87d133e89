package messagerie

import (
	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
)

// Refusals that carry no details.
var (
	ErrNotParticipant    = refusal.New(protocol.CodeNotParticipant, "You don't take part in this conversation, or it doesn't exist.")
	ErrNotYourMessage    = refusal.New(protocol.CodeNotYourMessage, "Only the sender of a message may change it.")
	ErrMessageDeleted    = refusal.New(protocol.CodeMessageDeleted, "This message was deleted.")
	ErrMessageNotFound   = refusal.New(protocol.CodeNotFound, "There is no such message in this conversation.")
	ErrInvalidEmoji      = refusal.New(protocol.CodeInvalidEmoji, "A reaction is exactly one emoji.")
	ErrTooManyReactions  = refusal.New(protocol.CodeTooManyReactions, "This message has %d different reactions already; choose one of them.", protocol.MaxReactions)
	ErrTooManyPinned     = refusal.New(protocol.CodeTooManyPinned, "You have pinned %d conversations already; unpin one first.", protocol.MaxPinnedConversations)
	ErrTooManyPins       = refusal.New(protocol.CodeTooManyPins, "%d messages are pinned here already; unpin one first.", protocol.MaxPinnedMessages)
	ErrContentEmpty      = refusal.New(protocol.CodeContentEmpty, "The message is empty.")
	ErrContentTooLong    = refusal.New(protocol.CodeContentTooLong, "The message is too long.")
	ErrTitleTooLong      = refusal.New(protocol.CodeTitleTooLong, "The title is too long: at most %d characters.", protocol.MaxTitle)
	ErrClientIDTooLong   = refusal.New(protocol.CodeClientIDTooLong, "client_id is too long: at most %d characters.", protocol.MaxClientID)
	ErrClientIDReused    = refusal.New(protocol.CodeClientIDReused, "This client_id was used for a message of another conversation.")
	ErrInvalidReplyTo    = refusal.New(protocol.CodeInvalidReplyTo, "reply_to isn't a message of this conversation.")
	ErrInvalidMessageID  = refusal.New(protocol.CodeInvalidMessageID, "message_id isn't a message of this conversation.")
	ErrLeftSchool        = refusal.New(protocol.CodeNotInEstablishment, "You no longer belong to the establishment of this conversation: you can only read it.")
	ErrRecipientGone     = refusal.New(protocol.CodeRecipientGone, "The other person can't be reached: the account was deleted or disabled, or has moved to another establishment.")
	ErrNoSharedSchool    = refusal.New(protocol.CodeNoSharedEstablishment, "The participants don't all share an establishment with you.")
	ErrTooFew            = refusal.New(protocol.CodeTooFewParticipants, "A conversation needs at least one other person.")
	ErrNotAGroup         = refusal.New(protocol.CodeNotAGroup, "A direct conversation always has the same two people and no title.")
	ErrPaused            = refusal.New(protocol.CodePaused, "The school has paused writing for people of your role.")
	ErrContactNotAllowed = refusal.New(protocol.CodeContactNotAllowed, "The school's rules don't allow you to write to everybody in this conversation, or want staff in it.")
	ErrReplyOnly         = refusal.New(protocol.CodeReplyOnly, "You may answer in this conversation once the other person has written.")
	ErrStaffOnly         = refusal.New(protocol.CodeStaffOnly, "Only the staff in this group may write.")
	ErrForbidden         = refusal.New(protocol.CodeForbidden, "Only the group's manager and staff members in it may do this.")
)
