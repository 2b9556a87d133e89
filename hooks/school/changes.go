package school

import "messagerie/hooks/protocol"

// The changes that are announced to the store's listeners, after and in the order of the commits.

// PersonChanged: a person's record was saved. Revoked means that tokens issued before are
// void: the account was disabled, or has another password or address.
type PersonChanged struct {
	Before, After Person
	Revoked       bool
}

// IsVisible reports whether people who share a conversation with the person see a difference.
func (c PersonChanged) IsVisible() bool { return !c.Before.looksLike(c.After) }

// Disabled reports whether this change disabled the account.
func (c PersonChanged) Disabled() bool { return c.After.Disabled && !c.Before.Disabled }

// PersonDeleted: a person's account was removed, and their tokens are void.
type PersonDeleted struct{ User protocol.ID }

// AllAccessRevoked: every token is void, because an administrator has changed the
// secret that signs them.
type AllAccessRevoked struct{}

// TiesChanged: the classes of these people have changed, or the children they are responsible for.
type TiesChanged struct{ People []protocol.ID }
