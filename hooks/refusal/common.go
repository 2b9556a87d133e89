package refusal

import (
	"time"

	"messagerie/hooks/protocol"
)

// The refusals that more than one package returns, or that are about a request rather than
// its subject. Those of the rules for conversations, letters and passwords are beside the
// rules.
var (
	Unauthorized     = New(protocol.CodeUnauthorized, "A valid token is required.")
	Forbidden        = New(protocol.CodeForbidden, "Only the school's administrators may do this.")
	NotYourAccount   = New(protocol.CodeNotYourAccount, "The account in this path belongs to somebody else.")
	OriginNotAllowed = New(protocol.CodeOriginNotAllowed, "Pages of this origin may not connect.")
	NotFound         = New(protocol.CodeNotFound, "There is nothing at this address.")
	TooLarge         = New(protocol.CodeTooLarge, "The body is too large.")
	MailUnavailable  = New(protocol.CodeMailUnavailable, "This server can't send mail: ask the school for a new password.")
	Unavailable      = New(protocol.CodeUnavailable, "The server is stopping.")
	NoLeader         = New(protocol.CodeUnavailable, "No server may store anything at the moment: nothing was stored.")
	OutcomeUnknown   = New(protocol.CodeOutcomeUnknown, "The storage failed during the commit: it isn't known whether this was stored.")
)

// TooManyRequests refuses what is done too often. It is allowed again after wait.
func TooManyRequests(wait time.Duration, format string, args ...any) *Error {
	refused := New(protocol.CodeTooManyRequests, format, args...)
	refused.RetryAfter = wait
	return refused
}

// TooManySockets tells the client the limit, which it has no other way of knowing.
func TooManySockets(limit int) *Error {
	refused := New(protocol.CodeTooManySockets, "Too many sockets of this person are open.")
	refused.Data = map[string]any{"limit": limit}
	return refused
}
