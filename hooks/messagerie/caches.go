package messagerie

import (
	"fmt"
	"sync/atomic"

	"github.com/pocketbase/dbx"

	"messagerie/hooks/protocol"
	"messagerie/hooks/store"
)

// caches hold what messages are checked against and what lists of conversations are made from:
// when everybody reconnects at once, the database is hardly queried.
type caches struct {
	participants   participantsCache
	participations *store.Cache[participations]
	summaries      *store.Cache[summary]
	unread         *store.Cache[unreadCount] // by the participant's record id
	compositions   *store.Cache[composition] // of groups
	authors        *store.Cache[authors]     // of direct conversations
	loads          atomic.Uint64             // how many summaries were loaded so far
	people         atomic.Uint64             // how often somebody's sides have changed
}

// participations are the conversations in which a person takes part, and which of them they have pinned.
type participations struct{ all, pinned []protocol.ID }

func newCaches() *caches {
	return &caches{
		participants:   newParticipantsCache(),
		participations: store.NewCache(participationBytes, (*participations).cacheSize),
		summaries:      store.NewCache(summaryBytes, (*summary).cacheSize),
		unread:         store.NewCache(unreadBytes, (*unreadCount).cacheSize),
		compositions:   store.NewCache(compositionBytes, (*composition).cacheSize),
		authors:        store.NewCache(authorsBytes, (*authors).cacheSize),
	}
}

// conversationsOf returns the conversations in which a person takes part.
func (s *Service) conversationsOf(user protocol.ID) (participations, error) {
	own, err := s.caches.participations.Get(user, func([]protocol.ID) (map[protocol.ID]*participations, error) {
		var ids []struct {
			ID     string `db:"conversation"`
			Pinned bool   `db:"pinned"`
		}
		if err := s.store.Query(participationsSQL, dbx.Params{"user": user.RecordID()}, &ids); err != nil {
			return nil, fmt.Errorf("load participations: %w", err)
		}
		own := participations{all: make([]protocol.ID, len(ids))}
		for i, row := range ids {
			own.all[i] = protocol.ParseID(row.ID)
			if row.Pinned {
				own.pinned = append(own.pinned, own.all[i])
			}
		}
		return map[protocol.ID]*participations{user: &own}, nil
	})
	if err != nil || own == nil {
		return participations{}, err
	}
	return *own, nil
}

const participationsSQL = `SELECT conversation, pinned FROM participants WHERE user = {:user}`

// update applies a committed change to the caches. It is called before the listener that
// sends to sockets, which reads them.
func (c *caches) update(change store.Change) {
	if changesSides(change) { // the accounts are up to date already: school has listened before
		c.people.Add(1)
	}
	switch e := change.(type) {
	case MessageCreated:
		c.summaries.Update(e.Message.Conversation, func(sum *summary) *summary { return sum.with(e.Message) })
	case MessageChanged:
		c.summaries.Invalidate(e.After.Conversation)
	case MessageRemoved:
		c.summaries.Invalidate(e.Message.Conversation)
	case ReactionsChanged:
		c.summaries.Update(e.Conversation, func(sum *summary) *summary { return sum.unlessLast(e.Message) })
	case PinsChanged:
		c.summaries.Update(e.Conversation, func(sum *summary) *summary { return sum.withPinned(e.Messages) })
	case ParticipantJoined:
		c.participants.joined(e.Conversation, e.Member)
		c.compositions.Invalidate(e.Conversation)
		c.participations.Invalidate(e.Member.User)
	case ParticipantChanged:
		c.participants.replace(e.Conversation, e.After)
		if e.After.Pinned != e.Before.Pinned {
			c.participations.Invalidate(e.After.User)
		}
	case ParticipantLeft:
		c.participants.left(e.Conversation, e.User)
		c.compositions.Invalidate(e.Conversation)
		c.participations.Invalidate(e.User)
	case ConversationChanged:
		c.participants.cache.Invalidate(e.Conversation)
		c.summaries.Invalidate(e.Conversation)
	case ConversationDeleted:
		c.participants.cache.Invalidate(e.Conversation)
		c.compositions.Invalidate(e.Conversation)
		c.authors.Invalidate(e.Conversation)
		c.summaries.Invalidate(e.Conversation)
	case store.Reset:
		c.clear()
	}
}

// clear empties the caches: the database may have been replaced.
func (c *caches) clear() {
	c.participants.cache.Clear()
	c.participations.Clear()
	c.summaries.Clear()
	c.unread.Clear()
	c.compositions.Clear()
	c.authors.Clear()
}
