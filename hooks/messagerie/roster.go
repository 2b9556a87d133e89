package messagerie

import (
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
)

// Roster is who takes part in a conversation and how far each has come. It isn't
// changed once made; a change makes another.
type Roster struct {
	Conversation  protocol.ID
	Establishment protocol.ID
	Kind          string
	CreatedBy     protocol.ID
	Members       []*Member // in the order of joining; shared with what the roster was before a change
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

func (r *Roster) users() []protocol.ID {
	users := make([]protocol.ID, len(r.Members))
	for i, m := range r.Members {
		users[i] = m.User
	}
	return users
}

// rosters keeps in memory who takes part in what, so that a message needs no look-up.
type rosters struct{ memory[Roster] }

func newRosters() rosters {
	return rosters{newMemory(rosterBytes, (*Roster).weight)}
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
	return r.memory.get(conversation, func(missing []protocol.ID) (map[protocol.ID]*Roster, error) {
		return loadRosters(app, missing)
	})
}

// replace puts a committed participant in the place of its former self.
func (r *rosters) replace(conversation protocol.ID, member Member) {
	r.change(conversation, func(old *Roster) *Roster {
		changed := *old
		changed.Members = slices.Clone(old.Members)
		i := slices.IndexFunc(old.Members, func(m *Member) bool { return m.User == member.User })
		if i >= 0 {
			changed.Members[i] = &member
		}
		return &changed
	})
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
		Where(dbx.In("id", recordIDs(conversations)...)).All(&heads)
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
		Where(dbx.In("conversation", recordIDs(conversations)...)).OrderBy("id").All(&rows)
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
