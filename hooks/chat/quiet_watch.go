package chat

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
)

// quietWatch tells people who are online when quiet hours begin and end: their own state by
// me_updated, and when a message would be delivered by a list.
type quietWatch struct {
	hub  *Hub
	wake chan struct{}

	mu    sync.Mutex
	users map[protocol.ID]struct{} // whose own hours were changed
	rules map[protocol.ID]struct{} // establishments whose members' Me was changed

	// Until when establishments, and people with hours of their own, are quiet, as last told.
	establishments, own map[protocol.ID]time.Time
}

// watchInterval is how often boundaries are looked for: the clock may be set as well.
const watchInterval = 10 * time.Second

// At a boundary a whole school is told. In portions, it takes some seconds and doesn't hold up messages.
const (
	watchPortion = 16
	watchPause   = 20 * time.Millisecond
)

func newQuietWatch(h *Hub) *quietWatch {
	return &quietWatch{hub: h, wake: make(chan struct{}, 1),
		users: make(map[protocol.ID]struct{}), rules: make(map[protocol.ID]struct{})}
}

// changed notes that the hours of a person were changed.
func (w *quietWatch) changed(user protocol.ID) {
	w.mu.Lock()
	w.users[user] = struct{}{}
	w.mu.Unlock()
	wake(w.wake)
}

// changedRules notes what of an establishment's rules concerns quiet hours.
func (w *quietWatch) changedRules(c school.RulesChanged) {
	if c.Before == nil || c.After == nil {
		return // nobody is there yet, or any more
	}
	if c.Before.Quiet.Mode != c.After.Quiet.Mode || !slices.Equal(c.Before.Quiet.UrgentRoles, c.After.Quiet.UrgentRoles) {
		w.mu.Lock()
		w.rules[c.Establishment] = struct{}{}
		w.mu.Unlock()
	}
	wake(w.wake)
}

func (w *quietWatch) run(ctx context.Context) {
	tick := time.NewTicker(watchInterval)
	defer tick.Stop()
	for {
		if err := w.look(ctx); err != nil {
			w.hub.app.Logger().Error("quiet hours", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-w.wake:
		}
	}
}

// look tells everybody for whom something has changed since the last look.
func (w *quietWatch) look(ctx context.Context) error {
	peace, err := w.hub.people.Peace()
	if err != nil {
		return err
	}
	establishments, own := peace.Now(w.hub.people.Now())
	w.mu.Lock()
	edited, rules := w.users, w.rules
	w.users, w.rules = make(map[protocol.ID]struct{}), make(map[protocol.ID]struct{})
	w.mu.Unlock()
	isFirst := w.establishments == nil
	begunOrEnded, people := differing(w.establishments, establishments), differing(w.own, own)
	w.establishments, w.own = establishments, own
	if isFirst {
		clear(begunOrEnded)
		clear(people)
	}
	maps.Copy(begunOrEnded, rules)
	for user := range edited {
		people[user] = struct{}{}
	}
	for user := range people { // everybody who sees them needs a list
		w.hub.lists.changedPerson(user)
	}
	for user := range w.members(begunOrEnded) {
		people[user] = struct{}{}
	}
	w.tell(ctx, people, len(begunOrEnded) > 0)
	return nil
}

// differing returns the ids whose moments aren't the same in both maps.
func differing(before, now map[protocol.ID]time.Time) map[protocol.ID]struct{} {
	ids := make(map[protocol.ID]struct{})
	for id, until := range now {
		if !before[id].Equal(until) {
			ids[id] = struct{}{}
		}
	}
	for id := range before {
		if _, ok := now[id]; !ok {
			ids[id] = struct{}{}
		}
	}
	return ids
}

// members returns the people online who belong to one of some establishments.
func (w *quietWatch) members(establishments map[protocol.ID]struct{}) map[protocol.ID]struct{} {
	members := make(map[protocol.ID]struct{})
	if len(establishments) == 0 {
		return members
	}
	for _, user := range w.hub.index.users() {
		account, err := w.hub.people.Account(user)
		if err != nil || account == nil {
			continue // about to be closed
		}
		for _, id := range account.Establishments {
			if _, ok := establishments[id]; ok {
				members[user] = struct{}{}
			}
		}
	}
	return members
}

// tell sends people me_updated, and a list as well if need be.
func (w *quietWatch) tell(ctx context.Context, people map[protocol.ID]struct{}, withLists bool) {
	var portion []protocol.ID
	flush := func() {
		if withLists {
			w.hub.lists.changed(0, portion)
		}
		portion = portion[:0]
	}
	for user := range people {
		if account, err := w.hub.people.Account(user); err == nil && account != nil && len(w.hub.index.of(user)) > 0 {
			w.hub.sendMe(account.Person)
		}
		if portion = append(portion, user); len(portion) < watchPortion {
			continue
		}
		flush()
		select {
		case <-ctx.Done():
			return
		case <-time.After(watchPause):
		}
	}
	flush()
}

// LookForQuietHours looks for boundaries now instead of within some seconds, after the clock was set.
func (h *Hub) LookForQuietHours() { wake(h.quiet.wake) }
