package messagerie

import (
	"fmt"

	"github.com/pocketbase/dbx"

	"messagerie/hooks/protocol"
)

// Acquaintances returns the people who share a conversation with user, user included.
func (s *Service) Acquaintances(user protocol.ID) ([]protocol.ID, error) {
	var ids []string
	err := s.app.ConcurrentDB().Select("other.user").Distinct(true).From("participants me").
		InnerJoin("participants other", dbx.NewExp("other.conversation = me.conversation")).
		Where(dbx.HashExp{"me.user": user.RecordID()}).Column(&ids)
	if err != nil {
		return nil, fmt.Errorf("load acquaintances: %w", err)
	}
	out := make([]protocol.ID, len(ids))
	for i, id := range ids {
		out[i] = protocol.ParseID(id)
	}
	return out, nil
}
