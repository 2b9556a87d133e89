package messagerie

import (
	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
)

// Refusals that carry no details.
var (
	ErrNotParticipant   = refusal.New(protocol.CodeNotParticipant, "You don't take part in this conversation, or it doesn't exist.")
	ErrNotYourMessage   = refusal.New(protocol.CodeNotYourMessage, "Only the sender of a message may change it.")
	ErrMessageDeleted   = refusal.New(protocol.CodeMessageDeleted, "This message was deleted.")
	ErrMessageNotFound  = refusal.New(protocol.CodeNotFound, "There is no such message in this conversation.")
	ErrContentEmpty     = refusal.New(protocol.CodeContentEmpty, "The message is empty.")
	ErrContentTooLong   = refusal.New(protocol.CodeContentTooLong, "The message is too long.")
	ErrTitleTooLong     = refusal.New(protocol.CodeTitleTooLong, "The title is too long: at most %d characters.", protocol.MaxTitle)
	ErrClientIDTooLong  = refusal.New(protocol.CodeClientIDTooLong, "client_id is too long: at most %d characters.", protocol.MaxClientID)
	ErrClientIDReused   = refusal.New(protocol.CodeClientIDReused, "This client_id was used for a message of another conversation.")
	ErrInvalidReplyTo   = refusal.New(protocol.CodeInvalidReplyTo, "reply_to isn't a message of this conversation.")
	ErrInvalidMessageID = refusal.New(protocol.CodeInvalidMessageID, "message_id isn't a message of this conversation.")
	ErrLeftSchool       = refusal.New(protocol.CodeNotInEstablishment, "You no longer belong to the establishment of this conversation: you can only read it.")
	ErrRecipientGone    = refusal.New(protocol.CodeRecipientGone, "The other person can't be reached: the account was deleted or disabled, or has moved to another establishment.")
	ErrNoSharedSchool   = refusal.New(protocol.CodeNoSharedEstablishment, "The participants don't all share an establishment with you.")
	ErrTooFew           = refusal.New(protocol.CodeTooFewParticipants, "A conversation needs at least one other person.")
	ErrNotAGroup        = refusal.New(protocol.CodeNotAGroup, "A direct conversation always has the same two people and no title.")
	ErrForbidden        = refusal.New(protocol.CodeForbidden, "Only the group's manager and staff members in it may do this.")
)
