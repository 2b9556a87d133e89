package refusal

import (
	"time"

	"messagerie/hooks/protocol"
)

// The standing refusals, those that more than one package makes or that are about a request
// rather than what it asks for. What the rules of conversations, letters and passwords refuse
// stands beside the rules.
var (
	Unauthorized     = New(protocol.CodeUnauthorized, "A valid token is needed.")
	Forbidden        = New(protocol.CodeForbidden, "This is for the school's administrators.")
	NotYourAccount   = New(protocol.CodeNotYourAccount, "The account in this path is somebody else's.")
	OriginNotAllowed = New(protocol.CodeOriginNotAllowed, "Pages of this origin may not connect.")
	NotFound         = New(protocol.CodeNotFound, "There is nothing at this address.")
	TooLarge         = New(protocol.CodeTooLarge, "The body is too large.")
	MailUnavailable  = New(protocol.CodeMailUnavailable, "This server can't send mail: ask the school for a new password.")
	Unavailable      = New(protocol.CodeUnavailable, "The server is stopping.")
	OutcomeUnknown   = New(protocol.CodeOutcomeUnknown, "The storage failed at the last moment: it isn't known whether this was stored.")
)

// TooManyRequests refuses what is done too often. After wait it is allowed again.
func TooManyRequests(wait time.Duration, format string, args ...any) *Error {
	refused := New(protocol.CodeTooManyRequests, format, args...)
	refused.RetryAfter = wait
	return refused
}

// TooManySockets tells the client the limit, which it can't know otherwise.
func TooManySockets(limit int) *Error {
	refused := New(protocol.CodeTooManySockets, "Too many sockets of this person are open.")
	refused.Data = map[string]any{"limit": limit}
	return refused
}
