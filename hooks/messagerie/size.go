package messagerie

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
)

// sizes holds the numbers of participants in the running transaction, so that they are counted
// once and not again for each person who joins. It is used under the write lock.
type sizes struct {
	tx    core.App // kept alive, so that no other transaction gets its address
	known map[protocol.ID]*size
}

type size struct {
	Kind         string `db:"kind"`
	Participants int    `db:"participants"`
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
	err := tx.ConcurrentDB().NewQuery(`SELECT c.kind, (SELECT count(*) FROM participants p WHERE p.conversation = c.id) AS participants
		FROM conversations c WHERE c.id = {:id}`).Bind(dbx.Params{"id": conversation.RecordID()}).One(counted)
	if isNoRows(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("count participants: %w", err)
	}
	s.known[conversation] = counted
	return counted, nil
}

// changed adjusts the size after a participant joined or left.
func (s *sizes) changed(tx core.App, conversation protocol.ID, by int) {
	if known := s.known[conversation]; known != nil && s.tx == tx {
		known.Participants += by
	}
}
