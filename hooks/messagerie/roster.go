package messagerie

import (
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/store"
)

// Roster is who takes part in a conversation and how far each has come. It isn't
// changed once made; a change makes another.
type Roster struct {
	Conversation  protocol.ID
	Establishment protocol.ID
	Kind          string
	CreatedBy     protocol.ID
	Members       []*Member // in the order of joining; shared with what the roster was before a change

	moved []Member // in memory alone: since then, to be put in their places once somebody asks
}

// Member is one participant.
type Member struct {
	Record        protocol.ID // in participants
	User          protocol.ID
	LastRead      protocol.ID
	LastDelivered protocol.ID
	Muted         bool
}

// Member finds a participant; ok is false for anyone else.
func (r *Roster) Member(user protocol.ID) (m Member, ok bool) {
	for _, m := range r.Members {
		if m.User == user {
			return *m, true
		}
	}
	return Member{}, false
}

// other is the second person of a direct conversation, 0 if there is none.
func (r *Roster) other(user protocol.ID) protocol.ID {
	for _, m := range r.Members {
		if m.User != user {
			return m.User
		}
	}
	return 0
}

func (r *Roster) users() []protocol.ID {
	users := make([]protocol.ID, len(r.Members))
	for i, m := range r.Members {
		users[i] = m.User
	}
	return users
}

// rosters caches who takes part in what, so that a message needs no look-up.
type rosters struct{ cache *store.Cache[Roster] }

func newRosters() rosters {
	return rosters{store.NewCache(rosterBytes, (*Roster).cacheSize)}
}

// get answers the roster of a conversation, nil if there is none. Inside a
// transaction it asks the database and remembers nothing: it may be rolled back.
func (r *rosters) get(app core.App, conversation protocol.ID) (*Roster, error) {
	if conversation == 0 {
		return nil, nil
	}
	if app.IsTransactional() {
		return loadRoster(app, conversation)
	}
	known, err := r.cache.Get(conversation, func(missing []protocol.ID) (map[protocol.ID]*Roster, error) {
		return loadRosters(app, missing)
	})
	return r.settle(known), err
}

// all answers those of conversations that there are.
func (r *rosters) all(app core.App, conversations []protocol.ID) (map[protocol.ID]*Roster, error) {
	all, err := r.cache.GetAll(conversations, func(missing []protocol.ID) (map[protocol.ID]*Roster, error) {
		return loadRosters(app, missing)
	})
	for id, known := range all {
		all[id] = r.settle(known)
	}
	return all, err
}

// replace puts a committed participant in the place of its former self. In a group of
// thousands that takes a copy of as many pointers, so those of one commit share it.
func (r *rosters) replace(conversation protocol.ID, member Member) {
	r.cache.Update(conversation, func(old *Roster) *Roster {
		changed := *old
		changed.moved = append(slices.Clip(old.moved), member)
		if len(changed.moved) < min(maxMoved, len(old.Members)/8) {
			return &changed
		}
		return changed.settled()
	})
}

// joined adds a participant who was committed. Rosters share what they are cut from: each
// sees as far as it is long.
func (r *rosters) joined(conversation protocol.ID, member Member) {
	r.cache.Update(conversation, func(old *Roster) *Roster {
		if n := len(old.Members); n > 0 && old.Members[n-1].Record >= member.Record {
			if _, ok := old.Member(member.User); ok {
				return old // it was loaded after the commit
			}
			return nil // an import chose the id: the place is another one
		}
		changed := *old
		changed.Members = append(old.Members, &member)
		return &changed
	})
}

// left takes a participant out who was removed.
func (r *rosters) left(conversation, user protocol.ID) {
	r.cache.Update(conversation, func(old *Roster) *Roster {
		changed := *old
		changed.Members = slices.DeleteFunc(slices.Clone(old.Members), func(m *Member) bool { return m.User == user })
		changed.moved = slices.DeleteFunc(slices.Clone(old.moved), func(m Member) bool { return m.User == user })
		return &changed
	})
}

// maxMoved bounds what waits for somebody to ask; in a small conversation nothing does.
const maxMoved = 32

// settle answers a roster in which everybody is in their place, and keeps it.
func (r *rosters) settle(known *Roster) *Roster {
	if known == nil || len(known.moved) == 0 {
		return known
	}
	settled := known.settled()
	r.cache.Update(known.Conversation, func(now *Roster) *Roster {
		if now == known {
			return settled
		}
		return now
	})
	return settled
}

func (r *Roster) settled() *Roster {
	settled := *r
	settled.Members, settled.moved = slices.Clone(r.Members), nil
	for _, member := range r.moved {
		i := slices.IndexFunc(settled.Members, func(m *Member) bool { return m.User == member.User })
		if i >= 0 {
			settled.Members[i] = &member
		}
	}
	return &settled
}

func loadRoster(app core.App, conversation protocol.ID) (*Roster, error) {
	loaded, err := loadRosters(app, []protocol.ID{conversation})
	return loaded[conversation], err
}

// loadRosters reads those of conversations that there are.
func loadRosters(app core.App, conversations []protocol.ID) (map[protocol.ID]*Roster, error) {
	var heads []struct {
		ID            string `db:"id"`
		Establishment string `db:"establishment"`
		Kind          string `db:"kind"`
		CreatedBy     string `db:"created_by"`
	}
	err := app.ConcurrentDB().Select("id", "establishment", "kind", "created_by").From("conversations").
		Where(dbx.In("id", store.RecordIDs(conversations)...)).All(&heads)
	if err != nil {
		return nil, fmt.Errorf("load conversations: %w", err)
	}
	loaded := make(map[protocol.ID]*Roster, len(heads))
	for _, head := range heads {
		id := protocol.ParseID(head.ID)
		loaded[id] = &Roster{
			Conversation:  id,
			Establishment: protocol.ParseID(head.Establishment),
			Kind:          head.Kind,
			CreatedBy:     protocol.ParseID(head.CreatedBy),
		}
	}
	var rows []participantRow
	err = app.ConcurrentDB().Select(append([]string{"conversation"}, participantColumns...)...).From("participants").
		Where(dbx.In("conversation", store.RecordIDs(conversations)...)).OrderBy("id").All(&rows)
	if err != nil {
		return nil, fmt.Errorf("load participants: %w", err)
	}
	for _, row := range rows {
		if r := loaded[protocol.ParseID(row.Conversation)]; r != nil {
			member := row.member()
			r.Members = append(r.Members, &member)
		}
	}
	for _, r := range loaded {
		r.Members = slices.Clip(r.Members)
	}
	return loaded, nil
}

var participantColumns = []string{"id", "user", "last_read", "last_delivered", "muted"}

type participantRow struct {
	Conversation  string `db:"conversation"` // where a query asks for several
	ID            string `db:"id"`
	User          string `db:"user"`
	LastRead      string `db:"last_read"`
	LastDelivered string `db:"last_delivered"`
	Muted         bool   `db:"muted"`
}

func (p participantRow) member() Member {
	return Member{
		Record:        protocol.ParseID(p.ID),
		User:          protocol.ParseID(p.User),
		LastRead:      protocol.ParseID(p.LastRead),
		LastDelivered: protocol.ParseID(p.LastDelivered),
		Muted:         p.Muted,
	}
}

func memberOf(participant *core.Record) Member {
	return participantRow{
		ID:            participant.Id,
		User:          participant.GetString("user"),
		LastRead:      participant.GetString("last_read"),
		LastDelivered: participant.GetString("last_delivered"),
		Muted:         participant.GetBool("muted"),
	}.member()
}
