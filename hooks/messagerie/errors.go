package messagerie

import (
	"errors"
	"fmt"

	validation "github.com/pocketbase/ozzo-validation/v4"

	"messagerie/hooks/protocol"
)

// Error is a refusal: what was asked for broke a rule. Anything else that goes
// wrong is an ordinary error, and ours to mend.
type Error struct {
	Kind    string         // one of the protocol's codes
	Message string         // in English, for the person who writes the client
	Data    map[string]any // details, such as the ids that are unknown; may be nil
}

// Error implements error.
func (e *Error) Error() string { return e.Message }

// Code makes the refusal readable beside a field in PocketBase's dashboard.
func (e *Error) Code() string { return e.Kind }

// Is compares codes, so that a refusal with details is still the one it is.
func (e *Error) Is(target error) bool {
	var other *Error
	return errors.As(target, &other) && other.Kind == e.Kind
}

func refuse(code, format string, args ...any) *Error {
	return &Error{Kind: code, Message: fmt.Sprintf(format, args...)}
}

// Refusals without details.
var (
	ErrNotParticipant    = refuse(protocol.CodeNotParticipant, "This conversation isn't yours, or doesn't exist.")
	ErrNotYourMessage    = refuse(protocol.CodeNotYourMessage, "Only its sender may change a message.")
	ErrMessageDeleted    = refuse(protocol.CodeMessageDeleted, "This message was deleted.")
	ErrMessageNotFound   = refuse(protocol.CodeNotFound, "There is no such message in this conversation.")
	ErrContentEmpty      = refuse(protocol.CodeContentEmpty, "The message is empty.")
	ErrContentTooLong    = refuse(protocol.CodeContentTooLong, "The message is too long.")
	ErrTitleTooLong      = refuse(protocol.CodeTitleTooLong, "The title is too long: at most %d characters.", maxTitle)
	ErrClientIDTooLong   = refuse(protocol.CodeClientIDTooLong, "client_id is too long: at most %d characters.", maxClientID)
	ErrClientIDReused    = refuse(protocol.CodeClientIDReused, "This client_id names a message of another conversation.")
	ErrInvalidReplyTo    = refuse(protocol.CodeInvalidReplyTo, "reply_to isn't a message of this conversation.")
	ErrInvalidMessageID  = refuse(protocol.CodeInvalidMessageID, "message_id isn't a message of this conversation.")
	ErrNotInSchool       = refuse(protocol.CodeNotInEstablishment, "You don't belong to this establishment, or it doesn't exist.")
	ErrNoSharedSchool    = refuse(protocol.CodeNoSharedEstablishment, "The participants don't all share an establishment with you.")
	ErrTooFew            = refuse(protocol.CodeTooFewParticipants, "A conversation needs somebody besides you.")
	ErrNotAGroup         = refuse(protocol.CodeNotAGroup, "A direct conversation always has the same two people and no title.")
	ErrPasswordUnchanged = refuse(protocol.CodePasswordUnchanged, "The temporary password can't be the new one.")
	ErrForbidden         = refuse(protocol.CodeForbidden, "Only who opened the group, and the school's staff, may do this.")
)

// onField puts a refusal beside a field, which is how a record rule speaks to
// the dashboard.
func onField(name string, err *Error) error {
	if err == nil {
		return nil
	}
	return validation.Errors{name: err}
}

// refusal finds the rule that a save broke, so that the caller hears its code
// rather than PocketBase's wrapping. Other errors come back as they are.
func refusal(err error) error {
	var fields validation.Errors
	if errors.As(err, &fields) {
		for _, fieldErr := range fields {
			var refused *Error
			if errors.As(fieldErr, &refused) {
				return refused
			}
		}
	}
	return err
}
