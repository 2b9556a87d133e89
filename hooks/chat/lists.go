package chat

import (
	"context"
	"sync"

	"github.com/gorilla/websocket"

	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
)

// lister sends conversations_list: to each socket on connect, and again to people whose list has
// changed. Many changes at once, as when a group is created, result in one list a person.
type lister struct {
	hub  *Hub
	wake chan struct{}

	firstLists workQueue // sockets that have just connected

	mu            sync.Mutex
	conversations map[protocol.ID]struct{} // whose participants need a list
	people        map[protocol.ID]struct{} // whose acquaintances need one
	users         map[protocol.ID]struct{} // who need one
	rules         map[protocol.ID]concern  // by establishment: whose people need one
}

// concern is for whom in an establishment the rules have changed.
type concern struct {
	sides  school.Sides // to whom people with one of these sides may write
	paused school.Sides // whether people of these roles may write at all, which their Me says as well
}

func newLister(h *Hub) *lister {
	l := &lister{hub: h, wake: make(chan struct{}, 1), firstLists: workQueue{do: h.sendFirstList}}
	l.take()
	return l
}

// changed records that users, and the participants of conversation unless it is 0, need a list.
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

// changedPerson records that everybody who sees a person needs a list.
func (l *lister) changedPerson(user protocol.ID) {
	l.mu.Lock()
	l.people[user] = struct{}{}
	l.mu.Unlock()
	wake(l.wake)
}

// changedRules records that people in an establishment who have one of these sides need a list.
func (l *lister) changedRules(establishment protocol.ID, sides school.Sides) {
	l.changedFor(establishment, concern{sides: sides})
}

// changedPauses records that people of some roles in an establishment need a list, and a me_updated.
func (l *lister) changedPauses(establishment protocol.ID, roles school.Sides) {
	l.changedFor(establishment, concern{paused: roles})
}

func (l *lister) changedFor(establishment protocol.ID, c concern) {
	if c == (concern{}) {
		return
	}
	l.mu.Lock()
	known := l.rules[establishment]
	l.rules[establishment] = concern{known.sides | c.sides, known.paused | c.paused}
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

// take returns and resets what was recorded.
func (l *lister) take() (conversations, people, users map[protocol.ID]struct{}, rules map[protocol.ID]concern) {
	l.mu.Lock()
	defer l.mu.Unlock()
	conversations, people, users, rules = l.conversations, l.people, l.users, l.rules
	l.rules = make(map[protocol.ID]concern)
	l.conversations = make(map[protocol.ID]struct{})
	l.people = make(map[protocol.ID]struct{})
	l.users = make(map[protocol.ID]struct{})
	return conversations, people, users, rules
}

// concerned returns the people who need a list.
func (l *lister) concerned() map[protocol.ID]struct{} {
	conversations, people, users, rules := l.take()
	for conversation := range conversations {
		if p := l.hub.participants(conversation); p != nil {
			for _, member := range p.Members {
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
	for establishment, concerned := range rules {
		l.addConcerned(establishment, concerned, users)
	}
	return users
}

// addConcerned adds those who are online, and sends them a me_updated if their Me has changed.
func (l *lister) addConcerned(establishment protocol.ID, c concern, users map[protocol.ID]struct{}) {
	for _, user := range l.hub.index.users() {
		account, err := l.hub.people.Account(user)
		if err != nil {
			l.hub.app.Logger().Error("announce rules", "error", err)
			return
		}
		if account == nil || !account.Belongs(establishment) {
			continue
		}
		isPaused := c.paused.Overlap(school.SideOf(account.Role))
		if isPaused {
			l.hub.sendMe(account.Person)
		}
		if isPaused || c.sides.Overlap(account.SidesIn(establishment)) {
			users[user] = struct{}{}
		}
	}
}

// send makes the list of a person once for several sockets. Frames announced while the database is
// read are held back, so that no message is missing from both the list and what follows it. If the
// list can't be made, the sockets are closed, and clients reconnect.
func (l *lister) send(user protocol.ID, sockets []*socket) {
	var waiting []*socket
	for _, s := range sockets {
		if s.isOpen() && !s.ending.Load() { // else it gets a list once open, or needs none
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
	var isGone bool // the account was deleted, and the sockets are about to be closed
	defer func() {  // after a panic, too: no socket may hold its frames for ever
		for _, s := range waiting {
			s.release(frame, newest)
			s.listing.Unlock()
			switch {
			case isGone:
				s.close(protocol.CloseUnauthorized, "the account was deleted")
			case frame == nil:
				s.close(websocket.CloseInternalServerErr, "the list could not be loaded")
			}
		}
	}()
	var err error
	if frame, newest, err = l.make(user); err != nil {
		l.hub.app.Logger().Error("conversations_list", "user", user, "error", err)
	}
	isGone = frame == nil && err == nil
}

// make encodes the first page of a person's conversations, nil if there is no such person. It is
// bounded in bytes, as every page is.
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
