package messagerie

import (
	"fmt"
	"sync/atomic"

	"github.com/pocketbase/dbx"

	"messagerie/hooks/protocol"
	"messagerie/hooks/store"
)

// caches hold what a message is checked with and what lists of conversations are made of:
// when everybody comes back at once, the database is hardly asked.
type caches struct {
	rosters     rosters
	memberships *store.Cache[membership]
	summaries   *store.Cache[summary]
	unread      *store.Cache[unreadCount] // by the participant's record; a count names what it holds for
	loads       atomic.Uint64             // of summaries, ever
}

// membership is in which conversations a person takes part.
type membership []protocol.ID

func newCaches() *caches {
	return &caches{
		rosters:     newRosters(),
		memberships: store.NewCache(membershipBytes, (*membership).cacheSize),
		summaries:   store.NewCache(summaryBytes, (*summary).cacheSize),
		unread:      store.NewCache(unreadBytes, (*unreadCount).cacheSize),
	}
}

// conversationsOf are those in which a person takes part.
func (s *Service) conversationsOf(user protocol.ID) (membership, error) {
	own, err := s.caches.memberships.Get(user, func([]protocol.ID) (map[protocol.ID]*membership, error) {
		var ids []struct {
			ID string `db:"conversation"`
		}
		if err := s.store.Query(membershipSQL, dbx.Params{"user": user.RecordID()}, &ids); err != nil {
			return nil, fmt.Errorf("load memberships: %w", err)
		}
		own := make(membership, len(ids))
		for i, id := range ids {
			own[i] = protocol.ParseID(id.ID)
		}
		return map[protocol.ID]*membership{user: &own}, nil
	})
	if err != nil || own == nil {
		return nil, err
	}
	return *own, nil
}

const membershipSQL = `SELECT conversation FROM participants WHERE user = {:user}`

// update keeps the caches true after a change. It listens before the sockets, which
// ask what it holds.
func (c *caches) update(change store.Change) {
	switch e := change.(type) {
	case MessageCreated:
		c.summaries.Update(e.Message.Conversation, func(sum *summary) *summary { return sum.with(e.Message) })
	case MessageChanged:
		c.summaries.Invalidate(e.After.Conversation)
	case MessageRemoved:
		c.summaries.Invalidate(e.Message.Conversation)
	case ParticipantJoined:
		c.rosters.joined(e.Conversation, e.Member)
		c.memberships.Invalidate(e.Member.User)
	case ParticipantChanged:
		c.rosters.replace(e.Conversation, e.After)
	case ParticipantLeft:
		c.rosters.left(e.Conversation, e.User)
		c.memberships.Invalidate(e.User)
	case ConversationChanged:
		c.rosters.cache.Invalidate(e.Conversation)
		c.summaries.Invalidate(e.Conversation)
	case ConversationDeleted:
		c.rosters.cache.Invalidate(e.Conversation)
		c.summaries.Invalidate(e.Conversation)
	case store.Reset:
		c.clear()
	}
}

// clear is for a database that may be another one.
func (c *caches) clear() {
	c.rosters.cache.Clear()
	c.memberships.Clear()
	c.summaries.Clear()
	c.unread.Clear()
}
