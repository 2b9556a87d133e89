package messagerie

import (
	"slices"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/store"
)

// participantsCache caches the participants of conversations, so that a message needs no query.
type participantsCache struct {
	cache *store.Cache[Participants]
	now   func() time.Time
}

func newParticipantsCache() participantsCache {
	return participantsCache{cache: store.NewCache(participantsBytes, (*Participants).cacheSize)}
}

// get returns the participants of a conversation, nil if it doesn't exist. Inside a transaction,
// which may be rolled back, it reads the database and caches nothing.
func (c *participantsCache) get(app core.App, conversation protocol.ID) (*Participants, error) {
	if conversation == 0 {
		return nil, nil
	}
	if app.IsTransactional() {
		return loadParticipants(app, conversation)
	}
	known, err := c.cache.Get(conversation, func(missing []protocol.ID) (map[protocol.ID]*Participants, error) {
		return c.load(app, missing)
	})
	return c.applyPending(known), err
}

// all returns the participants of those conversations that exist.
func (c *participantsCache) all(app core.App, conversations []protocol.ID) (map[protocol.ID]*Participants, error) {
	all, err := c.cache.GetAll(conversations, func(missing []protocol.ID) (map[protocol.ID]*Participants, error) {
		return c.load(app, missing)
	})
	for id, known := range all {
		all[id] = c.applyPending(known)
	}
	return all, err
}

// load reads the participants of those conversations that exist.
func (c *participantsCache) load(app core.App, conversations []protocol.ID) (map[protocol.ID]*Participants, error) {
	loaded, err := loadAllParticipants(app, conversations)
	for _, p := range loaded {
		p.now = c.now
	}
	return loaded, err
}

// replace puts in a committed change of a participant. That takes a copy of all pointers, thousands
// in a large group, so the changes of one commit wait in pending and share a copy.
func (c *participantsCache) replace(conversation protocol.ID, member Member) {
	c.cache.Update(conversation, func(old *Participants) *Participants {
		changed := *old
		changed.pending = append(slices.Clip(old.pending), member)
		if len(changed.pending) < min(maxPending, len(old.Members)/8) {
			return &changed
		}
		return changed.withPending()
	})
}

// joined adds a participant who was committed. Copies share the array behind Members, each
// up to its own length.
func (c *participantsCache) joined(conversation protocol.ID, member Member) {
	c.cache.Update(conversation, func(old *Participants) *Participants {
		if n := len(old.Members); n > 0 && old.Members[n-1].Record >= member.Record {
			if _, ok := old.Member(member.User); ok {
				return old // loaded after the commit
			}
			return nil // an import chose the id, so it isn't the last one
		}
		changed := *old
		changed.Members = append(old.Members, &member)
		return &changed
	})
}

// left takes out a participant who was removed.
func (c *participantsCache) left(conversation, user protocol.ID) {
	c.cache.Update(conversation, func(old *Participants) *Participants {
		changed := *old
		changed.Members = slices.DeleteFunc(slices.Clone(old.Members), func(m *Member) bool { return m.User == user })
		changed.pending = slices.DeleteFunc(slices.Clone(old.pending), func(m Member) bool { return m.User == user })
		return &changed
	})
}

// maxPending bounds the pending changes; small conversations have none.
const maxPending = 32

// applyPending returns known with its pending changes applied, and caches it.
func (c *participantsCache) applyPending(known *Participants) *Participants {
	if known == nil || len(known.pending) == 0 {
		return known
	}
	applied := known.withPending()
	c.cache.Update(known.Conversation, func(now *Participants) *Participants {
		if now == known {
			return applied
		}
		return now
	})
	return applied
}

// withPending returns a copy with the pending changes applied.
func (p *Participants) withPending() *Participants {
	applied := *p
	applied.Members, applied.pending = slices.Clone(p.Members), nil
	for _, member := range p.pending {
		i := slices.IndexFunc(applied.Members, func(m *Member) bool { return m.User == member.User })
		if i >= 0 {
			applied.Members[i] = &member
		}
	}
	return &applied
}
