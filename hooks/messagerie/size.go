package messagerie

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
)

// sizes holds what somebody who joins has to be checked with, for the running transaction: so that
// it is read once and not again for each person. It is used under the write lock.
type sizes struct {
	tx    core.App // kept alive, so that no other transaction gets its address
	known map[protocol.ID]*size
}

type size struct {
	Kind         string `db:"kind"`
	Participants int    `db:"participants"`
	Departures   int    `db:"departures"` // at the beginning
	Newest       string `db:"newest"`     // id of the last message, or ""
}

// of returns the size of a conversation, nil if there is none.
func (s *sizes) of(tx core.App, conversation protocol.ID) (*size, error) {
	if s.tx != tx {
		s.tx, s.known = tx, make(map[protocol.ID]*size)
	}
	if known := s.known[conversation]; known != nil {
		return known, nil
	}
	counted := new(size)
	err := tx.ConcurrentDB().NewQuery(sizeSQL).Bind(dbx.Params{"id": conversation.RecordID()}).One(counted)
	if isNoRows(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("count participants: %w", err)
	}
	s.known[conversation] = counted
	return counted, nil
}

const sizeSQL = `SELECT c.kind,
	(SELECT count(*) FROM participants p WHERE p.conversation = c.id) AS participants,
	(SELECT count(*) FROM departures d WHERE d.conversation = c.id) AS departures,
	(SELECT coalesce(max(m.id), '') FROM messages m WHERE m.conversation = c.id) AS newest
	FROM conversations c WHERE c.id = {:id}`

// said notes a new message of the same transaction.
func (s *sizes) said(tx core.App, m StoredMessage) {
	if s.tx != tx {
		return
	}
	if known := s.known[m.Conversation]; known != nil {
		known.Newest = max(known.Newest, m.ID.RecordID())
	}
}

// changed adjusts the size after a participant joined or left.
func (s *sizes) changed(tx core.App, conversation protocol.ID, by int) {
	if known := s.known[conversation]; known != nil && s.tx == tx {
		known.Participants += by
	}
}
