package chat

import (
	"context"
	"time"

	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
)

// pauseWatch tells people when a pause of their role begins or ends: when the administration changes
// one, and at the times that were set. Whether somebody may write is asked for each message anyway.
type pauseWatch struct {
	hub   *Hub
	wake  chan struct{}
	known map[protocol.ID]pausesByRole // by establishment: what was announced
}

// pausesByRole are the pauses of an establishment at a time.
type pausesByRole map[string]school.PauseState

func newPauseWatch(h *Hub) *pauseWatch { return &pauseWatch{hub: h, wake: make(chan struct{}, 1)} }

// check compares the pauses with what was announced, soon.
func (w *pauseWatch) check() { wake(w.wake) }

// pauseTick bounds the wait for a pause to begin or end: timers don't notice that the clock was set.
const pauseTick = time.Second

func (w *pauseWatch) run(ctx context.Context) {
	w.known = w.look(func(protocol.ID, string) {})
	timer := time.NewTimer(w.wait())
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-w.wake:
		case <-timer.C:
		}
		w.announce()
		timer.Reset(w.wait())
	}
}

// wait is how long nothing can change by itself.
func (w *pauseWatch) wait() time.Duration {
	next, ok := w.hub.people.NextPause()
	switch {
	case !ok:
		return time.Hour // until check
	case next < 0:
		return 0
	}
	return min(next, pauseTick)
}

func (w *pauseWatch) announce() {
	changed := make(map[protocol.ID]school.Sides)
	w.known = w.look(func(establishment protocol.ID, role string) { changed[establishment] |= school.SideOf(role) })
	for establishment, roles := range changed {
		w.hub.lists.changedPauses(establishment, roles)
	}
}

// look returns the pauses that there are now, and calls changed for each role whose pause is another
// one than was known.
func (w *pauseWatch) look(changed func(establishment protocol.ID, role string)) map[protocol.ID]pausesByRole {
	all, err := w.hub.people.EveryRules()
	if err != nil {
		w.hub.app.Logger().Error("announce pauses", "error", err)
		return w.known
	}
	now := make(map[protocol.ID]pausesByRole, len(all))
	for _, rules := range all {
		roles := make(pausesByRole)
		for _, role := range protocol.Roles {
			roles[role] = w.hub.people.PausedNow(rules, role).State()
			if roles[role] != w.known[rules.Establishment][role] {
				changed(rules.Establishment, role)
			}
		}
		now[rules.Establishment] = roles
	}
	return now
}

// sendMe sends somebody's Me to all their sockets.
func (h *Hub) sendMe(person school.Person) {
	me, err := h.people.Me(person)
	if err != nil {
		h.app.Logger().Error("me_updated", "user", person.ID, "error", err)
		return
	}
	h.encodeToUser(person.ID, protocol.MeUpdatedFrame{Type: protocol.TypeMeUpdated, Me: me})
}
