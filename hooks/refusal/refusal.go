// Package refusal has the errors that are meant for callers: each has a code of the protocol,
// which clients translate, and a message in English for developers. Any other error is a fault
// of the server, and its text is only logged.
package refusal

import (
	"errors"
	"fmt"
	"time"

	validation "github.com/pocketbase/ozzo-validation/v4"

	"messagerie/hooks/protocol"
)

// Error is a refusal: the request broke a rule, and nothing was stored. The one exception is
// protocol.CodeOutcomeUnknown. Create one with New.
type Error struct {
	Message    string
	Field      string         // the field of the request at fault; may be ""
	Data       map[string]any // details, such as the ids that are unknown; may be nil
	RetryAfter time.Duration  // when to try again; 0 if that isn't known

	code string
}

// fields are the fields of a request that a code is always about.
var fields = map[string]string{
	protocol.CodeContentEmpty:        "content",
	protocol.CodeContentTooLong:      "content",
	protocol.CodeClientIDTooLong:     "client_id",
	protocol.CodeClientIDReused:      "client_id",
	protocol.CodeInvalidReplyTo:      "reply_to",
	protocol.CodeInvalidAttachments:  "attachments",
	protocol.CodeInvalidMentions:     "mentions",
	protocol.CodeInvalidMessageID:    "message_id",
	protocol.CodeTitleTooLong:        "title",
	protocol.CodeTooFewParticipants:  "participants",
	protocol.CodeTooManyParticipants: "participants",
	protocol.CodeUnknownParticipants: "participants",
	protocol.CodeNotAGroup:           "conversation",
	protocol.CodeNoRecipients:        "recipients",
}

// New creates a refusal with one of the protocol's codes, and the field that the code is about.
func New(code, format string, args ...any) *Error {
	return &Error{Message: fmt.Sprintf(format, args...), Field: fields[code], code: code}
}

// Invalid refuses one field of a request, or one parameter of its query, as CodeInvalidRequest.
func Invalid(field, format string, args ...any) *Error {
	refused := New(protocol.CodeInvalidRequest, format, args...)
	refused.Field = field
	return refused
}

// Error implements error.
func (e *Error) Error() string { return e.Message }

// Code is one of the protocol's. PocketBase reports it as well for a refusal on a field.
func (e *Error) Code() string { return e.code }

// Is compares codes, so that a refusal with details equals the one without.
func (e *Error) Is(target error) bool {
	var other *Error
	return errors.As(target, &other) && other.code == e.code
}

// OnField attaches a refusal to a field of a record, where the dashboard shows it. For a nil
// refusal it returns nil.
func OnField(name string, err *Error) error {
	if err == nil {
		return nil
	}
	return validation.Errors{name: err}
}

// Of unwraps a refusal that PocketBase has wrapped in the errors of a record's fields, so
// that the caller gets its code. Other errors are returned as they are.
func Of(err error) error {
	var invalid validation.Errors
	if errors.As(err, &invalid) {
		for _, fieldErr := range invalid {
			var refused *Error
			if errors.As(fieldErr, &refused) {
				return refused
			}
		}
	}
	return err
}
