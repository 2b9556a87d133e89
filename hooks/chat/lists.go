package chat

import (
	"context"
	"sync"

	"github.com/gorilla/websocket"

	"messagerie/hooks/protocol"
)

// lister sends conversations_list: to a socket on connect, and again to those
// whose list has changed. Many changes at once, such as a group being made, come
// to one list a person.
type lister struct {
	hub  *Hub
	wake chan struct{}

	arrived greeter // sockets that have just connected

	mu            sync.Mutex
	conversations map[protocol.ID]struct{} // whose participants want a list
	people        map[protocol.ID]struct{} // whose acquaintances want one
	users         map[protocol.ID]struct{} // who want one
}

func newLister(h *Hub) *lister {
	l := &lister{hub: h, wake: make(chan struct{}, 1), arrived: greeter{greet: h.greet}}
	l.take()
	return l
}

// changed notes that a conversation, unless it is 0, and users need a list.
func (l *lister) changed(conversation protocol.ID, users []protocol.ID) {
	l.mu.Lock()
	if conversation != 0 {
		l.conversations[conversation] = struct{}{}
	}
	for _, user := range users {
		l.users[user] = struct{}{}
	}
	l.mu.Unlock()
	wake(l.wake)
}

// changedPerson notes that whoever sees a person needs a list.
func (l *lister) changedPerson(user protocol.ID) {
	l.mu.Lock()
	l.people[user] = struct{}{}
	l.mu.Unlock()
	wake(l.wake)
}

func (l *lister) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-l.wake:
			for user := range l.concerned() {
				if ctx.Err() != nil {
					return
				}
				l.send(user, l.hub.index.of(user))
			}
		}
	}
}

// take empties the notes.
func (l *lister) take() (conversations, people, users map[protocol.ID]struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	conversations, people, users = l.conversations, l.people, l.users
	l.conversations = make(map[protocol.ID]struct{})
	l.people = make(map[protocol.ID]struct{})
	l.users = make(map[protocol.ID]struct{})
	return conversations, people, users
}

// concerned resolves the notes to people.
func (l *lister) concerned() map[protocol.ID]struct{} {
	conversations, people, users := l.take()
	for conversation := range conversations {
		if r := l.hub.roster(conversation); r != nil {
			for _, member := range r.Members {
				users[member.User] = struct{}{}
			}
		}
	}
	for person := range people {
		acquaintances, err := l.hub.conversations.Acquaintances(person)
		if err != nil {
			l.hub.app.Logger().Error("announce person", "error", err)
		}
		for _, user := range acquaintances {
			users[user] = struct{}{}
		}
	}
	return users
}

// send makes the list of a person once for several sockets. What is announced
// while the database is read waits, so that no message falls between the list
// and what follows it. Without a list a socket is closed, to come back for one.
func (l *lister) send(user protocol.ID, sockets []*socket) {
	var waiting []*socket
	for _, s := range sockets {
		if s.isOpen() && !s.ending.Load() { // else it gets its list when it is, or needs none
			s.listing.Lock()
			s.hold()
			waiting = append(waiting, s)
		}
	}
	if len(waiting) == 0 {
		return
	}
	var frame []byte
	var newest progress
	var isGone bool // the account was deleted, and the sockets are about to hear it
	defer func() {  // after a panic, too: nobody may wait for this list for ever
		for _, s := range waiting {
			s.release(frame, newest)
			s.listing.Unlock()
			switch {
			case isGone:
				s.close(protocol.CloseUnauthorized, "this account is no longer there")
			case frame == nil:
				s.close(websocket.CloseInternalServerErr, "no list could be made")
			}
		}
	}()
	var err error
	if frame, newest, err = l.make(user); err != nil {
		l.hub.app.Logger().Error("conversations_list", "user", user, "error", err)
	}
	isGone = frame == nil && err == nil
}

// make encodes the first page of a person's conversations; nil for nobody. It is bounded in
// bytes, as every page is.
func (l *lister) make(user protocol.ID) (frame []byte, newest progress, err error) {
	account, err := l.hub.people.Account(user)
	if err != nil || account == nil {
		return nil, nil, err
	}
	page, err := l.hub.conversations.Conversations(account.Person, "", l.hub.limits.ListConversations)
	if err != nil {
		return nil, nil, err
	}
	return protocol.EncodeConversationsList(page.JSON, page.Next == ""), undelivered(user, page.Conversations), nil
}
