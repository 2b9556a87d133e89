package messagerie

import (
	"fmt"
	"sync"

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
	Members       []Member // in the order of joining
}

// Member is one participant.
type Member struct {
	Record        string // id of the record in participants
	User          protocol.ID
	LastRead      protocol.ID
	LastDelivered protocol.ID
	Muted         bool
}

// Member finds a participant; ok is false for anyone else.
func (r *Roster) Member(user protocol.ID) (m Member, ok bool) {
	for _, m := range r.Members {
		if m.User == user {
			return m, true
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

// rosterShards spreads the locks; membersPerShard bounds the memory: together
// 128 Ki participants, of 72 bytes each, such as 64 Ki pairs or 500 large groups.
const (
	rosterShards    = 64
	membersPerShard = 2048
)

// rosters keeps in memory who takes part in what, so that a message needs no
// look-up. Record hooks keep it true; what isn't there is loaded.
type rosters struct {
	shards [rosterShards]rosterShard
}

type rosterShard struct {
	mu      sync.RWMutex
	entries map[protocol.ID]*Roster
	members int    // of all entries
	version uint64 // grows with each change, so that no load older than it is kept
}

func (r *rosters) shard(conversation protocol.ID) *rosterShard {
	// The low bits are a sequence that mostly is zero: mix the higher ones in.
	h := uint64(conversation) * 0x9E3779B97F4A7C15 // 2^64 / golden ratio, Knuth's multiplicative hashing
	return &r.shards[h>>58]
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
	s := r.shard(conversation)
	s.mu.RLock()
	known, version := s.entries[conversation], s.version
	s.mu.RUnlock()
	if known != nil {
		return known, nil
	}
	loaded, err := loadRoster(app, conversation)
	if err != nil || loaded == nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.version == version {
		if s.entries == nil {
			s.entries = make(map[protocol.ID]*Roster)
		}
		s.removeLocked(conversation)
		for other := range s.entries {
			if s.members+len(loaded.Members) <= membersPerShard {
				break
			}
			s.removeLocked(other)
		}
		s.entries[conversation] = loaded
		s.members += len(loaded.Members)
	}
	return loaded, nil
}

// known answers a roster only if it is in memory.
func (r *rosters) known(conversation protocol.ID) *Roster {
	s := r.shard(conversation)
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.entries[conversation]
}

// forget drops what a committed change has made untrue.
func (r *rosters) forget(conversation protocol.ID) {
	s := r.shard(conversation)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.version++
	s.removeLocked(conversation)
}

func (s *rosterShard) removeLocked(conversation protocol.ID) {
	if old := s.entries[conversation]; old != nil {
		s.members -= len(old.Members)
		delete(s.entries, conversation)
	}
}

// replace puts a committed participant in the place of its former self.
func (r *rosters) replace(conversation protocol.ID, member Member) {
	s := r.shard(conversation)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.version++
	old := s.entries[conversation]
	if old == nil {
		return
	}
	changed := *old
	changed.Members = make([]Member, len(old.Members))
	for i, m := range old.Members {
		if m.Record == member.Record {
			m = member
		}
		changed.Members[i] = m
	}
	s.entries[conversation] = &changed
}

func loadRoster(app core.App, conversation protocol.ID) (*Roster, error) {
	var head struct {
		Establishment string `db:"establishment"`
		Kind          string `db:"kind"`
		CreatedBy     string `db:"created_by"`
	}
	err := app.ConcurrentDB().Select("establishment", "kind", "created_by").From("conversations").
		Where(dbx.HashExp{"id": conversation.RecordID()}).One(&head)
	if isNoRows(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("load conversation: %w", err)
	}
	var rows []participantRow
	err = app.ConcurrentDB().Select(participantColumns...).From("participants").
		Where(dbx.HashExp{"conversation": conversation.RecordID()}).OrderBy("id").All(&rows)
	if err != nil {
		return nil, fmt.Errorf("load participants: %w", err)
	}
	r := &Roster{
		Conversation:  conversation,
		Establishment: protocol.ParseID(head.Establishment),
		Kind:          head.Kind,
		CreatedBy:     protocol.ParseID(head.CreatedBy),
		Members:       make([]Member, len(rows)),
	}
	for i, row := range rows {
		r.Members[i] = row.member()
	}
	return r, nil
}

var participantColumns = []string{"id", "user", "last_read", "last_delivered", "muted"}

type participantRow struct {
	ID            string `db:"id"`
	User          string `db:"user"`
	LastRead      string `db:"last_read"`
	LastDelivered string `db:"last_delivered"`
	Muted         bool   `db:"muted"`
}

func (p participantRow) member() Member {
	return Member{
		Record:        p.ID,
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
