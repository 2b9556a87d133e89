package messagerie

import (
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"messagerie/hooks/protocol"
	"messagerie/hooks/store"
)

// Participants are the people of a conversation, with their markers. They are never changed: a
// change makes a copy.
type Participants struct {
	Conversation  protocol.ID
	Establishment protocol.ID
	Kind          string
	CreatedBy     protocol.ID
	class         *classGroup // nil of most
	posting       string      // protocol.PostingStaff, or anything else for everybody
	guardiansOf   protocol.ID // the student whose guardians have joined; 0 of most
	Members       []*Member   // in the order of joining; shared with earlier copies

	pending []Member         // in the cache only: changed members, not yet in Members
	now     func() time.Time // nil for the system's
}

// Member is one participant.
type Member struct {
	Record        protocol.ID // in participants
	User          protocol.ID
	LastRead      protocol.ID
	LastDelivered protocol.ID
	OwnState
	rest *rest // nil of almost everybody
}

// Member finds a participant; ok is false for anyone else.
func (p *Participants) Member(user protocol.ID) (m Member, ok bool) {
	for _, m := range p.Members {
		if m.User == user {
			return *m, true
		}
	}
	return Member{}, false
}

// other returns the second person of a direct conversation, 0 if there is none.
func (p *Participants) other(user protocol.ID) protocol.ID {
	for _, m := range p.Members {
		if m.User != user {
			return m.User
		}
	}
	return 0
}

func (p *Participants) users() []protocol.ID {
	users := make([]protocol.ID, len(p.Members))
	for i, m := range p.Members {
		users[i] = m.User
	}
	return users
}

func loadParticipants(app core.App, conversation protocol.ID) (*Participants, error) {
	loaded, err := loadAllParticipants(app, []protocol.ID{conversation})
	return loaded[conversation], err
}

// loadAllParticipants reads the participants of those conversations that exist.
func loadAllParticipants(app core.App, conversations []protocol.ID) (map[protocol.ID]*Participants, error) {
	var heads []struct {
		ID            string `db:"id"`
		Establishment string `db:"establishment"`
		Kind          string `db:"kind"`
		CreatedBy     string `db:"created_by"`
		Posting       string `db:"posting"`
		GuardiansOf   string `db:"guardians_of"`

		Class    string                  `db:"class"`
		Audience types.JSONArray[string] `db:"audience"`
		Follows  bool                    `db:"follows"`
	}
	err := app.ConcurrentDB().
		Select("c.id", "c.establishment", "c.kind", "c.created_by", "c.posting", "c.guardians_of", "c.class", "c.audience", "(k.archived IS FALSE) AS follows").
		From("conversations c").LeftJoin("classes k", dbx.NewExp("c.class != '' AND k.id = c.class")).
		Where(dbx.In("c.id", store.RecordIDs(conversations)...)).All(&heads)
	if err != nil {
		return nil, fmt.Errorf("load conversations: %w", err)
	}
	loaded := make(map[protocol.ID]*Participants, len(heads))
	for _, head := range heads {
		id := protocol.ParseID(head.ID)
		loaded[id] = &Participants{
			Conversation:  id,
			Establishment: protocol.ParseID(head.Establishment),
			Kind:          head.Kind,
			CreatedBy:     protocol.ParseID(head.CreatedBy),
			posting:       head.Posting,
			guardiansOf:   protocol.ParseID(head.GuardiansOf),
		}
		if head.Class != "" {
			loaded[id].class = &classGroup{protocol.ParseID(head.Class), head.Audience, head.Follows}
		}
	}
	var rows []participantRow
	err = app.ConcurrentDB().Select(append([]string{"conversation"}, participantColumns...)...).From("participants").
		Where(dbx.In("conversation", store.RecordIDs(conversations)...)).OrderBy("id").All(&rows)
	if err != nil {
		return nil, fmt.Errorf("load participants: %w", err)
	}
	for _, row := range rows {
		if p := loaded[protocol.ParseID(row.Conversation)]; p != nil {
			member := row.member()
			p.Members = append(p.Members, &member)
		}
	}
	for _, p := range loaded {
		p.Members = slices.Clip(p.Members)
	}
	return loaded, nil
}

var participantColumns = []string{"id", "user", "last_read", "last_delivered", "muted", "muted_until", "archived_at", "pinned", "marked_unread",
	"shown_read", "shown_delivered", "rests_until", "read_after", "read_at"}

type participantRow struct {
	Conversation  string `db:"conversation"` // if the query is for several
	ID            string `db:"id"`
	User          string `db:"user"`
	LastRead      string `db:"last_read"`
	LastDelivered string `db:"last_delivered"`

	Muted        bool   `db:"muted"`
	MutedUntil   string `db:"muted_until"`
	ArchivedAt   string `db:"archived_at"`
	Pinned       bool   `db:"pinned"`
	MarkedUnread bool   `db:"marked_unread"`

	ShownRead      string `db:"shown_read"`
	ShownDelivered string `db:"shown_delivered"`
	RestsUntil     string `db:"rests_until"`

	ReadAfter string `db:"read_after"`
	ReadAt    string `db:"read_at"`
}

func (r participantRow) member() Member {
	return Member{
		Record:        protocol.ParseID(r.ID),
		User:          protocol.ParseID(r.User),
		LastRead:      protocol.ParseID(r.LastRead),
		LastDelivered: protocol.ParseID(r.LastDelivered),
		OwnState: OwnState{
			Muted:        r.Muted,
			MutedUntil:   parseStoredMoment(r.MutedUntil),
			ArchivedAt:   protocol.ParseID(r.ArchivedAt),
			Pinned:       r.Pinned,
			MarkedUnread: r.MarkedUnread,
		},
		rest: r.rest(),
	}
}

func memberOf(participant *core.Record) Member { return rowOf(participant).member() }

func rowOf(participant *core.Record) participantRow {
	return participantRow{
		ID:            participant.Id,
		User:          participant.GetString("user"),
		LastRead:      participant.GetString("last_read"),
		LastDelivered: participant.GetString("last_delivered"),

		Muted:        participant.GetBool("muted"),
		MutedUntil:   participant.GetString("muted_until"),
		ArchivedAt:   participant.GetString("archived_at"),
		Pinned:       participant.GetBool("pinned"),
		MarkedUnread: participant.GetBool("marked_unread"),

		ShownRead:      participant.GetString("shown_read"),
		ShownDelivered: participant.GetString("shown_delivered"),
		RestsUntil:     participant.GetString("rests_until"),

		ReadAfter: participant.GetString("read_after"),
		ReadAt:    participant.GetString("read_at"),
	}
}
