package messagerie

import (
	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
)

// What the rules of conversations refuse without details.
var (
	ErrNotParticipant   = refusal.New(protocol.CodeNotParticipant, "This conversation isn't yours, or doesn't exist.")
	ErrNotYourMessage   = refusal.New(protocol.CodeNotYourMessage, "Only its sender may change a message.")
	ErrMessageDeleted   = refusal.New(protocol.CodeMessageDeleted, "This message was deleted.")
	ErrMessageNotFound  = refusal.New(protocol.CodeNotFound, "There is no such message in this conversation.")
	ErrContentEmpty     = refusal.New(protocol.CodeContentEmpty, "The message is empty.")
	ErrContentTooLong   = refusal.New(protocol.CodeContentTooLong, "The message is too long.")
	ErrTitleTooLong     = refusal.New(protocol.CodeTitleTooLong, "The title is too long: at most %d characters.", protocol.MaxTitle)
	ErrClientIDTooLong  = refusal.New(protocol.CodeClientIDTooLong, "client_id is too long: at most %d characters.", protocol.MaxClientID)
	ErrClientIDReused   = refusal.New(protocol.CodeClientIDReused, "This client_id names a message of another conversation.")
	ErrInvalidReplyTo   = refusal.New(protocol.CodeInvalidReplyTo, "reply_to isn't a message of this conversation.")
	ErrInvalidMessageID = refusal.New(protocol.CodeInvalidMessageID, "message_id isn't a message of this conversation.")
	ErrLeftSchool       = refusal.New(protocol.CodeNotInEstablishment, "You no longer belong to the establishment of this conversation: you can only read it.")
	ErrRecipientGone    = refusal.New(protocol.CodeRecipientGone, "The other person is no longer there: the account was removed or disabled, or belongs to another establishment.")
	ErrNoSharedSchool   = refusal.New(protocol.CodeNoSharedEstablishment, "The participants don't all share an establishment with you.")
	ErrTooFew           = refusal.New(protocol.CodeTooFewParticipants, "A conversation needs somebody besides you.")
	ErrNotAGroup        = refusal.New(protocol.CodeNotAGroup, "A direct conversation always has the same two people and no title.")
	ErrForbidden        = refusal.New(protocol.CodeForbidden, "Only the group's manager, and the school's staff in it, may do this.")
)
