package messagerie

import (
	"fmt"
	"runtime/debug"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
)

// Change is something that was committed and that others must hear. Changes
// arrive one after the other, in the order of the commits.
type Change interface{ change() }

// MessageCreated: a message was stored.
type MessageCreated struct{ Message StoredMessage }

// MessageUpdated: a message has another content.
type MessageUpdated struct{ Message StoredMessage }

// MessageDeleted: a message was emptied, or removed by an administrator.
type MessageDeleted struct{ Conversation, Message protocol.ID }

// MessagesRead: User has read up to UpTo. At is RFC 3339.
type MessagesRead struct {
	Conversation, User, UpTo protocol.ID
	At                       string
}

// MessagesDelivered: a device of User has received the messages after From, up
// to and with UpTo.
type MessagesDelivered struct{ Conversation, User, From, UpTo protocol.ID }

// ListChanged: the list of conversations of these people changed otherwise than
// by a message, and that of everyone in Conversation, if it isn't 0.
type ListChanged struct {
	Conversation protocol.ID
	Users        []protocol.ID
}

// AccessRevoked: the tokens of User are void, because the account was disabled
// or deleted, or has another password or address.
type AccessRevoked struct {
	User     protocol.ID
	Disabled bool
}

// AllAccessRevoked: every token is void, because an administrator has changed the
// secret that signs them.
type AllAccessRevoked struct{}

// PersonChanged: whoever shares a conversation with User sees something else.
type PersonChanged struct{ User protocol.ID }

func (MessageCreated) change()    {}
func (MessageUpdated) change()    {}
func (MessageDeleted) change()    {}
func (MessagesRead) change()      {}
func (MessagesDelivered) change() {}
func (ListChanged) change()       {}
func (AccessRevoked) change()     {}
func (AllAccessRevoked) change()  {}
func (PersonChanged) change()     {}

// afterCommit runs fn when the transaction of app has committed, in the order of
// the commits; not at all when it is rolled back. fn must not write.
func afterCommit(app core.App, fn func()) {
	app.TxInfo().OnComplete(func(txErr error) error {
		if txErr == nil {
			announce(app, fn)
		}
		return nil // what is announced is stored: nobody may be told otherwise
	})
}

// announce keeps a panic of one announcement from ending the others.
func announce(app core.App, fn func()) {
	defer func() {
		if r := recover(); r != nil {
			app.Logger().Error("announce", "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
		}
	}()
	fn()
}
