package school

import (
	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
)

// The refusals of accounts and passwords that have no details.
var (
	ErrNotInSchool        = refusal.New(protocol.CodeNotInEstablishment, "You don't belong to this establishment, or it doesn't exist.")
	ErrNotAdministration  = refusal.New(protocol.CodeForbidden, "Only the administration of the establishment may do this.")
	ErrPasswordUnchanged  = refusal.New(protocol.CodePasswordUnchanged, "The temporary password can't be the new one.")
	ErrPasswordTooCommon  = refusal.New(protocol.CodePasswordTooCommon, "This is one of the most common passwords: choose another one.")
	ErrPasswordIsPersonal = refusal.New(protocol.CodePasswordIsPersonal, "This is little more than the person's name or address: choose another one.")
)
