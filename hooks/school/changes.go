package school

import (
	"bytes"
	"encoding/gob"

	"messagerie/hooks/protocol"
	"messagerie/hooks/store"
)

func init() {
	store.Carry(PersonChanged{}, PersonDeleted{}, TiesChanged{}, DeviceRemoved{}, LoginChanged{}, QuietChanged{}, RulesChanged{})
}

// plainRules are Rules without their methods.
type plainRules Rules

type carriedRules struct {
	Rules    plainRules
	Contacts contactTable
}

// GobEncode implements gob.GobEncoder: rules are carried to the other machines of a cluster whole.
func (r *Rules) GobEncode() ([]byte, error) {
	var out bytes.Buffer
	err := gob.NewEncoder(&out).Encode(carriedRules{plainRules(*r), r.contacts})
	return out.Bytes(), err
}

// GobDecode implements gob.GobDecoder.
func (r *Rules) GobDecode(data []byte) error {
	var carried carriedRules
	err := gob.NewDecoder(bytes.NewReader(data)).Decode(&carried)
	*r = Rules(carried.Rules)
	r.contacts = carried.Contacts
	return err
}

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
